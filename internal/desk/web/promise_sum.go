package web

import (
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/worktime"
)

// clockView is one promise at work, in words.
type clockView struct {
	id       string
	title    string
	tag      ui.TagProps
	promised string // "8 h promised"
	sum      string // "2 h 15 min used, 5 h 45 min left, due Tue, Nov 24, 10:05 am"
	days     []dayView
	pauses   []pauseView
	place    string // whose time it is, where that is not the reader's
}

// dayView is one line of the sum.
type dayView struct {
	day    string
	used   string // "2 h 15 min", "" for a closed day
	detail []string
}

// pauseView is a span in which the clock stood still.
type pauseView struct{ when, why, who string }

// views words every clock.
func (s *promiseTeller) views() []clockView {
	out := make([]clockView, 0, len(s.clocks))
	for _, c := range s.clocks {
		out = append(out, s.view(c))
	}
	return out
}

func (s *promiseTeller) view(c desk.Clock) clockView {
	at := s.at
	v := clockView{id: string(c.Metric) + "-" + id(int64(c.Round)), title: s.metric(c), tag: s.stand(c)}
	if c.Stand == desk.Unplanned {
		v.promised = i18n.T(at.ctx, "request.promise.unplanned")
		return v
	}
	if c.Zone != nil && c.Zone.String() != at.zone.String() {
		at.zone = c.Zone
		v.place = i18n.T(at.ctx, "request.promise.zone", "Place", s.ticket.Place.SiteName)
	}
	v.promised = i18n.T(at.ctx, "request.promise.target", "Span", span(at.ctx, c.Target))
	v.sum = s.total(at, c)
	v.days = s.days(at, c)
	for _, p := range c.Pauses {
		v.pauses = append(v.pauses, s.pause(at, p))
	}
	return v
}

// stand is how a promise stands, as a tag.
func (s *promiseTeller) stand(c desk.Clock) ui.TagProps {
	p := ui.TagProps{Text: i18n.T(s.at.ctx, "request.stand."+string(c.Stand))}
	switch c.Stand {
	case desk.Running:
		p.Tone, p.Icon = ui.Pen, "clock"
	case desk.Held:
		p.Tone, p.Icon = ui.Pencil, "circle-pause"
	case desk.Late, desk.Missed:
		p.Tone, p.Icon = ui.Red, "octagon-alert"
	case desk.Kept:
		p.Tone, p.Icon = ui.Green, "circle-check"
	}
	return p
}

// counted is what a day adds, between times of day as they are shown: cut to
// the minute. So a reader who subtracts and adds them up gets what is written.
func counted(d worktime.Day) (sum time.Duration) {
	for _, p := range d.Parts {
		if p.Fate == worktime.Counted {
			sum += p.To.Truncate(time.Minute).Sub(p.From.Truncate(time.Minute))
		}
	}
	return sum
}

// total is what the days come to.
func (s *promiseTeller) total(at times, c desk.Clock) string {
	var used time.Duration
	for _, d := range c.Days {
		used += counted(d)
	}
	left := minutes(c.Target) - used
	args := []any{"Used", span(at.ctx, used), "Left", span(at.ctx, left)}
	switch c.Stand {
	case desk.Late:
		return i18n.T(at.ctx, "request.sum.late", append(args, "When", at.until(c.MissedAt))...)
	case desk.Held:
		if left < 0 {
			return i18n.T(at.ctx, "request.sum.held_late", args...)
		}
		return i18n.T(at.ctx, "request.sum.held", args...)
	case desk.Running:
		if c.Due.IsZero() {
			return i18n.T(at.ctx, "request.sum.no_hours", args...)
		}
		return i18n.T(at.ctx, "request.sum.running", append(args, "When", at.until(c.Due))...)
	case desk.Dropped:
		return i18n.T(at.ctx, "request.sum.dropped", append(args, "When", at.until(c.Stopped))...)
	case desk.Kept:
		return i18n.T(at.ctx, "request.sum.kept", append(args, "When", at.until(c.Stopped))...)
	}
	return i18n.T(at.ctx, "request.sum.missed", append(args, "When", at.until(c.Stopped))...)
}

// days are the lines of the sum.
func (s *promiseTeller) days(at times, c desk.Clock) []dayView {
	var out []dayView
	for _, d := range c.Days {
		v := dayView{day: at.days(d.Date, d.Last)}
		if len(d.Open) == 0 {
			v.detail = []string{i18n.T(at.ctx, closedKey(d.Source))}
			out = append(out, v)
			continue
		}
		v.used = span(at.ctx, counted(d))
		v.detail = append(v.detail, s.hours(at, d))
		if c.Started.After(d.Open[0].From) && c.Started.Before(d.Open[len(d.Open)-1].To) {
			v.detail = append(v.detail, i18n.T(at.ctx, "request.day.from", "When", i18n.Time(at.ctx, c.Started, at.zone)))
		}
		v.detail = append(v.detail, s.held(at, c, d)...)
		out = append(out, v)
	}
	return out
}

func closedKey(from worktime.Source) string {
	switch from {
	case worktime.Exception:
		return "request.day.closed"
	case worktime.OutsideTerm:
		return "request.day.outside_term"
	}
	return "request.day.weekly"
}

// hours are when the place was open on a day, and whether that was unusual.
func (s *promiseTeller) hours(at times, d worktime.Day) string {
	key := "request.day.open"
	if d.Source == worktime.Exception {
		key = "request.day.other_hours"
	}
	text := ""
	for _, o := range d.Open {
		text = joined(", ", text, i18n.Time(at.ctx, o.From, at.zone)+" – "+i18n.Time(at.ctx, o.To, at.zone))
	}
	return i18n.T(at.ctx, key, "Hours", text)
}

// held are the parts of a day in which the clock stood still, one line for each
// pause.
func (s *promiseTeller) held(at times, c desk.Clock, d worktime.Day) []string {
	var out []string
	for n, p := range c.Pauses {
		var sum time.Duration
		for _, part := range d.Parts {
			if part.Fate == worktime.Paused && part.Pause == n {
				sum += part.To.Truncate(time.Minute).Sub(part.From.Truncate(time.Minute))
			}
		}
		switch {
		case sum == 0:
		case p.On == "":
			out = append(out, i18n.T(at.ctx, "request.day.rest", "Span", span(at.ctx, minutes(sum))))
		default:
			out = append(out, i18n.T(at.ctx, "request.day.held", "Span", span(at.ctx, minutes(sum)), "Why", s.why(p.On), "Who", s.by(p)))
		}
	}
	return out
}

func (s *promiseTeller) by(p desk.Pause) string {
	if p.By.ID == 0 {
		return i18n.T(s.at.ctx, "request.system")
	}
	return p.By.Name
}

func (s *promiseTeller) pause(at times, p desk.Pause) pauseView {
	v := pauseView{why: i18n.T(at.ctx, "request.pause.solved"), who: i18n.T(at.ctx, "request.pause.by", "Who", s.by(p))}
	if p.On != "" {
		v.why = i18n.T(at.ctx, "request.pause.waiting", "Why", s.why(p.On))
	}
	if p.To.IsZero() {
		v.when = i18n.T(at.ctx, "request.pause.since", "From", at.until(p.From))
	} else {
		v.when = i18n.T(at.ctx, "request.pause.span", "From", at.until(p.From), "To", at.until(p.To))
	}
	return v
}
