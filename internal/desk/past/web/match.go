package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"trellis/internal/desk/flow"
	"trellis/internal/desk/past"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// typed is the matching of columns as somebody filled it in.
type typed struct {
	name   string
	m      past.Map
	good   bool
	closed string // as typed
}

// groups are the fields that name a column, as the form shows them.
var groups = []struct {
	key    string
	fields []string
}{
	{"request", []string{"case", "title", "body", "requester", "place", "service", "impact", "priority"}},
	{"times", []string{"at", "opened", "first", "first_minutes", "solved", "closed_at"}},
	{"desk", []string{"status", "sub", "team", "person", "owner"}},
	{"kept", []string{"kept", "reassigned", "reopened"}},
}

// meanings are what a status can mean here, as the form sends it.
var meanings = []string{"", "open", "waiting.requester", "waiting.vendor", "waiting.part", "waiting.date", "waiting.other", "solved", "closed"}

func meaningField(m past.Meaning) string {
	if m.State == flow.Waiting {
		return string(m.State) + "." + string(m.Wait)
	}
	return string(m.State)
}

func meaningOf(s string) (past.Meaning, bool) {
	state, wait, _ := strings.Cut(s, ".")
	return past.Meaning{State: flow.State(state), Wait: flow.Wait(wait)}, slices.Contains(meanings, s)
}

// listed cuts a list of dates or values, one a line or with commas between.
func listed(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
}

