package steer_test

import (
	"context"
	"testing"
	"time"

	"trellis/internal/desk"
	"trellis/internal/desk/flow"
	"trellis/internal/district"
	"trellis/internal/loop/steer"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/worktime"
)

// Places and services of the sentences below.
const (
	marsh, orchard, office    = district.SiteID(1), district.SiteID(2), district.SiteID(3)
	signIn, printing, gradebk = district.ServiceID(11), district.ServiceID(12), district.ServiceID(13)
)

// noon is Wednesday of the week: 2026-11-18.
var noon = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)

// asked is so many requests a week, of as many people.
type asked struct {
	site     district.SiteID
	service  district.ServiceID
	now      int  // in the week
	usual    int  // in each week before
	missed   int  // of those of the week
	missing  int  // of those of each week before
	stopped  bool // all at once, this morning
	together bool // all for one person
}

// weeks makes a week with so many school weeks before it.
func weeks(history int, list ...asked) flow.Weeks {
	w := flow.Weeks{Opens: true, Now: noon, Zone: time.UTC, Monday: worktime.Date{Year: 2026, Month: 11, Day: 16}, Running: true,
		Sites: []district.Site{{ID: marsh, Name: "Marsh Middle School", Short: "Marsh", Level: "middle"},
			{ID: orchard, Name: "Orchard Middle School", Short: "Orchard", Level: "middle"}, {ID: office, Name: "District office", Short: "Office", Level: "office"}},
		Services: []flow.Relied{{ID: gradebk, Name: "Gradebook", Active: true}, {ID: printing, Name: "Printing", Active: true}, {ID: signIn, Name: "Sign-in", Active: true}},
		People:   map[district.SiteID]int64{marsh: 500, orchard: 400, office: 4}, Open: map[district.SiteID]flow.Undone{}}
	for i := range 1 + history {
		from := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -7*i)
		w.Spans = append(w.Spans, flow.Stretch{From: from, Until: noon.AddDate(0, 0, -7*i)})
	}
	who := district.PersonID(1)
	for _, a := range list {
		for i := range w.Spans {
			n, late := a.usual, a.missing
			if i == 0 {
				n, late = a.now, a.missed
			}
			for k := range n {
				x := flow.Asked{Span: i, Site: a.site, Service: a.service, Impact: desk.Slowed, At: w.Spans[i].From.Add(10 * time.Hour), Who: who, Kept: flow.Kept}
				if !a.together {
					who++
				}
				if k < late {
					x.Kept = flow.Missed
				}
				if a.stopped && i == 0 {
					x.Impact, x.At = desk.Stopped, noon.Add(time.Duration(k)*time.Minute-4*time.Hour)
				}
				w.Asked = append(w.Asked, x)
			}
		}
	}
	return w
}

func speaking(t *testing.T) context.Context {
	t.Helper()
	c, err := i18n.NewCatalogue(i18n.Messages, steer.Messages, desk.Messages)
	if err != nil {
		t.Fatal(err)
	}
	c.Strict()
	return i18n.With(context.Background(), c, "en-US")
}

