package api

import (
	"context"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/api"
)

type requestOut struct {
	api.Versioned
	Body request
}

func (o operations) get(ctx context.Context, in *byID) (*requestOut, error) {
	t, err := o.desk.FindTicket(ctx, ticketID(in.ID))
	if err != nil {
		return nil, err
	}
	out := &requestOut{api.AtVersion(t.Version), wireTicket(t)}
	if out.Body.Before, err = o.before(ctx, t.ID, t.Messages, t.Earlier); err != nil {
		return nil, err
	}
	if t.Inside != nil {
		out.Body.NotesBefore, err = o.notesBefore(ctx, t.ID, t.Inside.Notes, t.Inside.EarlierNotes)
	}
	return out, err
}

type listIn struct {
	View    string `query:"view" enum:"mine,places,unassigned,following,private,late" doc:"Which list; places if absent."`
	State   string `query:"state" enum:"open,waiting,solved,closed" doc:"open if absent."`
	Site    int64  `query:"site"`
	Service int64  `query:"service"`
	Sort    string `query:"sort" enum:"turn,due,newest,next" doc:"turn: the most urgent first, then the oldest; due: what is due first, then what nothing is due for."`
	api.PageIn
}

type listOut struct{ Body api.Page[line] }

func (o operations) list(ctx context.Context, in *listIn) (*listOut, error) {
	name := listName(ctx, "requests %s %s %d %d %s", in.View, in.State, in.Site, in.Service, in.Sort)
	q := desk.Query{View: desk.View(in.View), State: desk.State(in.State), Site: district.SiteID(in.Site),
		Service: district.ServiceID(in.Service), Sort: desk.Sort(in.Sort), Limit: in.Limit}
	if err := o.cursors.Decode(name, in.Cursor, &q.Cursor); err != nil {
		return nil, err
	}
	p, err := o.desk.ListTickets(ctx, q)
	if err != nil {
		return nil, err
	}
	next, err := o.next(name, p.Next)
	return &listOut{api.Page[line]{Items: wireLines(p.Items), Next: next}}, err
}

type mineIn struct {
	Cursor string `query:"cursor" maxLength:"1000" doc:"Next of the page before; it continues the solved ones."`
}

type mineOut struct {
	Body struct {
		NeedsYou   []line `json:"needs_you"`
		InProgress []line `json:"in_progress"`
		Solved     []line `json:"solved"`
		Next       string `json:"next,omitempty"`
	}
}

func (o operations) mine(ctx context.Context, in *mineIn) (*mineOut, error) {
	name, after := listName(ctx, "mine"), ""
	if err := o.cursors.Decode(name, in.Cursor, &after); err != nil {
		return nil, err
	}
	r, err := o.desk.MyRequests(ctx, after)
	if err != nil {
		return nil, err
	}
	out := &mineOut{}
	out.Body.NeedsYou, out.Body.InProgress, out.Body.Solved = wireLines(r.NeedsYou), wireLines(r.InProgress), wireLines(r.Solved)
	out.Body.Next, err = o.next(name, r.Next)
	return out, err
}

type countsOut struct {
	Body struct {
		Mine       int64 `json:"mine"`
		Places     int64 `json:"places"`
		Unassigned int64 `json:"unassigned"`
		Stopped    int64 `json:"stopped"`
		Waiting    int64 `json:"waiting"`
		Following  int64 `json:"following"`
		Private    int64 `json:"private"`
		Late       int64 `json:"late" doc:"Of places, those with a promise past its time."`
	}
}

func (o operations) counts(ctx context.Context, _ *struct{}) (*countsOut, error) {
	c, err := o.desk.Counts(ctx)
	if err != nil {
		return nil, err
	}
	out := &countsOut{}
	b := &out.Body
	b.Mine, b.Places, b.Unassigned, b.Stopped, b.Waiting, b.Following, b.Private, b.Late = c.Mine, c.Places, c.Unassigned, c.Stopped, c.Waiting, c.Following, c.Private, c.Late
	return out, nil
}

type searchIn struct {
	Text   string `query:"q" required:"true" maxLength:"400" doc:"Words, or a number like R-4821."`
	Cursor string `query:"cursor" maxLength:"1000" doc:"Next of the page before."`
}

type searchOut struct {
	Body struct {
		Items []line `json:"items"`
		Total int64  `json:"total" doc:"How many you may see, up to 1000."`
		Next  string `json:"next,omitempty"`
	}
}

func (o operations) search(ctx context.Context, in *searchIn) (*searchOut, error) {
	name, after := listName(ctx, "search %q", in.Text), ""
	if err := o.cursors.Decode(name, in.Cursor, &after); err != nil {
		return nil, err
	}
	f, err := o.desk.Search(ctx, in.Text, after)
	if err != nil {
		return nil, err
	}
	out := &searchOut{}
	out.Body.Items, out.Body.Total = wireLines(f.Items), f.Total
	out.Body.Next, err = o.next(name, f.Next)
	return out, err
}
