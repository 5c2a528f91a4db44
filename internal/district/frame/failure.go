package frame

import (
	"context"
	"slices"
	"strings"

	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// Failure is why a form comes back, in words. Its methods work on nil, so a
// page asks without looking whether it is the first time or the second.
type Failure struct {
	Title  string // what happened
	Text   string // what is safe and what to do, if no field says it
	kind   errs.Kind
	names  []string
	fields map[string]string
	labels map[string]string
}

// Fail turns an error that a person can mend, or wait out, into what the form
// says when it is drawn again with everything that was typed. It is false for
// nil and for what has a page of its own: nothing there, not signed in, our
// own mistake.
func Fail(ctx context.Context, err error) (*Failure, bool) {
	if err == nil {
		return nil, false
	}
	e := web.AsError(err)
	switch e.Kind {
	case errs.Internal, errs.NotFound, errs.Unauthenticated:
		return nil, false
	}
	f := &Failure{kind: e.Kind, fields: map[string]string{}}
	f.Title, f.Text = web.Texts(ctx, e)
	for _, x := range e.Fields {
		f.add(x.Name, i18n.Map(ctx, x.Key, x.Args))
	}
	return f, true
}

func (f *Failure) add(name, text string) {
	if was, ok := f.fields[name]; ok {
		if !strings.Contains(was, text) {
			f.fields[name] = was + " " + text
		}
		return
	}
	f.names = append(f.names, name)
	f.fields[name] = text
}

// Field is what is wrong with a field, "" if nothing is.
func (f *Failure) Field(name string) string {
	if f == nil {
		return ""
	}
	return f.fields[name]
}

// Stale reports that somebody else changed the thing since the form was drawn.
func (f *Failure) Stale() bool { return f != nil && f.kind == errs.Precondition }

// Kind is the kind of the error; Internal, which never makes a Failure, if
// nothing failed.
func (f *Failure) Kind() errs.Kind {
	if f == nil {
		return errs.Internal
	}
	return f.kind
}

// Status is the HTTP status of the page that shows it.
func (f *Failure) Status() int {
	if f == nil {
		return 200
	}
	return web.Status(f.kind)
}

// Note says beside a field what somebody else saved there meanwhile. Call it
// for the fields where that differs from what was typed.
func (f *Failure) Note(ctx context.Context, name, theirs string) {
	if f == nil {
		return
	}
	if theirs == "" {
		f.add(name, T(ctx, "frame.now_empty"))
		return
	}
	f.add(name, T(ctx, "frame.now_saved", "Value", theirs))
}

// Labels names the fields, by message key, so that the summary at the top of
// the page says which field a line is about: "Name: Please fill this in."
func (f *Failure) Labels(ctx context.Context, keys map[string]string) {
	if f == nil {
		return
	}
	if f.labels == nil {
		f.labels = map[string]string{}
	}
	for field, key := range keys {
		f.labels[field] = T(ctx, key)
	}
}

// list are the lines of the summary, each leading to its field; what is wrong
// as a whole is the one line that leads nowhere.
func (f *Failure) list(ctx context.Context) []ui.FieldError {
	if len(f.names) == 0 {
		return []ui.FieldError{{Text: f.Text}}
	}
	out := make([]ui.FieldError, 0, len(f.names))
	for _, n := range f.names {
		text := f.fields[n]
		if l := f.labels[n]; l != "" {
			text = T(ctx, "frame.field", "Label", l, "Problem", text)
		}
		out = append(out, ui.FieldError{ID: ui.FieldID(n), Text: text})
	}
	return out
}

// Form is a form that is drawn now: it gets a key of its own, so that pressing
// twice does it once, and the server's words say what is wrong.
func Form(p ui.FormProps) ui.FormProps {
	p.Key, p.Check = web.NewKey(), true
	return p
}

// Rename says that what is wrong with one field is shown at another, for a
// page that asks the same thing several times.
func (f *Failure) Rename(from, to string) {
	if f == nil || from == to {
		return
	}
	if text, ok := f.fields[from]; ok {
		f.names = slices.DeleteFunc(f.names, func(n string) bool { return n == from })
		delete(f.fields, from)
		f.add(to, text)
	}
}
