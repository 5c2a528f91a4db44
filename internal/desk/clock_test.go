package desk_test

import (
	"slices"
	"testing"
	"time"

	"trellis/internal/desk"
)

// ledger is what a person with a watch and the school's opening hours would
// write down beside a ticket: it knows states and who spoke, and nothing of
// marks, intervals or due times.
type ledger struct {
	zone               *time.Location
	first, next, solve time.Duration   // at work so far
	answered, asked    bool            // first is over; somebody waits for a later answer
	rounds             []time.Duration // of next, those that are over
	state              desk.State
	at                 time.Time
}

// open reports whether a minute that begins at an instant is working time:
// Monday to Friday, 7:30 to 15:30.
func (l *ledger) open(at time.Time) bool {
	t := at.In(l.zone)
	m := t.Hour()*60 + t.Minute()
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday && m >= 7*60+30 && m < 15*60+30
}

// pass lets time go by, minute after minute.
func (l *ledger) pass(to time.Time) {
	for ; l.at.Before(to); l.at = l.at.Add(time.Minute) {
		if !l.open(l.at) {
			continue
		}
		if l.state == desk.Open {
			l.solve += time.Minute
		}
		if l.state == desk.Open || l.state == desk.Waiting {
			if !l.answered {
				l.first += time.Minute
			}
			if l.asked {
				l.next += time.Minute
			}
		}
	}
}

// due is when a target is used up from now on if nothing happens.
func (l *ledger) due(target, spent time.Duration) time.Time {
	at := l.at
	for ; spent < target; at = at.Add(time.Minute) {
		if l.open(at) {
			spent += time.Minute
		}
	}
	return at
}

// happened writes down what one command did.
func (l *ledger) happened(t desk.Ticket, answer, question bool) {
	was, is := l.state == desk.Solved || l.state == desk.Closed, t.State == desk.Solved || t.State == desk.Closed
	end := func() {
		if l.asked {
			l.rounds, l.asked, l.next = append(l.rounds, l.next), false, 0
		}
	}
	if was && !is && l.answered {
		l.asked = true
	}
	if answer && !l.answered {
		l.answered = true
	} else if answer {
		end()
	}
	if is && !was {
		end()
	}
	if question && !is && l.answered {
		l.asked = true
	}
	l.state = t.State
}

// TestClocks lives random histories and holds every clock, its sum by day and
// its due time against the ledger.
func TestClocks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		zone, err := time.LoadLocation("America/Denver")
		if err != nil {
			t.Fatal(err)
		}
		d := dice(11)
		for range 4 {
			w.clock.Set(w.clock.Now().Truncate(time.Minute).Add(time.Minute))
			id := w.ask(w.tessa, "The projector shows no signal")
			l := &ledger{zone: zone, state: desk.Open, at: w.clock.Now()}
			for step := range 60 {
				w.clock.Advance(time.Duration(d.roll(pick(&d, []int{3, 40, 300, 3000}))+1) * time.Minute)
				l.pass(w.clock.Now())
				before := w.find(w.sam, id)
				if before.State == desk.Closed {
					break
				}
				answer, question := w.live(&d, id)
				l.happened(w.find(w.sam, id), answer, question)
				w.compare(t, l, id, step)
				if t.Failed() {
					t.FailNow()
				}
			}
		}
	})
}

// live does one thing to a ticket, and says whether it was an answer or a
// question. What the state doesn't allow doesn't happen.
func (w *world) live(d *dice, id desk.TicketID) (answer, question bool) {
	text := desk.Words{Text: "More about it"}
	switch d.roll(9) {
	case 0:
		_, err := w.desk.Reply(w.as(w.tessa), id, text)
		return false, err == nil
	case 1:
		_, err := w.desk.Reply(w.as(w.sam), id, text)
		return err == nil, false
	case 2:
		_, _ = w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: id, On: pick(d, desk.WaitsOn), Until: w.clock.Now().Add(240 * time.Hour)})
	case 3:
		_, err := w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: id, On: desk.OnRequester, Until: w.clock.Now().Add(240 * time.Hour), Words: text})
		return err == nil, false
	case 4:
		_, _ = w.desk.Resume(w.as(w.sam), id, 0)
	case 5:
		_, _ = w.desk.Solve(w.as(w.sam), id, 0, desk.Words{})
	case 6:
		if _, err := w.desk.NotFixed(w.as(w.tessa), id, desk.Words{}); err != nil {
			_, _ = w.desk.Reopen(w.as(w.sam), id, 0)
		}
	case 7:
		_, _ = w.desk.ChangeImpact(w.as(w.sam), id, 0, pick(d, desk.Impacts))
	case 8:
		_, err := w.desk.OnMyWay(w.as(w.sam), id, 5)
		return err == nil, false
	}
	return false, false
}

// compare holds what the desk says of a ticket's clocks against the ledger.
func (w *world) compare(t *testing.T, l *ledger, id desk.TicketID, step int) {
	t.Helper()
	clocks := must[[]desk.Clock](t)(w.desk.Explain(w.as(w.tessa), id))
	var rounds []time.Duration
	for _, c := range clocks {
		var sum time.Duration
		for _, day := range c.Days {
			sum += day.Counted
		}
		if sum != c.Spent {
			t.Errorf("step %d: %s: the days add up to %v, it says %v", step, c.Metric, sum, c.Spent)
		}
		if c.Stopped.IsZero() != (c.Stand == desk.Running || c.Stand == desk.Late || c.Stand == desk.Held) {
			t.Errorf("step %d: %s is %s, stopped %v", step, c.Metric, c.Stand, c.Stopped)
		}
		want, held := l.solve, l.state == desk.Waiting
		switch c.Metric {
		case desk.First:
			want, held = l.first, false
		case desk.Next:
			want, held = l.next, false
			if !c.Stopped.IsZero() {
				rounds = append(rounds, c.Spent)
				continue
			}
			if !l.asked {
				t.Errorf("step %d: a clock waits for an answer, nobody asked", step)
			}
		}
		if c.Spent != want {
			t.Errorf("step %d: %s spent %v, the watch says %v", step, c.Metric, c.Spent, want)
		}
		if (c.Stand == desk.Held) != (held && c.Stopped.IsZero()) {
			t.Errorf("step %d: %s is %s in state %s", step, c.Metric, c.Stand, l.state)
		}
		if c.Stand == desk.Running {
			if due := l.due(c.Target, want); !due.Equal(c.Due) {
				t.Errorf("step %d: %s is due %v, the watch says %v", step, c.Metric, c.Due.In(l.zone), due.In(l.zone))
			}
		}
		if c.Stopped.IsZero() && !c.MissedAt.IsZero() != (c.Stand == desk.Late) && c.Stand != desk.Held {
			t.Errorf("step %d: %s is %s and missed at %v", step, c.Metric, c.Stand, c.MissedAt)
		}
	}
	if !slices.Equal(rounds, l.rounds) {
		t.Errorf("step %d: later answers took %v, the watch says %v", step, rounds, l.rounds)
	}
}
