package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

// wrong names the fields that an error complains about.
func wrong(err error) string {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return fmt.Sprint(err)
	}
	var out []string
	for _, f := range e.Fields {
		out = append(out, f.Name+" "+f.Key[strings.LastIndexByte(f.Key, '.')+1:])
	}
	if len(out) == 0 {
		return e.Key
	}
	return strings.Join(out, ", ")
}

func TestBadInput(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var closed struct{ site, room, service, person int64 }
		w.write(func(tx *db.Tx) {
			w.scan(tx, &closed.site, `INSERT INTO district_site (name, short, fold, level, zone, active) VALUES ('Old', 'Old', 'old', 'middle', 'UTC', FALSE) RETURNING id`)
			w.scan(tx, &closed.person, `INSERT INTO district_person (name, fold, lang, created, active) VALUES ('Gone', 'gone', 'en', 0, FALSE) RETURNING id`)
		})
		create := func(f func(c *desk.CreateTicket)) error {
			c := desk.CreateTicket{Text: "x"}
			f(&c)
			return second(w.desk.CreateTicket(w.as(w.tessa), c))
		}
		long := strings.Repeat("é", desk.MaxText+1)
		id := w.ask(w.tessa, "The projector shows no signal")
		before := w.events()
		now := w.clock.Now()
		for _, c := range []struct {
			what string
			err  error
			want string
		}{
			{"empty", create(func(c *desk.CreateTicket) { c.Text = " \n\t\u200b " }), "text required"},
			{"too long", create(func(c *desk.CreateTicket) { c.Text = long }), "text too_long"},
			{"far too long", create(func(c *desk.CreateTicket) { c.Text = strings.Repeat("x", 10<<20) }), "text too_long"},
			{"everything", create(func(c *desk.CreateTicket) {
				*c = desk.CreateTicket{Impact: "P1", Channel: "fax", Private: "gossip", Site: 99, Room: 98, Service: 97, Beneficiary: 96,
					PlaceText: strings.Repeat("x", 201), Contact: strings.Repeat("x", 201)}
			}), "text required, impact unknown_choice, channel unknown_choice, private unknown_choice, beneficiary unknown_choice, site unknown_choice, room unknown_choice, service unknown_choice, place too_long, contact too_long"},
			{"negative ids", create(func(c *desk.CreateTicket) { c.Site, c.Room, c.Service = -1, -1, -1 }), "site unknown_choice, room unknown_choice, service unknown_choice"},
			{"a room elsewhere", create(func(c *desk.CreateTicket) { c.Room = w.room105 }), "room unknown_choice"},
			{"a closed site", create(func(c *desk.CreateTicket) { c.Site = district.SiteID(closed.site) }), "site unknown_choice"},
			{"somebody who left", second(w.desk.CreateTicket(w.as(w.sam), desk.CreateTicket{Text: "x", Requester: district.PersonID(closed.person)})), "requester unknown_choice"},
			{"for another", second(w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{Text: "x", Requester: w.luis.id})), "desk.create.for_others"},
			{"for another, elsewhere", second(w.desk.CreateTicket(w.as(w.omar), desk.CreateTicket{Text: "x", Requester: w.tessa.id})), "desk.create.for_others"},
			{"a student for another", second(w.desk.CreateTicket(w.as(w.kim), desk.CreateTicket{Text: "x", Beneficiary: w.tessa.id})), "beneficiary unknown_choice"},
			{"a student elsewhere", second(w.desk.CreateTicket(w.as(w.priya), desk.CreateTicket{Text: "x", Beneficiary: w.kim.id})), "beneficiary unknown_choice"},
			{"without a place", second(w.desk.CreateTicket(w.as(w.officer), desk.CreateTicket{Text: "x"})), "site where"},
			{"eleven files", create(func(c *desk.CreateTicket) { c.Files = []desk.FileID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11} }), "files too_many"},
			{"reply empty", second(w.desk.Reply(w.as(w.tessa), id, desk.Words{})), "text required"},
			{"reply too long", second(w.desk.Reply(w.as(w.tessa), id, desk.Words{Text: long})), "text too_long"},
			{"note empty", second(w.desk.AddNote(w.as(w.sam), id, "", nil)), "text required"},
			{"no such ticket", second(w.desk.Reply(w.as(w.tessa), 424242, words)), "desk.ticket.not_found"},
			{"ticket 0", second(w.desk.FindTicket(w.as(w.sam), 0)), "desk.ticket.not_found"},
			{"ticket -1", second(w.desk.FindTicket(w.as(w.sam), -1)), "desk.ticket.not_found"},
			{"title empty", second(w.desk.ChangeTitle(w.as(w.sam), id, 0, "\n")), "title required"},
			{"title too long", second(w.desk.ChangeTitle(w.as(w.sam), id, 0, strings.Repeat("x", 121))), "title too_long"},
			{"impact", second(w.desk.ChangeImpact(w.as(w.sam), id, 0, "")), "impact unknown_choice"},
			{"service", second(w.desk.ChangeService(w.as(w.sam), id, 0, 77)), "service unknown_choice"},
			{"assign to a teacher", second(w.desk.Assign(w.as(w.sam), desk.Assign{Ticket: id, Person: w.luis.id})), "person unknown_choice"},
			{"assign to nobody's team", second(w.desk.Assign(w.as(w.sam), desk.Assign{Ticket: id, Team: 55})), "team unknown_choice"},
			{"wait on nothing, in the past", second(w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: id, Until: now})), "on unknown_choice, until past"},
			{"wait for ever", second(w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: id, On: desk.OnDate, Until: now.AddDate(3, 0, 0)})), "until too_far"},
			{"wait until the end of time", second(w.desk.Wait(w.as(w.sam), desk.Wait{Ticket: id, On: desk.OnDate, Until: time.Unix(1<<40, 0)})), "until too_far"},
			{"follower who left", second(w.desk.AddFollower(w.as(w.sam), id, district.PersonID(closed.person))), "person unknown_choice"},
			{"undo nothing", second(w.desk.Undo(w.as(w.sam), id, 99999)), "desk.undo.nothing"},
			{"undo its creation", second(w.desk.Undo(w.as(w.sam), id, w.history(w.sam, id)[0].Event)), "desk.undo.nothing"},
			{"list", second(w.desk.ListTickets(w.as(w.sam), desk.Query{View: "v", State: "s", Sort: "o", Limit: 201})), "view unknown_choice, state unknown_choice, sort unknown_choice, limit too_large"},
			{"negative page", second(w.desk.ListTickets(w.as(w.sam), desk.Query{Limit: -1})), "limit too_small"},
			{"cursor", second(w.desk.ListTickets(w.as(w.sam), desk.Query{Cursor: "💥"})), "error.bad_cursor"},
			{"cursor of another list", second(w.desk.MyRequests(w.as(w.sam), "dHVybiAxIDE")), "error.bad_cursor"},
			{"nobody named", w.desk.SetNamed(w.as(w.admin), desk.Safety, nil), "people required"},
			{"a teacher named", w.desk.SetNamed(w.as(w.admin), desk.Safety, idsOf(w.tessa)), "people unknown_choice"},
			{"named for nothing", w.desk.SetNamed(w.as(w.admin), "gossip", idsOf(w.sam)), "kind unknown_choice"},
		} {
			if got := wrong(c.err); got != c.want {
				t.Errorf("%s: %q, want %q", c.what, got, c.want)
			}
		}
		if n := w.events(); n != before {
			t.Errorf("refused input left %d events", n-before)
		}
	})
}

