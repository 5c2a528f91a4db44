package api

import (
	"context"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

// promise is what people may expect for a kind of trouble.
type promise struct {
	Impact  string `json:"impact" doc:"stopped, blocked, slowed, question; or plan: planning with a class."`
	Site    int64  `json:"site,omitempty" doc:"Absent: every place."`
	Service int64  `json:"service,omitempty" doc:"Absent: every service."`
	First   int64  `json:"first" minimum:"0" maximum:"7200000" doc:"Working seconds until somebody answers; 0 promises nothing."`
	Next    int64  `json:"next" minimum:"0" maximum:"7200000" doc:"Working seconds until each later message is answered."`
	Solve   int64  `json:"solve" minimum:"0" maximum:"7200000" doc:"Working seconds until it is solved."`
	Version int64  `json:"version,omitempty" doc:"0 in an answer: nobody set it, this is where Trellis starts. In a change: refuse if it is another one now."`
}

type promisesOut struct {
	Body struct {
		Promises []promise `json:"promises" doc:"For each impact the one that holds where nothing else does, then those for places and services."`
	}
}

func (o operations) promises(ctx context.Context, _ *struct{}) (*promisesOut, error) {
	list, err := o.desk.Promises(ctx)
	if err != nil {
		return nil, err
	}
	out := &promisesOut{}
	out.Body.Promises = []promise{}
	for _, p := range list {
		out.Body.Promises = append(out.Body.Promises, promise{string(p.Impact), int64(p.Site), int64(p.Service),
			int64(p.First / time.Second), int64(p.Next / time.Second), int64(p.Solve / time.Second), p.Version})
	}
	return out, nil
}

type setPromisesIn struct {
	Body struct {
		Promises []promise `json:"promises" minItems:"1" maxItems:"10" doc:"All for the same place and service."`
	}
}

func (o operations) setPromises(ctx context.Context, in *setPromisesIn) (*promisesOut, error) {
	var set []desk.Promise
	for n, p := range in.Body.Promises {
		if first := in.Body.Promises[0]; n > 0 && (p.Site != first.Site || p.Service != first.Service) {
			return nil, errs.E(errs.Invalid, "deskapi.one_scope")
		}
		set = append(set, desk.Promise{Impact: desk.Impact(p.Impact), Site: district.SiteID(p.Site), Service: district.ServiceID(p.Service),
			First: time.Duration(p.First) * time.Second, Next: time.Duration(p.Next) * time.Second, Solve: time.Duration(p.Solve) * time.Second, Version: p.Version})
	}
	if err := o.desk.SetPromises(ctx, set); err != nil {
		return nil, err
	}
	return o.promises(ctx, nil)
}

type scopeIn struct {
	Site    int64 `query:"site" doc:"Absent: what was set for every place."`
	Service int64 `query:"service" doc:"Absent: what was set for every service."`
}

func (o operations) dropPromises(ctx context.Context, in *scopeIn) (*struct{}, error) {
	return nil, o.desk.DropPromises(ctx, district.SiteID(in.Site), district.ServiceID(in.Service))
}

type alarm struct {
	Metric string `json:"metric" enum:"first,next,solve"`
	Point  string `json:"point" enum:"share,before,after" doc:"At a share of the time, or so long before or after it is due."`
	Amount int64  `json:"amount" minimum:"0" maximum:"7200000" doc:"Percent for a share, else working seconds."`
	Tell   string `json:"tell" enum:"owner,cover,lead"`
}

type alarmsOut struct{ Body []impactAlarms }

type impactAlarms struct {
	Impact string  `json:"impact"`
	Set    bool    `json:"set" doc:"false: nobody chose them, this is where Trellis starts."`
	Alarms []alarm `json:"alarms"`
}

func (o operations) alarms(ctx context.Context, _ *struct{}) (*alarmsOut, error) {
	list, err := o.desk.Alarms(ctx)
	if err != nil {
		return nil, err
	}
	out := &alarmsOut{Body: []impactAlarms{}}
	for _, i := range list {
		x := impactAlarms{Impact: string(i.Impact), Set: i.Set, Alarms: []alarm{}}
		for _, a := range i.Alarms {
			x.Alarms = append(x.Alarms, alarm{string(a.Metric), string(a.Point), a.Amount, string(a.Tell)})
		}
		out.Body = append(out.Body, x)
	}
	return out, nil
}

type setAlarmsIn struct {
	Impact string `path:"impact"`
	Body   struct {
		Alarms []alarm `json:"alarms" minItems:"1" maxItems:"40"`
	}
}

func (o operations) setAlarms(ctx context.Context, in *setAlarmsIn) (*alarmsOut, error) {
	c := desk.SetAlarms{Impact: desk.Impact(in.Impact)}
	for _, a := range in.Body.Alarms {
		c.Alarms = append(c.Alarms, desk.Alarm{Metric: desk.Metric(a.Metric), Point: desk.Point(a.Point), Amount: a.Amount, Tell: desk.Tell(a.Tell)})
	}
	if err := o.desk.SetAlarms(ctx, c); err != nil {
		return nil, err
	}
	return o.alarms(ctx, nil)
}

type shiftIn struct {
	Body struct {
		Days []shiftDay `json:"days" minItems:"1" maxItems:"1000"`
	}
}

// shiftDay is a day as it might become.
type shiftDay struct {
	Site  int64  `json:"site,omitempty" doc:"Absent: the whole district."`
	Date  string `json:"date" format:"date"`
	Clear bool   `json:"clear,omitempty" doc:"Nothing differs there any more."`
	Kind  string `json:"kind,omitempty" enum:"closed,half_day,late_start,hours" doc:"Unless clear."`
	Hours string `json:"hours,omitempty" maxLength:"200" doc:"Such as 08:00-11:30; absent if closed."`
	Name  string `json:"name,omitempty" maxLength:"200"`
}

type shiftOut struct {
	Body struct {
		Open    int         `json:"open" doc:"Clocks that run at these places."`
		Later   int         `json:"later"`
		Earlier int         `json:"earlier"`
		Lost    int         `json:"lost" doc:"Would find no open hours any more."`
		Missed  int         `json:"missed" doc:"Were missed already, and stay missed."`
		Sample  []shiftLine `json:"sample" doc:"Those that move most, as far as you may see them."`
	}
}

type shiftLine struct {
	Request int64      `json:"request"`
	Number  string     `json:"number"`
	Title   string     `json:"title"`
	Metric  string     `json:"metric" enum:"first,next,solve"`
	From    time.Time  `json:"from"`
	To      *time.Time `json:"to,omitempty" doc:"Absent: no open hours are left."`
}

// shift changes nothing: it answers what a change of days would do.
func (o operations) shift(ctx context.Context, in *shiftIn) (*shiftOut, error) {
	var cmd calendar.SetDays
	var bad errs.Check
	for _, d := range in.Body.Days {
		date, err := worktime.ParseDate(d.Date)
		if err != nil {
			bad.Fail("days", "field.bad_date")
		}
		c := calendar.DayChange{Site: district.SiteID(d.Site), Date: date, Clear: d.Clear}
		if !d.Clear {
			c.Day = calendar.Day{Kind: calendar.Kind(d.Kind), Name: d.Name}
			if d.Hours != "" {
				if c.Day.Hours, err = worktime.ParseSpans(d.Hours); err != nil {
					bad.Fail("days", "deskapi.hours")
				}
			}
		}
		cmd.Changes = append(cmd.Changes, c)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	s, err := o.desk.Shift(ctx, cmd)
	if err != nil {
		return nil, err
	}
	out := &shiftOut{}
	b := &out.Body
	b.Open, b.Later, b.Earlier, b.Lost, b.Missed, b.Sample = s.Open, s.Later, s.Earlier, s.Lost, s.Broken, []shiftLine{}
	for _, l := range s.Sample {
		b.Sample = append(b.Sample, shiftLine{int64(l.Ticket), l.Ticket.String(), l.Title, string(l.Metric), l.From, moment(l.To)})
	}
	return out, nil
}
