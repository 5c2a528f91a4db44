package web

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"trellis/internal/desk/past"
	"trellis/internal/district/frame"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/sheet"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// fileView is the page of one file.
type fileView struct {
	tabs     []ui.Tab
	run      past.Run
	state    string
	facts    []ui.Fact
	follow   ui.FollowProps
	counts   string
	match    *matchView
	preview  *previewView
	ask      string // address that reads the whole file; "" where that is not needed
	problems *problemsView
	begin    *ui.FormProps
	beginAs  string // the words on its button
	why      string // why it can't begin, "" if it can
	stop     ui.FormProps
	undo     *ui.FormProps
	undoes   []string // what that does
	drop     *ui.FormProps
	flow     string
	search   string
}

// previewView is what bringing a file in would do.
type previewView struct {
	counts string
	span   string
	header []string
	sample [][]string
	wrong  string // why nobody can tell yet
}

// problemsView are the rows that are not understood.
type problemsView struct {
	title string
	lines []problemLine
	more  string
	href  string // of all that are kept
}

type problemLine struct{ row, column, text string }

func itoa(n int) string { return strconv.Itoa(n) }

func (s *pages) file(w http.ResponseWriter, r *http.Request) error {
	id, err := runOf(r)
	if err != nil {
		return err
	}
	return s.draw(w, r, id, nil, nil)
}

// draw draws the page of a file; back is a form that comes back.
func (s *pages) draw(w http.ResponseWriter, r *http.Request, id past.RunID, back *typed, failed *frame.Failure) error {
	ctx := r.Context()
	run, err := s.Past.Find(ctx, id)
	if err != nil {
		return err
	}
	v := fileView{tabs: s.tabs(ctx), run: run, state: stateText(ctx, run), search: s.SearchHref}
	if s.FlowHref != "" {
		v.flow = s.FlowHref + "?source=" + strconv.FormatInt(int64(run.Source), 10)
	}
	v.facts = s.facts(ctx, run)
	v.follow = ui.FollowProps{ID: "progress", URL: href(id)}
	form := func(name string) *ui.FormProps {
		f := frame.Form(ui.FormProps{ID: name, Action: href(id) + "/" + name, Class: "bare"})
		return &f
	}
	v.counts = counts(ctx, run.Added, run.Changed, run.Same, run.Refused)
	switch run.State {
	case past.Draft, past.Failed:
		v.drop = form("drop")
		if !run.Kept {
			break // read at the command line: there is no file to look into
		}
		if err := s.drawDraft(ctx, &v, web.Query(r).Bool("read"), back, failed); err != nil {
			return err
		}
	case past.Running:
		v.follow.Seconds, v.stop = 2, *form("stop")
	case past.Undoing:
		v.follow.Seconds = 2
	case past.Stopped:
		if run.Kept {
			v.begin = form("begin")
			v.begin.Version, v.beginAs = run.Version, t(ctx, "pastui.go_on")
		} else {
			v.why = t(ctx, "past.not_kept")
		}
		v.undo = form("undo")
	case past.Done:
		if run.Added+run.Changed > 0 {
			v.undo = form("undo")
		}
	}
	if v.undo != nil {
		v.undoes = undoes(ctx, run)
	}
	switch {
	case run.State == past.Draft || v.problems != nil || len(run.Problems) == 0:
	case run.State == past.Stopped && run.Problems[0].Row == 0: // nothing about a row: why it was given up
		v.why = run.Problems[0].Sentence(ctx)
	default:
		v.problems = problemsOf(ctx, run, run.Problems, int(run.Refused))
	}
	view := frame.View{Title: run.File, Failed: failed, Wide: true, Parts: map[string]templ.Component{"progress": progressPart(v)}}
	if failed == nil {
		view.Done = doneText(ctx, web.Query(r).String("done"), run)
	}
	if web.Fragment(r) && v.follow.Seconds == 0 {
		w.Header().Set("HX-Refresh", "true") // what can be done now is another thing
	}
	return s.Frame.Desk(w, r, view, filePage(v))
}

// doneText is what was just done, if it still is so.
func doneText(ctx context.Context, done string, run past.Run) string {
	switch {
	case done == "saved" && run.State == past.Draft:
		return t(ctx, "pastui.done.saved")
	case done == "begun" && run.State == past.Running:
		return t(ctx, "pastui.done.begun")
	case done == "stopped" && run.State == past.Stopped:
		return t(ctx, "pastui.done.stopped")
	case done == "undoing" && run.State == past.Undoing:
		return t(ctx, "pastui.done.undoing")
	}
	return ""
}

