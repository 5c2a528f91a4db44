package past

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/platform/worktime"
)

// How long cells may be, in characters, that are shown as labels.
const (
	mostKey   = 100
	mostLabel = 250
)

// line is one row of the file, understood.
type line struct {
	n    int // as a person finds it
	key  string
	text [4]string // title, body, requester, owner
	row  flow.Row
}

// rows turns a file's cells into lines.
type rows struct {
	m       Map
	header  []string
	at      [fields]int
	dates   [fields]*dates
	when    time.Time
	missing map[string]bool
	means   map[string]Meaning // by cell as it stands, so that it is folded once
	lines   map[string]flow.Line
	unknown []string
	strange map[string]bool

	bad  func(Problem) // told of each problem
	n    int
	fine bool
	cell [fields]string
}

// newRows is ready for the file's rows once learn has seen its first.
func newRows(m Map, header []string, bad func(Problem)) (*rows, error) {
	at, err := m.bind(header)
	if err != nil {
		return nil, err
	}
	r := &rows{m: m, header: header, at: at, bad: bad, missing: map[string]bool{}, means: map[string]Meaning{}, lines: map[string]flow.Line{}, strange: map[string]bool{}}
	for _, v := range m.Missing {
		r.missing[strings.TrimSpace(v)] = true
	}
	r.m.Means = foldKeys(m.Means)
	var wall *worktime.Calendar
	if m.Zone != "" {
		if wall, err = zoned(m.Zone); err != nil {
			return nil, err
		}
	}
	f, _ := formOf(m.Dates)
	for _, k := range timeFields {
		r.dates[k] = &dates{form: f, wall: wall}
	}
	if m.When != "" {
		d, err := worktime.ParseDate(m.When)
		if err != nil {
			return nil, err
		}
		r.when, _ = onWall(d, 0, wall)
	}
	return r, nil
}

var timeFields = []int{fAt, fOpened, fFirst, fSolved, fClosedAt}

// learn finds the forms of the columns with times from the file's first rows.
func (r *rows) learn(sample [][]string) {
	var all []*dates
	for _, f := range timeFields {
		d := r.dates[f]
		if r.at[f] < 0 {
			continue
		}
		var cells []string
		for _, row := range sample {
			if c := r.clean(row[r.at[f]]); c != "" && !r.repeats(row) {
				cells = append(cells, c)
			}
		}
		if d.form.order == 0 {
			d.learn(cells)
			all = append(all, d)
		} else {
			d.relearn(cells)
		}
	}
	agree(all)
}

// clean is a cell without what surrounds it and without what no database
// takes; "" if it means nothing.
func (r *rows) clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
		s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
	}
	s = strings.TrimSpace(s)
	if r.missing[s] {
		return ""
	}
	return s
}

// repeats reports whether a row is the header again, as when two exports were
// put behind each other.
func (r *rows) repeats(cells []string) bool {
	mapped := 0
	for _, i := range r.at {
		if i < 0 {
			continue
		}
		if strings.TrimSpace(cells[i]) != strings.TrimSpace(r.header[i]) {
			return false
		}
		mapped++
	}
	return mapped > 1
}

func (r *rows) fail(f int, key string, args ...any) {
	r.fine = false
	p := Problem{Row: r.n, Key: "past.problem." + key, Args: args}
	if f >= 0 {
		p.Column, p.Value = r.header[r.at[f]], cut(r.cell[f])
	}
	r.bad(p)
}

// read understands a row; ok if it has no problem.
func (r *rows) read(n int, cells []string) (l line, ok bool) {
	r.n, r.fine = n, true
	if r.repeats(cells) {
		r.fail(-1, "header")
		return l, false
	}
	for f, i := range r.at {
		if r.cell[f] = ""; i < 0 {
			continue
		}
		c := r.clean(cells[i])
		r.cell[f] = c
		switch {
		case f == fTitle || f == fBody:
		case formula(c):
			r.fail(f, "formula")
		case len(c) > mostLabel && utf8.RuneCountInString(c) > mostLabel:
			r.fail(f, "long", "Most", mostLabel)
		}
	}
	if !r.fine {
		return l, false
	}
	l.n, l.key = n, r.key()
	l.text = [4]string{r.cell[fTitle], r.cell[fBody], r.cell[fRequester], r.cell[fOwner]}
	l.row = flow.Row{
		Status: r.cell[fStatus], Sub: r.cell[fSub], Team: r.cell[fTeam], Person: r.cell[fPerson], Impact: r.cell[fImpact], Priority: r.cell[fPriority],
		Place: r.cell[fPlace], Service: r.cell[fService], Line: r.line(r.cell[fTeam]), Reassigned: r.count(fReassigned), Reopened: r.count(fReopened),
	}
	if l.text[3] == "" && r.at[fOwner] < 0 {
		l.text[3] = r.cell[fPerson]
	}
	means := r.meaning(r.cell[fStatus], r.cell[fSub])
	l.row.State, l.row.Wait = means.State, means.Wait
	if c := r.cell[fKept]; c != "" {
		var known bool
		if l.row.Kept, known = yesNo(c); !known {
			r.fail(fKept, "kept")
		}
	}
	r.times(&l.row)
	return l, r.fine
}

