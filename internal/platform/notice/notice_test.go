package notice_test

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/policy"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// send sends as a person would cause it: with an event in the transaction.
func send(ctx context.Context, d *db.DB, ns ...notice.Notice) error {
	return d.Write(ctx, "send", func(tx *db.Tx) error {
		for _, n := range ns {
			if err := notice.Send(tx, n); err != nil {
				return err
			}
		}
		return event.Emit(tx, event.Event{Kind: "test.sent", Subject: event.Ref{Kind: "test", ID: 1}})
	})
}

func list(t testing.TB, d *db.DB, person int64) (all []notice.Item) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, _, err = notice.List(tx, person, "", 1000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func as(t testing.TB, person int64) context.Context {
	return policy.WithActor(t.Context(), policy.Actor{Kind: policy.Person, Person: person, Door: policy.DoorWeb})
}

func TestSendSaysWhyAboutWhat(t *testing.T) {
	testkit.Each(t, testkit.Setup{}, func(t *testing.T, d *db.DB) {
		now := d.Clock().Now()
		about := event.Ref{Kind: "ticket", ID: 4821}
		err := send(as(t, 1), d,
			notice.Notice{To: 2, Why: "test.replied", Args: map[string]any{"Ticket": int64(1) << 60, "Share": 0.5, "From": "Dana \x00 Peña", "List": []any{1, "b"}}, About: about, Urgency: notice.High},
			notice.Notice{To: 1, Why: "test.own", About: about},
			notice.Notice{To: 1, Why: "test.own_forced", About: about, Force: true},
		)
		if err != nil {
			t.Fatal(err)
		}
		want := []notice.Item{{Why: "test.replied", Args: map[string]any{"Ticket": int64(1) << 60, "Share": 0.5, "From": "Dana \x00 Peña", "List": []any{int64(1), "b"}},
			About: about, Urgency: notice.High, Count: 1, Unread: true, First: now, At: now}}
		got := list(t, d, 2)
		if len(got) == 1 {
			want[0].ID = got[0].ID
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if own := list(t, d, 1); len(own) != 1 || own[0].Why != "test.own_forced" {
			t.Errorf("the one who acted was told %+v", own)
		}
		// What the machine causes is told to everyone.
		if err := send(policy.WithActor(t.Context(), policy.SystemActor(policy.DoorJob)), d, notice.Notice{To: 1, Why: "test.due"}); err != nil || len(list(t, d, 1)) != 2 {
			t.Errorf("a notice of the machine's: %v", err)
		}
		for _, bad := range []notice.Notice{{Why: "x"}, {To: 2}, {To: 2, Why: "x", Urgency: 4}, {To: 2, Why: "x", Args: map[string]any{"Count": 1}}, {To: 2, Why: "x", Args: map[string]any{"f": func() {}}}} {
			if err := send(as(t, 1), d, bad); err == nil {
				t.Errorf("%+v was accepted", bad)
			}
		}
		// A notice goes with its cause.
		if err := d.Write(t.Context(), "fails", func(tx *db.Tx) error {
			return errors.Join(notice.Send(tx, notice.Notice{To: 9, Why: "x"}), errors.New("no"))
		}); err == nil || len(list(t, d, 9)) != 0 {
			t.Error("a notice outlived its cause")
		}
	})
}

// said is what the model knows of a notice.
type said struct {
	seq     int // order of sending, as ids are
	at      time.Time
	why     string
	about   int64
	urgency notice.Urgency
	digest  string
	count   int
	unread  bool
}

// Whatever is sent and read in whatever order, lists, pages and counts agree
// with a plain model.
func TestListAgreesWithModel(t *testing.T) {
	testkit.Each(t, testkit.Setup{}, func(t *testing.T, d *db.DB) {
		if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
			_ = f.Value.Set(strconv.Itoa(30))
			t.Cleanup(func() { _ = f.Value.Set(f.DefValue) })
		}
		c := d.Clock().(*clock.Manual)
		person, seq := int64(100), 0
		rapid.Check(t, func(rt *rapid.T) {
			person += 10
			model := map[int64][]*said{}
			who := rapid.Int64Range(person, person+1)
			write := func(f func(tx *db.Tx) (int64, error)) (n int64) {
				if err := d.Write(t.Context(), "read", func(tx *db.Tx) (err error) { n, err = f(tx); return err }); err != nil {
					rt.Fatal(err)
				}
				return n
			}
			// mark marks what matches as read, in the model.
			mark := func(p int64, match func(*said) bool) (n int64) {
				for _, s := range model[p] {
					if s.unread && match(s) {
						s.unread = false
						n++
					}
				}
				return n
			}
			for range rapid.IntRange(1, 25).Draw(rt, "steps") {
				p := who.Draw(rt, "person")
				var got, want int64
				switch do := rapid.SampledFrom([]string{"send", "send", "send", "time", "read", "read another's", "all", "about"}).Draw(rt, "do"); do {
				case "send":
					seq++
					n := notice.Notice{To: p, Why: fmt.Sprint("test.w", seq), About: event.Ref{Kind: "thing", ID: rapid.Int64Range(1, 2).Draw(rt, "about")},
						Urgency: notice.Urgency(rapid.IntRange(0, 3).Draw(rt, "urgency")), Digest: rapid.SampledFrom([]string{"", "", "a", "b"}).Draw(rt, "digest")}
					if err := send(t.Context(), d, n); err != nil {
						rt.Fatal(err)
					}
					i := slices.IndexFunc(model[p], func(s *said) bool { return s.unread && s.digest == n.Digest && n.Digest != "" })
					if i < 0 {
						model[p] = append(model[p], &said{seq: seq, at: c.Now(), why: n.Why, about: n.About.ID, urgency: n.Urgency, digest: n.Digest, count: 1, unread: true})
						break
					}
					s := model[p][i]
					s.at, s.why, s.about, s.urgency, s.count = c.Now(), n.Why, n.About.ID, max(s.urgency, n.Urgency), s.count+1
				case "time":
					c.Advance(time.Minute)
				case "read", "read another's":
					all := list(t, d, p)
					if len(all) == 0 {
						break
					}
					i := rapid.SampledFrom(all).Draw(rt, "which")
					reader := p
					if do != "read" {
						reader = p + 5
					} else {
						want = mark(p, func(s *said) bool { return s.why == i.Why })
					}
					got = write(func(tx *db.Tx) (int64, error) { return notice.MarkRead(tx, reader, i.ID, i.ID) })
				case "all":
					until := c.Now().Add(-time.Duration(rapid.IntRange(0, 2).Draw(rt, "ago")) * time.Minute)
					want = mark(p, func(s *said) bool { return !s.at.After(until) })
					got = write(func(tx *db.Tx) (int64, error) { return notice.MarkAllRead(tx, p, until) })
				case "about":
					ref := event.Ref{Kind: "thing", ID: 1}
					want = mark(p, func(s *said) bool { return s.about == 1 })
					var has bool
					if err := d.Read(t.Context(), func(tx *db.Tx) (err error) { has, err = notice.HasUnreadAbout(tx, p, ref); return err }); err != nil || has != (want > 0) {
						rt.Fatalf("has unread %v, want %d (%v)", has, want, err)
					}
					got = write(func(tx *db.Tx) (int64, error) { return notice.MarkAboutRead(tx, p, ref) })
				}
				if got != want {
					rt.Fatalf("marked %d, want %d", got, want)
				}
				for p, all := range model {
					compare(rt, d, p, all, rapid.IntRange(1, 4).Draw(rt, "page"))
				}
			}
		})
	})
}

func compare(t *rapid.T, d *db.DB, person int64, model []*said, page int) {
	slices.SortFunc(model, func(a, b *said) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.seq, a.seq)) })
	var want, got []said
	unread := 0
	for _, s := range model {
		w := *s
		w.seq, w.digest = 0, ""
		want = append(want, w)
		if s.unread {
			unread++
		}
	}
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		got = nil
		if n, err := notice.Unread(tx, person); err != nil || n != unread {
			t.Errorf("%d unread, want %d (%v)", n, unread, err)
		}
		cursor := ""
		for len(got) <= len(want) {
			items, next, err := notice.List(tx, person, cursor, page)
			if err != nil {
				return err
			}
			for _, i := range items {
				got = append(got, said{at: i.At, why: i.Why, about: i.About.ID, urgency: i.Urgency, count: i.Count, unread: i.Unread})
			}
			if next == "" {
				return nil
			}
			if len(items) != page {
				t.Errorf("a page of %d that is not the last, want %d", len(items), page)
			}
			cursor = next
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(want, got, gocmp.AllowUnexported(said{})); diff != "" {
		t.Fatalf("pages of %d: %s", page, diff)
	}
}

