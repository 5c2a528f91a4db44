package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

// Name and Zone of the example district.
const (
	Name = "Juniper Valley"
	Zone = "America/New_York"
)

// Shown is one of the nine example people.
type Shown struct {
	Role   string // "teacher", "student", "parent", …
	Name   string
	Person district.PersonID
}

// builder writes the example through the modules' own methods.
type builder struct {
	db    *db.DB
	d     *district.District
	cover *cover.Cover
	desk  *desk.Desk
	clock *clock.Manual
	zone  *time.Location

	sites    map[string]district.SiteID
	rooms    map[string]district.RoomID // site key + "/" + name
	people   map[string]district.PersonID
	teams    map[string]district.TeamID
	services map[string]district.ServiceID
}

// Parts are the modules of an open district.
type Parts struct {
	DB       *db.DB
	District *district.District
	Cover    *cover.Cover
	Desk     *desk.Desk
}

// Build fills a new district. The clock must be the one that the district was
// opened with; it is moved from the past up to now.
func Build(ctx context.Context, in Parts, c *clock.Manual, now time.Time) ([]Shown, error) {
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		return nil, err
	}
	b := &builder{db: in.DB, d: in.District, cover: in.Cover, desk: in.Desk, clock: c, zone: zone,
		sites: map[string]district.SiteID{}, rooms: map[string]district.RoomID{}, people: map[string]district.PersonID{},
		teams: map[string]district.TeamID{}, services: map[string]district.ServiceID{}}
	days := schoolDays(now, zone, 10)
	c.Set(days[len(days)-1].Add(6 * time.Hour))
	year := func(ctx context.Context) error { return b.year(ctx, now) }
	for _, step := range []func(context.Context) error{b.ground, b.staff, b.help, year} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("example district: %w", err)
		}
	}
	if err := b.play(ctx, days, now); err != nil {
		return nil, fmt.Errorf("example district: %w", err)
	}
	c.Set(now)
	if err := errors.Join(b.ring(ctx), b.watches(ctx, now)); err != nil {
		return nil, fmt.Errorf("example district: %w", err)
	}
	var shown []Shown
	for _, p := range people {
		if p.show != "" {
			shown = append(shown, Shown{Role: p.show, Name: p.name, Person: b.people[p.key]})
		}
	}
	return shown, nil
}

// schoolDays are the last n usual school days, newest first, as midnights in
// the zone.
// The first is the last one on which the morning's requests have been made.
func schoolDays(now time.Time, zone *time.Location, n int) []time.Time {
	day := now.In(zone)
	if day.Hour() < 10 {
		day = day.AddDate(0, 0, -1)
	}
	differs := special(now)
	var out []time.Time
	for ; len(out) < n; day = day.AddDate(0, 0, -1) {
		if w := day.Weekday(); w != time.Saturday && w != time.Sunday && differs[worktime.DateOf(day)].Kind == "" {
			out = append(out, time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone))
		}
	}
	return out
}

func system(ctx context.Context) context.Context {
	return policy.WithActor(ctx, policy.SystemActor(policy.DoorCLI))
}

// as is the context in which one of the people acts.
func (b *builder) as(ctx context.Context, key string) context.Context {
	i := slices.IndexFunc(people, func(p person) bool { return p.key == key })
	a := policy.Actor{Kind: policy.Person, Person: int64(b.people[key]), Door: policy.DoorWeb}
	for _, g := range people[i].roles {
		a.Grants = append(a.Grants, policy.Grant{Role: g.role, Scope: int64(b.sites[g.site])})
	}
	return policy.WithActor(ctx, a)
}

// ground makes the district, its sites and rooms.
func (b *builder) ground(ctx context.Context) error {
	ctx = system(ctx)
	key, err := b.d.MakeSetupKey(ctx)
	if err != nil {
		return err
	}
	ruth := personOf("ruth")
	// Nobody signs in with this password: the example's people come in by links.
	_, first, err := b.d.SetUp(ctx, district.SetUp{Key: key, District: Name, Zone: Zone, Lang: "en-US", Name: ruth.name, Email: email(ruth.key),
		Password: strings.ToLower(clock.System().Now().Format("jan-monday-150405.000000")) + "-not-a-secret", Site: places[0].name, Level: places[0].level, Team: teams[0].name})
	if err != nil {
		return err
	}
	b.people[ruth.key] = first.Person
	existing, err := b.d.Sites(ctx, false)
	if err != nil {
		return err
	}
	for i, p := range places {
		if i == 0 {
			b.sites[p.key] = existing[0].ID
			if _, err := b.d.ChangeSite(ctx, district.ChangeSite{ID: existing[0].ID, Version: existing[0].Version, Name: p.name, Short: p.short, Level: p.level, Zone: Zone}); err != nil {
				return err
			}
		} else if b.sites[p.key], err = b.d.CreateSite(ctx, district.CreateSite{Name: p.name, Short: p.short, Level: p.level, Enrollment: int64(p.enrollment), TitleOne: p.titleOne, Zone: Zone}); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		for _, r := range p.rooms {
			if b.rooms[p.key+"/"+r], err = b.d.CreateRoom(ctx, district.CreateRoom{Site: b.sites[p.key], Name: r}); err != nil {
				return fmt.Errorf("%s, %s: %w", p.name, r, err)
			}
		}
	}
	return nil
}

func personOf(key string) person {
	return people[slices.IndexFunc(people, func(p person) bool { return p.key == key })]
}

