package access_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/access"
	"trellis/internal/desk"
	"trellis/internal/desk/past"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/cover"
	"trellis/internal/platform/db"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
	"trellis/internal/platform/worktime"
	"trellis/internal/testkit"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Who is let in by which route, found out by asking. A line that changes is a
// change of who may do what, and is reviewed as one.
func TestRoutes(t *testing.T) {
	w := build(t, db.SQLite)
	v := visit(w)
	var b strings.Builder
	b.WriteString(preface)
	kind := ""
	for _, r := range w.Web.Routes() {
		if of := heading(r); of != kind {
			kind = of
			fmt.Fprintf(&b, "\n%s\n\n", of)
		}
		b.WriteString(v.line(r) + "\n")
		w.clock.Advance(time.Second) // who isn't signed in may ask only so much at once
	}
	b.WriteString("\nJobs\n\n")
	for _, k := range w.Jobs.Kinds() {
		b.WriteString(v.job(k.Name, k.Policy) + "\n")
	}
	b.WriteString("\nOnly in a demonstration\n\n")
	for _, r := range demonstration(t) {
		if !slices.ContainsFunc(w.Web.Routes(), func(x web.RouteInfo) bool { return x.Pattern() == r.Pattern() }) {
			fmt.Fprintf(&b, "%s — open to %s.\n", r.Pattern(), r.Policy.Sentence)
		}
	}
	golden(t, "routes.golden.txt", b.String())
}

// demonstration are the routes of an example district.
func demonstration(t *testing.T) []web.RouteInfo {
	t.Helper()
	o := app.Options{Slug: "example", Folder: filepath.Join(t.TempDir(), "d"), BaseURL: &url.URL{Scheme: "http", Host: "desk.example"}, Demo: &app.Demo{Key: "a key"}}
	d := must[*app.District](t)(app.OpenDistrict(t.Context(), o))
	defer d.Close()
	return d.Web.Routes()
}

const preface = `Who is let in where. Each line was found out by asking at the door of a real
district as twelve identities: nobody, a student, a guardian, a teacher, office
staff, first help at a school (tier1), an agent of the district, a principal,
the director who runs Trellis, a board member, a token of the teacher for
reading their own requests, and a token of the agent for the whole desk.

"In" means that the door opens; what is behind it looks again, with the object
in hand. Pages know sessions only, so to them a token is nobody. A page that is
not for somebody answers them exactly as an address that does not exist.
Made by: go test ./internal/app/access -run TestRoutes -update
`

func heading(r web.RouteInfo) string {
	if r.Door == policy.DoorAPI {
		return "API"
	}
	return "Pages"
}

// visitor is one of the twelve, with things of their own to ask about: what
// is behind a door must exist for them, or an open door looks closed.
type visitor struct {
	*access.Identity
	name string // in the table
	key  string // in the district
	own  map[string]string
}

type visits struct {
	*world
	all     []*visitor
	refusal map[string]bool // what the API says to whom it does not let in
	asset   string
	spare   map[string]string // things whose end harms nobody

	absences int // that were planned
	looks    map[*visitor]string
}

