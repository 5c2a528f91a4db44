package web

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"sync"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/errs"
)

// Change says that something has a new version. It carries no content: who
// may see it fetches it under ordinary policy.
type Change struct {
	Kind    string `json:"kind"`
	ID      int64  `json:"id"`
	Version int64  `json:"version"`
}

// StreamOptions bound a stream. Zero means the default.
type StreamOptions struct {
	Clock         clock.Clock
	Heartbeat     time.Duration // 20 s
	Recheck       time.Duration // 5 s: how old a session's check may be when something is sent
	WritePause    time.Duration // 10 s: how long one write may take before a connection counts as dead
	Pending       int           // 256: what one slow subscriber may have waiting
	Kept          int           // 4096: how far back a broken connection can resume
	MaxPerSession int           // 6: the oldest is closed for a new one
	Max           int           // 20,000 subscribers
}

// Stream tells browsers what changed while they look. It lives in memory:
// whoever missed something is told to fetch again.
type Stream struct {
	opt    StreamOptions
	block  cipher.Block
	mu     sync.Mutex
	seq    uint64
	kept   []numbered // the last changes, oldest first
	subs   map[*subscriber]struct{}
	by     map[string][]*subscriber // by session, oldest first
	closed bool
}

type numbered struct {
	seq uint64
	Change
}

type subscriber struct {
	session string
	pending []numbered
	lost    bool // pending ran over
	closed  bool
	wake    chan struct{} // holds one token at most
}

// NewStream makes a stream without subscribers.
func NewStream(o StreamOptions) *Stream {
	def := func(n *int, v int) {
		if *n == 0 {
			*n = v
		}
	}
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 20 * time.Second
	}
	if o.Recheck == 0 {
		o.Recheck = 5 * time.Second
	}
	if o.WritePause == 0 {
		o.WritePause = 10 * time.Second
	}
	def(&o.Pending, 256)
	def(&o.Kept, 4096)
	def(&o.MaxPerSession, 6)
	def(&o.Max, 20_000)
	var key [16]byte
	_, _ = rand.Read(key[:])
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // only for keys of another length
	}
	return &Stream{opt: o, block: block, subs: map[*subscriber]struct{}{}, by: map[string][]*subscriber{}}
}

// Publish tells every subscriber what changed. It never blocks: who does not
// keep up is dropped and fetches again when it comes back.
func (s *Stream) Publish(changes ...Change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range changes {
		s.seq++
		n := numbered{s.seq, c}
		if len(s.kept) == 2*s.opt.Kept {
			s.kept = append(s.kept[:0], s.kept[s.opt.Kept:]...)
		}
		s.kept = append(s.kept, n)
		for sub := range s.subs {
			sub.add(n, s.opt.Pending)
		}
	}
}

func (sub *subscriber) add(n numbered, max int) {
	if sub.lost {
		return
	}
	if len(sub.pending) >= max {
		sub.pending, sub.lost = nil, true
	} else {
		sub.pending = append(sub.pending, n)
	}
	sub.nudge()
}

func (sub *subscriber) nudge() {
	select {
	case sub.wake <- struct{}{}:
	default:
	}
}

// Position is where the stream stands. A page that is drawn now and connects
// with ?since=Position misses nothing in between.
func (s *Stream) Position() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token(s.seq)
}

// Subscribers is how many are connected.
func (s *Stream) Subscribers() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.subs)
}

// Close ends every connection and refuses new ones; browsers come back by
// themselves.
func (s *Stream) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for sub := range s.subs {
		sub.closed = true
		sub.nudge()
	}
}

// Drop ends the connections of one session, when it is revoked.
func (s *Stream) Drop(session string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range s.by[session] {
		sub.closed = true
		sub.nudge()
	}
}

// join adds a subscriber that has seen everything up to the token since.
// resync says that what it missed is no longer known.
func (s *Stream) join(session, since string) (sub *subscriber, resync bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.subs) >= s.opt.Max {
		return nil, false, &errs.Error{Kind: errs.Unavailable, RetryAfter: 5 * time.Second}
	}
	sub = &subscriber{session: session, wake: make(chan struct{}, 1)}
	if since != "" {
		at, ok := s.position(since)
		if !ok || at > s.seq || (s.seq > at && (len(s.kept) == 0 || s.kept[0].seq > at+1)) {
			resync = true
		} else {
			for _, n := range s.kept {
				if n.seq > at {
					sub.add(n, s.opt.Pending)
				}
			}
			// So much was missed that fetching again is the shorter way.
			if sub.lost {
				sub.lost, sub.pending, resync = false, nil, true
			}
		}
	}
	if mine := s.by[session]; len(mine) >= s.opt.MaxPerSession {
		mine[0].closed = true
		mine[0].nudge()
	}
	s.subs[sub] = struct{}{}
	s.by[session] = append(s.by[session], sub)
	return sub, resync, nil
}

func (s *Stream) part(sub *subscriber) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.subs, sub)
	mine := s.by[sub.session]
	for i, x := range mine {
		if x == sub {
			mine = append(mine[:i:i], mine[i+1:]...)
			break
		}
	}
	if len(mine) == 0 {
		delete(s.by, sub.session)
	} else {
		s.by[sub.session] = mine
	}
}

// take hands over what waits. Of several changes to one thing only the last
// is worth sending.
func (s *Stream) take(sub *subscriber) (batch []numbered, upTo uint64, open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sub.closed || sub.lost {
		return nil, 0, false
	}
	batch, sub.pending = sub.pending, nil
	newest := make(map[Change]int, len(batch))
	for i, n := range batch {
		newest[Change{Kind: n.Kind, ID: n.ID}] = i
	}
	out := batch[:0:0]
	for i, n := range batch {
		if newest[Change{Kind: n.Kind, ID: n.ID}] == i {
			out = append(out, n)
		}
	}
	return out, s.seq, true
}

// token hides the number of a change: how many changes happened that somebody
// may not see is nothing that they may count either.
func (s *Stream) token(seq uint64) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[8:], seq)
	s.block.Encrypt(b[:], b[:])
	return hex.EncodeToString(b[:])
}

func (s *Stream) position(token string) (uint64, bool) {
	b, err := hex.DecodeString(token)
	if err != nil || len(b) != 16 {
		return 0, false
	}
	s.block.Decrypt(b, b)
	return binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint64(b[:8]) == 0
}

// Subscriber is who listens.
type Subscriber struct {
	// Session groups connections: at most MaxPerSession of one are open.
	Session string
	// Filter is asked before each change is sent whether this subscriber may
	// see it. It runs in the subscriber's own goroutine and may read.
	Filter func(ctx context.Context, c Change) bool
	// Recheck returns an Unauthenticated error if the session has ended. The
	// context that it returns carries the actor as of now, for Filter.
	Recheck func(ctx context.Context) (context.Context, error)
}
