package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district/frame"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// alarmsView is who is told when for one kind of trouble.
type alarmsView struct {
	impact  desk.Impact
	count   string
	initial bool // nobody chose them yet
	list    []string
	remove  ui.FormProps
	add     ui.FormProps
	open    bool // the form comes back
	fields  []ui.FieldProps
	error   string
}

// alarmWords are one alarm as a sentence: "First answer: when 75% of the time
// is used, the owner".
func alarmWords(ctx context.Context, a desk.Alarm) string {
	args := []any{"What", i18n.T(ctx, "desk.metric."+string(a.Metric)), "Who", i18n.T(ctx, "promises.tell."+string(a.Tell))}
	amount := time.Duration(a.Amount) * time.Second
	switch {
	case a.Point == desk.AtShare:
		return i18n.T(ctx, "promises.alarm.share", append(args, "Share", a.Amount)...)
	case a.Amount == 0:
		return i18n.T(ctx, "promises.alarm.due", args...)
	case a.Point == desk.Before:
		return i18n.T(ctx, "promises.alarm.before", append(args, "Span", spanText(amount))...)
	}
	return i18n.T(ctx, "promises.alarm.after", append(args, "Span", spanText(amount))...)
}

// alarmText is an alarm as a form carries it.
func alarmText(a desk.Alarm) string {
	return string(a.Metric) + " " + string(a.Point) + " " + strconv.FormatInt(a.Amount, 10) + " " + string(a.Tell)
}

func alarmsText(list []desk.Alarm) string {
	var out []string
	for _, a := range list {
		out = append(out, alarmText(a))
	}
	return strings.Join(out, ",")
}

// readAlarms reads what alarmsText wrote; anything else is not there.
func readAlarms(text string) (out []desk.Alarm) {
	for one := range strings.SplitSeq(text, ",") {
		p := strings.Fields(one)
		if len(p) != 4 {
			continue
		}
		n, err := strconv.ParseInt(p[2], 10, 64)
		if err == nil {
			out = append(out, desk.Alarm{Metric: desk.Metric(p[0]), Point: desk.Point(p[1]), Amount: n, Tell: desk.Tell(p[3])})
		}
	}
	return out
}

func (s *pages) alarmViews(ctx context.Context, typed *web.Form, failed *frame.Failure) ([]alarmsView, error) {
	all, err := s.desk.Alarms(ctx)
	if err != nil {
		return nil, err
	}
	var out []alarmsView
	for _, a := range all {
		hidden := []ui.Pair{{Name: "impact", Value: string(a.Impact)}, {Name: "was", Value: alarmsText(a.Alarms)}}
		v := alarmsView{
			impact: a.Impact, count: i18n.T(ctx, "promises.alarms.count", "Count", len(a.Alarms)), initial: !a.Set,
			remove: frame.Form(ui.FormProps{ID: "alarms-" + string(a.Impact), Action: PromisesPath + "/alarms", Hidden: hidden, Class: "bare"}),
			add:    frame.Form(ui.FormProps{ID: "alarm-add-" + string(a.Impact), Action: PromisesPath + "/alarms", Hidden: append(slices.Clone(hidden), ui.Pair{Name: "add", Value: "1"})}),
		}
		for _, x := range a.Alarms {
			v.list = append(v.list, alarmWords(ctx, x))
		}
		if typed != nil && typed.Has("was") && typed.String("impact") == string(a.Impact) {
			v.open = true
			v.error = or(failed.Field("alarms"), failed.Field("impact"))
		}
		v.fields = alarmFields(ctx, a.Impact, v.open, typed, failed)
		out = append(out, v)
	}
	return out, nil
}

// alarmField names a field where what is wrong with it leads to.
func alarmField(i desk.Impact, name string) string { return "alarm_" + string(i) + "_" + name }

// alarmFields are the fields of the form that adds an alarm. Ids carry the kind
// of trouble: there is such a form for each.
func alarmFields(ctx context.Context, i desk.Impact, back bool, typed *web.Form, failed *frame.Failure) []ui.FieldProps {
	field := func(name string, input ui.Input, options []ui.Option) ui.FieldProps {
		f := ui.FieldProps{Input: input, Name: name, ID: ui.FieldID(alarmField(i, name)), Label: i18n.T(ctx, "promises.alarm."+name), Options: options}
		if back {
			f.Value, f.Error = typed.String(name), failed.Field(alarmField(i, name))
		}
		return f
	}
	var metrics, points, tells []ui.Option
	for _, m := range desk.Metrics {
		metrics = append(metrics, ui.Option{Value: string(m), Text: i18n.T(ctx, "desk.metric."+string(m))})
	}
	for _, p := range desk.Points {
		points = append(points, ui.Option{Value: string(p), Text: i18n.T(ctx, "promises.point."+string(p))})
	}
	for _, x := range desk.Tells {
		tells = append(tells, ui.Option{Value: string(x), Text: i18n.T(ctx, "promises.tell."+string(x))})
	}
	amount := field("amount", ui.Text, nil)
	amount.Hint, amount.Autocomplete = i18n.T(ctx, "promises.alarm.amount.hint"), "off"
	return []ui.FieldProps{field("metric", ui.Select, metrics), field("point", ui.Select, points), amount, field("tell", ui.Select, tells)}
}

// changeAlarms takes one alarm away or adds one.
func (s *pages) changeAlarms(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	c := desk.SetAlarms{Impact: desk.Impact(form.String("impact")), Was: readAlarms(form.String("was"))}
	c.Alarms = slices.Clone(c.Was)
	if form.Bool("add") {
		c.Alarms = append(c.Alarms, alarmOf(form))
	} else {
		gone := form.String("remove")
		c.Alarms = slices.DeleteFunc(c.Alarms, func(a desk.Alarm) bool { return alarmWords(ctx, a) == gone })
	}
	if err = form.Err(); err == nil {
		err = s.desk.SetAlarms(ctx, c)
	}
	if failed, again := frame.Fail(ctx, err); again {
		at := "alarms." + strconv.Itoa(len(c.Alarms)-1) + "."
		for _, name := range []string{"metric", "point", "amount", "tell"} {
			failed.Rename(at+name, alarmField(c.Impact, name))
			failed.Rename(name, alarmField(c.Impact, name))
		}
		return s.drawPromises(w, r, scope{}, form, failed)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, PromisesPath+"?"+url.Values{"done": {"saved"}}.Encode()+"#alarms")
}

// alarmOf reads the form that adds one. The amount is percent, or a time.
func alarmOf(f *web.Form) desk.Alarm {
	a := desk.Alarm{Metric: desk.Metric(f.String("metric")), Point: desk.Point(f.String("point")), Tell: desk.Tell(f.String("tell"))}
	text := f.String("amount")
	if a.Point == desk.AtShare {
		n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(text, "%")), 10, 64)
		if err != nil {
			f.Fail("amount", "promises.alarm.share.bad")
		}
		a.Amount = n
		return a
	}
	d, ok := parseSpan(text)
	if !ok {
		f.Fail("amount", "promises.span.bad")
	}
	a.Amount = int64(d / time.Second)
	return a
}
