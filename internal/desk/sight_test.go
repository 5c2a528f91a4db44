package desk_test

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/search"
)

// dice are random numbers that are the same in every run.
type dice uint64

func (d *dice) roll(n int) int {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

func (d *dice) chance(percent int) bool { return d.roll(100) < percent }

func pick[T any](d *dice, from []T) T { return from[d.roll(len(from))] }

// known is a ticket as the oracle knows it.
type known struct {
	id           desk.TicketID
	requester    district.PersonID
	beneficiary  district.PersonID
	owner        district.PersonID
	team         district.TeamID
	site         district.SiteID
	private      desk.Private
	state        desk.State
	named        []district.PersonID
	followers    []district.PersonID
	word, secret string // stand in its message, and in its note
	file, paper  desk.FileID
}

// crowd is a district thrown together at random.
type crowd struct {
	*world
	people  []person
	members map[district.TeamID][]district.PersonID
	tickets []known
}

// works and sees are the rule of scope.go once more, in other words.

func (c *crowd) works(p person, t known) bool {
	if t.private != "" {
		return slices.Contains(t.named, p.id)
	}
	helper := false
	for _, g := range p.grants {
		if g.Role != "agent" && g.Role != "tier1" && g.Role != "admin" && g.Role != "director" {
			continue
		}
		helper = true
		if g.Scope == 0 || g.Scope == int64(t.site) {
			return true
		}
	}
	return helper && (t.owner == p.id || slices.Contains(c.members[t.team], p.id))
}

func (c *crowd) sees(p person, t known) bool {
	if c.works(p, t) || t.requester == p.id {
		return true
	}
	return t.private == "" && (t.beneficiary == p.id || t.owner == p.id || slices.Contains(t.followers, p.id))
}

func newCrowd(w *world, seed dice) *crowd {
	c := &crowd{world: w, members: map[district.TeamID][]district.PersonID{}}
	d := &seed
	sites := []district.SiteID{w.marsh, w.orchard}
	teams := []district.TeamID{w.help, w.network}
	w.write(func(tx *db.Tx) {
		*d = seed // the function may run twice
		c.people, c.members = nil, map[district.TeamID][]district.PersonID{}
		var third district.SiteID
		w.scan(tx, &third, `INSERT INTO district_site (name, short, fold, level, zone) VALUES ('Prairie View', 'Prairie', 'prairie', 'high', 'America/Denver') RETURNING id`)
		sites := append(slices.Clone(sites), third)
		for i := range 16 {
			var grants []policy.Grant
			for range 1 + d.roll(3) {
				g := policy.Grant{Role: pick(d, district.Roles), Scope: int64(pick(d, sites))}
				if d.chance(25) {
					g.Scope = 0
				}
				if !slices.Contains(grants, g) {
					grants = append(grants, g)
				}
			}
			c.people = append(c.people, w.person(tx, fmt.Sprintf("Random %d", i), pick(d, sites), grants...))
		}
		for _, t := range teams {
			w.exec(tx, `DELETE FROM district_member WHERE team = $1`, t)
			for _, p := range c.people {
				if d.chance(25) {
					c.members[t] = append(c.members[t], p.id)
					w.exec(tx, `INSERT INTO district_member (team, person) VALUES ($1, $2)`, t, p.id)
				}
			}
		}
	})
	for i := range 50 {
		t := known{word: fmt.Sprintf("canary%dpublic", i), secret: fmt.Sprintf("canary%dsecret", i)}
		asks := pick(d, c.people)
		t.requester, t.site, t.team = asks.id, pick(d, sites), pick(d, teams)
		t.file = w.upload(asks, t.word+".txt", t.word)
		t.id = w.ask(asks, "common words and "+t.word, func(n *desk.CreateTicket) { n.Site, n.Files = t.site, []desk.FileID{t.file} })
		someone := func(percent int) (out []district.PersonID) {
			for _, p := range c.people {
				if d.chance(percent) {
					out = append(out, p.id)
				}
			}
			return out
		}
		if d.chance(30) {
			t.beneficiary = pick(d, c.people).id
		}
		if d.chance(50) {
			t.owner = pick(d, c.people).id
		}
		t.followers = someone(10)
		if d.chance(35) {
			t.private, t.named = pick(d, desk.PrivateKinds), someone(12)
		}
		t.state = pick(d, desk.States)
		w.write(func(tx *db.Tx) { c.force(tx, &t) })
		c.tickets = append(c.tickets, t)
	}
	return c
}

// force brings a ticket into the state that the oracle knows, past all rules.
func (c *crowd) force(tx *db.Tx, t *known) {
	on, next := "", any(nil)
	if t.state == desk.Waiting {
		on = "part"
	}
	if t.state == desk.Waiting || t.state == desk.Solved {
		next = db.Us(tx.Now()) + int64(t.id)
	}
	c.exec(tx, `UPDATE desk_ticket SET beneficiary = $1, owner_person = $2, owner_team = $3, private = $4, state = $5, waiting_on = $6, next_at = $7 WHERE id = $8`,
		db.Null(t.beneficiary), db.Null(t.owner), t.team, t.private, t.state, on, next, t.id)
	for _, p := range t.followers {
		c.exec(tx, `INSERT INTO desk_participant (ticket, person, role) VALUES ($1, $2, 'follower')`, t.id, p)
	}
	for _, p := range t.named {
		c.exec(tx, `INSERT INTO desk_named (ticket, person) VALUES ($1, $2)`, t.id, p)
	}
	var note int64
	c.scan(tx, &note, `INSERT INTO desk_note (ticket, author, body, at) VALUES ($1, $2, $3, $4) RETURNING id`, t.id, c.admin.id, "a note with "+t.secret, db.Us(tx.Now()))
	if err := search.Index(tx, search.Doc{Kind: "ticket", Ref: int64(t.id), Part: -note, Audience: 1, Lang: "en", Text: "a note with " + t.secret}); err != nil {
		c.t.Fatal(err)
	}
	c.scan(tx, &t.paper, `INSERT INTO desk_file (hash, name, type, size, uploader, ticket, note, at) SELECT hash, 'paper', type, size, uploader, ticket, $2, at FROM desk_file WHERE id = $1 RETURNING id`, t.file, note)
}

// TestSight compares every way to read with the oracle, for everybody and
// every ticket.
func TestSight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := newCrowd(w, 1)
		var seen, hidden, inside int
		for _, p := range append(slices.Clone(c.people), w.tessa, w.officer, w.admin) {
			for _, k := range c.tickets {
				sees, works := c.sees(p, k), c.works(p, k)
				switch {
				case works:
					inside++
				case sees:
					seen++
				default:
					hidden++
				}
				for what, got := range c.ways(p, k) {
					want := sees
					if strings.HasPrefix(what, "inside: ") {
						want = works
					}
					if got != want {
						t.Errorf("%s, %s, %v: %v, want %v (%+v)", p.name, k.id, what, got, want, k)
					}
				}
			}
			c.lists(t, p)
		}
		if min(seen, hidden, inside) < 50 {
			t.Errorf("the crowd says little: %d see, %d do not, %d work", seen, hidden, inside)
		}
	})
}

