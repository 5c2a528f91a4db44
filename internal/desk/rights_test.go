package desk_test

import (
	"bytes"
	"context"
	"reflect"
	"slices"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

// example is one valid call of a method. ready makes what it needs; call is
// the call itself, as whoever ctx says.
type example struct {
	method string
	who    string // the person of the world who may
	call   func(w *world, ctx context.Context, x *given) error
	ready  func(w *world, x *given)
	// strangers is what somebody gets who has nothing to do with the object;
	// NotFound where there is one that they may not see.
	strangers errs.Kind
	// seers is what somebody gets who sees the object and may not do this; 0
	// (Internal) if whoever sees it may.
	seers errs.Kind
	// self is set where everybody is answered about their own things.
	self bool
}

// given is what an example works on.
type given struct {
	ticket desk.TicketID
	file   desk.FileID
	event  desk.EventID
	row    desk.PastRowID
}

func solved(w *world, x *given) { w.must(w.desk.Solve(w.as(w.dana), x.ticket, 0, desk.Words{})) }
func taken(w *world, x *given)  { w.must(w.desk.Take(w.as(w.dana), x.ticket)) }
func waits(w *world, x *given) {
	w.must(w.desk.Wait(w.as(w.dana), desk.Wait{Ticket: x.ticket, On: desk.OnPart}))
}
func follows(w *world, x *given) { w.must(w.desk.AddFollower(w.as(w.dana), x.ticket, w.luis.id)) }

// photo gives a message of the requester a file.
func photo(w *world, x *given) {
	x.file = w.upload(w.tessa, "screen.txt", "it is black")
	w.must(w.desk.Reply(w.as(w.tessa), x.ticket, desk.Words{Files: []desk.FileID{x.file}}))
}

func passed(w *world, x *given) {
	w.must(w.desk.HandUp(w.as(w.dana), desk.HandUp{Ticket: x.ticket, Team: w.vendor, Tried: "restarted it"}))
}

// brought makes it one that another desk had, with a line of its record.
func brought(w *world, x *given) {
	here := x.ticket
	x.ticket = -here
	w.write(func(tx *db.Tx) {
		var source, run int64
		w.scan(tx, &source, `INSERT INTO desk_past_source (name, map, zone, hours, site, team, person) VALUES ($1, '{}', '', 'Mon-Fri 08:00-16:00', $2, $3, $4) RETURNING id`,
			here.String(), w.marsh, w.help, w.tessa.id)
		w.scan(tx, &run, `INSERT INTO desk_past_run (source, file, hash, size, state, begun) VALUES ($1, 'old.csv', '', 0, 'done', 0) RETURNING id`, source)
		w.exec(tx, `INSERT INTO desk_ticket (id, title, state, impact, turn, requester, owner_team, site, channel, lang, created, updated, said_at, said_by_desk, closed_at)
			SELECT -id, title, 'closed', impact, turn, requester, owner_team, site, 'import', lang, created, updated, said_at, TRUE, created FROM desk_ticket WHERE id = $1`, here)
		w.exec(tx, `INSERT INTO desk_past (ticket, source, run, last_run, case_key, digest) VALUES ($1, $2, $3, $3, 'T-1', '')`, x.ticket, source, run)
		w.scan(tx, &x.row, `INSERT INTO desk_past_row (ticket, run, seq, at, status) VALUES ($1, $2, 1, 1000000, 'New') RETURNING id`, x.ticket, run)
		w.exec(tx, `INSERT INTO desk_participant (ticket, person, role) VALUES ($1, $2, 'follower')`, x.ticket, w.luis.id)
	})
}

var words = desk.Words{Text: "something"}

var plan = desk.CreatePlan{Goal: "Students record a podcast and share it", By: worktime.Date{Year: 2027, Month: 5, Day: 4}, Class: "7B, English"}

// examples holds every method that a person calls. The ticket is Tessa's at
// Marsh, where Dana helps and Luis follows.
var examples = []example{
	{method: "AddFile", who: "tessa", self: true, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.AddFile(ctx, "a.txt", bytes.NewReader([]byte("a"))))
	}},
	{method: "AddFollower", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.AddFollower(ctx, x.ticket, w.priya.id))
	}},
	{method: "AddNote", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.AddNote(ctx, x.ticket, "a note", nil))
	}},
	{method: "Alarms", who: "dana", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Alarms(ctx))
	}},
	{method: "AddTried", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, ready: func(w *world, x *given) {
		w.must(w.desk.ChangeImpact(w.as(w.dana), x.ticket, 0, desk.Stopped))
		w.must(w.desk.HandUp(w.as(w.dana), desk.HandUp{Ticket: x.ticket, Team: w.vendor}))
	}, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.AddTried(ctx, desk.AddTried{Ticket: x.ticket, Text: "restarted it"}))
	}},
	{method: "Assign", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Assign(ctx, desk.Assign{Ticket: x.ticket, Person: w.sam.id}))
	}},
	{method: "ChangeImpact", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.ChangeImpact(ctx, x.ticket, 0, desk.Stopped))
	}},
	{method: "ChangePlace", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.ChangePlace(ctx, desk.ChangePlace{Ticket: x.ticket, Room: w.room214}))
	}},
	{method: "ChangeService", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.ChangeService(ctx, x.ticket, 0, w.printing))
	}},
	{method: "ChangeTitle", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.ChangeTitle(ctx, x.ticket, 0, "Another title"))
	}},
	{method: "CloseExpired", who: "system", strangers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.CloseExpired(ctx))
	}},
	{method: "ConfirmFixed", who: "tessa", strangers: errs.NotFound, seers: errs.Forbidden, ready: solved, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.ConfirmFixed(ctx, x.ticket, desk.Words{}))
	}},
	{method: "Counts", who: "dana", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Counts(ctx))
	}},
	{method: "CreatePlan", who: "tessa", self: true, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.CreatePlan(ctx, plan))
	}},
	{method: "CreateTicket", who: "tessa", self: true, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.CreateTicket(ctx, desk.CreateTicket{Text: "help", Site: w.marsh}))
	}},
	{method: "DropPromises", who: "admin", strangers: errs.Forbidden, seers: errs.Forbidden, ready: func(w *world, x *given) {
		ok(w.t.(*testing.T), nil, w.desk.SetPromises(w.as(w.admin), []desk.Promise{{Impact: desk.Stopped, Site: w.marsh, First: 600e9, Next: 600e9, Solve: 7200e9}}))
	}, call: func(w *world, ctx context.Context, x *given) error {
		return w.desk.DropPromises(ctx, w.marsh, 0)
	}},
	{method: "Earlier", who: "dana", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Earlier(ctx, w.tessa.id, x.ticket, 5))
	}},
	{method: "EarlierMessages", who: "luis", strangers: errs.NotFound, call: func(w *world, ctx context.Context, x *given) error {
		_, _, err := w.desk.EarlierMessages(ctx, x.ticket, 1<<40)
		return err
	}},
	{method: "EarlierNotes", who: "dana", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		_, _, err := w.desk.EarlierNotes(ctx, x.ticket, 1<<40)
		return err
	}},
	{method: "Expect", who: "tessa", self: true, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Expect(ctx, w.marsh, 0, ""))
	}},
	{method: "ExpectPlan", who: "tessa", self: true, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.ExpectPlan(ctx, w.marsh))
	}},
	{method: "Explain", who: "luis", strangers: errs.NotFound, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Explain(ctx, x.ticket))
	}},
	{method: "FindTicket", who: "luis", strangers: errs.NotFound, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.FindTicket(ctx, x.ticket))
	}},
	{method: "FinishPlan", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, ready: func(w *world, x *given) {
		x.ticket = must[desk.Created](w.t)(w.desk.CreatePlan(w.as(w.tessa), plan)).ID
		follows(w, x)
	}, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.FinishPlan(ctx, desk.FinishPlan{Ticket: x.ticket, Outcome: desk.Visit, Words: words}))
	}},
	{method: "Follow", who: "tessa", strangers: errs.NotFound, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Follow(ctx, x.ticket))
	}},
	{method: "HandBack", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, ready: passed, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.HandBack(ctx, desk.HandBack{Ticket: x.ticket, Why: "not ours"}))
	}},
	{method: "HandUp", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.HandUp(ctx, desk.HandUp{Ticket: x.ticket, Team: w.vendor, Tried: "restarted it"}))
	}},
	{method: "Handoffs", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, ready: passed, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Handoffs(ctx, x.ticket))
	}},
	{method: "History", who: "luis", strangers: errs.NotFound, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.History(ctx, x.ticket))
	}},
	{method: "ListTickets", who: "dana", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.ListTickets(ctx, desk.Query{}))
	}},
	{method: "LogHelp", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.LogHelp(ctx, x.ticket, w.clock.Now(), desk.Words{}))
	}},
	{method: "MakePrivate", who: "lead", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.MakePrivate(ctx, x.ticket, 0, desk.Safety)) // nobody is named: the lead alone
	}},
	{method: "MakePublic", who: "officer", strangers: errs.NotFound, seers: errs.Forbidden, ready: func(w *world, x *given) {
		x.ticket = w.ask(w.tessa, "private", func(c *desk.CreateTicket) { c.Private = desk.Privacy })
	}, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.MakePublic(ctx, x.ticket, 0))
	}},
	{method: "Oversee", who: "dana", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return w.desk.Oversee(ctx, func(*db.Tx, string, []any) error { return nil })
	}},
	{method: "Overlook", who: "dana", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return w.desk.Overlook(ctx, 0, func(*db.Tx, string, []any, bool) error { return nil })
	}},
	{method: "PastRows", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, ready: brought, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.PastRows(ctx, x.ticket))
	}},
	{method: "RemovePastRow", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, ready: brought, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.RemovePastRow(ctx, x.ticket, x.row))
	}},
	{method: "RestorePastRow", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, ready: func(w *world, x *given) {
		brought(w, x)
		w.must(w.desk.RemovePastRow(w.as(w.dana), x.ticket, x.row))
	}, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.RestorePastRow(ctx, x.ticket, x.row))
	}},
	{method: "MyRequests", who: "tessa", self: true, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.MyRequests(ctx, ""))
	}},
	{method: "NamedPeople", who: "admin", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.NamedPeople(ctx))
	}},
	{method: "NotFixed", who: "tessa", strangers: errs.NotFound, seers: errs.Forbidden, ready: solved, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.NotFixed(ctx, x.ticket, words))
	}},
	{method: "OnMyWay", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.OnMyWay(ctx, x.ticket, 5))
	}},
	{method: "OpenFile", who: "luis", strangers: errs.NotFound, ready: photo, call: func(w *world, ctx context.Context, x *given) error {
		c, err := w.desk.OpenFile(ctx, x.file)
		if err == nil {
			err = c.Close()
		}
		return err
	}},
	{method: "OpenPreview", who: "luis", strangers: errs.NotFound, ready: func(w *world, x *given) {
		photo(w, x)
		w.write(func(tx *db.Tx) { w.exec(tx, `UPDATE desk_file SET preview = hash WHERE id = $1`, x.file) })
	}, call: func(w *world, ctx context.Context, x *given) error {
		c, err := w.desk.OpenPreview(ctx, x.file)
		if err == nil {
			err = c.Close()
		}
		return err
	}},
	{method: "PrivateReaders", who: "tessa", self: true, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.PrivateReaders(ctx))
	}},
	{method: "Promises", who: "dana", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Promises(ctx))
	}},
	{method: "Release", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, ready: taken, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Release(ctx, x.ticket, 0))
	}},
	{method: "RemoveFollower", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.RemoveFollower(ctx, x.ticket, w.priya.id))
	}},
	{method: "Reopen", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, ready: solved, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Reopen(ctx, x.ticket, 0))
	}},
	{method: "Reply", who: "tessa", strangers: errs.NotFound, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Reply(ctx, x.ticket, words))
	}},
	{method: "Resume", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, ready: waits, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Resume(ctx, x.ticket, 0))
	}},
	{method: "ResumeDue", who: "system", strangers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.ResumeDue(ctx))
	}},
	{method: "RingClocks", who: "system", strangers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.RingClocks(ctx))
	}},
	{method: "RunningClocks", who: "dana", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.RunningClocks(ctx))
	}},
	{method: "Search", who: "tessa", self: true, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Search(ctx, "help", ""))
	}},
	{method: "Seen", who: "tessa", self: true, call: func(w *world, ctx context.Context, x *given) error {
		return w.desk.Seen(ctx, x.ticket)
	}},
	{method: "SentTo", who: "tessa", strangers: errs.NotFound, seers: errs.NotFound, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.SentTo(ctx, x.ticket))
	}},
	{method: "SetAlarms", who: "admin", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return w.desk.SetAlarms(ctx, desk.SetAlarms{Impact: desk.Question, Alarms: []desk.Alarm{{Metric: desk.First, Point: desk.After, Tell: desk.TellLead}}})
	}},
	{method: "SetNamed", who: "admin", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return w.desk.SetNamed(ctx, desk.LostDevice, []district.PersonID{w.sam.id})
	}},
	{method: "SetPromises", who: "admin", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return w.desk.SetPromises(ctx, []desk.Promise{{Impact: desk.Stopped, First: 600e9, Next: 600e9, Solve: 7200e9}})
	}},
	{method: "Shift", who: "admin", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Shift(ctx, calendar.SetDays{Changes: []calendar.DayChange{{Site: w.marsh, Date: worktime.Date{Year: 2026, Month: 3, Day: 3}, Day: calendar.Day{Kind: calendar.Closed, Name: "Snow day"}}}}))
	}},
	{method: "Solve", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Solve(ctx, x.ticket, 0, words))
	}},
	{method: "SweepFiles", who: "system", strangers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.SweepFiles(ctx))
	}},
	{method: "Take", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Take(ctx, x.ticket))
	}},
	{method: "Undo", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, ready: func(w *world, x *given) {
		taken(w, x)
		h := w.history(w.dana, x.ticket)
		x.event = h[len(h)-1].Event
	}, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Undo(ctx, x.ticket, x.event))
	}},
	{method: "Unfollow", who: "luis", strangers: errs.NotFound, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Unfollow(ctx, x.ticket))
	}},
	{method: "Unwound", who: "dana", strangers: errs.Forbidden, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Unwound(ctx))
	}},
	{method: "Visible", who: "luis", self: true, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Visible(ctx, []desk.TicketID{x.ticket}))
	}},
	{method: "Wait", who: "dana", strangers: errs.NotFound, seers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.Wait(ctx, desk.Wait{Ticket: x.ticket, On: desk.OnVendor}))
	}},
	{method: "WindClocks", who: "system", strangers: errs.Forbidden, call: func(w *world, ctx context.Context, x *given) error {
		return second(w.desk.WindClocks(ctx))
	}},
}

