package app

import (
	"context"
	"fmt"
	"net/http"

	deskweb "trellis/internal/desk/web"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	steerweb "trellis/internal/loop/steer/web"
	"trellis/internal/platform/api"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/obs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

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
	if o.Tongues {
		words.WithPseudo()
	}
	f := frame.New(frame.Deps{
		District: d.District, Clock: d.clock, Places: places(), DeskSearch: deskweb.SearchPath,
		Stream: func(context.Context) string { return deskweb.StreamPath + "?since=" + d.stream.Position() },
		Unread: frame.Unread(d.DB), ReadOnly: d.DB.ReadOnly, Demo: o.Demo.bar(),
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

	in := doors{Mux: m, Frame: f, Cursors: api.NewCursors(key), BaseURL: o.BaseURL}
	in.API = api.New(api.Options{Mux: m, Tokens: district.TokenDoor{District: d.District}, Log: d.log, Clock: d.clock, Title: "Trellis", Version: "1",
		PerToken: web.Rate{PerSecond: o.TokenRate, Burst: int(10 * o.TokenRate)}})
	for _, room := range modules() {
		if room.Pages != nil {
			room.Pages(d, in)
		}
		if room.API != nil {
			room.API(d, in)
		}
	}
	if o.Demo != nil {
		o.Demo.mount(d, f)
	}
	return nil
}

// front sends people where they start: to set-up in a district that nobody
// has set up; who leads to how the week goes, in the district or at their
// school; to the desk who helps, to help everyone else.
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
	case a.HasRoleIn(0, district.RoleDirector):
		return web.Redirect(w, r, steerweb.WeekPath)
	case district.Helper.Permits(a):
		return web.Redirect(w, r, "/desk")
	case leadsSchool.Permits(a):
		return web.Redirect(w, r, steerweb.PlacesPath)
	case district.Overseer.Permits(a):
		return web.Redirect(w, r, steerweb.WeekPath)
	}
	return web.Redirect(w, r, "/help")
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
