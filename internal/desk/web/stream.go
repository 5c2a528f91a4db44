package web

import (
	"context"
	"net/http"
	"strconv"

	"trellis/internal/desk"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// Kinds of change on the stream: what everybody on a request may notice, and
// all that happens to it, for those who work on it.
const (
	changeForAll  = "ticket"
	changeForDesk = "ticket.inside"
)

// Changes are what browsers are told about an event: nothing if it is about no
// request. The version is the instant of the event, in microseconds: numbers
// of events would tell how much happens that the listener may not see.
func Changes(e event.Event) []web.Change {
	number, inside, ok := desk.About(e)
	if !ok {
		return nil
	}
	at := e.At.UnixMicro()
	out := []web.Change{{Kind: changeForDesk, ID: int64(number), Version: at}}
	if !inside {
		out = append(out, web.Change{Kind: changeForAll, ID: int64(number), Version: at})
	}
	return out
}

// listen is the event stream of one browser. Each change is named only to who
// may see the request at that moment.
func (s *pages) listen(w http.ResponseWriter, r *http.Request) error {
	session := strconv.FormatInt(policy.ActorFrom(r.Context()).Session, 10)
	return s.stream.Serve(w, r, web.Subscriber{
		Session: session,
		Filter:  s.mayHear,
		Recheck: func(ctx context.Context) (context.Context, error) {
			a, _, err := s.mux.Session(r)
			if err != nil {
				return ctx, err
			}
			if a.Kind != policy.Person {
				return ctx, errs.E(errs.Unauthenticated, "error.unauthenticated")
			}
			a.Door = policy.DoorWeb
			return policy.WithActor(ctx, a), nil
		},
	})
}

func (s *pages) mayHear(ctx context.Context, c web.Change) bool {
	seen, err := s.desk.Visible(ctx, []desk.TicketID{desk.TicketID(c.ID)})
	if err != nil {
		return false
	}
	sight, ok := seen[desk.TicketID(c.ID)]
	switch c.Kind {
	case changeForAll:
		return ok
	case changeForDesk:
		return ok && sight.Works
	}
	return false
}
