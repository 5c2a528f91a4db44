package app

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
)

// manifestName is the last entry of an archive: an archive without it was cut
// off.
const manifestName = "manifest.json"

// Manifest says what an archive holds and how to know it again.
type Manifest struct {
	Format   int               `json:"format"` // 1
	UID      string            `json:"uid"`    // the district's own
	Slug     string            `json:"slug"`
	Engine   string            `json:"engine"`
	Taken    time.Time         `json:"taken"`
	Versions map[string]int64  `json:"versions"` // of each package's tables
	Place    int64             `json:"place"`    // the event log's newest place …
	Head     string            `json:"head"`     // … and its hash
	Files    map[string]string `json:"files"`    // entry name -> SHA-256
	Bytes    int64             `json:"bytes"`
	// Columns are those of each PostgreSQL table, in the order of its rows.
	Columns map[string][]string `json:"columns,omitempty"`

	// Checked says what was looked at when the archive was read, a sentence
	// each. It is not in the archive.
	Checked []string `json:"-"`
}

// Progress hears how far long work has come: what, and bytes done so far.
type Progress func(what string, bytes int64)

// Source is what a backup or a check reads: a district's database, opened for
// reading beside whoever serves it, and its folder.
type Source struct {
	Slug   string
	Folder string
	DB     *db.DB
}

// OpenSource opens a district for reading; the process that serves it, if any,
// goes on undisturbed.
func OpenSource(ctx context.Context, slug, folder, dsn string, log *slog.Logger) (*Source, error) {
	opt := db.Options{Engine: db.SQLite, Path: filepath.Join(folder, db.SnapshotFile), Log: log, ReadOnly: true, Readers: 2}
	if dsn != "" {
		opt.Engine, opt.DSN = db.Postgres, dsn
	} else if _, err := os.Stat(opt.Path); err != nil {
		return nil, fmt.Errorf("district %s has no database yet: %w", slug, err)
	}
	d, err := db.Open(ctx, opt)
	if err != nil {
		return nil, err
	}
	return &Source{Slug: slug, Folder: folder, DB: d}, nil
}

// Close ends reading.
func (s *Source) Close() error { return s.DB.Close() }

func (s *Source) blobDir() string { return filepath.Join(s.Folder, "blobs") }

// Backup writes an archive of the district to path while it keeps working,
// and reads it back before it says that all is well. An archive appears under
// its name only when it is whole.
func (d *Source) Backup(ctx context.Context, path string, say Progress) (m Manifest, err error) {
	if _, err := os.Stat(path); err == nil {
		return m, fmt.Errorf("%s exists already; nothing was overwritten", path)
	}
	snap, err := os.MkdirTemp(filepath.Dir(path), ".snapshot-")
	if err != nil {
		return m, fmt.Errorf("a backup needs room beside its archive: %w", err)
	}
	defer os.RemoveAll(snap)
	say("copying the database", 0)
	if err := d.DB.Snapshot(ctx, snap); err != nil {
		return m, err
	}
	m = Manifest{Format: 1, Slug: d.Slug, Engine: d.DB.Engine().String(), Taken: clock.System().Now(), Files: map[string]string{}}
	if m.Versions, err = d.DB.Versions(ctx, Schemas()); err != nil {
		return m, err
	}
	if d.DB.Engine() == db.Postgres {
		if m.Columns, err = d.DB.CopyColumns(ctx); err != nil {
			return m, err
		}
	}
	if err := d.DB.Read(ctx, func(tx *db.Tx) error { m.UID, err = event.Origin(tx); return err }); err != nil {
		return m, err
	}
	part := path + ".part"
	defer os.Remove(part)
	if err := d.writeArchive(ctx, part, snap, &m, say); err != nil {
		return m, err
	}
	say("reading it back", m.Bytes)
	if m, err = VerifyArchive(ctx, part, "", say); err != nil {
		return m, fmt.Errorf("the archive does not read back as it was written: %w", err)
	}
	return m, os.Rename(part, path)
}

