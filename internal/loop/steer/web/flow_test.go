package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"trellis/internal/desk/flow/flowtest"
	"trellis/internal/platform/sheet"
	"trellis/internal/platform/web/htmltest"
)

// counted is the slow way to the numbers: from the rows that the test stored.
func (h *house) counted(keep func(flowtest.Row) bool) (n int) {
	for _, r := range h.rows {
		if r.Private == "" && keep(r) {
			n++
		}
	}
	return n
}

func solved(r flowtest.Row) bool { return r.Solve >= 0 }

// thousands writes an amount as the pages do.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

var amount = regexp.MustCompile(`^[\d,]+`)

// Every number of the page is that of the rows, and opens as many requests.
func TestNumbersAreThoseOfTheRows(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.fill(1400)
		p := h.ada.page("/steer/flow")
		cards := map[string]*htmltest.Page{}
		for _, c := range p.All(".measure") {
			cards[c.Text("h3")] = c
		}
		any := func(r flowtest.Row) bool { return true }
		shares := []struct {
			card string
			n    func(flowtest.Row) bool
			of   func(flowtest.Row) bool
		}{
			{"Solved at the school", func(r flowtest.Row) bool { return solved(r) && r.MaxLine == 10 }, func(r flowtest.Row) bool { return solved(r) && r.MaxLine > 0 }},
			{"Back and forth", func(r flowtest.Row) bool { return r.PingPong }, any},
			{"Promises kept", func(r flowtest.Row) bool { return r.Kept == "yes" }, func(r flowtest.Row) bool { return r.Kept != "" }},
			{"Came back", func(r flowtest.Row) bool { return r.Reopened && solved(r) }, solved},
		}
		for _, s := range shares {
			c := cards[s.card]
			contains(t, s.card, c.String(), thousands(h.counted(s.n))+" of "+thousands(h.counted(s.of)))
			opens(t, h, c.One(".big").Attr("href"), h.counted(s.n))
		}
		contains(t, "the page", p.String(), thousands(h.counted(any))+" requests began between", thousands(h.counted(func(r flowtest.Row) bool { return !solved(r) }))+" still open")
		opens(t, h, cards["Requests"].One(".big").Attr("href"), h.counted(any))
		opens(t, h, cards["Time to solved"].One(".big").Attr("href"), h.counted(solved))
		for i, times := range []string{"never: ", "once: ", "twice: ", "three times or more: "} {
			for _, a := range cards["Changes of team"].All("li a") {
				if strings.HasPrefix(a.String(), times) {
					opens(t, h, a.Attr("href"), h.counted(func(r flowtest.Row) bool { return min(r.Handoffs, 3) == int64(i) }))
				}
			}
		}
		for i, row := range p.All("#waits tbody tr") {
			waited := h.counted(func(r flowtest.Row) bool { return r.Wait[i] > 0 })
			contains(t, "a wait", row.String(), "in "+thousands(waited)+" requests")
			opens(t, h, row.One("a").Attr("href"), waited)
		}
		// The table: a line for all, then the places, each number of each line.
		rows := p.All("#groups tbody tr")
		if len(rows) != 5 {
			t.Fatalf("%d lines in the table", len(rows))
		}
		for _, row := range rows[1:] {
			place := row.Text("th")
			if place == "Not recorded" {
				place = ""
			}
			here := func(r flowtest.Row) bool { return r.Place == place }
			if got := row.Texts("td")[0]; got != thousands(h.counted(here)) {
				t.Errorf("%q has %s requests, not %d", place, got, h.counted(here))
			}
			cells := row.All("td")
			if open := h.counted(func(r flowtest.Row) bool { return here(r) && !solved(r) }); cells[1].String() != thousands(open) {
				t.Errorf("%q has %s open, not %d", place, cells[1], open)
			} else if open > 0 {
				opens(t, h, cells[1].One("a").Attr("href"), open)
			}
			opens(t, h, cells[8].One("a").Attr("href"), h.counted(func(r flowtest.Row) bool { return here(r) && r.Kept == "yes" }))
			if group := h.ada.page(row.One("th a").Attr("href")).All(".measure .big")[0]; group.String() != thousands(h.counted(here)) {
				t.Errorf("the page of %q counts %s", place, group)
			}
		}
		// Each list is paged to its end, and names its requests by their address.
		list := h.ada.page(cards["Solved at the school"].One(".big").Attr("href"))
		seen := map[string]bool{}
		for {
			for _, a := range list.All("#requests th a") {
				seen[a.Attr("href")] = true
			}
			more := list.All(".more a")
			if len(more) == 0 {
				break
			}
			list = h.ada.page(more[0].Attr("href"))
		}
		if len(seen) != h.counted(shares[0].n) {
			t.Errorf("the list has %d requests to its end", len(seen))
		}
	})
}

// opens follows a number to its requests.
func opens(t *testing.T, h *house, href string, want int) {
	t.Helper()
	p := h.ada.page(href)
	if got := amount.FindString(p.Text(".lead")); got != thousands(want) {
		t.Errorf("%s opens %s requests, not %d", href, got, want)
	}
	if n := len(p.All("#requests tbody tr")); n != min(50, want) {
		t.Errorf("%s lists %d of %d", href, n, want)
	}
}

