package web

import (
	"context"
	"net/http"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

const (
	didWay    = "on_my_way"
	didHelped = "helped"

	// usualWay is how many minutes away somebody is who says so with one press.
	usualWay = 5
)

// ways are the other ways, in minutes.
var ways = []int{2, 10, 20}

// comeView are the forms of somebody who goes there.
type comeView struct {
	way, helped            ui.FormProps
	at, text               string
	wayError               string
	planned                bool // nobody runs to a plan
	helpedError, textError string
}

// wayLabel is the words of the button that says how far somebody is.
func wayLabel(ctx context.Context, n int) string { return i18n.T(ctx, "deskui.way", "Minutes", n) }

// promisesPath is where a request's promises are explained.
func promisesPath(id desk.TicketID) string { return RequestPath(id) + "/promises" }

// tellPromises reads the clocks of a request for their words.
func (s *pages) tellPromises(at times, t desk.Ticket) (*promiseTeller, error) {
	clocks, err := s.desk.Explain(at.ctx, t.ID)
	return &promiseTeller{at: at, ticket: t, clocks: clocks}, err
}

// due is the property that says what is due next.
func (p *paneMaker) due() (dueView, error) {
	s, err := p.tellPromises(p.at, p.t)
	if err != nil {
		return dueView{}, err
	}
	v := dueView{clocks: s.views(), page: promisesPath(p.t.ID) + p.list.query("in", nil)}
	v.text, v.late = s.promised()
	return v, nil
}

// come are the forms of whoever may go there, nil for whom may not.
func (p *paneMaker) come() *comeView {
	t := p.t
	if !t.May(desk.ActOnMyWay) || t.Asks {
		return nil
	}
	v := &comeView{
		way: p.form("on-my-way", pane), helped: p.form("helped", pane),
		at: p.at.now.In(p.at.zone).Format(localTime),
	}
	v.way.Class, v.way.ID, v.helped.ID = "bare", "way-form", "helped-form"
	v.planned = t.Kind == desk.Plan
	if failed, _ := p.d.of("way"); failed != nil {
		v.wayError = or(failed.Field("minutes"), failed.Text)
	}
	if failed, form := p.d.of("helped"); failed != nil {
		v.at, v.text = form.String("helped_at"), form.Text("text")
		v.textError, v.helpedError = failed.Field("text"), failed.Field("helped_at")
		if v.textError == "" {
			v.helpedError = or(v.helpedError, failed.Text)
		}
	}
	return v
}

// onMyWay tells the asking side that the actor is coming.
func (s *pages) onMyWay(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "way", didWay, func(ctx context.Context, number desk.TicketID, f sent) error {
		n := f.Int("minutes")
		if err := f.Err(); err != nil {
			return err
		}
		_, err := s.desk.OnMyWay(ctx, number, int(n))
		return err
	})
}

// helped writes down help that was given in the room.
func (s *pages) helped(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "helped", didHelped, func(ctx context.Context, number desk.TicketID, f sent) error {
		at, err := localInstant(f.Form, "helped_at", s.frame.Zone(ctx))
		if err != nil {
			return err
		}
		t, err := s.desk.FindTicket(ctx, number)
		if err != nil {
			return err
		}
		// The field has no seconds: the minute of the request is after it.
		if at.Before(t.Created) && t.Created.Sub(at) < time.Minute {
			at = t.Created
		}
		_, err = s.desk.LogHelp(ctx, number, at, words(ctx, f))
		return err
	})
}

// localTime is how a date-and-time field writes its value.
const localTime = "2006-01-02T15:04"

// localInstant is what somebody means by a time in their zone, zero if the
// field is empty.
func localInstant(f *web.Form, name string, zone *time.Location) (time.Time, error) {
	v := f.String(name)
	if v == "" {
		return time.Time{}, nil
	}
	at, err := time.ParseInLocation(localTime, v[:min(len(v), len(localTime))], zone)
	if err != nil {
		var in errs.Check
		in.Fail(name, "field.bad_time")
		return at, in.Err()
	}
	return at, nil
}

// promisePageView is a page about the promises of one request.
type promisePageView struct {
	number, title, lang string
	text                string
	clocks              []clockView
	asOf                string
}

// promises explains what was promised on a request and how it is counted, for
// everybody who may see it.
func (s *pages) promises(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	number, err := ticketID(r)
	if err != nil {
		return err
	}
	t, err := s.desk.FindTicket(ctx, number)
	if err != nil {
		return err
	}
	at := s.times(ctx)
	tell, err := s.tellPromises(at, t)
	if err != nil {
		return err
	}
	v := promisePageView{number: t.ID.String(), title: t.Title, lang: t.Lang, clocks: tell.views(),
		asOf: i18n.T(ctx, "request.promise.as_of", "When", i18n.DateTime(ctx, at.now, at.zone))}
	v.text, _ = tell.promised()
	back := RequestPath(t.ID)
	if t.Works {
		back += listingFrom(r, "in").query("in", nil)
	}
	return s.frame.Help(w, r, frame.View{
		Title: i18n.T(ctx, "request.promise.title") + ": " + t.Title, Place: "requests",
		Back: &ui.Link{Text: i18n.T(ctx, "request.promise.back"), Href: back},
	}, promisePage(v))
}
