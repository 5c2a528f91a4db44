package desk

import (
	"context"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
)

// Sight. These two conditions are the only place that says who may see a
// ticket t and who works on it; everything that reads tickets uses them.
// person and desk are SQL for a person's id. desk is whom to regard as
// working the desk: the same person, or 0 for a token that may not.
//
// The parts that don't depend on the row stand in uncorrelated subqueries,
// which both engines run once per statement. They come first, so that for a
// helper no row is looked up to decide.

// worksOn: whoever helps at the ticket's site or everywhere; helpers who are
// in its team or own it, or act for who does; of a private one the people
// named on it. more is what a helper works on for others, see standsIn.
func worksOn(desk, more string) string {
	return `(CASE t.private WHEN '' THEN
		EXISTS (SELECT 1 FROM district_grant g WHERE g.person = ` + desk + ` AND g.site = 0 AND g.role IN ` + district.HelperRolesSQL + `)
		OR t.site IN (SELECT g.site FROM district_grant g WHERE g.person = ` + desk + ` AND g.role IN ` + district.HelperRolesSQL + `)
		OR EXISTS (SELECT 1 FROM district_grant g WHERE g.person = ` + desk + ` AND g.role IN ` + district.HelperRolesSQL + `) AND (
			t.owner_team IN (SELECT m.team FROM district_member m WHERE m.person = ` + desk + `)
			OR coalesce(t.owner_person = ` + desk + `, FALSE)` + more + `)
	ELSE EXISTS (SELECT 1 FROM desk_named n WHERE n.ticket = t.id AND n.person = ` + desk + `) END)`
}

// sees: whoever works on the ticket, its requester and, unless it is private,
// its beneficiary, owner and followers.
func sees(person, desk, more string) string {
	return `(t.requester = ` + person + ` OR ` + worksOn(desk, more) + `
		OR t.private = '' AND (coalesce(t.beneficiary = ` + person + `, FALSE) OR coalesce(t.owner_person = ` + person + `, FALSE)
			OR EXISTS (SELECT 1 FROM desk_participant f WHERE f.ticket = t.id AND f.person = ` + person + `)))`
}

// seenBy is the rule of sees for a ticket that was read with who works on it and
// who follows it.
func (t ticket) seenBy(p district.PersonID, s standing) bool {
	return s.works || t.Requester == p || t.Private == "" && (t.Beneficiary == p || t.Owner == p || s.follows)
}

// In statements about one viewer, $1 is the person and $2 the person at the
// desk. These are for who covers for nobody: viewer.sees and viewer.works know
// which to take.
var (
	seesSQL  = sees("$1", "$2", "")
	worksSQL = worksOn("$2", "")
)

// viewer is who looks or acts: a person, and the same person as one who works
// the desk, unless they came with a token that may not.
type viewer struct {
	person district.PersonID
	desk   district.PersonID
	helps  bool       // at the desk, somewhere
	people People     // who knows for whom they act; nil: nobody acts for anybody
	covers []Covering // for whom they act at the desk now, see covering
}

// reader is the viewer of a read.
func reader(ctx context.Context) (viewer, error) {
	return view(ctx, district.ScopeRequestsRead, district.ScopeDeskRead)
}

// writer is the viewer of a command.
func writer(ctx context.Context) (viewer, error) {
	return view(ctx, district.ScopeRequestsWrite, district.ScopeDeskWrite)
}

// helper is the viewer of a read that only makes sense at the desk.
func helper(ctx context.Context) (viewer, error) {
	v, err := reader(ctx)
	if err == nil && !district.Helper.WithScope(district.ScopeDeskRead).Permits(policy.ActorFrom(ctx)) {
		err = errs.E(errs.Forbidden, "error.forbidden")
	}
	return v, err
}

func view(ctx context.Context, own, desk string) (viewer, error) {
	a := policy.ActorFrom(ctx)
	if a.Kind != policy.Person || a.Person <= 0 {
		return viewer{}, errs.E(errs.Unauthenticated, "error.unauthenticated")
	}
	v := viewer{person: district.PersonID(a.Person), helps: district.Helper.Allow(a)}
	if a.TokenAllows(desk) {
		v.desk = v.person
	}
	if v.desk == 0 && !a.TokenAllows(own) {
		return viewer{}, errs.E(errs.Forbidden, "error.forbidden")
	}
	return v, nil
}

func notFound() error { return errs.E(errs.NotFound, "desk.ticket.not_found") }

// SeesTicket reports whether a person may see a ticket in their own right.
// Other modules that show something about a ticket ask here.
func SeesTicket(tx *db.Tx, person district.PersonID, id TicketID) (bool, error) {
	var n int64
	err := tx.QueryRow(`SELECT count(*) FROM desk_ticket t WHERE t.id = $3 AND `+seesSQL, person, person, id).Scan(&n)
	return n > 0, err
}

// Sight is what a person has of a ticket that they may see.
type Sight struct {
	Version int64
	Works   bool // they work on it, and see what is inside
}

// Visible are those of the tickets that the actor may see. A stream asks
// before it names a ticket to a browser.
func (d *Desk) Visible(ctx context.Context, ids []TicketID) (map[TicketID]Sight, error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[TicketID]Sight, len(ids))
	err = d.read(ctx, v, func(tx *db.Tx, v viewer) error {
		for _, id := range ids {
			var s Sight
			err := tx.QueryRow(`SELECT t.version, `+v.works()+` FROM desk_ticket t WHERE t.id = $3 AND `+v.sees(), v.person, v.desk, id).Scan(&s.Version, &s.Works)
			switch {
			case db.IsNoRows(err):
			case err != nil:
				return err
			default:
				out[id] = s
			}
		}
		return nil
	})
	return out, err
}

// About is the ticket that an event is about; ok is false if it is about none.
// inside says that only those who work on the ticket may notice it.
func About(e event.Event) (id TicketID, inside, ok bool) {
	if e.Subject.Kind != SubjectTicket {
		return 0, false, false
	}
	return TicketID(e.Subject.ID), insideKinds[e.Kind], true
}

// insideKinds are the events that the asking side must not notice.
var insideKinds = map[string]bool{"ticket.noted": true, "ticket.tried": true, "ticket.named": true, "ticket.promise_missed": true}
