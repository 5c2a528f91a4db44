package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
	"trellis/internal/platform/worktime"
)

// A calendar from outside becomes a list with a box at each line. What is ticked
// goes on to the page that reviews days; nothing is saved before that.

type importView struct {
	top         top
	text        string
	short, late string
	where       placesPick
	failed      *frame.Failure

	found  bool
	sites  []district.SiteID
	groups []importGroup
	unread []string
	more   int // lines that are not shown
	same   int
	idle   int
}

// importGroup are lines with the same verdict.
type importGroup struct {
	key   string
	lines []importLine
}

type importLine struct {
	id, value    string
	dates, name  string
	note         string
	ticked, open bool
}

// shownLines bounds what is listed of each verdict but those that are proposed.
const shownLines = 300

var importLabels = map[string]string{"text": "calendar.import.text", "short": "calendar.import.short", "late": "calendar.import.late", "place": "calendar.where"}

func (c *calendarPages) drawImport(w http.ResponseWriter, r *http.Request, v importView) error {
	ctx := r.Context()
	v.failed.Labels(ctx, importLabels)
	v.where.failed = v.failed
	v.top = c.head(ctx, t(ctx, "calendar.import"))
	return c.f.Desk(w, r, c.view(r, v.top.title, v.failed), importPage(v))
}

func (c *calendarPages) importForm(w http.ResponseWriter, r *http.Request) (err error) {
	var v importView
	if v.where, err = c.pick(r.Context(), true, nil); err != nil {
		return err
	}
	return c.drawImport(w, r, v)
}

func (c *calendarPages) lookAtImport(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var file bytes.Buffer
	form, err := web.Upload(r, "file", calendar.MaxImport, func(_, _ string, f io.Reader) error {
		_, err := io.Copy(&file, f)
		return err
	})
	var v importView
	all := true
	if err == nil {
		var in errs.Check
		v.text, v.short, v.late = form.Text("text"), form.String("short"), form.String("late")
		all, v.sites = readPlaces(form)
		imp := calendar.Import{Data: file.Bytes(), Sites: v.sites, Short: calendar.ReadSpans(&in, "short", v.short), Late: calendar.ReadSpans(&in, "late", v.late)}
		if len(imp.Data) == 0 {
			imp.Data = []byte(v.text)
		}
		if err = form.Err(); err == nil {
			if err = in.Err(); err == nil {
				var f calendar.Found
				if f, err = c.c.Propose(ctx, imp); err == nil {
					err = v.show(ctx, f)
				}
			}
		}
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); err != nil && !again {
		return err
	}
	if v.where, err = c.pick(ctx, all, v.sites); err != nil {
		return err
	}
	return c.drawImport(w, r, v)
}

// show sorts what was found by what would become of it.
func (v *importView) show(ctx context.Context, f calendar.Found) error {
	v.found = true
	groups := []importGroup{{key: "proposed"}, {key: "other"}, {key: "hours"}}
	for i, p := range f.Lines {
		g := &groups[0]
		switch {
		case p.Verdict == calendar.Same:
			v.same++
			continue
		case p.Verdict == calendar.NoMatter:
			v.idle++
			continue
		case p.Verdict == calendar.NeedHours:
			g = &groups[2]
		case !p.Ticked:
			g = &groups[1]
		}
		if g != &groups[0] && len(g.lines) == shownLines {
			v.more++
			continue
		}
		raw, err := json.Marshal(entryOf(p.Entry))
		if err != nil {
			return err
		}
		l := importLine{id: "line-" + strconv.Itoa(i), value: string(raw), ticked: p.Ticked, open: p.Offered(), name: p.Entry.Day.Name,
			dates: datesText(ctx, worktime.DateRange{First: p.Entry.First, Last: p.Entry.Last})}
		switch {
		case p.Was != nil:
			l.note = dayText(ctx, p.Entry.Day) + " · " + t(ctx, "calendar.import.was", "Name", p.Was.Name, "Kind", dayText(ctx, *p.Was))
		case p.Timed:
			l.note = t(ctx, "calendar.import.timed")
		case p.Ticked || p.Verdict == calendar.NeedHours:
			l.note = dayText(ctx, p.Entry.Day)
		}
		g.lines = append(g.lines, l)
	}
	for _, g := range groups {
		if len(g.lines) > 0 {
			v.groups = append(v.groups, g)
		}
	}
	for i, u := range f.Unread {
		if i == shownLines {
			v.more += len(f.Unread) - i
			break
		}
		v.unread = append(v.unread, t(ctx, "calendar.import.unread", "Line", u.Line, "Text", u.Text, "Problem", i18n.T(ctx, u.Key)))
	}
	return nil
}

func (v importView) offers() bool {
	for _, g := range v.groups {
		if g.key != "hours" {
			return true
		}
	}
	return false
}

func (c *calendarPages) chooseImport(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	var enter calendar.Enter
	for _, id := range form.IDs("site") {
		enter.Sites = append(enter.Sites, district.SiteID(id))
	}
	for _, s := range form.Strings("line") {
		var e sentEntry
		if err := json.Unmarshal([]byte(s), &e); err != nil {
			return damaged(err)
		}
		x, err := e.entry()
		if err != nil {
			return damaged(err)
		}
		enter.Entries = append(enter.Entries, x)
	}
	if err = form.Err(); err == nil {
		if len(enter.Entries) == 0 {
			form.Fail("text", "calendar.import.none")
			err = form.Err()
		} else {
			err = c.review(w, r, enter, false)
		}
	}
	failed, again := frame.Fail(ctx, err)
	if !again {
		return err
	}
	v := importView{failed: failed, sites: enter.Sites}
	if v.where, err = c.pick(ctx, len(enter.Sites) == 0, enter.Sites); err != nil {
		return err
	}
	return c.drawImport(w, r, v)
}

// kindOptions are the kinds of single days.
func kindOptions(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(calendar.Kinds))
	for i, k := range calendar.Kinds {
		out[i] = ui.Option{Value: string(k), Text: t(ctx, "calendar.kind."+string(k))}
	}
	return out
}
