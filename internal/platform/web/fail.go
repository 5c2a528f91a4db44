package web

import (
	"context"
	"errors"
	"html"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
)

// Problem is a failed request in words, ready to be drawn.
type Problem struct {
	Status int
	Kind   errs.Kind
	Title  string // what happened, a few words
	Text   string // what is safe and what to do next
	Fields []FieldProblem
	// RequestID is set where somebody may need to look the request up.
	RequestID string
	// Fragment says that only a part of a page was asked for.
	Fragment bool
	// SignIn is where to sign in, set when that is the way on.
	SignIn     string
	RetryAfter time.Duration
}

// FieldProblem is what is wrong with one field.
type FieldProblem struct{ Name, Text string }

// kinds are the one table from kinds of errors to HTTP and to words.
var kinds = map[errs.Kind]struct {
	status      int
	title, text string
}{
	errs.Internal:        {http.StatusInternalServerError, "web.title.internal", "error.internal"},
	errs.Invalid:         {http.StatusUnprocessableEntity, "web.title.invalid", "error.check_fields"},
	errs.Unauthenticated: {http.StatusUnauthorized, "web.title.unauthenticated", "error.unauthenticated"},
	errs.NotFound:        {http.StatusNotFound, "web.title.not_found", "error.not_found"},
	errs.Forbidden:       {http.StatusForbidden, "web.title.forbidden", "error.forbidden"},
	errs.Conflict:        {http.StatusConflict, "web.title.conflict", "error.conflict"},
	errs.Precondition:    {http.StatusPreconditionFailed, "web.title.precondition", "error.stale"},
	errs.TooLarge:        {http.StatusRequestEntityTooLarge, "web.title.too_large", "error.too_large"},
	errs.Throttled:       {http.StatusTooManyRequests, "web.title.throttled", "error.throttled"},
	errs.Unavailable:     {http.StatusServiceUnavailable, "web.title.unavailable", "error.unavailable"},
	errs.NoSpace:         {http.StatusInsufficientStorage, "web.title.no_space", "error.no_space"},
}

// Status is the HTTP status of a kind of error.
func Status(k errs.Kind) int {
	if s, ok := kinds[k]; ok {
		return s.status
	}
	return http.StatusInternalServerError
}

// Texts are the words for an error: a title by its kind, and its own text if
// it has one that may be shown. What does not exist and what is not theirs to
// see read the same, so NotFound has no words of its own; nor has Internal.
func Texts(ctx context.Context, e *errs.Error) (title, text string) {
	k, ok := kinds[e.Kind]
	if !ok {
		k = kinds[errs.Internal]
	}
	title = i18n.T(ctx, k.title)
	if e.Key == "" || e.Kind == errs.NotFound || e.Kind == errs.Internal {
		return title, i18n.T(ctx, k.text)
	}
	return title, i18n.Map(ctx, e.Key, e.Args)
}

// AsError finds the *errs.Error in err's chain; anything else is Internal,
// or Unavailable if time ran out.
func AsError(err error) *errs.Error {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &errs.Error{Kind: errs.Unavailable, Cause: err}
	}
	return &errs.Error{Kind: errs.Internal, Cause: err}
}

// LogError writes the log line of a failed request: loudly what is ours to
// fix, quietly what its sender can mend.
func LogError(ctx context.Context, log *slog.Logger, err error) {
	e := AsError(err)
	level := slog.LevelDebug
	switch {
	case e.Kind == errs.Internal:
		level = slog.LevelError
	case e.Kind == errs.Unavailable || e.Kind == errs.NoSpace:
		level = slog.LevelWarn
	case e.Cause != nil:
		level = slog.LevelInfo
	}
	route := ""
	if q := of(ctx); q != nil {
		route = q.route
	}
	log.LogAttrs(ctx, level, "request failed",
		slog.String("request_id", RequestID(ctx)), slog.String("route", route),
		slog.String("kind", e.Kind.String()), slog.String("err", err.Error()))
}

// fail turns a handler's error into a status, a log line and a page.
func (m *Mux) fail(w http.ResponseWriter, r *http.Request, err error) {
	q := of(r.Context())
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		q.out.aborted = true // the client has gone; nobody reads an answer
		return
	}
	LogError(r.Context(), m.d.Log, err)
	e := AsError(err)
	if q.out.said() {
		q.out.aborted = true
		return
	}
	if e.Kind == errs.Unauthenticated && !Fragment(r) && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		m.restart(w.Header(), q.id)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Location", m.signIn(r))
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	m.answerError(w, r, e)
}

func (m *Mux) answerError(w http.ResponseWriter, r *http.Request, e *errs.Error) {
	ctx, q := r.Context(), of(r.Context())
	if q.out.said() {
		q.out.aborted = true
		return
	}
	p := Problem{Status: Status(e.Kind), Kind: e.Kind, Fragment: Fragment(r), RetryAfter: e.RetryAfter}
	p.Title, p.Text = Texts(ctx, e)
	if e.Key == "error.idempotency_mismatch" {
		// Those words are for programs. A person has gone back to a form that
		// was sent, and changed it.
		p.Text = i18n.T(ctx, "web.error.sent_before")
	}
	for _, f := range e.Fields {
		p.Fields = append(p.Fields, FieldProblem{f.Name, i18n.Map(ctx, f.Key, f.Args)})
	}
	switch e.Kind {
	case errs.Internal, errs.Unavailable, errs.NoSpace:
		p.RequestID = q.id
	case errs.Unauthenticated:
		p.SignIn = m.signIn(r)
	}
	h := w.Header()
	m.restart(h, q.id)
	h.Set("Cache-Control", "no-store")
	if s := RetryAfter(e); s != "" {
		h.Set("Retry-After", s)
	}
	if q.tooBig {
		h.Set("Connection", "close")
	}
	if err := Render(w, r, p.Status, m.d.ErrorPage(ctx, p)); err != nil {
		LogError(ctx, m.d.Log, err)
		m.restart(h, q.id)
		h.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(p.Status)
		_, _ = io.WriteString(w, p.Title+"\n"+p.Text+"\n"+p.RequestID+"\n")
	}
}

// RetryAfter is the header's value in whole seconds, "" if there is none.
func RetryAfter(e *errs.Error) string {
	if e.RetryAfter <= 0 {
		return ""
	}
	return strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds())))
}

// signIn is the sign-in page's address, with the way back to a page that was
// asked for. A form that was sent can't be asked for again.
func (m *Mux) signIn(r *http.Request) string {
	next := r.URL.RequestURI()
	if (r.Method != http.MethodGet && r.Method != http.MethodHead) || Fragment(r) || !LocalPath(next) || next == "/" {
		return m.d.SignIn
	}
	return m.d.SignIn + "?" + url.Values{"next": {next}}.Encode()
}

// plainPage is the page of a program that brought none of its own.
func plainPage(_ context.Context, p Problem) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<!doctype html><title>"+html.EscapeString(p.Title)+"</title><h1>"+html.EscapeString(p.Title)+
			"</h1><p>"+html.EscapeString(p.Text)+"</p><p><small>"+html.EscapeString(p.RequestID)+"</small></p>")
		return err
	})
}