func visit(w *world) *visits {
	v := &visits{world: w, refusal: map[string]bool{}, spare: map[string]string{}, looks: map[*visitor]string{}}
	sessions := []struct{ name, key string }{{"nobody", ""}, {"student", "stu"}, {"guardian", "gail"}, {"teacher", "tess"}, {"staff", "mercy"},
		{"tier1", "tim"}, {"agent", "dana"}, {"principal", "paula"}, {"director", "ruth"}, {"board", "bo"}}
	for _, s := range sessions {
		who := &visitor{Identity: nobody(), name: s.name}
		if s.key != "" {
			who = &visitor{Identity: w.identity(s.key), name: s.name, key: s.key}
		}
		v.all = append(v.all, who)
	}
	v.all = append(v.all,
		&visitor{Identity: w.bearer("tess", district.ScopeRequestsRead), name: "teacher's token", key: "tess"},
		&visitor{Identity: w.bearer("dana", district.ScopeRequestsRead, district.ScopeRequestsWrite, district.ScopeDeskRead, district.ScopeDeskWrite), name: "agent's token", key: "dana"})
	for _, who := range v.all {
		v.belongings(who)
	}
	words := must[*i18n.Catalogue](w.t)(app.Catalogue())
	for _, key := range []string{"api.forbidden", "api.no_token"} {
		v.refusal[words.In("en-US").T(key)] = true
	}
	for _, s := range district.Scopes {
		v.refusal[words.In("en-US").T("api.scope", "Scope", s)] = true
	}
	page := access.NewClient(v.all[3].Identity, w.District, address).Get("/help").Body
	v.asset = regexp.MustCompile(`/static/[^"]+\.css`).FindString(page)
	v.spares()
	v.calendar()
	v.past()
	return v
}

// belongings are a request, a change of it, a picture, a token and another
// session of somebody.
func (v *visits) belongings(who *visitor) {
	t, w := v.t, v.world
	key := who.key
	if key == "" {
		key = "tad"
	}
	ctx := w.as(key)
	made := must[desk.Created](t)(w.Desk.CreateTicket(ctx, desk.CreateTicket{Text: "Something of my own", Site: w.sites["north"]}))
	must[desk.Changed](t)(w.Desk.ChangePlace(ctx, desk.ChangePlace{Ticket: made.ID, PlaceText: "by the stairs"}))
	lines := must[[]desk.Line](t)(w.Desk.History(ctx, made.ID))
	picture := must[desk.File](t)(w.Desk.AddFile(ctx, "mine.png", bytes.NewReader(testkit.PNG(who.name))))
	must[int](t)(w.Jobs.Drain(w.system()))
	who.own = map[string]string{
		"ticket": number(made.ID), "event": number(lines[len(lines)-1].Event), "file": number(picture.ID),
	}
	// Who has no absences of their own asks for another's.
	away := key
	if !district.Staff.Allow(w.actors[key]) {
		away = "eve"
	}
	v.absences++
	from := w.clock.Now().Add(time.Duration(v.absences) * 24 * time.Hour)
	absence := must[cover.AbsenceID](t)(w.Cover.Declare(w.as(away), cover.Declare{Person: w.people[away], From: from, Until: from.Add(time.Hour)}))
	who.own["absence"] = number(absence)
	w.token(key, district.ScopeRequestsRead)
	tokens := must[[]district.Token](t)(w.District.District.Tokens(ctx))
	who.own["token"] = number(tokens[0].ID)
}

// spares are things of the district that may be closed and ended.
func (v *visits) spares() {
	t, d, ctx := v.t, v.District.District, v.system()
	site := must[district.SiteID](t)(d.CreateSite(ctx, district.CreateSite{Name: "Spare school", Level: district.LevelHigh, Zone: "America/New_York"}))
	room := must[district.RoomID](t)(d.CreateRoom(ctx, district.CreateRoom{Site: site, Name: "Spare room"}))
	person := must[district.PersonID](t)(d.CreatePerson(ctx, district.CreatePerson{Name: "Sparrow Spare", Email: mail("spare"), Site: v.sites["north"],
		Grants: []district.Grant{{Role: district.RoleStaff, Site: v.sites["north"]}}}))
	team := must[district.TeamID](t)(d.CreateTeam(ctx, district.CreateTeam{Name: "Spare team", Lead: v.people["eve"], Tier: 2}))
	service := must[district.ServiceID](t)(d.CreateService(ctx, district.CreateService{Kind: district.KindService, Name: "Spare service", Owner: v.people["eve"], Cover: v.people["dana"]}))
	v.spare["places"], v.spare["sites"], v.spare["rooms"] = number(site), number(site), number(room)
	v.spare["people"], v.spare["teams"], v.spare["services"] = number(person), number(team), number(service)
}

