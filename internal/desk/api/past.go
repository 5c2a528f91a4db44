package api

import (
	"context"
	"time"

	"trellis/internal/desk"
)

// pastOf is where a request comes from that another desk had.
type pastOf struct {
	Source string `json:"source" doc:"The log or export that it comes from."`
	Number string `json:"number" doc:"Its number there."`
	Zone   string `json:"zone,omitempty" doc:"Of its times; absent: local times of nobody knows where, as if they were UTC."`
	Status string `json:"status,omitempty" doc:"In the words of the other desk."`
	Impact string `json:"impact,omitempty" doc:"Likewise."`
	Team   string `json:"team,omitempty"`
	Owner  string `json:"owner,omitempty"`
	Open   bool   `json:"open" doc:"It was not solved when the record ends."`
}

func wirePast(p *desk.Past) *pastOf {
	if p == nil {
		return nil
	}
	return &pastOf{p.Source, p.Number, p.Zone, p.Status, p.Impact, p.Team, p.Owner, p.Open}
}

type pastRowsOut struct {
	Body struct {
		Rows []pastRow `json:"rows" doc:"Oldest first; empty for a request that was born here."`
	}
}

// pastRow is one line of what another desk recorded. What it didn't record is
// absent.
type pastRow struct {
	ID       int64      `json:"id"`
	At       *time.Time `json:"at,omitempty" doc:"As recorded; of a source without zones the local time as if it were UTC."`
	Status   string     `json:"status,omitempty" doc:"In the words of the other desk."`
	Sub      string     `json:"sub_status,omitempty"`
	State    string     `json:"state,omitempty" enum:"open,waiting,solved,closed" doc:"What the status means here; absent: nobody said."`
	Waiting  string     `json:"waiting_on,omitempty" enum:"requester,vendor,part,date,other"`
	Team     string     `json:"team,omitempty"`
	Person   string     `json:"person,omitempty"`
	Impact   string     `json:"impact,omitempty"`
	Priority string     `json:"priority,omitempty"`
	Place    string     `json:"place,omitempty"`
	Service  string     `json:"service,omitempty"`
	Opened   *time.Time `json:"opened,omitempty"`
	First    *time.Time `json:"first_answered,omitempty"`
	Solved   *time.Time `json:"solved,omitempty"`
	Closed   *time.Time `json:"closed,omitempty"`
	Removed  bool       `json:"removed" doc:"It was taken out and counts no more."`
}

func (o operations) pastRows(ctx context.Context, in *byID) (*pastRowsOut, error) {
	rows, err := o.desk.PastRows(ctx, ticketID(in.ID))
	if err != nil {
		return nil, err
	}
	out := &pastRowsOut{}
	out.Body.Rows = make([]pastRow, len(rows))
	for i, r := range rows {
		out.Body.Rows[i] = pastRow{int64(r.ID), moment(r.At), r.Status, r.Sub, string(r.State), r.Waiting, r.Team, r.Person, r.Impact, r.Priority, r.Place, r.Service,
			moment(r.Opened), moment(r.First), moment(r.Solved), moment(r.Closed), r.Removed}
	}
	return out, nil
}

type pastRowIn struct {
	ID  int64 `path:"id"`
	Row int64 `path:"row"`
}

func (o operations) removePastRow(ctx context.Context, in *pastRowIn) (*changedOut, error) {
	return answer(o.desk.RemovePastRow(ctx, ticketID(in.ID), desk.PastRowID(in.Row)))
}

func (o operations) restorePastRow(ctx context.Context, in *pastRowIn) (*changedOut, error) {
	return answer(o.desk.RestorePastRow(ctx, ticketID(in.ID), desk.PastRowID(in.Row)))
}