// TestHostileText: whatever is written is kept as it was meant, harmless, and
// found again.
func TestHostileText(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for in, want := range map[string]string{
			"a\x00b\x1b[31mc":               "ab[31mc",
			"line\r\nnext\rlast":            "line\nnext\nlast",
			"bad \xff\xfe bytes":            "bad \uFFFD bytes",
			"\u202egnp.exe\u202c safe":      "gnp.exe safe",
			"<script>alert(1)</script>":     "<script>alert(1)</script>",
			"'; DROP TABLE desk_ticket; --": "'; DROP TABLE desk_ticket; --",
			"{{.Title}} ${x} %s":            "{{.Title}} ${x} %s",
			"👩‍👩‍👧 مرحبا שלום 你好":           "👩‍👩‍👧 مرحبا שלום 你好",
			"  \u200b\n\n  second line  ":   "second line",
			strings.Repeat("word ", 3999):   strings.TrimSpace(strings.Repeat("word ", 3999)),
		} {
			id := w.ask(w.tessa, in)
			got := w.find(w.tessa, id)
			if got.Messages[0].Text != want {
				t.Errorf("%q became %q", in, got.Messages[0].Text)
			}
			if n := len([]rune(got.Title)); n == 0 || n > desk.MaxTitle || strings.ContainsAny(got.Title, "\n\r") {
				t.Errorf("title %q of %q", got.Title, in)
			}
		}
		for _, q := range []string{`"`, `*`, `a OR b`, `NEAR(x)`, "\x00", `' & | !`, strings.Repeat("x ", 5000), "💥", ":*", "-1"} {
			if err := second(w.desk.Search(w.as(w.sam), q, "")); err != nil {
				t.Errorf("search %.20q: %v", q, err)
			}
		}
	})
}

