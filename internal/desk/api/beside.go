package api

import (
	"context"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/policy"
)

// What pages show beside a request: whom it would reach, and what else the
// same person asked for.

type expectIn struct {
	Site    int64  `query:"site" minimum:"0" doc:"Where; absent is nowhere in particular."`
	Service int64  `query:"service" minimum:"0"`
	Private string `query:"private" enum:"suspicious_mail,lost_device,privacy,safety"`
}

// Expected is whom somebody may expect.
type Expected struct {
	Team       string `json:"team,omitempty" doc:"Who takes it; absent of a private request."`
	Person     string `json:"person,omitempty" doc:"Whom to expect; absent if nobody can be named."`
	InBuilding bool   `json:"in_building"`
	Present    bool   `json:"present" doc:"false: nobody of the team is here; who stands in for it and its lead are told."`
}

func wireExpected(e desk.Expected) Expected {
	return Expected{e.Team, e.Person, e.InBuilding, e.Present}
}

type expectOut struct {
	Body struct {
		Expected
		MayStop   bool `json:"may_say_stopped" doc:"You may say that a class is stopped."`
		ForOthers bool `json:"may_ask_for_others" doc:"You may ask for somebody else."`
	}
}

func (o operations) expect(ctx context.Context, in *expectIn) (*expectOut, error) {
	e, err := o.desk.Expect(ctx, district.SiteID(in.Site), district.ServiceID(in.Service), desk.Private(in.Private))
	if err != nil {
		return nil, err
	}
	offer, out := desk.OfferTo(policy.ActorFrom(ctx)), &expectOut{}
	out.Body.Expected, out.Body.MayStop, out.Body.ForOthers = wireExpected(e), offer.Stopped, offer.Others
	return out, nil
}

type sentOut struct {
	Body struct {
		Expected
		Readers []string `json:"readers,omitempty" doc:"Of a private request: who alone saw it then, besides its requester."`
	}
}

func (o operations) sentTo(ctx context.Context, in *byID) (*sentOut, error) {
	s, err := o.desk.SentTo(ctx, ticketID(in.ID))
	if err != nil {
		return nil, err
	}
	out := &sentOut{}
	out.Body.Expected, out.Body.Readers = wireExpected(s.Expected), s.Readers
	return out, nil
}

type besideIn struct {
	ID    int64 `path:"id"`
	Limit int   `query:"limit" minimum:"1" maximum:"50" default:"10" doc:"How many at most."`
}

type besideOut struct {
	Body struct {
		Items []line `json:"items" doc:"The newest first."`
	}
}

func (o operations) earlier(ctx context.Context, in *besideIn) (*besideOut, error) {
	t, err := o.desk.FindTicket(ctx, ticketID(in.ID))
	if err != nil {
		return nil, err
	}
	list, err := o.desk.Earlier(ctx, t.Requester.ID, t.ID, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &besideOut{}
	out.Body.Items = wireLines(list)
	return out, nil
}
