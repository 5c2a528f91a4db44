package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/errs"
)

// transitions is every move there is: who may, from which state, to which.
// asker is the requester, follower somebody who follows, worker the desk, time
// the clock. What stands nowhere is refused. asked is waiting on the requester,
// waiting is waiting on anything else: the requester's answer is what the one
// waits for, and brings the other's vendor, part or date no nearer, nor does a
// follower's word either of them.
const transitions = `
reply     asker     open:open asked:open waiting:waiting solved:open
reply     follower  open:open asked:asked waiting:waiting solved:solved
reply     worker    open:open asked:asked waiting:waiting solved:solved
note      worker    open:open asked:asked waiting:waiting solved:solved closed:closed
release   worker    open:open asked:asked waiting:waiting
assign    worker    open:open asked:asked waiting:waiting
place     asker     open:open asked:asked waiting:waiting solved:solved
place     worker    open:open asked:asked waiting:waiting solved:solved
service   worker    open:open asked:asked waiting:waiting solved:solved
impact    worker    open:open asked:asked waiting:waiting
title     worker    open:open asked:asked waiting:waiting solved:solved
ask_back  worker    open:asked asked:asked waiting:asked
wait      worker    open:waiting asked:waiting waiting:waiting
resume    worker    asked:open waiting:open
solve     worker    open:solved asked:solved waiting:solved
confirm   asker     open:solved asked:solved waiting:solved solved:solved
not_fixed asker     solved:open
reopen    worker    solved:open closed:open
a_minute  time      open:open asked:asked waiting:waiting solved:solved closed:closed
a_month   time      open:open asked:open waiting:open solved:closed closed:closed`

const asked = "asked"

// stateOf is a ticket's state as the table has it.
func stateOf(t desk.Ticket) desk.State {
	if t.State == desk.Waiting && t.WaitingOn == desk.OnRequester {
		return asked
	}
	return t.State
}

// moves are the transitions as a table: action, who, from -> to.
func moves() map[[3]string]desk.State {
	m := map[[3]string]desk.State{}
	for line := range strings.Lines(strings.TrimSpace(transitions)) {
		f := strings.Fields(line)
		for _, move := range f[2:] {
			from, to, _ := strings.Cut(move, ":")
			m[[3]string{f[0], f[1], from}] = desk.State(to)
		}
	}
	return m
}

func TestStates(t *testing.T) {
	table := moves()
	could := map[[2]string]bool{} // action and who, in any state
	var actions []string
	for k := range table {
		could[[2]string{k[0], k[1]}] = true
	}
	for line := range strings.Lines(strings.TrimSpace(transitions)) {
		actions = append(actions, strings.Fields(line)[0])
	}
	each(t, func(t *testing.T, w *world) {
		d := dice(7)
		var id desk.TicketID
		state, tried := desk.Open, map[[3]string]bool{}
		for step := range 600 {
			if step%200 == 0 {
				id, state = w.ask(w.tessa, "The projector shows no signal"), desk.Open
				w.must(w.desk.AddFollower(w.as(w.sam), id, w.luis.id))
			}
			action := pick(&d, actions)
			who := pick(&d, []string{"asker", "follower", "worker", "worker", "stranger"})
			if k, ok := untried(tried, state); ok && d.chance(75) {
				action, who = k[0], k[1]
			}
			if strings.HasPrefix(action, "a_") {
				who = "time"
			}
			actor := map[string]person{"asker": w.tessa, "follower": w.luis, "worker": w.sam, "stranger": w.priya}[who]
			to, allowed := table[[3]string{action, who, string(state)}]
			tried[[3]string{action, who, string(state)}] = true
			before, version := w.events(), w.version(id)
			err := w.move(action, w.as(actor), id, step)
			want := errs.Internal
			switch {
			case allowed:
				state = to
			case who == "stranger":
				want = errs.NotFound
			case could[[2]string{action, who}]:
				want = errs.Conflict
			default:
				want = errs.Forbidden
			}
			if allowed != (err == nil) || !allowed && errs.KindOf(err) != want {
				t.Fatalf("step %d: %s by %s: %v, allowed %v, want %s", step, action, who, err, allowed, want)
			}
			if !allowed && (w.events() != before || w.version(id) != version) {
				t.Fatalf("step %d: %s by %s was refused and left something", step, action, who)
			}
			got := w.find(w.sam, id)
			if stateOf(got) != state || (got.State == desk.Waiting) != (got.WaitingOn != "") || (got.State == desk.Solved) != !got.ReopenUntil.IsZero() ||
				(got.State == desk.Closed) != !got.ClosedAt.IsZero() || (got.State == desk.Solved || got.State == desk.Closed) != !got.SolvedAt.IsZero() {
				t.Fatalf("step %d: %s by %s: %+v, want %s", step, action, who, got, state)
			}
			if allowed && action == "reply" && got.NeedsAnswer != (who != "worker") {
				t.Fatalf("step %d: %s spoke last, and it needs an answer: %v", step, who, got.NeedsAnswer)
			}
			if got.May(desk.ActSolve) != (state != desk.Solved && state != desk.Closed) {
				t.Fatalf("step %d: in %s the page offers %v", step, state, got.Can)
			}
		}
		for k := range table {
			if !tried[k] {
				t.Errorf("never tried: %v", k)
			}
		}
	})
}

