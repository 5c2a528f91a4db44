package replay_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/replay"
	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/cover"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

// life lives a district in which everything happens at least once that can be
// told again.
type life struct {
	t *testing.T
	d *app.District
	c *clock.Manual

	ruth, dana, sam, vic, lee, kim, mo district.PersonID
	office, marsh                      district.SiteID
	room                               district.RoomID
	help, first, vendor                district.TeamID
	wifi, print                        district.ServiceID
}

func (l *life) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *life) system() context.Context { return app.AsSystem(l.t.Context()) }

// as is the context in which somebody acts; a minute has gone by.
func (l *life) as(id district.PersonID) context.Context {
	l.t.Helper()
	l.c.Advance(time.Minute)
	who, err := l.d.District.Person(l.system(), id)
	l.must(err)
	a := policy.Actor{Kind: policy.Person, Person: int64(id), Door: policy.DoorWeb, RequestID: l.c.Now().Format("150405")}
	for _, g := range who.Grants {
		a.Grants = append(a.Grants, policy.Grant{Role: g.Role, Scope: int64(g.Site)})
	}
	return policy.WithActor(l.t.Context(), a)
}

// got is what a method answered, if it did.
func got[R any](l *life) func(R, error) R {
	return func(r R, err error) R {
		l.t.Helper()
		l.must(err)
		return r
	}
}

func (l *life) ask(by district.PersonID, text string, more ...func(c *desk.CreateTicket)) desk.TicketID {
	l.t.Helper()
	c := desk.CreateTicket{Text: text, Impact: desk.Slowed, Service: l.wifi}
	for _, f := range more {
		f(&c)
	}
	return got[desk.Created](l)(l.d.Desk.CreateTicket(l.as(by), c)).ID
}

func (l *life) did(_ desk.Changed, err error) { l.t.Helper(); l.must(err) }

// until moves the clock and does what is due by then.
func (l *life) until(at time.Time) {
	l.t.Helper()
	l.c.Set(at)
	l.must(l.d.Desk.Sweep(policy.WithActor(l.t.Context(), policy.SystemActor(policy.DoorJob))))
}

func (l *life) later(days int) { l.t.Helper(); l.until(l.c.Now().AddDate(0, 0, days)) }

