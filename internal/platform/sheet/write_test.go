package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"trellis/internal/platform/sheet"
)

func TestNeutral(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"Projector, room 4 - dark": "Projector, room 4 - dark",
		"a=b @home 3-4":            "a=b @home 3-4",
		"=1+1":                     "'=1+1",
		"+1 555 0100":              "'+1 555 0100",
		"-5":                       "'-5",
		"@SUM(A1)":                 "'@SUM(A1)",
		"  =1":                     "  '=1",
		"\u00a0=1":                 "\u00a0'=1",
		"\t=1":                     "'\t'=1",
		"\rx":                      "'\rx",
		"＝1":                       "'＝1",
		"＠x":                       "'＠x",
		"'=1":                      "'=1",
		"x;=cmd|'/c calc'!A0":      "x;'=cmd|'/c calc'!A0",
		`x"=1`:                     `x"'=1`,
		"x\n-1":                    "x\n'-1",
		"\x00=1":                   "'=1",
		"\x1b[31mred\u009b":        "[31mred",
		"caf\xe9":                  "caf",
	} {
		if got := sheet.Neutral(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
		if again := sheet.Neutral(want); again != want && !strings.HasPrefix(want, "'\t") {
			t.Errorf("%q changed again into %q", want, again)
		}
	}
}

// The forms that a table can take, and what comes back from each.
var forms = map[string]func(io.Writer) sheet.Writer{
	"csv":  sheet.NewCSV,
	"xlsx": func(w io.Writer) sheet.Writer { return sheet.NewXLSX(w, "How support [flowed]: '24'") },
}

// danger is what starts a formula somewhere.
var danger = regexp.MustCompile(`^[\s]*[=+\-@＝＋－＠]|^[\t\r]`)

func TestWriteAndRead(t *testing.T) {
	for kind, form := range forms {
		t.Run(kind, func(t *testing.T) {
			dir := t.TempDir()
			rapid.Check(t, func(r *rapid.T) {
				name := rapid.StringMatching(`[a-z]{1,6}`)
				width := rapid.IntRange(1, 6).Draw(r, "width")
				text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+@\-'",;\t\r\n x＝_0-9a-fA-F]{0,12}`), rapid.Just("_x000D_"), rapid.Just("=1+1"))
				var b bytes.Buffer
				w := form(&b)
				header := []any{"key"}
				for i := range width {
					header = append(header, fmt.Sprintf("%s %d", name.Draw(r, "name"), i))
				}
				if err := w.Row(header...); err != nil {
					r.Fatal(err)
				}
				var want [][]string
				for i := range rapid.IntRange(0, 5).Draw(r, "rows") {
					cells, back := []any{i}, []string{strconv.Itoa(i)}
					for range width {
						switch rapid.IntRange(0, 5).Draw(r, "type") {
						case 0:
							n := rapid.Int64().Draw(r, "int")
							cells, back = append(cells, n), append(back, strconv.FormatInt(n, 10))
						case 1:
							f := rapid.Float64Range(-1e15, 1e15).Draw(r, "float")
							cells, back = append(cells, f), append(back, strconv.FormatFloat(f, 'f', -1, 64))
						case 2:
							at := time.Unix(rapid.Int64Range(-2e9, 5e9).Draw(r, "time"), 0).In(time.FixedZone("", 3600))
							cells = append(cells, at)
							if kind == "csv" {
								back = append(back, at.Format(time.RFC3339))
							} else {
								back = append(back, at.Format("2006-01-02T15:04:05"))
							}
						case 3:
							v := rapid.Bool().Draw(r, "bool")
							cells, back = append(cells, v), append(back, strconv.FormatBool(v))
						default:
							s := text.Draw(r, "text")
							cells, back = append(cells, s), append(back, sheet.Neutral(s))
						}
					}
					for i, v := range cells {
						if _, ok := v.(string); ok && danger.MatchString(back[i]) {
							r.Fatalf("%q starts a formula", back[i])
						}
					}
					want = append(want, back)
					if err := w.Row(cells...); err != nil {
						r.Fatal(err)
					}
				}
				if err := w.Close(); err != nil {
					r.Fatal(err)
				}
				path := dir + "/table"
				if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
					r.Fatal(err)
				}
				got := readAll(t, path, sheet.Limits{})
				if len(got.Problems) > 0 {
					r.Fatal(got.Problems[0])
				}
				var cells [][]string
				for _, row := range got.Rows {
					cells = append(cells, row.Cells)
				}
				if diff := cmp.Diff(want, cells, cmpopts.EquateEmpty()); diff != "" || got.Kind != kind {
					r.Fatal(got.Kind, diff)
				}
				if kind == "xlsx" && strings.Contains(part(r, b.Bytes(), "xl/worksheets/sheet1.xml"), "<f") {
					r.Fatal("a formula is in the sheet")
				}
			})
		})
	}
}

func TestWriteSpecial(t *testing.T) {
	for kind, form := range forms {
		var b bytes.Buffer
		w := form(&b)
		long := strings.Repeat("😀", 20_000)
		for _, row := range [][]any{{"a", "b", "c"}, {1, -2, "-2"}, {math.NaN(), math.Inf(1), "x"}, {nil, time.Time{}, "y"}, {"z", int64(-1234567890123456789), long}} {
			if err := w.Row(row...); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Row(struct{}{}); err == nil {
			t.Error("a struct was written")
		}
		if kind == "xlsx" { // the first error stays
			if err := w.Close(); err == nil {
				t.Error("closed as if nothing had happened")
			}
			continue
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); got != "a,b,c\n1,-2,'-2\n,,x\n,,y\nz,-1234567890123456789,"+long+"\n" {
			t.Errorf("%.200q", got)
		}
	}
	var b bytes.Buffer
	w := sheet.NewXLSX(&b, "")
	for _, row := range [][]any{{"a", "b", "c"}, {1, -2, strings.Repeat("😀", 20_000)}} {
		if err := w.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got := readAll(t, file(t, b.String()), sheet.Limits{Cell: 1 << 20})
	if c := got.Rows[0].Cells; c[1] != "-2" || c[2] != strings.Repeat("😀", 16_383)+"…" {
		t.Error(c[1], len(c[2]))
	}
	xml := part(t, b.Bytes(), "xl/worksheets/sheet1.xml")
	if !strings.Contains(xml, `<c r="B2"><v>-2</v></c>`) || !strings.Contains(xml, `state="frozen"`) {
		t.Errorf("%.600s", xml)
	}
	// A disk that fills up is told.
	w = sheet.NewXLSX(full{}, "x")
	if err := errors.Join(w.Row("a"), w.Close()); !errors.Is(err, errFull) {
		t.Error(err)
	}
	w = sheet.NewCSV(full{})
	if err := errors.Join(w.Row("a"), w.Close()); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

type failer interface{ Fatal(...any) }

func part(t failer, content []byte, name string) string {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