func TestUnreadStopsCounting(t *testing.T) {
	testkit.Each(t, testkit.Setup{}, func(t *testing.T, d *db.DB) {
		many := make([]notice.Notice, notice.Most+5)
		for i := range many {
			many[i] = notice.Notice{To: 1, Why: "test.many"}
		}
		if err := send(t.Context(), d, many...); err != nil {
			t.Fatal(err)
		}
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			n, err := notice.Unread(tx, 1)
			if n != notice.Most {
				t.Errorf("%d unread", n)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestBadCursor(t *testing.T) {
	d := testkit.Open(t, db.SQLite, testkit.Setup{})
	for _, c := range []string{"x", ".", "1.", ".1", "1.2.3", "ü.1", "zzzzzzzzzzzzzzzz.1"} {
		err := d.Read(t.Context(), func(tx *db.Tx) error { _, _, err := notice.List(tx, 1, c, 10); return err })
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("cursor %q: %v", c, err)
		}
	}
}

func TestEraseAndPrune(t *testing.T) {
	testkit.Each(t, testkit.Setup{}, func(t *testing.T, d *db.DB) {
		c := d.Clock().(*clock.Manual)
		thing := func(n int64) event.Ref { return event.Ref{Kind: "thing", ID: n} }
		if err := send(t.Context(), d,
			notice.Notice{To: 1, Why: "a", About: thing(1)}, notice.Notice{To: 1, Why: "b", About: thing(2)},
			notice.Notice{To: 2, Why: "c", About: thing(1)}, notice.Notice{To: 2, Why: "d", About: thing(2)},
			notice.Notice{To: 3, Why: "e", About: thing(3)}, notice.Notice{To: 3, Why: "f", About: thing(3)},
		); err != nil {
			t.Fatal(err)
		}
		do := func(f func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), "erase", func(tx *db.Tx) error {
				tx.Unlogged("test")
				return f(tx)
			}); err != nil {
				t.Fatal(err)
			}
		}
		left := func() (whys []string) {
			for p := range int64(4) {
				for _, i := range list(t, d, p) {
					whys = append(whys, i.Why)
				}
			}
			slices.Sort(whys)
			return whys
		}
		do(func(tx *db.Tx) error { return notice.EraseAbout(tx, thing(1)) })
		if diff := gocmp.Diff([]string{"b", "d", "e", "f"}, left()); diff != "" {
			t.Error(diff)
		}
		do(func(tx *db.Tx) error { return notice.EraseTo(tx, 2) })
		if diff := gocmp.Diff([]string{"b", "e", "f"}, left()); diff != "" {
			t.Error(diff)
		}
		first := list(t, d, 3)[0]
		do(func(tx *db.Tx) error { _, err := notice.MarkRead(tx, 3, first.ID); return err })
		for _, x := range []struct {
			before time.Duration
			want   int64
		}{{0, 0}, {time.Minute, 1}, {time.Minute, 0}} {
			var n int64
			do(func(tx *db.Tx) (err error) { n, err = notice.Prune(tx, c.Now().Add(x.before), 10); return err })
			if n != x.want {
				t.Errorf("before %v: %d rows went, want %d", x.before, n, x.want)
			}
		}
		if got := left(); len(got) != 2 || slices.Contains(got, first.Why) {
			t.Errorf("left: %v", got)
		}
	})
}