// untried is a move from a state that was not made yet, the first of the table.
func untried(tried map[[3]string]bool, s desk.State) ([3]string, bool) {
	for line := range strings.Lines(strings.TrimSpace(transitions)) {
		f := strings.Fields(line)
		for _, move := range f[2:] {
			from, _, _ := strings.Cut(move, ":")
			if k := [3]string{f[0], f[1], from}; from == string(s) && !tried[k] {
				return k, true
			}
		}
	}
	return [3]string{}, false
}

func (w *world) version(id desk.TicketID) int64 {
	return w.count(`SELECT version FROM desk_ticket WHERE id = $1`, id)
}

// move makes one move; step makes every one of them different from the last.
func (w *world) move(action string, ctx context.Context, id desk.TicketID, step int) error {
	switch action {
	case "reply":
		return second(w.desk.Reply(ctx, id, words))
	case "note":
		return second(w.desk.AddNote(ctx, id, "noted", nil))
	case "release":
		return second(w.desk.Release(ctx, id, 0))
	case "assign":
		return second(w.desk.Assign(ctx, desk.Assign{Ticket: id, Person: []person{w.sam, w.lead}[step%2].id}))
	case "place":
		return second(w.desk.ChangePlace(ctx, desk.ChangePlace{Ticket: id, PlaceText: time.Duration(step).String()}))
	case "service":
		return second(w.desk.ChangeService(ctx, id, 0, w.signIn))
	case "impact":
		return second(w.desk.ChangeImpact(ctx, id, 0, desk.Impacts[step%4]))
	case "title":
		return second(w.desk.ChangeTitle(ctx, id, 0, time.Duration(step).String()))
	case "wait":
		return second(w.desk.Wait(ctx, desk.Wait{Ticket: id, On: []desk.WaitOn{desk.OnVendor, desk.OnPart, desk.OnDate}[step%3]}))
	case "ask_back":
		return second(w.desk.Wait(ctx, desk.Wait{Ticket: id, On: desk.OnRequester}))
	case "resume":
		return second(w.desk.Resume(ctx, id, 0))
	case "solve":
		return second(w.desk.Solve(ctx, id, 0, desk.Words{}))
	case "confirm":
		return second(w.desk.ConfirmFixed(ctx, id, desk.Words{}))
	case "not_fixed":
		return second(w.desk.NotFixed(ctx, id, words))
	case "reopen":
		return second(w.desk.Reopen(ctx, id, 0))
	case "a_minute":
		w.clock.Advance(time.Minute) // within every wait
	case "a_month":
		w.clock.Advance(31 * 24 * time.Hour)
	}
	return w.desk.Sweep(system())
}

// TestTakeOne: of two who press Take at once one has it, and the other learns
// who.
func TestTakeOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.ask(w.tessa, "who is it")
		ch := make(chan error, 2)
		for _, p := range []person{w.sam, w.dana} {
			go func() { ch <- second(w.desk.Take(w.as(p), id)) }()
		}
		a, b := <-ch, <-ch
		if a != nil {
			a, b = b, a
		}
		if a != nil || !errs.Is(b, errs.Conflict) {
			t.Errorf("%v and %v", a, b)
		}
		if n := w.count(`SELECT count(*) FROM event WHERE kind = 'ticket.taken'`); n != 1 {
			t.Errorf("taken %d times", n)
		}
	})
}
