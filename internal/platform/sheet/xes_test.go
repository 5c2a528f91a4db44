package sheet_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trellis/internal/platform/sheet"
	"trellis/internal/testkit"
)

const xes = `<?xml version="1.0" encoding="UTF-8" ?>
<!-- a log -->
<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">
 <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
 <global scope="event"><string key="unused" value="x"/></global>
 <string key="creator" value="somebody"/>
 <trace>
  <string key="concept:name" value="R-1"/>
  <string key="kind" value="A &amp; B"/>
  <list key="tags"><values><string key="tag" value="x"/></values></list>
  <event>
   <string key="concept:name" value="opened"><string key="source" value="nested"/></string>
   <date key="time:timestamp" value="2024-03-15T08:00:00.000+01:00"/>
  </event>
  <event>
   <string key="concept:name" value="closed"/>
   <int key="seq" value="7"/>
   <boolean key="kept" value="true"/>
  </event>
 </trace>
 <trace><string key="concept:name" value="R-2"/></trace>
 <trace>
  <string key="concept:name" value="R-3"/>
  <event/>
 </trace>
</log>`

func TestEventLog(t *testing.T) {
	want := table{Kind: "xes", Header: []string{"case", "seq", "concept:name", "time:timestamp", "event:seq", "kept", "case:kind"}, Rows: []sheet.Row{
		{N: 2, Cells: []string{"R-1", "1", "opened", "2024-03-15T08:00:00.000+01:00", "", "", "A & B"}},
		{N: 3, Cells: []string{"R-1", "2", "closed", "", "7", "true", "A & B"}},
		{N: 4, Cells: []string{"R-3", "1", "", "", "", "", ""}},
	}}
	for name, content := range map[string]string{"plain": xes, "gzip": packed(t, xes)} {
		if diff := cmp.Diff(want, readAll(t, file(t, content), sheet.Limits{})); diff != "" {
			t.Error(name, diff)
		}
	}
	cut := func(old, by string) string { return strings.Replace(xes, old, by, 1) }
	for name, c := range map[string]struct {
		content string
		rows    int
		want    verdict
	}{
		"cut off":         {xes[:len(xes)-60], 0, verdict{"sheet.bad_xml", 3, ""}},
		"between pieces":  {strings.TrimSuffix(xes, "</log>"), 0, verdict{"sheet.damaged", 4, ""}},
		"definitions":     {cut("<log", `<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]><log`), 0, verdict{"sheet.bad_xml_dtd", 0, ""}},
		"unknown entity":  {cut("somebody", "&a;"), 0, verdict{"sheet.bad_xml", 0, ""}},
		"given twice":     {cut(`key="kept"`, `key="concept:name"`), 2, verdict{"sheet.xes_twice", 3, "concept:name"}},
		"long value":      {cut("opened", strings.Repeat("x", 70_000)), 2, verdict{"sheet.long_cell", 2, "concept:name"}},
		"long for a case": {cut("A &amp; B", strings.Repeat("x", 70_000)), 2, verdict{"sheet.long_cell", 2, "kind"}},
		"case after it":   {cut("<event/>", `<event/><string key="kind" value="x"/>`), 0, verdict{"sheet.xes_order", 4, ""}},
		"no events":       {"<log><trace/></log>", 0, verdict{"sheet.empty", 0, ""}},
		"character set":   {cut("UTF-8", "KOI8-R"), 0, verdict{"sheet.bad_charset", 0, ""}},
		"bomb":            {packed(t, cut("<trace>", strings.Repeat("<trace></trace>", 1<<20)+"<trace>")), 0, verdict{"sheet.unpacks_too_large", 0, ""}},
	} {
		got := readAll(t, file(t, c.content), sheet.Limits{Bytes: 10 << 20})
		if v := verdicts(got.Problems); len(v) != 1 || v[0] != c.want {
			t.Errorf("%s: %v, want %v", name, v, c.want)
		}
		if len(got.Rows) != c.rows {
			t.Errorf("%s: %d rows, want %d", name, len(got.Rows), c.rows)
		}
	}
}

// Real logs, published in both forms: the same rows come out of each.
func TestRealLogs(t *testing.T) {
	for _, c := range []struct {
		dir, xes, csv string
		rows          int
	}{
		{"bpic13", "BPI_Challenge_2013_closed_problems.xes.gz", "closed_problems.csv.gz", 6660},
		{"helpdesk_it", "Helpdesk.xes.gz", "helpdesk.csv.gz", 21348},
	} {
		t.Run(c.dir, func(t *testing.T) {
			log := readAll(t, testkit.Data(t, c.dir, c.xes), sheet.Limits{})
			csv := readAll(t, testkit.Data(t, c.dir, c.csv), sheet.Limits{})
			if log.Kind != "xes" || csv.Kind != "csv" || len(log.Problems)+len(csv.Problems) > 0 {
				t.Fatal(log.Kind, log.Problems, csv.Kind, csv.Problems)
			}
			if len(log.Rows) != c.rows || len(csv.Rows) != c.rows {
				t.Fatalf("%d and %d rows, want %d", len(log.Rows), len(csv.Rows), c.rows)
			}
			for at, name := range csv.Header {
				in := slices.Index(log.Header, name)
				if in < 0 {
					t.Errorf("the log has no %s: %v", name, log.Header)
					continue
				}
				for i, r := range csv.Rows {
					if r.N != log.Rows[i].N || r.Cells[at] != log.Rows[i].Cells[in] {
						t.Fatalf("%s of row %d: %q, in the log %q", name, r.N, r.Cells[at], log.Rows[i].Cells[in])
					}
				}
			}
		})
	}
}
