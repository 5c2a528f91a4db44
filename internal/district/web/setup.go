package web

import (
	"context"
	"net/http"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

type setupView struct {
	key, district, zone, sites, name, email string
	keyGiven                                bool // it came with the address
	failed                                  *frame.Failure
}

// setupForm asks the few things a district can't start without. Once somebody
// is here there is nothing to set up any more, whatever key is shown.
func (p *pages) setupForm(w http.ResponseWriter, r *http.Request) error {
	web.NoStore(w)
	switch needs, err := p.d.NeedsSetUp(r.Context()); {
	case err != nil:
		return err
	case !needs:
		return web.Redirect(w, r, "/sign-in")
	}
	key := r.URL.Query().Get("key")
	// A past that was brought in gave the district a name and a zone already.
	named, err := p.d.Profile(r.Context())
	if err != nil {
		return err
	}
	return p.drawSetup(w, r, setupView{key: key, keyGiven: key != "", district: named.Name, zone: named.Zone})
}

func (p *pages) drawSetup(w http.ResponseWriter, r *http.Request, v setupView) error {
	v.failed.Labels(r.Context(), setupLabels)
	return p.f.Plain(w, r, frame.View{Title: t(r.Context(), "setup.title"), Failed: v.failed, Still: true}, setupPage(v))
}

func (p *pages) setup(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	web.NoStore(w)
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v := setupView{
		key: form.String("key"), keyGiven: form.Bool("key_given"), district: form.String("district"), zone: form.String("zone"),
		sites: form.Text("sites"), name: form.String("name"), email: form.String("email"),
	}
	plain, s, rest, err := p.openDistrict(ctx, v, form.Raw("password"), r.UserAgent())
	if errs.Is(err, errs.Forbidden) {
		if needs, e := p.d.NeedsSetUp(ctx); e == nil && !needs {
			// Sent twice, or somebody else was first: the way in is the door.
			return web.Redirect(w, r, "/sign-in?done=setup")
		}
		v.keyGiven = false
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		if errs.Is(err, errs.Forbidden) {
			v.failed.Title = t(ctx, "setup.refused")
		}
		return p.drawSetup(w, r, v)
	}
	if err != nil {
		return err
	}
	next := "/settings?done=welcome"
	if rest {
		next = "/settings/places/paste"
	}
	return p.enter(w, r, plain, s, next)
}

// openDistrict sets the district up with the first place of the list, then
// brings in the others as the person who now runs it. The list is read before
// anything is written, so that a slip in it costs nothing. rest reports that
// the others could not be brought in.
func (p *pages) openDistrict(ctx context.Context, v setupView, password, agent string) (plain string, s district.Session, rest bool, err error) {
	c := district.SetUp{
		Key: v.key, District: v.district, Zone: v.zone, Lang: i18n.Lang(ctx), Name: v.name, Email: v.email, Password: password,
		Team: t(ctx, "setup.team"), Agent: district.DescribeAgent(agent),
	}
	// Nobody is here yet who could ask. Reading the list tells nothing, and
	// without the key nothing of it is said.
	list, wrong := p.d.PreviewSites(policy.WithActor(ctx, policy.SystemActor(policy.DoorWeb)), v.sites)
	if wrong == nil && list.Refused == 0 {
		c.Site, c.Level = list.Rows[0].Name, list.Rows[0].Level
	}
	plain, s, err = p.d.SetUp(ctx, c)
	if err != nil {
		return "", s, false, sayPlaces(ctx, err, wrong, list.Problems)
	}
	me, _, err := p.d.Resolve(ctx, plain)
	if err == nil {
		_, err = p.d.ImportSites(policy.WithActor(ctx, me), v.sites)
	}
	// The district stands; what could not be brought in can be pasted again.
	return plain, s, err != nil, nil
}

// maxLines is how many lines of the list a correction names: the same slip
// stands in every line, as a rule.
const maxLines = 3

// sayPlaces turns what set-up says about its one place into what is wrong with
// the list that the page asks for.
func sayPlaces(ctx context.Context, err, wrong error, list []district.Problem) error {
	e := web.AsError(err)
	if e.Kind != errs.Invalid {
		return err
	}
	var in errs.Check
	said := func(of *errs.Error, field, as string) {
		for _, f := range of.Fields {
			if f.Name == field {
				in.Fail(as, f.Key, pairs(f.Args)...)
			}
		}
	}
	// In the order of the page, as the summary lists them.
	for _, field := range []string{"district", "zone", "sites", "name", "email", "password", "team"} {
		if field != "sites" {
			said(e, field, field)
			continue
		}
		if wrong := web.AsError(wrong); len(wrong.Fields) > 0 {
			said(wrong, "text", field)
		} else if wrong.Key != "" {
			in.Fail(field, wrong.Key, pairs(wrong.Args)...)
		}
		for i, x := range list {
			if i == maxLines {
				break
			}
			in.Fail(field, "settings.paste.line", "Row", x.Row, "Problem", i18n.Map(ctx, x.Key, x.Args))
		}
	}
	if in.Err() == nil {
		return err
	}
	return in.Err()
}

// pairs are a message's arguments as errs.Check takes them.
func pairs(args map[string]any) []any {
	var out []any
	for k, v := range args {
		out = append(out, k, v)
	}
	return out
}