func (r *rows) key() string {
	if r.at[fCase] < 0 {
		return "row " + strconv.Itoa(r.n)
	}
	key := r.cell[fCase]
	switch {
	case key == "":
		r.fail(fCase, "no_case")
	case utf8.RuneCountInString(key) > mostKey && utf8.RuneCountInString(key) <= mostLabel:
		r.fail(fCase, "long", "Most", mostKey)
	}
	return key
}

// formula reports whether a cell is a formula that nobody computed. A lone
// "=" or "==== " is none.
func formula(c string) bool {
	if len(c) < 2 || c[0] != '=' {
		return false
	}
	return isLetter(c[1]) || isDigit(c[1]) || strings.IndexByte("+-@($'\"", c[1]) >= 0
}

func (r *rows) count(f int) int {
	c := r.cell[f]
	if c == "" {
		return -1
	}
	n, ok := counter(c)
	if !ok {
		r.fail(f, "count")
	}
	return n
}

// counter reads a count, also as spreadsheets write it ("3.0").
func counter(s string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSuffix(s, ".0"))
	return n, err == nil && n >= 0 && n <= 1_000_000
}

// yesNo reads whether a promise was kept, as flow.Row.Kept has it.
func yesNo(s string) (string, bool) {
	switch district.Fold(s) {
	case "true", "yes", "y", "1", "si", "verdadero", "kept", "met", "achieved", "within sla", "cumplido", "cumplida":
		return "yes", true
	case "false", "no", "n", "0", "falso", "broken", "missed", "breached", "violated", "incumplido", "incumplida":
		return "no", true
	}
	return "", false
}

// meaning is what status and sub mean here: what the sub says, or else the
// status.
func (r *rows) meaning(status, sub string) Meaning {
	if sub != "" {
		if m, _ := r.look(sub); m.State != "" {
			return m
		}
	}
	if status == "" {
		return Meaning{}
	}
	m, known := r.look(status)
	if !known && !r.strange[status] && len(r.unknown) < mostValues {
		status = strings.Clone(status)
		r.strange[status] = true
		r.unknown = append(r.unknown, status)
	}
	return m
}

func (r *rows) look(value string) (Meaning, bool) {
	if m, ok := r.means[value]; ok {
		return m, true
	}
	m, ok := r.m.Means[district.Fold(value)]
	if ok && len(r.means) < 10_000 {
		r.means[strings.Clone(value)] = m
	}
	return m, ok
}

// line is where a team stands by its name.
func (r *rows) line(team string) flow.Line {
	if len(r.m.Lines) == 0 || team == "" {
		return 0
	}
	if l, ok := r.lines[team]; ok {
		return l
	}
	sum, n, folded := flow.Line(0), flow.Line(0), district.Fold(team)
	for _, rule := range r.m.Lines {
		if strings.Contains(folded, district.Fold(rule.Contains)) {
			sum, n = sum+rule.Line, n+1
		}
	}
	l := flow.Line(10)
	if n > 0 {
		l = sum / n
	}
	if len(r.lines) < 10_000 {
		r.lines[strings.Clone(team)] = l
	}
	return l
}

// times reads the row's times and holds them against each other.
func (r *rows) times(row *flow.Row) {
	at := r.time(fAt)
	row.Opened, row.First, row.Solved, row.Closed = r.time(fOpened), r.time(fFirst), r.time(fSolved), r.time(fClosedAt)
	if c := r.cell[fFirstMinutes]; c != "" && row.First.IsZero() && !row.Opened.IsZero() {
		minutes, err := strconv.ParseFloat(c, 64)
		if err != nil || !(minutes >= 0 && minutes < 10*365*24*60) {
			r.fail(fFirstMinutes, "minutes")
		} else {
			row.First = row.Opened.Add(time.Duration(minutes * float64(time.Minute))).Truncate(time.Second)
		}
	}
	if !r.fine {
		return // of half a row nothing more can be said
	}
	if !row.Opened.IsZero() && !r.m.AsIs {
		for _, f := range [...]struct {
			field int
			t     time.Time
		}{{fFirst, row.First}, {fSolved, row.Solved}, {fClosedAt, row.Closed}} {
			if !f.t.IsZero() && f.t.Before(row.Opened) && r.at[f.field] >= 0 {
				r.fail(f.field, "ends_before", "Opened", r.cell[fOpened])
			}
		}
	}
	for _, t := range [...]time.Time{row.Opened, row.First, row.Solved, row.Closed} {
		if r.cell[fAt] == "" && t.After(at) {
			at = t
		}
	}
	switch {
	case !at.IsZero():
	case r.at[fAt] >= 0:
		r.fail(fAt, "no_time")
	case r.at[fOpened] >= 0:
		r.fail(fOpened, "no_time")
	default:
		at = r.when
	}
	row.At = at
}

// time reads one time of the row; zero if it has none.
func (r *rows) time(f int) time.Time {
	c, d := r.cell[f], r.dates[f]
	if c == "" {
		return time.Time{}
	}
	was := d.form
	t, g, err := d.read(c)
	switch {
	case err == errNoDate:
		r.fail(f, "date")
	case err == errOther && d.vague && g.sep == was.sep && (g.order == 'd' || g.order == 'm') && g.order != was.order:
		r.fail(f, "day_month", "Form", was.example(), "Other", g.example())
	case err == errOther:
		r.fail(f, "date_form", "Form", was.example(), "Other", g.example())
	}
	return t
}
