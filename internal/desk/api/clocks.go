package api

import (
	"context"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/worktime"
)

// clock is a promise at work, with the sum that explains it. Amounts are
// working time in seconds; fractions are exact to the microsecond.
type clock struct {
	Metric   string       `json:"metric" enum:"first,next,solve"`
	Round    int          `json:"round" doc:"1, and more for next."`
	Standing string       `json:"standing" enum:"running,held,late,kept,missed,dropped,unplanned"`
	Started  time.Time    `json:"started"`
	Stopped  *time.Time   `json:"stopped,omitempty"`
	Due      *time.Time   `json:"due,omitempty" doc:"Absent while it is held, or where no open hours are left."`
	Missed   *time.Time   `json:"missed,omitempty" doc:"When it was due and not kept."`
	Target   float64      `json:"target" doc:"Seconds promised; 0 is nothing."`
	Spent    float64      `json:"spent" doc:"Seconds so far, or until it stopped."`
	Zone     string       `json:"zone,omitempty" doc:"Of the place whose calendar counted."`
	Days     []clockDay   `json:"days" doc:"They add up to spent."`
	Pauses   []clockPause `json:"pauses"`
}

type clockDay struct {
	Date    string     `json:"date" doc:"The day, or the first of a run of closed ones."`
	Last    string     `json:"last"`
	Source  string     `json:"source" enum:"weekly,season,outside_term,exception" doc:"Where the hours, or their absence, come from."`
	Counted float64    `json:"counted" doc:"Seconds that the day adds."`
	Open    []interval `json:"open"`
	Parts   []part     `json:"parts"`
}

type interval struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

type part struct {
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	Fate  string    `json:"fate" enum:"counted,before,after,paused"`
	Pause *int      `json:"pause,omitempty" doc:"Its place in pauses."`
}

type clockPause struct {
	From time.Time  `json:"from"`
	To   *time.Time `json:"to,omitempty" doc:"Absent while it lasts."`
	On   string     `json:"on,omitempty" doc:"Absent while the request was solved."`
	By   *person    `json:"by,omitempty" doc:"Absent: Trellis itself."`
}

type clocksOut struct {
	Body struct {
		Clocks []clock `json:"clocks"`
	}
}

func (o operations) clocks(ctx context.Context, in *byID) (*clocksOut, error) {
	list, err := o.desk.Explain(ctx, ticketID(in.ID))
	if err != nil {
		return nil, err
	}
	out := &clocksOut{}
	out.Body.Clocks = []clock{}
	for _, c := range list {
		out.Body.Clocks = append(out.Body.Clocks, wireClock(c))
	}
	return out, nil
}

func wireClock(c desk.Clock) clock {
	out := clock{Metric: string(c.Metric), Round: c.Round, Standing: string(c.Stand), Started: c.Started, Stopped: moment(c.Stopped), Due: moment(c.Due),
		Missed: moment(c.MissedAt), Target: c.Target.Seconds(), Spent: c.Spent.Seconds(), Days: []clockDay{}, Pauses: []clockPause{}}
	if c.Zone != nil {
		out.Zone = c.Zone.String()
	}
	for _, d := range c.Days {
		out.Days = append(out.Days, wireDay(d))
	}
	for _, p := range c.Pauses {
		out.Pauses = append(out.Pauses, clockPause{From: p.From, To: moment(p.To), On: string(p.On), By: personOf(p.By)})
	}
	return out
}

func wireDay(d worktime.Day) clockDay {
	out := clockDay{Date: d.Date.String(), Last: d.Last.String(), Source: string(d.Source), Counted: d.Counted.Seconds(), Open: []interval{}, Parts: []part{}}
	for _, i := range d.Open {
		out.Open = append(out.Open, interval{i.From, i.To})
	}
	for _, p := range d.Parts {
		x := part{From: p.From, To: p.To, Fate: string(p.Fate)}
		if p.Fate == worktime.Paused {
			x.Pause = &p.Pause
		}
		out.Parts = append(out.Parts, x)
	}
	return out
}

type wayIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Minutes int `json:"minutes" minimum:"1" maximum:"240" doc:"How long it takes to get there."`
	}
}

func (o operations) onMyWay(ctx context.Context, in *wayIn) (*changedOut, error) {
	return answer(o.desk.OnMyWay(ctx, ticketID(in.ID), in.Body.Minutes))
}

type helpIn struct {
	ID   int64 `path:"id"`
	Body struct {
		HelpedAt time.Time `json:"helped_at" doc:"When help was given in the room: after the request, at most a day ago."`
		Said
	}
}

func (o operations) help(ctx context.Context, in *helpIn) (*changedOut, error) {
	return answer(o.desk.LogHelp(ctx, ticketID(in.ID), in.Body.HelpedAt, in.Body.words()))
}