// upkeep is what Trellis does by itself: no door leads there.
var upkeep = []string{"HandOver", "HandOverTeam", "NextDue", "Preview", "RegisterJobs", "Sweep"}

// TestRights calls every method as one who may, who must succeed, and before
// that as each who may not: anonymous, without a scope, as a stranger, and as
// one who sees the object and may not do this to it.
func TestRights(t *testing.T) {
	var have []string
	for _, e := range examples {
		have = append(have, e.method)
	}
	var want []string
	for m := range reflect.TypeFor[*desk.Desk]().Methods() {
		if !slices.Contains(upkeep, m.Name) {
			want = append(want, m.Name)
		}
	}
	slices.Sort(have)
	if !slices.Equal(have, want) {
		t.Fatalf("examples of\n%v\nmethods are\n%v", have, want)
	}
	each(t, func(t *testing.T, w *world) {
		w.write(func(tx *db.Tx) { w.exec(tx, `DELETE FROM desk_private_named WHERE kind = 'safety'`) })
		for _, e := range examples {
			x := &given{ticket: w.ask(w.tessa, "The projector shows no signal")}
			follows(w, x)
			if e.ready != nil {
				e.ready(w, x)
			}
			refused := func(as string, ctx context.Context, want errs.Kind) {
				t.Helper()
				before := w.events()
				if err := e.call(w, ctx, x); err == nil || errs.KindOf(err) != want {
					t.Errorf("%s as %s: %v, want %s", e.method, as, err, want)
				}
				if after := w.events(); after != before {
					t.Errorf("%s as %s: refused, and left %d events", e.method, as, after-before)
				}
			}
			nobody, want := context.Background(), errs.Unauthenticated
			if e.who == "system" {
				want = errs.Forbidden
			}
			refused("nobody", nobody, want)
			if e.who != "system" {
				refused("system", system(), errs.Unauthenticated) // methods are people's
			}
			if e.who != "system" {
				a := policy.ActorFrom(w.as(w.by(e.who)))
				a.Token, a.Scopes = 1, []string{"other:scope"}
				refused("a token without scope", policy.WithActor(context.Background(), a), errs.Forbidden)
			}
			if !e.self {
				refused("a stranger", w.as(w.priya), e.strangers)
			}
			if e.seers != 0 {
				refused("one who sees it", w.as(w.luisOr(e)), e.seers)
			}
			ctx := system()
			if e.who != "system" {
				ctx = w.as(w.by(e.who))
			}
			if err := e.call(w, ctx, x); err != nil {
				t.Errorf("%s as %s, who may: %v", e.method, e.who, err)
			}
		}
	})
}

