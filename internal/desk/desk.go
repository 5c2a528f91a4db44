package desk

import (
	"context"
	"embed"
	"io"
	"log/slog"
	"sync"
	"time"

	"trellis/internal/platform/blob"
	"trellis/internal/platform/db"
)

// Migrations make the tables.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Messages are the words of errors, notices, history and the choices that a
// ticket offers.
//
//go:embed messages/*.json
var Messages embed.FS

// Blobs is where files are kept; *blob.Store is one.
type Blobs interface {
	Put(ctx context.Context, r io.Reader, limit int64) (blob.Info, error)
	Open(hash string) (io.ReadSeekCloser, blob.Info, error)
}

// Deps are what a Desk is built on. Time comes from the database's clock.
type Deps struct {
	DB     *db.DB
	Blobs  Blobs
	People People // nil: nobody covers for anybody, and everybody is always at work
	Log    *slog.Logger
}

// Desk is the module. It is safe for concurrent use.
type Desk struct {
	db     *db.DB
	blobs  Blobs
	people People
	log    *slog.Logger

	mu    sync.Mutex
	stuck map[State]time.Time // when a sweep of that state last left tickets behind
}

// New builds the desk on a migrated database.
func New(d Deps) *Desk {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &Desk{db: d.DB, blobs: d.Blobs, people: d.People, log: d.Log, stuck: map[State]time.Time{}}
}
