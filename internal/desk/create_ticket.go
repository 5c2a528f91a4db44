package desk

import (
	"context"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

// CreateTicket is a person's request, by whatever door it comes in.
type CreateTicket struct {
	// Text says what is in the way: 1 to MaxText characters, or none with a
	// photo. Its first line becomes the title.
	Text   string
	Files  []FileID // the actor's own, from AddFile; at most MaxFiles
	Impact Impact   // "" is Slowed; Stopped if OfferTo the actor says so

	Requester   district.PersonID // 0: the actor. Another one, for those who work the desk there
	Beneficiary district.PersonID // for whom, if somebody else and OfferTo the actor says so

	Site      district.SiteID // 0: where the requester mostly is, with Room
	Room      district.RoomID // of the site; 0: none
	PlaceText string          // at most MaxPlace characters
	Contact   string          // how to reach them, at most MaxContact characters; "": what the district knows
	Service   district.ServiceID

	// HelpedAt is when somebody already helped in the room: at most a day ago.
	// It is their first answer. Only for who writes it down for the requester.
	HelpedAt time.Time

	Private Private // a kind makes it private from its first moment
	Channel Channel // "" is ByWeb
	Lang    string  // of Text; "": the requester's
}

// Created is what a requester reads after sending.
type Created struct {
	ID    TicketID
	Title string
	Expected
	PassedOver string // the nearest team, if nobody of it is here and the next one has it; its lead has been told
}

// Expected is whom a requester may expect.
type Expected struct {
	Team       string // who takes it, "" of a private request
	Person     string // the person to expect, "" if nobody can be named
	InBuilding bool   // Person is at the ticket's site today
	Present    bool   // false: nobody of the team is here; who stands in for it and its lead have been told
}

// CreateTicket opens a ticket. It is owned by a team at once; those who answer
// for the team now are told.
func (d *Desk) CreateTicket(ctx context.Context, c CreateTicket) (Created, error) {
	return command(ctx, d, "ticket.created", func(tx *db.Tx, v viewer) (Created, error) {
		o := opening{CreateTicket: c, edition: edition{tx: tx, by: v, kind: "ticket.created", is: standing{asks: true}}}
		return o.open()
	})
}

// open has a ticket come into being.
func (o *opening) open() (Created, error) {
	for _, do := range []func() error{o.fill, o.own, o.insert, o.tell} {
		if err := do(); err != nil {
			return Created{}, err
		}
	}
	return o.made, nil
}

// opening is a request on its way to becoming a ticket.
type opening struct {
	CreateTicket
	edition
	home  district.Home // the requester's
	named []district.PersonID
	asked bool // nobody is named for its kind
	made  Created
	plan  *CreatePlan // nil: somebody needs help
	stop  stop        // where it begins on its path

	expected district.PersonID // made.Person, 0 if nobody
}

// fill completes and checks what was asked.
func (o *opening) fill() error {
	var in errs.Check
	t := &o.t
	o.Files = once(o.Files)
	o.Text = body(&in, "text", o.Text, len(o.Files) == 0)
	if o.Impact == "" {
		o.Impact = Slowed
	}
	checkChoice(&in, "impact", o.Impact, Impacts)
	checkStopped(o.tx, &in, o.Impact)
	if o.Channel == "" {
		o.Channel = ByWeb
	}
	checkChoice(&in, "channel", o.Channel, Channels)
	if o.Private != "" {
		checkChoice(&in, "private", o.Private, PrivateKinds)
	}
	if o.Requester == 0 {
		o.Requester = o.by.person
	}
	if o.Requester != o.by.person {
		if err := checkReach(o.tx, &in, "requester", o.by.person, o.Requester); err != nil {
			return err
		}
		if err := in.Err(); err != nil {
			return err // nothing else can be filled in
		}
	}
	var err error
	if o.home, err = district.HomeOf(o.tx, o.Requester); err != nil {
		return err
	}
	if o.Beneficiary == o.Requester {
		o.Beneficiary = 0
	}
	if o.Beneficiary != 0 {
		if err := checkForWhom(o.tx, &in, o.by.person, o.Beneficiary); err != nil {
			return err
		}
	}
	if err := o.place(&in); err != nil {
		return err
	}
	if o.Service != 0 {
		if err := checkService(o.tx, &in, "service", o.Service); err != nil {
			return err
		}
	}
	t.PlaceText = district.Line(&in, "place", o.PlaceText, MaxPlace, false)
	t.Contact = district.Line(&in, "contact", o.Contact, MaxContact, false)
	if t.Contact == "" {
		t.Contact = o.home.Phone
	}
	if t.Contact == "" {
		t.Contact = o.home.Email
	}
	t.State, t.Impact, t.Channel, t.Private = Open, o.Impact, o.Channel, o.Private
	t.Requester, t.Beneficiary, t.Service = o.Requester, o.Beneficiary, o.Service
	if t.Lang = o.Lang; !isTag(t.Lang) {
		t.Lang = o.home.Lang
	}
	t.Created, t.SaidAt, t.Version = o.tx.Now(), o.tx.Now(), 1
	checkHelpedAt(&in, o.HelpedAt, o.tx.Now())
	if !o.HelpedAt.IsZero() && o.Requester == o.by.person {
		in.Fail("helped_at", "desk.help.own")
	}
	if t.Kind == "" {
		t.Kind = Request
	}
	if o.plan != nil {
		if err := o.checkPlan(&in); err != nil {
			return err
		}
	}
	return in.Err()
}

// place is the one given, else the requester's own. In a district of one site
// nobody has to say which.
func (o *opening) place(in *errs.Check) error {
	o.t.Site, o.t.Room = o.Site, o.Room
	if o.Site != 0 {
		return checkPlace(o.tx, in, o.Site, o.Room)
	}
	o.t.Site = o.home.Site
	if o.Room == 0 {
		o.t.Room = o.home.Room
	}
	if o.t.Site != 0 {
		if o.Room != 0 {
			return checkPlace(o.tx, in, o.t.Site, o.Room)
		}
		return nil
	}
	o.t.Room = 0
	sites, err := db.List(o.tx, func(r *db.Rows, id *district.SiteID) error { return r.Scan(id) },
		`SELECT id FROM district_site WHERE active ORDER BY id LIMIT 2`)
	if err != nil {
		return err
	}
	if len(sites) != 1 {
		in.Fail("site", "desk.create.where")
		return nil
	}
	o.t.Site = sites[0]
	return nil
}

// own finds who owns the ticket and whom the requester may expect. Whoever
// writes a request down for somebody else must work the desk there.
func (o *opening) own() (err error) {
	t := &o.t
	if err := o.begin(); err != nil {
		return err
	}
	if t.Requester != o.by.person {
		var works bool
		err := o.tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM district_grant WHERE person = $1 AND site IN (0, $2) AND role IN `+district.HelperRolesSQL+`)
			OR EXISTS (SELECT 1 FROM district_member WHERE person = $1 AND team = $3)`, o.by.desk, t.Site, t.Team).Scan(&works)
		if err != nil {
			return err
		}
		if !works {
			return errs.E(errs.Forbidden, "desk.create.for_others")
		}
	}
	if t.Private != "" {
		if o.named, o.asked, err = namedFor(o.tx, t.Private); err != nil {
			return err
		}
		return o.expectNamed()
	}
	if err := o.tx.QueryRow(`SELECT name FROM district_team WHERE id = $1`, t.Team).Scan(&o.made.Team); err != nil {
		return err
	}
	if len(o.stop.skipped) > 0 {
		if o.made.PassedOver, err = nameOfTeam(o.tx, o.stop.skipped[0]); err != nil {
			return err
		}
	}
	who, err := expectedOf(o.tx, o.by, t.Team, t.Site, t.Requester)
	o.expect(who)
	return err
}

// expectNamed tells the requester of a private ticket one of the people who
// handle it, somebody who is here if possible. Its team does not see it and
// is not named.
func (o *opening) expectNamed() error {
	var best district.Named
	for i, p := range o.named {
		who := district.Named{Person: p}
		var near bool
		err := o.tx.QueryRow(`SELECT p.name, `+district.HereSQL("p", "$2")+`, coalesce(p.site = $3, FALSE) FROM district_person p WHERE p.id = $1`,
			p, db.Us(o.tx.Now()), o.t.Site).Scan(&who.Name, &who.Present, &near)
		if err != nil {
			return err
		}
		who.InBuilding = who.Present && near
		if i == 0 || who.Present && !best.Present {
			best = who
		}
	}
	o.expect(best)
	return nil
}

// expect keeps whom the requester is told to expect. Nobody is told to expect
// themselves, or somebody of a team that is away.
func (o *opening) expect(who district.Named) {
	if o.made.Present = who.Present; who.Person == o.t.Requester || who.Away {
		return
	}
	o.expected, o.made.Person, o.made.InBuilding = who.Person, who.Name, who.InBuilding
}

func (o *opening) insert() (err error) {
	t := &o.t
	if t.Title = titleOf(o.Text); t.Title == "" {
		if err := o.tx.QueryRow(`SELECT name FROM desk_file WHERE id = $1 AND uploader = $2`, o.Files[0], o.by.person).Scan(&t.Title); err != nil && !db.IsNoRows(err) {
			return err
		}
		t.Title = titleOf(t.Title)
	}
	t.Files = int64(len(o.Files))
	if t.ID, err = insertTicket(o.tx, *t); err != nil {
		return err
	}
	m, err := insertMessage(o.tx, t.ID, o.by.person, false, o.Text, o.Channel)
	if err != nil {
		return err
	}
	if err := attach(o.tx, o.by, o.Files, t.ID, m, 0); err != nil {
		return err
	}
	changes := append(diff(ticket{}, *t), said(m, o.Text, o.Files)...)
	onIt, err := insertNamed(o.tx, t.ID, o.named)
	if err != nil {
		return err
	}
	if o.plan != nil {
		planned, err := insertPlan(o.tx, t.ID, o.plan)
		if err != nil {
			return err
		}
		changes = append(changes, planned...)
	}
	changes = append(append(changes, onIt...), o.made.changes(o.expected)...)
	if !o.HelpedAt.IsZero() {
		changes = append(changes, event.Change{Field: fieldHelpedAt, To: o.HelpedAt.UTC().Format(time.RFC3339Nano)})
	}
	created := event.Event{Kind: o.kind, Subject: subject(t.ID), Changes: changes}
	if t.Requester != o.by.person {
		created.Behalf = int64(t.Requester)
	}
	if err := event.Emit(o.tx, created); err != nil {
		return err
	}
	if err := o.startClocks(o.HelpedAt); err != nil {
		return err
	}
	o.made.ID, o.made.Title = t.ID, t.Title
	if o.Text == "" {
		return indexTitle(o.tx, *t)
	}
	return indexMessage(o.tx, t.ID, m, t.Lang, o.Text)
}

func (o *opening) tell() error {
	if o.t.Requester == o.by.person {
		o.who = o.home.Name
	} else if err := o.edition.tellOne(o.t.Requester, "desk.notice.logged"); err != nil {
		return err
	}
	if o.t.Beneficiary != 0 && o.t.Private == "" {
		if err := o.edition.tellOne(o.t.Beneficiary, "desk.notice.for_you"); err != nil {
			return err
		}
	}
	if err := o.sayPassedOver(o.stop.skipped); err != nil {
		return err
	}
	if err := o.tellNew(); err != nil {
		return err
	}
	if o.asked {
		o.told = nil // besides the notice of the ticket itself
		return o.edition.tellOne(o.named[0], "desk.notice.name_someone")
	}
	return nil
}
