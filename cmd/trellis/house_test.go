package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// paper is what a command printed so far.
type paper struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *paper) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(b)
}

func (p *paper) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}

// started is a command that goes on until it is ended.
type started struct {
	t        *testing.T
	out, err paper
	cancel   context.CancelFunc
	done     chan struct{}
	failed   error
}

// begin runs a command in the background.
func begin(t *testing.T, args ...string) *started {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &started{t: t, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		s.failed = run(ctx, args, &s.out, &s.err)
	}()
	t.Cleanup(func() { cancel(); <-s.done })
	return s
}

// prints waits until the command has printed something.
func (s *started) prints(words string) {
	s.t.Helper()
	for range 6000 {
		if strings.Contains(s.out.String(), words) || strings.Contains(s.err.String(), words) {
			return
		}
		select {
		case <-s.done:
			s.t.Fatalf("it ended (%v) before it said %q:\n%s%s", s.failed, words, s.out.String(), s.err.String())
		default:
		}
		_ = clock.Sleep(s.t.Context(), clock.System(), testStep)
	}
	s.t.Fatalf("it never said %q:\n%s%s", words, s.out.String(), s.err.String())
}

// testStep is how often is looked whether something was printed.
const testStep = 10 * time.Millisecond

// end stops it, as Ctrl C does, and returns how it ended.
func (s *started) end() error {
	s.cancel()
	<-s.done
	return s.failed
}

// command runs a command to its end.
func command(t *testing.T, args ...string) (out string, err error) {
	t.Helper()
	var o, e bytes.Buffer
	err = run(t.Context(), args, &o, &e)
	return o.String() + e.String(), err
}

// freeAddr is an address that nobody listens at.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// damage makes a district's database unreadable.
func damage(t *testing.T, data, slug string) {
	t.Helper()
	dir := filepath.Join(data, "d", slug)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "district.db"), bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
}
