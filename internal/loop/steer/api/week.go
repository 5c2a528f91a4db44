package api

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/loop/steer"
	"trellis/internal/platform/api"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/worktime"
)

// weekDoors declares the operations about a week.
func (o operations) weekDoors(a *api.API) {
	tag := []string{"steer"}
	api.Operation(a, api.Op{OperationID: "get-week", Method: "GET", Path: "/steer/week", Tags: tag,
		Summary: "How a week goes, by place and service, private requests left out"}, district.Overseer.WithScope(district.ScopeDeskRead), o.week)
	api.Operation(a, api.Op{OperationID: "get-place-week", Method: "GET", Path: "/places/{id}/week", Tags: tag,
		Summary: "How a week goes at one place that you help at or lead, private requests left out"}, district.PlaceReader.WithScope(district.ScopeDeskRead), o.placeWeek)
}

// WeekIn says which week.
type WeekIn struct {
	Week string `query:"week" format:"date" doc:"Any day of the week; if absent this one, or the last one with a school day."`
}

type placeWeekIn struct {
	ID int64 `path:"id" minimum:"1" doc:"The id of the place."`
	WeekIn
}

// weekCount is a number of requests. It is missing where it may not be told.
type weekCount struct {
	N        *int64   `json:"n,omitempty" doc:"Missing if fewer than ten people, or nobody, stand behind it and you don't work on the requests yourself, or if the place has fewer than five people."`
	Rate     *float64 `json:"per_100_people,omitempty"`
	Low      *int64   `json:"usual_low,omitempty" doc:"10th percentile of the school weeks before, as far into the week; missing with fewer than six of them."`
	High     *int64   `json:"usual_high,omitempty" doc:"90th percentile, likewise."`
	Above    bool     `json:"above_usual,omitempty" doc:"At least five, and more than usual_high."`
	Rounded  bool     `json:"rounded,omitempty" doc:"To tens; 0 is fewer than ten."`
	Withheld string   `json:"withheld,omitempty" enum:"small,hidden" doc:"Why n is missing."`
}

type weekKept struct {
	Kept     *int64   `json:"kept,omitempty"`
	Missed   *int64   `json:"missed,omitempty"`
	Usual    *float64 `json:"usual_share,omitempty" doc:"The share kept in the median week before."`
	Slow     bool     `json:"slow,omitempty" doc:"Fewer were kept than usual."`
	Rounded  bool     `json:"rounded,omitempty"`
	Withheld string   `json:"withheld,omitempty" enum:"hidden"`
}

type weekOpen struct {
	Todo     *int64 `json:"todo,omitempty"`
	Waiting  *int64 `json:"waiting,omitempty"`
	Late     *int64 `json:"late,omitempty" doc:"Of todo, a promise is past its time. Missing for who doesn't work on the requests."`
	Rounded  bool   `json:"rounded,omitempty"`
	Withheld string `json:"withheld,omitempty" enum:"hidden"`
}

type weekCell struct {
	Service int64 `json:"service" doc:"0: none was named."`
	weekCount
}

type weekPlace struct {
	ID       int64      `json:"id"`
	Name     string     `json:"name"`
	People   int64      `json:"people" doc:"Students and staff."`
	Requests weekCount  `json:"requests"`
	Promises weekKept   `json:"promises"`
	Open     weekOpen   `json:"open"`
	Services []weekCell `json:"services"`
}

type weekService struct {
	ID       int64     `json:"id" doc:"0: none was named."`
	Name     string    `json:"name,omitempty"`
	Requests weekCount `json:"requests"`
}

type weekStory struct {
	Plot    string  `json:"plot" enum:"nothing,outbreak,cell,service,place,total,slow,early,quiet,normal"`
	Text    string  `json:"text" doc:"The sentence, in your language."`
	Service *int64  `json:"service,omitempty"`
	Places  []int64 `json:"places,omitempty"`
	Times   int     `json:"times,omitempty" doc:"How often the usual number; 11 for more than ten times."`
}

