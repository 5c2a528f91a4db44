package calendar

import (
	"context"
	"slices"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

// Import is a list of days from outside: a calendar file (RFC 5545), or text as
// people paste it, one thing a line.
type Import struct {
	Data  []byte            // at most MaxImport bytes
	Sites []district.SiteID // see Enter.Sites
	// Short are the hours of days that are called half days or the like; without
	// them such days are listed and can't be brought in. Late are those of late
	// starts.
	Short, Late []worktime.Span
}

// Verdicts on a line of an import.
const (
	Adds      = "add"    // nothing was said of these days
	Changes   = "change" // something else was
	Same      = "same"   // the same was
	NoMatter  = "idle"   // nobody works on these days anyway
	NoClosure = "other"  // its words don't say that anything is closed; may be brought in as closed
	NeedHours = "hours"  // a short day, and its hours are not known
)

// Proposal is what would become of one line of an import.
type Proposal struct {
	Line    int // of the text, from 1
	Entry   Entry
	Timed   bool   // it is about a time of day
	Verdict string // one of those above
	Ticked  bool   // proposed to be brought in
	Was     *Day   // with Changes: what is said now, of the first day that differs
}

// Offered reports whether a person can choose it.
func (p Proposal) Offered() bool {
	return p.Verdict == Adds || p.Verdict == Changes || p.Verdict == NoClosure
}

// Unread is a line that could not be read, or is out of bounds.
type Unread struct {
	Line int
	Text string
	Key  string // message key: why
}

// Found is a reviewed difference: nothing of it is saved.
type Found struct {
	Lines  []Proposal // by date
	Unread []Unread
	Window worktime.DateRange // what is looked at
}

// windowAhead and windowBack bound, in days, what an import looks at.
const (
	windowAhead = 2 * 366
	windowBack  = 31
)

// longest is how many days in a row are taken for a closure without being told.
const longest = 100

// Propose reads an import and holds it against what is there. Nothing is saved:
// what a person chooses of it goes through Plan and SetDays.
func (c *Calendars) Propose(ctx context.Context, imp Import) (out Found, err error) {
	if err := authorise(ctx, mayLook); err != nil {
		return out, err
	}
	var in errs.Check
	imp.Short, imp.Late = checkSpans(&in, "short", imp.Short), checkSpans(&in, "late", imp.Late)
	switch {
	case len(imp.Data) > MaxImport:
		return out, errs.E(errs.TooLarge, "error.too_large")
	case len(imp.Data) == 0:
		in.Fail("text", "field.required")
	}
	if err := in.Err(); err != nil {
		return out, err
	}
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		e, err := load(tx, all)
		if err != nil {
			return err
		}
		out, err = e.propose(imp, tx.Now())
		return err
	})
	return out, err
}

func (e *everything) propose(imp Import, now time.Time) (out Found, err error) {
	targets := slices.Clone(imp.Sites)
	if len(targets) == 0 {
		targets = []district.SiteID{0}
	}
	where, ok := e.place(targets[0])
	if !ok {
		return out, notFound()
	}
	zone, err := time.LoadLocation(where.Zone)
	if err != nil || where.Zone == "" {
		return out, errs.E(errs.Conflict, "district.calendar.no_zone", "Place", where.Name)
	}
	works, err := e.workdays(targets)
	if err != nil {
		return out, err
	}
	today := worktime.DateOf(now.In(zone))
	out.Window = worktime.DateRange{First: today.AddDays(-windowBack), Last: today.AddDays(windowAhead)}
	text := decode(imp.Data)
	var list []found
	var bad []skipped
	if isICal(text) {
		list, bad, err = readICal(text, zone, out.Window)
	} else {
		list, bad, err = readList(text, today, out.Window)
	}
	if err != nil {
		return out, err
	}
	for _, s := range bad {
		out.Unread = append(out.Unread, Unread{s.line, s.name, s.key})
	}
	for _, f := range join(list) {
		if f.name == "" {
			out.Unread = append(out.Unread, Unread{f.line, f.dates.String(), "district.calendar.import.no_name"})
			continue
		}
		out.Lines = append(out.Lines, e.judge(f, imp, targets, works))
	}
	return out, nil
}

// join sorts what was found and makes one of neighbors with one name, so that a
// list with a line a day reads as weeks.
func join(list []found) []found {
	slices.SortStableFunc(list, func(a, b found) int {
		if d := compareDates(a.dates.First, b.dates.First); d != 0 {
			return d
		}
		return compareDates(a.dates.Last, b.dates.Last)
	})
	open := map[string]int{} // by name: the last one with it
	var out []found
	for _, f := range list {
		i, ok := open[f.name]
		if ok && out[i].timed == f.timed && !out[i].dates.Last.AddDays(1).Before(f.dates.First) && f.dates.Last.Sub(out[i].dates.First) < maxEntryDays {
			if out[i].dates.Last.Before(f.dates.Last) {
				out[i].dates.Last = f.dates.Last
			}
			continue
		}
		open[f.name] = len(out)
		out = append(out, f)
	}
	return out
}

// judge says what would become of one thing that was found.
func (e *everything) judge(f found, imp Import, targets []district.SiteID, works func(district.SiteID, worktime.Date) bool) Proposal {
	is, kind := read(f.words)
	p := Proposal{Line: f.line, Timed: f.timed, Entry: Entry{First: f.dates.First, Last: f.dates.Last, Day: Day{Kind: Closed, Name: f.name}}}
	if is == aboutShort {
		hours := imp.Short
		if kind == LateStart {
			hours = imp.Late
		}
		if len(hours) == 0 {
			p.Entry.Day.Kind, p.Verdict = kind, NeedHours
			return p
		}
		p.Entry.Day = Day{Kind: kind, Hours: hours, Name: f.name}
	}
	p.Verdict = e.compare(p.Entry, targets, works, &p)
	sure := is == aboutShort || is == aboutClosed && !f.timed && f.dates.Last.Sub(f.dates.First) < longest
	switch {
	case p.Verdict != Adds && p.Verdict != Changes:
	case !sure:
		p.Verdict, p.Was = NoClosure, nil
	default:
		p.Ticked = true
	}
	return p
}

// compare holds an entry against what is said now.
func (e *everything) compare(x Entry, targets []district.SiteID, works func(district.SiteID, worktime.Date) bool, p *Proposal) string {
	verdict := NoMatter
	for d := x.First; !x.Last.Before(d); d = d.AddDays(1) {
		for _, s := range targets {
			is, has := e.days[s][d]
			switch {
			case !has && !works(s, d):
			case !has:
				if verdict != Changes {
					verdict = Adds
				}
			case is.Equal(x.Day):
				if verdict == NoMatter {
					verdict = Same
				}
			default:
				if p.Was == nil {
					p.Was = &is
				}
				verdict = Changes
			}
		}
	}
	return verdict
}
