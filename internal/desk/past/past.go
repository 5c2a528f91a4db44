package past

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/platform/blob"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// Blobs is where files wait to be brought in; *blob.Store is one.
type Blobs interface {
	Put(ctx context.Context, r io.Reader, limit int64) (blob.Info, error)
	Open(hash string) (io.ReadSeekCloser, blob.Info, error)
}

// Deps are what a Past is built on.
type Deps struct {
	DB     *db.DB
	Blobs  Blobs
	Flow   *flow.Flow
	Folder string // for temporary files
	Log    *slog.Logger
}

// Past brings the past of another desk into this one. It is safe for
// concurrent use.
type Past struct {
	db     *db.DB
	blobs  Blobs
	flow   *flow.Flow
	folder string
	log    *slog.Logger
	heads  heads

	onGroup func(done int) // tests stand in a run's way here
}

// copies are the names of the files that a run reads.
const copies = "past-*"

// New builds it on a migrated database.
func New(d Deps) *Past {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	// Copies of files that a process left when it was cut off. Nobody else
	// works in this folder.
	if d.Folder != "" {
		left, _ := filepath.Glob(filepath.Join(d.Folder, copies))
		for _, f := range left {
			if err := os.Remove(f); err != nil {
				d.Log.Warn("remove copy of history", "file", f, "err", err)
			}
		}
	}
	return &Past{db: d.DB, blobs: d.Blobs, flow: d.Flow, folder: d.Folder, log: d.Log}
}

// Who may bring a past, and look at how that goes: those who run Trellis.
var (
	mayBring = district.Admin.WithScope(district.ScopeDistrictWrite)
	mayLook  = district.Admin.WithScope(district.ScopeDistrictRead)
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

// RunID is one reading of one file, SourceID where a past comes from.
type (
	RunID    int64
	SourceID = flow.SourceID
)

// RunState is how far a run is.
type RunState string

// The states of a run.
const (
	Draft   RunState = "draft"   // its columns are being matched
	Running RunState = "running" // a job works on it
	Stopped RunState = "stopped" // by somebody; it goes on where it was
	Failed  RunState = "failed"  // nothing of it is there; Problems say why
	Done    RunState = "done"
	Undoing RunState = "undoing"
	Undone  RunState = "undone"
)

// Run is one reading of one file.
type Run struct {
	ID       RunID
	Name     string   // of the source it goes to
	Source   SourceID // that; 0 until it has begun
	File     string
	Size     int64
	Map      Map
	Good     bool // bring in the good rows though others are not understood
	State    RunState
	Problems []Problem // the first rows that were not understood
	Rows     int64     // read so far
	Share    int       // percent of the work that is done
	Added    int64     // tickets
	Changed  int64     // tickets that were here and are recorded differently now
	Same     int64     // tickets that were here already
	Refused  int64     // rows that were not understood
	Stayed   int64     // tickets that undoing left, because somebody has written on them since
	Kept     bool      // its file is kept here; that of a run at the command line is not
	By       desk.Person
	Begun    time.Time
	Ended    time.Time
	Version  int64
}

// Source is where a past comes from.
type Source struct {
	ID     SourceID
	Name   string
	Zone   string
	Hours  string
	Closed string
	LastAt time.Time // its last moment
}