// drawDraft adds the form, what the file would do, and the button that does it.
func (s *pages) drawDraft(ctx context.Context, v *fileView, read bool, back *typed, failed *frame.Failure) error {
	run := v.run
	head, err := s.Past.Head(ctx, run.ID)
	if err != nil {
		return err
	}
	v.preview = &previewView{header: head.Header, sample: head.Sample}
	marks := failed
	begin := func(words string) {
		f := frame.Form(ui.FormProps{ID: "begin", Action: href(run.ID) + "/begin", Class: "bare", Version: run.Version})
		v.begin, v.beginAs = &f, words
	}
	switch {
	case failed != nil && back != nil:
		v.preview.wrong = t(ctx, "pastui.preview.unsaved")
	case run.Size > readAtOnce && !read:
		if err := run.Map.Check(head.Header); err != nil {
			if marks, err = s.unfit(ctx, v, err, failed); err != nil {
				return err
			}
			break
		}
		v.ask = href(run.ID) + "?read=1#preview"
		if run.State == past.Failed {
			v.why = t(ctx, "pastui.begin.failed")
		} else {
			begin(t(ctx, "pastui.begin.unread"))
		}
	default:
		p, err := s.Past.Preview(ctx, run.ID)
		if err != nil {
			if marks, err = s.unfit(ctx, v, err, failed); err != nil {
				return err
			}
			break
		}
		v.preview.counts = counts(ctx, int64(p.Added), int64(p.Changed), int64(p.Same), int64(p.Refused))
		v.preview.span = s.span(ctx, run.Map.Zone, p.First, p.Last)
		if len(p.Problems) > 0 {
			v.problems = problemsOf(ctx, run, p.Problems, p.Refused)
		}
		switch {
		case run.State == past.Failed:
			v.why = t(ctx, "pastui.begin.failed")
		case p.Refused > 0 && !run.Good:
			v.why = t(ctx, "pastui.begin.refused")
		case p.Added+p.Changed == 0 && p.Same > 0:
			v.why = t(ctx, "pastui.begin.same")
		case p.Cases == 0:
			v.why = t(ctx, "pastui.begin.empty")
		default:
			begin(t(ctx, "pastui.begin", "Count", p.Added+p.Changed))
		}
	}
	m := s.matching(ctx, run, head, back, marks)
	v.match = &m
	return nil
}

// unfit marks why a map doesn't fit its file, on a page that is no answer to a
// form.
func (s *pages) unfit(ctx context.Context, v *fileView, err error, failed *frame.Failure) (*frame.Failure, error) {
	marks, err := asTyped(ctx, err)
	if err != nil {
		return nil, err
	}
	v.preview.wrong = t(ctx, "pastui.preview.unfit", "Text", marks.Text)
	if failed != nil {
		return failed, nil
	}
	return marks, nil
}

// facts are what is known of a file.
func (s *pages) facts(ctx context.Context, run past.Run) []ui.Fact {
	now, zone := s.Frame.Now(), s.Frame.Zone(ctx)
	out := []ui.Fact{
		{Name: t(ctx, "pastui.name"), Value: run.Name},
		{Name: t(ctx, "pastui.size"), Value: i18n.Size(ctx, run.Size)},
		{Name: t(ctx, "pastui.by"), Value: byText(ctx, run)},
		{Name: t(ctx, "pastui.begun"), Value: i18n.When(ctx, run.Begun, now, zone)},
	}
	if !run.Ended.IsZero() {
		out = append(out, ui.Fact{Name: t(ctx, "pastui.ended"), Value: i18n.When(ctx, run.Ended, now, zone)})
	}
	return out
}

// span is from when to when a past goes, in its own time.
func (s *pages) span(ctx context.Context, name string, first, last time.Time) string {
	if first.IsZero() {
		return ""
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		zone = time.UTC
	}
	return t(ctx, "pastui.preview.span", "First", i18n.Date(ctx, first, zone), "Last", i18n.Date(ctx, last, zone))
}

// undoes says what taking a run back would do.
func undoes(ctx context.Context, run past.Run) (out []string) {
	if run.Added > 0 {
		out = append(out, t(ctx, "pastui.undo.added", "Count", run.Added), t(ctx, "pastui.undo.stays"))
	}
	if run.Changed > 0 {
		out = append(out, t(ctx, "pastui.undo.changed", "Count", run.Changed))
	}
	return out
}

func problemsOf(ctx context.Context, run past.Run, list []past.Problem, refused int) *problemsView {
	v := &problemsView{title: t(ctx, "pastui.problems", "Count", max(refused, 1)), href: href(run.ID) + "/problems.csv"}
	for _, p := range list[:min(len(list), shownProblems)] {
		l := problemLine{row: "–", column: p.Column, text: p.Sentence(ctx)}
		if p.Row > 0 {
			l.row = i18n.Number(ctx, int64(p.Row))
		}
		if l.column == "" {
			l.column = "–"
		}
		v.lines = append(v.lines, l)
	}
	if more := max(refused, len(list)) - len(v.lines); more > 0 {
		v.more = t(ctx, "pastui.problems.more", "Count", more)
	}
	return v
}

// problems are all rows that are kept of those that were not understood, as a
// table to work through.
func (s *pages) problems(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := runOf(r)
	if err != nil {
		return err
	}
	run, err := s.Past.Find(ctx, id)
	if err != nil {
		return err
	}
	list := run.Problems
	if run.State == past.Draft {
		p, err := s.Past.Preview(ctx, id)
		if _, err := asTyped(ctx, err); err != nil {
			return err
		}
		list = p.Problems
	}
	var b bytes.Buffer
	table := sheet.NewCSV(&b)
	rows := [][]any{{t(ctx, "pastui.problem.row"), t(ctx, "pastui.problem.column"), t(ctx, "pastui.problem.value"), t(ctx, "pastui.problem.text")}}
	for _, p := range list {
		rows = append(rows, []any{p.Row, p.Column, p.Value, p.Sentence(ctx)})
	}
	for _, row := range rows {
		if err := table.Row(row...); err != nil {
			return err
		}
	}
	if err := table.Close(); err != nil {
		return err
	}
	name := strings.TrimSuffix(run.File, ".csv") + "-" + t(ctx, "pastui.problems.file") + ".csv"
	return web.SendFile(w, r, web.File{Name: name, Type: "text/csv; charset=utf-8", Content: bytes.NewReader(b.Bytes())})
}
