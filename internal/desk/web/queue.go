package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

const (
	deskHome = "/desk/mine"
	newPath  = "/desk/new"
)

// lists are the desk's views by their name in addresses, in the order in which
// the navigation shows them.
var lists = []struct {
	name  string
	query desk.Query
}{
	{"mine", desk.Query{View: desk.Mine}},
	{"places", desk.Query{View: desk.Places}},
	{"late", desk.Query{View: desk.Overdue}},
	{"unassigned", desk.Query{View: desk.Unassigned}},
	{"waiting", desk.Query{View: desk.Places, State: desk.Waiting}},
	{"following", desk.Query{View: desk.Following}},
	{"private", desk.Query{View: desk.Hidden}},
	{"solved", desk.Query{View: desk.Places, State: desk.Solved}},
}

// listing is a list as an address names it.
type listing struct {
	view    string
	sort    string // "" is the list's own order
	site    district.SiteID
	service district.ServiceID
	after   string
}

// Orders other than the one by due time. What is set aside or solved is not
// due: there the list's own order stands.
const (
	sortNewest = "newest"
	sortUrgent = "urgent"
)

// byDue reports whether a list is in the order of what is due unless another
// one is asked for.
func (l listing) byDue() bool { return l.view != "waiting" && l.view != "solved" }

// listingFrom reads a list from an address, the view from the parameter of
// that name. An unknown view is the list of all that one works on.
func listingFrom(r *http.Request, param string) listing {
	l := listing{view: web.Query(r).String(param)}
	if !l.known() {
		l.view = "places"
	}
	l.narrow(r)
	return l
}

// narrow reads what else an address says of a list whose view is known.
func (l *listing) narrow(r *http.Request) {
	q := web.Query(r)
	l.site, l.service = district.SiteID(q.ID("site")), district.ServiceID(q.ID("service"))
	switch sort := q.String("sort"); {
	case sort == sortNewest, sort == sortUrgent && l.byDue():
		l.sort = sort
	}
}

func (l listing) known() bool {
	return slices.ContainsFunc(lists, func(x struct {
		name  string
		query desk.Query
	}) bool {
		return x.name == l.view
	})
}

