package flow

import (
	"cmp"
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// Behind names a number of a report: the requests that it counts.
type Behind string

// The numbers that lead to requests. Each is a question about one request, and
// what a Report counts is exactly those for which the answer is yes.
const (
	Every       Behind = "all"
	NeverSolved Behind = "open"       // not solved so far
	Ended       Behind = "ended"      // over, but nobody recorded when it was solved
	EverSolved  Behind = "solved"     // slowest first
	AtSchool    Behind = "school"     // solved without leaving the school
	Beyond      Behind = "beyond"     // solved further away
	NoLine      Behind = "no_line"    // solved, nobody recorded by whom
	Passed      Behind = "handoffs"   // changed teams at all, most often first
	Passed0     Behind = "handoffs_0" // changed teams never
	Passed1     Behind = "handoffs_1"
	Passed2     Behind = "handoffs_2"
	Passed3     Behind = "handoffs_3" // three times or more
	Returned    Behind = "ping_pong"  // a team had it again after another
	Came        Behind = "reopened"   // came back after it was solved
	PromiseKept Behind = "kept"
	PromiseNot  Behind = "missed"
	NoPromise   Behind = "no_promise"
	Answered    Behind = "answered"   // slowest first
	Unanswered  Behind = "unanswered" // open, and nobody has answered
	NoAnswer    Behind = "no_answer"  // over, nobody recorded when it was answered
	WaitedUser  Behind = "wait_requester"
	WaitedVend  Behind = "wait_vendor"
	WaitedPart  Behind = "wait_part"
	WaitedDate  Behind = "wait_date"
	WaitedOther Behind = "wait_other"
)

// Behinds lists them all.
var Behinds = []Behind{Every, NeverSolved, Ended, EverSolved, AtSchool, Beyond, NoLine, Passed, Passed0, Passed1, Passed2, Passed3, Returned, Came,
	PromiseKept, PromiseNot, NoPromise, Answered, Unanswered, NoAnswer, WaitedUser, WaitedVend, WaitedPart, WaitedDate, WaitedOther}

// Item is one request behind a number.
type Item struct {
	ID      desk.TicketID
	Title   string
	Place   string
	Service string
	Impact  string
	Start   time.Time // zero: not recorded
	Solve   int64     // seconds to solved, as the report counts them; None
	First   int64     // seconds to the first response, likewise
	Hands   int64     // times it changed teams
	Wait    int64     // seconds of waiting that the number counts; 0 for other numbers
	Open    bool
	Zone    *time.Location // of its source
}

// Page is one page of them.
type Page struct {
	About Report // the filter as it was settled, sources and zone; no numbers
	Items []Item
	Total int64
	Next  string // for the next page, "" at the end
}

// perPage is how many requests a page has.
const perPage = 50

// Tickets lists the requests that a number of a report counts, those with the
// most of what it is about first.
func (r *Reports) Tickets(ctx context.Context, f Filter, b Behind, cursor string) (Page, error) {
	if err := f.settle(); err != nil {
		return Page{}, err
	}
	if !slices.Contains(Behinds, b) {
		return Page{}, errs.E(errs.NotFound, "error.not_found")
	}
	after, afterID, err := readPlace(cursor)
	if err != nil {
		return Page{}, err
	}
	var out Page
	err = r.desk.Oversee(ctx, func(tx *db.Tx, where string, args []any) error {
		out = Page{}
		l, err := load(tx, where, args, &f)
		if err != nil {
			return err
		}
		var list []*line
		for _, x := range l.filter(f) {
			if x.is(b, f.Wall) {
				list = append(list, x)
			}
		}
		out.About = Report{Filter: f, Sources: l.sources, Zone: l.zoneOf(f.Source)}
		out.Total = int64(len(list))
		before := func(x *line, v, id int64) int {
			return cmp.Or(cmp.Compare(v, x.weight(b, f.Wall)), cmp.Compare(id, x.id))
		}
		slices.SortFunc(list, func(x, y *line) int { return before(x, y.weight(b, f.Wall), y.id) })
		if cursor != "" {
			i, _ := slices.BinarySearchFunc(list, 0, func(x *line, _ int) int {
				if before(x, after, afterID) <= 0 {
					return -1
				}
				return 1
			})
			list = list[i:]
		}
		if len(list) > perPage {
			list = list[:perPage]
			last := list[perPage-1]
			out.Next = place(last.weight(b, f.Wall), last.id)
		}
		for _, x := range list {
			i := Item{ID: desk.TicketID(x.id), Place: x.place, Service: x.service, Impact: x.impact, Solve: x.solving(f.Wall), First: x.first(f.Wall),
				Hands: x.hands, Open: x.state == never, Zone: x.from.zone}
			if x.start != 0 {
				i.Start = db.FromUs(x.start)
			}
			if w := slices.Index(waitsBehind, b); w >= 0 {
				i.Wait = x.waits[w]
			}
			if err := tx.QueryRow(`SELECT t.title FROM desk_ticket t WHERE t.id = $3 AND `+where, append(slices.Clone(args), x.id)...).Scan(&i.Title); err != nil {
				return err
			}
			out.Items = append(out.Items, i)
		}
		return nil
	})
	return out, err
}

// weight is what a list is ordered by, the most first: the time that the
// number is about, else the start.
func (x *line) weight(b Behind, wallClock bool) int64 {
	switch b {
	case EverSolved:
		return x.solving(wallClock)
	case Answered:
		return x.first(wallClock)
	case Passed:
		return x.hands
	}
	if w := slices.Index(waitsBehind, b); w >= 0 {
		return x.waits[w]
	}
	return x.start
}

// place is where a list goes on; it names no ticket that its reader has not
// just been shown.
func place(weight, id int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(weight, 36) + " " + strconv.FormatInt(id, 36)))
}

func readPlace(s string) (weight, id int64, err error) {
	if s == "" {
		return 0, 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if a, b, ok := strings.Cut(string(raw), " "); err == nil && ok {
		if weight, err = strconv.ParseInt(a, 36, 64); err == nil {
			if id, err = strconv.ParseInt(b, 36, 64); err == nil {
				return weight, id, nil
			}
		}
	}
	return 0, 0, errs.E(errs.Invalid, "error.bad_cursor")
}
