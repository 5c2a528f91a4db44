package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path/filepath"
	"strings"
	"time"
)

// Open opens a blob for reading; ErrNotFound if the store doesn't have it.
func (s *Store) Open(hash string) (io.ReadSeekCloser, Info, error) {
	if !validHash(hash) {
		return nil, Info{}, ErrNotFound
	}
	_, _, path := s.path(hash)
	f, err := s.disk.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Info{}, ErrNotFound
	}
	if err != nil {
		return nil, Info{}, s.failed("open blob", err)
	}
	info, err := describe(f, hash)
	if err != nil {
		f.Close()
		return nil, Info{}, s.failed("read blob", err)
	}
	return &reader{f, s}, info, nil
}

func describe(f file, hash string) (Info, error) {
	st, err := f.Stat()
	if err != nil {
		return Info{}, err
	}
	head := make([]byte, sniffLen)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return Info{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return Info{}, err
	}
	return Info{Hash: hash, Size: st.Size(), Type: sniff(head[:n]), Put: st.ModTime()}, nil
}

// reader lets a caller read and seek, and nothing else; a disk that fails
// under it is as fatal as anywhere.
type reader struct {
	f file
	s *Store
}

func (r *reader) Read(b []byte) (int, error) {
	n, err := r.f.Read(b)
	if err != nil && err != io.EOF {
		err = r.s.failed("read blob", err)
	}
	return n, err
}

func (r *reader) Seek(offset int64, whence int) (int64, error) { return r.f.Seek(offset, whence) }
func (r *reader) Close() error                                 { return r.f.Close() }

// Verify reads a blob whole and compares it with its hash: ErrNotFound,
// ErrCorrupt, or nil.
func (s *Store) Verify(ctx context.Context, hash string) error {
	r, _, err := s.Open(hash)
	if err != nil {
		return err
	}
	defer r.Close()
	sum := sha256.New()
	buf := make([]byte, 64<<10)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(buf)
		sum.Write(buf[:n])
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if hex.EncodeToString(sum.Sum(nil)) != hash {
		return fmt.Errorf("%s: %w", hash, ErrCorrupt)
	}
	return nil
}

// Walk visits every blob, in the order of hashes, without opening it: Type is
// empty. What is put or removed meanwhile may or may not be seen.
func (s *Store) Walk(ctx context.Context) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		for _, one := range s.list(s.dir, 2, yield) {
			for _, two := range s.list(filepath.Join(s.dir, one), 2, yield) {
				dir := filepath.Join(s.dir, one, two)
				for _, hash := range s.list(dir, 2*sha256.Size, yield) {
					if err := ctx.Err(); err != nil {
						yield(Info{}, err)
						return
					}
					st, err := s.disk.Stat(filepath.Join(dir, hash))
					if errors.Is(err, fs.ErrNotExist) {
						continue
					}
					if err != nil {
						yield(Info{}, s.failed("look at blob", err))
						return
					}
					if !yield(Info{Hash: hash, Size: st.Size(), Put: st.ModTime()}, nil) {
						return
					}
				}
			}
		}
	}
}

// list names a folder's entries that are hex of the right length.
func (s *Store) list(dir string, length int, yield func(Info, error) bool) []string {
	entries, err := s.disk.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		yield(Info{}, s.failed("list blobs", err))
		return nil
	}
	var out []string
	for _, e := range entries {
		if n := e.Name(); len(n) == length && strings.Trim(n, "0123456789abcdef") == "" {
			out = append(out, n)
		}
	}
	return out
}

// Remove takes a blob away; nil if it wasn't there. It is for lawful deletion,
// where the caller knows that nothing names the content any more.
func (s *Store) Remove(hash string) error {
	_, err := s.RemoveOlder(hash, 0)
	return err
}

// RemoveOlder takes a blob away unless it was put less than age ago: whoever
// put it may be about to write the row that names it. It reports whether the
// blob is gone.
func (s *Store) RemoveOlder(hash string, age time.Duration) (bool, error) {
	if !validHash(hash) {
		return true, nil
	}
	_, level2, path := s.path(hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.disk.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, s.failed("look at blob", err)
	}
	if age > 0 && s.opt.Clock.Now().Sub(st.ModTime()) < age {
		return false, nil
	}
	if err := s.disk.Remove(path); err != nil {
		return false, s.failed("remove blob", err)
	}
	if err := s.disk.SyncDir(level2); err != nil {
		return false, s.failed("force blob's folder", err)
	}
	return true, nil
}
