package flow_test

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/testkit"
)

// Both logs in one district, each by itself and both together; an event that
// is taken away changes its ticket and no other.
func TestPast(t *testing.T) {
	cases, numbers := bpic(t)[:150], uci(t)[:120]
	wantCases := expected(t, "case", testkit.Data(t, "bpic13", "expected_cases_dev.csv"), testkit.Data(t, "bpic13", "expected_clock_dev.csv"))
	wantNumbers := expected(t, "number", testkit.Data(t, "uci_incident", "expected_incidents_dev.csv"), testkit.Data(t, "uci_incident", "expected_clock_dev.csv"))
	only := func(all map[string]map[string]string, list []history) map[string]map[string]string {
		out := map[string]map[string]string{}
		for _, h := range list {
			out[h.key] = all[h.key]
		}
		return out
	}
	each(t, func(t *testing.T, w *world) {
		w.run()
		first := w.bring(w.source("uci", flow.ByNumber, "", uciClosed, monday), numbers)
		compare(t, flow.ByNumber, only(wantNumbers, numbers), w.export(flow.Options{})[1:])
		w.bring(w.source("bpic13", flow.ByCase, "Europe/Brussels", bpicClosed, monday), cases)
		compare(t, flow.ByCase, only(wantCases, cases), w.export(flow.Options{Source: "bpic13"})[1:])
		compare(t, flow.ByNumber, only(wantNumbers, numbers), w.export(flow.Options{Source: "uci"})[1:])

		all := w.export(flow.Options{})
		if len(all) != 1+len(cases)+len(numbers) || all[0][0] != "case" || all[1][0] != numbers[0].key || all[len(all)-1][0] != cases[len(cases)-1].key {
			t.Errorf("both: %d rows, %v … %v", len(all), all[1], all[len(all)-1])
		}

		// However many are read at once.
		t.Run("small pages", func(t *testing.T) {
			flow.SmallPages(t)
			if diff := cmp.Diff(all, w.export(flow.Options{})); diff != "" {
				t.Error(diff)
			}
		})

		// What was written with rows in hand is what the stored rows come to.
		before := w.stored()
		var ids []desk.TicketID
		for id := range before {
			ids = append(ids, desk.TicketID(id))
		}
		w.refresh(ids...)
		if diff := cmp.Diff(before, w.stored()); diff != "" {
			t.Errorf("computed anew: %s", diff)
		}
		if len(before) != len(cases)+len(numbers) {
			t.Errorf("%d rows are stored", len(before))
		}

		// One event less.
		victim := first - desk.TicketID(len(numbers)) - 7 // the 8th case
		w.write(func(tx *db.Tx) {
			w.exec(tx, `UPDATE desk_past_row SET removed = $1 WHERE ticket = $2 AND seq = 2`, db.Us(tx.Now()), victim)
			try(w.flow.Refresh(tx, victim, victim))
		})
		after, exported := w.stored(), w.export(flow.Options{})
		for id := range before {
			if (before[id] != after[id]) != (id == int64(victim)) {
				t.Errorf("ticket %d: %s, then %s", id, before[id], after[id])
			}
		}
		changed := 0
		for i := range all {
			if !cmp.Equal(all[i], exported[i]) {
				changed++
				if all[i][0] != cases[7].key {
					t.Errorf("row of %s changed", all[i][0])
				}
			}
		}
		if changed != 1 || len(exported) != len(all) {
			t.Errorf("%d rows changed, %d instead of %d are there", changed, len(exported), len(all))
		}

		// Nothing left of it, or private: no facts, and no row. Who makes it
		// private need not think of that.
		w.write(func(tx *db.Tx) {
			w.exec(tx, `UPDATE desk_past_row SET until_run = 2 WHERE ticket = $1`, victim)
			w.exec(tx, `UPDATE desk_ticket SET private = 'privacy' WHERE id = $1`, first)
			try(event.Emit(tx, event.Event{Kind: "ticket.made_private", Subject: event.Ref{Kind: desk.SubjectTicket, ID: int64(first)}}))
			try(w.flow.Refresh(tx, victim))
		})
		w.watch()
		less := maps.Clone(before)
		delete(less, int64(victim))
		delete(less, int64(first))
		if diff := cmp.Diff(less, w.stored()); diff != "" {
			t.Errorf("gone: %s", diff)
		}
		if n := len(w.export(flow.Options{})); n != len(all)-2 {
			t.Errorf("%d rows are exported, want %d", n, len(all)-2)
		}
	})
}

// Other hours are those of the question, not of the source.
func TestExportInOtherHours(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run()
		h := history{"A-1", []flow.Row{
			{At: monday, State: flow.Open, Reassigned: -1, Reopened: -1}, {At: monday.AddDate(0, 0, 2).Add(3 * time.Hour), State: flow.Solved, Reassigned: -1, Reopened: -1},
		}}
		w.bring(w.source("zoned", flow.ByCase, "UTC", "2026-03-03", monday), []history{h})
		w.bring(w.source("floating", flow.ByCase, "", "", monday), []history{h})
		for _, x := range []struct {
			hours                          flow.Hours
			open, closed, floats, floating string // seconds of each source, by the week and with closures
		}{
			{flow.Hours{}, "75600", "43200", "75600", "75600"},
			{flow.Hours{NoClosed: true}, "75600", "75600", "75600", "75600"},
			{flow.Hours{Closed: []string{"2026-03-02"}}, "75600", "43200", "75600", "43200"},
			{flow.Hours{Hours: "Mon-Fri 08:00-12:00"}, "39600", "25200", "39600", "39600"},
			{flow.Hours{Zone: "America/Denver"}, "64800", "32400", "75600", "75600"}, // 01:00 there; what floats stays 08:00
		} {
			got := w.export(flow.Options{Hours: x.hours})
			if len(got) != 3 {
				t.Fatal(got)
			}
			cell := func(row int, name string) string {
				for i, c := range got[0] {
					if c == name {
						return got[row][i]
					}
				}
				return "no such column"
			}
			if cell(1, "biz_s") != x.open || cell(1, "biz_holiday_s") != x.closed || cell(2, "biz_s") != x.floats || cell(2, "biz_holiday_s") != x.floating {
				t.Errorf("%+v: %v, %v", x.hours, got[1], got[2])
			}
			if cell(1, "start_utc") != "2026-03-02T08:00:00+00:00" || cell(2, "start_utc") != "2026-03-02T08:00:00" {
				t.Errorf("times: %v, %v", got[1], got[2])
			}
		}
		none := func([]string) error { return nil }
		for _, h := range []flow.Hours{{Zone: "Mars/Base"}, {Hours: "always"}, {Closed: []string{"tomorrow"}}} {
			if err := w.flow.Export(system(), none, flow.Options{Hours: h}); err == nil {
				t.Errorf("%+v was taken for hours", h)
			}
		}
		if err := w.flow.Export(system(), none, flow.Options{Source: "other"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("a source that isn't there: %v", err)
		}
		// Who leads may, others may not.
		if err := w.flow.Export(w.as(w.director), none, flow.Options{}); err != nil {
			t.Error(err)
		}
		for _, p := range []person{w.sam, w.tessa} {
			if err := w.flow.Export(w.as(p), none, flow.Options{}); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%+v: %v", p, err)
			}
			if _, err := w.flow.Replay(w.as(p), flow.Plan{}); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%+v: %v", p, err)
			}
		}
	})
}
