package past

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"trellis/internal/platform/worktime"
)

// form is how a column writes its times. One column has one form: 3/4/2021 in
// a column of 13/4/2021 is the 3rd of April, and must not become the 4th of
// March in the next row.
type form struct {
	order byte // what comes first: 'y', 'm', 'd'; 'M' and 'D' with the month's name; 'n' a spreadsheet's number of days
	sep   byte // between the parts; 0 with a month's name
	clock byte // 't' with a time of day, 'd' without, 0 either
}

// Forms are the forms of times that a map can name, for a list to choose from.
func Forms() []string {
	return []string{"iso", "y-m-d h:m", "m/d/y h:m", "d/m/y h:m", "y/m/d h:m", "d-m-y h:m", "m-d-y h:m", "d.m.y h:m", "d mon y h:m", "mon d y h:m",
		"y-m-d", "m/d/y", "d/m/y", "y/m/d", "d-m-y", "m-d-y", "d.m.y", "d mon y", "mon d y", "number"}
}

// formOf is the form of a name. Names without a time of day take times with
// one too: they say the order alone.
func formOf(name string) (form, bool) {
	if !slices.Contains(Forms(), name) {
		return form{}, false
	}
	if name == "iso" {
		return form{order: 'y', sep: '-'}, true
	}
	if name == "number" {
		return form{order: 'n'}, true
	}
	var f form
	name, clock := strings.CutSuffix(name, " h:m")
	if clock {
		f.clock = 't'
	}
	if strings.Contains(name, "mon") {
		f.order = name[0] &^ 0x20
		return f, true
	}
	f.order, f.sep = name[0], name[1]
	return f, true
}

// example shows the form by a day of which day and month can't be confused.
func (f form) example() string {
	s := string([]byte{f.sep})
	var d string
	switch f.order {
	case 'n':
		return "45657.5"
	case 'y':
		d = "2024" + s + "12" + s + "31"
	case 'd':
		d = "31" + s + "12" + s + "2024"
	case 'm':
		d = "12" + s + "31" + s + "2024"
	case 'D':
		d = "31 Dec 2024"
	default:
		d = "Dec 31 2024"
	}
	if f.clock == 't' {
		d += " 14:05"
	}
	return d
}

// fits reports whether a cell of form g may stand in a column of form f.
func (f form) fits(g form) bool {
	return f.order == g.order && f.sep == g.sep && (f.clock == 0 || f.clock == g.clock || g.order == 'n')
}

var (
	errNoDate  = errors.New("not a date")
	errOther   = errors.New("another form")
	zones      sync.Map // name to *worktime.Calendar
	someHours  = "Mon-Sun 00:00-24:00"
	excelEpoch = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
)

// zoned keeps the wall clock of a zone.
func zoned(name string) (*worktime.Calendar, error) {
	if c, ok := zones.Load(name); ok {
		return c.(*worktime.Calendar), nil
	}
	week, err := worktime.ParseHours(someHours)
	if err != nil {
		return nil, err
	}
	c, err := worktime.New(worktime.Plan{Zone: name, Week: week})
	if err != nil {
		return nil, err
	}
	zones.Store(name, c)
	return c, nil
}

// dates reads one column's times.
type dates struct {
	form  form               // order 0: no cell has shown it yet
	vague bool               // day and month could still be the other way round
	wall  *worktime.Calendar // nil floats
}

// learn finds the form of a column's first cells: the one that most of them
// have, so that a slip at the top doesn't turn the rest into slips.
func (d *dates) learn(cells []string) {
	type shape struct{ sep, clock, class byte }
	count, order := map[shape]int{}, []shape{}
	days, months := map[shape]int{}, map[shape]int{}
	for _, c := range cells {
		p, ok := parse(c)
		if !ok {
			continue
		}
		s := shape{p.sep, p.clock(), p.class}
		if count[s]++; count[s] == 1 {
			order = append(order, s)
		}
		if p.class == '2' {
			if p.num[0] > 12 {
				days[s]++
			}
			if p.num[1] > 12 {
				months[s]++
			}
		}
	}
	if len(order) == 0 {
		return
	}
	most := order[0]
	for _, s := range order[1:] {
		if count[s] > count[most] {
			most = s
		}
	}
	d.form = form{most.class, most.sep, most.clock}
	if most.class == '2' {
		d.form.order = 'm'
		if days[most] > months[most] {
			d.form.order = 'd'
		}
		d.vague = days[most] == 0 && months[most] == 0
	}
}

