package desk

import (
	"slices"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/notice"
)

// Routing. A ticket enters at the first step of the path for its place and
// service, so that help stays close to the classroom. Who helps there
// themselves starts one step further, and a step of which nobody is here is
// passed over: its lead and the history of the ticket say so. Private tickets
// take no path, they are for the people named.

// stop is where a ticket comes to on its path.
type stop struct {
	district.Step
	skipped []district.TeamID // nearer, and nobody of them is here
}

// pathOf is the way of a ticket.
func pathOf(tx *db.Tx, t ticket) ([]district.Step, error) {
	if t.Kind == Plan {
		return district.PlanPathFor(tx, t.Site)
	}
	return district.PathFor(tx, t.Site, t.Service)
}

// enter is where a ticket begins.
func enter(tx *db.Tx, v viewer, t ticket) (stop, error) {
	steps, err := pathOf(tx, t)
	if err != nil {
		return stop{}, err
	}
	if len(steps) > 1 && steps[0].Tier == district.TierSchool {
		for _, p := range []district.PersonID{t.Requester, t.Beneficiary} {
			helps, err := isMember(tx, steps[0].Team, p)
			if err != nil {
				return stop{}, err
			}
			if helps {
				steps = steps[1:]
				break
			}
		}
	}
	return firstHere(tx, v, t, steps)
}

// firstHere is the first step of which somebody is here, or of which somebody
// is away and another acts for them; if nobody is anywhere it is the first.
func firstHere(tx *db.Tx, v viewer, t ticket, steps []district.Step) (stop, error) {
	var skipped []district.TeamID
	for _, s := range steps {
		here, err := somebodyHere(tx, v, t, s.Team)
		if err != nil || here {
			return stop{s, skipped}, err
		}
		skipped = append(skipped, s.Team)
	}
	return stop{Step: steps[0]}, nil
}

var hereSQL = `SELECT EXISTS (SELECT 1 FROM district_member m JOIN district_person p ON p.id = m.person WHERE m.team = $1 AND ` + district.HereSQL("p", "$2") + `)`

// somebodyHere reports whether anybody of a team is here for a ticket, or acts
// for one of it who is away.
func somebodyHere(tx *db.Tx, v viewer, t ticket, team district.TeamID) (here bool, err error) {
	if err = tx.QueryRow(hereSQL, team, db.Us(tx.Now())).Scan(&here); err != nil || here {
		return here, err
	}
	instead, err := v.standIns(tx, team, t.Requester, t.Beneficiary)
	return len(instead) > 0, err
}

func isMember(tx *db.Tx, team district.TeamID, p district.PersonID) (is bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM district_member WHERE team = $1 AND person = $2)`, team, p).Scan(&is)
	return is, err
}

// tierOf is how far a team is from the classroom of a ticket: as its path
// says, else as the team itself.
func tierOf(tx *db.Tx, t ticket, team district.TeamID) (tier int, err error) {
	steps, err := pathOf(tx, t)
	if err != nil {
		return 0, err
	}
	if i := slices.IndexFunc(steps, func(s district.Step) bool { return s.Team == team }); i >= 0 && t.Private == "" {
		return steps[i].Tier, nil
	}
	err = tx.QueryRow(`SELECT tier FROM district_team WHERE id = $1`, team).Scan(&tier)
	return tier, err
}

// reroute sends a ticket that nobody took yet along the path of its new place
// or service. Once somebody has it, where it goes is theirs to say.
func (e *edition) reroute() error {
	t := e.t
	if t.Site == e.before.Site && t.Service == e.before.Service || t.Owner != 0 || t.Private != "" || t.Handoffs > 0 || done(t.State) {
		return nil
	}
	var spoken bool
	if err := e.tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM desk_message WHERE ticket = $1 AND from_desk)
		OR EXISTS (SELECT 1 FROM desk_mark WHERE ticket = $1 AND kind = 'answered')`, t.ID).Scan(&spoken); err != nil || spoken {
		return err
	}
	s, err := enter(e.tx, e.by, t)
	if err != nil {
		return err
	}
	e.t.Team, e.t.Tier = s.Team, s.Tier
	if e.t.Team != e.before.Team {
		e.after(func() error {
			if err := e.sayPassedOver(s.skipped); err != nil {
				return err
			}
			return e.tellNew()
		})
	}
	return nil
}

