package web

import (
	"context"
	"net/http"
	"slices"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// asking is what somebody has said so far about a new request.
type asking struct {
	text    string
	files   []desk.FileID
	stopped string // "yes", "no"
	impact  desk.Impact
	site    district.SiteID
	room    string // a room's name, or other words for the spot
	contact string
	service district.ServiceID
	private desk.Private
	who     string            // for whom, as typed
	person  district.PersonID // for whom, as chosen
}

func askingOf(f sent) asking {
	a := asking{
		text: f.Text("text"), files: f.files, stopped: f.String("stopped"), impact: desk.Impact(f.String("impact")),
		site: district.SiteID(f.ID("site")), room: f.String("room"), contact: f.String("contact"),
		service: district.ServiceID(f.ID("service")), private: desk.Private(f.String("private")),
		who: f.String("who"), person: district.PersonID(f.ID("person")),
	}
	if a.impact == "" {
		a.impact = desk.Slowed
	}
	if a.stopped != "yes" {
		a.stopped = "no"
	}
	return a
}

// askedWhere reports whether the place has to be asked for.
func (a asking) askedWhere() bool { return a.site == 0 }

// ask takes the words from the first page: to the second one to be checked,
// or off at once if a class is stopped.
func (s *pages) ask(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := s.receive(r)
	if err != nil {
		return err
	}
	a := askingOf(form)
	err = form.Err()
	if err == nil && a.text == "" && len(a.files) == 0 {
		var in errs.Check
		in.Fail("text", "ask.text.required")
		err = in.Err()
	}
	if failed, again := frame.Fail(ctx, err); again && len(a.files) == 0 {
		return s.drawHelp(w, r, a.text, a.service, failed)
	} else if again {
		return s.drawAsk(w, r, a, failed)
	}
	home, err := s.askFor(ctx, 0)
	if err != nil {
		return err
	}
	a.site, a.room, a.contact = home.Site, home.RoomName, or(home.Phone, home.Email)
	if form.Bool("now") {
		a.stopped = "yes"
		return s.sendAsking(w, r, a)
	}
	return s.drawAsk(w, r, a, nil)
}

// send takes the request as it was checked.
func (s *pages) send(w http.ResponseWriter, r *http.Request) error {
	form, err := s.receive(r)
	if err != nil {
		return err
	}
	a := askingOf(form)
	if failed, again := frame.Fail(r.Context(), form.Err()); again {
		return s.drawAsk(w, r, a, failed)
	}
	return s.sendAsking(w, r, a)
}

func (s *pages) sendAsking(w http.ResponseWriter, r *http.Request, a asking) error {
	ctx := r.Context()
	made, err := s.create(ctx, &a)
	if failed, again := frame.Fail(ctx, err); again {
		return s.drawAsk(w, r, a, failed)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, RequestPath(made.ID)+"?did="+didSend)
}

func (s *pages) create(ctx context.Context, a *asking) (desk.Created, error) {
	c := desk.CreateTicket{
		Text: a.text, Files: a.files, Impact: a.impact, Site: a.site, Contact: a.contact,
		Service: a.service, Private: a.private, Lang: i18n.Lang(ctx),
	}
	if a.stopped == "yes" {
		c.Impact = desk.Stopped
	}
	var err error
	if c.Room, c.PlaceText, err = s.spot(ctx, a.site, a.room); err != nil {
		return desk.Created{}, err
	}
	if a.who != "" && desk.OfferTo(policy.ActorFrom(ctx)).Others {
		if c.Beneficiary, err = s.someone(ctx, "who", a.who, a.person); err != nil {
			return desk.Created{}, err
		}
	}
	return s.desk.CreateTicket(ctx, c)
}

// spot is a room of the site if its name was typed, else the words themselves.
func (s *pages) spot(ctx context.Context, site district.SiteID, typed string) (district.RoomID, string, error) {
	if site == 0 || typed == "" {
		return 0, typed, nil
	}
	rooms, err := s.district.Rooms(ctx, site, false)
	if errs.Is(err, errs.NotFound) {
		return 0, typed, nil // the command says what is wrong with the site
	}
	if err != nil {
		return 0, "", err
	}
	fold := district.Fold(typed)
	for _, m := range rooms {
		if district.Fold(m.Name) == fold {
			return m.ID, "", nil
		}
	}
	return 0, typed, nil
}

// someone is the person meant by a typed name. chosen settles it if several
// go by that name.
func (s *pages) someone(ctx context.Context, field, typed string, chosen district.PersonID) (district.PersonID, error) {
	found, err := s.district.FindPeople(ctx, typed, maxNamesakes)
	if err != nil {
		return 0, err
	}
	if slices.ContainsFunc(found, func(f district.Found) bool { return f.ID == chosen }) {
		return chosen, nil
	}
	var in errs.Check
	switch len(found) {
	case 1:
		return found[0].ID, nil
	case 0:
		in.Fail(field, "ask.who.unknown")
	default:
		// Who types the whole name means the one with that name.
		var same []district.Found
		for _, f := range found {
			if district.Fold(f.Name) == district.Fold(typed) {
				same = append(same, f)
			}
		}
		if len(same) == 1 {
			return same[0].ID, nil
		}
		in.Fail("person", "ask.who.several")
	}
	return 0, in.Err()
}

// maxNamesakes is how many people of one name a page lets choose from.
const maxNamesakes = 12

func (s *pages) namesakes(ctx context.Context, typed string, failed *frame.Failure) ([]ui.Option, error) {
	if typed == "" || failed.Field("person") == "" {
		return nil, nil
	}
	found, err := s.district.FindPeople(ctx, typed, maxNamesakes)
	out := make([]ui.Option, 0, len(found))
	for _, f := range found {
		out = append(out, ui.Option{Value: id(f.ID), Text: f.Name, Note: joined(" · ", f.Title, f.SiteName, f.Email)})
	}
	return out, err
}

func (s *pages) drawAsk(w http.ResponseWriter, r *http.Request, a asking, failed *frame.Failure) error {
	ctx := r.Context()
	offer := desk.OfferTo(policy.ActorFrom(ctx))
	v := askView{
		form:   frame.Form(ui.FormProps{ID: "ask", Action: "/help/ask/send", Multipart: true}),
		failed: failed, asking: a,
		offer: offer,
	}
	var err error
	if v.keep, err = s.kept(ctx, a.files); err != nil {
		return err
	}
	if v.sites, v.where, err = s.siteOptions(ctx, a.site, a.room); err != nil {
		return err
	}
	if v.rooms, err = s.roomNames(ctx, a.site); err != nil {
		return err
	}
	if v.services, err = s.serviceOptions(ctx, i18n.T(ctx, "ask.service.none")); err != nil {
		return err
	}
	if v.kinds, err = s.privateOptions(ctx, a.private); err != nil {
		return err
	}
	if offer.Others {
		if v.found, err = s.namesakes(ctx, a.who, failed); err != nil {
			return err
		}
	}
	who, err := s.desk.Expect(ctx, a.site, a.service, a.private)
	if err != nil {
		return err
	}
	v.sendText = sendWords(ctx, who)
	return s.frame.Help(w, r, frame.View{
		Title: i18n.T(ctx, "ask.title"), Place: "help", Failed: failed, NoNav: true,
		Back: &ui.Link{Text: i18n.T(ctx, "ask.back"), Href: HelpPath},
	}, askPage(v))
}

// sendWords name the person on the button.
func sendWords(ctx context.Context, who desk.Expected) string {
	switch {
	case who.Person != "" && who.InBuilding:
		return i18n.T(ctx, "ask.send.building", "Name", who.Person)
	case who.Person != "":
		return i18n.T(ctx, "ask.send.person", "Name", who.Person)
	case who.Team != "":
		return i18n.T(ctx, "ask.send.team", "Team", who.Team)
	}
	return i18n.T(ctx, "ask.send")
}

// siteOptions are the sites to choose from, and the chosen place in words.
func (s *pages) siteOptions(ctx context.Context, site district.SiteID, room string) ([]ui.Option, string, error) {
	sites, err := s.district.Sites(ctx, false)
	if err != nil {
		return nil, "", err
	}
	var out []ui.Option
	where := ""
	if site == 0 {
		out = append(out, ui.Option{Text: i18n.T(ctx, "ask.site.choose")})
	}
	for _, x := range sites {
		out = append(out, ui.Option{Value: id(x.ID), Text: x.Name})
		if x.ID == site {
			where = placeLine(x.Name, room, "")
		}
	}
	return out, where, nil
}

// roomNames are suggestions for the room field.
func (s *pages) roomNames(ctx context.Context, site district.SiteID) ([]string, error) {
	if site == 0 {
		return nil, nil
	}
	rooms, err := s.district.Rooms(ctx, site, false)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	var out []string
	for _, m := range rooms {
		out = append(out, m.Name)
	}
	return out, nil
}

// serviceOptions are services and duties to choose from, after none.
func (s *pages) serviceOptions(ctx context.Context, none string) ([]ui.Option, error) {
	list, err := s.district.Services(ctx, false)
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Text: none}}
	for _, kind := range []string{district.KindService, district.KindDuty} {
		for _, x := range list {
			if x.Kind == kind {
				out = append(out, ui.Option{Value: id(x.ID), Text: x.Name, Group: i18n.T(ctx, "ask.service."+kind)})
			}
		}
	}
	return out, nil
}

// privateOptions are the kinds of private request, each with the names of
// those who alone will see it.
func (s *pages) privateOptions(ctx context.Context, chosen desk.Private) ([]ui.Option, error) {
	who, err := s.desk.PrivateReaders(ctx)
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Text: i18n.T(ctx, "ask.private.no"), Selected: chosen == ""}}
	for _, k := range desk.PrivateKinds {
		if len(who[k]) == 0 {
			continue // nobody could receive it
		}
		out = append(out, ui.Option{
			Value: string(k), Text: privateWords(ctx, k), Selected: k == chosen,
			Note: i18n.T(ctx, "ask.private.only", "Names", names(ctx, who[k])),
		})
	}
	return out, nil
}

// askImpact is the second question: alone it stands for itself, after the
// first it asks those who said no.
func askImpact(ctx context.Context, stopped bool) string {
	if stopped {
		return i18n.T(ctx, "ask.impact.if_not")
	}
	return i18n.T(ctx, "ask.impact")
}
