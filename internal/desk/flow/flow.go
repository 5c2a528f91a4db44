package flow

import (
	"context"
	"sync"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// Deps are what a Flow is built on.
type Deps struct {
	DB *db.DB
}

// Flow keeps desk_flow true to what the tickets' histories say. It is safe for
// concurrent use.
type Flow struct {
	db *db.DB

	mu      sync.Mutex
	counted map[hoursOf]Counting
}

// New builds it on a migrated database.
func New(d Deps) *Flow { return &Flow{db: d.DB, counted: map[hoursOf]Counting{}} }

// Reader are those who may see how support flowed in the whole district.
var Reader = policy.Policy{Name: "flow", Sentence: "people who lead technology or run Trellis", Scope: district.ScopeDeskRead, Allow: func(a policy.Actor) bool {
	return a.Kind == policy.Person && a.HasRoleIn(0, district.RoleDirector, district.RoleAdmin)
}}

func authorise(ctx context.Context) error {
	switch a := policy.ActorFrom(ctx); {
	case a.Kind == policy.Anonymous:
		return errs.E(errs.Unauthenticated, "error.unauthenticated")
	case !Reader.Permits(a):
		return errs.E(errs.Forbidden, "error.forbidden")
	}
	return nil
}

// hoursOf names a calendar by what it says, so that one found under it is
// right whatever became of the row that it was made from.
type hoursOf struct{ zone, hours, closed string }

// maxCounted bounds how many are kept; beyond it the cache starts over.
const maxCounted = 200

// counting is Count, remembered.
func (f *Flow) counting(h hoursOf) (Counting, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c, ok := f.counted[h]; ok {
		return c, nil
	}
	closed, err := ParseClosed(h.closed)
	if err != nil {
		return Counting{}, err
	}
	c, err := Count(h.zone, h.hours, closed)
	if err != nil {
		return c, err
	}
	if len(f.counted) >= maxCounted {
		clear(f.counted)
	}
	f.counted[h] = c
	return c, nil
}
