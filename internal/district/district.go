package district

import (
	"context"
	"embed"
	"log/slog"
	"sync/atomic"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
)

// Migrations make the tables.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Messages are the words of this package's errors.
//
//go:embed messages/*.json
var Messages embed.FS

// Hasher hashes passwords; *secret.Hasher is one. Verify with phc "" must cost
// what it costs for a real hash.
type Hasher interface {
	Hash(ctx context.Context, password string) (phc string, err error)
	Verify(ctx context.Context, phc, password string) (ok, needsRehash bool, err error)
}

// Deps are what a District is built on. Time comes from the database's clock.
type Deps struct {
	DB     *db.DB
	Hasher Hasher
	Log    *slog.Logger
}

// District is the ground floor: who is here, where, and who answers for what.
// It is safe for concurrent use.
type District struct {
	db    *db.DB
	hash  Hasher
	log   *slog.Logger
	clock clock.Clock

	holders []Holder // set while the program is put together

	gen      atomic.Uint64 // moves with every commit that could end or change what is cached
	open     atomic.Bool   // somebody is here: set-up is over
	sessions cache[[32]byte, session]
	tokens   cache[[32]byte, tokenRow]
	people   cache[PersonID, Me]
	profile  cache[struct{}, Profile]
}

// New builds the district on a migrated database.
func New(d Deps) *District {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &District{db: d.DB, hash: d.Hasher, log: d.Log, clock: d.DB.Clock()}
}

// authorise is the coarse question, asked first by every method.
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

// self is the signed-in person behind a browser session. Credentials are
// managed from there alone: a token that leaks must not make more tokens.
func self(ctx context.Context) (policy.Actor, PersonID, error) {
	a := policy.ActorFrom(ctx)
	switch {
	case a.Kind == policy.Person && a.Token == 0:
		return a, PersonID(a.Person), nil
	case a.Kind == policy.Person:
		return a, 0, errs.E(errs.Forbidden, "error.forbidden")
	}
	return a, 0, errs.E(errs.Unauthenticated, "error.unauthenticated")
}

// write runs a command once per idempotency key and lets go of what was
// cached when it is durable. result is what the command answers; it is kept
// with the key, so it must hold no secret.
func (d *District) write(ctx context.Context, name string, result any, fn func(tx *db.Tx) error) error {
	err := d.db.Write(ctx, name, func(tx *db.Tx) error {
		tx.OnCommit(d.forget)
		return idem.Do(tx, result, func() error { return fn(tx) })
	})
	if db.IsUnique(err) { // two at once, past each other's check
		return errs.E(errs.Conflict, "error.conflict").Because(err)
	}
	return err
}

// forget makes everything cached before now unusable.
func (d *District) forget() { d.gen.Add(1) }

func notFound() error { return errs.E(errs.NotFound, "error.not_found") }

// matched decides after an UPDATE that names id and version: one row is good,
// none means that somebody was faster.
func matched(r db.Result) error {
	if r.RowsAffected == 0 {
		return errs.E(errs.Precondition, "error.stale")
	}
	return nil
}

func stale(have, want int64) error {
	if have != want {
		return errs.E(errs.Precondition, "error.stale")
	}
	return nil
}
