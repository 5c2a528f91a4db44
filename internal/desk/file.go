package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/blob"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/job"
	"trellis/internal/platform/policy"
)

const (
	// MaxFileSize is the largest file taken, in bytes.
	MaxFileSize = 25 << 20
	// DraftLife is how long a file waits to be used before it is swept.
	DraftLife = 24 * time.Hour

	// maxDrafts is how many unused files a person may have: enough for a few
	// open tabs, too few to fill a disk.
	maxDrafts = 40

	previewPixels = 40_000_000
	previewSide   = 1600
)

// PreviewJob is the kind of job that makes a picture anew; Desk.Preview is its
// handler.
const PreviewJob = "desk.preview"

type previewArgs struct {
	File FileID `json:"file"`
}

// File describes a file. Its name and type are safe to send with a download.
type File struct {
	ID       FileID
	Name     string
	Type     string // what it may be sent as
	Size     int64  // bytes
	Picture  bool   // Preview shows it, once made
	Preview  bool   // the preview is there
	Uploader district.PersonID
	At       time.Time
}

// AddFile keeps a file for the actor to send with a message or a note. Until
// then nobody else sees it, and after DraftLife it is gone.
//
// Errors: errs.TooLarge over MaxFileSize, errs.Invalid when empty,
// errs.Throttled with too many unused files, errs.NoSpace.
func (d *Desk) AddFile(ctx context.Context, name string, r io.Reader) (File, error) {
	v, err := writer(ctx)
	if err != nil {
		return File{}, err
	}
	// Before the bytes: who has too many must not fill the disk with more.
	if err := d.db.Read(ctx, func(tx *db.Tx) error { return draftsLeft(tx, v.person) }); err != nil {
		return File{}, err
	}
	info, err := d.blobs.Put(ctx, r, MaxFileSize)
	if err != nil {
		return File{}, err
	}
	kind, safe := blob.Classify(name, info.Type)
	return command(forFile(ctx, info.Hash, name), d, "file.added", func(tx *db.Tx, v viewer) (File, error) {
		if err := draftsLeft(tx, v.person); err != nil {
			return File{}, err
		}
		f := File{Name: blob.CleanName(name), Type: safe, Size: info.Size, Picture: kind == blob.Image, Uploader: v.person, At: tx.Now()}
		err := tx.QueryRow(`INSERT INTO desk_file (hash, name, type, size, uploader, at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
			info.Hash, f.Name, f.Type, f.Size, f.Uploader, db.Us(f.At)).Scan(&f.ID)
		if err != nil {
			return File{}, err
		}
		if err := event.Emit(tx, event.Event{Kind: "file.added", Subject: fileRef(f.ID), Changes: []event.Change{
			{Field: "hash", To: info.Hash}, {Field: "name", To: f.Name, Personal: true}, {Field: "type", To: f.Type}, {Field: "size", To: f.Size},
		}}); err != nil {
			return File{}, err
		}
		if f.Picture {
			if _, err := job.Enqueue(tx, job.New{Kind: PreviewJob, Args: previewArgs{f.ID}, Unique: fmt.Sprint(f.ID), Priority: job.Urgent}); err != nil {
				return File{}, err
			}
		}
		return f, nil
	})
}

// forFile names the upload apart from the command that it may be part of: a
// form sends files and words under one key. The same bytes under the same name
// and key are one file.
func forFile(ctx context.Context, hash, name string) context.Context {
	k, ok := idem.From(ctx)
	if !ok {
		return ctx
	}
	k.Hash = sha256.Sum256([]byte(hash + "/" + name))
	k.Key += "/file/" + hex.EncodeToString(k.Hash[:16])
	return idem.With(ctx, k)
}

func fileRef(id FileID) event.Ref { return event.Ref{Kind: "file", ID: int64(id)} }

func draftsLeft(tx *db.Tx, p district.PersonID) error {
	var n int64
	if err := tx.QueryRow(`SELECT count(*) FROM desk_file WHERE uploader = $1 AND ticket IS NULL`, p).Scan(&n); err != nil {
		return err
	}
	if n >= maxDrafts {
		e := errs.E(errs.Throttled, "desk.file.too_many_drafts", "Max", maxDrafts)
		e.RetryAfter = time.Hour
		return e
	}
	return nil
}

// once is the list without repetitions.
func once(files []FileID) []FileID {
	files = slices.Clone(files)
	slices.Sort(files)
	return slices.Compact(files)
}

// attach gives the actor's unused files to a message or to a note.
func attach(tx *db.Tx, v viewer, files []FileID, id TicketID, m MessageID, n NoteID) error {
	var in errs.Check
	if len(files) > MaxFiles {
		in.Fail("files", "field.too_many", "Max", MaxFiles)
		return in.Err()
	}
	for _, f := range files {
		r, err := tx.Exec(`UPDATE desk_file SET ticket = $1, message = $2, note = $3 WHERE id = $4 AND uploader = $5 AND ticket IS NULL`,
			id, db.Null(m), db.Null(n), f, v.person)
		if err != nil {
			return err
		}
		if r.RowsAffected == 0 {
			in.Fail("files", "desk.file.gone")
			return in.Err()
		}
	}
	return nil
}

// Content is a file that is being read. Close it.
type Content struct {
	File
	io.ReadSeekCloser
}

// OpenFile opens a file that the actor may see: one of a message with the
// ticket, one of a note as somebody who works on it, an unused one as its
// uploader.
func (d *Desk) OpenFile(ctx context.Context, id FileID) (*Content, error) {
	return d.openFile(ctx, id, false)
}

// OpenPreview opens the picture that was made anew from a picture: a JPEG,
// safe to show. NotFound as long as it isn't made.
func (d *Desk) OpenPreview(ctx context.Context, id FileID) (*Content, error) {
	return d.openFile(ctx, id, true)
}

func (d *Desk) openFile(ctx context.Context, id FileID, preview bool) (*Content, error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	var f File
	var hash, made string
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		err := tx.QueryRow(`SELECT `+fileColumns+`, a.hash, a.preview FROM desk_file a LEFT JOIN desk_ticket t ON t.id = a.ticket
			WHERE a.id = $3 AND (a.ticket IS NULL AND a.uploader = $1
				OR a.message IS NOT NULL AND `+v.sees()+` OR a.note IS NOT NULL AND `+v.works()+`)`, v.person, v.desk, id).Scan(append(f.dest(), &hash, &made)...)
		if db.IsNoRows(err) {
			return errs.E(errs.NotFound, "desk.file.not_found")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if preview {
		if made == "" {
			return nil, errs.E(errs.NotFound, "desk.file.not_found")
		}
		hash, f.Type = made, "image/jpeg"
	}
	c, info, err := d.blobs.Open(hash)
	if err != nil {
		return nil, fmt.Errorf("open file %d: %w", id, err)
	}
	f.Size = info.Size
	return &Content{f, c}, nil
}

const fileColumns = `a.id, a.name, a.type, a.size, a.uploader, a.at, a.preview <> ''`

func (f *File) dest() []any {
	return []any{&f.ID, &f.Name, &f.Type, &f.Size, &f.Uploader, db.At(&f.At), (*madePreview)(f)}
}

// madePreview scans whether there is a preview, and judges with the type
// whether there can be one.
type madePreview File

func (m *madePreview) Scan(v any) error {
	switch v := v.(type) {
	case int64:
		m.Preview = v != 0
	case bool:
		m.Preview = v
	default:
		return fmt.Errorf("%T says nothing about a preview", v)
	}
	kind, _ := blob.Classify(m.Name, m.Type)
	m.Picture = kind == blob.Image
	return nil
}

// Preview handles PreviewJob. A file that is no picture after all stays a
// download.
func (d *Desk) Preview(ctx context.Context, j job.Job) (apply func(tx *db.Tx) error, err error) {
	var args previewArgs
	if err := j.Decode(&args); err != nil {
		return nil, job.Permanent(err)
	}
	var hash, made string
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT hash, preview FROM desk_file WHERE id = $1`, args.File).Scan(&hash, &made)
	})
	if db.IsNoRows(err) || err == nil && made != "" {
		return nil, nil // swept meanwhile, or done
	}
	if err != nil {
		return nil, err
	}
	f, _, err := d.blobs.Open(hash)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	picture, err := blob.Preview(ctx, f, previewPixels, previewSide)
	if errors.Is(err, blob.ErrNotPicture) || errors.Is(err, blob.ErrTooManyPixels) {
		d.log.Info("no preview", "file", args.File, "err", err)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	info, err := d.blobs.Put(ctx, bytes.NewReader(picture), MaxFileSize)
	if err != nil {
		return nil, err
	}
	return func(tx *db.Tx) error {
		r, err := tx.Exec(`UPDATE desk_file SET preview = $1 WHERE id = $2 AND preview = ''`, info.Hash, args.File)
		if err != nil || r.RowsAffected == 0 {
			return err
		}
		return event.Emit(tx, event.Event{Kind: "file.previewed", Subject: fileRef(args.File), Changes: []event.Change{{Field: "preview", To: info.Hash}}})
	}, nil
}

// SweepFiles forgets files that nobody used within DraftLife and returns how
// many. Their bytes go when EachBlob no longer names them. Trellis itself
// calls it; nobody else may.
func (d *Desk) SweepFiles(ctx context.Context) (int, error) {
	if policy.ActorFrom(ctx).Kind != policy.System {
		return 0, errs.E(errs.Forbidden, "error.forbidden")
	}
	total := 0
	for {
		n := 0
		err := d.db.Write(ctx, "sweep files", func(tx *db.Tx) error {
			tx.Unlogged("nothing to sweep")
			ids, err := db.List(tx, func(r *db.Rows, id *FileID) error { return r.Scan(id) },
				`SELECT id FROM desk_file WHERE ticket IS NULL AND at < $1 ORDER BY id LIMIT $2 + 0`, db.Us(tx.Now().Add(-DraftLife)), sweepBatch)
			if err != nil {
				return err
			}
			n = len(ids)
			for _, id := range ids {
				if _, err := tx.Exec(`DELETE FROM desk_file WHERE id = $1`, id); err != nil {
					return err
				}
				if err := event.Emit(tx, event.Event{Kind: "file.swept", Subject: fileRef(id)}); err != nil {
					return err
				}
			}
			return nil
		})
		total += n
		if err != nil || n < sweepBatch {
			return total, err
		}
	}
}
