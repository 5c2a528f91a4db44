package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// scope is for what promises are set: a place, a service, both or neither.
type scope struct {
	site    district.SiteID
	service district.ServiceID
}

func (c scope) path(more url.Values) string {
	v := url.Values{}
	for k, list := range more {
		v[k] = list
	}
	if c.site != 0 {
		v.Set("site", id(c.site))
	}
	if c.service != 0 {
		v.Set("service", id(c.service))
	}
	if len(v) == 0 {
		return PromisesPath
	}
	return PromisesPath + "?" + v.Encode()
}

func scopeOf(f *web.Form) scope {
	return scope{district.SiteID(f.ID("site")), district.ServiceID(f.ID("service"))}
}

// settingsView is the page on which promises are set.
type settingsView struct {
	tabs     []ui.Tab
	scope    scope
	name     string // of the scope
	own      bool   // something was set for exactly this
	everyone bool   // the scope is the whole district
	form     ui.FormProps
	kinds    []kindView
	drop     *ui.FormProps // nil where there is nothing to take back
	others   []ui.LinkItem // what else was set
	sites    []ui.Option
	services []ui.Option
	alarms   []alarmsView
	running  string
	behind   string // "" when all clocks are computed
	failed   *frame.Failure
}

// kindView is what is promised for one kind of trouble.
type kindView struct {
	impact  desk.Impact
	version int64
	fields  []ui.FieldProps
}

func versionField(i desk.Impact) string { return "version_" + string(i) }
func spanField(i desk.Impact, m desk.Metric) string {
	return string(i) + "_" + string(m)
}

func (s *pages) promiseSettings(w http.ResponseWriter, r *http.Request) error {
	q := web.Query(r)
	c := scopeOf(q)
	if err := q.Err(); err != nil {
		return errs.E(errs.NotFound, "error.not_found")
	}
	return s.drawPromises(w, r, c, nil, nil)
}

// holding is what holds for a scope, and whether it was set for exactly that.
func holding(set []desk.Promise, i desk.Impact, c scope) (p desk.Promise, own bool) {
	best := -1
	for _, x := range set {
		if x.Impact != i || x.Site != 0 && x.Site != c.site || x.Service != 0 && x.Service != c.service {
			continue
		}
		near := 0
		if x.Service != 0 {
			near += 2
		}
		if x.Site != 0 {
			near++
		}
		if near > best {
			best, p = near, x
		}
	}
	return p, p.Version != 0 && p.Site == c.site && p.Service == c.service
}

// drawPromises draws the page; typed is a form that comes back.
func (s *pages) drawPromises(w http.ResponseWriter, r *http.Request, c scope, typed *web.Form, failed *frame.Failure) error {
	ctx := r.Context()
	set, err := s.desk.Promises(ctx)
	if err != nil {
		return err
	}
	v := settingsView{scope: c, everyone: c == scope{}, failed: failed}
	if s.tabs != nil {
		v.tabs = s.tabs(ctx)
	}
	sites, err := s.district.Sites(ctx, true)
	if err != nil {
		return err
	}
	services, err := s.district.Services(ctx, true)
	if err != nil {
		return err
	}
	names := scopeNames{ctx, map[district.SiteID]string{}, map[district.ServiceID]string{}}
	v.sites = []ui.Option{{Text: i18n.T(ctx, "promises.scope.any_site")}}
	for _, x := range sites {
		names.site[x.ID] = x.Name
		if x.Active {
			v.sites = append(v.sites, ui.Option{Value: id(x.ID), Text: x.Name})
		}
	}
	v.services = []ui.Option{{Text: i18n.T(ctx, "promises.scope.any_service")}}
	for _, x := range services {
		names.service[x.ID] = x.Name
		if x.Active {
			v.services = append(v.services, ui.Option{Value: id(x.ID), Text: x.Name})
		}
	}
	if c.site != 0 && names.site[c.site] == "" || c.service != 0 && names.service[c.service] == "" {
		return errs.E(errs.NotFound, "error.not_found")
	}
	v.name = names.of(c)
	v.form = frame.Form(ui.FormProps{ID: "promises", Action: c.path(nil)})
	for _, i := range desk.Promised {
		p, own := holding(set, i, c)
		v.own = v.own || own
		v.kinds = append(v.kinds, s.kindView(ctx, p, i, own, typed, failed))
	}
	if v.own {
		f := frame.Form(ui.FormProps{ID: "drop", Action: PromisesPath + "/drop", Class: "bare",
			Hidden: []ui.Pair{{Name: "site", Value: id(c.site)}, {Name: "service", Value: id(c.service)}}})
		v.drop = &f
	}
	v.others = others(ctx, set, c, names)
	if v.alarms, err = s.alarmViews(ctx, typed, failed); err != nil {
		return err
	}
	running, err := s.desk.RunningClocks(ctx)
	if err != nil {
		return err
	}
	v.running = i18n.T(ctx, "promises.changes.running", "Count", running)
	behind, err := s.desk.Unwound(ctx)
	if err != nil {
		return err
	}
	if behind > 0 {
		v.behind = i18n.T(ctx, "promises.changes.behind", "Count", behind)
	}
	done := ""
	switch web.Query(r).String("done") {
	case "saved":
		done = i18n.T(ctx, "promises.done.saved")
	case "dropped":
		done = i18n.T(ctx, "promises.done.dropped")
	}
	return s.frame.Desk(w, r, frame.View{Title: i18n.T(ctx, "promises.title"), Failed: failed, Done: done}, promiseSettingsPage(v))
}