type weekOut struct {
	Body struct {
		From     string        `json:"from" doc:"Monday."`
		To       string        `json:"to" doc:"Sunday."`
		Running  bool          `json:"running" doc:"The week is not over."`
		History  int           `json:"history" doc:"How many school weeks it is held against."`
		Story    weekStory     `json:"story"`
		Requests weekCount     `json:"requests"`
		Promises weekKept      `json:"promises"`
		Open     weekOpen      `json:"open"`
		Services []weekService `json:"services"`
		Places   []weekPlace   `json:"places"`
	}
}

func (o operations) week(ctx context.Context, in *WeekIn) (*weekOut, error) {
	return o.look(ctx, 0, in.Week)
}

func (o operations) placeWeek(ctx context.Context, in *placeWeekIn) (*weekOut, error) {
	return o.look(ctx, district.SiteID(in.ID), in.Week)
}

func (o operations) look(ctx context.Context, site district.SiteID, week string) (*weekOut, error) {
	var day worktime.Date
	if week != "" {
		var err error
		if day, err = worktime.ParseDate(week); err != nil {
			var in errs.Check
			in.Fail("week", "field.bad_date")
			return nil, in.Err()
		}
	}
	read, err := o.weeks.Week(ctx, site, day)
	if err != nil {
		return nil, err
	}
	w := steer.Look(read)
	out := &weekOut{}
	b := &out.Body
	b.From, b.To, b.Running, b.History = w.Monday.String(), w.Sunday.String(), w.Running, w.History
	b.Story = weekStory{Plot: string(w.Story.Plot), Text: w.Sentence(ctx).Text, Times: w.Story.Times}
	if s := w.Story.Service; s != nil {
		id := int64(s.ID)
		b.Story.Service = &id
	}
	for _, p := range w.Story.Places {
		b.Story.Places = append(b.Story.Places, int64(p.ID))
	}
	b.Requests, b.Promises, b.Open = wireCount(w.Whole.All), wireKept(w.Whole.Kept), wireOpen(w.Whole)
	b.Services, b.Places = []weekService{}, []weekPlace{}
	for _, c := range w.Columns {
		b.Services = append(b.Services, weekService{int64(c.ID), c.Name, wireCount(c.All)})
	}
	for _, r := range w.Rows {
		p := weekPlace{ID: int64(r.Site.ID), Name: r.Site.Name, People: r.People, Requests: wireCount(r.All), Promises: wireKept(r.Kept), Open: wireOpen(r.Line), Services: []weekCell{}}
		for i, c := range r.Cells {
			p.Services = append(p.Services, weekCell{int64(w.Columns[i].ID), wireCount(c)})
		}
		b.Places = append(b.Places, p)
	}
	return out, nil
}

func wireCount(c steer.Cell) weekCount {
	if c.Veil != steer.Shown {
		return weekCount{Withheld: string(c.Veil)}
	}
	out := weekCount{N: &c.N, Rate: &c.Rate, Above: c.Mark, Rounded: c.Round}
	if c.Known {
		out.Low, out.High = &c.Low, &c.High
	}
	return out
}

func wireKept(k steer.Kept) weekKept {
	if k.Veil != steer.Shown {
		return weekKept{Withheld: string(k.Veil)}
	}
	out := weekKept{Kept: &k.Kept, Missed: &k.Missed, Slow: k.Slow, Rounded: k.Round}
	if k.Known {
		out.Usual = &k.Usual
	}
	return out
}

func wireOpen(l steer.Line) weekOpen {
	if l.OpenOff != steer.Shown {
		return weekOpen{Withheld: string(l.OpenOff)}
	}
	out := weekOpen{Todo: &l.Open.Todo, Waiting: &l.Open.Waiting, Rounded: l.Round}
	if !l.Round {
		out.Late = &l.Open.Late
	}
	return out
}
