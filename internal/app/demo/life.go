package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

// request is what becomes of one request of a resident.
type request struct {
	*builder
	dice *dice
	by   *resident
	talk talk
	id   desk.TicketID
	with string // key of the helper
	cal  *worktime.Calendar
}

// share is a part of a promised time after which something happens. A few take
// longer than was promised.
func (r *request) share(of time.Duration, low, high, late int) time.Duration {
	percent := r.dice.between(low, high)
	if r.dice.below(1000) < late {
		percent = r.dice.between(110, 240)
	}
	return of*time.Duration(percent)/100 + time.Duration(r.dice.below(50))*time.Second
}

// planned is about how long a plan with a class takes: nothing is promised
// beyond its first answer.
const planned = 60 * time.Hour

// promise is how long an answer and a solution may take, in working time.
func (r *request) promise() (first, solve time.Duration) {
	if r.talk.class != "" {
		return r.promised[desk.PlanPromise].First, planned
	}
	p := r.promised[desk.Impact(r.talk.impact)]
	return p.First, p.Solve
}

func (r *request) promisedFirst() time.Duration { first, _ := r.promise(); return first }

// after is the instant when so much of the place's hours has passed.
func (r *request) after(from time.Time, d time.Duration) time.Time {
	at, err := r.cal.Add(from, d, nil)
	if err != nil {
		return from.Add(d) // beyond the calendar: long after now
	}
	return at
}

// does lets somebody act a while of working time from now.
func (r *request) does(d time.Duration, do func(ctx context.Context) error) {
	r.then(r.after(r.clock.Now(), d), func(ctx context.Context) error {
		if err := do(ctx); err != nil {
			return fmt.Errorf("%s: %w", firstLine(r.talk.ask), err)
		}
		return nil
	})
}

// asking is the context of who asked, helping that of who helps.
func (r *request) asking(ctx context.Context) context.Context {
	return policy.WithActor(ctx, r.by.actor)
}

func (r *request) helping(ctx context.Context) context.Context { return r.as(ctx, r.with) }

func said(text string) desk.Words { return desk.Words{Text: text} }

// ask sends the request and says what comes of it.
func (r *request) ask(ctx context.Context) error {
	c := desk.CreateTicket{Text: r.talk.ask, Impact: desk.Impact(r.talk.impact), Service: r.services[r.talk.service], Private: desk.Private(r.talk.private), Lang: r.by.lang}
	var made desk.Created
	var err error
	if r.talk.class != "" {
		made, err = r.desk.CreatePlan(r.asking(ctx), desk.CreatePlan{Goal: r.talk.ask, Class: r.talk.class, By: ahead(r.clock.Now(), r.zone, r.dice.between(6, 24)), Lang: r.by.lang})
	} else {
		made, err = r.desk.CreateTicket(r.asking(ctx), c)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", firstLine(r.talk.ask), err)
	}
	r.id = made.ID
	r.helps(r.helper(made.Team))
	first := r.share(r.promisedFirst(), 8, 75, 25)
	switch {
	case r.talk.class != "":
		r.does(first, r.plan)
	case r.talk.private != "":
		r.does(first, r.answer)
	case r.near() && (r.talk.impact == "stopped" || r.talk.impact == "blocked") && r.dice.chance(60):
		r.does(first, r.comes)
	case r.talk.tried != "" && r.near() && r.dice.chance(16):
		r.does(first, r.pass)
	case r.talk.wait != "" && r.dice.chance(70):
		r.does(first, r.waits)
	case r.talk.first != "" && r.dice.chance(65):
		r.does(first, r.answer)
	default:
		r.does(first, r.take(r.solve))
	}
	return nil
}

// helps makes somebody the helper, also in what is said to them.
func (r *request) helps(key string) {
	r.with = key
	first := firstOf(personOf(key).name)
	for _, text := range []*string{&r.talk.answer, &r.talk.again, &r.talk.thanks} {
		*text = strings.ReplaceAll(*text, someHelper, first)
	}
}

// near reports whether the helper is one at the school.
func (r *request) near() bool {
	return slices.ContainsFunc(personOf(r.with).roles, func(g grant) bool { return g.role == "tier1" })
}

// helper is somebody of the team who is here.
func (r *request) helper(called string) string {
	i := slices.IndexFunc(r.teamList, func(t team) bool { return t.name == called })
	if i < 0 { // nobody is told the team of a private request
		return "ruth"
	}
	var here []string
	for _, m := range r.teamList[i].members {
		if m != "ruth" && !r.isAway(m) {
			here = append(here, m)
		}
	}
	if r.by.lang != "" && slices.Contains(here, "lucia") {
		return "lucia"
	}
	if len(here) == 0 {
		return "dana"
	}
	return pick(r.dice, here)
}

// take makes the request the helper's own, and then does the next thing.
func (r *request) take(then func(ctx context.Context) error) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		if !r.dice.chance(40) {
			return then(ctx)
		}
		if _, err := r.desk.Take(r.helping(ctx), r.id); err != nil {
			return err
		}
		r.does(time.Duration(r.dice.between(2, 9))*time.Minute, then)
		return nil
	}
}

// answer is a first reply, before the solution.
func (r *request) answer(ctx context.Context) error {
	if r.talk.first == "" {
		return r.take(r.solve)(ctx)
	}
	if _, err := r.desk.Take(r.helping(ctx), r.id); err != nil {
		return err
	}
	if _, err := r.desk.Reply(r.helping(ctx), r.id, said(r.talk.first)); err != nil {
		return err
	}
	if r.talk.note != "" && r.dice.chance(50) {
		r.does(time.Minute, r.jot)
	}
	r.later(r.solve)
	return nil
}

