package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district/calendar"
	"trellis/internal/district/cover"
	"trellis/internal/platform/db"
	"trellis/internal/platform/worktime"
)

const (
	yearly   = 6000 // requests at scale 1, besides those of the stories
	caught   = 34   // who reported this morning's outage
	snowfall = 14   // who asked because of the snow day
)

// live lets a year pass in the district: people ask, others help, are away and
// come back, and once it snows.
func (b *builder) live(ctx context.Context, o Options) error {
	s := school{zone: b.zone, first: b.began, now: o.Now, days: map[worktime.Date]bool{}}
	for d, x := range special(b.began, o.Now) {
		s.days[d] = x.Kind == calendar.Closed
	}
	snow := b.snowDay(s)
	s.days[snow] = true
	b.sweeps(s)
	b.absences(s)
	cals, err := b.calendars(ctx)
	if err != nil {
		return err
	}
	promises, err := b.desk.Promises(b.as(ctx, "ruth"))
	if err != nil {
		return err
	}
	b.promised = map[desk.Impact]desk.Promise{}
	for _, p := range promises {
		if p.Site == 0 && p.Service == 0 {
			b.promised[p.Impact] = p
		}
	}
	l := &living{builder: b, dice: newDice(b.seed, "year"), talks: newTalks(), cals: cals}
	for _, s := range stories {
		l.talks.heard[s.text] = true
	}
	for _, at := range s.times(newDice(b.seed, "times"), o.part(yearly-caught-snowfall)) {
		b.then(at, l.someone)
	}
	morning := worktime.DateOf(o.Now.In(b.zone))
	for range o.part(caught) {
		b.then(b.at(morning, 8*60+1).Add(time.Duration(l.dice.below(96*60))*time.Second), l.caught)
	}
	b.then(b.at(snow, 5*60+52), func(ctx context.Context) error {
		day := calendar.DayChange{Date: snow, Day: calendar.Day{Kind: calendar.Closed, Name: "Snow day"}}
		_, err := calendar.New(calendar.Deps{DB: b.db}).SetDays(b.as(ctx, "ruth"), calendar.SetDays{Changes: []calendar.DayChange{day}})
		return err
	})
	for range o.part(snowfall) {
		b.then(b.at(snow, 6*60+10).Add(time.Duration(l.dice.below(30*3600))*time.Second), l.snowed)
	}
	return nil
}

// at is a minute of a day.
func (b *builder) at(d worktime.Date, minute int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, minute, 0, 0, b.zone).UTC()
}

// snowDay is a school day in the winter before now.
func (b *builder) snowDay(s school) worktime.Date {
	year := s.now.In(b.zone).Year()
	if s.now.Before(time.Date(year, time.February, 10, 0, 0, 0, 0, b.zone)) {
		year--
	}
	d := worktime.Date{Year: year, Month: time.January, Day: 22}
	if b.at(d, 0).Before(s.first) {
		d = worktime.DateOf(s.first.In(b.zone)).AddDays(2)
	}
	for d = d.AddDays(newDice(b.seed, "snow").below(12)); s.days[d] || d.Weekday() == time.Saturday || d.Weekday() == time.Sunday; {
		d = d.AddDays(1)
	}
	return d
}

// sweeps does what time brings about every two hours of every weekday.
func (b *builder) sweeps(s school) {
	for d := worktime.DateOf(s.first.In(b.zone)); !worktime.DateOf(s.now.In(b.zone)).Before(d); d = d.AddDays(1) {
		if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
			continue
		}
		for hour := 8; hour <= 16; hour += 2 {
			b.then(b.at(d, hour*60), b.ring)
		}
	}
}

// absences: now and then a helper is away for a day or some, and somebody
// covers. This morning the coach had to leave.
func (b *builder) absences(s school) {
	dice := newDice(b.seed, "absences")
	covers := map[string]string{"marcus": "tara", "tara": "marcus", "devon": "wes", "hugo": "bea", "bea": "hugo", "simone": "priya", "priya": "simone",
		"grace": "omar", "omar": "grace", "lena": "paul", "paul": "lena", "noor": "dana", "lucia": "dana"}
	var who []string
	for _, p := range b.cast {
		if covers[p.key] != "" {
			who = append(who, p.key)
		}
	}
	today := worktime.DateOf(s.now.In(b.zone))
	for range 22 {
		key, d := pick(dice, who), worktime.DateOf(s.first.In(b.zone)).AddDays(dice.between(20, 340))
		for s.days[d] || d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
			d = d.AddDays(1)
		}
		last := d.AddDays(dice.below(3))
		why := pick(dice, absenceReasons)
		b.then(b.at(d, 6*60+40), func(ctx context.Context) error {
			if b.isAway(key) || b.isAway(covers[key]) {
				return nil
			}
			return b.leave(ctx, key, covers[key], b.clock.Now(), b.at(last.AddDays(1), 0), why)
		})
	}
	b.then(b.at(today, 9*60+21), func(ctx context.Context) error {
		return b.leave(ctx, "priya", "simone", b.at(today, 9*60+30), b.at(today.AddDays(2), 0), "My son is ill")
	})
}

