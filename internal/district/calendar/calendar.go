package calendar

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
)

// Deps are what Calendars are built on. Time comes from the database's clock.
type Deps struct{ DB *db.DB }

// Calendars reads and changes the calendars of one district. It is safe for
// concurrent use.
type Calendars struct{ db *db.DB }

// New builds them on a migrated database.
func New(d Deps) *Calendars { return &Calendars{d.DB} }

// Keeper are those who may change calendars: a snow day is no matter of running
// Trellis, so who leads technology in the district may enter one too.
var Keeper = policy.Policy{Name: "calendar", Sentence: "people who run Trellis or lead its technology", Allow: func(a policy.Actor) bool {
	return a.Kind == policy.Person && a.HasRoleIn(0, district.RoleAdmin, district.RoleDirector)
}}

var (
	mayRead = district.SignedIn.WithScope(district.ScopeDistrictRead)
	mayLook = Keeper.WithScope(district.ScopeDistrictRead)
	mayKeep = Keeper.WithScope(district.ScopeDistrictWrite)
)

func authorise(ctx context.Context, p policy.Policy) error {
	a := policy.ActorFrom(ctx)
	switch {
	case p.Permits(a):
		return nil
	case a.Kind == policy.Anonymous:
		return errs.E(errs.Unauthenticated, "error.unauthenticated")
	}
	return errs.E(errs.Forbidden, "error.forbidden")
}

// About is what the events of calendars are about. All are about the same one
// thing and say in their changes which place they touched.
var About = event.Ref{Kind: "calendar", ID: 0}

// Kinds of events.
const (
	HoursSet      = "calendar.hours_set"
	TermSet       = "calendar.term_set"
	TermDropped   = "calendar.term_dropped"
	SeasonSet     = "calendar.season_set"
	SeasonDropped = "calendar.season_dropped"
	DaysSet       = "calendar.days_set"
)

// write runs a command once per idempotency key. result is what the command
// answers; it is kept with the key.
func (c *Calendars) write(ctx context.Context, name string, result any, fn func(tx *db.Tx) error) error {
	err := c.db.Write(ctx, name, func(tx *db.Tx) error {
		return idem.Do(tx, result, func() error { return fn(tx) })
	})
	if db.IsUnique(err) { // two at once, past each other's check
		return errs.E(errs.Conflict, "error.conflict").Because(err)
	}
	return err
}

func unchanged(tx *db.Tx) { tx.Unlogged("nothing to change") }

func notFound() error { return errs.E(errs.NotFound, "error.not_found") }

func stale(have, want int64) error {
	if have != want {
		return errs.E(errs.Precondition, "error.stale")
	}
	return nil
}

// said gathers what a command changes, field by field.
type said []event.Change

func (s *said) note(field, from, to string) {
	if from == to {
		return
	}
	c := event.Change{Field: field}
	if from != "" {
		c.From = from
	}
	if to != "" {
		c.To = to
	}
	*s = append(*s, c)
}