func (r *request) jot(ctx context.Context) error {
	_, err := r.desk.AddNote(r.helping(ctx), r.id, r.talk.note, nil)
	return err
}

// later does something within the time promised for a solution.
func (r *request) later(do func(ctx context.Context) error) {
	_, solve := r.promise()
	r.does(r.share(solve, 6, 62, 35), do)
}

// comes is what somebody in the building does when a class is stuck.
func (r *request) comes(ctx context.Context) error {
	if r.dice.chance(50) {
		if _, err := r.desk.OnMyWay(r.helping(ctx), r.id, r.dice.between(2, 9)); err != nil {
			return err
		}
		r.does(time.Duration(r.dice.between(8, 40))*time.Minute, r.solve)
		return nil
	}
	if _, err := r.desk.LogHelp(r.helping(ctx), r.id, r.clock.Now().Add(-time.Minute), desk.Words{}); err != nil {
		return err
	}
	r.does(time.Duration(r.dice.between(5, 30))*time.Minute, r.solve)
	return nil
}

// pass hands the request up with what was tried.
func (r *request) pass(ctx context.Context) error {
	if _, err := r.desk.Take(r.helping(ctx), r.id); err != nil {
		return err
	}
	r.does(time.Duration(r.dice.between(15, 90))*time.Minute, func(ctx context.Context) error {
		if _, err := r.desk.HandUp(r.helping(ctx), desk.HandUp{Ticket: r.id, Tried: r.talk.tried}); err != nil {
			return err
		}
		t, err := r.desk.FindTicket(r.as(ctx, "dana"), r.id)
		if err != nil {
			return err
		}
		r.with = r.helper(t.TeamName)
		r.does(r.share(r.promisedFirst(), 10, 60, 25), r.answer)
		return nil
	})
	return nil
}

// waits says on whom or what it waits, and goes on when that is there.
func (r *request) waits(ctx context.Context) error {
	if _, err := r.desk.Take(r.helping(ctx), r.id); err != nil {
		return err
	}
	on := desk.WaitOn(r.talk.waitOn)
	if _, err := r.desk.Wait(r.helping(ctx), desk.Wait{Ticket: r.id, On: on, Words: said(r.talk.wait)}); err != nil {
		return err
	}
	switch {
	case on != desk.OnRequester:
		r.does(time.Duration(r.dice.between(8, 50))*time.Hour, r.solve)
	case r.talk.answer == "" || r.dice.chance(15): // nobody answers; it comes back by itself
		r.does(time.Duration(r.dice.between(30, 60))*time.Hour, r.solve)
	default:
		r.does(time.Duration(r.dice.between(20, 700))*time.Minute, func(ctx context.Context) error {
			if _, err := r.desk.Reply(r.asking(ctx), r.id, said(r.talk.answer)); err != nil {
				return err
			}
			r.does(time.Duration(r.dice.between(10, 200))*time.Minute, r.solve)
			return nil
		})
	}
	return nil
}

// solve says what was done; who asked may say that it helped, or that it
// didn't.
func (r *request) solve(ctx context.Context) error {
	if _, err := r.desk.Solve(r.helping(ctx), r.id, 0, said(r.talk.solve)); err != nil {
		return err
	}
	switch d := time.Duration(r.dice.between(4, 300)) * time.Minute; {
	case r.after(r.clock.Now(), d).Sub(r.clock.Now()) > 5*24*time.Hour:
		// Nobody comes back to it after a break.
	case r.talk.again != "" && r.dice.chance(4):
		r.does(d, func(ctx context.Context) error {
			if _, err := r.desk.NotFixed(r.asking(ctx), r.id, said(r.talk.again)); err != nil {
				return err
			}
			r.does(r.share(r.promisedFirst(), 10, 80, 25), func(ctx context.Context) error {
				_, err := r.desk.Solve(r.helping(ctx), r.id, 0, said(r.talk.redo))
				return err
			})
			return nil
		})
	case r.talk.thanks != "" || r.dice.chance(10):
		r.does(d, func(ctx context.Context) error {
			_, err := r.desk.ConfirmFixed(r.asking(ctx), r.id, said(r.talk.thanks))
			return err
		})
	}
	return nil
}

// plan is what a coach does with a plan for a class.
func (r *request) plan(ctx context.Context) error {
	if _, err := r.desk.Take(r.helping(ctx), r.id); err != nil {
		return err
	}
	if r.talk.first != "" {
		if _, err := r.desk.Reply(r.helping(ctx), r.id, said(r.talk.first)); err != nil {
			return err
		}
	}
	r.later(func(ctx context.Context) error {
		outcome := pick(r.dice, []desk.Outcome{"plan", "visit", "session", "setting"})
		_, err := r.desk.FinishPlan(r.helping(ctx), desk.FinishPlan{Ticket: r.id, Outcome: outcome, Words: said(r.talk.solve)})
		return err
	})
	return nil
}

// isAway reports whether a helper is away today.
func (b *builder) isAway(key string) bool { return b.clock.Now().Before(b.away[key]) }

// firstOf is a first name.
func firstOf(name string) string { f, _, _ := strings.Cut(name, " "); return f }
