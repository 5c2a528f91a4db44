package desk

import (
	"maps"
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
// see the ticket and have not left. Whether they work on it is said if works
// asks for it.
func knowers(tx *db.Tx, t ticket, works bool) ([]knower, error) {
	if t.Private == "" && !works { // all of them see it
		return db.List(tx, func(r *db.Rows, k *knower) error {
			err := r.Scan(&k.person)
			k.asks, k.owns = k.person == t.Requester || k.person == t.Beneficiary, k.person == t.Owner
			return err
		}, `SELECT p.id FROM district_person p WHERE p.active AND p.id IN ($1, $2, $3)
			UNION SELECT p.id FROM desk_participant f JOIN district_person p ON p.id = f.person AND p.active WHERE f.ticket = $4 ORDER BY 1`,
			t.Requester, t.Beneficiary, t.Owner, t.ID)
	}
	return db.List(tx, func(r *db.Rows, k *knower) error {
		return r.Scan(&k.person, &k.asks, &k.owns, &k.works)
	}, `SELECT p.id, p.id = t.requester OR coalesce(p.id = t.beneficiary, FALSE), coalesce(p.id = t.owner_person, FALSE), `+worksOn("p.id", "")+`
		FROM (SELECT requester AS id FROM desk_ticket WHERE id = $1 UNION SELECT beneficiary FROM desk_ticket WHERE id = $1
			UNION SELECT owner_person FROM desk_ticket WHERE id = $1 UNION SELECT person FROM desk_participant WHERE ticket = $1) k
		JOIN district_person p ON p.id = k.id JOIN desk_ticket t ON t.id = $1
		WHERE p.active AND `+sees("p.id", "p.id", "")+` ORDER BY p.id`, t.ID)
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
		maps.Copy(n.Args, e.args)
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
	return e.tellKnowers(why, false, pick)
}

func (e *edition) tellKnowers(why string, works bool, pick func(knower) bool) error {
	all, err := knowers(e.tx, e.t, works)
	if err != nil {
		return err
	}
	var owner knower
	for _, k := range all {
		if pick(k) {
			if err := e.tell(k.person, why, e.urgency(k)); err != nil {
				return err
			}
			if k.owns {
				owner = k
			}
		}
	}
	if owner.person == 0 {
		return nil
	}
	p, err := e.by.standInFor(e.tx, e.t)
	if err != nil || p == 0 {
		return err
	}
	return e.tellInstead(p, why)
}

// tellInstead tells who acts for the owner, and whose the ticket is.
func (e *edition) tellInstead(p district.PersonID, why string) error {
	owner, err := personName(e.tx, e.t.Owner)
	if err != nil {
		return err
	}
	args := e.args
	if e.args = maps.Clone(args); e.args == nil {
		e.args = map[string]any{}
	}
	if e.args["Owner"] = owner; why == "desk.notice.assigned" {
		why = "desk.notice.assigned_cover"
	} else {
		e.args["Title"] = e.t.Title + " (" + owner + ")"
	}
	err = e.tell(p, why, e.urgency(knower{owns: true, works: true}))
	e.args = args
	return err
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

// tellAll tells everybody on the ticket and, when the asking side spoke and no
// owner is here to hear it, the team.
func (e *edition) tellAll(why string) error {
	if err := e.tellWhere(why, func(knower) bool { return true }); err != nil || e.fromDesk() {
		return err
	}
	return e.tellForOwner(why)
}

// tellForOwner tells the team if the ticket has no owner, or one who is away
// and for whom nobody acts: what somebody waits to have heard must not lie
// until they are back.
func (e *edition) tellForOwner(why string) error {
	if e.t.Owner != 0 {
		here, err := district.Here(e.tx, e.t.Owner, e.tx.Now())
		if err != nil || here {
			return err
		}
		p, err := e.by.standInFor(e.tx, e.t)
		if err != nil {
			return err
		}
		if p != 0 && (p != e.by.person || e.fromDesk()) {
			return e.tellInstead(p, why)
		}
	}
	return e.tellTeam(why)
}

// tellAsking tells requester and beneficiary.
func (e *edition) tellAsking(why string) error {
	return e.tellWhere(why, func(k knower) bool { return k.asks })
}

// tellOwner tells who owns the ticket.
func (e *edition) tellOwner(why string) error {
	return e.tellWhere(why, func(k knower) bool { return k.owns })
}

// tellDesk tells who works on the ticket: its owner and who follows it from the
// desk, and the team if no owner is here.
func (e *edition) tellDesk(why string) error {
	if err := e.tellKnowers(why, true, func(k knower) bool { return k.works && !k.asks }); err != nil {
		return err
	}
	return e.tellForOwner(why)
}

// tellTeam tells those who answer for the team. If that is nobody of its own,
// they learn that too, and so does its lead. Of a private ticket the people
// named on it are told instead.
func (e *edition) tellTeam(why string) error {
	people, how, err := e.answers()
	if err != nil {
		return err
	}
	for _, a := range people {
		if a.works {
			if err := e.tell(a.person, why, e.teamUrgency()); err != nil {
				return err
			}
		}
	}
	return e.tellAbsent(people, how)
}

// tellNew tells the team of a new ticket: at once if a class stands still.
// Otherwise one line per person says that there are new ones, and stays the
// same line until it is read: a busy morning does not ring fifty times, and
// requests that arrive together don't wait for each other to write it.
func (e *edition) tellNew() error {
	if e.t.Impact == Stopped || e.t.Private != "" {
		return e.tellTeam("desk.notice.stopped")
	}
	people, how, err := e.answers()
	if err != nil {
		return err
	}
	if how != district.ByMembers {
		return e.tellAbsent(people, how)
	}
	for _, a := range people {
		if err := e.tellOfTeam(a.person, "desk.notice.new", notice.Normal); err != nil {
			return err
		}
	}
	return nil
}

// tellAbsent tells who stands in for a team, and its lead, who finds it later,
// that nobody of it is here. The words say nothing of the ticket, so they may
// reach people who can't open it.
func (e *edition) tellAbsent(people []answering, how district.How) error {
	if how == district.ByMembers {
		return nil
	}
	lead, err := district.Lead(e.tx, e.t.Team)
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(people, func(a answering) bool { return a.person == lead })
	for _, a := range append(people, answering{person: lead}) {
		if err := e.tellOfTeam(a.person, "desk.notice.nobody_there", max(e.teamUrgency(), notice.High)); err != nil {
			return err
		}
	}
	return nil
}

func (e *edition) teamUrgency() notice.Urgency {
	if e.t.Impact == Stopped {
		return notice.Urgent
	}
	return notice.Normal
}

// tellOfTeam sends one person a notice about the team's list, unless an unread
// one is there that is as urgent.
func (e *edition) tellOfTeam(to district.PersonID, why string, urgency notice.Urgency) error {
	if urgency < notice.Urgent {
		has, err := notice.HasUnreadAbout(e.tx, int64(to), e.teamRef())
		if has || err != nil {
			return err
		}
	}
	return e.sendOfTeam(to, why, urgency, map[string]any{})
}

// sendOfTeam sends one person a notice about the team's list. Unread ones of a
// kind fold into one.
func (e *edition) sendOfTeam(to district.PersonID, why string, urgency notice.Urgency, args map[string]any) error {
	var team string
	if err := e.tx.QueryRow(teamName, e.t.Team).Scan(&team); err != nil {
		return err
	}
	args["Team"] = team
	return notice.Send(e.tx, notice.Notice{To: int64(to), Why: why, Args: args, About: e.teamRef(), Urgency: urgency,
		Digest: why + "/" + strconv.FormatInt(int64(e.t.Team), 10)})
}

func (e *edition) teamRef() event.Ref { return event.Ref{Kind: "team", ID: int64(e.t.Team)} }

// answering is somebody who answers for the ticket's team now.
type answering struct {
	person district.PersonID
	works  bool // on this ticket; who stands in for a team may not even see it
}

// answers are those who answer for the owning team now: its people who are
// here, else who acts for them; of a private ticket the people named on it.
func (e *edition) answers() (out []answering, how district.How, err error) {
	if e.t.Private != "" {
		named, err := db.List(e.tx, scanPersonID, `SELECT n.person FROM desk_named n JOIN district_person p ON p.id = n.person
			WHERE n.ticket = $1 AND p.active ORDER BY n.person`, e.t.ID)
		for _, p := range named {
			out = append(out, answering{p, true})
		}
		return out, district.ByMembers, err
	}
	people, how, err := district.Answers(e.tx, e.t.Team, e.tx.Now())
	if err != nil {
		return nil, how, err
	}
	more := ""
	if how != district.ByMembers && e.t.Owner == 0 {
		instead, err := e.by.standIns(e.tx, e.t.Team, e.t.Requester, e.t.Beneficiary)
		if err != nil {
			return nil, how, err
		}
		if len(instead) > 0 {
			people, how, more = instead, district.ByMembers, ` OR TRUE` // see standsIn: it is their team's, and nobody's yet
		}
	}
	for _, p := range people {
		a := answering{person: p}
		if err := e.tx.QueryRow(`SELECT `+worksOn("$2", more)+` FROM desk_ticket t WHERE t.id = $1`, e.t.ID, p).Scan(&a.works); err != nil {
			return nil, how, err
		}
		out = append(out, a)
	}
	return out, how, nil
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