// TestAsking: what a request is completed with.
func TestAsking(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.write(func(tx *db.Tx) {
			w.exec(tx, `UPDATE district_person SET room = $1, lang = 'es-US' WHERE id = $2`, w.room214, w.tessa.id)
			w.exec(tx, `UPDATE district_site SET team = $1 WHERE id = $2`, w.network, w.orchard)
		})
		home := w.find(w.tessa, w.ask(w.tessa, "x"))
		if home.Place.Site != w.marsh || home.Place.Room != w.room214 || home.Contact != "(555) 0142" || home.Lang != "es-US" || home.Impact != desk.Slowed || home.Team != w.help {
			t.Errorf("%+v", home)
		}
		away := w.find(w.tessa, w.ask(w.tessa, "x", func(c *desk.CreateTicket) {
			c.Site, c.PlaceText, c.Contact, c.Lang, c.Impact = w.orchard, " by the  stairs\n", "text me", "en", desk.Question
		}))
		if away.Place.Site != w.orchard || away.Place.Room != 0 || away.Place.Text != "by the stairs" || away.Contact != "text me" || away.Team != w.network || away.Lang != "en" {
			t.Errorf("%+v", away)
		}
		// In the hallway: Dana writes down what Tessa said.
		id := w.ask(w.dana, "Her projector is dark", func(c *desk.CreateTicket) { c.Requester, c.Channel = w.tessa.id, desk.ByHallway })
		got := w.find(w.tessa, id)
		if got.Requester.ID != w.tessa.id || !got.Asks || got.Messages[0].Author.ID != w.dana.id || got.Messages[0].FromDesk || !got.NeedsAnswer || got.Place.Room != w.room214 {
			t.Errorf("%+v", got)
		}
		// Who works the desk asks for themselves like anybody: their word is
		// the asking side's.
		own := w.ask(w.dana, "My own screen")
		w.must(w.desk.Reply(w.as(w.dana), own, words))
		if got := w.find(w.dana, own); got.Messages[1].FromDesk || !got.NeedsAnswer || !got.Works {
			t.Errorf("%+v", got)
		}
		made := must[desk.Created](t)(w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{Text: "x"}))
		if expected := must[desk.Expected](t)(w.desk.Expect(w.as(w.tessa), w.marsh, 0, "")); expected != made.Expected {
			t.Errorf("expected %+v, got %+v", expected, made)
		}
		if readers := must[map[desk.Private][]string](t)(w.desk.PrivateReaders(w.as(w.tessa))); readers[desk.Privacy][0] != w.officer.name || readers[desk.Safety][0] != w.lead.name {
			t.Errorf("%v", readers)
		}
		if made.Person != "Sam Specialist" || !made.InBuilding || !made.Present || made.Team != "Help desk" {
			t.Errorf("%+v", made)
		}
	})
}