// One sentence says how the week goes, by rules.
func TestSentence(t *testing.T) {
	ctx := speaking(t)
	for _, c := range []struct {
		name    string
		history int
		list    []asked
		leader  bool
		one     bool // the page of Marsh
		want    string
	}{
		{name: "nothing at all", history: 12, want: "Nobody has asked for help yet."},
		{name: "a normal week", history: 12, list: []asked{{site: marsh, service: signIn, now: 4, usual: 4}}, want: "A normal week at every school."},
		{name: "a normal week at one place", history: 12, one: true, list: []asked{{site: marsh, service: signIn, now: 4, usual: 4}}, want: "A normal week at Marsh."},
		{name: "nobody this week", history: 12, list: []asked{{site: marsh, service: signIn, usual: 4}}, want: "Nobody asked for help this week."},
		{name: "too little history", history: 5, list: []asked{{site: marsh, service: signIn, now: 40, usual: 1}}, want: "It is too early to say what a usual week is."},
		{name: "enough of it", history: 6, list: []asked{{site: marsh, service: signIn, now: 40, usual: 1}}, want: "Sign-in requests at Marsh are more than ten times the usual."},
		{name: "four are never marked", history: 12, list: []asked{{site: marsh, service: signIn, now: 4, usual: 1}}, want: "A normal week at every school."},
		{name: "five are", history: 12, list: []asked{{site: marsh, service: signIn, now: 5, usual: 1}}, want: "Sign-in requests at Marsh are five times the usual."},
		{name: "one square", history: 12, list: []asked{{site: marsh, service: signIn, now: 16, usual: 4}, {site: orchard, service: signIn, now: 3, usual: 3}},
			want: "Sign-in requests at Marsh are four times the usual."},
		{name: "a little above", history: 12, list: []asked{{site: marsh, service: signIn, now: 15, usual: 12}}, want: "Sign-in requests at Marsh are higher than usual."},
		{name: "one square and promises", history: 12, list: []asked{{site: marsh, service: signIn, now: 16, usual: 4, missed: 6, missing: 0}},
			want: "Help is slow: Sign-in requests at Marsh are four times the usual, and 6 of 16 were late."},
		{name: "one service at many places", history: 12, list: []asked{{site: marsh, service: signIn, now: 20, usual: 10}, {site: orchard, service: signIn, now: 10, usual: 5}, {site: orchard, service: printing, now: 6, usual: 1}},
			want: "Sign-in requests are twice the usual at Marsh and Orchard."},
		{name: "one place with many services", history: 12, list: []asked{{site: marsh, service: signIn, now: 20, usual: 4}, {site: marsh, service: printing, now: 10, usual: 2}},
			want: "Requests at Marsh are five times the usual, above all about Sign-in."},
		{name: "only promises, at one place", history: 12, list: []asked{{site: marsh, service: signIn, now: 10, usual: 10, missed: 7, missing: 1}, {site: orchard, service: signIn, now: 10, usual: 10, missed: 1, missing: 1}},
			want: "Help is slower than usual at Marsh: 7 of 10 requests were late."},
		{name: "only promises, here and there", history: 12, list: []asked{{site: marsh, service: signIn, now: 10, usual: 10, missed: 4}, {site: orchard, service: signIn, now: 10, usual: 10, missed: 4}},
			want: "Help is slower than usual: 8 of 20 requests were late."},
		{name: "as many missed as ever", history: 12, list: []asked{{site: marsh, service: signIn, now: 10, usual: 10, missed: 6, missing: 6}}, want: "A normal week at every school."},
		{name: "promises before anything is usual", history: 2, list: []asked{{site: marsh, service: signIn, now: 12, usual: 1, missed: 6}}, want: "Help is slow at Marsh: 6 of 12 requests were late."},
		{name: "small squares together", history: 12, list: []asked{{site: marsh, service: signIn, now: 4, usual: 1}, {site: marsh, service: printing, now: 4, usual: 1}, {site: marsh, service: gradebk, now: 4, usual: 1}},
			want: "Requests at Marsh are four times the usual."},
		{name: "an outbreak", history: 12, list: []asked{{site: marsh, service: signIn, now: 9, usual: 1, stopped: true}},
			want: "Since 8:00 am, 9 classes at Marsh have stopped because of Sign-in."},
		{name: "a place without people", history: 12, list: []asked{{site: office, service: signIn, now: 3, usual: 3}}, want: "A normal week at every school."},

		{name: "nine people, for a leader", history: 12, leader: true, list: []asked{{site: marsh, service: signIn, now: 9, usual: 1, missed: 9}}, want: "A normal week at every school."},
		{name: "ten people, for a leader", history: 12, leader: true, list: []asked{{site: marsh, service: signIn, now: 10, usual: 2}}, want: "Sign-in requests at Marsh are five times the usual."},
		{name: "one person twenty times, for a leader", history: 12, leader: true, list: []asked{{site: marsh, service: signIn, now: 20, usual: 2, together: true}}, want: "A normal week at every school."},
		{name: "promises of few, for a leader", history: 12, leader: true, list: []asked{{site: marsh, service: signIn, now: 20, usual: 4, missed: 6}}, want: "Sign-in requests at Marsh are five times the usual."},
		{name: "promises of many, for a leader", history: 12, leader: true, list: []asked{{site: marsh, service: signIn, now: 31, usual: 31, missed: 13}},
			want: "Help is slower than usual at Marsh: about 10 of 30 requests were late."},
		{name: "an outbreak of few, for a leader", history: 12, leader: true, list: []asked{{site: marsh, service: signIn, now: 9, usual: 1, stopped: true}}, want: "A normal week at every school."},
		{name: "an outbreak of many, for a leader", history: 12, leader: true, list: []asked{{site: marsh, service: signIn, now: 14, usual: 1, stopped: true}},
			want: "Since 8:00 am, about 10 classes at Marsh have stopped because of Sign-in."},
	} {
		in := weeks(c.history, c.list...)
		in.Opens = !c.leader
		if c.one {
			in.Sites = in.Sites[:1]
		}
		w := steer.Look(in)
		got := w.Sentence(ctx)
		if got.Text != c.want {
			t.Errorf("%s: %q, want %q", c.name, got.Text, c.want)
		}
		if before, key, after := got.Parts(); before+key+after != got.Text {
			t.Errorf("%s: the parts are %q %q %q", c.name, before, key, after)
		}
	}
}