func (l *life) ground() {
	d, ctx := l.d.District, l.system()
	l.must(d.Name(ctx, "Fern", "America/Chicago"))
	key := got[string](l)(d.MakeSetupKey(ctx))
	_, s, err := d.SetUp(l.t.Context(), district.SetUp{Key: key, District: "Fern Hollow", Zone: "America/Chicago", Name: "Ruth Abara", Email: "ruth@fern.example",
		Password: "seven-green-boats-on-a-lake", Site: "Fern Office", Team: "Help", Agent: "Firefox on Linux"})
	l.must(err)
	l.ruth = s.Person
	l.office = got[[]district.Site](l)(d.Sites(ctx, true))[0].ID
	l.help = got[[]district.Team](l)(d.Teams(ctx, true))[0].ID
	l.marsh = got[district.SiteID](l)(d.CreateSite(ctx, district.CreateSite{Name: "Marsh Middle School", Level: district.LevelMiddle, Enrollment: 480, TitleOne: true, Zone: "America/Denver"}))
	_, err = d.ImportSites(l.as(l.ruth), "Reed High School\thigh\t900\nMarsh Middle School\tmiddle\t490\tyes")
	l.must(err)
	_, err = d.ImportRooms(l.as(l.ruth), l.marsh, "12\n14\nGym")
	l.must(err)
	l.room = got[district.RoomID](l)(d.CreateRoom(l.as(l.ruth), district.CreateRoom{Site: l.marsh, Name: "Library"}))
	twelve := got[[]district.Room](l)(d.Rooms(ctx, l.marsh, false))[0].ID
	got[int64](l)(d.ChangeRoom(l.as(l.ruth), district.ChangeRoom{ID: twelve, Version: 1, Name: "12 A", Active: true}))
	got[int64](l)(d.ChangeRoom(l.as(l.ruth), district.ChangeRoom{ID: twelve, Version: 2, Name: "12 A"}))
	got[int64](l)(d.ChangeRoom(l.as(l.ruth), district.ChangeRoom{ID: twelve, Version: 3, Name: "12 B", Active: true}))
	sites := got[[]district.Site](l)(d.Sites(ctx, true)) // by name: the office, Marsh, Reed
	got[int64](l)(d.CloseSite(l.as(l.ruth), sites[2].ID, 1))
	got[int64](l)(d.ReopenSite(l.as(l.ruth), sites[2].ID, 2))
	person := func(name string, site district.SiteID, lang string, grants ...district.Grant) district.PersonID {
		l.t.Helper()
		return got[district.PersonID](l)(d.CreatePerson(l.as(l.ruth), district.CreatePerson{Name: name, Email: strings.ToLower(name[:3]) + "@fern.example", Phone: "(555) 555-0111", Title: "Some title", Lang: lang, Site: site, Grants: grants}))
	}
	l.dana = person("Dana Ito", l.office, "", district.Grant{Role: district.RoleAgent})
	l.sam = person("Sam Okoro", l.marsh, "en-US", district.Grant{Role: district.RoleTier1, Site: l.marsh})
	l.vic = person("Vic Lund", l.office, "", district.Grant{Role: district.RoleAgent})
	l.lee = person("Lee Moreno", l.marsh, "es-US", district.Grant{Role: district.RoleTeacher, Site: l.marsh})
	l.kim = person("Kim Patel", l.marsh, "", district.Grant{Role: district.RoleTeacher, Site: l.marsh})
	l.mo = person("Moe Fisher", l.marsh, "", district.Grant{Role: district.RoleTier1, Site: l.marsh}, district.Grant{Role: district.RoleAgent})
	got[int64](l)(d.ChangePerson(l.as(l.ruth), district.ChangePerson{ID: l.kim, Version: 1, Name: "Kim Patel-Ross", Email: "kim@fern.example", Lang: "en-US", Site: l.marsh, Room: l.room,
		Grants: []district.Grant{{Role: district.RoleTeacher, Site: l.marsh}, {Role: district.RoleStaff, Site: l.office}}}))
	got[int64](l)(d.ChangeMe(l.as(l.lee), district.ChangeMe{Version: 1, Phone: "", Lang: "en-US", Site: l.marsh}))
	l.first = got[district.TeamID](l)(d.CreateTeam(l.as(l.ruth), district.CreateTeam{Name: "Marsh first help", Lead: l.sam, Tier: district.TierSchool, Members: []district.PersonID{l.sam, l.mo}}))
	l.vendor = got[district.TeamID](l)(d.CreateTeam(l.as(l.ruth), district.CreateTeam{Name: "Speaks with vendors", Lead: l.vic, Tier: district.TierVendor}))
	got[int64](l)(d.ChangeTeam(l.as(l.ruth), district.ChangeTeam{ID: l.help, Version: 1, Name: "Help desk", Lead: l.dana, Tier: district.TierDistrict, Members: []district.PersonID{l.ruth, l.dana, l.vic}}))
	site := got[district.Site](l)(d.Site(l.system(), l.marsh))
	got[int64](l)(d.ChangeSite(l.as(l.ruth), district.ChangeSite{ID: site.ID, Version: site.Version, Name: site.Name, Short: "Marsh", Level: site.Level, Enrollment: 500, Zone: "America/Chicago", Team: l.first}))
	l.wifi = got[district.ServiceID](l)(d.CreateService(l.as(l.ruth), district.CreateService{Kind: district.KindService, Name: "Wi-Fi", Owner: l.dana, Cover: l.vic, Team: l.help}))
	l.print = got[district.ServiceID](l)(d.CreateService(l.as(l.ruth), district.CreateService{Kind: district.KindDuty, Name: "Printing", Owner: l.vic, Cover: l.dana}))
	got[int64](l)(d.ChangeService(l.as(l.ruth), district.ChangeService{ID: l.print, Version: 1, Kind: district.KindService, Name: "Printers", Icon: "printer", Owner: l.vic, Cover: l.ruth, Team: l.help}))
	got[int64](l)(d.CloseService(l.as(l.ruth), l.print, 2))
	got[int64](l)(d.ReopenService(l.as(l.ruth), l.print, 3))
	steps := []district.Step{{Tier: district.TierSchool}, {Tier: district.TierDistrict}, {Tier: district.TierVendor, Team: l.vendor}}
	for _, path := range [][]district.Step{steps[:2], steps} {
		got[int64](l)(d.SetPath(l.as(l.ruth), district.SetPath{PathID: district.PathID{Service: l.wifi}, Steps: path}))
	}
	got[int64](l)(d.SetPath(l.as(l.ruth), district.SetPath{PathID: district.PathID{Plan: true}, Steps: steps[:2]}))
	got[int64](l)(d.SetPath(l.as(l.ruth), district.SetPath{PathID: district.PathID{Site: l.marsh}, Steps: steps[:2]}))
	got[int64](l)(d.SetPath(l.as(l.ruth), district.SetPath{PathID: district.PathID{Site: l.marsh}}))
	p := got[district.Profile](l)(d.Profile(l.system()))
	got[int64](l)(d.ChangeProfile(l.as(l.ruth), district.ChangeProfile{Version: p.Version, Name: "Fern Hollow Schools", Zone: p.Zone, Lang: p.Lang, HelpTeam: p.HelpTeam}))
	_, _, err = d.MakeInvite(l.as(l.ruth), l.lee)
	l.must(err)
	l.must(l.d.DB.Write(l.as(l.lee), "session", func(tx *db.Tx) error {
		_, _, err := district.StartSession(tx, l.lee, "Chrome on ChromeOS")
		return err
	}))
	l.must(d.Revoke(l.as(l.lee), got[[]district.Session](l)(d.Sessions(l.as(l.lee)))[0].ID))
	_, err = l.d.MakeTokenFor(l.t.Context(), l.dana, "Dashboard", []string{district.ScopeDeskRead}, 40*24*time.Hour)
	l.must(err)
	l.must(d.RevokeToken(l.as(l.dana), got[[]district.Token](l)(d.Tokens(l.as(l.dana)))[0].ID))
}

