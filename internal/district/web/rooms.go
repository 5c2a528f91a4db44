package web

import (
	"context"
	"net/http"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/web"
)

type roomsView struct {
	site  district.Site
	rooms []district.Room
	paste pasteView
}

// roomsOf is the page of a site's rooms: the list, and the field for more. One
// room is a list of one line.
func (p *pages) roomsOf(r *http.Request) (roomsView, error) {
	ctx := r.Context()
	s, err := p.siteAt(r)
	if err != nil {
		return roomsView{}, err
	}
	v := roomsView{site: s}
	if v.rooms, err = p.d.Rooms(ctx, s.ID, true); err != nil {
		return v, err
	}
	v.paste = pasteView{
		top:    p.top(ctx, "places", t(ctx, "settings.rooms.of", "Name", s.Name)),
		action: "/settings/places/" + number(s.ID) + "/rooms", lead: t(ctx, "settings.rooms.lead"),
		label: t(ctx, "settings.rooms.label"), hint: t(ctx, "settings.rooms.hint"), columns: []string{t(ctx, "settings.name")},
	}
	return v, nil
}

func (p *pages) drawRooms(w http.ResponseWriter, r *http.Request, v roomsView) error {
	return p.f.Desk(w, r, settingsView(r, v.paste.top.title, v.paste.failed), roomsPage(v))
}

func (p *pages) rooms(w http.ResponseWriter, r *http.Request) error {
	v, err := p.roomsOf(r)
	if err != nil {
		return err
	}
	return p.drawRooms(w, r, v)
}

func (p *pages) importRooms(w http.ResponseWriter, r *http.Request) error {
	v, err := p.roomsOf(r)
	if err != nil {
		return err
	}
	done, err := paste(r, &v.paste,
		func(ctx context.Context, text string) (outcome, error) {
			x, err := p.d.PreviewRooms(ctx, v.site.ID, text)
			return roomsOutcome(ctx, x), err
		},
		func(ctx context.Context, text string) (outcome, error) {
			x, err := p.d.ImportRooms(ctx, v.site.ID, text)
			return roomsOutcome(ctx, x), err
		})
	switch {
	case err != nil:
		return err
	case done:
		return web.Redirect(w, r, v.paste.action+"?done=saved")
	}
	return p.drawRooms(w, r, v)
}

func roomsOutcome(ctx context.Context, p district.RoomPreview) outcome {
	o := outcome{created: p.Created, changed: p.Changed, kept: p.Kept, refused: p.Refused}
	for _, x := range p.Rows {
		o.rows = append(o.rows, pasteRow{x.Row, []string{x.Name}, actionTag(ctx, x.Action), problemTexts(ctx, x.Problems)})
	}
	return o
}

type roomView struct {
	top     top
	room    district.Room
	version int64
	name    string
	active  bool
	failed  *frame.Failure
}

func (p *pages) roomAt(r *http.Request) (district.Room, error) {
	id, err := web.PathID(r, "id")
	if err != nil {
		return district.Room{}, err
	}
	return p.d.Room(r.Context(), district.RoomID(id))
}

func (p *pages) room(w http.ResponseWriter, r *http.Request) error {
	m, err := p.roomAt(r)
	if err != nil {
		return err
	}
	return p.drawRoom(w, r, roomView{room: m, version: m.Version, name: m.Name, active: m.Active})
}

func (p *pages) drawRoom(w http.ResponseWriter, r *http.Request, v roomView) error {
	ctx := r.Context()
	v.failed.Labels(ctx, roomLabels)
	v.top = p.top(ctx, "places", t(ctx, "settings.rooms.one", "Name", v.room.Name))
	return p.f.Desk(w, r, settingsView(r, v.top.title, v.failed), roomPage(v))
}

func (p *pages) changeRoom(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := p.roomAt(r)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v := roomView{room: m, version: form.Version(), name: form.String("name"), active: !form.Bool("closed")}
	if err = form.Err(); err == nil {
		_, err = p.d.ChangeRoom(ctx, district.ChangeRoom{ID: m.ID, Version: v.version, Name: v.name, Active: v.active})
	}
	var again bool
	if v.failed, again = frame.Fail(ctx, err); again {
		if v.failed.Stale() {
			v.version = m.Version
			differs(ctx, v.failed, "name", v.name, m.Name)
			differs(ctx, v.failed, "closed", v.active, m.Active, yesNo(ctx, !m.Active))
		}
		return p.drawRoom(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/places/"+number(m.Site)+"/rooms?done=saved")
}
