package past

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/sheet"
)

// BringFile is a file that somebody at the machine brings in.
type BringFile struct {
	Path string
	Name string // of the source; "" by the preset or the file
	Map  *Map   // nil is guessed
	Good bool   // bring in the good rows though others are not understood
	Tell func(Run)
}

// BringFile brings a file in from the command line and answers when it is
// done. It is stopped by the end of ctx; the same command goes on with it.
func (p *Past) BringFile(ctx context.Context, c BringFile) (Run, error) {
	if _, err := authorise(ctx, mayBring); err != nil {
		return Run{}, err
	}
	open := func() (*sheet.Book, error) { return sheet.Open(c.Path, sheet.Limits{}) }
	r := run{Run: Run{File: filepath.Base(c.Path), State: Running, Good: c.Good, Name: c.Name}}
	var err error
	if r.Map, err = mapFor(open, c.Map); err != nil {
		return Run{}, err
	}
	r.Map.Means = foldKeys(r.Map.Means) // as it is stored, and compared below
	if r.Name == "" {
		r.Name = SourceName(r.File, r.Map)
	}
	var in errs.Check
	if r.Name = district.Line(&in, "name", r.Name, mostName, true); in.Err() != nil {
		return Run{}, in.Err()
	}
	if r.hash, r.Size, err = hashOf(c.Path); err != nil {
		return Run{}, err
	}
	err = p.db.Write(ctx, "bring history file", func(tx *db.Tx) error {
		// A run of the command line that still runs was cut off: this process
		// alone has the folder.
		if _, err := tx.Exec(`UPDATE desk_past_run SET state = 'stopped', ended = $1 WHERE state = 'running' AND NOT kept`, db.Us(tx.Now())); err != nil {
			return err
		}
		if err := alone(tx, &r); err != nil {
			return err
		}
		// The same command that was stopped goes on as the same run. By another
		// map it is another reading, which can be taken back by itself.
		var before RunID
		err := tx.QueryRow(`SELECT r.id FROM desk_past_run r WHERE r.hash = $1 AND r.name = $2 AND r.map = $3 AND r.good = $4 AND r.state = 'stopped' AND NOT r.Kept
			ORDER BY r.id DESC LIMIT 1`, r.hash, r.Name, string(r.Map.JSON()), r.Good).Scan(&before)
		if err != nil && !db.IsNoRows(err) {
			return err
		}
		goesOn := err == nil
		var was run
		if goesOn {
			if was, err = findRun(tx, before); err != nil {
				return err
			}
			later, err := builtOn(tx, &was)
			if err != nil {
				return err
			}
			goesOn = !later
		}
		if !goesOn {
			if err := insertRun(tx, &r); err != nil {
				return err
			}
			return r.emit(tx, "history.added")
		}
		was.State, was.Ended = Running, time.Time{}
		r = was
		if err := r.save(tx); err != nil {
			return err
		}
		return r.emit(tx, "history.started")
	})
	if err != nil {
		return Run{}, err
	}
	return p.bring(ctx, r.ID, open, c.Tell)
}

// mapFor is the map that was given, checked against the file, or a guess.
func mapFor(open func() (*sheet.Book, error), given *Map) (Map, error) {
	if given == nil {
		m, err := GuessFile(open)
		if err == nil {
			err = m.Valid()
		}
		return m, said(err)
	}
	b, err := open()
	if err != nil {
		return Map{}, said(err)
	}
	defer b.Close()
	return *given, given.Check(b.Header())
}

// MapFor is the map of a file that is not kept: the one that is given, if its
// columns are there, else a guess. For the command line.
func MapFor(open func() (*sheet.Book, error), given *Map) (Map, error) { return mapFor(open, given) }

func hashOf(path string) (string, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// said makes an error for people of what a file is wrong with.
func said(err error) error {
	var bad *sheet.Problem
	if errors.As(err, &bad) {
		return errs.E(errs.Invalid, bad.Key, append([]any{"Row", bad.Row, "Column", bad.Column}, bad.Args...)...)
	}
	return err
}
