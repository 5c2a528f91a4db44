package web

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/policy"
)

// Names of the hidden fields that forms carry.
const (
	KeyField     = "_key"    // names the command, so that a double click happens once
	VersionField = "version" // the version that the person saw
)

// NewKey is the value of a form's hidden key field.
func NewKey() string { return idem.New() }

// Form is what a person sent. Its methods read one field each; what is
// malformed is collected and returned by Err, so that a person reads
// everything that is wrong at once.
type Form struct {
	values url.Values
	check  errs.Check
}

// ReadForm reads a sent form to its end. A form with a key waits until the
// same form, sent twice, has been answered the first time; the request's
// context then names the command (see package idem). Forms with files are
// read by Upload.
func ReadForm(r *http.Request) (*Form, error) {
	q := of(r.Context())
	if q != nil && q.form != nil {
		return q.form, nil
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && media == "multipart/form-data":
		return Upload(r, "", 0, nil)
	case r.ContentLength == 0 && r.Header.Get("Content-Type") == "":
		return keepForm(r, url.Values{}, sha256.Sum256(nil))
	case err != nil || media != "application/x-www-form-urlencoded":
		return nil, errs.E(errs.Invalid, "error.bad_content_type")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, BodyError(err)
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errs.E(errs.Invalid, "web.error.incomplete").Because(err)
	}
	key := values.Get(KeyField)
	values.Del(KeyField)
	sum := sha256.Sum256([]byte(values.Encode()))
	values.Set(KeyField, key)
	return keepForm(r, values, sum)
}

// Query reads the parameters of an address in the same way.
func Query(r *http.Request) *Form { return &Form{values: r.URL.Query()} }

// keepForm remembers the form and names the command.
func keepForm(r *http.Request, values url.Values, sum [32]byte) (*Form, error) {
	f := &Form{values: values}
	q := of(r.Context())
	if q == nil {
		return f, nil
	}
	q.form = f
	key := values.Get(KeyField)
	if key == "" || q.slot == nil {
		return f, nil
	}
	if !idem.Valid(key) {
		return nil, errs.E(errs.Invalid, "web.error.key")
	}
	k := idem.Key{Key: key, Actor: ActorKey(q.actor), Route: q.route}
	k.Hash = sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%x", r.Method, r.URL.RequestURI(), sum))
	ctx, cancel := context.WithTimeout(r.Context(), sameForm)
	defer cancel()
	leave, err := q.mux.gate.Wait(ctx, k)
	if err != nil {
		if r.Context().Err() != nil {
			return nil, err
		}
		return nil, errs.E(errs.Conflict, "error.still_running")
	}
	q.leave = leave
	q.slot.Fill(k)
	return f, nil
}

// sameForm is how long the second of two equal forms waits for the first.
const sameForm = 30 * time.Second

// ActorKey names whose idempotency keys these are.
func ActorKey(a policy.Actor) string {
	if a.Kind == policy.Person {
		return "person:" + strconv.FormatInt(a.Person, 10)
	}
	return "anonymous"
}

func formOf(ctx context.Context) *Form {
	if q := of(ctx); q != nil {
		return q.form
	}
	return nil
}

// Has reports whether the field was sent, empty or not.
func (f *Form) Has(name string) bool { return f.values.Has(name) }

// String is a field of one line, without space around it.
func (f *Form) String(name string) string {
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, f.Raw(name)))
}

// Text is a field of several lines. Lines end in \n; space at its end is cut.
func (f *Form) Text(name string) string {
	s := strings.ReplaceAll(f.Raw(name), "\r\n", "\n")
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case c == '\r':
			return '\n'
		case unicode.IsControl(c):
			return -1
		}
		return c
	}, s)
	return strings.TrimRightFunc(strings.TrimLeft(s, "\n"), unicode.IsSpace)
}

// Raw is a field as it was sent, for passwords. Only what is no text at all
// is replaced: broken UTF-8, and zero bytes, which no database stores.
func (f *Form) Raw(name string) string {
	return sound(f.values.Get(name))
}

// Strings are all values of a field that may be sent several times.
func (f *Form) Strings(name string) []string {
	var out []string
	for _, v := range f.values[name] {
		out = append(out, (&Form{values: url.Values{"": {v}}}).String(""))
	}
	return out
}

// Bool is a checkbox.
func (f *Form) Bool(name string) bool {
	switch f.values.Get(name) {
	case "on", "true", "1", "yes":
		return true
	}
	return false
}

// Int is a whole number, 0 if the field is empty.
func (f *Form) Int(name string) int64 {
	s := f.String(name)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f.check.Fail(name, "field.not_number")
	}
	return n
}

// ID is the id of something chosen, 0 if the field is empty.
func (f *Form) ID(name string) int64 {
	return f.id(name, f.String(name))
}

// IDs are all values of a field that chooses several things.
func (f *Form) IDs(name string) []int64 {
	var out []int64
	for _, v := range f.Strings(name) {
		if n := f.id(name, v); n != 0 {
			out = append(out, n)
		}
	}
	return out
}

func (f *Form) id(name, s string) int64 {
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		f.check.Fail(name, "field.unknown_choice")
		return 0
	}
	return n
}

// Date is a day as a date field sends it (2026-03-02), at midnight UTC; the
// zero time if the field is empty.
func (f *Form) Date(name string) time.Time {
	s := f.String(name)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		f.check.Fail(name, "field.bad_date")
		return time.Time{}
	}
	return t
}

// Version is the version of the row that the person saw, 0 if none was sent.
func (f *Form) Version() int64 { return f.Int(VersionField) }

// Key is the form's idempotency key, to be repeated when the form is drawn
// again with its errors.
func (f *Form) Key() string { return f.values.Get(KeyField) }

// Fail notes that a field can't be accepted; args are name, value pairs.
func (f *Form) Fail(name, key string, args ...any) { f.check.Fail(name, key, args...) }

// Err is what was malformed or failed so far, nil if nothing.
func (f *Form) Err() error { return f.check.Err() }

func sound(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ReplaceAll(s, "\x00", "")
}

// PathID is an id in the path. What is no id names nothing that exists.
func PathID(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || n <= 0 {
		return 0, errs.E(errs.NotFound, "")
	}
	return n, nil
}
