package desk

import (
	"slices"
	"strconv"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/notice"
)

// Who is told. A notice goes to nobody who may not see the ticket, and what
// is the desk's goes to nobody who does not work on it: the people come from
// one query that asks for sight. Nobody is told what they did themselves.

// knower is somebody who should know about a ticket.
type knower struct {
	person district.PersonID
	asks   bool
	owns   bool
	works  bool
}

// knowers are requester, beneficiary, owner and followers, as far as they may
// see the ticket and are here.
func knowers(tx *db.Tx, id TicketID) ([]knower, error) {
	return db.List(tx, func(r *db.Rows, k *knower) error {
		return r.Scan(&k.person, &k.asks, &k.owns, &k.works)
	}, `SELECT p.id, p.id = t.requester OR coalesce(p.id = t.beneficiary, FALSE), coalesce(p.id = t.owner_person, FALSE), `+worksOn("p.id")+`
		FROM desk_ticket t JOIN district_person p ON p.id = t.requester OR p.id = t.beneficiary OR p.id = t.owner_person
			OR p.id IN (SELECT f.person FROM desk_participant f WHERE f.ticket = t.id)
		WHERE t.id = $1 AND p.active AND `+sees("p.id", "p.id")+` ORDER BY p.id`, id)
}

// tell sends one person a notice about the ticket, once per command. Unread
// ones of a kind fold into one.
func (e *edition) tell(to district.PersonID, why string, urgency notice.Urgency) error {
	if slices.Contains(e.told, to) {
		return nil
	}
	e.told = append(e.told, to)
	n := notice.Notice{To: int64(to), Why: why, About: subject(e.t.ID), Urgency: urgency}
	if e.t.Private != "" && why != "desk.notice.name_someone" {
		// A notice may be read on a locked screen or over a shoulder.
		n.Why, n.Args = "desk.notice.private", map[string]any{"Ticket": e.t.ID.String()}
	} else {
		if err := e.nameActor(); err != nil {
			return err
		}
		n.Args = map[string]any{"Ticket": e.t.ID.String(), "Who": e.who, "Title": e.t.Title}
	}
	n.Digest = n.Why + "/" + e.t.ID.String()
	return notice.Send(e.tx, n)
}

// nameActor finds out who acts, for the words of notices.
func (e *edition) nameActor() (err error) {
	if e.who == "" && e.by.person != 0 {
		e.who, err = personName(e.tx, e.by.person)
	}
	return err
}

func (e *edition) tellOne(p district.PersonID, why string) error {
	return e.tell(p, why, notice.Normal)
}

// tellWhere tells those of the knowers that pick picks.
func (e *edition) tellWhere(why string, pick func(knower) bool) error {
	all, err := knowers(e.tx, e.t.ID)
	if err != nil {
		return err
	}
	for _, k := range all {
		if pick(k) {
			if err := e.tell(k.person, why, e.urgency(k)); err != nil {
				return err
			}
		}
	}
	return nil
}

// urgency is how soon somebody should know: at once where a class stands
// still and they are the one to help.
func (e *edition) urgency(k knower) notice.Urgency {
	switch {
	case k.owns && e.t.Impact == Stopped:
		return notice.Urgent
	case k.asks, k.owns:
		return notice.High
	}
	return notice.Normal
}

// tellAll tells everybody on the ticket, and the team while nobody owns it and
// the asking side spoke.
func (e *edition) tellAll(why string) error {
	if err := e.tellWhere(why, func(knower) bool { return true }); err != nil {
		return err
	}
	if e.t.Owner == 0 && !e.fromDesk() {
		return e.tellTeam(why)
	}
	return nil
}

// tellAsking tells requester and beneficiary.
func (e *edition) tellAsking(why string) error {
	return e.tellWhere(why, func(k knower) bool { return k.asks })
}

// tellOwner tells who owns the ticket.
func (e *edition) tellOwner(why string) error {
	return e.tellWhere(why, func(k knower) bool { return k.owns })
}

// tellDesk tells who works on the ticket: its owner, else its team, and who
// follows it from the desk.
func (e *edition) tellDesk(why string) error {
	if err := e.tellWhere(why, func(k knower) bool { return k.works && !k.asks }); err != nil {
		return err
	}
	if e.t.Owner == 0 {
		return e.tellTeam(why)
	}
	return nil
}