// TestHistory: history says in names what the changes say in ids.
func TestHistory(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.ask(w.tessa, "x")
		w.must(w.desk.Assign(w.as(w.sam), desk.Assign{Ticket: id, Team: w.network, Person: w.nora.id}))
		w.must(w.desk.ChangePlace(w.as(w.sam), desk.ChangePlace{Ticket: id, Site: w.orchard, Room: w.room105, Contact: ptr("call me")}))
		w.must(w.desk.Wait(w.as(w.nora), desk.Wait{Ticket: id, On: desk.OnVendor, Words: words}))
		w.must(w.desk.AddNote(w.as(w.nora), id, "x", nil))
		w.clock.Advance(3 * 24 * time.Hour)
		w.must(w.desk.ResumeDue(system()))
		say := func(p person) string {
			var b strings.Builder
			for _, l := range w.history(p, id) {
				fmt.Fprintf(&b, "%s %s:", strings.TrimPrefix(l.Key, "desk.history."), strings.Fields(l.Who.Name + " -")[0])
				for _, c := range l.Changes {
					fmt.Fprintf(&b, " %s %s>%s", strings.TrimPrefix(c.Key, "desk.field."), show(c.From), show(c.To))
				}
				if l.Message != 0 {
					b.WriteString(" +message")
				}
				if l.Note != 0 {
					b.WriteString(" +note")
				}
				b.WriteString("\n")
			}
			return b.String()
		}
		want := `created Tessa: +message
assigned Sam: owner_team Help desk>Network owner_person >Nora Network
place_changed Sam: site Marsh Middle School>Orchard Elementary room >105 contact (555) 0142>call me
waiting Nora: state desk.state.open>desk.state.waiting waiting_on >desk.wait.vendor until >Mar 4 +message
noted Nora: +note
came_back -: state desk.state.waiting>desk.state.open waiting_on desk.wait.vendor> until Mar 4>
`
		if got := say(w.nora); got != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
		want = strings.Replace(want, "noted Nora: +note\n", "", 1)
		if got := say(w.tessa); got != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
	})
}

func show(v desk.Value) string {
	if !v.At.IsZero() {
		return v.At.Format("Jan 2")
	}
	return v.Key + v.Text
}

func ptr[T any](v T) *T { return &v }

// TestLongHistory: of very much only the newest is read, with its beginning
// and a line that says so; what is older can be undone all the same, and what
// something newer touched can't, however far apart.
func TestLongHistory(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.ask(w.tessa, "x")
		w.must(w.desk.ChangeService(w.as(w.sam), id, 0, w.printing))
		w.must(w.desk.ChangeImpact(w.as(w.sam), id, 0, desk.Blocked))
		old := w.history(w.sam, id)
		const many = 520
		w.write(func(tx *db.Tx) {
			for i := range many {
				if err := event.Emit(tx, event.Event{Kind: "ticket.replied", Subject: event.Ref{Kind: desk.SubjectTicket, ID: int64(id)}, Changes: []event.Change{
					{Field: "message", To: i + 1}, {Field: "text", To: "said", Personal: true}}}); err != nil {
					t.Fatal(err)
				}
			}
		})
		w.must(w.desk.ChangeImpact(w.as(w.sam), id, 0, desk.Slowed))
		h := w.history(w.sam, id)
		if len(h) != 502 || h[0].Key != "desk.history.created" || h[1].Key != "desk.history.left_out" || h[1].Event != 0 || h[2].Message != many-498 || h[501].Key != "desk.history.impact_changed" || !h[501].CanUndo {
			t.Fatalf("%d lines: %+v … %+v", len(h), h[:3], h[len(h)-1])
		}
		if len(old) != 3 || !old[1].CanUndo || !old[2].CanUndo {
			t.Fatalf("%+v", old)
		}
		if err := second(w.desk.Undo(w.as(w.sam), id, old[2].Event)); !errs.Is(err, errs.Conflict) {
			t.Errorf("took back what something newer changed: %v", err)
		}
		w.must(w.desk.Undo(w.as(w.sam), id, old[1].Event))
		if got := w.find(w.sam, id); got.Service != 0 || got.Impact != desk.Slowed {
			t.Errorf("%+v", got)
		}
		for _, ev := range []desk.EventID{0, old[0].Event - 1, 1 << 40} {
			if err := second(w.desk.Undo(w.as(w.sam), id, ev)); !errs.Is(err, errs.NotFound) {
				t.Errorf("took back event %d: %v", ev, err)
			}
		}
	})
}

