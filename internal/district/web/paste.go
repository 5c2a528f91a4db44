package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// A pasted list is looked at before it is brought in: the page shows what will
// become of each line, and only the very text that was shown is brought in.

type pasteView struct {
	top                        top
	action                     string
	lead, label, hint, example string
	text                       string
	seen                       string // sum of the text that the rows show
	columns                    []string
	rows                       []pasteRow
	more                       int    // rows that are not shown
	sum                        string // what will happen, in words
	ready                      bool   // it can be brought in as it is
	failed                     *frame.Failure
}

type pasteRow struct {
	row      int
	cells    []string
	tag      ui.TagProps
	problems []string
}

// shownRows bounds the preview; rows with problems come first.
const shownRows = 200

// outcome is what an import will do or did, whatever it brings in.
type outcome struct {
	rows                            []pasteRow
	created, changed, kept, refused int
}

func (o outcome) show(ctx context.Context, v *pasteView) {
	v.seen = sumOf(v.text)
	v.ready = o.refused == 0 && o.created+o.changed > 0
	v.sum = t(ctx, "settings.paste.sum", "Created", i18n.Number(ctx, int64(o.created)), "Changed", i18n.Number(ctx, int64(o.changed)),
		"Kept", i18n.Number(ctx, int64(o.kept)), "Refused", i18n.Number(ctx, int64(o.refused)))
	for _, bad := range []bool{true, false} {
		for _, x := range o.rows {
			if (len(x.problems) > 0) != bad {
				continue
			}
			if len(v.rows) == shownRows {
				v.more++
				continue
			}
			v.rows = append(v.rows, x)
		}
	}
}

func sumOf(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:8])
}

// paste answers a form with a list: it looks, or brings in what was looked at.
func paste(r *http.Request, v *pasteView, look, bring func(ctx context.Context, text string) (outcome, error)) (done bool, err error) {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return false, err
	}
	v.text = form.Text("text")
	if form.String("do") == "import" && form.String("seen") == sumOf(v.text) {
		o, err := bring(ctx, v.text)
		if err == nil {
			return true, nil
		}
		o.show(ctx, v)
		return false, failPaste(ctx, v, err)
	}
	o, err := look(ctx, v.text)
	if err != nil {
		return false, failPaste(ctx, v, err)
	}
	o.show(ctx, v)
	if o.refused > 0 {
		form.Fail("text", "settings.paste.refused", "Count", o.refused)
		return false, failPaste(ctx, v, form.Err())
	}
	return false, nil
}

func failPaste(ctx context.Context, v *pasteView, err error) error {
	failed, again := frame.Fail(ctx, err)
	if !again {
		return err
	}
	v.failed, v.ready = failed, false
	return nil
}

func problemTexts(ctx context.Context, list []district.Problem) []string {
	var out []string
	for _, x := range list {
		out = append(out, i18n.Map(ctx, x.Key, x.Args))
	}
	return out
}

func actionTag(ctx context.Context, action string) ui.TagProps {
	tone := ui.Neutral
	switch action {
	case district.ActionCreate:
		tone = ui.Green
	case district.ActionChange:
		tone = ui.Pen
	case district.ActionRefuse:
		tone = ui.Red
	}
	return ui.TagProps{Text: t(ctx, "settings.paste.action."+action), Tone: tone}
}

func sitesOutcome(ctx context.Context, p district.SitePreview) outcome {
	o := outcome{created: p.Created, changed: p.Changed, kept: p.Kept, refused: p.Refused}
	for _, x := range p.Rows {
		level := ""
		if x.Level != "" {
			level = t(ctx, "settings.level."+x.Level)
		}
		o.rows = append(o.rows, pasteRow{x.Row, []string{x.Name, level, i18n.Number(ctx, x.Enrollment), yesNo(ctx, x.TitleOne)}, actionTag(ctx, x.Action), problemTexts(ctx, x.Problems)})
	}
	return o
}

func (p *pages) placesPaste(ctx context.Context) pasteView {
	return pasteView{
		top: p.top(ctx, "places", t(ctx, "settings.places.paste")), action: "/settings/places/paste", lead: t(ctx, "settings.places.paste.lead"),
		label: t(ctx, "settings.places.paste.label"), hint: t(ctx, "settings.places.paste.hint"), example: t(ctx, "settings.places.paste.example"),
		columns: []string{t(ctx, "settings.name"), t(ctx, "settings.places.level"), t(ctx, "settings.places.enrollment"), t(ctx, "settings.places.title_one")},
	}
}

func (p *pages) drawPaste(w http.ResponseWriter, r *http.Request, v pasteView) error {
	return p.f.Desk(w, r, settingsView(r, v.top.title, v.failed), pastePage(v))
}

func (p *pages) pastePlaces(w http.ResponseWriter, r *http.Request) error {
	return p.drawPaste(w, r, p.placesPaste(r.Context()))
}

func (p *pages) importPlaces(w http.ResponseWriter, r *http.Request) error {
	v := p.placesPaste(r.Context())
	done, err := paste(r, &v,
		func(ctx context.Context, text string) (outcome, error) {
			x, err := p.d.PreviewSites(ctx, text)
			return sitesOutcome(ctx, x), err
		},
		func(ctx context.Context, text string) (outcome, error) {
			x, err := p.d.ImportSites(ctx, text)
			return sitesOutcome(ctx, x), err
		})
	switch {
	case err != nil:
		return err
	case done:
		return web.Redirect(w, r, "/settings/places?done=saved")
	}
	return p.drawPaste(w, r, v)
}

func pasteHead(ctx context.Context, columns []string) []ui.Column {
	out := []ui.Column{{Text: t(ctx, "settings.paste.row"), Number: true}}
	for _, c := range columns {
		out = append(out, ui.Column{Text: c})
	}
	return append(out, ui.Column{Text: t(ctx, "settings.paste.action")})
}

// lookKind makes bringing in the thing to do once the list has been looked at.
func lookKind(ready bool) ui.Kind {
	if ready {
		return ui.Plain
	}
	return ui.Primary
}

// actionOf is where a form about one thing goes; a new one has no id.
func actionOf[ID ~int64](path string, id ID) string {
	if id == 0 {
		return path + "new"
	}
	return path + strconv.FormatInt(int64(id), 10)
}

// siteZones are the zones of a site, the district's first.
func siteZones(ctx context.Context, current string) []ui.Option {
	if current != "" {
		return zoneOptions(ctx, current)
	}
	return append([]ui.Option{{Text: t(ctx, "settings.zone.district")}}, zoneOptions(ctx, "")[1:]...)
}
