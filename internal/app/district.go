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
	"time"

	"trellis/internal/desk"
	deskweb "trellis/internal/desk/web"
	"trellis/internal/district"
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
	Desk     *desk.Desk
	Web      *web.Mux

	log    *slog.Logger
	clock  clock.Clock
	stream *web.Stream
	lock   *folderLock
	busy   atomic.Int64
	ready  *obs.Health
	drop   []func()
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
	hasher, err := secret.NewHasher(secret.Recommended)
	if err != nil {
		return d, err
	}
	d.District = district.New(district.Deps{DB: d.DB, Hasher: hasher, Log: d.log})
	d.Desk = desk.New(desk.Deps{DB: d.DB, Blobs: d.Blobs, Log: d.log})
	d.Log = event.NewLog(d.DB, d.log)
	d.Jobs = d.newJobs()
	d.stream = web.NewStream(web.StreamOptions{Clock: clock.System()})
	if err = d.mount(ctx, o); err != nil {
		return d, err
	}
	return d, nil
}

func (d *District) blobDir() string { return filepath.Join(d.Folder, "blobs") }

// Source is the open district as a backup or a check reads it.
func (d *District) Source() *Source { return &Source{Slug: d.Slug, Folder: d.Folder, DB: d.DB} }

// keepCopy leaves a verified copy of the database in the folder's copies
// before an upgrade changes it.
func (d *District) keepCopy(ctx context.Context) error {
	dir := filepath.Join(d.Folder, "copies", clock.System().Now().Format("20060102-150405")+"-before-upgrade")
	if err := d.DB.Snapshot(ctx, dir); err != nil {
		return err
	}
	if d.DB.Engine() == db.SQLite {
		if err := db.CheckSQLite(ctx, filepath.Join(dir, db.SnapshotFile)); err != nil {
			return err
		}
	}
	d.log.Info("kept a verified copy before the upgrade", "copy", dir)
	return nil
}

// ServeHTTP answers through the district's doors.
func (d *District) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.busy.Add(1)
	defer d.busy.Add(-1)
	d.Web.ServeHTTP(w, r)
}

// Busy reports whether somebody is looking.
func (d *District) Busy() bool { return d.busy.Load() > 0 || d.stream.Subscribers() > 0 }

// sweepEvery is how often what expires by itself is put away.
const sweepEvery = 10 * time.Minute

// Run does the background work until ctx ends: places and watchers of the
// log, jobs, the event stream, and the sweeps.
func (d *District) Run(ctx context.Context) {
	ctx = policy.WithActor(ctx, policy.SystemActor(policy.DoorJob))
	done := make(chan struct{}, 4)
	go func() { d.Log.Run(ctx); done <- struct{}{} }()
	go func() { d.Jobs.Run(ctx); done <- struct{}{} }()
	go func() { d.publish(ctx); done <- struct{}{} }()
	go func() { d.sweep(ctx); done <- struct{}{} }()
	<-ctx.Done()
	d.stream.Close()
	for range 4 {
		<-done
	}
}

// publish tells open pages which tickets changed: ids and versions, never
// words. Each page asks for what it may see.
func (d *District) publish(ctx context.Context) {
	wake, stop := d.Log.Listen()
	defer stop()
	var place int64
	if err := d.DB.Read(ctx, func(tx *db.Tx) (err error) { place, err = event.Head(tx); return err }); err != nil {
		d.log.Error("event stream can't start; pages have to be reloaded by hand", "err", err)
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		}
		var news []event.Event
		err := d.DB.Read(ctx, func(tx *db.Tx) (err error) { news, err = event.After(tx, place, 500); return err })
		if err != nil {
			d.log.Warn("event stream is behind", "err", err)
			continue
		}
		for _, e := range news {
			place = e.Place
			for _, c := range deskweb.Changes(e) {
				d.stream.Publish(c)
			}
		}
	}
}

// NextWake is when the district has work due by itself.
func (d *District) NextWake(ctx context.Context) (time.Time, error) {
	next, ok, err := d.Jobs.Next(ctx)
	if err != nil || !ok {
		next = time.Time{}
	}
	due, derr := d.Desk.NextDue(ctx)
	if derr == nil && !due.IsZero() && (next.IsZero() || due.Before(next)) {
		next = due
	}
	return next, errors.Join(err, derr)
}

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
