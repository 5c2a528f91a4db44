package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// statusAborted stands in logs and figures for a request whose answer was cut.
const statusAborted = 499

// Bodies under minGzip bytes fit one packet either way.
const minGzip = 1024

// answer is the response writer that handlers see: it counts, compresses
// text and knows whether anything has been said yet.
type answer struct {
	w       http.ResponseWriter
	r       *http.Request
	status  int   // 0 until the handler said something
	bytes   int64 // on the wire
	started bool  // the status has left
	aborted bool
	gz      *gzip.Writer
	wait    []byte // first bytes of a body whose length nobody knows yet
	waiting bool
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.w }

// deadline gives the answer d from now to be written. Recorders in tests
// have no connection to set it on, and need none.
func (a *answer) deadline(d time.Duration) error {
	return http.NewResponseController(a.w).SetWriteDeadline(deadline(d))
}

func (a *answer) Header() http.Header { return a.w.Header() }

// said reports whether the handler has begun to answer.
func (a *answer) said() bool { return a.status != 0 }

func (a *answer) WriteHeader(status int) {
	if status < 200 && status != http.StatusSwitchingProtocols {
		a.w.WriteHeader(status)
		return
	}
	if a.status != 0 {
		return
	}
	a.status = status
	if !a.compressible() {
		a.start(false)
		return
	}
	addVary(a.Header(), "Accept-Encoding")
	if !acceptsGzip(a.r) {
		a.start(false)
		return
	}
	if n, err := strconv.Atoi(a.Header().Get("Content-Length")); err == nil {
		a.start(n >= minGzip)
		return
	}
	a.waiting = true
}

func (a *answer) start(zip bool) {
	if a.started {
		return
	}
	a.started, a.waiting = true, false
	if zip {
		a.Header().Del("Content-Length")
		a.Header().Set("Content-Encoding", "gzip")
		a.gz = gzips.Get().(*gzip.Writer)
		a.gz.Reset(counter{a})
	}
	a.w.WriteHeader(a.status)
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		if a.Header().Get("Content-Type") == "" {
			a.Header().Set("Content-Type", http.DetectContentType(p))
		}
		a.WriteHeader(http.StatusOK)
	}
	if a.waiting {
		a.wait = append(a.wait, p...)
		if len(a.wait) >= minGzip {
			if err := a.release(true); err != nil {
				return 0, err
			}
		}
		return len(p), nil
	}
	if a.gz != nil {
		return a.gz.Write(p)
	}
	return counter{a}.Write(p)
}

// release sends what waited for the decision whether to compress.
func (a *answer) release(zip bool) error {
	first := a.wait
	a.wait = nil
	if !zip {
		a.Header().Set("Content-Length", strconv.Itoa(len(first)))
	}
	a.start(zip)
	_, err := a.Write(first)
	return err
}

// FlushError sends what has been written so far, for streams.
func (a *answer) FlushError() error {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	if a.waiting {
		if err := a.release(true); err != nil {
			return err
		}
	}
	if a.gz != nil {
		if err := a.gz.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(a.w).Flush()
}

// finish ends the answer. A client that has gone away is no error of ours.
func (a *answer) finish() {
	if a.waiting {
		_ = a.release(false)
	}
	if a.gz != nil {
		_ = a.gz.Close()
		gzips.Put(a.gz)
		a.gz = nil
	}
}

func (a *answer) compressible() bool {
	h := a.Header()
	switch {
	case a.r.Method == http.MethodHead,
		a.status == http.StatusNoContent, a.status == http.StatusNotModified, a.status == http.StatusPartialContent,
		h.Get("Content-Encoding") != "", h.Get("Content-Range") != "":
		return false
	}
	t, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	switch t = strings.TrimSpace(t); t {
	case "text/event-stream":
		return false
	case "application/json", "application/problem+json", "application/openapi+json", "application/manifest+json",
		"application/javascript", "image/svg+xml", "application/xml":
		return true
	}
	return strings.HasPrefix(t, "text/")
}

func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, q, _ := strings.Cut(part, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "gzip" && name != "*" {
			continue
		}
		v, weighted := strings.CutPrefix(strings.ReplaceAll(q, " ", ""), "q=")
		if !weighted {
			return true
		}
		f, err := strconv.ParseFloat(v, 64)
		return err == nil && f > 0
	}
	return false
}

type counter struct{ a *answer }

func (c counter) Write(p []byte) (int, error) {
	n, err := c.a.w.Write(p)
	c.a.bytes += int64(n)
	return n, err
}

// Level 1 takes two fifths of the default's time and makes our pages a sixth
// larger: pages are drawn far more often than they are large.
var gzips = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(io.Discard, gzipLevel)
	if err != nil {
		panic(err)
	}
	return z
}}

const gzipLevel = gzip.BestSpeed

// Answered reports whether a handler has begun to answer.
func Answered(w http.ResponseWriter) bool {
	a, ok := w.(*answer)
	return ok && a.said()
}
