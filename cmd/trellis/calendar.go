package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"trellis/internal/platform/worktime"
)

// calendarCmd asks the working time engine directly: the same arithmetic that
// every promise is counted with.
type calendarCmd struct {
	Explain calendarExplainCmd `cmd:"" help:"When is it due? Adds working time and shows the sum by day."`
	Elapsed calendarElapsedCmd `cmd:"" help:"How much working time lies between two instants? Shows the sum by day."`
	Batch   calendarBatchCmd   `cmd:"" help:"Answer many such questions: CSV in, CSV out."`
}

// calendarFlags say which hours hold.
type calendarFlags struct {
	Zone   string   `required:"" help:"Time zone of the hours, such as America/Chicago." placeholder:"ZONE"`
	Hours  string   `required:"" help:"Weekly hours, such as \"Mon-Thu 08:00-11:30,12:15-16:00;Fri 08:00-12:00\"." placeholder:"HOURS"`
	Closed []string `help:"Dates without hours, such as 2026-11-26,2026-11-27." placeholder:"DATE"`
	Pause  []string `sep:"none" help:"A break in the counting, from A to B; can be given several times." placeholder:"A/B"`
	JSON   bool     `help:"Answer as JSON."`
}

type calendarExplainCmd struct {
	calendarFlags
	From string `required:"" help:"Start: 2026-03-02T14:05:00Z, with any offset, or without one in the zone." placeholder:"TIME"`
	For  string `required:"" help:"Working time to add, such as 8h or 1h30m; with a minus (--for=-1h) it counts backwards." placeholder:"SPAN"`
}

func (c *calendarExplainCmd) Run(e *env) error {
	cal, pauses, err := c.open()
	if err != nil {
		return err
	}
	from, err := readInstant(cal, c.From)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	span, err := time.ParseDuration(c.For)
	if err != nil {
		return fmt.Errorf("--for: %q is not a span of time; write it as 8h, 1h30m or 45s", c.For)
	}
	due, err := cal.Add(from, span, pauses)
	if err != nil {
		return err
	}
	s := sumByDay{Due: &due, Zone: c.Zone, From: from, To: due, Seconds: span.Seconds(), cal: cal}
	s.Days = explained(cal.Explain(from, due, pauses), c.Pause)
	if c.JSON {
		return s.json(e)
	}
	word := "after"
	if span < 0 {
		word = "before"
	}
	fmt.Fprintf(e.stdout, "Due %s\n%s of working time %s %s\n\n", s.at(due), inWords(span.Abs()), word, s.at(from))
	return s.print(e)
}

type calendarElapsedCmd struct {
	calendarFlags
	From string `required:"" help:"Start: 2026-03-02T14:05:00Z, with any offset, or without one in the zone." placeholder:"TIME"`
	To   string `required:"" help:"End, written likewise." placeholder:"TIME"`
}

func (c *calendarElapsedCmd) Run(e *env) error {
	cal, pauses, err := c.open()
	if err != nil {
		return err
	}
	from, err := readInstant(cal, c.From)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	to, err := readInstant(cal, c.To)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	span := cal.Elapsed(from, to, pauses)
	s := sumByDay{Zone: c.Zone, From: from, To: to, Seconds: span.Seconds(), cal: cal}
	s.Days = explained(cal.Explain(from, to, pauses), c.Pause)
	if c.JSON {
		return s.json(e)
	}
	fmt.Fprintf(e.stdout, "%s of working time\nfrom %s\nto   %s\n\n", inWords(span), s.at(from), s.at(to))
	return s.print(e)
}

// open compiles the flags.
func (f *calendarFlags) open() (*worktime.Calendar, []worktime.Interval, error) {
	cal, err := newCalendar(f.Zone, f.Hours, f.Closed)
	if err != nil {
		return nil, nil, err
	}
	pauses := make([]worktime.Interval, len(f.Pause))
	for i, p := range f.Pause {
		if pauses[i], err = readPause(p, func(s string) (time.Time, error) { return readInstant(cal, s) }); err != nil {
			return nil, nil, fmt.Errorf("--pause: %w", err)
		}
	}
	return cal, pauses, nil
}

func newCalendar(zone, hours string, closed []string) (*worktime.Calendar, error) {
	week, err := worktime.ParseHours(hours)
	if err != nil {
		return nil, fmt.Errorf("hours: %w", err)
	}
	plan := worktime.Plan{Zone: zone, Week: week, Days: make(map[worktime.Date][]worktime.Span, len(closed))}
	for _, s := range closed {
		d, err := worktime.ParseDate(strings.TrimSpace(s))
		if err != nil {
			return nil, fmt.Errorf("closed: %w", err)
		}
		plan.Days[d] = nil
	}
	return worktime.New(plan)
}

// readPause reads A/B with the given reader of instants.
func readPause(s string, instant func(string) (time.Time, error)) (worktime.Interval, error) {
	a, b, ok := strings.Cut(s, "/")
	if !ok || strings.TrimSpace(a) == "" || strings.TrimSpace(b) == "" {
		return worktime.Interval{}, fmt.Errorf("%q is not a pause; write its start and its end as A/B", s)
	}
	from, err := instant(strings.TrimSpace(a))
	if err != nil {
		return worktime.Interval{}, err
	}
	to, err := instant(strings.TrimSpace(b))
	if err != nil {
		return worktime.Interval{}, err
	}
	if to.Before(from) {
		return worktime.Interval{}, fmt.Errorf("the pause %s ends before it starts", s)
	}
	return worktime.Interval{From: from, To: to}, nil
}

