package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
)

// request is what the door remembers about one request. It hangs in the
// context, so that Render, Form and the cookies find it.
type request struct {
	mux    *Mux
	id     string
	ip     netip.Addr
	route  string // the pattern, "" while none is known
	quiet  bool
	raw    http.ResponseWriter // the server's own writer
	out    *answer
	actor  policy.Actor
	slot   *idem.Slot
	leave  func() // ends the wait of those who sent the same form
	form   *Form
	tooBig bool
}

type requestKey struct{}

func of(ctx context.Context) *request {
	q, _ := ctx.Value(requestKey{}).(*request)
	return q
}

// RequestID names the request in logs and in the answer's X-Request-Id.
func RequestID(ctx context.Context) string {
	if q := of(ctx); q != nil {
		return q.id
	}
	return ""
}

// ClientIP is the address of whoever sent the request: the connection's, or
// what trusted proxies say about it. It is for throttling and the log and
// proves nothing. The zero Addr means that nobody knows.
func ClientIP(ctx context.Context) netip.Addr {
	if q := of(ctx); q != nil {
		return q.ip
	}
	return netip.Addr{}
}

// NoteRoute tells the log and the figures which pattern a mounted handler
// found. Paths carry ids and names; patterns don't.
func NoteRoute(ctx context.Context, pattern string) {
	if q := of(ctx); q != nil {
		q.route = pattern
	}
}

// NoteActor tells the log who acts, once a mounted handler knows.
func NoteActor(ctx context.Context, a policy.Actor) {
	if q := of(ctx); q != nil {
		q.actor = a
	}
}

// name gives the request its id and finds the client's address.
func (m *Mux) name(r *http.Request) (id string, ip netip.Addr) {
	ip = peer(r.RemoteAddr)
	if !m.trusted(ip) {
		return newID(), ip
	}
	id = r.Header.Get("X-Request-Id")
	if !plausibleID(id) {
		id = newID()
	}
	// The list grows to the right, so the last address that is not one of our
	// proxies is the client; everything left of it may be invented.
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		a, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = a.Unmap().WithZone("")
		if !m.trusted(ip) {
			break
		}
	}
	return id, ip
}

func (m *Mux) trusted(a netip.Addr) bool {
	for _, p := range m.d.TrustedProxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func peer(addr string) netip.Addr {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

func newID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails: the runtime stops the process instead
	return hex.EncodeToString(b[:])
}

func plausibleID(s string) bool {
	if len(s) < 8 || len(s) > 64 {
		return false
	}
	for _, c := range s {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}
