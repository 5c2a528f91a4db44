package past

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/job"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/sheet"
)

// UploadLimit is how large a file may be that is brought by browser or API, in
// bytes. From the command line it is what sheet allows.
const UploadLimit = 512 << 20

// Kept is a file that is there and can be read. Nothing refers to it yet: one
// that no AddKept follows is swept.
type Kept struct {
	name string
	hash string
	size int64
	m    Map
}

// AddDraft keeps a file and guesses which column means what; nothing is
// brought in yet. A file that can't be read is refused and not kept.
func (p *Past) AddDraft(ctx context.Context, file io.Reader, name string) (Run, error) {
	k, err := p.Keep(ctx, file, name)
	if err != nil {
		return Run{}, err
	}
	return p.AddKept(ctx, k)
}

// Keep is the first half of AddDraft, for a door that knows only at the end of
// a form which command it is.
func (p *Past) Keep(ctx context.Context, file io.Reader, name string) (Kept, error) {
	if _, err := authorise(ctx, mayBring); err != nil {
		return Kept{}, err
	}
	info, err := p.blobs.Put(ctx, file, UploadLimit)
	if err != nil {
		return Kept{}, err
	}
	k := Kept{name: name, hash: info.Hash, size: info.Size}
	open, drop, err := p.file(run{hash: info.Hash})
	if err != nil {
		return Kept{}, err
	}
	defer drop()
	k.m, err = GuessFile(open)
	return k, said(err)
}

// AddKept is the second half of AddDraft.
func (p *Past) AddKept(ctx context.Context, k Kept) (Run, error) {
	a, err := authorise(ctx, mayBring)
	if err != nil {
		return Run{}, err
	}
	var id RunID
	err = p.db.Write(ctx, "add history", func(tx *db.Tx) error {
		return idem.Do(tx, &id, func() error {
			r := run{Run: Run{Name: SourceName(k.name, k.m), File: k.name, Size: k.size, Map: k.m, State: Draft, Kept: true, By: desk.Person{ID: district.PersonID(a.Person)}},
				hash: k.hash}
			if err := insertRun(tx, &r); err != nil {
				return err
			}
			id = r.ID
			return r.emit(tx, "history.added")
		})
	})
	if err != nil {
		return Run{}, err
	}
	return p.Find(ctx, id)
}

// mostName is how long the name of a source may be, in characters.
const mostName = 80

// SourceName is what a source is called when nobody named it: by its preset,
// or by its file.
func SourceName(file string, m Map) string {
	if m.Preset != "" {
		return m.Preset
	}
	name := filepath.Base(file)
	for _, end := range []string{".gz", ".csv", ".xlsx", ".xes", ".txt", ".tsv"} {
		if strings.HasSuffix(strings.ToLower(name), end) {
			name = name[:len(name)-len(end)]
		}
	}
	if name = strings.TrimSpace(strings.Map(printable, name)); name == "" {
		return "history"
	}
	if r := []rune(name); len(r) > mostName {
		name = strings.TrimSpace(string(r[:mostName]))
	}
	return name
}

// printable is a character as it may stand in a name, -1 for none.
func printable(r rune) rune {
	if unicode.IsPrint(r) && r != unicode.ReplacementChar {
		return r
	}
	return -1
}

// Change is what is to be brought in, and as what.
type Change struct {
	Version int64 // that it was made from; 0: whatever it is
	Name    string
	Map     Map
	Good    bool
}

// Set changes a draft, or one whose file was not understood.
func (p *Past) Set(ctx context.Context, id RunID, c Change) (Run, error) {
	if _, err := authorise(ctx, mayBring); err != nil {
		return Run{}, err
	}
	var in errs.Check
	c.Name = district.Line(&in, "name", c.Name, mostName, true)
	c.Map.valid(&in)
	if err := in.Err(); err != nil {
		return Run{}, err
	}
	head, err := p.Head(ctx, id)
	if err != nil {
		return Run{}, err
	}
	if err := c.Map.Check(head.Header); err != nil {
		return Run{}, err
	}
	return p.turn(ctx, id, "history.set", func(tx *db.Tx, r *run) error {
		if r.State != Draft && r.State != Failed {
			return errs.E(errs.Conflict, "past.not_draft")
		}
		if c.Version != 0 && c.Version != r.Version {
			return errs.E(errs.Precondition, "error.stale")
		}
		r.State, r.Name, r.Map, r.Good, r.Problems, r.Refused = Draft, c.Name, c.Map, c.Good, nil, 0
		return nil
	})
}

// Begin brings a draft in: a job does it, and it can be left alone.
func (p *Past) Begin(ctx context.Context, id RunID) (Run, error) { return p.BeginSeen(ctx, id, 0) }

// BeginSeen is Begin by somebody who looked at one version of it, and means
// that one.
func (p *Past) BeginSeen(ctx context.Context, id RunID, seen int64) (Run, error) {
	if _, err := authorise(ctx, mayBring); err != nil {
		return Run{}, err
	}
	return p.turn(ctx, id, "history.started", func(tx *db.Tx, r *run) error {
		if r.State != Draft && r.State != Stopped {
			return errs.E(errs.Conflict, "past.not_draft")
		}
		if seen != 0 && seen != r.Version {
			return errs.E(errs.Precondition, "error.stale")
		}
		if !r.Kept {
			return errs.E(errs.Conflict, "past.not_kept")
		}
		// What a later file recorded must not be replaced by an earlier one.
		later, err := builtOn(tx, r)
		if err != nil {
			return err
		}
		if later {
			return errs.E(errs.Conflict, "past.go_on_later_first")
		}
		if err := alone(tx, r); err != nil {
			return err
		}
		r.State, r.Ended = Running, time.Time{}
		return enqueue(tx, r.ID)
	})
}