func date(s string) worktime.Date {
	d, err := worktime.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// hours fills calendars, and who is away when.
func (l *life) hours() {
	c := calendar.New(calendar.Deps{DB: l.d.DB})
	week := func(s string) worktime.Week { return got[worktime.Week](l)(worktime.ParseHours(s)) }
	span := func(a, b string) worktime.DateRange { return worktime.DateRange{First: date(a), Last: date(b)} }
	spring := got[calendar.RangeID](l)(c.SetTerm(l.as(l.ruth), calendar.SetRange{Name: "Spring", Dates: span("2026-01-05", "2026-06-19")}))
	got[calendar.RangeID](l)(c.SetTerm(l.as(l.ruth), calendar.SetRange{ID: spring, Version: 1, Name: "Spring semester", Dates: span("2026-01-05", "2026-06-19")}))
	got[calendar.RangeID](l)(c.SetTerm(l.as(l.ruth), calendar.SetRange{ID: spring, Version: 2, Name: "Spring semester", Dates: span("2026-01-05", "2026-06-20")}))
	fall := got[calendar.RangeID](l)(c.SetTerm(l.as(l.ruth), calendar.SetRange{Site: l.marsh, Name: "Marsh", Dates: span("2026-01-12", "2026-06-12")}))
	l.must(c.DropTerm(l.as(l.ruth), fall, 1))
	camp := got[calendar.RangeID](l)(c.SetSeason(l.as(l.ruth), calendar.SetRange{Site: l.marsh, Name: "Testing", Dates: span("2026-04-20", "2026-04-24"), Week: week("Mon-Fri 07:00-12:00")}))
	got[calendar.RangeID](l)(c.SetSeason(l.as(l.ruth), calendar.SetRange{ID: camp, Version: 1, Name: "Testing", Dates: span("2026-04-20", "2026-04-24"), Week: week("Mon-Fri 07:00-13:00")}))
	l.must(c.DropSeason(l.as(l.ruth), camp, 2))
	version := got[int64](l)(c.SetHours(l.as(l.ruth), calendar.SetHours{Site: l.marsh, Week: week("Mon-Fri 07:15-15:00")}))
	got[int64](l)(c.SetHours(l.as(l.ruth), calendar.SetHours{Site: l.marsh, Version: version, Drop: true}))
	got[int64](l)(c.SetHours(l.as(l.ruth), calendar.SetHours{Site: l.marsh, Week: week("Mon-Fri 07:15-15:15")}))
	days := calendar.SetDays{Changes: []calendar.DayChange{{Date: date("2026-03-20"), Day: calendar.Day{Kind: calendar.Closed, Name: "Break"}},
		{Site: l.marsh, Date: date("2026-03-26"), Day: calendar.Day{Kind: calendar.HalfDay, Hours: []worktime.Span{{From: 450, To: 690}}, Name: "Conferences"}}}}
	set := got[int64](l)(c.SetDays(l.as(l.ruth), days))
	got[calendar.TakenBack](l)(c.TakeBack(l.as(l.ruth), set))
	got[int64](l)(c.SetDays(l.as(l.ruth), days))

	h := cover.Hours{Person: l.sam, Week: "Mon-Fri 10:00-10:45"}
	h.Version = got[int64](l)(l.d.Cover.SetHours(l.as(l.sam), h))
	h.First = "2026-01-05"
	h.Version = got[int64](l)(l.d.Cover.SetHours(l.as(l.sam), h))
	got[int64](l)(l.d.Cover.SetHours(l.as(l.ruth), cover.Hours{Person: l.sam, Version: h.Version}))
	from := l.c.Now().Add(time.Hour)
	away := got[cover.AbsenceID](l)(l.d.Cover.Declare(l.as(l.dana), cover.Declare{Person: l.dana, From: from, Until: from.Add(50 * time.Hour), Cover: l.vic, Why: "Training"}))
	got[int64](l)(l.d.Cover.Change(l.as(l.ruth), cover.Change{ID: away, Version: 1, From: from, Until: from.Add(40 * time.Hour), Cover: l.vic, Why: "Training away"}))
	other := got[cover.AbsenceID](l)(l.d.Cover.Declare(l.as(l.ruth), cover.Declare{Person: l.vic, From: from.AddDate(0, 0, 20), Until: from.AddDate(0, 0, 22), Cover: l.dana}))
	got[int64](l)(l.d.Cover.End(l.as(l.vic), other, 1))
	got[int](l)(l.d.Cover.Gaps(l.system(), cover.WarnDays))

	// While Dana is away Vic acts for her.
	id := l.ask(l.lee, "No Wi-Fi at the bus stop")
	l.did(l.d.Desk.Assign(l.as(l.ruth), desk.Assign{Ticket: id, Team: l.help, Person: l.dana}))
	l.c.Set(from.Add(time.Hour))
	got[desk.Replied](l)(l.d.Desk.Reply(l.as(l.vic), id, desk.Words{Text: "I look after this for Dana."}))
	l.did(l.d.Desk.HandUp(l.as(l.vic), desk.HandUp{Ticket: id, Tried: "Another antenna"}))
	got[int64](l)(l.d.Cover.End(l.as(l.dana), away, 2))
	sick := got[cover.AbsenceID](l)(l.d.Cover.Declare(l.as(l.ruth), cover.Declare{Person: l.sam, Until: l.c.Now().AddDate(0, 0, 2)}))
	got[cover.AbsenceID](l)(l.d.Cover.Declare(l.as(l.ruth), cover.Declare{Person: l.mo, Until: l.c.Now().AddDate(0, 0, 2)}))
	l.ask(l.lee, "Nobody of first help is here") // is passed over
	got[int](l)(l.d.Cover.Gaps(l.system(), 2))
	got[int64](l)(l.d.Cover.End(l.as(l.sam), sick, 1))
}

// promises are set, dropped and told of.
func (l *life) promises() {
	set := []desk.Promise{{Impact: desk.Stopped, First: 5 * time.Minute, Next: 10 * time.Minute, Solve: time.Hour}, {Impact: desk.Slowed, First: 2 * time.Hour, Next: 2 * time.Hour, Solve: 3 * time.Hour},
		{Impact: desk.Blocked, First: time.Hour, Next: time.Hour, Solve: 2 * time.Hour}}
	l.must(l.d.Desk.SetPromises(l.as(l.ruth), set))
	set[0].Solve = 90 * time.Minute
	l.must(l.d.Desk.SetPromises(l.as(l.ruth), set[:1]))
	for i := range set {
		set[i].Site, set[i].Service = l.marsh, l.print
	}
	l.must(l.d.Desk.SetPromises(l.as(l.ruth), set))
	l.must(l.d.Desk.DropPromises(l.as(l.ruth), l.marsh, l.print))
	alarms := []desk.Alarm{{Metric: desk.First, Point: desk.AtShare, Amount: 50, Tell: desk.TellOwner}, {Metric: desk.Solve, Point: desk.After, Tell: desk.TellLead}}
	l.must(l.d.Desk.SetAlarms(l.as(l.ruth), desk.SetAlarms{Impact: desk.Slowed, Alarms: alarms}))
	slices.Reverse(alarms)
	l.must(l.d.Desk.SetAlarms(l.as(l.ruth), desk.SetAlarms{Impact: desk.Slowed, Alarms: append(alarms, desk.Alarm{Metric: desk.Solve, Point: desk.Before, Amount: 600, Tell: desk.TellOwner})}))
}

// requests go every way that one can go.
func (l *life) requests() {
	d := l.d.Desk
	say := func(s string) desk.Words { return desk.Words{Text: s} }

	id := l.ask(l.lee, "The cart's laptops are slow\nSince this morning.", func(c *desk.CreateTicket) { c.PlaceText, c.Contact = "by the east stairs", "ext. 12" })
	got[desk.Jotted](l)(d.AddNote(l.as(l.sam), id, "Third time.", nil))
	l.did(d.Follow(l.as(l.mo), id))
	l.did(d.AddFollower(l.as(l.sam), id, l.kim))
	l.did(d.Unfollow(l.as(l.kim), id))
	l.did(d.AddFollower(l.as(l.sam), id, l.kim))
	l.did(d.RemoveFollower(l.as(l.sam), id, l.kim))
	l.did(d.Take(l.as(l.sam), id))
	l.did(d.Release(l.as(l.sam), id, 0))
	l.did(d.OnMyWay(l.as(l.sam), id, 10))
	l.did(d.ChangeImpact(l.as(l.sam), id, 0, desk.Blocked))
	l.did(d.ChangeService(l.as(l.sam), id, 0, l.print))
	l.did(d.ChangeService(l.as(l.sam), id, 0, 0))
	l.did(d.ChangeTitle(l.as(l.sam), id, 0, "Laptops of cart 7"))
	contact := "ext. 14"
	l.did(d.ChangePlace(l.as(l.sam), desk.ChangePlace{Ticket: id, Site: l.marsh, Room: l.room, PlaceText: "by the east stairs", Contact: &contact}))
	l.did(d.ChangePlace(l.as(l.sam), desk.ChangePlace{Ticket: id, Room: l.room}))
	l.did(d.LogHelp(l.as(l.sam), id, l.c.Now().Add(-30*time.Second), say("Done in the room.")))
	l.did(d.Wait(l.as(l.sam), desk.Wait{Ticket: id, On: desk.OnRequester, Words: say("Which of them?")}))
	got[desk.Replied](l)(d.Reply(l.as(l.lee), id, desk.Words{Text: "Las del carrito azul.", Lang: "es-US", Channel: desk.ByMail}))
	l.did(d.Wait(l.as(l.sam), desk.Wait{Ticket: id, On: desk.OnVendor, Until: l.c.Now().Add(time.Hour)}))
	l.did(d.Wait(l.as(l.sam), desk.Wait{Ticket: id, On: desk.OnVendor, Until: l.c.Now().Add(2 * time.Hour), Words: say("They need longer.")}))
	l.did(d.Resume(l.as(l.sam), id, 0))
	l.did(d.HandUp(l.as(l.sam), desk.HandUp{Ticket: id, Tried: "Restarted all of them", Why: "It is the image"}))
	l.did(d.HandBack(l.as(l.dana), desk.HandBack{Ticket: id, Why: "One of them has a cable loose"}))
	l.did(d.Solve(l.as(l.sam), id, 0, say("Cable.")))
	l.did(d.NotFixed(l.as(l.lee), id, say("Still slow.")))
	l.did(d.Solve(l.as(l.sam), id, 0, desk.Words{}))
	l.did(d.Reopen(l.as(l.sam), id, 0))
	l.did(d.Solve(l.as(l.sam), id, 0, say("New image.")))
	l.did(d.ConfirmFixed(l.as(l.lee), id, say("Thank you!")))

	one := l.ask(l.kim, "Printer jams")
	l.did(d.Wait(l.as(l.sam), desk.Wait{Ticket: one, On: desk.OnDate, Until: l.c.Now().Add(49 * time.Hour)}))
	two := l.ask(l.kim, "Sound is too low")
	l.did(d.Assign(l.as(l.sam), desk.Assign{Ticket: two, Person: l.sam}))
	l.did(d.Assign(l.as(l.sam), desk.Assign{Ticket: two, Team: l.help}))
	events := got[[]desk.Line](l)(d.History(l.as(l.dana), two))
	got[desk.Undone](l)(d.Undo(l.as(l.dana), two, events[len(events)-1].Event))

	stop := l.ask(l.lee, "Nobody can sign in", func(c *desk.CreateTicket) { c.Impact = desk.Stopped })
	l.did(d.HandUp(l.as(l.sam), desk.HandUp{Ticket: stop}))
	l.did(d.AddTried(l.as(l.sam), desk.AddTried{Ticket: stop, Text: "Two other machines"}))
	l.did(d.HandUp(l.as(l.dana), desk.HandUp{Ticket: stop, Team: l.vendor, Tried: "The status page"}))

	l.ask(l.sam, "Beamer in the gym", func(c *desk.CreateTicket) {
		c.Requester, c.Channel, c.HelpedAt = l.kim, desk.ByHallway, l.c.Now().Add(-20*time.Minute)
	})
	l.ask(l.sam, "For Lee: a new mouse", func(c *desk.CreateTicket) { c.Beneficiary = l.lee })

	plan := got[desk.Created](l)(d.CreatePlan(l.as(l.lee), desk.CreatePlan{Goal: "Everybody films one minute", By: worktime.DateOf(l.c.Now()).AddDays(9), Class: "7B, science"})).ID
	l.did(d.FinishPlan(l.as(l.sam), desk.FinishPlan{Ticket: plan, Outcome: desk.Outcomes[0], Words: say("Here is the plan.")}))

	l.must(d.SetNamed(l.as(l.ruth), desk.LostDevice, []district.PersonID{l.dana, l.ruth}))
	lost := l.ask(l.kim, "A tablet is gone", func(c *desk.CreateTicket) { c.Private = desk.LostDevice })
	l.must(d.SetNamed(l.as(l.ruth), desk.LostDevice, []district.PersonID{l.vic, l.ruth}))
	l.did(d.MakePublic(l.as(l.vic), lost, 0))
	l.did(d.MakePrivate(l.as(l.vic), lost, 0, desk.LostDevice))
}

// leaving: people and teams go, and what they had is handed over.
func (l *life) leaving() {
	d := l.d.District
	mine := l.ask(l.lee, "A key is missing on my keyboard")
	l.did(l.d.Desk.Take(l.as(l.mo), mine))
	got[cover.AbsenceID](l)(l.d.Cover.Declare(l.as(l.vic), cover.Declare{Person: l.vic, From: l.c.Now().AddDate(0, 0, 5), Until: l.c.Now().AddDate(0, 0, 7), Cover: l.mo}))
	team := got[district.Team](l)(d.Team(l.system(), l.first))
	got[int64](l)(d.ChangeTeam(l.as(l.ruth), district.ChangeTeam{ID: l.first, Version: team.Version, Name: team.Name, Lead: l.sam, Tier: team.Tier, Members: []district.PersonID{l.sam}}))
	got[int64](l)(d.DeactivatePerson(l.as(l.ruth), l.mo, 1))
	got[int64](l)(d.ReactivatePerson(l.as(l.ruth), l.mo, 2))
	short := got[district.TeamID](l)(d.CreateTeam(l.as(l.ruth), district.CreateTeam{Name: "For a week", Lead: l.dana, Tier: district.TierDistrict}))
	l.did(l.d.Desk.Assign(l.as(l.dana), desk.Assign{Ticket: mine, Team: short}))
	got[int64](l)(d.CloseTeam(l.as(l.ruth), short, 1))
	got[int64](l)(d.ReopenTeam(l.as(l.ruth), short, 2))
}

// snow closes tomorrow, with clocks that run.
func (l *life) snow() {
	l.ask(l.lee, "Slow again", func(c *desk.CreateTicket) { c.Site, c.Room = l.office, 0 })
	day := worktime.DateOf(l.c.Now()).AddDays(1)
	c := calendar.New(calendar.Deps{DB: l.d.DB})
	var cmd calendar.SetDays
	for i := range 3 {
		cmd.Changes = append(cmd.Changes, calendar.DayChange{Date: day.AddDays(i), Day: calendar.Day{Kind: calendar.Closed, Name: "Snow"}})
	}
	got[int64](l)(c.SetDays(l.as(l.ruth), cmd))
	l.until(l.c.Now().Add(time.Minute))
}

// Everything that can be told again is told again, and comes out the same.
func TestEverything(t *testing.T) {
	for _, e := range engines() {
		t.Run(e.String(), func(t *testing.T) {
			d, c := empty(t, e)
			c.Set(time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)) // Monday, nine o'clock there
			l := &life{t: t, d: d, c: c}
			l.ground()
			l.hours()
			l.promises()
			l.until(l.c.Now().Add(time.Hour))
			l.requests()
			l.snow()
			l.leaving()
			for range 10 {
				l.later(1)
			}
			again(t, d)

			told := map[string]bool{}
			for _, e := range logOf(t, d) {
				told[e.Kind] = true
			}
			for _, kind := range replay.Kinds() {
				if !told[kind] {
					t.Errorf("%s never happened: whether it can be told again is not known", kind)
				}
			}
		})
	}
}
