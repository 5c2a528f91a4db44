package flow

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

// ledger is what a report is made of: a line for each request that the actor
// works on.
type ledger struct {
	lines   []line
	sources []Source
	origins map[int64]*origin
	home    *time.Location // the district's
}

// origin is what all lines of a source share.
type origin struct {
	zone     *time.Location
	last     int64 // µs; what is open was open until then
	hours    *worktime.Calendar
	history  bool // some request has more than one line: when it was how is known
	teamless bool // nobody recorded which team had a request
	reopens  bool // some request is known to have come back
	answers  bool // some first response is recorded
	from, to int64
}

// passes reports whether the source records who had a request when.
func (o *origin) passes() bool { return o.history && !o.teamless }

// line is one request.
type line struct {
	id, site, owned        int64 // owned: its service in Trellis, 0 none
	source                 int64
	from                   *origin
	start, end             int64    // µs; 0 not recorded
	wallSolve, workSolve   int64    // seconds; None
	wallFirst, workFirst   int64    // likewise
	wallWatch, workWatch   int64    // how long it was watched, if it isn't solved
	waits                  [5]int64 // seconds, as in waitsBehind
	hands                  int64
	reach                  int64 // the line furthest from the classroom, tenths; 0 not recorded
	flags                  int64
	state                  state
	place, service, impact string
	ending                 string // of what is not solved: its last known state
}

// state is how a request ended.
type state uint8

const (
	solved state = iota
	never        // not solved so far
	over         // ended, but when it was solved is not recorded
)

// Bits of line.flags, as the statement packs them.
const (
	keptYes = 1 << iota
	keptNo
	bounced
	cameBack
	several // events
)

func placeOf(x *line) string   { return x.place }
func serviceOf(x *line) string { return x.service }
func impactOf(x *line) string  { return x.impact }

// linesSQL reads one line for each request. Small numbers come packed into
// one: with tens of thousands of lines, what costs is the number of columns.
// How something ended that has no time of solving is asked of its last row.
const linesSQL = `SELECT f.ticket, f.source, t.site, t.service, f.start_at, f.end_at, f.solve_s, f.solve_biz, f.first_s, f.first_biz,
		f.wait_requester, f.wait_vendor, f.wait_part, f.wait_date, f.wait_other,
		f.handoffs * 65536 + f.max_line * 256 + CASE f.kept WHEN 'yes' THEN 1 WHEN 'no' THEN 2 ELSE 0 END
			+ CASE WHEN f.pingpong THEN 4 ELSE 0 END + CASE WHEN f.reopened THEN 8 ELSE 0 END + CASE WHEN f.events > 1 THEN 16 ELSE 0 END,
		f.place, f.service, CASE WHEN f.impact = '' AND f.source = 0 THEN t.impact ELSE f.impact END,
		CASE WHEN f.solve_s IS NOT NULL THEN '' WHEN f.solved_at IS NOT NULL THEN 'solved' WHEN f.source = 0 THEN t.state
			ELSE coalesce((SELECT CASE WHEN r.closed IS NULL THEN r.state ELSE 'closed' END FROM desk_past_row r
				WHERE r.ticket = f.ticket AND r.until_run = 0 AND r.removed IS NULL ORDER BY r.seq DESC, r.id DESC LIMIT 1), '') END
	FROM desk_flow f JOIN desk_ticket t ON t.id = f.ticket WHERE (f.source = $3 OR $3 = -1) AND `

// seconds scans a span; NULL is None.
type seconds int64

func (s *seconds) Scan(v any) error {
	switch v := v.(type) {
	case int64:
		*s = seconds(v)
	case nil:
		*s = seconds(None)
	default:
		return fmt.Errorf("%T is no span", v)
	}
	return nil
}

// whole scans a number; NULL is 0.
type whole int64

func (n *whole) Scan(v any) error {
	switch v := v.(type) {
	case int64:
		*n = whole(v)
	case nil:
		*n = 0
	default:
		return fmt.Errorf("%T is no number", v)
	}
	return nil
}

// words scans a text.
type words string

func (w *words) Scan(v any) error {
	switch v := v.(type) {
	case string:
		*w = words(v)
	case []byte:
		*w = words(v)
	default:
		return fmt.Errorf("%T is no text", v)
	}
	return nil
}

