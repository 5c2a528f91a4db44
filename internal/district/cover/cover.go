package cover

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

// Messages are the words of this package's errors and notices.
//
//go:embed messages/*.json
var Messages embed.FS

// AbsenceID names an absence; 0 means none.
type AbsenceID int64

// Deps are what a Cover is built on.
type Deps struct {
	DB *db.DB
	// Calendar is when a site is open, with the revision of that answer; site 0
	// is the district. nil: calendar.Of.
	Calendar func(tx *db.Tx, site district.SiteID) (*worktime.Calendar, int64, error)
	// Changed is called after an absence was committed: what caches who is away
	// forgets it. It may be nil.
	Changed func()
	Log     *slog.Logger
}

// Cover knows who is away and who acts for them. It is safe for concurrent use.
type Cover struct {
	db       *db.DB
	calendar func(*db.Tx, district.SiteID) (*worktime.Calendar, int64, error)
	changed  func()
	log      *slog.Logger
	dates    *i18n.Catalogue // for days in notices, in the language of who is told
	hours    hoursCache
}

// New builds it on a migrated database.
func New(d Deps) *Cover {
	if d.Calendar == nil {
		d.Calendar = calendar.Of
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Changed == nil {
		d.Changed = func() {}
	}
	dates, err := i18n.NewCatalogue(i18n.Messages)
	if err != nil {
		panic("cover: " + err.Error())
	}
	return &Cover{db: d.DB, calendar: d.Calendar, changed: d.Changed, log: d.Log, dates: dates}
}

// Viewer are those who may see who covers what: who works the desk, and who
// leads a site.
var Viewer = policy.Policy{Name: "coverage", Sentence: "people who work the desk or lead a school", Allow: func(a policy.Actor) bool {
	return district.Helper.Allow(a) || a.Kind == policy.Person && a.HasRole(district.RolePrincipal)
}}

var (
	mayView = Viewer.WithScope(district.ScopeDistrictRead)
	mayRead = district.Staff.WithScope(district.ScopeDistrictRead)
	mayOwn  = district.Staff.WithScope(district.ScopeDistrictWrite)
	nobody  = policy.Policy{Name: "system", Sentence: "Trellis itself", Allow: func(policy.Actor) bool { return false }}
)

func authorise(ctx context.Context, p policy.Policy) (policy.Actor, error) {
	a := policy.ActorFrom(ctx)
	switch {
	case p.Permits(a):
		return a, nil
	case a.Kind == policy.Anonymous:
		return a, errs.E(errs.Unauthenticated, "error.unauthenticated")
	}
	return a, errs.E(errs.Forbidden, "error.forbidden")
}

func seesAll(a policy.Actor) bool {
	return a.Kind == policy.System || a.Kind == policy.Person && a.HasRoleIn(0, district.RoleAdmin)
}

// mayActFor reports whether the actor may say something in a person's stead:
// for themselves, for who is in a team they lead, or anybody as administrator.
func mayActFor(tx *db.Tx, a policy.Actor, p district.PersonID) (bool, error) {
	if seesAll(a) || a.Kind == policy.Person && int64(p) == a.Person {
		return true, nil
	}
	var ok bool
	err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM district_team t JOIN district_member m ON m.team = t.id
		WHERE t.lead = $1 AND t.active AND m.person = $2)`, a.Person, p).Scan(&ok)
	return ok, err
}

// write runs a command once per idempotency key.
func (c *Cover) write(ctx context.Context, name string, result any, fn func(tx *db.Tx) error) error {
	err := c.db.Write(ctx, name, func(tx *db.Tx) error {
		tx.OnCommit(c.changed)
		return idem.Do(tx, result, func() error { return fn(tx) })
	})
	var known *errs.Error
	if err != nil && !errors.As(err, &known) {
		return fmt.Errorf("%s: %w", name, err)
	}
	return err
}

func notFound() error { return errs.E(errs.NotFound, "error.not_found") }

// emit logs what was done to a person's absence or hours, on their behalf if
// another did it.
func emit(tx *db.Tx, kind, about string, id int64, p district.PersonID, ch []event.Change) error {
	e := event.Event{Kind: kind, Subject: event.Ref{Kind: about, ID: id}, Changes: ch}
	if a := policy.ActorFrom(tx.Context()); a.Kind == policy.Person && a.Person != int64(p) {
		e.Behalf = int64(p)
	}
	return event.Emit(tx, e)
}

// note adds a change if there is one. Empty values are left out, so that a
// creation reads as fields that appear.
func note[T comparable](ch *[]event.Change, field string, from, to T) {
	if from == to {
		return
	}
	var zero T
	c := event.Change{Field: field, Personal: true}
	if from != zero {
		c.From = from
	}
	if to != zero {
		c.To = to
	}
	*ch = append(*ch, c)
}

// instant is how the log writes one, "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