// TestPromised: who sent a request reads whom they were told to expect, also
// after somebody came or went, and the log has it.
func TestPromised(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made := must[desk.Created](t)(w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{Text: "x"}))
		worry := must[desk.Created](t)(w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{Text: "x", Private: desk.Privacy}))
		w.away(true, w.sam)
		if now := must[desk.Expected](t)(w.desk.Expect(w.as(w.tessa), w.marsh, 0, "")); now.Person != "Lee Lead" || !now.Present || now.InBuilding {
			t.Errorf("now it would be %+v", now)
		}
		w.must(0, w.desk.SetNamed(w.as(w.admin), desk.Privacy, []district.PersonID{w.nora.id}))
		if got := must[desk.Sent](t)(w.desk.SentTo(w.as(w.tessa), made.ID)); got.Expected != made.Expected || got.Person != "Sam Specialist" || len(got.Readers) != 0 {
			t.Errorf("%+v, told %+v", got, made)
		}
		if got := must[desk.Sent](t)(w.desk.SentTo(w.as(w.tessa), worry.ID)); got.Expected != worry.Expected || got.Team != "" || !slices.Equal(got.Readers, []string{w.officer.name}) {
			t.Errorf("%+v, told %+v", got, worry)
		}
		// Nobody is told to expect themselves, or somebody who is away.
		if own := must[desk.Created](t)(w.desk.CreateTicket(w.as(w.lead), desk.CreateTicket{Text: "x", Site: w.marsh})); own.Person != "" || own.Team != "Help desk" || !own.Present {
			t.Errorf("the lead is told %+v", own)
		}
		w.away(true, w.lead)
		if got := must[desk.Created](t)(w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{Text: "x"})); got.Person != "Ada Admin" || got.Present {
			t.Errorf("the administrator stands in: %+v", got)
		}
		w.away(true, w.admin)
		if got := must[desk.Created](t)(w.desk.CreateTicket(w.as(w.tessa), desk.CreateTicket{Text: "x"})); got.Person != "" || got.Present || got.Team != "Help desk" {
			t.Errorf("everybody is away: %+v", got)
		}
	})
}

// TestBehalf: a request that somebody wrote down for another says so in the
// log.
func TestBehalf(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		own := w.ask(w.dana, "x")
		told := w.ask(w.dana, "x", func(c *desk.CreateTicket) { c.Requester, c.Channel = w.tessa.id, desk.ByHallway })
		w.must(w.desk.Reply(w.as(w.dana), told, words))
		for id, want := range map[desk.TicketID]district.PersonID{own: 0, told: w.tessa.id} {
			if err := w.d.Read(system(), func(tx *db.Tx) error {
				all, err := event.Of(tx, event.Ref{Kind: desk.SubjectTicket, ID: int64(id)})
				for i, e := range all {
					if behalf := district.PersonID(e.Behalf); e.Actor != int64(w.dana.id) || i == 0 && behalf != want || i > 0 && behalf != 0 {
						t.Errorf("%s by %d for %d, want for %d", e.Kind, e.Actor, e.Behalf, want)
					}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestOldest: a conversation is read from its end, page by page.
func TestOldest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.ask(w.tessa, "first")
		w.write(func(tx *db.Tx) {
			for i := range 250 {
				w.exec(tx, `INSERT INTO desk_message (ticket, author, from_desk, body, channel, at) VALUES ($1, $2, FALSE, $3, 'web', $4)`, id, w.tessa.id, fmt.Sprint(i), db.Us(tx.Now()))
				w.exec(tx, `INSERT INTO desk_note (ticket, author, body, at) VALUES ($1, $2, $3, $4)`, id, w.sam.id, fmt.Sprint(i), db.Us(tx.Now()))
			}
		})
		got := w.find(w.sam, id)
		if len(got.Messages) != 200 || !got.Earlier || got.Messages[199].Text != "249" || len(got.Inside.Notes) != 200 || !got.Inside.EarlierNotes {
			t.Fatalf("%d messages, %d notes", len(got.Messages), len(got.Inside.Notes))
		}
		rest, more, err := w.desk.EarlierMessages(w.as(w.tessa), id, got.Messages[0].ID)
		if err != nil || more || len(rest) != 51 || rest[0].Text != "first" || rest[50].Text != "49" {
			t.Errorf("%d, %v, %v", len(rest), more, err)
		}
		notes, more, err := w.desk.EarlierNotes(w.as(w.sam), id, got.Inside.Notes[0].ID)
		if err != nil || more || len(notes) != 50 || notes[0].Jotted != "0" {
			t.Errorf("%d, %v, %v", len(notes), more, err)
		}
	})
}