// sayPassedOver writes down that nobody of some teams is here, and tells their
// leads. The words say nothing of the ticket but its number, so they may reach
// a lead who can't open it.
func (e *edition) sayPassedOver(skipped []district.TeamID) error {
	if len(skipped) == 0 {
		return nil
	}
	var changes []event.Change
	for _, team := range skipped {
		changes = append(changes, event.Change{Field: fieldSkipped, To: int64(team)})
	}
	if err := emit(e.tx, "ticket.passed_over", e.t.ID, changes); err != nil {
		return err
	}
	to, err := nameOfTeam(e.tx, e.t.Team)
	if err != nil {
		return err
	}
	for _, team := range skipped {
		name, err := nameOfTeam(e.tx, team)
		if err != nil {
			return err
		}
		lead, err := district.Lead(e.tx, team)
		if err != nil {
			return err
		}
		ref := event.Ref{Kind: "team", ID: int64(team)}
		if err := notice.Send(e.tx, notice.Notice{To: int64(lead), Why: "desk.notice.passed_over", About: ref, Urgency: max(e.teamUrgency(), notice.High),
			Args: map[string]any{"Team": name, "Ticket": e.t.ID.String(), "To": to}, Digest: "desk.notice.passed_over/" + name}); err != nil {
			return err
		}
	}
	return nil
}

func nameOfTeam(tx *db.Tx, id district.TeamID) (name string, err error) {
	err = tx.QueryRow(`SELECT name FROM district_team WHERE id = $1`, id).Scan(&name)
	return name, err
}

// Route is where the path of a ticket's place and service would have it.
type Route struct {
	Team district.TeamID
	Name string
	Tier int
}

// routeOf is the suggestion for a ticket that stands off its path: who is at
// its tier there, else the next one further, else whoever is furthest. nil if
// it stands on it.
func routeOf(tx *db.Tx, t ticket) (*Route, error) {
	if t.Private != "" || done(t.State) {
		return nil, nil
	}
	steps, err := pathOf(tx, t)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(steps, func(s district.Step) bool { return s.Team == t.Team }) {
		return nil, nil
	}
	i := slices.IndexFunc(steps, func(s district.Step) bool { return s.Tier >= t.Tier })
	if i < 0 {
		i = len(steps) - 1
	}
	r := &Route{Team: steps[i].Team, Tier: steps[i].Tier}
	r.Name, err = nameOfTeam(tx, r.Team)
	return r, err
}

// expectedSQL picks of those of a team who are here whoever is at the site,
// then whoever has the least to do.
var expectedSQL = `SELECT p.id, p.name, coalesce(p.site = $2, FALSE) AS near,
		(SELECT count(*) FROM desk_ticket o WHERE o.owner_person = p.id AND o.state = 'open') AS load
	FROM district_member m JOIN district_person p ON p.id = m.person
	WHERE m.team = $1 AND p.id <> $3 AND ` + district.HereSQL("p", "$4") + ` ORDER BY near DESC, load, p.fold, p.id LIMIT 1`

// expectedOf is whom somebody may expect from a team, other than themselves.
// If nobody of it is here it is who acts for one of them; if nobody does, or
// if nobody else is here, it is whoever the district names then.
func expectedOf(tx *db.Tx, v viewer, team district.TeamID, site district.SiteID, asks district.PersonID) (district.Named, error) {
	n := district.Named{Present: true}
	var load int64
	err := tx.QueryRow(expectedSQL, team, site, asks, db.Us(tx.Now())).Scan(&n.Person, &n.Name, &n.InBuilding, &load)
	if !db.IsNoRows(err) {
		return n, err
	}
	instead, err := v.standInsAlone(tx, team)
	if err != nil {
		return n, err
	}
	for _, p := range instead {
		if p == asks {
			continue
		}
		n.Person = p
		err := tx.QueryRow(`SELECT p.name, coalesce(p.site = $2, FALSE) FROM district_person p WHERE p.id = $1`, p, site).Scan(&n.Name, &n.InBuilding)
		return n, err
	}
	if n, err = district.NamedPerson(tx, team, site); err != nil {
		return n, err
	}
	if n.InBuilding = false; n.Person == asks { // who is the only one here
		n.Person, n.Name = 0, ""
	}
	return n, nil
}

// begin finds where a new ticket begins. Whoever writes one down for somebody
// and only helps further along its path has it in their hands already: it
// begins with them.
func (o *opening) begin() (err error) {
	t := &o.t
	if t.Private != "" {
		if t.Team, err = district.TeamFor(o.tx, t.Service, t.Site); err != nil {
			return err
		}
		t.Tier, err = tierOf(o.tx, *t, t.Team)
		return err
	}
	if o.stop, err = enter(o.tx, o.by, *t); err != nil {
		return err
	}
	if t.Requester != o.by.person && o.by.desk != 0 {
		if err := o.beginWithHelper(); err != nil {
			return err
		}
	}
	t.Team, t.Tier = o.stop.Team, o.stop.Tier
	return nil
}

func (o *opening) beginWithHelper() error {
	var near bool
	if err := o.tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM district_grant WHERE person = $1 AND site IN (0, $2) AND role IN `+district.HelperRolesSQL+`)`,
		o.by.desk, o.t.Site).Scan(&near); err != nil || near {
		return err
	}
	steps, err := pathOf(o.tx, o.t)
	if err != nil {
		return err
	}
	for _, s := range steps {
		helps, err := isMember(o.tx, s.Team, o.by.desk)
		if err != nil {
			return err
		}
		if helps {
			o.stop = stop{Step: s}
			return nil
		}
	}
	return nil
}
