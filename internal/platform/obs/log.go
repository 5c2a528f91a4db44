package obs

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"
	"unicode/utf8"

	"trellis/internal/platform/policy"
)

// LogOptions say how the log is written.
type LogOptions struct {
	JSON  bool // one JSON object a line; otherwise key=value
	Level slog.Leveler
}

// NewLog makes the process's logger. Each line carries the request's id if
// its context knows one; what came from outside is made harmless; values
// whose name says that they are secret are not written.
func NewLog(w io.Writer, o LogOptions) *slog.Logger {
	opt := &slog.HandlerOptions{Level: o.Level, ReplaceAttr: harmless}
	var h slog.Handler = slog.NewTextHandler(w, opt)
	if o.JSON {
		h = slog.NewJSONHandler(w, opt)
	}
	return slog.New(handler{h, false})
}

// handler adds the request id, unless the line names one itself.
type handler struct {
	slog.Handler
	has bool
}

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	if id := policy.ActorFrom(ctx).RequestID; id != "" && !h.has && !names(r, requestID) {
		r = r.Clone()
		r.AddAttrs(slog.String(requestID, id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h handler) WithAttrs(as []slog.Attr) slog.Handler {
	has := h.has
	for _, a := range as {
		has = has || a.Key == requestID
	}
	return handler{h.Handler.WithAttrs(as), has}
}

func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.Handler.WithGroup(name), h.has}
}

const requestID = "request_id"

func names(r slog.Record, key string) (found bool) {
	r.Attrs(func(a slog.Attr) bool {
		found = a.Key == key
		return !found
	})
	return found
}

// maxField is where a value is cut, in bytes; stacks are longer than texts.
const maxField, maxStack = 4 << 10, 64 << 10

// harmless cleans one attribute.
func harmless(_ []string, a slog.Attr) slog.Attr {
	if secret(a.Key) {
		return slog.String(a.Key, "[redacted]")
	}
	limit := maxField
	if a.Key == "stack" {
		limit = maxStack
	}
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(Clean(a.Value.String(), limit))
	case slog.KindAny:
		switch v := a.Value.Any().(type) {
		case *slog.Source:
		case error:
			a.Value = slog.StringValue(Clean(v.Error(), limit))
		case fmt.Stringer:
			a.Value = slog.StringValue(Clean(v.String(), limit))
		case nil:
		default:
			a.Value = slog.StringValue(Clean(fmt.Sprintf("%+v", v), limit))
		}
	}
	return a
}

// secret reports whether an attribute's name says that its value is nobody's
// to read.
func secret(key string) bool {
	key = strings.ToLower(key)
	for _, w := range []string{"password", "passphrase", "secret", "token", "authorization", "cookie", "dsn", "api_key"} {
		if strings.Contains(key, w) {
			return true
		}
	}
	return false
}

// Clean makes a text from outside fit for one line of a log or a terminal:
// line breaks and tabs stay readable as \n and \t, everything else that
// controls a terminal or turns the reading direction becomes \u{…}, and what
// is longer than limit bytes is cut.
func Clean(s string, limit int) string {
	var b strings.Builder
	for i, c := range s {
		if b.Len() >= limit {
			fmt.Fprintf(&b, "… (%d bytes)", len(s))
			break
		}
		switch {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsControl(c), unicode.Is(unicode.Cf, c), c == '\u2028', c == '\u2029':
			fmt.Fprintf(&b, `\u{%x}`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