// tellTeam tells those of the team who are here. If none is, the team's lead
// is told that nobody is. Of a private ticket the people named on it are told
// instead.
func (e *edition) tellTeam(why string) error {
	people, err := e.present()
	if err != nil {
		return err
	}
	for _, p := range people {
		if err := e.tell(p, why, e.teamUrgency()); err != nil {
			return err
		}
	}
	if len(people) == 0 && e.t.Private == "" {
		return e.tellLead()
	}
	return nil
}

// tellNew tells the team of a new ticket: at once if a class stands still.
// Otherwise one line per person says that there are new ones, and stays the
// same line until it is read: a busy morning does not ring fifty times, and
// requests that arrive together don't wait for each other to write it.
func (e *edition) tellNew() error {
	if e.t.Impact == Stopped || e.t.Private != "" {
		return e.tellTeam("desk.notice.stopped")
	}
	people, err := e.present()
	if err != nil {
		return err
	}
	for _, p := range people {
		if err := e.tellOfTeam(p, "desk.notice.new", notice.Normal); err != nil {
			return err
		}
	}
	if len(people) == 0 {
		return e.tellLead()
	}
	return nil
}

func (e *edition) teamUrgency() notice.Urgency {
	if e.t.Impact == Stopped {
		return notice.Urgent
	}
	return notice.Normal
}

// tellLead tells the lead that nobody of the team is here. The words say
// nothing of the ticket, so they may reach a lead who can't open it.
func (e *edition) tellLead() error {
	lead, err := district.Lead(e.tx, e.t.Team)
	if err != nil {
		return err
	}
	return e.tellOfTeam(lead, "desk.notice.nobody_there", max(e.teamUrgency(), notice.High))
}

// tellOfTeam sends one person a notice about the team's list, unless an unread
// one is there that is as urgent.
func (e *edition) tellOfTeam(to district.PersonID, why string, urgency notice.Urgency) error {
	about := event.Ref{Kind: "team", ID: int64(e.t.Team)}
	if urgency < notice.Urgent {
		has, err := notice.HasUnreadAbout(e.tx, int64(to), about)
		if has || err != nil {
			return err
		}
	}
	var team string
	if err := e.tx.QueryRow(`SELECT name FROM district_team WHERE id = $1`, e.t.Team).Scan(&team); err != nil {
		return err
	}
	return notice.Send(e.tx, notice.Notice{To: int64(to), Why: why, Args: map[string]any{"Team": team}, About: about, Urgency: urgency,
		Digest: why + "/" + strconv.FormatInt(int64(e.t.Team), 10)})
}

// present are those of the owning team who are here and work on the ticket; of
// a private ticket the people named on it.
func (e *edition) present() ([]district.PersonID, error) {
	if e.t.Private != "" {
		return db.List(e.tx, scanPersonID, `SELECT n.person FROM desk_named n JOIN district_person p ON p.id = n.person
			WHERE n.ticket = $1 AND p.active ORDER BY n.person`, e.t.ID)
	}
	return db.List(e.tx, scanPersonID, `SELECT p.id FROM desk_ticket t JOIN district_member m ON m.team = t.owner_team JOIN district_person p ON p.id = m.person
		WHERE t.id = $1 AND p.active AND (p.away_until IS NULL OR p.away_until <= $2) AND `+worksOn("p.id")+` ORDER BY p.id`, e.t.ID, db.Us(e.tx.Now()))
}

func personName(tx *db.Tx, id district.PersonID) (name string, err error) {
	err = tx.QueryRow(`SELECT name FROM district_person WHERE id = $1`, id).Scan(&name)
	return name, err
}

// tellNamed tells people that who handles a kind of private ticket changed.
func tellNamed(tx *db.Tx, kind Private, people []district.PersonID) error {
	slices.Sort(people)
	for _, p := range slices.Compact(people) {
		if err := notice.Send(tx, notice.Notice{To: int64(p), Why: "desk.notice.named_" + string(kind), Urgency: notice.Normal,
			About: event.Ref{Kind: "private"}, Digest: "private.named/" + string(kind)}); err != nil {
			return err
		}
	}
	return nil
}
