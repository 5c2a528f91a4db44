package api

import (
	"context"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/api"
	"trellis/internal/platform/errs"
)

type createIn struct {
	Body struct {
		Text        string  `json:"text,omitempty" maxLength:"20000" doc:"What is in the way. Its first line becomes the title."`
		Files       []int64 `json:"files,omitempty" maxItems:"10" doc:"Ids of your own uploads."`
		Impact      string  `json:"impact,omitempty" enum:"stopped,blocked,slowed,question" doc:"What happened to teaching; slowed if absent. Stopped is for staff."`
		Requester   int64   `json:"requester,omitempty" doc:"Whose request it is, if you work the desk and write it down for them."`
		Beneficiary int64   `json:"beneficiary,omitempty" doc:"For whom, if for somebody else. For who works the desk."`
		Site        int64   `json:"site,omitempty" doc:"Where; absent is where the requester mostly is."`
		Room        int64   `json:"room,omitempty"`
		Place       string  `json:"place,omitempty" maxLength:"200"`
		Contact     string  `json:"contact,omitempty" maxLength:"200"`
		Service     int64   `json:"service,omitempty"`
		Private     string  `json:"private,omitempty" enum:"suspicious_mail,lost_device,privacy,safety"`
		Channel     string  `json:"channel,omitempty" enum:"api,hallway,phone" doc:"How it reached who writes it down; api if absent."`
		Lang        string  `json:"lang,omitempty" maxLength:"20"`

		HelpedAt time.Time `json:"helped_at,omitempty" doc:"When you already helped in the room, if you write it down for somebody: at most a day ago."`
	}
}

type createOut struct {
	Body struct {
		ID     int64  `json:"id"`
		Number string `json:"number"`
		Title  string `json:"title"`
		Expected
	}
}

func (o operations) create(ctx context.Context, in *createIn) (*createOut, error) {
	b := in.Body
	if b.Channel == "" {
		b.Channel = string(desk.ByAPI)
	}
	c, err := o.desk.CreateTicket(ctx, desk.CreateTicket{
		Text: b.Text, Files: fileIDs(b.Files), Impact: desk.Impact(b.Impact), Requester: district.PersonID(b.Requester), Beneficiary: district.PersonID(b.Beneficiary),
		Site: district.SiteID(b.Site), Room: district.RoomID(b.Room), PlaceText: b.Place, Contact: b.Contact, Service: district.ServiceID(b.Service),
		Private: desk.Private(b.Private), Channel: desk.Channel(b.Channel), Lang: b.Lang, HelpedAt: b.HelpedAt,
	})
	if err != nil {
		return nil, err
	}
	out := &createOut{}
	out.Body.ID, out.Body.Number, out.Body.Title = int64(c.ID), c.ID.String(), c.Title
	out.Body.Expected = wireExpected(c.Expected)
	return out, nil
}

// Said is a public text with files.
type Said struct {
	Text  string  `json:"text,omitempty" maxLength:"20000"`
	Files []int64 `json:"files,omitempty" maxItems:"10" doc:"Ids of your own uploads."`
	Lang  string  `json:"lang,omitempty" maxLength:"20"`
}

func (s Said) words() desk.Words {
	return desk.Words{Text: s.Text, Files: fileIDs(s.Files), Channel: desk.ByAPI, Lang: s.Lang}
}

type sayIn struct {
	ID   int64 `path:"id"`
	Body Said
}

type replyOut struct {
	Body struct {
		Changed
		Message int64 `json:"message"`
	}
}

func (o operations) reply(ctx context.Context, in *sayIn) (*replyOut, error) {
	r, err := o.desk.Reply(ctx, ticketID(in.ID), in.Body.words())
	if err != nil {
		return nil, err
	}
	out := &replyOut{}
	out.Body.Changed, out.Body.Message = wireChanged(r.Changed).Body, int64(r.Message)
	return out, nil
}

type noteIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Note  string  `json:"note,omitempty" maxLength:"20000"`
		Files []int64 `json:"files,omitempty" maxItems:"10"`
	}
}

type noteOut struct {
	Body struct {
		ID   int64 `json:"id"`
		Note int64 `json:"note"`
	}
}

