package sheet_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/i18n/keycheck"
	"trellis/internal/platform/sheet"
)

func file(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "table.bin") // the name says nothing
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func packed(t testing.TB, content string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func utf16(t testing.TB, e unicode.Endianness, m unicode.BOMPolicy, s string) string {
	t.Helper()
	out, err := unicode.UTF16(e, m).NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// table is all of a file, problems included.
type table struct {
	Kind     string
	Header   []string
	Rows     []sheet.Row
	Problems []*sheet.Problem
}

func readAll(t testing.TB, path string, lim sheet.Limits) table {
	t.Helper()
	b, err := sheet.Open(path, lim)
	if err != nil {
		return table{Problems: []*sheet.Problem{problem(t, err)}}
	}
	defer b.Close()
	out := table{Kind: b.Kind(), Header: b.Header()}
	share := b.Share()
	for {
		r, err := b.Next()
		if now := b.Share(); now < share || now > 100 {
			t.Errorf("share went from %d to %d", share, now)
		} else {
			share = now
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			out.Problems = append(out.Problems, problem(t, err))
			continue
		}
		if len(r.Cells) != len(out.Header) {
			t.Fatalf("row %d has %d cells, the header %d", r.N, len(r.Cells), len(out.Header))
		}
		out.Rows = append(out.Rows, r)
	}
	if _, err := b.Next(); err != io.EOF {
		t.Errorf("after the end: %v", err)
	}
	return out
}

var words = func() *i18n.Catalogue {
	c, err := i18n.NewCatalogue(i18n.Messages, sheet.Messages)
	if err != nil {
		panic(err)
	}
	return c
}()

// problem checks that an error has words, with all that they need.
func problem(t testing.TB, err error) *sheet.Problem {
	t.Helper()
	p, ok := errors.AsType[*sheet.Problem](err)
	if !ok {
		t.Fatalf("not a problem: %v", err)
	}
	if !errs.Is(err, errs.Invalid) {
		t.Errorf("a door would answer %v", errs.KindOf(err))
	}
	args := errs.Args(p.Args...)
	for _, text := range words.Texts("en", p.Key) {
		for name := range placeholders(text) {
			if _, ok := args[name]; !ok {
				t.Errorf("%s has no %s", p.Key, name)
			}
		}
	}
	if !words.Has(p.Key) {
		t.Errorf("no words for %s", p.Key)
	}
	return p
}

func placeholders(text string) map[string]bool {
	out := map[string]bool{}
	for _, part := range strings.Split(text, "{{.")[1:] {
		name, _, _ := strings.Cut(part, "}}")
		out[name] = true
	}
	return out
}

func TestWords(t *testing.T) {
	keycheck.Check(t, ".", words, keycheck.Options{Used: []string{"error.", "field."}})
}

func TestDialects(t *testing.T) {
	plain := table{Kind: "csv", Header: []string{"id", "título", "day"}, Rows: []sheet.Row{
		{N: 2, Cells: []string{"1", "Señal, rota", "3/4/2024"}},
		{N: 3, Cells: []string{"2", `12" screen`, ""}},
	}}
	comma := "id,título,day\n1,\"Señal, rota\",3/4/2024\n2,12\" screen\n"
	tabs := "id\ttítulo\tday\r\n1\tSeñal, rota\t3/4/2024\r\n2\t12\" screen\r\n"
	for name, c := range map[string]struct {
		content string
		want    table
	}{
		"comma":                     {comma, plain},
		"no line end at the end":    {strings.TrimSuffix(comma, "\n"), plain},
		"gzip":                      {packed(t, comma), plain},
		"gzip in two members":       {packed(t, comma[:20]) + packed(t, comma[20:]), plain},
		"mark":                      {"\xef\xbb\xbf" + comma, plain},
		"old line ends":             {strings.ReplaceAll(comma, "\n", "\r"), plain},
		"semicolon, CRLF":           {"id;título;day\r\n1;\"Señal, rota\";3/4/2024\r\n2;\"12\"\" screen\";\r\n", plain},
		"semicolon, commas inside":  {"id;título;day\n1;Señal, rota;3/4/2024\n2;12\" screen;\n", plain},
		"tab":                       {tabs, plain},
		"bar, blanks around quotes": {"id| título |day \n1| \"Señal, rota\" |3/4/2024\n2|\"12\"\" screen\"|\n", plain},
		"1252":                      {"id;t\xedtulo;day\n1;Se\xf1al, rota;3/4/2024\n2;12\" screen;\n", plain},
		"UTF-16 LE, mark":           {utf16(t, unicode.LittleEndian, unicode.UseBOM, tabs), plain},
		"UTF-16 BE, mark":           {utf16(t, unicode.BigEndian, unicode.UseBOM, tabs), plain},
		"UTF-16 LE, gzip, no mark":  {packed(t, utf16(t, unicode.LittleEndian, unicode.IgnoreBOM, tabs)), plain},
		"surplus empty cells":       {"id,título,day\n1,\"Señal, rota\",3/4/2024,, ,\n2,12\" screen\n", plain},
		"told": {"sep=;\nid;a,b\n1;2\n", table{Kind: "csv", Header: []string{"id", "a,b"}, Rows: []sheet.Row{
			{N: 3, Cells: []string{"1", "2"}}}}},
		"empty rows count and don't come": {"\n\nid,n\n , \n1,2\n,,\n\n3,4\n", table{Kind: "csv", Header: []string{"id", "n"}, Rows: []sheet.Row{
			{N: 5, Cells: []string{"1", "2"}}, {N: 8, Cells: []string{"3", "4"}}}}},
		"one column": {"id\n1\n2\n", table{Kind: "csv", Header: []string{"id"}, Rows: []sheet.Row{
			{N: 2, Cells: []string{"1"}}, {N: 3, Cells: []string{"2"}}}}},
		"line breaks in quotes": {"a,b\n\"1\r\n2\n\",x\ny,\"\"\n", table{Kind: "csv", Header: []string{"a", "b"}, Rows: []sheet.Row{
			{N: 2, Cells: []string{"1\r\n2\n", "x"}}, {N: 3, Cells: []string{"y", ""}}}}},
		"names": {" a ,,\u00a0b\u200b,,\n1,2,3,4,5\n", table{Kind: "csv", Header: []string{"a", "column 2", "b", "column 4", "column 5"}, Rows: []sheet.Row{
			{N: 2, Cells: []string{"1", "2", "3", "4", "5"}}}}},
		"1252 after a long plain start": {"a,b\n" + strings.Repeat("1,2\n", 40_000) + "3,\x80 caf\xe9\n", table{Kind: "csv", Header: []string{"a", "b"}, Rows: append(
			many(2, 40_000, "1", "2"), sheet.Row{N: 40_002, Cells: []string{"3", "€ café"}})}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, readAll(t, file(t, c.content), sheet.Limits{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func many(from, n int, cells ...string) []sheet.Row {
	out := make([]sheet.Row, n)
	for i := range out {
		out[i] = sheet.Row{N: from + i, Cells: cells}
	}
	return out
}

// what a table's problems come to, and how many rows could be read beside them.
type verdict struct {
	key    string
	row    int
	column string
}

func verdicts(ps []*sheet.Problem) (out []verdict) {
	for _, p := range ps {
		out = append(out, verdict{p.Key, p.Row, p.Column})
	}
	return out
}

func TestProblems(t *testing.T) {
	small := sheet.Limits{Bytes: 5 << 20, Rows: 4, Columns: 4, Cell: 1000}
	long := strings.Repeat("x", 1<<20)
	for name, c := range map[string]struct {
		content string
		rows    int
		want    []verdict
	}{
		"open quote":        {"a,b\n1,\"2\n3,4\n", 0, []verdict{{"sheet.open_quote", 2, "b"}}},
		"open quote, long":  {"a,b\n1,\"2" + long + long, 0, []verdict{{"sheet.open_quote", 2, "b"}}},
		"open quote first":  {"a,\"b\n1,2\n", 0, []verdict{{"sheet.open_quote", 1, "column 2"}}},
		"stray quote":       {"a,b\n1,2\n1,\"2\"3\n3,4\n", 1, []verdict{{"sheet.stray_quote", 3, "b"}}},
		"long rows":         {"a,b\n1,2,3\n1,2\n1,2,,,,6\n1,2,,\n", 2, []verdict{{"sheet.long_row", 2, "column 3"}, {"sheet.long_row", 4, "column 6"}}},
		"same name":         {"a,b, a \n1,2,3\n", 0, []verdict{{"sheet.same_name", 1, "a"}}},
		"zero bytes":        {"a,b\n" + strings.Repeat("1,2\n", 1) + "1,x\x00y\n3,4\n", 2, []verdict{{"sheet.nul", 3, "b"}}},
		"1 MB cells":        {"a,b\n1," + long + "\n\"" + long + "\",2\n3,4\n", 1, []verdict{{"sheet.long_cell", 2, "b"}, {"sheet.long_cell", 3, "a"}}},
		"too many columns":  {"a,b,c,d,e\n", 0, []verdict{{"sheet.too_many_columns", 1, ""}}},
		"too many rows":     {"a\n1\n2\n\n3\n4\n5\n6\n", 4, []verdict{{"sheet.too_many_rows", 7, ""}}},
		"too large":         {strings.Repeat("a,b\n", 2<<20), 0, []verdict{{"sheet.too_large", 0, ""}}},
		"gzip bomb":         {packed(t, "a\n"+strings.Repeat("\n", 6<<20)+"1\n"), 0, []verdict{{"sheet.unpacks_too_large", 5<<20 - 1, ""}}},
		"gzip cut off":      {packed(t, "a,b\n1,2\n"+strings.Repeat("\n", 1<<20))[:500], 1, []verdict{{"sheet.damaged", 458746, ""}}},
		"gzip damaged":      {"\x1f\x8b\x08\x00oops", 0, []verdict{{"sheet.damaged", 0, ""}}},
		"nothing":           {"", 0, []verdict{{"sheet.empty", 0, ""}}},
		"nothing but blank": {"\n \n,,\n", 0, []verdict{{"sheet.empty", 0, ""}}},
		"packed nothing":    {packed(t, ""), 0, []verdict{{"sheet.empty", 0, ""}}},
		"packed twice":      {packed(t, packed(t, "a,b\n1,2\n")), 0, []verdict{{"sheet.is.archive", 0, ""}}},
		"pdf":               {"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", 0, []verdict{{"sheet.is.pdf", 0, ""}}},
		"png":               {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 0, []verdict{{"sheet.is.image", 0, ""}}},
		"jpeg":              {"\xff\xd8\xff\xe0\x00\x10JFIF", 0, []verdict{{"sheet.is.image", 0, ""}}},
		"program":           {"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00>\x00", 0, []verdict{{"sheet.is.binary", 0, ""}}},
		"web page":          {"\ufeff <html><table><tr><td>id</td></tr></table></html>", 0, []verdict{{"sheet.is.web_page", 0, ""}}},
		"json":              {`[{"id": 1}]`, 0, []verdict{{"sheet.is.json", 0, ""}}},
		"other xml":         {`<?xml version="1.0"?><Workbook xmlns="urn:x"></Workbook>`, 0, []verdict{{"sheet.is.xml", 0, ""}}},
		"old excel":         {ole("Workbook"), 0, []verdict{{"sheet.is.old_excel", 0, ""}}},
		"old word":          {ole("WordDocument"), 0, []verdict{{"sheet.is.word", 0, ""}}},
		"password":          {ole("EncryptedPackage"), 0, []verdict{{"sheet.is.locked", 0, ""}}},
		"letters like BMP":  {"BM,b\n1,2\n", 1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := readAll(t, file(t, c.content), small)
			if diff := cmp.Diff(c.want, verdicts(got.Problems), cmp.AllowUnexported(verdict{})); diff != "" {
				t.Error(diff)
			}
			if len(got.Rows) != c.rows {
				t.Errorf("%d rows, want %d", len(got.Rows), c.rows)
			}
		})
	}
	if got := verdicts(readAll(t, t.TempDir(), small).Problems); got[0].key != "sheet.not_a_file" {
		t.Error(got)
	}
	if _, err := sheet.Open(filepath.Join(t.TempDir(), "gone"), small); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// ole is the container of old office files with one stream.
func ole(stream string) string {
	b := make([]byte, 3*512)
	copy(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	b[30], b[48] = 9, 1 // sectors of 512 bytes, the directory in the second
	for i := range len(stream) {
		b[1024+2*i] = stream[i]
	}
	return string(b)
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("a,b\n1,\"2\"\n"))
	f.Add([]byte("sep=;\na;b\n1;2;3\n"))
	f.Add([]byte("\xff\xfea\x00\t\x00b\x00\n\x00"))
	f.Add([]byte(packed(f, "a|b\r1|\"\r")))
	f.Add([]byte(xes))
	f.Add([]byte(workbook(f, map[string]string{"xl/worksheets/sheet1.xml": `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="3"><c r="A3"><v>45000.5</v></c></row></sheetData>`})))
	f.Fuzz(func(t *testing.T, content []byte) {
		b, err := sheet.Open(file(t, string(content)), sheet.Limits{Bytes: 1 << 20, Rows: 100, Columns: 20, Cell: 100})
		if err != nil {
			problem(t, err)
			return
		}
		defer b.Close()
		if len(b.Header()) == 0 || len(b.Header()) > 20 {
			t.Fatalf("%d columns", len(b.Header()))
		}
		last := 0
		for range 1 << 20 {
			r, err := b.Next()
			if err == io.EOF {
				return
			}
			if err != nil {
				last = max(last, problem(t, err).Row)
				continue
			}
			if len(r.Cells) != len(b.Header()) {
				t.Fatalf("row %d has %d cells, the header %d", r.N, len(r.Cells), len(b.Header()))
			}
			if r.N <= last {
				t.Fatalf("row %d comes after row %d", r.N, last)
			}
			last = r.N
		}
		t.Fatal("it never ends")
	})
}