// What a week is held against are the weeks before, and the tenth of them with
// the most, and with the least, don't count.
func TestUsual(t *testing.T) {
	in := weeks(12)
	add := func(span, n int) {
		for k := range n {
			in.Asked = append(in.Asked, flow.Asked{Span: span, Site: marsh, Service: signIn, Impact: desk.Question, At: in.Spans[span].From, Who: district.PersonID(100*span + k), Kept: flow.Unknown})
		}
	}
	for span, n := range []int{9, 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8} { // 1 1 2 3 3 4 5 5 5 6 8 9
		add(span, n)
	}
	w := steer.Look(in)
	c := w.Rows[0].Cells[2]
	if c.N != 9 || c.Low != 1 || c.Mid != 4 || c.High != 8 || !c.Mark || c.Rate != 1.8 || c.Heat != 3 || c.Past != 52 {
		t.Errorf("%+v", c)
	}
	if w.Marked != 1 || w.Squares != 6 || w.Rows[2].Cells[2].Veil != steer.Small {
		t.Errorf("%d of %d squares, %+v", w.Marked, w.Squares, w.Rows[2].Cells[2])
	}
	if len(w.Impacts) != 0 {
		t.Errorf("nothing was promised, and yet %+v", w.Impacts)
	}
}

// Whoever doesn't work on requests reads no number of fewer than ten people,
// and nothing from which one follows.
func TestSmallGroupsAreHidden(t *testing.T) {
	for n := range 40 {
		in := weeks(12, asked{site: marsh, service: signIn, now: n, usual: 3, missed: n / 3}, asked{site: marsh, service: printing, now: 12, usual: 12}, asked{site: orchard, service: printing, now: n / 2})
		in.Opens = false
		in.Open[marsh] = flow.Undone{Todo: int64(n), Waiting: 2, Late: 1, People: int64(n)}
		w := steer.Look(in)
		for _, r := range w.Rows {
			cells := append([]steer.Cell{r.All}, r.Cells...)
			for i, c := range cells {
				shown := c.Veil == steer.Shown
				if shown && c.N < steer.SmallGroup {
					t.Errorf("%d: %s shows %+v", n, r.Site.Short, c)
				}
				if shown && i == 0 && c.N%10 != 0 {
					t.Errorf("%d: the sum of %s is told to the digit: %+v", n, r.Site.Short, c)
				}
				if !shown && (c.N != 0 || c.Mark || c.Rate != 0 || c.High != 0) {
					t.Errorf("%d: behind the veil of %s stands %+v", n, r.Site.Short, c)
				}
				if c.Low%10 != 0 || c.High%10 != 0 || c.Past%10 != 0 {
					t.Errorf("%d: weeks before are told to the digit: %+v", n, c)
				}
			}
			if o := r.Open; o.Late != 0 || o.Todo%10 != 0 || o.Waiting != 0 {
				t.Errorf("%d: %s has open %+v", n, r.Site.Short, o)
			}
			if k := r.Kept; k.Missed%10 != 0 || k.Kept%10 != 0 || k.Veil != steer.Shown && (k.Of() != 0 || k.Usual != 0) {
				t.Errorf("%d: promises of %s: %+v", n, r.Site.Short, k)
			}
		}
		if hidden := w.Rows[0].Cells[2].Veil == steer.Hidden; hidden != (n < 10) {
			t.Errorf("%d people: hidden %t", n, hidden)
		}
	}
}
