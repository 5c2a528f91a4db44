package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"sync/atomic"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/desk/past"
	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/platform/blob"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/job"
	"trellis/internal/platform/obs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/secret"
	"trellis/internal/platform/web"
)

// Options say which district is opened and how.
type Options struct {
	Slug    string
	Folder  string // its own files; made if it is not there
	DSN     string // PostgreSQL; "" is an SQLite file in the folder
	BaseURL *url.URL
	Clock   clock.Clock // nil: the machine's
	Log     *slog.Logger
	Proxies []netip.Prefix
	Metrics *obs.Registry // nil: none are kept
	Demo    *Demo         // nil: a real district
	// TokenRate is how many requests a second one API token may make; 0 is
	// the API's default.
	TokenRate float64
	Fatal     func(error) // see db.Options
	Strict    bool        // tests: every write runs twice and must be logged
	Trace     func(text string)
	Tongues   bool // tests: pages can be had in the test languages too, see i18n.Pseudo
}

// District is one open district: its database, the modules built on it, and
// their doors. It is a http.Handler.
type District struct {
	Slug     string
	Folder   string
	DB       *db.DB
	Blobs    *blob.Store
	Log      *event.Log
	Jobs     *job.Runner
	District *district.District
	Cover    *cover.Cover
	Desk     *desk.Desk
	Flow     *flow.Flow
	Past     *past.Past
	Reports  *flow.Reports
	Weeks    *flow.WeekReports
	Web      *web.Mux

	log     *slog.Logger
	clock   clock.Clock
	hasher  *secret.Hasher
	stream  *web.Stream
	warned  atomic.Int64 // when gaps in coverage were last looked for, in microseconds; 0 not since it was opened
	told    atomic.Int64 // the place of the log up to which open pages were told
	waiting *job.Runner  // runs nothing; it is asked what waits
	lock    *folderLock
	busy    atomic.Int64
	ready   *obs.Health
	drop    []func()
}

// OpenDistrict locks the folder, opens and upgrades the database, and builds
// everything on it. Call Run for its background work and Close at the end.
func OpenDistrict(ctx context.Context, o Options) (d *District, err error) {
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d = &District{Slug: o.Slug, Folder: o.Folder, log: o.Log.With("district", o.Slug), clock: o.Clock}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
			d = nil
		}
	}()
	if d.lock, err = lockFolder(o.Folder); err != nil {
		return d, err
	}
	opt := db.Options{Engine: db.SQLite, Path: filepath.Join(o.Folder, db.SnapshotFile), Clock: o.Clock, Log: d.log, Fatal: o.Fatal,
		Twice: o.Strict, Strict: o.Strict, Trace: o.Trace}
	if o.DSN != "" {
		opt.Engine, opt.DSN = db.Postgres, o.DSN
	}
	if d.DB, err = db.Open(ctx, opt); err != nil {
		return d, err
	}
	if err = d.DB.Migrate(ctx, Schemas(), d.keepCopy); err != nil {
		return d, err
	}
	if err = d.DB.Write(policy.WithActor(ctx, policy.SystemActor(policy.DoorCLI)), "make uid", event.EnsureOrigin); err != nil {
		return d, err
	}
	if d.Blobs, err = blob.Open(d.blobDir(), blob.Options{OnFatal: o.Fatal}); err != nil {
		return d, err
	}
	if err = d.DB.Read(ctx, func(tx *db.Tx) error {
		place, err := event.Head(tx)
		d.told.Store(place) // before the first page is drawn, so that it misses nothing
		return err
	}); err != nil {
		return d, err
	}
	if d.hasher, err = secret.NewHasher(secret.Recommended); err != nil {
		return d, err
	}
	for _, m := range modules() {
		m.Open(d)
	}
	d.Log = event.NewLog(d.DB, d.log, d.watchers()...)
	d.Jobs = d.newJobs()
	d.waiting = job.NewRunner(d.DB, d.log, job.Options{Node: d.Slug})
	d.stream = web.NewStream(web.StreamOptions{Clock: clock.System()})
	if err = d.mount(ctx, o); err != nil {
		return d, err
	}
	return d, nil
}

func (d *District) blobDir() string { return filepath.Join(d.Folder, "blobs") }

// Source is the open district as a backup or a check reads it.
func (d *District) Source() *Source { return &Source{Slug: d.Slug, Folder: d.Folder, DB: d.DB} }

// ServeHTTP answers through the district's doors.
func (d *District) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.busy.Add(1)
	defer d.busy.Add(-1)
	d.Web.ServeHTTP(w, r)
}

// Busy reports whether somebody is looking.
func (d *District) Busy() bool { return d.busy.Load() > 0 || d.stream.Subscribers() > 0 }

// Close closes what OpenDistrict opened. Stop Run first.
func (d *District) Close() error {
	var errs []error
	for _, f := range d.drop {
		f()
	}
	if d.DB != nil {
		errs = append(errs, d.DB.Close())
	}
	if d.lock != nil {
		errs = append(errs, d.lock.release())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close district %s: %w", d.Slug, err)
	}
	return nil
}
