package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
)

// Store is one folder of blobs. Safe for use by many goroutines; only one
// process may have it open, because opening it clears away what another was
// writing.
type Store struct {
	dir  string
	disk disk
	opt  Options

	// mu orders the changes of folders: making one and forcing its parent, and
	// a removal against a rename of the same content.
	mu      sync.Mutex
	durable [1 + 256 + 65536]bool // folders whose own entry is known to be on disk
}

// Options of a store.
type Options struct {
	// OnFatal is told when the disk can't be trusted any more; it must end the
	// process. If it is nil, such a failure panics.
	OnFatal func(error)
	// Clock dates Info.Put against the file system's own times; the system's if
	// nil. It must not be a driven clock.
	Clock clock.Clock

	disk disk
}

// Info describes one blob.
type Info struct {
	Hash string    // SHA-256 of the content, 64 lowercase hex digits
	Size int64     // bytes
	Type string    // media type judged from the content alone; see Classify
	Put  time.Time // when it was last put, by the machine's clock; zero from Put
}

// ErrNotFound is a hash that the store doesn't have.
var ErrNotFound = errors.New("no such blob")

// ErrCorrupt is a blob whose content no longer has its hash.
var ErrCorrupt = errors.New("blob does not match its hash")

// Open opens the store in dir, makes it if it isn't there (its parent must be)
// and clears away what an earlier process left half written.
func Open(dir string, opt Options) (*Store, error) {
	s := &Store{dir: dir, disk: opt.disk, opt: opt}
	if s.disk == nil {
		s.disk = osDisk{}
	}
	if s.opt.Clock == nil {
		s.opt.Clock = clock.System()
	}
	for _, d := range []string{dir, s.tmp("")} {
		if err := s.disk.Mkdir(d); err != nil {
			return nil, s.failed("make blob folder", err)
		}
		if err := s.disk.SyncDir(filepath.Dir(d)); err != nil {
			return nil, s.failed("force blob folder", err)
		}
	}
	left, err := s.disk.ReadDir(s.tmp(""))
	if err != nil {
		return nil, s.failed("list unfinished blobs", err)
	}
	for _, e := range left {
		if err := s.disk.Remove(s.tmp(e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, s.failed("remove unfinished blob", err)
		}
	}
	return s, nil
}

func (s *Store) tmp(name string) string { return filepath.Join(s.dir, "tmp", name) }

// folders are the two levels a hash lives under, and its file.
func (s *Store) path(hash string) (level1, level2, file string) {
	level1 = filepath.Join(s.dir, hash[:2])
	level2 = filepath.Join(level1, hash[2:4])
	return level1, level2, filepath.Join(level2, hash)
}

// validHash keeps everything but a hash out of paths.
func validHash(h string) bool {
	if len(h) != 2*sha256.Size {
		return false
	}
	for _, c := range []byte(h) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Put stores what r has to give, at most limit bytes, and answers when it is
// durable. Content that is there already is replaced by its equal, which costs
// nothing more and mends a damaged copy.
//
// Errors for people: errs.TooLarge over the limit, errs.Invalid if r is empty,
// errs.NoSpace if the disk is full, errs.Unavailable if the process has too many
// files open. An error of r itself or the end of ctx is returned as it is. None
// of them leaves a part of a file behind.
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64) (Info, error) {
	name := s.tmp(rand.Text())
	f, err := s.disk.Create(name)
	if err != nil {
		return Info{}, s.failed("create blob", err)
	}
	info, err := s.fill(ctx, f, r, limit)
	if err != nil {
		f.Close()
		s.discard(name)
		return Info{}, err
	}
	if err := s.settle(f, name, info.Hash); err != nil {
		return Info{}, err
	}
	return info, nil
}

// fill copies r into the temp file and describes what came.
func (s *Store) fill(ctx context.Context, f file, r io.Reader, limit int64) (Info, error) {
	sum := sha256.New()
	head := make([]byte, 0, sniffLen)
	buf := make([]byte, 64<<10)
	var size int64
	for {
		if err := ctx.Err(); err != nil {
			return Info{}, err
		}
		n, rerr := r.Read(buf)
		if size += int64(n); size > limit {
			return Info{}, errs.E(errs.TooLarge, "error.file_too_large", "Max", i18n.Bytes(limit))
		}
		if n > 0 {
			sum.Write(buf[:n])
			head = append(head, buf[:min(n, sniffLen-len(head))]...)
			if w, err := f.Write(buf[:n]); err != nil {
				return Info{}, s.failed("write blob", err)
			} else if w < n {
				return Info{}, s.failed("write blob", io.ErrShortWrite)
			}
		}
		if rerr == io.EOF {
			break
		}
		if rerr != nil {
			return Info{}, rerr
		}
	}
	if size == 0 {
		return Info{}, errs.E(errs.Invalid, "error.file_empty")
	}
	return Info{Hash: hex.EncodeToString(sum.Sum(nil)), Size: size, Type: sniff(head)}, nil
}

// settle makes a written temp file durable under its hash.
func (s *Store) settle(f file, name, hash string) error {
	if err := f.Sync(); err != nil {
		f.Close()
		s.discard(name)
		return s.failed("force blob", err)
	}
	if err := f.Close(); err != nil {
		s.discard(name)
		return s.failed("close blob", err)
	}
	level1, level2, final := s.path(hash)
	if err := s.ensure(hash, level1, level2); err != nil {
		s.discard(name)
		return err
	}
	s.mu.Lock()
	err := s.disk.Rename(name, final)
	s.mu.Unlock()
	if err != nil {
		s.discard(name)
		return s.failed("name blob", err)
	}
	// Also when the same content was there before: whoever put it may not have
	// got as far as this.
	if err := s.disk.SyncDir(level2); err != nil {
		return s.failed("force blob's folder", err)
	}
	return nil
}

// ensure makes a hash's folders and forces their entries. A folder that is
// there may be so new that its maker hasn't forced it yet, so "it exists"
// counts only once this process has forced it.
func (s *Store) ensure(hash, level1, level2 string) error {
	raw, err := hex.DecodeString(hash[:4])
	if err != nil {
		return fmt.Errorf("blob hash %q: %w", hash, err)
	}
	one, two := &s.durable[1+int(raw[0])], &s.durable[1+256+int(raw[0])<<8+int(raw[1])]
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range []struct {
		known *bool
		path  string
	}{{one, level1}, {two, level2}} {
		if *d.known {
			continue
		}
		if err := s.disk.Mkdir(d.path); err != nil {
			return s.failed("make blob's folder", err)
		}
		if err := s.disk.SyncDir(filepath.Dir(d.path)); err != nil {
			return s.failed("force blob's folder", err)
		}
		*d.known = true
	}
	return nil
}

// discard removes a temp file that came to nothing. If even that fails the
// file is litter, and the next Open takes it away.
func (s *Store) discard(name string) { _ = s.disk.Remove(name) }

// failed turns a disk error into what the caller may know. A full disk or too
// many open files leave everything that was stored sound. Anything else is
// fatal: after a failed fsync the kernel may have dropped the pages, and trying
// again would succeed without the data.
func (s *Store) failed(doing string, err error) error {
	full, busy := isFull(err), isBusy(err)
	err = fmt.Errorf("%s: %w", doing, err)
	switch {
	case full:
		return errs.E(errs.NoSpace, "error.no_space").Because(err)
	case busy:
		return errs.E(errs.Unavailable, "error.unavailable").Because(err)
	}
	if s.opt.OnFatal == nil {
		panic(err)
	}
	s.opt.OnFatal(err)
	return err
}