func (b *builder) leave(ctx context.Context, key, by string, from, until time.Time, why string) error {
	b.away[key] = until
	_, err := b.cover.Declare(b.as(ctx, key), cover.Declare{Person: b.people[key], From: from, Until: until, Cover: b.people[by], Why: why})
	if err != nil {
		return fmt.Errorf("%s is away: %w", key, err)
	}
	return nil
}

// calendars are the working hours of the places, as the clocks read them.
func (b *builder) calendars(ctx context.Context) (out map[string]*worktime.Calendar, err error) {
	out = map[string]*worktime.Calendar{}
	err = b.db.Read(system(ctx), func(tx *db.Tx) error {
		for _, p := range places {
			if out[p.key], _, err = calendar.Of(tx, b.sites[p.key]); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// living is the year at work.
type living struct {
	*builder
	dice  *dice
	talks *talks
	cals  map[string]*worktime.Calendar
}

// someone asks about something.
func (l *living) someone(ctx context.Context) error {
	when := l.moment()
	topic := topics[l.dice.weigh(calls[when.season])]
	by := l.resident(askers[l.dice.weigh(weightsOf(asks[topic]))])
	return l.request(by, l.talks.next(l.dice, by.asker, topic, when)).ask(ctx)
}

func (l *living) moment() moment {
	at := l.clock.Now().In(l.zone)
	return moment{seasonOf(at), at}
}

func weightsOf(a [4]int) []int { return a[:] }

// resident is somebody of a role, at a large school more likely than at a small
// one.
func (l *living) resident(role string) *resident {
	weights := make([]int, len(places))
	for i, p := range places {
		weights[i] = len(l.folk[p.key][role])
	}
	return pick(l.dice, l.folk[places[l.dice.weigh(weights)].key][role])
}

// request is a talk about to be had. Whoever asks thinks of the helper of their
// school.
func (l *living) request(by *resident, t talk) *request {
	t.ask = strings.ReplaceAll(t.ask, someHelper, firstOf(personOf(l.firstHelp(by.site)).name))
	return &request{builder: l.builder, dice: l.dice, by: by, talk: t, cal: l.cals[by.site]}
}

// firstHelp leads those who help at a place.
func (b *builder) firstHelp(site string) string {
	for _, t := range b.teamList {
		if slices.Contains(t.sites, site) {
			return t.lead
		}
	}
	return b.teamList[0].lead
}

// caught is somebody whom this morning's outage stops.
func (l *living) caught(ctx context.Context) error {
	by := l.resident(askers[l.dice.weigh([]int{66, 12, 10, 12})])
	r := l.request(by, l.talks.outage(l.dice, by.asker, l.moment()))
	made, err := l.desk.CreateTicket(r.asking(ctx), desk.CreateTicket{Text: r.talk.ask, Impact: desk.Impact(r.talk.impact), Service: l.services["signin"], Lang: by.lang})
	if err != nil {
		return err
	}
	r.id = made.ID
	if l.dice.chance(45) {
		r.with = pick(l.dice, []string{"hugo", "dana", "bea"})
		l.then(l.clock.Now().Add(time.Duration(l.dice.between(3, 14))*time.Minute), func(ctx context.Context) error {
			if _, err := l.desk.Take(r.helping(ctx), r.id); err != nil || r.talk.first == "" {
				return err
			}
			_, err := l.desk.Reply(r.helping(ctx), r.id, said(r.talk.first))
			return err
		})
	}
	return nil
}

// snowed is somebody who works or learns at home because of the snow.
func (l *living) snowed(ctx context.Context) error {
	by := l.resident(askers[l.dice.weigh([]int{45, 10, 15, 30})])
	return l.request(by, l.talks.snow(l.dice, by.asker, l.moment())).ask(ctx)
}
