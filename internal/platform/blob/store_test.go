package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
)

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir, Options{OnFatal: func(err error) { t.Errorf("fatal: %v", err) }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func hashOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

func walk(t *testing.T, s *Store) (all []string) {
	t.Helper()
	for info, err := range s.Walk(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Verify(context.Background(), info.Hash); err != nil {
			t.Errorf("under a final name: %v", err)
		}
		all = append(all, info.Hash)
	}
	return all
}

func TestPutAndOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blobs")
	s := open(t, dir)
	big := strings.Repeat("a long text\n", 20_000)
	for _, content := range []string{"hello", big, "%PDF-1.7 x", "hello"} {
		info, err := s.Put(t.Context(), strings.NewReader(content), int64(len(content)))
		if err != nil || info.Hash != hashOf(content) || info.Size != int64(len(content)) {
			t.Fatalf("put %.10q: %+v, %v", content, info, err)
		}
		f, got, err := s.Open(info.Hash)
		if err != nil {
			t.Fatal(err)
		}
		back, err := io.ReadAll(f)
		if err != nil || string(back) != content {
			t.Errorf("read back %d bytes of %d, %v", len(back), len(content), err)
		}
		if _, err := f.Seek(1, io.SeekStart); err != nil {
			t.Error(err)
		}
		if one := make([]byte, 1); true {
			if _, err := f.Read(one); err != nil || one[0] != content[1] {
				t.Errorf("after seeking: %q, %v", one, err)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if got.Put.IsZero() || got.Type != info.Type || got.Size != info.Size || got.Hash != info.Hash {
			t.Errorf("opened %+v, put %+v", got, info)
		}
	}
	if all := walk(t, s); len(all) != 3 {
		t.Errorf("%d blobs of three contents", len(all))
	}
	for _, h := range []string{hashOf("never put"), "", "..", strings.Repeat("../", 22)[:64], strings.ToUpper(hashOf("hello")), hashOf("hello")[:63]} {
		if _, _, err := s.Open(h); !errors.Is(err, ErrNotFound) {
			t.Errorf("open %q: %v", h, err)
		}
		if err := s.Remove(h); err != nil {
			t.Errorf("remove %q: %v", h, err)
		}
	}
	if err := s.Remove(hashOf("hello")); err != nil {
		t.Error(err)
	}
	if _, _, err := s.Open(hashOf("hello")); !errors.Is(err, ErrNotFound) {
		t.Errorf("after removal: %v", err)
	}
	if err := s.Verify(t.Context(), hashOf(big)); err != nil {
		t.Error(err)
	}
}

// failingReader gives some bytes and then an error, as a connection that drops.
type failingReader struct {
	n   int
	err error
}

func (r *failingReader) Read(b []byte) (int, error) {
	if r.n == 0 {
		return 0, r.err
	}
	n := min(r.n, len(b))
	r.n -= n
	return n, nil
}

func TestPutRefuses(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "blobs"))
	dropped := errors.New("connection dropped")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, x := range map[string]struct {
		ctx  context.Context
		r    io.Reader
		want func(error) bool
	}{
		"too large": {t.Context(), strings.NewReader(strings.Repeat("x", 101)), func(err error) bool { return errs.Is(err, errs.TooLarge) }},
		"endless":   {t.Context(), &failingReader{n: 1 << 40, err: dropped}, func(err error) bool { return errs.Is(err, errs.TooLarge) }},
		"empty":     {t.Context(), strings.NewReader(""), func(err error) bool { return errs.Is(err, errs.Invalid) }},
		"dropped":   {t.Context(), &failingReader{n: 50, err: dropped}, func(err error) bool { return errors.Is(err, dropped) }},
		"ended":     {ended, strings.NewReader("x"), func(err error) bool { return errors.Is(err, context.Canceled) }},
	} {
		if info, err := s.Put(x.ctx, x.r, 100); !x.want(err) || info != (Info{}) {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
	if all := walk(t, s); len(all) != 0 {
		t.Errorf("something was kept: %v", all)
	}
	left, err := os.ReadDir(s.tmp(""))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := s.Put(t.Context(), strings.NewReader(strings.Repeat("x", 100)), 100); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
}

func TestOpenClearsWhatWasHalfWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blobs")
	s := open(t, dir)
	info, err := s.Put(t.Context(), strings.NewReader("kept"), 10)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.tmp("half"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if left, _ := os.ReadDir(s.tmp("")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if all := walk(t, s); len(all) != 1 || all[0] != info.Hash {
		t.Errorf("kept %v", all)
	}
}

func TestDamageIsFoundAndMended(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "blobs"))
	info, err := s.Put(t.Context(), strings.NewReader("a photo"), 100)
	if err != nil {
		t.Fatal(err)
	}
	_, _, path := s.path(info.Hash)
	if err := os.WriteFile(path, []byte("a phot0"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(t.Context(), info.Hash); !errors.Is(err, ErrCorrupt) {
		t.Errorf("damaged: %v", err)
	}
	if _, err := s.Put(t.Context(), strings.NewReader("a photo"), 100); err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(t.Context(), info.Hash); err != nil {
		t.Errorf("put again: %v", err)
	}
}

// A blob that was put a moment ago may still get its row; so may one whose
// content was there for years and has been put again.
func TestRemoveOlder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blobs")
	now := clock.NewManual(clock.System().Now())
	s, err := Open(dir, Options{Clock: now})
	if err != nil {
		t.Fatal(err)
	}
	info, err := s.Put(t.Context(), strings.NewReader("x"), 10)
	if err != nil {
		t.Fatal(err)
	}
	if gone, err := s.RemoveOlder(info.Hash, time.Hour); gone || err != nil {
		t.Fatalf("removed at once: %v %v", gone, err)
	}
	_, _, path := s.path(info.Hash)
	years := now.Now().Add(-3 * 365 * 24 * time.Hour)
	if err := os.Chtimes(path, years, years); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), strings.NewReader("x"), 10); err != nil {
		t.Fatal(err)
	}
	if gone, err := s.RemoveOlder(info.Hash, time.Hour); gone || err != nil {
		t.Fatalf("removed although put again: %v %v", gone, err)
	}
	now.Advance(2 * time.Hour)
	if gone, err := s.RemoveOlder(info.Hash, time.Hour); !gone || err != nil {
		t.Fatalf("not removed after its time: %v %v", gone, err)
	}
	if all := walk(t, s); len(all) != 0 {
		t.Errorf("still there: %v", all)
	}
}

func TestManyAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blobs")
	s := open(t, dir)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 40 {
				content := fmt.Sprint("content ", (i+j)%25)
				info, err := s.Put(t.Context(), strings.NewReader(content), 100)
				if err != nil {
					t.Errorf("put: %v", err)
					return
				}
				if err := s.Verify(t.Context(), info.Hash); err != nil {
					t.Errorf("answered and not there: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if all := walk(t, s); len(all) != 25 {
		t.Errorf("%d blobs of 25 contents", len(all))
	}
}