// readInstant reads RFC 3339 with any offset, or a local time of the
// calendar's zone.
func readInstant(cal *worktime.Calendar, s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if err == nil {
			break
		}
		// Read in UTC, where every wall time exists, then ask the calendar.
		if t, err = time.Parse(layout, s); err == nil {
			midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
			if err = inRange(t); err == nil {
				t = cal.Wall(worktime.DateOf(t), t.Sub(midnight))
			}
		}
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a time; write it as 2026-03-02T14:05:00Z, or without Z for a local time", s)
	}
	return t.UTC(), inRange(t)
}

// inRange refuses instants of which the engine knows no hours.
func inRange(t time.Time) error {
	if !worktime.DateOf(t.UTC()).Valid() {
		return fmt.Errorf("%s is outside the years %d to %d, for which hours are known", t.UTC().Format(time.RFC3339), worktime.First.Year, worktime.Last.Year)
	}
	return nil
}

// sumByDay is the answer of explain and elapsed.
type sumByDay struct {
	Due     *time.Time `json:"due,omitempty"` // explain: the answer, which is To
	Zone    string     `json:"zone"`
	From    time.Time  `json:"from"`
	To      time.Time  `json:"to"`
	Seconds float64    `json:"seconds"` // of working time from From to To
	Days    []sumDay   `json:"days"`
	cal     *worktime.Calendar
}

type sumDay struct {
	Date    worktime.Date   `json:"date"`
	Last    worktime.Date   `json:"last"`
	Source  worktime.Source `json:"source"`
	Open    [][2]time.Time  `json:"open"`
	Parts   []sumPart       `json:"parts"`
	Seconds float64         `json:"seconds"`
	counted time.Duration
}

type sumPart struct {
	From  time.Time     `json:"from"`
	To    time.Time     `json:"to"`
	Fate  worktime.Fate `json:"fate"`
	Pause string        `json:"pause,omitempty"`
}

func explained(days []worktime.Day, pauses []string) []sumDay {
	out := make([]sumDay, len(days))
	for i, d := range days {
		s := sumDay{Date: d.Date, Last: d.Last, Source: d.Source, Open: [][2]time.Time{}, Parts: []sumPart{}, Seconds: d.Counted.Seconds(), counted: d.Counted}
		for _, o := range d.Open {
			s.Open = append(s.Open, [2]time.Time{o.From, o.To})
		}
		for _, p := range d.Parts {
			part := sumPart{From: p.From, To: p.To, Fate: p.Fate}
			if p.Pause >= 0 {
				part.Pause = pauses[p.Pause]
			}
			s.Parts = append(s.Parts, part)
		}
		out[i] = s
	}
	return out
}

func (s sumByDay) json(e *env) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(s)
}

// at shows an instant on the wall and in UTC.
func (s sumByDay) at(t time.Time) string {
	layout := "Mon 2006-01-02 15:04:05 MST"
	return t.In(s.cal.Zone()).Format(layout) + " (" + t.Format(time.RFC3339Nano) + ")"
}

func (s sumByDay) print(e *env) error {
	rows := make([][3]string, 0, len(s.Days)+1)
	var sum time.Duration
	for _, d := range s.Days {
		date := d.Date.Weekday().String()[:3] + " " + d.Date.String()
		if d.Last != d.Date {
			date += " to " + d.Last.Weekday().String()[:3] + " " + d.Last.String()
		}
		if len(d.Open) == 0 {
			rows = append(rows, [3]string{date, "", closedBecause[d.Source]})
			continue
		}
		sum += d.counted
		var parts []string
		for _, p := range d.Parts {
			parts = append(parts, s.clock(p.From)+"-"+s.clock(p.To)+" "+fates[p.Fate])
		}
		rows = append(rows, [3]string{date, inWords(d.counted), strings.Join(parts, ", ")})
	}
	rows = append(rows, [3]string{"Sum", inWords(sum), ""})
	var wide [2]int
	for _, r := range rows {
		wide[0], wide[1] = max(wide[0], len(r[0])), max(wide[1], len(r[1]))
	}
	for _, r := range rows {
		line := fmt.Sprintf("%-*s  %*s  %s", wide[0], r[0], wide[1], r[1], r[2])
		if _, err := fmt.Fprintln(e.stdout, strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	return nil
}

var closedBecause = map[worktime.Source]string{
	worktime.Weekly: "closed", worktime.Exception: "closed on this date", worktime.OutsideTerm: "outside the terms", worktime.Seasonal: "closed in this season",
}

var fates = map[worktime.Fate]string{
	worktime.Counted: "counted", worktime.Early: "earlier", worktime.Late: "later", worktime.Paused: "paused",
}

// clock is the time of day in the zone, with seconds if there are any.
func (s sumByDay) clock(t time.Time) string {
	return strings.TrimSuffix(t.In(s.cal.Zone()).Format("15:04:05.999999999"), ":00")
}

// inWords is a span as people write it: 1h 25m, 45s, -2h.
func inWords(d time.Duration) string {
	if d < 0 {
		return "-" + inWords(-d)
	}
	var parts []string
	if h := d / time.Hour; h > 0 {
		parts = append(parts, fmt.Sprintf("%dh", h))
	}
	if m := d % time.Hour / time.Minute; m > 0 {
		parts = append(parts, fmt.Sprintf("%02dm", m))
	}
	if s := d % time.Minute; s > 0 {
		parts = append(parts, s.String())
	}
	if len(parts) == 0 {
		return "0m"
	}
	return strings.TrimPrefix(strings.Join(parts, " "), "0")
}
