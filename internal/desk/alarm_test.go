package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/db"
)

// shift is a stand-in for the district's knowledge of who is at work.
type shift struct {
	covers map[district.PersonID]district.PersonID // who is away, and who covers; 0: nobody
	from   map[district.PersonID]time.Time         // whose hours begin later
}

func (s *shift) StandIn(_ *db.Tx, p district.PersonID, _ time.Time) (district.PersonID, error) {
	if c, away := s.covers[p]; away {
		return c, nil
	}
	return p, nil
}

func (s *shift) CoveredBy(_ *db.Tx, p district.PersonID, _ time.Time) (out []desk.Covering, err error) {
	for who, c := range s.covers {
		if c == p {
			out = append(out, desk.Covering{Person: desk.Person{ID: who}})
		}
	}
	return out, nil
}

func (s *shift) Hours(_ *db.Tx, p district.PersonID, at time.Time) (bool, time.Time, error) {
	return !at.Before(s.from[p]), s.from[p], nil
}

// alarmsOf lists the alarms that a person was given, oldest first.
func (w *world) alarmsOf(p person) (out []string) {
	for _, n := range slices.Backward(w.told(p)) {
		if why, ok := strings.CutPrefix(n.Why, "desk.notice."); ok && (strings.HasPrefix(why, "soon") || strings.HasPrefix(why, "late")) {
			out = append(out, why)
		}
	}
	return out
}

func (w *world) sweep() {
	w.t.Helper()
	for range 2 { // a second time changes nothing
		if err := w.desk.Sweep(system()); err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestAlarms follows one promise past its time: each person hears each alarm
// once, within their hours, and the ticket says once that it broke.
func TestAlarms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := &shift{covers: map[district.PersonID]district.PersonID{}, from: map[district.PersonID]time.Time{}}
		w.desk = desk.New(desk.Deps{DB: w.d, People: s})
		monday := time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC) // 9:00 in Denver
		w.clock.Set(monday)
		id := w.ask(w.tessa, "The display is dark", func(c *desk.CreateTicket) { c.Impact = desk.Blocked }) // an hour to the first answer
		w.must(w.desk.Assign(w.as(w.lead), desk.Assign{Ticket: id, Person: w.sam.id}))
		s.covers[w.sam.id] = w.nora.id
		at := func(minutes int) {
			w.clock.Set(monday.Add(time.Duration(minutes) * time.Minute))
			w.sweep()
		}
		expect := func(sam, nora, lead string) {
			t.Helper()
			for p, want := range map[*person]string{&w.sam: sam, &w.nora: nora, &w.lead: lead} {
				if got := strings.Join(w.alarmsOf(*p), " "); got != want {
					t.Errorf("%s heard %q, want %q", p.name, got, want)
				}
			}
		}
		at(44)
		expect("", "", "")
		at(45)
		expect("soon.first", "soon.first", "")
		at(60) // an answer now would keep it
		if n := w.count(`SELECT count(*) FROM event WHERE kind = 'ticket.promise_missed'`); n != 0 {
			t.Errorf("missed at the minute it was due")
		}
		s.from[w.lead.id] = monday.Add(90 * time.Minute)
		at(61)
		expect("soon.first late.first", "soon.first", "")
		at(90)
		expect("soon.first late.first", "soon.first", "late.first")
		if n := w.count(`SELECT count(*) FROM event WHERE kind = 'ticket.promise_missed'`); n != 1 {
			t.Errorf("missed %d times", n)
		}
		// The answer that comes too late ends it; nothing rings any more but
		// the promise to solve.
		w.must(w.desk.Reply(w.as(w.sam), id, desk.Words{Text: "Coming"}))
		at(140)
		expect("soon.first late.first", "soon.first", "late.first")
		first := must[[]desk.Clock](t)(w.desk.Explain(w.as(w.tessa), id))[0]
		if first.Stand != desk.Missed || first.Spent != 90*time.Minute || !first.MissedAt.Equal(monday.Add(time.Hour)) {
			t.Errorf("%+v", first)
		}
		var due time.Time
		if due = must[time.Time](t)(w.desk.NextDue(system())); due.Before(w.clock.Now()) {
			t.Errorf("the sweep is due at %v and did nothing", due)
		}
	})
}

// TestHelpedInTheRoom: help that was given in time and written down late kept
// the promise, though the sweep had called it broken.
func TestHelpedInTheRoom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		monday := time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC)
		w.clock.Set(monday)
		id := w.ask(w.tessa, "The display is dark", func(c *desk.CreateTicket) { c.Impact = desk.Stopped }) // 15 minutes
		w.clock.Advance(time.Hour)
		w.sweep()
		first := func() desk.Clock { return must[[]desk.Clock](t)(w.desk.Explain(w.as(w.dana), id))[0] }
		if c := first(); c.Stand != desk.Late {
			t.Errorf("%+v", c)
		}
		w.must(w.desk.LogHelp(w.as(w.dana), id, monday.Add(10*time.Minute), desk.Words{}))
		if c := first(); c.Stand != desk.Kept || c.Spent != 10*time.Minute || !c.MissedAt.IsZero() {
			t.Errorf("%+v", c)
		}
		// Written down for the teacher afterwards, as one request.
		made := must[desk.Created](t)(w.desk.CreateTicket(w.as(w.dana), desk.CreateTicket{Text: "Sound was gone", Requester: w.tessa.id, Channel: desk.ByHallway,
			HelpedAt: monday.Add(30 * time.Minute)}))
		id = made.ID
		if c := first(); c.Stand != desk.Kept || c.Spent != 0 {
			t.Errorf("%+v", c)
		}
	})
}