func TestWhoSeesThePage(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.fill(300)
		nobody := &person{h: h}
		for _, path := range []string{"/steer/flow", "/steer/flow/requests", "/steer/flow.csv", "/steer/flow.xlsx"} {
			if rec := h.tess.get(path); rec.Code != 404 || strings.Contains(rec.Body.String(), "Old") {
				t.Errorf("a teacher at %s: %d", path, rec.Code)
			}
			if rec := nobody.get(path); rec.Code != 303 {
				t.Errorf("nobody at %s: %d", path, rec.Code)
			}
		}
		marsh := h.counted(func(r flowtest.Row) bool { return r.Site == h.marsh })
		if got := h.dana.page("/steer/flow").All(".measure .big")[0].String(); got != thousands(marsh) {
			t.Errorf("first help at Marsh counts %s, not %d", got, marsh)
		}
		all := 0
		for next := "/steer/flow/requests"; next != ""; {
			p := h.dana.page(next)
			for _, a := range p.All("#requests th a") {
				var n int
				fmt.Sscanf(strings.TrimLeft(a.Attr("href"), "/rRH-"), "%d", &n)
				if r := h.rows[n-1]; r.Site != h.marsh || r.Private != "" {
					t.Errorf("first help at Marsh is shown %+v", r)
				}
				all++
			}
			next = ""
			if more := p.All(".more a"); len(more) > 0 {
				next = more[0].Attr("href")
			}
		}
		if all != marsh {
			t.Errorf("%d requests, the page says %d", all, marsh)
		}
		if rec := h.dana.get("/steer/flow/requests?behind=secrets"); rec.Code != 404 {
			t.Errorf("an unknown number: %d", rec.Code)
		}
	})
}

func TestAnEmptyDistrictIsToldWhatToDo(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		p := h.ada.page("/steer/flow")
		contains(t, "the page", p.String(), "Nothing to look back on yet")
		if !p.Has(`a[href="/settings/past"]`) || h.dana.page("/steer/flow").Has(`a[href="/settings/past"]`) {
			t.Error("who runs Trellis, and nobody else, is led to bring in a past")
		}
		h.fill(40)
		contains(t, "an empty choice", h.ada.page("/steer/flow?place=Nowhere").String(), "No requests fit this choice")
		few := h.ada.page("/steer/flow?from=2025-06-28&by=period").String()
		contains(t, "few requests", few, "“Few” marks groups")
	})
}

// The files say what the page shows, for the same choice.
func TestFilesAreThePage(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.fill(300)
		const choice = "?impact=Low&by=service&clock=wall"
		rec := h.ada.get("/steer/flow.csv" + choice)
		table, err := csv.NewReader(rec.Body).ReadAll()
		must(t, err)
		p := h.ada.page("/steer/flow" + choice)
		rows := p.All("#groups tbody tr")
		if len(table) != len(rows)+1 {
			t.Fatalf("%d lines, the page has %d", len(table)-1, len(rows))
		}
		for i, row := range rows {
			if table[i+1][0] != row.Text("th") && row.Text("th .tag") == "" || table[i+1][1] != strings.ReplaceAll(row.Texts("td")[0], ",", "") {
				t.Errorf("%v, but the page says %v", table[i+1][:2], row.Texts("th, td"))
			}
		}
		if d := rec.Header().Get("Content-Disposition"); !strings.Contains(d, "how-support-flowed.csv") {
			t.Error(d)
		}
		path := filepath.Join(t.TempDir(), "flow.xlsx")
		must(t, os.WriteFile(path, h.ada.get("/steer/flow.xlsx"+choice).Body.Bytes(), 0o600))
		b, err := sheet.Open(path, sheet.Limits{})
		must(t, err)
		defer b.Close()
		if strings.Join(b.Header(), "|") != strings.Join(table[0], "|") {
			t.Errorf("%v, not %v", b.Header(), table[0])
		}
		for _, want := range table[1:] {
			got, err := b.Next()
			must(t, err)
			if got.Cells[0] != want[0] || got.Cells[1] != want[1] || got.Cells[12] != want[12] {
				t.Errorf("%v, not %v", got.Cells, want)
			}
		}
	})
}

// The whole page in another language, and light enough.
func TestThePageInSpanish(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.fill(300)
		for _, by := range []string{"place", "service", "impact", "period"} {
			for _, clock := range []string{"work", "wall"} {
				rec := h.elsa.get("/steer/flow?by=" + by + "&clock=" + clock)
				contains(t, "la página", htmltest.FromRecorder(t, rec, 200).String(), "Antes de sacar conclusiones", "Cómo se cuenta cada cifra", "La mitad")
				var b bytes.Buffer
				z := gzip.NewWriter(&b)
				_, _ = z.Write(rec.Body.Bytes())
				_ = z.Close()
				if b.Len() > 25_000 {
					t.Errorf("by %s it weighs %d bytes", by, b.Len())
				}
				if by == "place" {
					t.Logf("%d bytes", b.Len())
				}
			}
		}
	})
}
