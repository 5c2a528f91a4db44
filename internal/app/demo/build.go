package demo

import (
	"context"
	"fmt"
	"slices"
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

// Options say what example is made.
type Options struct {
	// Now is when the example's past ends.
	Now time.Time
	// Scale is how many districts of 7,500 people and 6,000 requests a year
	// this one is as large as; 0 makes the people of the stories and their two
	// weeks alone.
	Scale int
	// Thin leaves only one in so many of those people and requests; 0 and 1
	// leave all. Tests live through a thin year.
	Thin int
	// Seed makes another district of the same kind.
	Seed uint64
	// Progress hears which part of the past has been lived through, in
	// percent; nil for nobody.
	Progress func(percent int)
}

// Morning is when the example of a date opens its doors: in the middle of that
// school morning, or of the next one if the date has none.
func Morning(date time.Time) time.Time {
	zone := mustZone()
	for day := date.In(zone); ; day = day.AddDate(0, 0, 1) {
		differs := special(day, day)
		if w := day.Weekday(); w != time.Saturday && w != time.Sunday && differs[worktime.DateOf(day)].Kind == "" && !offInSummer(day) {
			return time.Date(day.Year(), day.Month(), day.Day(), 9, 40, 0, 0, zone).UTC()
		}
	}
}

// Clock is an instant as people at the example say it: "Tuesday, 9:40 am".
func Clock(t time.Time) string { return t.In(mustZone()).Format("Monday, 3:04 pm") }

// offInSummer reports whether a weekday has no summer school.
func offInSummer(day time.Time) bool {
	first, last := summer(day.Year())
	d := worktime.DateOf(day)
	return !d.Before(first) && !last.Before(d) && day.Weekday() == time.Friday
}

func mustZone() *time.Location {
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		panic(err) // the program carries the zones
	}
	return zone
}

// builder writes the example through the modules' own methods.
type builder struct {
	db    *db.DB
	d     *district.District
	cover *cover.Cover
	desk  *desk.Desk
	clock *clock.Manual
	zone  *time.Location
	seed  uint64
	tell  func(percent int)
	began time.Time

	cast     []person
	teamList []team
	sites    map[string]district.SiteID
	rooms    map[string]district.RoomID // site key + "/" + name
	people   map[string]district.PersonID
	teams    map[string]district.TeamID
	services map[string]district.ServiceID
	folk     map[string]folk // by site

	coming moves
	count  int
	away   map[string]time.Time // until when a helper is away

	promised map[desk.Impact]desk.Promise // what holds everywhere
}

// Parts are the modules of an open district.
type Parts struct {
	DB       *db.DB
	District *district.District
	Cover    *cover.Cover
	Desk     *desk.Desk
}

// Build fills a new district. The clock must be the one that the district was
// opened with; it is moved from the past up to now. The same options make the
// same district, but for its keys.
func Build(ctx context.Context, in Parts, c *clock.Manual, o Options) ([]Shown, error) {
	b := &builder{db: in.DB, d: in.District, cover: in.Cover, desk: in.Desk, clock: c, zone: mustZone(), seed: o.Seed, tell: o.Progress,
		cast: people, teamList: teams, sites: map[string]district.SiteID{}, rooms: map[string]district.RoomID{}, people: map[string]district.PersonID{},
		teams: map[string]district.TeamID{}, services: map[string]district.ServiceID{}, folk: map[string]folk{}, away: map[string]time.Time{}}
	days := schoolDays(o.Now, b.zone, 10)
	b.began = days[len(days)-1].Add(6 * time.Hour)
	if o.Scale > 0 {
		b.began = o.Now.AddDate(-1, 0, 0)
		b.grow()
	}
	c.Set(b.began)
	steps := []func(context.Context) error{b.ground, b.staff, b.help, func(ctx context.Context) error { return b.year(ctx, o.Now) }}
	if o.Scale > 0 {
		steps = append(steps, func(ctx context.Context) error { return b.census(ctx, o) })
	}
	steps = append(steps, func(ctx context.Context) error {
		b.tellStories(days)
		if o.Scale > 0 {
			if err := b.live(ctx, o); err != nil {
				return err
			}
		}
		return b.play(ctx, o.Now)
	}, func(ctx context.Context) error {
		c.Set(o.Now)
		if err := b.ring(ctx); err != nil {
			return err
		}
		return b.watches(ctx, o.Now)
	})
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("example district: %w", err)
		}
	}
	var shown []Shown
	for _, p := range people {
		if p.show != "" {
			shown = append(shown, Shown{Role: p.show, Name: p.name, Person: b.people[p.key]})
		}
	}
	return shown, nil
}

// grow adds the helpers whom a whole year needs.
func (b *builder) grow() {
	b.cast = slices.Concat(people, moreHelp)
	b.teamList = nil
	for _, t := range slices.Concat(teams, moreTeams) {
		t.members = slices.Concat(t.members, joins[t.key])
		b.teamList = append(b.teamList, t)
	}
}

// progress tells how far the past has been lived through.
func (b *builder) progress(now time.Time) {
	if b.tell != nil {
		b.tell(int(100 * b.clock.Now().Sub(b.began) / max(now.Sub(b.began), 1)))
	}
}

// schoolDays are the last n usual school days, newest first, as midnights in
// the zone.
// The first is the last one on which the morning's requests have been made.
func schoolDays(now time.Time, zone *time.Location, n int) []time.Time {
	day := now.In(zone)
	if day.Hour()*60+day.Minute() < 9*60+30 {
		day = day.AddDate(0, 0, -1)
	}
	differs := special(now.AddDate(0, -1, 0), now)
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
	a := policy.Actor{Kind: policy.Person, Person: int64(b.people[key]), Door: policy.DoorWeb}
	for _, g := range personOf(key).roles {
		a.Grants = append(a.Grants, policy.Grant{Role: g.role, Scope: int64(b.sites[g.site])})
	}
	return policy.WithActor(ctx, a)
}