// kindView are the fields of one kind of trouble, with what was typed.
func (s *pages) kindView(ctx context.Context, p desk.Promise, i desk.Impact, own bool, typed *web.Form, failed *frame.Failure) kindView {
	k := kindView{impact: i}
	if own {
		k.version = p.Version
	}
	for _, m := range desk.Metrics {
		name := spanField(i, m)
		f := ui.FieldProps{Name: name, Label: i18n.T(ctx, "promises.field."+string(m)), Value: spanText(p.Of(m)), Autocomplete: "off", Error: failed.Field(name)}
		if typed != nil && typed.Has(name) {
			f.Value = typed.String(name)
			if failed.Stale() && f.Value != spanText(p.Of(m)) {
				failed.Note(ctx, name, spanText(p.Of(m)))
				f.Error = failed.Field(name)
			}
		}
		k.fields = append(k.fields, f)
	}
	return k
}

// scopeNames words scopes.
type scopeNames struct {
	ctx     context.Context
	site    map[district.SiteID]string
	service map[district.ServiceID]string
}

func (n scopeNames) of(c scope) string {
	if c == (scope{}) {
		return i18n.T(n.ctx, "promises.scope.all")
	}
	return joined(" · ", n.site[c.site], n.service[c.service])
}

// others are the scopes for which something was set, and the whole district.
func others(ctx context.Context, set []desk.Promise, now scope, names scopeNames) []ui.LinkItem {
	list := []scope{{}}
	for _, p := range set {
		list = append(list, scope{p.Site, p.Service})
	}
	slices.SortStableFunc(list, func(a, b scope) int {
		return cmp.Or(cmp.Compare(min(int64(a.site)+int64(a.service), 1), min(int64(b.site)+int64(b.service), 1)), strings.Compare(names.of(a), names.of(b)))
	})
	var out []ui.LinkItem
	for _, c := range slices.Compact(list) {
		if c != now {
			out = append(out, ui.LinkItem{Href: c.path(nil), Title: names.of(c)})
		}
	}
	return out
}

// changePromises saves what differs from what holds. What was set for a place
// or service is set for every kind, so that no later change elsewhere moves it.
func (s *pages) changePromises(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	q := web.Query(r)
	c := scopeOf(q)
	if q.Err() != nil {
		return errs.E(errs.NotFound, "error.not_found")
	}
	old, err := s.desk.Promises(ctx)
	if err != nil {
		return err
	}
	var set []desk.Promise
	for _, i := range desk.Promised {
		was, own := holding(old, i, c)
		p := desk.Promise{Impact: i, Site: c.site, Service: c.service, Version: form.Int(versionField(i)),
			First: spanOf(form, spanField(i, desk.First)), Next: spanOf(form, spanField(i, desk.Next)), Solve: spanOf(form, spanField(i, desk.Solve))}
		same := p.First == was.First && p.Next == was.Next && p.Solve == was.Solve
		if !same || !own && c != (scope{}) {
			set = append(set, p)
		}
	}
	if err = form.Err(); err == nil && len(set) > 0 {
		err = s.desk.SetPromises(ctx, set)
	}
	if failed, again := frame.Fail(ctx, err); again {
		labels := map[string]string{}
		for n, p := range set {
			for _, m := range desk.Metrics {
				failed.Rename("promises."+strconv.Itoa(n)+"."+string(m), spanField(p.Impact, m))
			}
		}
		for _, i := range desk.Promised {
			for _, m := range desk.Metrics {
				failed.Rename(string(i)+"."+string(m), spanField(i, m))
				labels[spanField(i, m)] = i.Key()
			}
		}
		failed.Labels(ctx, labels)
		return s.drawPromises(w, r, c, form, failed)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, c.path(url.Values{"done": {"saved"}}))
}

func spanOf(f *web.Form, name string) time.Duration {
	d, ok := parseSpan(f.String(name))
	if !ok {
		f.Fail(name, "promises.span.bad")
	}
	return d
}

// dropPromises takes back what was set for one scope.
func (s *pages) dropPromises(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	c := scopeOf(form)
	if err = form.Err(); err == nil {
		err = s.desk.DropPromises(ctx, c.site, c.service)
	}
	if errs.Is(err, errs.NotFound) { // somebody took it back already
		err = nil
	}
	if failed, again := frame.Fail(ctx, err); again {
		for _, i := range desk.Promised {
			for _, m := range desk.Metrics {
				failed.Rename(string(i)+"."+string(m), spanField(i, m))
			}
		}
		return s.drawPromises(w, r, c, nil, failed)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, PromisesPath+"?done=dropped")
}