// query is the list as parameters of an address: its view under that name
// unless it is empty, and more beside it.
func (l listing) query(view string, more url.Values) string {
	v := url.Values{}
	for k, list := range more {
		v[k] = list
	}
	if view != "" {
		v.Set(view, l.view)
	}
	if l.sort != "" {
		v.Set("sort", l.sort)
	}
	if l.site != 0 {
		v.Set("site", id(l.site))
	}
	if l.service != 0 {
		v.Set("service", id(l.service))
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// path is the list's own address.
func (l listing) path(more url.Values) string { return DeskPath + "/" + l.view + l.query("", more) }

func (l listing) ask() desk.Query {
	for _, x := range lists {
		if x.name == l.view {
			q := x.query
			q.Site, q.Service, q.Cursor = l.site, l.service, l.after
			switch {
			case l.sort == sortNewest && q.State != desk.Solved:
				q.Sort = desk.ByNewest
			case l.sort == sortUrgent:
				q.Sort = desk.ByTurn
			case l.byDue():
				q.Sort = desk.ByDue
			}
			return q
		}
	}
	return desk.Query{}
}

// queue is one of the desk's lists.
func (s *pages) queue(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l := listing{view: r.PathValue("view")}
	if !l.known() {
		return errs.E(errs.NotFound, "error.not_found")
	}
	l.narrow(r)
	l.after = web.Query(r).String("after")
	v, err := s.list(ctx, l, 0)
	if err != nil {
		return err
	}
	return s.frame.Desk(w, r, frame.View{
		Title: v.props.Title, Place: "desk", Split: true, Last: bulkDone(ctx, web.Query(r)),
	}, deskPage(v, false, nothingOpen()))
}

// list reads and words a list. open is the request that is open beside it.
func (s *pages) list(ctx context.Context, l listing, open desk.TicketID) (listView, error) {
	page, err := s.desk.ListTickets(ctx, l.ask())
	if err != nil {
		return listView{}, err
	}
	counts, err := s.desk.Counts(ctx)
	if err != nil {
		return listView{}, err
	}
	t := s.times(ctx)
	v := listView{
		views: views(ctx, l, counts),
		props: ui.ListProps{
			Title: i18n.T(ctx, "queue.list."+l.view), Count: countWords(l, counts), SortLabel: i18n.T(ctx, "queue.sort"),
			Live: ui.LiveList{Kind: changeForDesk, URL: l.path(nil)},
		},
		empty: emptyList{i18n.T(ctx, "queue.empty."+l.view), i18n.T(ctx, "queue.empty."+l.view+".text")},
	}
	if l.site != 0 || l.service != 0 {
		v.empty = emptyList{i18n.T(ctx, "queue.empty.filter"), i18n.T(ctx, "queue.empty.filter.text")}
	}
	if l.view != "solved" {
		v.props.Sort = sorts(ctx, l)
	}
	if page.Next != "" {
		v.props.More = &ui.Tab{Text: i18n.T(ctx, "queue.more"), Href: l.path(url.Values{"after": {page.Next}})}
	}
	if l.view == "mine" {
		v.props.Note = coveringWords(t, page.Covering)
	}
	for _, i := range page.Items {
		v.rows = append(v.rows, row(t, l, i, open))
	}
	if len(page.Items) > 0 && l.view != "solved" && l.view != "private" {
		owners, err := s.ownerOptions(ctx, desk.Ticket{}, t.now)
		if err != nil {
			return v, err
		}
		v.props.Bulk = &ui.BulkProps{
			Form: frame.Form(ui.FormProps{Action: "/desk/bulk" + l.query("in", nil)}), Label: i18n.T(ctx, "queue.bulk"), Actions: bulkActions(owners),
		}
	} else {
		for i := range v.rows {
			v.rows[i].Select = ""
		}
	}
	v.filter, err = s.filter(ctx, l)
	return v, err
}

// countOf is how many there are in a view, -1 where nobody counts.
func countOf(view string, c desk.Counts) int64 {
	switch view {
	case "mine":
		return c.Mine
	case "places":
		return c.Places
	case "late":
		return c.Late
	case "unassigned":
		return c.Unassigned
	case "waiting":
		return c.Waiting
	case "following":
		return c.Following
	case "private":
		return c.Private
	}
	return -1
}

func countWords(l listing, c desk.Counts) string {
	n := countOf(l.view, c)
	if n < 0 || l.site != 0 || l.service != 0 {
		return ""
	}
	return ui.Count(int(n))
}

// views lead to the lists. Three of them show only when there is something in
// them: most people seldom have any.
func views(ctx context.Context, l listing, c desk.Counts) []ui.Tab {
	var out []ui.Tab
	for _, x := range lists {
		n := countOf(x.name, c)
		if n == 0 && x.name != l.view && (x.name == "private" || x.name == "following" || x.name == "late") {
			continue
		}
		tab := ui.Tab{Text: i18n.T(ctx, "queue.list."+x.name), Href: listing{view: x.name}.path(nil), Current: x.name == l.view}
		if n >= 0 {
			tab.Count = ui.Count(int(n))
		}
		out = append(out, tab)
	}
	return out
}

func sorts(ctx context.Context, l listing) []ui.Tab {
	var out []ui.Tab
	tab := func(sort, text string) {
		x := l
		x.sort = sort
		out = append(out, ui.Tab{Text: text, Href: x.path(nil), Current: l.sort == sort})
	}
	if l.byDue() {
		tab("", i18n.T(ctx, "queue.sort.due"))
		tab(sortUrgent, i18n.T(ctx, "queue.sort.urgent"))
	} else {
		tab("", i18n.T(ctx, "queue.sort.urgent"))
	}
	tab(sortNewest, i18n.T(ctx, "queue.sort.newest"))
	return out
}

func row(t times, l listing, i desk.Item, open desk.TicketID) ui.RowProps {
	r := ui.RowProps{
		ID: id(i.ID), Href: RequestPath(i.ID) + l.query("in", nil), Title: i.Title, Ring: -1,
		Due: t.ago(i.SaidAt), Current: i.ID == open, Select: i18n.T(t.ctx, "queue.select", "Title", i.Title), Pane: rowPane,
	}
	if i.Impact == desk.Stopped && i.State == desk.Open {
		r.Flag = impactWords(t.ctx, i.Impact)
	}
	if i.Kind == desk.Plan {
		r.Tags = append(r.Tags, planTag(t.ctx))
	}
	owner := ""
	switch {
	case i.Covering:
		r.Tags = append(r.Tags, ui.TagProps{Text: i18n.T(t.ctx, "queue.cover", "Name", i.OwnerName), Icon: "user"})
		owner = i18n.T(t.ctx, "queue.cover.until", "When", t.back(i.CoverUntil))
	case l.view != "mine" && i.OwnerID != 0:
		owner = ownerWords(t, i.OwnerID, i.OwnerName, "")
	}
	r.Meta = joined(" · ", i.RequesterName, joined(" ", i.Site, i.Room), i.Service, owner)
	switch {
	case i.State == desk.Waiting:
		r.Due = i18n.T(t.ctx, "queue.until", "When", t.inside(i.Until))
		r.Tags = append(r.Tags, ui.TagProps{Text: waitWords(t.ctx, i.WaitingOn)})
	case i.State == desk.Open && !i.Due.IsZero():
		r.Due, r.Late = t.due(i.Due)
	}
	if i.State == desk.Open && i.NeedsAnswer && i.OwnerID != 0 {
		r.Tags = append(r.Tags, ui.TagProps{Text: i18n.T(t.ctx, "queue.answer"), Tone: ui.Pencil})
	}
	if i.Private != "" {
		r.Tags = append(r.Tags, ui.TagProps{Text: privateWords(t.ctx, i.Private), Icon: "lock"})
	}
	return r
}

// filter is the form that narrows the list.
func (s *pages) filter(ctx context.Context, l listing) (filterView, error) {
	f := filterView{
		action: DeskPath + "/" + l.view, sort: l.sort, site: id(l.site), service: id(l.service), on: l.site != 0 || l.service != 0,
		sites: []ui.Option{{Text: i18n.T(ctx, "queue.filter.any_site")}},
	}
	sites, err := s.district.Sites(ctx, false)
	if err != nil {
		return f, err
	}
	for _, x := range sites {
		f.sites = append(f.sites, ui.Option{Value: id(x.ID), Text: x.Name})
	}
	f.services, err = s.serviceOptions(ctx, i18n.T(ctx, "queue.filter.any_service"))
	return f, err
}

// bulk does one thing with every request that was ticked. Each is a command of
// its own: what can't be done to one leaves the others done.
func (s *pages) bulk(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	chosen := form.IDs("id")
	if err := form.Err(); err != nil {
		return err
	}
	take := form.String("verb") == "take"
	team, person, ok := ownerChoice(form.String("owner"))
	n := 0
	for _, one := range chosen[:min(len(chosen), maxBulk)] {
		number := desk.TicketID(one)
		each := keyed(ctx, one)
		switch {
		case take:
			_, err = s.desk.Take(each, number)
		case ok:
			_, err = s.desk.Assign(each, desk.Assign{Ticket: number, Team: team, Person: person})
		default:
			continue
		}
		switch {
		case err == nil:
			n++
		case errs.Is(err, errs.Internal), errs.Is(err, errs.Unavailable), errs.Is(err, errs.NoSpace):
			return err
		}
	}
	l := listingFrom(r, "in")
	return web.Redirect(w, r, l.path(url.Values{"did": {didBulk}, "n": {strconv.Itoa(n)}, "of": {strconv.Itoa(len(chosen))}}))
}

const (
	didBulk = "bulk"
	// maxBulk is more than a page can show.
	maxBulk = 200
)

func bulkDone(ctx context.Context, q *web.Form) *ui.LastAction {
	if q.String("did") != didBulk {
		return nil
	}
	n, of := q.Int("n"), q.Int("of")
	if q.Err() != nil || n < 0 || n > of || of > maxBulk {
		return nil
	}
	switch {
	case of == 0:
		return &ui.LastAction{Text: i18n.T(ctx, "queue.bulk.none")}
	case n == of:
		return &ui.LastAction{Text: i18n.T(ctx, "queue.bulk.done", "Count", n)}
	}
	return &ui.LastAction{Text: i18n.T(ctx, "queue.bulk.some", "Count", n, "Total", of)}
}

func actorID(ctx context.Context) district.PersonID {
	return district.PersonID(policy.ActorFrom(ctx).Person)
}

// rowPane is where a row opens its request.
const rowPane = pane