// luisOr is who sees the example's object without rights: Luis follows the
// ticket; of a private one it is the requester.
func (w *world) luisOr(e example) person {
	if e.method == "MakePublic" {
		return w.tessa
	}
	return w.luis
}

func (w *world) by(name string) person {
	return map[string]person{"tessa": w.tessa, "luis": w.luis, "dana": w.dana, "lead": w.lead, "officer": w.officer, "admin": w.admin, "sam": w.sam}[name]
}

func (w *world) must(_ any, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) events() int64 { return w.count(`SELECT count(*) FROM event`) }

func (w *world) history(p person, id desk.TicketID) []desk.Line {
	w.t.Helper()
	return must[[]desk.Line](w.t)(w.desk.History(w.as(p), id))
}

func (w *world) upload(p person, name, content string) desk.FileID {
	w.t.Helper()
	return must[desk.File](w.t)(w.desk.AddFile(w.as(p), name, bytes.NewReader([]byte(content)))).ID
}

// TestToken: a token without a desk scope is its person without the desk.
func TestToken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		own, other := w.ask(w.dana, "mine"), w.ask(w.tessa, "hers")
		a := policy.ActorFrom(w.as(w.dana))
		a.Token, a.Scopes = 7, []string{district.ScopeRequestsRead, district.ScopeRequestsWrite}
		ctx := policy.WithActor(context.Background(), a)
		if got := must[desk.Ticket](t)(w.desk.FindTicket(ctx, own)); got.Works || got.Inside != nil {
			t.Errorf("works on her own by a requester's token: %+v", got)
		}
		for what, err := range map[string]error{
			"find":   second(w.desk.FindTicket(ctx, other)),
			"reply":  second(w.desk.Reply(ctx, other, words)),
			"note":   second(w.desk.AddNote(ctx, own, "x", nil)),
			"list":   second(w.desk.ListTickets(ctx, desk.Query{})),
			"counts": second(w.desk.Counts(ctx)),
		} {
			if err == nil {
				t.Errorf("%s came through", what)
			}
		}
		if f := must[desk.Found](t)(w.desk.Search(ctx, "hers", "")); f.Total != 0 {
			t.Errorf("found %+v", f)
		}
		a.Scopes = []string{district.ScopeDeskRead, district.ScopeDeskWrite}
		ctx = policy.WithActor(context.Background(), a)
		w.must(w.desk.AddNote(ctx, other, "x", nil))
		w.must(w.desk.ListTickets(ctx, desk.Query{}))
	})
}

