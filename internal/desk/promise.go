package desk

import (
	"context"
	"slices"
	"strconv"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

// Promise is what people may expect for a kind of trouble, in working time of
// the place; 0 promises nothing.
type Promise struct {
	Impact  Impact             // or PlanPromise
	Site    district.SiteID    // 0: any
	Service district.ServiceID // 0: any
	First   time.Duration      // until somebody answers
	Next    time.Duration      // until each later message is answered
	Solve   time.Duration      // until it is solved
	Version int64              // 0: nothing was ever set, this is where Trellis starts
}

// Of is what is promised for a metric.
func (p Promise) Of(m Metric) time.Duration {
	switch m {
	case First:
		return p.First
	case Next:
		return p.Next
	}
	return p.Solve
}

// firstPromises are where a district starts.
var firstPromises = map[Impact]Promise{
	Stopped:  {Impact: Stopped, First: 15 * time.Minute, Next: 15 * time.Minute, Solve: 4 * time.Hour},
	Blocked:  {Impact: Blocked, First: time.Hour, Next: 2 * time.Hour, Solve: 8 * time.Hour},
	Slowed:   {Impact: Slowed, First: 4 * time.Hour, Next: 8 * time.Hour, Solve: 24 * time.Hour},
	Question: {Impact: Question, First: 8 * time.Hour, Next: 8 * time.Hour, Solve: 40 * time.Hour},
	// Two days of school: planning waits for its date, not for a repair.
	PlanPromise: {Impact: PlanPromise, First: 16 * time.Hour, Next: 16 * time.Hour},
}

// maxPromise bounds a promise: nobody is helped by a promise for next year.
const maxPromise = 2000 * time.Hour

const promiseColumns = `impact, site, service, first, next, solve, version`

func scanPromise(r *db.Rows, p *Promise) error {
	var first, next, solve int64
	err := r.Scan(&p.Impact, &p.Site, &p.Service, &first, &next, &solve, &p.Version)
	p.First, p.Next, p.Solve = seconds(first), seconds(next), seconds(solve)
	return err
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// promiseFor is the closest promise: of the service at the site, else of the
// service, else of the site, else the district's.
func promiseFor(tx *db.Tx, impact Impact, site district.SiteID, service district.ServiceID) (Promise, error) {
	list, err := db.List(tx, scanPromise, `SELECT `+promiseColumns+` FROM desk_promise WHERE impact = $1 AND (site = 0 OR site = $2) AND (service = 0 OR service = $3)`,
		impact, site, service)
	if err != nil {
		return Promise{}, err
	}
	if len(list) == 0 {
		return firstPromises[impact], nil
	}
	near := func(p Promise) (n int) { // four rows at most, so they are compared here
		if p.Service != 0 {
			n += 2
		}
		if p.Site != 0 {
			n++
		}
		return n
	}
	return slices.MaxFunc(list, func(p, q Promise) int { return near(p) - near(q) }), nil
}

// Promises are all that were set, and for each impact the one that holds where
// nothing else does.
func (d *Desk) Promises(ctx context.Context) ([]Promise, error) {
	if _, err := helper(ctx); err != nil {
		return nil, err
	}
	var set []Promise
	err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
		set, err = promises(tx)
		return err
	})
	return set, err
}

func promises(tx *db.Tx) ([]Promise, error) {
	set, err := db.List(tx, scanPromise, `SELECT `+promiseColumns+` FROM desk_promise ORDER BY site, service, id`)
	if err != nil {
		return nil, err
	}
	var out []Promise
	for _, i := range Promised {
		p := firstPromises[i]
		for _, s := range set {
			if s.Impact == i && s.Site == 0 && s.Service == 0 {
				p = s
			}
		}
		out = append(out, p)
	}
	for _, s := range set {
		if s.Site != 0 || s.Service != 0 {
			out = append(out, s)
		}
	}
	return out, nil
}