func (d *Source) writeArchive(ctx context.Context, path, snap string, m *Manifest, say Progress) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	buf := bufio.NewWriterSize(f, 1<<20)
	zip := gzip.NewWriter(buf)
	arc := tar.NewWriter(zip)
	add := func(name, from string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, sum, err := addFile(arc, name, from)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		m.Files[name] = sum
		m.Bytes += n
		say("writing", m.Bytes)
		return nil
	}
	files, err := os.ReadDir(snap)
	if err != nil {
		return err
	}
	for _, e := range files {
		if err := add("db/"+e.Name(), filepath.Join(snap, e.Name())); err != nil {
			return err
		}
	}
	// Blobs are never changed, only added, and removed long after the last
	// row let go of them; so those that the copied rows name are all here.
	blobs := d.blobDir()
	err = filepath.WalkDir(blobs, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if len(e.Name()) != sha256.Size*2 {
			return nil // half written by somebody else right now
		}
		rel, err := filepath.Rel(blobs, p)
		if err != nil {
			return err
		}
		return add("blobs/"+filepath.ToSlash(rel), p)
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := arc.WriteHeader(&tar.Header{Name: manifestName, Mode: 0o600, Size: int64(len(text)), ModTime: m.Taken}); err != nil {
		return err
	}
	if _, err := arc.Write(text); err != nil {
		return err
	}
	if err := errors.Join(arc.Close(), zip.Close(), buf.Flush()); err != nil {
		return err
	}
	return f.Sync()
}

func addFile(arc *tar.Writer, name, from string) (n int64, sum string, err error) {
	f, err := os.Open(from)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return 0, "", err
	}
	if err := arc.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: st.Size(), ModTime: st.ModTime()}); err != nil {
		return 0, "", err
	}
	h := sha256.New()
	n, err = io.Copy(io.MultiWriter(arc, h), f)
	return n, hex.EncodeToString(h.Sum(nil)), err
}

func unpack(ctx context.Context, path, into string, say Progress) (m Manifest, err error) {
	f, err := os.Open(path)
	if err != nil {
		return m, err
	}
	defer f.Close()
	zip, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		return m, err
	}
	got := map[string]string{}
	var bytes int64
	whole := false
	for arc := tar.NewReader(zip); ; {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		h, err := arc.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return m, err
		}
		if h.Name == manifestName {
			if err := json.NewDecoder(io.LimitReader(arc, 1<<30)).Decode(&m); err != nil {
				return m, err
			}
			whole = true
			continue
		}
		if h.Typeflag != tar.TypeReg || !filepath.IsLocal(h.Name) || (!strings.HasPrefix(h.Name, "db/") && !strings.HasPrefix(h.Name, "blobs/")) {
			return m, fmt.Errorf("it holds %q, which no backup of ours has", h.Name)
		}
		n, sum, err := take(arc, filepath.Join(into, filepath.FromSlash(h.Name)))
		if err != nil {
			return m, fmt.Errorf("%s: %w", h.Name, err)
		}
		got[h.Name] = sum
		bytes += n
		say("reading", bytes)
	}
	switch {
	case !whole:
		return m, errors.New("it was cut off: its manifest is missing")
	case m.Format != 1:
		return m, fmt.Errorf("its format is %d and this program reads 1: it was written by a newer Trellis", m.Format)
	}
	return m, compare(m.Files, got)
}

func compare(want, got map[string]string) error {
	var wrong []string
	for name, sum := range want {
		if got[name] != sum {
			wrong = append(wrong, name)
		}
		if base := filepath.Base(name); strings.HasPrefix(name, "blobs/") && got[name] != base {
			wrong = append(wrong, name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			wrong = append(wrong, name)
		}
	}
	if len(wrong) > 0 {
		sort.Strings(wrong)
		return fmt.Errorf("%d entries are not what was written, the first is %s", len(wrong), wrong[0])
	}
	return nil
}

// take writes one entry to disk and forces it there.
func take(r io.Reader, path string) (n int64, sum string, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, "", err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if n, err = io.Copy(io.MultiWriter(f, h), r); err != nil {
		return n, "", err
	}
	return n, hex.EncodeToString(h.Sum(nil)), f.Sync()
}