// past is a request that another desk had, with a row that can be taken out, and
// files that may be brought in and forgotten.
func (v *visits) past() {
	t, ctx := v.t, v.as("ruth")
	file := func(name string) past.Run {
		content := "Number,Title,Opened,School\nT-1,Projector,2024-09-03 08:10,North School\n"
		return must[past.Run](t)(v.Past.AddDraft(ctx, strings.NewReader(content), name))
	}
	run := file("old.csv")
	must[past.Run](t)(v.Past.Begin(ctx, run.ID))
	must[int](t)(v.Jobs.Drain(v.system()))
	rows := must[[]desk.PastRow](t)(v.Desk.PastRows(ctx, -1))
	v.spare["row"] = number(rows[0].ID)
	v.spare["past"], v.spare["imports"] = number(file("spare.csv").ID), number(file("another.csv").ID)
}

// calendar is a year with terms, summer hours and two closed days.
func (v *visits) calendar() {
	t, c, ctx := v.t, calendar.New(calendar.Deps{DB: v.DB}), v.as("ruth")
	date := func(m time.Month, d int) worktime.Date { return worktime.Date{Year: 2026, Month: m, Day: d} }
	term := must[calendar.RangeID](t)(c.SetTerm(ctx, calendar.SetRange{Name: "The year", Dates: worktime.DateRange{First: date(1, 1), Last: date(12, 31)}}))
	week := must[worktime.Week](t)(worktime.ParseHours("Mon-Thu 08:00-12:00"))
	season := must[calendar.RangeID](t)(c.SetSeason(ctx, calendar.SetRange{Name: "Summer hours", Dates: worktime.DateRange{First: date(7, 1), Last: date(7, 31)}, Week: week}))
	closed := func(d int) string {
		return number(must[int64](t)(c.SetDays(ctx, calendar.SetDays{Changes: []calendar.DayChange{{Date: date(11, d), Day: calendar.Day{Kind: calendar.Closed, Name: "Thanksgiving"}}}})))
	}
	v.spare["/calendar/terms/"], v.spare["/calendar/seasons/"] = number(term), number(season)
	v.spare["/settings/calendar/changes/"], v.spare["/api/v1/calendar/changes/"] = closed(26), closed(27)
}

// ofCalendar is what an address of the calendar names.
func (v *visits) ofCalendar(path string) string {
	for part, id := range v.spare {
		if strings.HasPrefix(part, "/") && strings.Contains(path, part) {
			return id
		}
	}
	return ""
}

func number[ID ~int64](id ID) string { return strconv.FormatInt(int64(id), 10) }

// address of a route for somebody: everything that it names exists.
func (v *visits) address(r web.RouteInfo, who *visitor) string {
	path := strings.TrimSuffix(r.Path, "{$}")
	part := strings.Split(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(path, "/api/v1"), "/settings"), "/"), "/")[0]
	id := v.spare[part]
	switch part {
	case "r", "requests":
		id = who.own["ticket"]
	case "files":
		id = who.own["file"]
	case "places":
		if !strings.Contains(path, "/settings/") { // one that somebody leads
			id = number(v.sites["north"])
		}
	case "away", "absences":
		id = who.own["absence"]
	case "calendar":
		id = v.ofCalendar(path)
	}
	if strings.Contains(path, "{row}") {
		if id = "-1"; r.Door == policy.DoorWeb {
			id = "H-1"
		}
	}
	switch {
	case strings.Contains(path, "/tokens/"):
		id = who.own["token"]
	case strings.Contains(path, "/devices/{id}") || strings.Contains(path, "/sessions/{id}"):
		id = v.otherSession(who)
	case strings.HasPrefix(path, "/invite/"):
		plain, _, err := v.District.District.MakeInvite(v.system(), v.people["eve"])
		v.ok(err)
		path = strings.ReplaceAll(path, "{token}", plain)
	}
	path = strings.NewReplacer("{id}", id, "{action}", "reply", "{event}", who.own["event"], "{row}", v.spare["row"], "{name}", "mine.png", "{view}", "mine", "{place}", v.slug("north"), "{kind}", "safety", "{impact}", "slowed",
		"/static/{file...}", v.asset).Replace(path)
	if strings.HasSuffix(path, "/people/find") || strings.HasSuffix(path, "/requests/search") {
		path += "?q=something"
	}
	if strings.Contains(path, "{") {
		v.t.Errorf("%s: say in address() what to ask for", r.Pattern())
	}
	return path
}