// SetPromises sets what is promised for some impacts at one place, for one
// service, or everywhere; all for the same. Administrators may. A version of 0 is whatever it is now. The clocks
// that run are computed again by the sweep.
func (d *Desk) SetPromises(ctx context.Context, set []Promise) error {
	if err := admin(ctx, district.ScopeDistrictWrite); err != nil {
		return err
	}
	_, err := write(ctx, d, "set promises", func(tx *db.Tx) (struct{}, error) {
		var none struct{}
		var in errs.Check
		if len(set) == 0 {
			in.Fail("promises", "field.required")
		}
		for i, p := range set {
			checkPromise(&in, i, p)
		}
		if err := in.Err(); err != nil {
			return none, err
		}
		for i, p := range set {
			if err := setPromise(tx, &in, i, p); err != nil {
				return none, err
			}
		}
		if err := in.Err(); err != nil {
			return none, err
		}
		if err := checkOrder(tx, set[0].Site, set[0].Service); err != nil {
			return none, err
		}
		return none, outdateClocks(tx)
	})
	return err
}

func checkPromise(in *errs.Check, i int, p Promise) {
	at := "promises." + strconv.Itoa(i)
	checkChoice(in, at+".impact", p.Impact, Promised)
	for _, f := range []struct {
		name string
		d    time.Duration
	}{{"first", p.First}, {"next", p.Next}, {"solve", p.Solve}} {
		if f.d < 0 || f.d > maxPromise || f.d%time.Second != 0 {
			in.Fail(at+"."+f.name, "desk.promise.range")
		}
	}
	if p.Solve > 0 && p.First > p.Solve {
		in.Fail(at+".first", "desk.promise.first_after_solve")
	}
	if p.Solve > 0 && p.Next > p.Solve {
		in.Fail(at+".next", "desk.promise.next_after_solve")
	}
}

func setPromise(tx *db.Tx, in *errs.Check, i int, p Promise) error {
	var before Promise
	list, err := db.List(tx, scanPromise, `SELECT `+promiseColumns+` FROM desk_promise WHERE impact = $1 AND site = $2 AND service = $3`, p.Impact, p.Site, p.Service)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		before = list[0]
	}
	if p.Version != 0 && p.Version != before.Version {
		return errs.E(errs.Precondition, "error.stale")
	}
	if p.Site != 0 {
		if err := checkPlace(tx, in, p.Site, 0); err != nil {
			return err
		}
	}
	if p.Service != 0 {
		if err := checkService(tx, in, "promises."+strconv.Itoa(i)+".service", p.Service); err != nil {
			return err
		}
	}
	var id int64
	err = tx.QueryRow(`INSERT INTO desk_promise (impact, site, service, first, next, solve) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (impact, site, service) DO UPDATE SET first = excluded.first, next = excluded.next, solve = excluded.solve, version = desk_promise.version + 1
		RETURNING id`, p.Impact, p.Site, p.Service, int64(p.First/time.Second), int64(p.Next/time.Second), int64(p.Solve/time.Second)).Scan(&id)
	if err != nil {
		return err
	}
	changes := []event.Change{{Field: "impact", To: string(p.Impact)}}
	add := func(field string, from, to any) {
		if from != to {
			changes = append(changes, event.Change{Field: field, From: from, To: to})
		}
	}
	add("site", nil, orNil(int64(p.Site)))
	add("service", nil, orNil(int64(p.Service)))
	add("first", orNil(int64(before.First/time.Second)), orNil(int64(p.First/time.Second)))
	add("next", orNil(int64(before.Next/time.Second)), orNil(int64(p.Next/time.Second)))
	add("solve", orNil(int64(before.Solve/time.Second)), orNil(int64(p.Solve/time.Second)))
	return event.Emit(tx, event.Event{Kind: "promise.set", Subject: event.Ref{Kind: "promise", ID: id}, Changes: changes})
}

// checkOrder refuses promises that contradict each other: somebody whose class
// is stopped would wait longer than somebody with a question.
func checkOrder(tx *db.Tx, site district.SiteID, service district.ServiceID) error {
	var in errs.Check
	var before Promise
	for n, i := range Impacts {
		p, err := promiseFor(tx, i, site, service)
		if err != nil {
			return err
		}
		if n > 0 {
			for _, m := range Metrics {
				if b, a := before.Of(m), p.Of(m); a != 0 && (b == 0 || b > a) {
					in.Fail(string(before.Impact)+"."+string(m), "desk.promise.order."+string(before.Impact))
				}
			}
		}
		before = p
	}
	return in.Err()
}
