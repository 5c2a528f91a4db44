package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"trellis/internal/platform/sheet"
)

// frame is the least that makes a zip a workbook.
var frame = map[string]string{
	"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
	"xl/workbook.xml":            `<workbook><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`,
	"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets\Sheet1.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
}

func workbook(t testing.TB, parts ...map[string]string) string {
	t.Helper()
	all := maps.Clone(frame)
	for _, p := range parts {
		maps.Copy(all, p)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if all[name] == "" {
			continue
		}
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(all[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func rows(xml string) map[string]string {
	return map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><sheetData>" + xml + "</sheetData></worksheet>"}
}

// A workbook as a spreadsheet program saves it: hidden and empty sheets before
// the one that counts, dates in many formats, gaps, shared and rich texts.
func TestWorkbook(t *testing.T) {
	want := table{Kind: "xlsx", Header: []string{"id", "opened", "closed", "room", "note"}, Rows: []sheet.Row{
		{N: 4, Cells: []string{"4821", "2024-03-15T14:05:59", "2024-03-15T14:05:59", "0042", "two parts"}},
		{N: 6, Cells: []string{"0.1", "1900-03-01T00:00:00", "18:00:00", "36:00:00", "true"}},
		{N: 8, Cells: []string{"_y & <b>\r\n", "", "", "", "123456789012345"}},
	}}
	if diff := cmp.Diff(want, readAll(t, file(t, saved(t, false)), sheet.Limits{})); diff != "" {
		t.Error(diff)
	}
	got := readAll(t, file(t, saved(t, true)), sheet.Limits{})
	if diff := cmp.Diff([]verdict{{"sheet.long_row", 4, "column 6"}, {"sheet.uncomputed", 8, "column 6"}}, verdicts(got.Problems), cmp.AllowUnexported(verdict{})); diff != "" {
		t.Error(diff)
	}
}

// saved makes the workbook, with something wrong in it or not.
func saved(t *testing.T, wrong bool) string {
	f := excelize.NewFile()
	for _, name := range []string{"Empty", "Hidden", "Tickets", "More"} {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
	}
	try := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	try(f.SetCellValue("Hidden", "A1", "not this"))
	try(f.SetCellValue("More", "A1", "nor this"))
	try(f.SetSheetVisible("Hidden", false))
	day := time.Date(2024, 3, 15, 14, 5, 59, 0, time.UTC)
	const s = "Tickets"
	styled := func(cell string, v any, style excelize.Style) {
		t.Helper()
		id, err := f.NewStyle(&style)
		try(err)
		try(f.SetCellValue(s, cell, v))
		try(f.SetCellStyle(s, cell, cell, id))
	}
	own := func(code string) excelize.Style { return excelize.Style{CustomNumFmt: &code} }
	for i, h := range []string{"id", " opened ", "closed", "room", "note", ""} {
		try(f.SetCellValue(s, fmt.Sprintf("%c3", 'A'+i), h))
	}
	try(f.SetCellInt(s, "A4", 4821))
	styled("B4", day, excelize.Style{NumFmt: 22})
	styled("C4", day, own(`[$-409]dddd", the "d. mmm yy h:mm AM/PM;@`))
	styled("D4", 42, own("0000"))
	try(f.SetCellRichText(s, "E4", []excelize.RichTextRun{{Text: "two "}, {Text: "parts", Font: &excelize.Font{Bold: true}}}))
	styled("A6", 0.1, excelize.Style{NumFmt: 10})
	styled("B6", 61, excelize.Style{NumFmt: 14})
	styled("C6", 0.75, excelize.Style{NumFmt: 20})
	styled("D6", 1.5, own("[h]:mm"))
	try(f.SetCellBool(s, "E6", true))
	try(f.SetCellValue(s, "A8", "_y & <b>\r\n"))
	try(f.SetCellValue(s, "E8", 123456789012345.0))
	if wrong {
		try(f.SetCellValue(s, "F4", "beyond the names"))
		try(f.SetCellFormula(s, "F8", "1+1"))
	}
	var b bytes.Buffer
	try(f.Write(&b))
	return b.String()
}

// What other programs write that excelize does not.
func TestWorkbookParts(t *testing.T) {
	shared := `<sst><si><t>id</t></si><si><r><t>na</t></r><r><t>me</t></r><rPh><t>SPOKEN</t></rPh></si></sst>`
	header := `<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>`
	for name, c := range map[string]struct {
		parts  []map[string]string
		header []string
		want   [][]string
		wrong  []verdict
	}{
		"no references, dates typed": {[]map[string]string{{"xl/sharedStrings.xml": shared}, rows(header + `<row><c t="d"><v>2024-03-15T00:00:00.000</v></c><c t="str"><f>A1</f><v></v></c></row>`)},
			[]string{"id", "name"}, [][]string{{"2024-03-15T00:00:00", ""}}, nil},
		"prefixed, 1904": {[]map[string]string{
			{"xl/sharedStrings.xml": shared, "xl/styles.xml": `<x:styleSheet><x:cellStyleXfs><x:xf numFmtId="2"/></x:cellStyleXfs><x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="14"/></x:cellXfs></x:styleSheet>`,
				"xl/workbook.xml":            `<x:workbook><x:workbookPr date1904="1"/><x:sheets><x:sheet name="a" sheetId="1" q:id="r1"/></x:sheets></x:workbook>`,
				"xl/_rels/workbook.xml.rels": strings.Replace(frame["xl/_rels/workbook.xml.rels"], "</", `<Relationship Id="r3" Type="x/styles" Target="styles.xml"/></`, 1),
				"xl/worksheets/sheet1.xml":   `<x:worksheet><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c></x:row><x:row><x:c s="1"><x:v>1.5</x:v></x:c></x:row></x:sheetData></x:worksheet>`}},
			[]string{"id"}, [][]string{{"1904-01-02T12:00:00"}}, nil},
		"no such text":       {[]map[string]string{{"xl/sharedStrings.xml": shared}, rows(header + `<row><c t="s"><v>2</v></c></row>`)}, []string{"id", "name"}, nil, []verdict{{"sheet.damaged", 1, ""}}},
		"rows run backwards": {[]map[string]string{{"xl/sharedStrings.xml": shared}, rows(`<row r="3"><c t="s"><v>0</v></c></row><row r="3"/>`)}, []string{"id"}, nil, []verdict{{"sheet.damaged", 3, ""}}},
		"cut off":            {[]map[string]string{{"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row><c><v>1</v></c></row>`}}, []string{"1"}, nil, []verdict{{"sheet.damaged", 1, ""}}},
		"too deep":           {[]map[string]string{rows(`<row><c><v>1</v></c></row>` + strings.Repeat("<a>", 100))}, []string{"1"}, nil, []verdict{{"sheet.bad_xml_deep", 1, ""}}},
		"definitions":        {[]map[string]string{{"xl/sharedStrings.xml": `<!DOCTYPE a [<!ENTITY b "c">]>` + shared}}, nil, nil, []verdict{{"sheet.bad_xml_dtd", 0, ""}}},
		"entity":             {[]map[string]string{rows(`<row><c t="inlineStr"><is><t>&lol;</t></is></c></row>`)}, nil, nil, []verdict{{"sheet.bad_xml", 0, ""}}},
		"cells far out":      {[]map[string]string{rows(`<row><c><v>1</v></c><c r="XFD1"><v> </v></c></row><row><c r="XFD2"><v>1</v></c></row><row><c><v>5</v></c></row>`)}, []string{"1"}, [][]string{{"5"}}, []verdict{{"sheet.long_row", 2, "column 16384"}}},
		"1 MB cell":          {[]map[string]string{rows(`<row><c><v>1</v></c></row><row><c t="inlineStr"><is><t>` + strings.Repeat("x", 1<<20) + `</t></is></c></row><row><c><v>5</v></c></row>`)}, []string{"1"}, [][]string{{"5"}}, []verdict{{"sheet.long_cell", 2, "1"}}},
		"endless cell":       {[]map[string]string{rows(`<row><c><v>1</v></c></row><row><c t="inlineStr"><is><t>` + strings.Repeat("x", 4<<20) + `</t></is></c></row>`)}, []string{"1"}, nil, []verdict{{"sheet.long_piece", 2, ""}}},
		"no rows":            {[]map[string]string{rows("")}, nil, nil, []verdict{{"sheet.empty", 0, ""}}},
		"letters":            {[]map[string]string{{"xl/workbook.xml": "", "_rels/.rels": "", "word/document.xml": "<a/>"}}, nil, nil, []verdict{{"sheet.is.word", 0, ""}}},
		"archive":            {[]map[string]string{{"xl/workbook.xml": "", "_rels/.rels": "", "tickets.csv": "a,b"}}, nil, nil, []verdict{{"sheet.is.archive", 0, ""}}},
		"ods":                {[]map[string]string{{"xl/workbook.xml": "", "mimetype": "x", "content.xml": "<a/>"}}, nil, nil, []verdict{{"sheet.is.ods", 0, ""}}},
		"xlsb":               {[]map[string]string{{"xl/workbook.xml": "", "xl/workbook.bin": "x"}}, nil, nil, []verdict{{"sheet.is.xlsb", 0, ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := readAll(t, file(t, workbook(t, c.parts...)), sheet.Limits{})
			if diff := cmp.Diff(c.wrong, verdicts(got.Problems), cmp.AllowUnexported(verdict{})); diff != "" {
				t.Error(diff)
			}
			var cells [][]string
			for _, r := range got.Rows {
				cells = append(cells, r.Cells)
			}
			if diff := cmp.Diff(c.want, cells); diff != "" || !slices.Equal(c.header, got.Header) {
				t.Error(got.Header, diff)
			}
		})
	}
}

// A bomb is refused by what it says of itself, and where it lies, at the limit.
func TestWorkbookBombs(t *testing.T) {
	lim := sheet.Limits{Bytes: 4 << 20}
	blank := strings.Repeat("<row></row>", 1<<20) // 11 MB
	honest := workbook(t, rows(blank+`<row><c><v>1</v></c></row>`))
	if len(honest) > 1<<18 {
		t.Fatalf("%d bytes are no bomb", len(honest))
	}
	if got := verdicts(readAll(t, file(t, honest), lim).Problems); len(got) != 1 || got[0].key != "sheet.unpacks_too_large" {
		t.Error("declared:", got)
	}
	elsewhere := workbook(t, rows(`<row><c><v>1</v></c></row>`), map[string]string{"xl/media/image1.png": blank})
	if got := verdicts(readAll(t, file(t, elsewhere), lim).Problems); len(got) != 1 || got[0].key != "sheet.unpacks_too_large" {
		t.Error("in a part that is never read:", got)
	}
	for _, header := range []string{"", `<row><c><v>1</v></c></row>`} {
		if got := verdicts(readAll(t, file(t, lie(t, workbook(t, rows(header+blank+`<row><c><v>1</v></c></row>`)), 100)), lim).Problems); len(got) != 1 || got[0].key != "sheet.damaged" {
			t.Error("undeclared:", got)
		}
	}
	many := map[string]string{}
	for i := range 60_000 {
		many[fmt.Sprintf("a/very/long/name/in/the/directory/%06d.xml", i)] = "x"
	}
	if got := verdicts(readAll(t, file(t, workbook(t, many)), sheet.Limits{}).Problems); len(got) != 1 || got[0].key != "sheet.unpacks_too_large" {
		t.Error("a directory of 6 MB:", got)
	}
}

// lie makes the zip's directory claim a size for the sheet.
func lie(t *testing.T, content string, size byte) string {
	t.Helper()
	b := []byte(content)
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("PK\x01\x02"))
		if i < 0 {
			return string(b)
		}
		at += i
		if bytes.HasPrefix(b[at+46:], []byte("xl/worksheets/")) {
			copy(b[at+24:at+28], []byte{size, 0, 0, 0})
		}
		at += 28
	}
}