// relearn looks whether a column has the form that the map names. Where no cell
// has it and the form that they do have can't be mistaken, that form is taken:
// a list that was opened in a spreadsheet and saved as a workbook has its times
// as 2021-04-03.
func (d *dates) relearn(cells []string) {
	for _, c := range cells {
		if _, _, err := d.read(c); err == nil {
			return
		}
	}
	var l dates
	if l.learn(cells); l.form.order != 0 && l.form.order != 'd' && l.form.order != 'm' {
		d.form = l.form
	}
}

// agree settles what single columns left open by what the others show: a file
// is written by one program.
func agree(columns []*dates) {
	for _, d := range columns {
		for _, o := range columns {
			if d.vague && !o.vague && o.form.sep == d.form.sep && (o.form.order == 'd' || o.form.order == 'm') {
				d.form.order, d.vague = o.form.order, false
			}
		}
	}
}

// read is the instant of a cell, in whole microseconds. The error is errNoDate
// or errOther; the latter comes with the form that the cell does have.
func (d *dates) read(cell string) (time.Time, form, error) {
	p, ok := parse(cell)
	if !ok {
		return time.Time{}, form{}, errNoDate
	}
	if d.form.order == 0 {
		d.learn([]string{cell})
	}
	g := form{p.class, p.sep, p.clock()}
	if p.class == '2' {
		g.order = d.form.order
		if g.order != 'd' && g.order != 'm' {
			g.order = 'm'
		}
		if g.order == 'm' && p.num[0] > 12 {
			g.order = 'd'
		} else if g.order == 'd' && p.num[1] > 12 {
			g.order = 'm'
		}
	}
	if !d.form.fits(g) {
		if p.class == '2' && p.num[0] > 12 && p.num[1] > 12 {
			return time.Time{}, g, errNoDate
		}
		return time.Time{}, g, errOther
	}
	t, ok := p.instant(g.order, d.wall)
	if !ok {
		return time.Time{}, g, errNoDate
	}
	return t, g, nil
}

// instant puts the parts together.
func (p parts) instant(order byte, wall *worktime.Calendar) (time.Time, bool) {
	if order == 'n' {
		day := int(p.days)
		since := time.Duration((p.days - float64(day)) * float64(24*time.Hour)).Round(time.Millisecond)
		return onWall(worktime.DateOf(excelEpoch.AddDate(0, 0, day)), since, wall)
	}
	var date worktime.Date
	switch order {
	case 'y':
		date = worktime.Date{Year: p.num[0], Month: time.Month(p.num[1]), Day: p.num[2]}
	case 'd', 'D':
		date = worktime.Date{Year: p.num[2], Month: time.Month(p.num[1]), Day: p.num[0]}
	default:
		date = worktime.Date{Year: p.num[2], Month: time.Month(p.num[0]), Day: p.num[1]}
	}
	if !p.offset {
		return onWall(date, p.since, wall)
	}
	t, ok := onWall(date, p.since, nil)
	return t.Add(-p.east), ok
}

// onWall is the instant at which the wall shows a date and a time. What it
// skips moves forward, of what it shows twice the first is taken.
func onWall(date worktime.Date, since time.Duration, wall *worktime.Calendar) (time.Time, bool) {
	// Programs write the year 1 or 1900 where nothing is known; a desk's past
	// does not reach so far back.
	if !date.Valid() || date.Year < 1970 {
		return time.Time{}, false
	}
	if wall != nil {
		return wall.Wall(date, since).Truncate(time.Microsecond), true
	}
	return time.Date(date.Year, date.Month, date.Day, 0, 0, 0, 0, time.UTC).Add(since).Truncate(time.Microsecond), true
}