// match saves what means what.
func (s *pages) match(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := runOf(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	run, err := s.Past.Find(ctx, id)
	if err != nil {
		return err
	}
	if run.State != past.Draft && run.State != past.Failed {
		failed, _ := frame.Fail(ctx, errs.E(errs.Conflict, "past.not_draft"))
		return s.draw(w, r, id, nil, failed)
	}
	v := typed{name: run.Name, m: run.Map, good: run.Good}
	if form.String("do") == "preset" {
		err = s.choose(ctx, run, form, &v)
	} else {
		err = s.readMatch(ctx, run, form, &v)
	}
	if err == nil {
		_, err = s.Past.Set(ctx, id, past.Change{Version: form.Int(web.VersionField), Name: v.name, Map: v.m, Good: v.good})
	}
	if failed, again := frame.Fail(ctx, err); again {
		return s.draw(w, r, id, &v, failed)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, href(id)+"?done=saved#preview")
}

// choose takes the map of a preset, or what the file seems to mean by itself.
func (s *pages) choose(ctx context.Context, run past.Run, form *web.Form, v *typed) (err error) {
	m, name := past.Map{}, form.String("preset")
	if name == "" {
		if m, err = s.Past.Guess(ctx, run.ID); err != nil {
			return err
		}
	} else {
		var ok bool
		if m, ok = past.Preset(name); !ok {
			form.Fail("preset", "field.unknown_choice")
			return form.Err()
		}
		if m, err = s.Past.Learn(ctx, run.ID, m); err != nil {
			return presetMisfit(ctx, name, err)
		}
	}
	if run.Name == past.SourceName(run.File, run.Map) {
		v.name = past.SourceName(run.File, m)
	}
	v.m = m
	return nil
}

// presetMisfit says at the choice that a preset is of another export.
func presetMisfit(ctx context.Context, name string, err error) error {
	if !mine(err) {
		return err
	}
	var in errs.Check
	in.Fail("preset", "pastui.preset.misfit", "Name", presetText(ctx, name))
	return in.Err()
}

// readMatch reads the form. What it doesn't ask for stays as it was.
func (s *pages) readMatch(ctx context.Context, run past.Run, form *web.Form, v *typed) error {
	head, err := s.Past.Head(ctx, run.ID)
	if err != nil {
		return err
	}
	was := run.Map.Bound(head.Header)
	v.name, v.good, v.closed = form.String("name"), form.Bool("good"), form.Text("closed")
	v.m = was
	for _, f := range past.Columns() {
		v.m.Set(f, form.String(f))
	}
	v.m.Dates, v.m.When = form.String("dates"), form.String("when")
	v.m.Zone, v.m.Hours, v.m.Closed, v.m.Missing = form.String("zone"), form.String("hours"), listed(v.closed), listed(form.Text("missing"))
	values, means := form.Strings("value"), form.Strings("mean")
	if len(values) != len(means) {
		return errs.E(errs.Invalid, "web.error.incomplete")
	}
	v.m.Means = map[string]past.Meaning{}
	for i, value := range values {
		m, ok := meaningOf(means[i])
		if !ok {
			form.Fail("means", "field.unknown_choice")
		}
		v.m.Means[value] = m
	}
	if err := form.Err(); err != nil {
		return err
	}
	if v.m.Status == was.Status && v.m.Sub == was.Sub {
		return nil
	}
	// Other columns have other words. A preset that knows all words of its own
	// would learn none of them.
	m := v.m
	m.Means, m.Preset = nil, ""
	if m, err = s.Past.Learn(ctx, run.ID, m); err != nil {
		return err
	}
	v.m = m
	return nil
}

// matchView is the form by which columns are matched.
type matchView struct {
	preset   ui.FormProps
	presets  []ui.Option
	misfit   string
	form     ui.FormProps
	name     ui.FieldProps
	groups   []groupView
	statuses []ui.FieldProps // one a value; its Placeholder is not used
	values   []string
	means    string // what is wrong with them
	dates    ui.FieldProps
	when     ui.FieldProps
	missing  ui.FieldProps
	zone     ui.FieldProps
	hours    ui.FieldProps
	closed   ui.FieldProps
	good     bool
}

type groupView struct {
	title  string
	fields []ui.FieldProps
}

// matching makes the form of a run, or the one that comes back.
func (s *pages) matching(ctx context.Context, run past.Run, head past.Head, back *typed, failed *frame.Failure) matchView {
	saved := run.Map.Bound(head.Header)
	x := typed{name: run.Name, m: saved, good: run.Good}
	if back != nil {
		x = *back
	}
	if x.closed == "" {
		x.closed = strings.Join(x.m.Closed, "\n")
	}
	if failed.Stale() {
		for _, f := range past.Columns() {
			if a, b := saved.Column(f), x.m.Column(f); a != b {
				failed.Note(ctx, f, a)
			}
		}
		if run.Name != x.name {
			failed.Note(ctx, "name", run.Name)
		}
	}
	labels := map[string]string{"name": "pastui.name", "dates": "pastui.dates", "when": "pastui.when", "zone": "pastui.zone", "hours": "pastui.hours", "closed": "pastui.closed",
		"means": "pastui.means", "preset": "pastui.preset"}
	for _, f := range past.Columns() {
		labels[f] = "pastui.field." + f
	}
	failed.Labels(ctx, labels)

	optional := t(ctx, "pastui.optional")
	action := href(run.ID) + "/map"
	v := matchView{
		preset: frame.Form(ui.FormProps{ID: "preset", Action: action, Version: run.Version, Hidden: []ui.Pair{{Name: "do", Value: "preset"}}}),
		form:   frame.Form(ui.FormProps{ID: "match", Action: action, Version: run.Version}),
		misfit: failed.Field("preset"), means: failed.Field("means"), good: x.good,
		name:    ui.FieldProps{Name: "name", Label: t(ctx, "pastui.name"), Hint: t(ctx, "pastui.name.hint"), Value: x.name, Error: failed.Field("name"), Autocomplete: "off", MaxLength: 80, Required: true},
		dates:   ui.FieldProps{Input: ui.Select, Name: "dates", Label: t(ctx, "pastui.dates"), Hint: t(ctx, "pastui.dates.hint"), Value: x.m.Dates, Error: failed.Field("dates"), Options: []ui.Option{{Text: t(ctx, "pastui.dates.guess")}}},
		when:    ui.FieldProps{Input: ui.Date, Name: "when", Label: t(ctx, "pastui.when"), Hint: t(ctx, "pastui.when.hint"), Optional: optional, Value: x.m.When, Error: failed.Field("when")},
		missing: ui.FieldProps{Input: ui.Area, Rows: 2, Name: "missing", Label: t(ctx, "pastui.missing"), Hint: t(ctx, "pastui.missing.hint"), Optional: optional, Value: strings.Join(x.m.Missing, "\n"), Error: failed.Field("missing"), Autocomplete: "off"},
		zone:    ui.FieldProps{Name: "zone", Label: t(ctx, "pastui.zone"), Hint: t(ctx, "pastui.zone.hint"), Optional: optional, Value: x.m.Zone, Error: failed.Field("zone"), Autocomplete: "off", MaxLength: 64},
		hours:   ui.FieldProps{Name: "hours", Label: t(ctx, "pastui.hours"), Hint: t(ctx, "pastui.hours.hint"), Optional: optional, Value: x.m.Hours, Error: failed.Field("hours"), Autocomplete: "off", MaxLength: 200},
		closed:  ui.FieldProps{Input: ui.Area, Rows: 3, Name: "closed", Label: t(ctx, "pastui.closed"), Hint: t(ctx, "pastui.closed.hint"), Optional: optional, Value: x.closed, Error: failed.Field("closed"), Autocomplete: "off"},
	}
	v.presets = []ui.Option{{Text: presetText(ctx, ""), Selected: x.m.Preset == ""}}
	for _, name := range past.Presets() {
		v.presets = append(v.presets, ui.Option{Value: name, Text: presetText(ctx, name), Selected: x.m.Preset == name})
	}
	for _, f := range past.Forms() {
		v.dates.Options = append(v.dates.Options, ui.Option{Value: f, Text: t(ctx, "pastui.dates.like", "Form", f, "Example", past.Example(f))})
	}
	for _, g := range groups {
		gv := groupView{title: t(ctx, "pastui.group."+g.key)}
		for _, f := range g.fields {
			column := x.m.Column(f)
			gv.fields = append(gv.fields, ui.FieldProps{Input: ui.Select, Name: f, Label: t(ctx, "pastui.field."+f), Value: column, Error: failed.Field(f),
				Options: columnOptions(ctx, head.Header, column)})
		}
		v.groups = append(v.groups, gv)
	}
	v.statuses, v.values = statuses(ctx, x.m)
	return v
}

// columnOptions are the columns to choose from. One that the file doesn't have
// stays among them, so that a form that comes back is what was sent.
func columnOptions(ctx context.Context, header []string, chosen string) []ui.Option {
	out := []ui.Option{{Text: t(ctx, "pastui.column.none")}}
	if chosen != "" && !slices.Contains(header, chosen) {
		out = append(out, ui.Option{Value: chosen, Text: chosen})
	}
	for _, h := range header {
		out = append(out, ui.Option{Value: h, Text: h})
	}
	return out
}

// statuses are the words of the status columns, each with what it means.
func statuses(ctx context.Context, m past.Map) (out []ui.FieldProps, values []string) {
	if m.Status == "" && m.Sub == "" {
		return nil, nil
	}
	var options []ui.Option
	for _, x := range meanings {
		key := x
		if x == "" {
			key = "nothing"
		}
		options = append(options, ui.Option{Value: x, Text: t(ctx, "pastui.mean."+key)})
	}
	for value := range m.Means {
		values = append(values, value)
	}
	slices.Sort(values)
	for i, value := range values {
		id := ui.FieldID("mean") + "-" + itoa(i)
		if i == 0 {
			id = ui.FieldID("means") // where the summary leads
		}
		out = append(out, ui.FieldProps{Input: ui.Select, Name: "mean", ID: id, Label: value, Value: meaningField(m.Means[value]), Options: options})
	}
	return out, values
}

// asTyped is why a map does not fit its file, for the fields of the form.
func asTyped(ctx context.Context, err error) (*frame.Failure, error) {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid {
		return nil, err
	}
	failed, _ := frame.Fail(ctx, err)
	return failed, nil
}