func email(key string) string { return key + "@junipervalley.example" }

func (b *builder) grants(p person) []district.Grant {
	var out []district.Grant
	for _, g := range p.roles {
		out = append(out, district.Grant{Role: g.role, Site: b.sites[g.site]})
	}
	return out
}

// staff makes the people. The first administrator is there already.
func (b *builder) staff(ctx context.Context) error {
	ctx = system(ctx)
	for i, p := range people {
		if p.key == "ruth" {
			r, err := b.d.Person(ctx, b.people[p.key])
			if err != nil {
				return err
			}
			if _, err := b.d.ChangePerson(ctx, district.ChangePerson{ID: r.ID, Version: r.Version, Name: p.name, Email: email(p.key), Phone: phone(i), Title: p.title, Lang: "en-US",
				Site: b.sites[p.site], Room: b.rooms[p.site+"/"+p.room], Grants: b.grants(p)}); err != nil {
				return err
			}
			continue
		}
		lang := p.lang
		if lang == "" {
			lang = "en-US"
		}
		id, err := b.d.CreatePerson(ctx, district.CreatePerson{Name: p.name, Email: email(p.key), Phone: phone(i), Title: p.title, Lang: lang,
			Site: b.sites[p.site], Room: b.rooms[p.site+"/"+p.room], Grants: b.grants(p)})
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		b.people[p.key] = id
	}
	return nil
}

// phone numbers in the range that is kept free for stories.
func phone(i int) string { return fmt.Sprintf("(555) 555-01%02d", 10+i) }

// help makes teams, services and duties, and says who is named for what is
// private.
func (b *builder) help(ctx context.Context) error {
	ctx = system(ctx)
	for i, t := range teams {
		var members []district.PersonID
		for _, m := range t.members {
			members = append(members, b.people[m])
		}
		if i == 0 {
			list, err := b.d.Teams(ctx, false)
			if err != nil {
				return err
			}
			b.teams[t.key] = list[0].ID
			if _, err := b.d.ChangeTeam(ctx, district.ChangeTeam{ID: list[0].ID, Version: list[0].Version, Name: t.name, Lead: b.people[t.lead], Tier: t.tier, Members: members}); err != nil {
				return err
			}
			continue
		}
		id, err := b.d.CreateTeam(ctx, district.CreateTeam{Name: t.name, Lead: b.people[t.lead], Tier: t.tier, Members: members})
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		b.teams[t.key] = id
		for _, key := range t.sites {
			s, err := b.d.Site(ctx, b.sites[key])
			if err != nil {
				return err
			}
			if _, err := b.d.ChangeSite(ctx, district.ChangeSite{ID: s.ID, Version: s.Version, Name: s.Name, Short: s.Short, Level: s.Level, Enrollment: s.Enrollment, TitleOne: s.TitleOne, Zone: s.Zone, Team: id}); err != nil {
				return err
			}
		}
	}
	// Who plans with a class talks to whoever helps at the school, and where
	// nobody does, to a coach.
	plans := district.SetPath{PathID: district.PathID{Plan: true}, Steps: []district.Step{{Tier: district.TierSchool}, {Tier: district.TierDistrict, Team: b.teams["coaches"]}}}
	if _, err := b.d.SetPath(ctx, plans); err != nil {
		return fmt.Errorf("path of plans: %w", err)
	}
	for _, s := range services {
		id, err := b.d.CreateService(ctx, district.CreateService{Kind: s.kind, Name: s.name, Icon: s.icon, Owner: b.people[s.owner], Cover: b.people[s.cover], Team: b.teams[s.team]})
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		b.services[s.key] = id
	}
	ctx = b.as(ctx, "ruth")
	for _, kind := range desk.PrivateKinds {
		if err := b.desk.SetNamed(ctx, kind, []district.PersonID{b.people["ruth"]}); err != nil {
			return err
		}
	}
	return nil
}

// move is one thing that somebody does at an instant.
type move struct {
	at time.Time
	do func(ctx context.Context) error
}

// play tells all stories in the order of time.
func (b *builder) play(ctx context.Context, days []time.Time, now time.Time) error {
	var moves []move
	for i := range stories {
		moves = append(moves, b.moves(&stories[i], days)...)
	}
	for _, day := range days { // alarms are given in time
		for _, hour := range []time.Duration{12, 16} {
			moves = append(moves, move{day.Add(hour * time.Hour), b.ring})
		}
	}
	sort.SliceStable(moves, func(i, j int) bool { return moves[i].at.Before(moves[j].at) })
	for _, m := range moves {
		if m.at.After(now) {
			break // not happened yet
		}
		b.clock.Set(m.at)
		if err := m.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) moves(s *story, days []time.Time) []move {
	t, err := time.Parse("15:04", s.at)
	if err != nil {
		panic(err) // the example's own text
	}
	at := days[s.day].Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
	id := new(desk.TicketID)
	out := []move{{at, func(ctx context.Context) error { return b.ask(ctx, s, id) }}}
	for _, st := range s.steps {
		at = at.Add(time.Duration(st.after) * time.Minute).Add(7 * time.Second)
		out = append(out, move{at, func(ctx context.Context) error {
			if err := b.step(b.as(ctx, st.by), *id, st); err != nil {
				return fmt.Errorf("%s, %s %s: %w", firstLine(s.text), st.by, st.do, err)
			}
			return nil
		}})
	}
	return out
}

func firstLine(s string) string { l, _, _ := strings.Cut(s, "\n"); return l }
