package app

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"

	"trellis/internal/desk"
	deskapi "trellis/internal/desk/api"
	deskweb "trellis/internal/desk/web"
	"trellis/internal/district"
	districtapi "trellis/internal/district/api"
	"trellis/internal/district/frame"
	districtweb "trellis/internal/district/web"
	"trellis/internal/platform/api"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/obs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// Catalogue is every message of the program.
func Catalogue() (*i18n.Catalogue, error) {
	return i18n.NewCatalogue([]fs.FS{i18n.Messages, web.Messages, api.Messages, ui.Messages,
		district.Messages, frame.Messages, districtweb.Messages, desk.Messages, deskapi.Messages, deskweb.Messages, messages}...)
}

// mount builds the district's doors: pages, JSON, files and figures.
func (d *District) mount(ctx context.Context, o Options) error {
	var key []byte
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) { key, err = event.Key(tx, "cursors"); return err })
	if err != nil {
		return err
	}
	words, err := Catalogue()
	if err != nil {
		return fmt.Errorf("messages: %w", err)
	}
	words = words.WithLog(d.log)
	if o.Strict {
		words.Strict()
	}
	places := []frame.Place{
		{Key: "help", Message: "frame.place.help", Href: "/help", Icon: "life-buoy", Policy: policy.SignedIn, On: frame.OnHelp | frame.OnDesk},
		{Key: "requests", Message: "frame.place.requests", Href: "/help/requests", Icon: "inbox", Policy: policy.SignedIn, On: frame.OnHelp},
		{Key: "desk", Message: "frame.place.desk", Href: "/desk", Icon: "headphones", Policy: district.Helper, On: frame.OnHelp | frame.OnDesk},
	}
	f := frame.New(frame.Deps{
		District: d.District, Clock: d.clock, Places: places, DeskSearch: "/desk/search",
		Stream: func(context.Context) string { return "/stream?since=" + d.stream.Position() },
		Unread: d.unread, ReadOnly: d.DB.ReadOnly, Demo: o.Demo.bar(),
	})
	deps := web.Deps{Log: d.log, Clock: d.clock, Sessions: d.District, BaseURL: o.BaseURL, TrustedProxies: o.Proxies, Words: words, ErrorPage: f.ErrorPage}
	if o.Metrics != nil {
		deps.Observe = o.Metrics.HTTP
		d.drop = append(d.drop, o.Metrics.Add(obs.SourceFunc(d.figures)))
	}
	m := web.New(deps)
	d.Web = m
	m.Route("GET /{$}", policy.Public, d.front)
	m.Route("GET /static/{file...}", policy.Public, web.Plain(ui.Assets()), web.Bare(), web.Quiet())
	d.ready = obs.NewHealth(d.log)
	d.ready.Add("database", func(ctx context.Context) error {
		return d.DB.Read(ctx, func(tx *db.Tx) error { var one int; return tx.QueryRow(`SELECT 1`).Scan(&one) })
	})
	d.ready.Add("space", func(context.Context) error {
		if d.DB.ReadOnly() {
			return fmt.Errorf("read-only for want of disk space")
		}
		return nil
	})
	m.Route("GET /healthz", policy.Public, web.Plain(http.HandlerFunc(d.ready.Live)), web.Bare(), web.Quiet())
	m.Route("GET /readyz", policy.Public, web.Plain(http.HandlerFunc(d.ready.Ready)), web.Bare(), web.Quiet())

	districtweb.Register(m, districtweb.Deps{District: d.District, Frame: f, DB: d.DB, Private: private{d.Desk}, BaseURL: o.BaseURL, NoticeHref: noticeHref})
	deskweb.Register(m, deskweb.Deps{Desk: d.Desk, District: d.District, Frame: f, Stream: d.stream})
	a := api.New(api.Options{Mux: m, Tokens: district.TokenDoor{District: d.District}, Log: d.log, Clock: d.clock, Title: "Trellis", Version: "1",
		PerToken: web.Rate{PerSecond: o.TokenRate, Burst: int(10 * o.TokenRate)}})
	districtapi.Register(a, districtapi.Deps{District: d.District, DB: d.DB, Cursors: api.NewCursors(key), BaseURL: o.BaseURL})
	deskapi.Register(a, deskapi.Deps{Desk: d.Desk})
	if o.Demo != nil {
		o.Demo.mount(d, f)
	}
	return nil
}

// front sends people where they start: to set-up in a district that nobody
// has set up, to the desk who helps, to help everyone else.
func (d *District) front(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a := policy.ActorFrom(ctx)
	switch {
	case a.Kind != policy.Person:
		empty, err := d.District.NeedsSetUp(ctx)
		if err != nil {
			return err
		}
		if empty {
			return web.Redirect(w, r, "/setup")
		}
		return web.Redirect(w, r, "/sign-in")
	case district.Helper.Permits(a):
		return web.Redirect(w, r, "/desk")
	}
	return web.Redirect(w, r, "/help")
}

// unread counts the notices that the person in ctx has not read.
func (d *District) unread(ctx context.Context) (n int, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		n, err = notice.Unread(tx, policy.ActorFrom(ctx).Person)
		return err
	})
	return n, err
}

// figures are what an operator watches besides requests.
func (d *District) figures() []obs.Figure {
	s := d.DB.Stats()
	return []obs.Figure{
		{Name: "trellis_db_writes_total", Counter: true, Help: "Write functions that were committed.", Value: float64(s.Writes)},
		{Name: "trellis_db_commits_total", Counter: true, Help: "Commits that they shared (SQLite).", Value: float64(s.Groups)},
		{Name: "trellis_db_retries_total", Counter: true, Help: "Write functions that ran again.", Value: float64(s.Retries)},
		{Name: "trellis_db_reads_total", Counter: true, Help: "Read functions.", Value: float64(s.Reads)},
		{Name: "trellis_streams", Help: "Open event streams.", Value: float64(d.stream.Subscribers())},
	}
}

// noticeHref is where a notice about something leads.
func noticeHref(about event.Ref) string {
	if about.Kind == desk.SubjectTicket {
		return fmt.Sprintf("/r/%d", about.ID)
	}
	return ""
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