// slug is a place's name in addresses.
func (w *world) slug(site string) string {
	list := must[[]district.Site](w.t)(w.District.District.Sites(w.system(), true))
	return district.Slugs(list)[w.sites[site]]
}

// otherSession is a second session of somebody.
func (v *visits) otherSession(who *visitor) string {
	key := who.key
	if key == "" {
		return "1"
	}
	v.session(key)
	list := must[[]district.Session](v.t)(v.District.District.Sessions(v.as(key)))
	return number(slices.MaxFunc(list, func(a, b district.Session) int { return int(a.ID - b.ID) }).ID)
}

// line asks as everybody and says in a sentence what came of it.
func (v *visits) line(r web.RouteInfo) string {
	p := r.Policy
	if p.Name == "" || p.Sentence == "" || p.Allow == nil {
		v.t.Errorf("%s: no policy", r.Pattern())
	}
	outcome := map[string][]string{}
	for _, who := range v.all {
		got := v.ask(r, who)
		outcome[got] = append(outcome[got], who.name)
		if want := v.permits(r, who); (got == letIn) != want {
			v.t.Errorf("%s as %s: %s, but its policy says %t", r.Pattern(), who.name, got, want)
		}
	}
	s := fmt.Sprintf("%s — open to %s.", r.Pattern(), p.Sentence)
	if r.Door == policy.DoorAPI && p.Scope != "" && p.Scope != policy.ScopeAny {
		s = fmt.Sprintf("%s — open to %s, by token with %s.", r.Pattern(), p.Sentence, p.Scope)
	} else if r.Door == policy.DoorAPI && p.Scope == "" {
		s = fmt.Sprintf("%s — open to %s, never by token.", r.Pattern(), p.Sentence)
	}
	for _, how := range []string{letIn, signIn, unauthorized, nothing, forbidden} {
		list := outcome[how]
		switch {
		case len(list) == len(v.all):
			s += " " + how + ": everybody."
		case len(list) > 0:
			s += " " + how + ": " + strings.Join(list, ", ") + "."
		}
	}
	return s
}

// What may come of asking.
const (
	letIn        = "In"
	signIn       = "Sent to sign in"
	unauthorized = "401"
	nothing      = "404 as what does not exist"
	forbidden    = "403"
)

// permits is what the declared policy says. A page takes no token.
func (v *visits) permits(r web.RouteInfo, who *visitor) bool {
	a := policy.Actor{}
	if who.key != "" && (r.Door == policy.DoorAPI || who.Cookie != "") {
		a = v.actors[who.key]
	}
	if who.Bearer != "" && r.Door == policy.DoorAPI {
		var err error
		a, err = v.District.District.ResolveToken(v.t.Context(), who.Bearer)
		v.ok(err)
	}
	return r.Policy.Permits(a)
}

