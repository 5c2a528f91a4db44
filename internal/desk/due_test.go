package desk_test

import (
	"slices"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/errs"
)

// TestDueOrder: what is due first comes first, what nothing is due for last;
// pages follow each other without gap or repetition across the border.
func TestDueOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		d := dice(3)
		for range 14 {
			w.clock.Advance(time.Duration(d.roll(3)) * time.Second)
			w.ask(w.tessa, "x", func(c *desk.CreateTicket) { c.Impact = pick(&d, desk.Impacts) })
		}
		ok(t, nil, w.desk.SetPromises(w.as(w.admin), []desk.Promise{{Impact: desk.Question, Site: w.orchard}}))
		var last []desk.TicketID
		for range 6 {
			last = append(last, w.ask(w.priya, "Nothing is promised for this", func(c *desk.CreateTicket) { c.Impact = desk.Question }))
		}
		type place struct {
			due time.Time
			id  desk.TicketID
		}
		var want []place
		for _, i := range must[desk.Page](t)(w.desk.ListTickets(w.as(w.sam), desk.Query{Limit: 200})).Items {
			var first time.Time
			for _, c := range must[[]desk.Clock](t)(w.desk.Explain(w.as(w.sam), i.ID)) {
				if c.Stopped.IsZero() && !c.Due.IsZero() && (first.IsZero() || c.Due.Before(first)) {
					first = c.Due
				}
			}
			if !i.Due.Equal(first) {
				t.Errorf("%s: the list says %v, its clocks %v", i.ID, i.Due, first)
			}
			if !first.IsZero() {
				want = append(want, place{first, i.ID})
			}
		}
		slices.SortFunc(want, func(a, b place) int { return a.due.Compare(b.due)*1000 + int(a.id-b.id) })
		var ids []desk.TicketID
		for _, p := range want {
			ids = append(ids, p.id)
		}
		ids = append(ids, last...)
		for _, limit := range []int{1, 3, 7, 14, 200} {
			if got := w.all(w.sam, desk.Query{Sort: desk.ByDue, Limit: limit}); !slices.Equal(got, ids) {
				t.Errorf("by %d: %v, want %v", limit, got, ids)
			}
		}
		if _, err := w.desk.ListTickets(w.as(w.sam), desk.Query{State: desk.Solved, Sort: desk.ByDue}); !errs.Is(err, errs.Invalid) {
			t.Errorf("solved ones by due time: %v", err)
		}
		// Late is what is past, and stands in a list of its own.
		w.clock.Set(want[4].due.Add(time.Microsecond))
		n := 0
		for n < len(want) && want[n].due.Before(w.clock.Now()) {
			n++
		}
		if got := w.all(w.sam, desk.Query{View: desk.Overdue, Sort: desk.ByDue, Limit: 2}); !slices.Equal(got, ids[:n]) {
			t.Errorf("late: %v, want %v", got, ids[:n])
		}
		if c := must[desk.Counts](t)(w.desk.Counts(w.as(w.sam))); c.Late != int64(n) {
			t.Errorf("%d are late, counted %d", n, c.Late)
		}
		if got := w.all(w.omar, desk.Query{View: desk.Overdue}); len(got) > 0 {
			t.Errorf("late elsewhere: %v", got)
		}
	})
}

// TestSetAlarms: they replace what was there, are refused with a sentence where
// they make no sense, and not saved over somebody else's.
func TestSetAlarms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := w.as(w.admin)
		first := must[[]desk.ImpactAlarms](t)(w.desk.Alarms(ctx))[0]
		if first.Set || first.Impact != desk.Stopped || len(first.Alarms) != 12 {
			t.Errorf("at the start %+v", first)
		}
		early := desk.Alarm{Metric: desk.First, Point: desk.Before, Amount: 300, Tell: desk.TellLead}
		late := desk.Alarm{Metric: desk.Solve, Point: desk.After, Amount: 0, Tell: desk.TellOwner}
		share := func(n int64) desk.Alarm {
			return desk.Alarm{Metric: desk.First, Point: desk.AtShare, Amount: n, Tell: desk.TellOwner}
		}
		for name, bad := range map[string]desk.SetAlarms{
			"none":           {Impact: desk.Stopped},
			"no impact":      {Impact: "dull", Alarms: []desk.Alarm{early}},
			"the whole time": {Impact: desk.Stopped, Alarms: []desk.Alarm{share(100)}},
			"no share":       {Impact: desk.Stopped, Alarms: []desk.Alarm{share(0)}},
			"years":          {Impact: desk.Stopped, Alarms: []desk.Alarm{{Metric: desk.First, Point: desk.After, Amount: 1 << 62, Tell: desk.TellLead}}},
			"twice":          {Impact: desk.Stopped, Alarms: []desk.Alarm{early, late, early}},
			"to nobody":      {Impact: desk.Stopped, Alarms: []desk.Alarm{{Metric: desk.First, Point: desk.After}}},
		} {
			if err := w.desk.SetAlarms(ctx, bad); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		ok(t, nil, w.desk.SetAlarms(ctx, desk.SetAlarms{Impact: desk.Stopped, Was: first.Alarms, Alarms: []desk.Alarm{early, late}}))
		if err := w.desk.SetAlarms(ctx, desk.SetAlarms{Impact: desk.Stopped, Was: first.Alarms, Alarms: []desk.Alarm{early}}); !errs.Is(err, errs.Precondition) {
			t.Errorf("over somebody else's: %v", err)
		}
		now := must[[]desk.ImpactAlarms](t)(w.desk.Alarms(ctx))
		if !now[0].Set || !slices.Equal(now[0].Alarms, []desk.Alarm{early, late}) || now[1].Set {
			t.Errorf("%+v", now[:2])
		}
		// They ring: five working minutes before the first answer is due, to the lead.
		w.clock.Set(time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC)) // Denver, 9 am
		w.ask(w.tessa, "The display is dark", func(c *desk.CreateTicket) { c.Impact = desk.Stopped })
		w.clock.Advance(10*time.Minute - time.Microsecond)
		w.sweep()
		quiet := len(w.alarmsOf(w.lead))
		w.clock.Advance(time.Microsecond)
		w.sweep()
		if quiet != 0 || !slices.Equal(w.alarmsOf(w.lead), []string{"soon.first"}) {
			t.Errorf("%d too early, then %v", quiet, w.alarmsOf(w.lead))
		}
	})
}

// TestDropPromises: what was set for a place goes, and what holds everywhere
// holds there again.
func TestDropPromises(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := w.as(w.admin)
		ok(t, nil, w.desk.SetPromises(ctx, []desk.Promise{{Impact: desk.Stopped, Site: w.marsh, First: 5 * time.Minute, Next: 5 * time.Minute, Solve: time.Hour}}))
		id := w.ask(w.tessa, "Dark", func(c *desk.CreateTicket) { c.Impact = desk.Stopped })
		target := func() time.Duration { return must[[]desk.Clock](t)(w.desk.Explain(ctx, id))[0].Target }
		if target() != 5*time.Minute {
			t.Errorf("promised %v", target())
		}
		running := must[int](t)(w.desk.RunningClocks(ctx))
		ok(t, nil, w.desk.DropPromises(ctx, w.marsh, 0))
		w.sweep()
		if target() != 15*time.Minute || running != 2 {
			t.Errorf("promised %v, %d run", target(), running)
		}
		if err := w.desk.DropPromises(ctx, w.marsh, 0); !errs.Is(err, errs.NotFound) {
			t.Errorf("again: %v", err)
		}
	})
}
