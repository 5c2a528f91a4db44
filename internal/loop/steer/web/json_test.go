package web_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"trellis/internal/desk/flow/flowtest"
)

type answer struct {
	Source int64
	By     string
	Whole  measures
	Groups []struct {
		Label string
		measures
	}
	Notes    []string
	Findings []struct{ Kind, Behind string }
}

type measures struct {
	Requests, Open, Solved int64
	School                 struct{ N, Of int64 } `json:"solved_at_school"`
	Handoffs               struct{ Mean float64 }
	Solve                  struct {
		Happened int64
		NotYet   int64 `json:"not_yet"`
		Half     struct{ Seconds int64 }
		P90      struct {
			Seconds  int64
			MoreThan bool `json:"more_than"`
		}
		Curve []struct {
			Seconds int64
			Part    float64
		}
	}
}

func (p *person) json(path string, into any) {
	p.h.t.Helper()
	rec := p.get("/api/v1" + path)
	if rec.Code != 200 {
		p.h.t.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
	}
	must(p.h.t, json.Unmarshal(rec.Body.Bytes(), into))
}

// The JSON twin says what the page says, to the same people.
func TestTheSameAsJSON(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.fill(420)
		var a answer
		h.ada.json("/flow?by=service&impact=Low&place=-", &a)
		rows := h.ada.page("/steer/flow?by=service&impact=Low&place=-").All("#groups tbody tr")
		if len(rows) != len(a.Groups)+1 || a.By != "service" || a.Source != h.past {
			t.Fatalf("%d lines of the page, %d of the answer: %+v", len(rows), len(a.Groups), a)
		}
		same := func(m measures, cells []string) {
			t.Helper()
			if cells[0] != thousands(int(m.Requests)) || cells[1] != thousands(int(m.Open)) || cells[6] != strconv.FormatFloat(m.Handoffs.Mean, 'f', 2, 64) {
				t.Errorf("%v, but %+v", cells, m)
			}
		}
		same(a.Whole, rows[0].Texts("td"))
		for i, g := range a.Groups {
			same(g.measures, rows[i+1].Texts("td"))
		}
		here := func(r flowtest.Row) bool { return r.Impact == "Low" && r.Place == "" }
		if n := h.counted(func(r flowtest.Row) bool { return here(r) && solved(r) }); int64(n) != a.Whole.Solve.Happened || a.Whole.Solve.NotYet != a.Whole.Open || len(a.Whole.Solve.Curve) == 0 || len(a.Notes) == 0 {
			t.Errorf("%d solved, %+v", n, a.Whole)
		}
		var seen int
		var page struct {
			Items []struct{ ID int64 }
			Total int64
			Next  string
		}
		for next := ""; ; next = "&cursor=" + page.Next {
			page.Next = ""
			h.ada.json("/flow/requests?behind=school&impact=Low"+next, &page)
			if seen += len(page.Items); page.Next == "" {
				break
			}
		}
		if want := h.counted(func(r flowtest.Row) bool { return r.Impact == "Low" && solved(r) && r.MaxLine == 10 }); seen != want || page.Total != int64(want) {
			t.Errorf("%d of %d requests, not %d", seen, page.Total, want)
		}
		h.ada.json("/flow/requests?behind=all", &page)
		if rec := h.elsa.get("/api/v1/flow/requests?behind=all&cursor=" + page.Next); rec.Code != 422 && rec.Code != 400 {
			t.Errorf("somebody else's cursor: %d", rec.Code)
		}
		for path, want := range map[string]string{"/flow?source=x": "source", "/flow?source=99999999999999999999": "source", "/flow?from=2025-02-31": "from", "/flow?by=luck": "by"} {
			if rec := h.ada.get("/api/v1" + path); rec.Code != 422 || !strings.Contains(rec.Body.String(), want) {
				t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
			}
		}
		if rec := h.tess.get("/api/v1/flow"); rec.Code != 403 {
			t.Errorf("a teacher: %d", rec.Code)
		}
		var dana answer
		h.dana.json("/flow", &dana)
		if n := h.counted(func(r flowtest.Row) bool { return r.Site == h.marsh }); dana.Whole.Requests != int64(n) {
			t.Errorf("first help at Marsh counts %d, not %d", dana.Whole.Requests, n)
		}
	})
}