// ways tries everything that leads to one ticket.
func (c *crowd) ways(p person, k known) map[string]bool {
	ctx := c.as(p)
	there := func(err error) bool {
		if err != nil && !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Forbidden) {
			c.t.Errorf("%s, %s: %v", p.name, k.id, err)
		}
		return err == nil
	}
	out := map[string]bool{}
	got, err := c.desk.FindTicket(ctx, k.id)
	raw, _ := json.Marshal(got)
	out["find"], out["inside: find"] = there(err), strings.Contains(string(raw), k.secret)
	_, err = c.desk.History(ctx, k.id)
	out["history"] = there(err)
	_, _, err = c.desk.EarlierMessages(ctx, k.id, 1<<40)
	out["earlier"] = there(err)
	if district.Helper.Permits(policy.ActorFrom(ctx)) {
		_, _, err = c.desk.EarlierNotes(ctx, k.id, 1<<40)
		out["inside: earlier"] = there(err)
	}
	vis, err := c.desk.Visible(ctx, []desk.TicketID{k.id})
	out["visible"], out["inside: visible"] = there(err) && len(vis) == 1, vis[k.id].Works
	if err := c.d.Read(ctx, func(tx *db.Tx) (err error) {
		out["sees"], err = desk.SeesTicket(tx, p.id, k.id)
		return err
	}); err != nil {
		c.t.Error(err)
	}
	out["file"], out["inside: paper"] = c.opens(p, k.file), c.opens(p, k.paper)
	for what, word := range map[string]string{"search": k.word, "inside: search": k.secret, "number": k.id.String()} {
		f, err := c.desk.Search(ctx, word, "")
		out[what] = there(err) && f.Total == 1 && len(f.Items) == 1 && f.Items[0].ID == k.id
		if f.Total > 1 || int64(len(f.Items)) != f.Total {
			c.t.Errorf("%s searches %q: %+v", p.name, word, f)
		}
	}
	return out
}