func (o operations) note(ctx context.Context, in *noteIn) (*noteOut, error) {
	j, err := o.desk.AddNote(ctx, ticketID(in.ID), in.Body.Note, fileIDs(in.Body.Files))
	if err != nil {
		return nil, err
	}
	out := &noteOut{}
	out.Body.ID, out.Body.Note = int64(j.ID), int64(j.Note)
	return out, nil
}

func (o operations) take(ctx context.Context, in *byID) (*changedOut, error) {
	return answer(o.desk.Take(ctx, ticketID(in.ID)))
}

// atVersion is a command without a body. The version is optional: a command
// that only makes sense in one state needs none.
type atVersion struct {
	ID   int64 `path:"id"`
	Body *struct {
		Version int64 `json:"version,omitempty" doc:"Refuse if it has changed since."`
	}
}

func (a atVersion) version() int64 {
	if a.Body == nil {
		return 0
	}
	return a.Body.Version
}

func (o operations) release(ctx context.Context, in *atVersion) (*changedOut, error) {
	return answer(o.desk.Release(ctx, ticketID(in.ID), in.version()))
}

func (o operations) resume(ctx context.Context, in *atVersion) (*changedOut, error) {
	return answer(o.desk.Resume(ctx, ticketID(in.ID), in.version()))
}

func (o operations) reopen(ctx context.Context, in *atVersion) (*changedOut, error) {
	return answer(o.desk.Reopen(ctx, ticketID(in.ID), in.version()))
}

type assignIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Team    int64 `json:"team,omitempty" doc:"Absent: the team it has."`
		Person  int64 `json:"person,omitempty" doc:"Absent: nobody yet, the team takes it."`
		Version int64 `json:"version,omitempty"`
	}
}

func (o operations) assign(ctx context.Context, in *assignIn) (*changedOut, error) {
	return answer(o.desk.Assign(ctx, desk.Assign{Ticket: ticketID(in.ID), Version: in.Body.Version, Team: district.TeamID(in.Body.Team), Person: district.PersonID(in.Body.Person)}))
}

type waitIn struct {
	ID   int64 `path:"id"`
	Body struct {
		On    string    `json:"on" enum:"requester,vendor,part,date"`
		Until time.Time `json:"until,omitempty" doc:"When it comes back by itself; absent is a suggested time."`
		Said
		Version int64 `json:"version,omitempty"`
	}
}

func (o operations) wait(ctx context.Context, in *waitIn) (*changedOut, error) {
	return answer(o.desk.Wait(ctx, desk.Wait{Ticket: ticketID(in.ID), Version: in.Body.Version, On: desk.WaitOn(in.Body.On), Until: in.Body.Until, Words: in.Body.words()}))
}

type solveIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Said
		Version int64 `json:"version,omitempty"`
	}
}

func (o operations) solve(ctx context.Context, in *solveIn) (*changedOut, error) {
	return answer(o.desk.Solve(ctx, ticketID(in.ID), in.Body.Version, in.Body.words()))
}

func (o operations) fixed(ctx context.Context, in *sayIn) (*changedOut, error) {
	return answer(o.desk.ConfirmFixed(ctx, ticketID(in.ID), in.Body.words()))
}

func (o operations) notFixed(ctx context.Context, in *sayIn) (*changedOut, error) {
	return answer(o.desk.NotFixed(ctx, ticketID(in.ID), in.Body.words()))
}

type followIn struct {
	ID   int64 `path:"id"`
	Body *struct {
		Person int64 `json:"person,omitempty" doc:"Absent: you."`
	}
}

func (f followIn) person() district.PersonID {
	if f.Body == nil {
		return 0
	}
	return district.PersonID(f.Body.Person)
}

func (o operations) follow(ctx context.Context, in *followIn) (*changedOut, error) {
	if p := in.person(); p != 0 {
		return answer(o.desk.AddFollower(ctx, ticketID(in.ID), p))
	}
	return answer(o.desk.Follow(ctx, ticketID(in.ID)))
}

func (o operations) unfollow(ctx context.Context, in *followIn) (*changedOut, error) {
	if p := in.person(); p != 0 {
		return answer(o.desk.RemoveFollower(ctx, ticketID(in.ID), p))
	}
	return answer(o.desk.Unfollow(ctx, ticketID(in.ID)))
}

type privateIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Private string `json:"private" doc:"A kind of private request, or empty to open it."`
		Version int64  `json:"version,omitempty"`
	}
}

func (o operations) private(ctx context.Context, in *privateIn) (*changedOut, error) {
	if in.Body.Private == "" {
		return answer(o.desk.MakePublic(ctx, ticketID(in.ID), in.Body.Version))
	}
	return answer(o.desk.MakePrivate(ctx, ticketID(in.ID), in.Body.Version, desk.Private(in.Body.Private)))
}

type undoIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Event int64 `json:"event" doc:"Its id in the history."`
	}
}

type undoOut struct {
	Body struct {
		Changed
		Back []string `json:"back" doc:"Fields that are as they were before."`
		Kept []string `json:"kept" doc:"Fields that something newer changed; they stay."`
	}
}

func (o operations) undo(ctx context.Context, in *undoIn) (*undoOut, error) {
	u, err := o.desk.Undo(ctx, ticketID(in.ID), desk.EventID(in.Body.Event))
	if err != nil {
		return nil, err
	}
	out := &undoOut{}
	out.Body.Changed, out.Body.Back, out.Body.Kept = wireChanged(u.Changed).Body, append([]string{}, u.Back...), append([]string{}, u.Kept...)
	return out, nil
}

type changeIn struct {
	ID int64 `path:"id"`
	api.IfMatch
	Body struct {
		Title   *string `json:"title,omitempty" minLength:"1" maxLength:"200"`
		Impact  *string `json:"impact,omitempty" enum:"stopped,blocked,slowed,question"`
		Service *int64  `json:"service,omitempty" doc:"0 is nothing in particular."`
		Where   *place  `json:"where,omitempty"`
	}
}

// place is where help is needed. What is absent stays as it is, but the room
// belongs to its site and is left with it.
type place struct {
	Site    *int64  `json:"site,omitempty"`
	Room    *int64  `json:"room,omitempty" doc:"Of the site; 0 is none."`
	Text    *string `json:"text,omitempty" maxLength:"200"`
	Contact *string `json:"contact,omitempty" maxLength:"200" doc:"How to reach who needs help."`
}

// change changes one thing at a time: each is a command of its own, and half
// of a change that asks for two would be nobody's wish.
func (o operations) change(ctx context.Context, in *changeIn) (*changedOut, error) {
	v, err := in.Version()
	if err != nil {
		return nil, err
	}
	b, id := in.Body, ticketID(in.ID)
	asked := 0
	for _, given := range []bool{b.Title != nil, b.Impact != nil, b.Service != nil, b.Where != nil} {
		if given {
			asked++
		}
	}
	if asked != 1 {
		return nil, errs.E(errs.Invalid, "deskapi.one_change")
	}
	switch {
	case b.Title != nil:
		return answer(o.desk.ChangeTitle(ctx, id, v, *b.Title))
	case b.Impact != nil:
		return answer(o.desk.ChangeImpact(ctx, id, v, desk.Impact(*b.Impact)))
	case b.Service != nil:
		return answer(o.desk.ChangeService(ctx, id, v, district.ServiceID(*b.Service)))
	}
	return o.changePlace(ctx, id, v, *b.Where)
}

// changePlace fills in what was not sent from what the caller has read: the
// version says whether it is still so.
func (o operations) changePlace(ctx context.Context, id desk.TicketID, version int64, p place) (*changedOut, error) {
	t, err := o.desk.FindTicket(ctx, id)
	if err != nil {
		return nil, err
	}
	c := desk.ChangePlace{Ticket: id, Version: version, Site: t.Place.Site, Room: t.Place.Room, PlaceText: t.Place.Text, Contact: p.Contact}
	if p.Site != nil && *p.Site != int64(c.Site) {
		c.Site, c.Room = district.SiteID(*p.Site), 0
	}
	if p.Room != nil {
		c.Room = district.RoomID(*p.Room)
	}
	if p.Text != nil {
		c.PlaceText = *p.Text
	}
	return answer(o.desk.ChangePlace(ctx, c))
}

func answer(c desk.Changed, err error) (*changedOut, error) {
	if err != nil {
		return nil, err
	}
	return wireChanged(c), nil
}