// TestRoles: what the SQL takes for helpers and staff is what the district's
// policies take for them.
func TestRoles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.ask(w.tessa, "wide")
		for _, role := range district.Roles {
			var p person
			w.write(func(tx *db.Tx) { p = w.person(tx, "Role "+role, 0, policy.Grant{Role: role}) })
			a := policy.ActorFrom(w.as(p))
			if got, want := second(w.desk.FindTicket(w.as(p), id)) == nil, district.Helper.Permits(a); got != want {
				t.Errorf("%s sees every ticket: %v, is a helper: %v", role, got, want)
			}
			offer := desk.OfferTo(a)
			err := second(w.desk.CreateTicket(w.as(p), desk.CreateTicket{Text: "x", Site: w.marsh, Beneficiary: w.luis.id}))
			if got, want := err == nil, district.Helper.Permits(a); got != want || offer.Others != want {
				t.Errorf("%s asks for others: %v, is offered to: %v, is a helper: %v (%v)", role, got, offer.Others, want, err)
			}
			err = second(w.desk.CreateTicket(w.as(p), desk.CreateTicket{Text: "x", Site: w.marsh, Impact: desk.Stopped}))
			if got, want := err == nil, district.Staff.Permits(a); got != want || offer.Stopped != want {
				t.Errorf("%s has a class that is stopped: %v, is offered to: %v, is staff: %v (%v)", role, got, offer.Stopped, want, err)
			}
			if err != nil {
				if got := wrong(err); got != "impact stopped" {
					t.Errorf("%s is told %q", role, got)
				}
			}
			// A follower is a colleague, whom everybody on the staff may name.
			own := must[desk.Created](t)(w.desk.CreateTicket(w.as(p), desk.CreateTicket{Text: "x", Site: w.marsh}))
			if got, want := second(w.desk.AddFollower(w.as(p), own.ID, w.luis.id)) == nil, district.Staff.Permits(a); got != want {
				t.Errorf("%s names a follower: %v, is staff: %v", role, got, want)
			}
		}
	})
}