func (c *crowd) opens(p person, f desk.FileID) bool {
	r, err := c.desk.OpenFile(c.as(p), f)
	if err != nil {
		return false
	}
	defer r.Close()
	if _, err := io.ReadAll(r); err != nil {
		c.t.Error(err)
	}
	return true
}

// lists compares whole lists and counts with the oracle's.
func (c *crowd) lists(t *testing.T, p person) {
	ctx := c.as(p)
	// ids are those of the tickets that f picks.
	ids := func(f func(k known) bool) (out []desk.TicketID) {
		for _, k := range c.tickets {
			if f(k) {
				out = append(out, k.id)
			}
		}
		return out
	}
	same := func(what string, got, want []desk.TicketID) {
		t.Helper()
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s, %s: %v, want %v", p.name, what, got, want)
		}
	}
	var got []desk.TicketID
	for cursor := ""; ; {
		f, err := c.desk.Search(ctx, "common words", cursor)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, itemIDs(f.Items)...)
		want := ids(func(k known) bool { return c.sees(p, k) })
		if f.Total != int64(len(want)) {
			t.Errorf("%s: %d found, want %d", p.name, f.Total, len(want))
		}
		if cursor = f.Next; cursor == "" {
			same("search", got, want)
			break
		}
	}
	mine := must[desk.Requests](t)(c.desk.MyRequests(ctx, ""))
	got = itemIDs(slices.Concat(mine.NeedsYou, mine.InProgress, mine.Solved))
	same("my requests", got, ids(func(k known) bool {
		return (k.requester == p.id || k.beneficiary == p.id) && c.sees(p, k)
	}))
	if !district.Helper.Permits(policy.ActorFrom(ctx)) {
		return
	}
	views := map[desk.View]func(k known) bool{
		desk.Mine:       func(k known) bool { return k.owner == p.id && c.sees(p, k) },
		desk.Places:     func(k known) bool { return c.works(p, k) },
		desk.Unassigned: func(k known) bool { return k.owner == 0 && c.works(p, k) },
		desk.Following:  func(k known) bool { return slices.Contains(k.followers, p.id) && c.sees(p, k) },
		desk.Hidden:     func(k known) bool { return k.private != "" && slices.Contains(k.named, p.id) },
	}
	for v, in := range views {
		for _, s := range desk.States {
			same(fmt.Sprint(v, " ", s), c.all(p, desk.Query{View: v, State: s, Limit: 7}), ids(func(k known) bool { return k.state == s && in(k) }))
		}
	}
	same("at Marsh", c.all(p, desk.Query{Site: c.marsh}), ids(func(k known) bool { return k.site == c.marsh && k.state == desk.Open && c.works(p, k) }))
	for _, of := range c.people[:4] {
		earlier := must[[]desk.Item](t)(c.desk.Earlier(ctx, of.id, c.tickets[0].id, 100))
		same("earlier of "+of.name, itemIDs(earlier), ids(func(k known) bool {
			return (k.requester == of.id || k.beneficiary == of.id) && k.id != c.tickets[0].id && c.sees(p, k)
		}))
	}
	count := func(f func(k known) bool) int64 { return int64(len(ids(f))) }
	open := func(f func(k known) bool) int64 {
		return count(func(k known) bool { return k.state == desk.Open && f(k) })
	}
	want := desk.Counts{
		Mine: open(views[desk.Mine]), Places: open(views[desk.Places]), Unassigned: open(views[desk.Unassigned]),
		Following: open(views[desk.Following]), Private: open(views[desk.Hidden]),
		Waiting: count(func(k known) bool { return k.state == desk.Waiting && c.works(p, k) }),
	}
	if got := must[desk.Counts](t)(c.desk.Counts(ctx)); got != want {
		t.Errorf("%s counts %+v, want %+v", p.name, got, want)
	}
}

func itemIDs(items []desk.Item) (out []desk.TicketID) {
	for _, i := range items {
		out = append(out, i.ID)
	}
	return out
}

// all reads a list to its end, page by page.
func (w *world) all(p person, q desk.Query) (out []desk.TicketID) {
	w.t.Helper()
	for {
		page := must[desk.Page](w.t)(w.desk.ListTickets(w.as(p), q))
		out = append(out, itemIDs(page.Items)...)
		if q.Cursor = page.Next; q.Cursor == "" {
			return out
		}
	}
}
