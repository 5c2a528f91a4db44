package blob

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"

	"trellis/internal/platform/errs"
)

// contents of which some share folders: what the second one finds there may not
// be durable yet.
var contents = func() []string {
	byFolder := map[string][]string{}
	for i := 0; ; i++ {
		c := fmt.Sprint("content ", i)
		k := hashOf(c)[:4]
		if byFolder[k] = append(byFolder[k], c); len(byFolder[k]) == 2 {
			return []string{byFolder[k][0], "elsewhere", byFolder[k][1], byFolder[k][0]}
		}
	}
}()

// For each call to the disk that storing some files makes, let that one fail
// in each way a disk can, then cut the power. Whatever was answered with
// success must be there whole, nothing else may stand under a final name, each
// failure must be told as what it is, and one that makes the disk doubtful must
// have stopped the process.
func TestEveryCallFails(t *testing.T) {
	for name, x := range map[string]struct {
		fault error     // nil: a write comes short
		told  errs.Kind // Internal: and the process is stopped
	}{
		"EIO":         {syscall.EIO, errs.Internal},
		"EROFS":       {syscall.EROFS, errs.Internal},
		"ENOSPC":      {syscall.ENOSPC, errs.NoSpace},
		"EDQUOT":      {syscall.EDQUOT, errs.NoSpace},
		"EMFILE":      {syscall.EMFILE, errs.Unavailable},
		"short write": {nil, errs.Internal},
	} {
		for _, metadata := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " metadata=", metadata), func(t *testing.T) {
				n := 0
				for {
					n++
					if !failAt(t, n, x.fault, x.told, metadata) {
						break
					}
				}
				if n < 30 {
					t.Errorf("only %d calls were made to fail", n)
				}
			})
		}
	}
}

// failAt lets the n-th call fail; false if there were fewer.
func failAt(t *testing.T, n int, fault error, told errs.Kind, metadata bool) bool {
	d := newMemDisk()
	d.at = n
	if fault != nil {
		d.fault = func(string) error { return fault }
	}
	var fatal error
	opt := Options{disk: d, OnFatal: func(err error) { fatal = err }}
	acked := map[string]bool{}
	failures := 0
	s, err := Open("/data/blobs", opt)
	if err != nil {
		failures++
	} else {
		for _, c := range contents {
			info, err := s.Put(context.Background(), inHalves(c), 1000)
			if err == nil {
				acked[info.Hash] = true
				continue
			}
			if info != (Info{}) {
				t.Errorf("call %d (%s): an error and %+v", n, d.hit, info)
			}
			failures++
			if !errs.Is(err, told) {
				t.Errorf("call %d (%s): told as %v", n, d.hit, err)
			}
			if fatal != nil {
				break // the process has stopped
			}
		}
	}
	switch {
	case d.hit == "":
		if failures > 0 || fatal != nil || len(acked) != 3 {
			t.Errorf("nothing failed, and yet %d failures, fatal %v, %d stored", failures, fatal, len(acked))
		}
		return false
	case fault == nil && !strings.HasPrefix(d.hit, "write"):
		if failures > 0 {
			t.Errorf("call %d (%s) came short and can't", n, d.hit)
		}
	case failures != 1:
		t.Errorf("call %d (%s): %d failures told", n, d.hit, failures)
	case (fatal != nil) != (told == errs.Internal):
		t.Errorf("call %d (%s): the process stopped because of %v", n, d.hit, fatal)
	}
	d.at = 0
	d.cut(metadata)
	s, err = Open("/data/blobs", Options{disk: d})
	if err != nil {
		t.Fatalf("call %d: open after the power cut: %v", n, err)
	}
	there := map[string]bool{}
	for _, h := range walk(t, s) {
		there[h] = true
	}
	for h := range acked {
		if !there[h] {
			t.Errorf("call %d (%s): %s was answered and is lost", n, d.hit, h[:8])
		}
	}
	if left, err := d.ReadDir("/data/blobs/tmp"); err != nil || len(left) != 0 {
		t.Errorf("call %d: left behind %v, %v", n, left, err)
	}
	return true
}

// inHalves gives a content in two reads, so that there are two writes.
func inHalves(c string) io.Reader {
	return io.MultiReader(strings.NewReader(c[:len(c)/2]), strings.NewReader(c[len(c)/2:]))
}

// A power cut at every call, with nothing failing before.
func TestPowerCutAtEveryCall(t *testing.T) {
	type cut struct{}
	for _, metadata := range []bool{false, true} {
		for n := 1; ; n++ {
			d := newMemDisk()
			d.at, d.fault = n, func(string) error { panic(cut{}) }
			acked := map[string]bool{}
			func() {
				defer func() {
					if p := recover(); p != nil {
						if _, ok := p.(cut); !ok {
							panic(p)
						}
					}
				}()
				s, err := Open("/data/blobs", Options{disk: d})
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range contents {
					info, err := s.Put(context.Background(), inHalves(c), 1000)
					if err != nil {
						t.Fatal(err)
					}
					acked[info.Hash] = true
				}
			}()
			if d.hit == "" {
				break
			}
			d.at = 0
			d.cut(metadata)
			s, err := Open("/data/blobs", Options{disk: d})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range walk(t, s) {
				delete(acked, h)
			}
			if len(acked) > 0 {
				t.Errorf("cut at call %d (%s): %d answered and lost", n, d.hit, len(acked))
			}
		}
	}
}

// Reading from a failing disk is as fatal as writing to one.
func TestReadFailureIsFatal(t *testing.T) {
	for n := 1; ; n++ {
		d := newMemDisk()
		var fatal error
		s, err := Open("/data/blobs", Options{disk: d, OnFatal: func(err error) { fatal = err }})
		if err != nil {
			t.Fatal(err)
		}
		info, err := s.Put(t.Context(), bytes.NewReader(make([]byte, 200_000)), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		d.calls, d.at, d.fault = 0, n, func(string) error { return syscall.EIO }
		err = s.Verify(t.Context(), info.Hash)
		if d.hit == "" {
			if err != nil || fatal != nil || n < 5 {
				t.Errorf("%d calls, %v, %v", n, err, fatal)
			}
			return
		}
		if closing := strings.HasPrefix(d.hit, "close"); (err == nil || fatal == nil) != closing {
			t.Errorf("%s failed: %v, fatal %v", d.hit, err, fatal)
		}
	}
}