// alone refuses a run while another works on the same source.
func alone(tx *db.Tx, r *run) error {
	var busy bool
	if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM desk_past_run o LEFT JOIN desk_past_source s ON s.id = o.source
			WHERE o.id <> $1 AND o.state IN ('running', 'undoing') AND coalesce(s.name, o.name) = $2)`, r.ID, r.Name).Scan(&busy); err != nil {
		return err
	}
	if busy {
		return errs.E(errs.Conflict, "past.busy")
	}
	return nil
}

// Stop stops a run after the group that it is at. Begin goes on with it, Undo
// takes it back.
func (p *Past) Stop(ctx context.Context, id RunID) (Run, error) {
	if _, err := authorise(ctx, mayBring); err != nil {
		return Run{}, err
	}
	return p.turn(ctx, id, "history.stopped", func(tx *db.Tx, r *run) error {
		if r.State != Running {
			return errs.E(errs.Conflict, "past.not_running")
		}
		r.State, r.Ended = Stopped, tx.Now()
		return nil
	})
}

// Drop forgets a draft, or one that failed, with its file.
func (p *Past) Drop(ctx context.Context, id RunID) error {
	if _, err := authorise(ctx, mayBring); err != nil {
		return err
	}
	return p.db.Write(ctx, "drop history", func(tx *db.Tx) error {
		return idem.Do(tx, nil, func() error {
			r, err := findRun(tx, id)
			if err != nil {
				return err
			}
			if r.State != Draft && r.State != Failed {
				return errs.E(errs.Conflict, "past.not_draft")
			}
			if _, err := tx.Exec(`DELETE FROM desk_past_run WHERE id = $1`, id); err != nil {
				return err
			}
			return r.emit(tx, "history.dropped")
		})
	})
}

// turn changes a run in a transaction of its own. A command that comes again is
// answered with the run as it is now.
func (p *Past) turn(ctx context.Context, id RunID, kind string, fn func(tx *db.Tx, r *run) error) (Run, error) {
	var r run
	err := p.db.Write(ctx, kind, func(tx *db.Tx) (err error) {
		if r, err = findRun(tx, id); err != nil {
			return err
		}
		return idem.Do(tx, nil, func() error {
			if err := fn(tx, &r); err != nil {
				return err
			}
			if err := r.save(tx); err != nil {
				return err
			}
			return r.emit(tx, kind)
		})
	})
	if err != nil {
		return Run{}, err
	}
	return r.Run, nil
}

// List are the runs, the newest first.
func (p *Past) List(ctx context.Context) ([]Run, error) {
	if _, err := authorise(ctx, mayLook); err != nil {
		return nil, err
	}
	var out []Run
	err := p.db.Read(ctx, func(tx *db.Tx) error {
		list, err := listRuns(tx)
		out = make([]Run, len(list))
		for i := range list {
			out[i] = list[i].Run
		}
		return err
	})
	return out, err
}

// file makes a kept file readable by name. drop puts the copy away.
func (p *Past) file(r run) (open func() (*sheet.Book, error), drop func(), err error) {
	src, _, err := p.blobs.Open(r.hash)
	if err != nil {
		return nil, nil, err
	}
	defer src.Close()
	tmp, err := os.CreateTemp(p.folder, copies)
	if err != nil {
		return nil, nil, err
	}
	drop = func() { os.Remove(tmp.Name()) }
	if _, err = io.Copy(tmp, src); err == nil {
		err = tmp.Close()
	} else {
		tmp.Close()
	}
	if err != nil {
		drop()
		return nil, nil, err
	}
	return func() (*sheet.Book, error) { return sheet.Open(tmp.Name(), sheet.Limits{}) }, drop, nil
}

// told keeps a run's progress for whoever looks, about once a second.
func (p *Past) told(ctx context.Context, id RunID) func(Run) {
	var last time.Time
	return func(r Run) {
		now := p.db.Clock().Now()
		if now.Sub(last) < time.Second || r.Share >= 50 { // from there on each group tells
			return
		}
		last = now
		err := p.db.Write(ctx, "tell progress", func(tx *db.Tx) error {
			tx.Unlogged("how far a file has been read")
			_, err := tx.Exec(`UPDATE desk_past_run SET rows = $1, share = $2 WHERE id = $3 AND state = 'running'`, r.Rows, r.Share, id)
			return err
		})
		if err != nil {
			p.log.Warn("tell progress of history", "run", int64(id), "err", err)
		}
	}
}

// attempts is how often a job tries a run.
const attempts = 5

// RegisterJobs registers the job that works on runs.
func (p *Past) RegisterJobs(r *job.Runner) {
	r.Register(jobKind, mayBring, job.How{Timeout: 6 * time.Hour, MaxAttempts: attempts}, func(ctx context.Context, j job.Job) error {
		var args jobArgs
		if err := j.Decode(&args); err != nil {
			return job.Permanent(err)
		}
		ctx = policy.WithActor(ctx, policy.SystemActor(policy.DoorJob))
		err := p.work(ctx, args.Run)
		if err != nil && ctx.Err() == nil && j.Attempt >= attempts {
			err = errors.Join(err, p.giveUp(ctx, args.Run, "past.problem.broke_off"))
		}
		return err
	})
}

// EachBlob calls f with the hash of every file that waits to be brought in.
func EachBlob(tx *db.Tx, f func(hash string)) error {
	list, err := db.List(tx, func(r *db.Rows, h *string) error { return r.Scan(h) }, `SELECT hash FROM desk_past_run WHERE kept ORDER BY id`)
	for _, h := range list {
		f(h)
	}
	return err
}