// ask asks at a door and says how it answered.
func (v *visits) ask(r web.RouteInfo, who *visitor) string {
	fresh := &access.Identity{Name: who.name, Bearer: who.Bearer}
	if who.Cookie != "" {
		fresh.Cookie = v.cookie(r, who)
	}
	path := v.address(r, who)
	c := access.NewClient(fresh, v.District, address)
	if r.Door == policy.DoorAPI {
		return v.askAPI(c, r, path)
	}
	a := v.send(c, r.Method, path)
	unknown := v.send(c, r.Method, "/such/an/address/does/not/exist")
	switch {
	case a.Status == 303 && strings.HasPrefix(a.Header.Get("Location"), "/sign-in") && r.Policy.Name != policy.Public.Name:
		return signIn
	case a.Status == 401 && r.Policy.Name != policy.Public.Name:
		return unauthorized
	case a.Status == 404:
		if got, want := a.Text(), unknown.Text(); got != want {
			v.t.Errorf("%s as %s: 404, but not that of an address that does not exist:\n%s\n--- want\n%s", r.Pattern(), who.name, got, want)
		}
		return nothing
	case a.Status >= 500:
		v.t.Errorf("%s as %s: %d", r.Pattern(), who.name, a.Status)
	}
	return letIn
}

// cookie is a session that nothing which was asked before has ended.
func (v *visits) cookie(r web.RouteInfo, who *visitor) string {
	if r.Method != "GET" {
		delete(v.looks, who)
		return v.session(who.key)
	}
	if v.looks[who] == "" {
		v.looks[who] = v.session(who.key)
	}
	return v.looks[who]
}

// needed are fields without which a form names nothing.
var needed = map[string]access.Form{"/settings/private": {"kind": "safety"}, "/settings/promises/alarms": {"impact": "slowed"}}

// send asks a page. A stream is left as soon as it has begun.
func (v *visits) send(c *access.Client, method, path string) access.Answer {
	if path != "/stream" {
		if method == "POST" {
			return c.Post(path, needed[path])
		}
		return c.Send(method, path, "", "")
	}
	ctx, leave := context.WithTimeout(v.t.Context(), 100*time.Millisecond)
	defer leave()
	r := httptest.NewRequest(method, address+path, nil).WithContext(ctx)
	c.Sign(r)
	rec := httptest.NewRecorder()
	v.ServeHTTP(rec, r)
	return access.Answer{Status: rec.Code, Header: rec.Header(), Body: rec.Body.String()}
}

func (v *visits) askAPI(c *access.Client, r web.RouteInfo, path string) string {
	var a access.Answer
	switch {
	case r.Operation == "upload-file":
		a = c.Send(r.Method, path+"?name=a.txt", "text/plain", "a file")
	case r.Method == "GET" || r.Method == "DELETE":
		a = c.JSON(r.Method, path, nil)
	default:
		a = c.JSON(r.Method, path, map[string]any{})
	}
	if a.Status >= 500 {
		v.t.Errorf("%s as %s: %d %s", r.Pattern(), c.Who.Name, a.Status, a.Body)
	}
	var problem struct{ Detail string }
	_ = json.Unmarshal([]byte(a.Body), &problem)
	switch {
	case a.Status == 401:
		return unauthorized
	case a.Status == 403 && v.refusal[problem.Detail]:
		return forbidden
	}
	return letIn
}

// job has no door: what it says is who may have it done.
func (v *visits) job(name string, p policy.Policy) string {
	if p.Name == "" || p.Sentence == "" || p.Allow == nil {
		v.t.Errorf("job %s: no policy", name)
	}
	var in []string
	for _, who := range v.all {
		if who.Cookie != "" && p.Permits(v.actors[who.key]) {
			in = append(in, who.name)
		}
	}
	if len(in) == 0 {
		return fmt.Sprintf("%s — run for %s. No identity may ask for it.", name, p.Sentence)
	}
	return fmt.Sprintf("%s — run for %s: %s.", name, p.Sentence, strings.Join(in, ", "))
}

// golden compares with a file that is reviewed.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(string(raw), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(want) || line != want[i] {
			t.Errorf("%s, line %d, is now:\n%s\nreview the change and run with -update", path, i+1, line)
			return
		}
	}
	if got != string(raw) {
		t.Errorf("%s has lines that no door stands for any more; run with -update", path)
	}
}