// load reads the lines of a source, and decides which source Likely is.
func load(tx *db.Tx, where string, args []any, f *Filter) (*ledger, error) {
	l := &ledger{origins: map[int64]*origin{}, home: time.UTC}
	zone := ""
	if err := tx.QueryRow(`SELECT zone FROM district_profile WHERE one = 1`).Scan(&zone); err != nil && !db.IsNoRows(err) {
		return nil, err
	}
	if z, err := time.LoadLocation(zone); err == nil {
		l.home = z
	}
	if err := l.readSources(tx, where, args); err != nil {
		return nil, err
	}
	if f.Source == Likely {
		f.Source = l.likely()
	}
	rows, err := tx.Query(linesSQL+where, append(slices.Clone(args), f.Source)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var packed int64
	var x line
	dest := []any{(*whole)(&x.id), (*whole)(&x.source), (*whole)(&x.site), (*whole)(&x.owned), (*whole)(&x.start), (*whole)(&x.end),
		(*seconds)(&x.wallSolve), (*seconds)(&x.workSolve), (*seconds)(&x.wallFirst), (*seconds)(&x.workFirst),
		(*whole)(&x.waits[0]), (*whole)(&x.waits[1]), (*whole)(&x.waits[2]), (*whole)(&x.waits[3]), (*whole)(&x.waits[4]),
		(*whole)(&packed), (*words)(&x.place), (*words)(&x.service), (*words)(&x.impact), (*words)(&x.ending)}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		x.hands, x.reach, x.flags = packed>>16, packed>>8&255, packed&255
		if x.from = l.origins[x.source]; x.from == nil {
			return nil, fmt.Errorf("read flow: ticket %d is of no known source", x.id)
		}
		l.lines = append(l.lines, x)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if err := l.name(tx); err != nil {
		return nil, err
	}
	return l, l.judge(tx)
}

// readSources lists where the actor has requests from.
func (l *ledger) readSources(tx *db.Tx, where string, args []any) error {
	var born bool
	if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM desk_flow f JOIN desk_ticket t ON t.id = f.ticket WHERE f.source = 0 AND `+where+`)`, args...).Scan(&born); err != nil {
		return err
	}
	l.origins[Born] = &origin{zone: l.home, last: db.Us(tx.Now()), history: true, reopens: true, answers: true}
	if born {
		l.sources = append(l.sources, Source{ID: Born, Last: tx.Now(), Zone: l.home.String()})
	}
	type past struct {
		Source
		hours, closed, columns string
	}
	list, err := db.List(tx, func(r *db.Rows, p *past) error {
		return r.Scan(&p.ID, &p.Name, db.AtNull(&p.Last), &p.Zone, &p.hours, &p.closed, &p.columns)
	}, `SELECT s.id, s.name, s.last_at, s.zone, s.hours, s.closed, s.map FROM desk_past_source s
		WHERE EXISTS (SELECT 1 FROM desk_flow f JOIN desk_ticket t ON t.id = f.ticket WHERE f.source = s.id AND `+where+`) ORDER BY s.name, s.id`, args...)
	if err != nil {
		return err
	}
	for _, p := range list {
		o := &origin{zone: time.UTC, last: db.Us(p.Last)}
		if p.Last.IsZero() {
			o.last = 0
		}
		if z, err := time.LoadLocation(p.Zone); err == nil {
			o.zone = z
		}
		var columns map[string]any
		if err := json.Unmarshal([]byte(p.columns), &columns); err != nil {
			return fmt.Errorf("map of source %d: %w", p.ID, err)
		}
		o.teamless = columns["case"] != nil && columns["team"] == nil
		if o.hours, err = sourceHours(o.zone, p.hours, p.closed); err != nil {
			return fmt.Errorf("hours of source %d: %w", p.ID, err)
		}
		l.origins[p.ID] = o
		l.sources = append(l.sources, p.Source)
	}
	return nil
}

func (l *ledger) likely() int64 {
	id, last := Born, time.Time{}
	for _, s := range l.sources {
		if s.ID == Born {
			return Born
		}
		if id == Born || s.Last.After(last) {
			id, last = s.ID, s.Last
		}
	}
	return id
}

// name gives what was born here the names of its place and service.
func (l *ledger) name(tx *db.Tx) error {
	type named struct {
		id   int64
		name string
	}
	names := func(q string) (map[int64]string, error) {
		list, err := db.List(tx, func(r *db.Rows, n *named) error { return r.Scan(&n.id, &n.name) }, q)
		out := make(map[int64]string, len(list))
		for _, n := range list {
			out[n.id] = n.name
		}
		return out, err
	}
	sites, err := names(`SELECT id, name FROM district_site`)
	if err != nil {
		return err
	}
	services, err := names(`SELECT id, name FROM district_service`)
	if err != nil {
		return err
	}
	for i := range l.lines {
		x := &l.lines[i]
		if x.source != Born {
			continue
		}
		if x.place == "" {
			x.place = sites[x.site]
		}
		if x.service == "" {
			x.service = services[x.owned]
		}
	}
	return nil
}

// judge says of each line whether it is solved and how long it was watched,
// and of each source what it records at all.
func (l *ledger) judge(tx *db.Tx) error {
	for i := range l.lines {
		x := &l.lines[i]
		o := x.from
		o.history = o.history || x.flags&several != 0 || x.hands > 0
		o.reopens = o.reopens || x.flags&several != 0 || x.flags&cameBack != 0
		o.answers = o.answers || x.wallFirst != None
		if x.source != Born {
			o.last = max(o.last, x.end) // a source whose last moment nobody wrote down
		}
	}
	for i := range l.lines {
		x := &l.lines[i]
		x.wallWatch, x.workWatch = None, None
		if x.wallSolve != None {
			x.state = solved
			continue
		}
		until := x.from.last
		x.state = never
		// Of what came without a time and without a status nobody knows whether it
		// was ever open; it is over here, at least.
		mute := x.ending == "" && x.start == 0 && x.source != Born
		if mute || x.ending == string(Solved) || x.ending == string(Closed) {
			x.state, until = over, x.end
		}
		if x.start == 0 || until < x.start {
			continue
		}
		x.wallWatch = (until - x.start) / 1e6
		hours := x.from.hours
		if x.source == Born {
			var err error
			hours, _, err = calendar.Of(tx, district.SiteID(x.site))
			if errs.Is(err, errs.Conflict) || errs.Is(err, errs.NotFound) { // a place without a zone has no hours
				continue
			}
			if err != nil {
				return err
			}
		}
		if hours != nil {
			x.workWatch = int64(hours.Elapsed(db.FromUs(x.start), db.FromUs(until), nil) / time.Second)
		}
	}
	return nil
}

// sourceHours is the calendar of a past: its weekly hours, but none on the
// days that it was closed. nil: it has none.
func sourceHours(zone *time.Location, hours, closed string) (*worktime.Calendar, error) {
	if hours == "" {
		return nil, nil
	}
	week, err := worktime.ParseHours(hours)
	if err != nil {
		return nil, err
	}
	plan := worktime.Plan{Zone: zone.String(), Week: week, Days: map[worktime.Date][]worktime.Span{}}
	for _, s := range splitDates(closed) {
		d, err := worktime.ParseDate(s)
		if err != nil {
			return nil, err
		}
		plan.Days[d] = nil
	}
	return worktime.New(plan)
}

// zoneOf is the zone in which a report says its days.
func (l *ledger) zoneOf(source int64) *time.Location {
	if o := l.origins[source]; o != nil {
		return o.zone
	}
	return l.home
}

// calendars counts the calendars that the working time of some lines was
// counted on: of each past one, of what was born here one for each place.
func (l *ledger) calendars(list []*line) int {
	seen := map[string]bool{}
	for _, x := range list {
		k := "p" + strconv.FormatInt(x.source, 10)
		if x.source == Born {
			k = "s" + strconv.FormatInt(x.site, 10)
		}
		seen[k] = true
	}
	return len(seen)
}

// maxLabels is how many labels a choice offers; a filter takes any.
const maxLabels = 300

// labels are the different ones, by name, or of very many the most frequent;
// what nobody recorded is not among them.
func (l *ledger) labels(of func(*line) string) []string {
	times := map[string]int{}
	for i := range l.lines {
		times[of(&l.lines[i])]++
	}
	delete(times, "")
	out := make([]string, 0, len(times))
	for s := range times {
		out = append(out, s)
	}
	if len(out) > maxLabels {
		slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(times[b], times[a]), cmp.Compare(a, b)) })
		out = out[:maxLabels]
	}
	slices.Sort(out)
	return out
}
