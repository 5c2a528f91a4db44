package web

import (
	"context"
	"net/http"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// hallway is the form on which somebody who helps writes down what they were
// told in passing.
func (s *pages) hallway(w http.ResponseWriter, r *http.Request) error {
	return s.drawHallway(w, r, asking{impact: desk.Slowed}, "", nil)
}

// log takes it: a sentence and a name are enough. The place is the person's
// own unless another is given.
func (s *pages) log(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	a := askingOf(sent{Form: form})
	made, err := s.logged(ctx, form, a)
	if failed, again := frame.Fail(ctx, err); again {
		return s.drawHallway(w, r, a, form.String("helped_at"), failed)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, RequestPath(made.ID)+"?did="+didLog)
}

const didLog = "logged"

func (s *pages) logged(ctx context.Context, form *web.Form, a asking) (desk.Created, error) {
	if err := form.Err(); err != nil {
		return desk.Created{}, err
	}
	var in errs.Check
	if a.text == "" {
		in.Fail("text", "field.required")
	}
	if a.who == "" {
		in.Fail("who", "field.required")
	}
	if err := in.Err(); err != nil {
		return desk.Created{}, err
	}
	who, err := s.someone(ctx, "who", a.who, a.person)
	if err != nil {
		return desk.Created{}, err
	}
	c := desk.CreateTicket{Text: a.text, Impact: a.impact, Requester: who, Site: a.site, Channel: desk.ByHallway, Lang: i18n.Lang(ctx)}
	if a.site == 0 && a.room != "" {
		home, err := s.askFor(ctx, who)
		if err != nil {
			return desk.Created{}, err
		}
		c.Site = home.Site
	}
	if c.Room, c.PlaceText, err = s.spot(ctx, c.Site, a.room); err != nil {
		return desk.Created{}, err
	}
	if c.HelpedAt, err = localInstant(form, "helped_at", s.frame.Zone(ctx)); err != nil {
		return desk.Created{}, err
	}
	return s.desk.CreateTicket(ctx, c)
}

func (s *pages) drawHallway(w http.ResponseWriter, r *http.Request, a asking, helped string, failed *frame.Failure) error {
	ctx := r.Context()
	v := hallwayView{form: frame.Form(ui.FormProps{ID: "new", Action: newPath}), failed: failed, asking: a, helped: helped}
	var err error
	if v.recent, err = s.recent(ctx); err != nil {
		return err
	}
	if v.found, err = s.namesakes(ctx, a.who, failed); err != nil {
		return err
	}
	sites, err := s.district.Sites(ctx, false)
	if err != nil {
		return err
	}
	v.sites = []ui.Option{{Text: i18n.T(ctx, "queue.new.theirs")}}
	for _, x := range sites {
		v.sites = append(v.sites, ui.Option{Value: id(x.ID), Text: x.Name})
	}
	return s.frame.Desk(w, r, frame.View{Title: i18n.T(ctx, "queue.new.title"), Place: "desk", Failed: failed}, hallwayPage(v))
}

// recent are the people who asked last where the actor helps: the likeliest to
// stop somebody in the hallway.
func (s *pages) recent(ctx context.Context) ([]string, error) {
	page, err := s.desk.ListTickets(ctx, desk.Query{View: desk.Places, Sort: desk.ByNewest, Limit: 50})
	if err != nil {
		return nil, err
	}
	var out []string
	seen := map[district.PersonID]bool{actorID(ctx): true}
	for _, i := range page.Items {
		if !seen[i.RequesterID] {
			seen[i.RequesterID] = true
			out = append(out, i.RequesterName)
		}
	}
	return out, nil
}

func impacts(ctx context.Context) []ui.Option {
	out := make([]ui.Option, 0, len(desk.Impacts))
	for _, i := range desk.Impacts {
		out = append(out, ui.Option{Value: string(i), Text: impactWords(ctx, i)})
	}
	return out
}
