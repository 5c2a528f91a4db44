package app

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"trellis/internal/desk"
	deskapi "trellis/internal/desk/api"
	"trellis/internal/desk/flow"
	"trellis/internal/desk/past"
	pastweb "trellis/internal/desk/past/web"
	deskweb "trellis/internal/desk/web"
	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/district/frame"
	districtweb "trellis/internal/district/web"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/job"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

// deskModule is the desk: requests, from "I need help" to "that fixed it".
func deskModule() module {
	return module{
		Name:     "desk",
		Schema:   desk.Migrations,
		Messages: []fs.FS{desk.Messages, past.Messages, pastweb.Messages, deskapi.Messages, deskweb.Messages},
		Open: func(d *District) {
			d.Desk = desk.New(desk.Deps{DB: d.DB, Blobs: d.Blobs, People: people{d.Cover}, Log: d.log})
			d.District.Holds(d.Desk) // who leaves and what closes hands over
			d.Flow = flow.New(flow.Deps{DB: d.DB})
			d.Past = past.New(past.Deps{DB: d.DB, Blobs: d.Blobs, Flow: d.Flow, Folder: d.Folder, Log: d.log})
		},
		Places: []frame.Place{
			{Key: "help", Message: "frame.place.help", Href: deskweb.HelpPath, Icon: "life-buoy", Policy: policy.SignedIn, On: frame.OnHelp | frame.OnDesk},
			{Key: "requests", Message: "frame.place.requests", Href: deskweb.RequestsPath, Icon: "inbox", Policy: policy.SignedIn, On: frame.OnHelp},
			{Key: "desk", Message: "frame.place.desk", Href: deskweb.DeskPath, Icon: "headphones", Policy: district.Helper, On: frame.OnHelp | frame.OnDesk},
		},
		Pages: func(d *District, in doors) {
			deskweb.Register(in.Mux, deskweb.Deps{Desk: d.Desk, District: d.District, Frame: in.Frame, Stream: d.stream,
				SettingsTabs: districtweb.SettingsTabs(d.settings(), "promises")})
			pastweb.Register(in.Mux, pastweb.Deps{Past: d.Past, Frame: in.Frame, FlowHref: "/steer/flow", SearchHref: deskweb.SearchPath,
				SettingsTabs: districtweb.SettingsTabs(d.settings(), "past")})
		},
		API: func(d *District, in doors) {
			deskapi.Register(in.API, deskapi.Deps{Desk: d.Desk, Past: d.Past, Cursors: in.Cursors})
		},
		NoticeHref: func(about event.Ref) string {
			switch about.Kind {
			case desk.SubjectTicket:
				return deskweb.RequestPath(desk.TicketID(about.ID))
			case "team": // told that new requests wait there, for somebody to take them
				return deskweb.DeskPath + "/unassigned"
			case "private": // told that who takes care of a kind of private request changed
				return deskweb.DeskPath + "/private"
			}
			return ""
		},
		Settings: []districtweb.Section{
			{Key: "promises", Href: deskweb.PromisesPath, Title: "promises.title", Text: "app.settings.promises", Icon: "clock"},
			{Key: "past", Href: pastweb.Path, Title: "pastui.title", Text: "app.settings.past", Icon: "history"},
		},
		Changes: deskweb.Changes,
		Private: func(d *District) districtweb.Private { return private{d.Desk} },
		Jobs: func(d *District, r *job.Runner) {
			d.Desk.RegisterJobs(r)
			d.Past.RegisterJobs(r)
		},
		Watchers: func(d *District) []event.Watcher { return []event.Watcher{d.Flow.Watcher()} },
		Due: &due{
			Next: func(ctx context.Context, d *District) (time.Time, error) { return d.Desk.NextDue(ctx) },
			Do:   func(ctx context.Context, d *District) error { return d.Desk.Sweep(ctx) },
		},
		Tidy: func(ctx context.Context, d *District) error {
			_, err := d.Desk.SweepFiles(ctx)
			return err
		},
		Blobs: func(tx *db.Tx, f func(hash string)) error {
			if err := desk.EachBlob(tx, f); err != nil {
				return err
			}
			return past.EachBlob(tx, f)
		},
	}
}

// people tells the desk who acts for whom, and when.
type people struct{ cover *cover.Cover }

func (p people) StandIn(tx *db.Tx, person district.PersonID, at time.Time) (district.PersonID, error) {
	s, err := cover.StandIn(tx, person, at)
	return s.Person, err // 0 where nobody acts
}

func (p people) CoveredBy(tx *db.Tx, person district.PersonID, at time.Time) ([]desk.Covering, error) {
	list, err := cover.CoveredBy(tx, person, at)
	out := make([]desk.Covering, 0, len(list))
	for _, c := range list {
		out = append(out, desk.Covering{Person: desk.Person{ID: c.For, Name: c.Name}, Until: c.Until})
	}
	return out, err
}

func (p people) Hours(tx *db.Tx, person district.PersonID, at time.Time) (open bool, next time.Time, err error) {
	cal, err := p.cover.HoursOf(tx, person)
	var none *worktime.Problem
	switch {
	case errs.Is(err, errs.NotFound), errors.As(err, &none): // has left, or a contract without a day left in it
		return false, time.Time{}, nil
	case err != nil:
		return false, time.Time{}, err
	case cal.Open(at):
		return true, at, nil
	}
	if next, err = cal.Next(at); err != nil { // no hours from here on
		return false, time.Time{}, nil
	}
	return false, next, nil
}

// private lets the settings name people for the desk's private kinds.
type private struct{ desk *desk.Desk }

func (p private) PrivateKinds(ctx context.Context) ([]districtweb.PrivateKind, error) {
	list, err := p.desk.NamedPeople(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]districtweb.PrivateKind, 0, len(list))
	for _, n := range list {
		out = append(out, districtweb.PrivateKind{Key: string(n.Kind), Message: "desk.private." + string(n.Kind), People: n.People, Fallback: n.Fallback})
	}
	return out, nil
}

func (p private) NamePeople(ctx context.Context, kind string, people []district.PersonID) error {
	return p.desk.SetNamed(ctx, desk.Private(kind), people)
}
