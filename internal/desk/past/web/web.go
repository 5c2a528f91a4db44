package web

import (
	"context"
	"embed"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"trellis/internal/desk/past"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// Messages are the words of these pages.
//
//go:embed messages/*.json
var Messages embed.FS

// Deps are what the pages are made from; Past and Frame are needed.
type Deps struct {
	Past  *past.Past
	Frame *frame.Frame
	// SettingsTabs are the tabs above every page of the settings; nil leaves
	// them out.
	SettingsTabs func(ctx context.Context) []ui.Tab
	// FlowHref is the page that tells how support flowed in the past that its
	// query names as source, "" for none.
	FlowHref string
	// SearchHref is where requests are looked for, "" for nowhere.
	SearchHref string
}

// Path is the address of the first page, which others link to.
const Path = "/settings/past"

const (
	// sendTime is for years of a district over a slow line.
	sendTime = 2 * time.Hour
	// readTime is for an answer that has to read such a file first.
	readTime = 20 * time.Minute
	// readAtOnce is the largest file that is read as a whole without being
	// asked, in bytes: a page has to be quick.
	readAtOnce = 20 << 20
	// shownProblems is how many rows a page names that are not understood.
	shownProblems = 50
)

type pages struct {
	Deps
}

// Register adds the pages to the mux.
func Register(m *web.Mux, d Deps) {
	s := &pages{d}
	m.Route("GET "+Path, district.Admin, s.list)
	m.Route("POST "+Path, district.Admin, s.add, web.MaxBody(past.UploadLimit+1<<20), web.BodyTime(sendTime), web.AnswerTime(readTime))
	m.Route("GET "+Path+"/{id}", district.Admin, s.file, web.AnswerTime(readTime))
	m.Route("GET "+Path+"/{id}/problems.csv", district.Admin, s.problems, web.AnswerTime(readTime))
	m.Route("POST "+Path+"/{id}/map", district.Admin, s.match, web.AnswerTime(readTime))
	m.Route("POST "+Path+"/{id}/begin", district.Admin, s.turn("begun", func(ctx context.Context, id past.RunID, f *web.Form) error {
		_, err := s.Past.BeginSeen(ctx, id, f.Int(web.VersionField))
		return err
	}))
	m.Route("POST "+Path+"/{id}/stop", district.Admin, s.turn("stopped", func(ctx context.Context, id past.RunID, _ *web.Form) error {
		_, err := s.Past.Stop(ctx, id)
		return err
	}))
	m.Route("POST "+Path+"/{id}/undo", district.Admin, s.turn("undoing", func(ctx context.Context, id past.RunID, _ *web.Form) error {
		_, err := s.Past.Undo(ctx, id)
		return err
	}))
	m.Route("POST "+Path+"/{id}/drop", district.Admin, s.drop)
}

func href(id past.RunID) string { return Path + "/" + strconv.FormatInt(int64(id), 10) }

func t(ctx context.Context, key string, args ...any) string { return i18n.T(ctx, key, args...) }

// runOf is the run that an address names.
func runOf(r *http.Request) (past.RunID, error) {
	id, err := web.PathID(r, "id")
	return past.RunID(id), err
}

func (s *pages) tabs(ctx context.Context) []ui.Tab {
	if s.SettingsTabs == nil {
		return nil
	}
	return s.SettingsTabs(ctx)
}

// listView is the first page: what was brought in, and the form for more.
type listView struct {
	tabs   []ui.Tab
	rows   []rowView
	failed *frame.Failure
}

type rowView struct {
	href, file, name, state, counts, by string
	tone                                ui.Tone
	at                                  ui.Moment
}

func (s *pages) list(w http.ResponseWriter, r *http.Request) error { return s.drawList(w, r, nil) }

func (s *pages) drawList(w http.ResponseWriter, r *http.Request, failed *frame.Failure) error {
	ctx := r.Context()
	runs, err := s.Past.List(ctx)
	if err != nil {
		return err
	}
	failed.Labels(ctx, map[string]string{"file": "pastui.file"})
	v := listView{tabs: s.tabs(ctx), failed: failed}
	now, zone := s.Frame.Now(), s.Frame.Zone(ctx)
	for _, x := range runs {
		row := rowView{href: href(x.ID), file: x.File, name: x.Name, state: stateText(ctx, x), tone: toneOf(x.State), by: byText(ctx, x)}
		if x.State != past.Draft && x.State != past.Failed {
			row.counts = counts(ctx, x.Added, x.Changed, x.Same, x.Refused)
		}
		row.at = ui.Moment{At: x.Begun, Text: i18n.When(ctx, x.Begun, now, zone)}
		v.rows = append(v.rows, row)
	}
	view := frame.View{Title: t(ctx, "pastui.title"), Failed: failed, Wide: true}
	if web.Query(r).String("done") == "dropped" {
		view.Done = t(ctx, "pastui.done.dropped")
	}
	return s.Frame.Desk(w, r, view, listPage(v))
}

// add keeps a file. It goes to its place while it arrives; only at the end of
// the form is it known whether the same form was sent before.
func (s *pages) add(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var kept past.Kept
	var refused error
	sent := false
	_, err := web.Upload(r, "file", past.UploadLimit, func(name, _ string, file io.Reader) (err error) {
		if sent {
			return nil
		}
		sent = true
		kept, err = s.Past.Keep(ctx, file, name)
		if e := web.AsError(err); err != nil && e.Kind == errs.Invalid { // not a table: the rest of the form is all right
			refused = inField("file", e)
			return nil
		}
		return err
	})
	if err == nil {
		err = refused
	}
	if err == nil && !sent {
		var in errs.Check
		in.Fail("file", "pastui.file.none")
		err = in.Err()
	}
	var run past.Run
	if err == nil {
		run, err = s.Past.AddKept(ctx, kept)
	}
	if failed, again := frame.Fail(ctx, err); again {
		return s.drawList(w, r, failed)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, href(run.ID))
}

// inField says an error at a field.
func inField(name string, e *errs.Error) error {
	if len(e.Fields) > 0 {
		return e
	}
	var in errs.Check
	var args []any
	for k, v := range e.Args {
		args = append(args, k, v)
	}
	in.Fail(name, e.Key, args...)
	return in.Err()
}

// turn is a form of one button.
func (s *pages) turn(done string, do func(context.Context, past.RunID, *web.Form) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		id, err := runOf(r)
		if err != nil {
			return err
		}
		form, err := web.ReadForm(r)
		if err != nil {
			return err
		}
		if err = form.Err(); err == nil {
			err = do(ctx, id, form)
		}
		if failed, again := frame.Fail(ctx, err); again {
			return s.draw(w, r, id, nil, failed)
		}
		if err != nil {
			return err
		}
		return web.Redirect(w, r, href(id)+"?done="+done)
	}
}

func (s *pages) drop(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := runOf(r)
	if err != nil {
		return err
	}
	if _, err := web.ReadForm(r); err != nil {
		return err
	}
	err = s.Past.Drop(ctx, id)
	if failed, again := frame.Fail(ctx, err); again {
		return s.draw(w, r, id, nil, failed)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, Path+"?done=dropped")
}

// mine reports whether an error is for the person to read on the page.
func mine(err error) bool {
	var e *errs.Error
	return errors.As(err, &e) && e.Kind == errs.Invalid
}
