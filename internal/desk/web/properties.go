package web

import (
	"slices"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
)

// properties are what can be changed in place. Where a form comes back, it is
// open, with what was typed and, if somebody was faster, what they saved.
func (p *paneMaker) properties(v *ticketView) error {
	if err := p.stateProperty(v); err != nil {
		return err
	}
	if err := p.ownerProperty(v); err != nil {
		return err
	}
	if err := p.placeProperty(v); err != nil {
		return err
	}
	if err := p.serviceProperty(v); err != nil {
		return err
	}
	p.impactProperty(v)
	p.privateProperty(v)
	p.titleProperty(v)
	p.pastProperties(v)
	return nil
}

// refused is the text in a property's form that comes back. theirs is the
// value now, yours what was chosen.
func (p *paneMaker) refused(form, theirs, yours string, fields ...string) string {
	failed, _ := p.d.of(form)
	if failed == nil {
		return ""
	}
	if failed.Stale() {
		return p.word("deskui.stale", "Theirs", theirs, "Yours", yours)
	}
	for _, f := range fields {
		if text := failed.Field(f); text != "" {
			return text
		}
	}
	return failed.Text
}

func (p *paneMaker) stateProperty(v *ticketView) error {
	t := p.t
	value := stateWords(p.ctx, t.State)
	if t.State == desk.Waiting {
		value = p.word("deskui.waiting_on", "On", waitWords(p.ctx, t.WaitingOn), "When", p.at.inside(t.Until))
	}
	v.state = ui.PropertyProps{
		ID: "p-state", Label: p.word("deskui.state"), Value: value, Icon: stateIcon(t.State), Key: "s",
		Form: p.form("wait", pane),
	}
	v.edit.mayWait, v.edit.maySolve = t.May(desk.ActWait), t.May(desk.ActSolve)
	v.edit.mayResume, v.edit.mayReopen = t.May(desk.ActResume), t.May(desk.ActReopen)
	v.state.Locked = !v.edit.mayWait && !v.edit.maySolve && !v.edit.mayResume && !v.edit.mayReopen
	on := desk.OnRequester
	if t.State == desk.Waiting {
		on = t.WaitingOn
	}
	if _, form := p.d.of("state"); form != nil {
		if form.Has("on") {
			on = desk.WaitOn(form.String("on"))
		}
		v.edit.until = form.String("until")
		v.state.Error = p.refused("state", value, p.word("deskui.yours.state"), "on", "until")
	}
	for _, w := range desk.WaitsOn {
		v.edit.waits = append(v.edit.waits, ui.Option{Value: string(w), Text: waitWords(p.ctx, w), Selected: w == on})
	}
	return nil
}

func stateIcon(s desk.State) string {
	switch s {
	case desk.Waiting:
		return "hourglass"
	case desk.Solved, desk.Closed:
		return "circle-check"
	}
	return "circle-dot"
}

func (p *paneMaker) ownerProperty(v *ticketView) (err error) {
	t := p.t
	team := t.TeamName
	if t.Private != "" {
		team = "" // it does not see it
	}
	v.owner = ui.PropertyProps{ID: "p-owner", Label: p.word("deskui.owner"), Value: ownerWords(p.at, t.Owner.ID, t.Owner.Name, team), Key: "a", Form: p.form("assign", pane)}
	v.edit.mayTake = t.May(desk.ActTake) && t.Owner.ID == 0
	if t.May(desk.ActAssign) {
		if v.edit.owners, err = p.ownerOptions(p.ctx, t, p.at.now); err != nil {
			return err
		}
		v.edit.ownerNow = ownerValue(t.Team, t.Owner.ID)
		if t.Private != "" {
			v.edit.ownerNow = ownerValue(0, t.Owner.ID)
		}
		// Whoever has it now need not be in any team.
		if !slices.ContainsFunc(v.edit.owners, func(o ui.Option) bool { return o.Value == v.edit.ownerNow }) {
			v.edit.owners = append([]ui.Option{{Value: v.edit.ownerNow, Text: v.owner.Value}}, v.edit.owners...)
		}
	}
	v.owner.Locked = !v.edit.mayTake && len(v.edit.owners) == 0
	if failed, form := p.d.of("owner"); failed != nil {
		yours := ""
		for _, o := range v.edit.owners {
			if o.Value == form.String("owner") {
				yours, v.edit.ownerNow = o.Text, o.Value
			}
		}
		v.owner.Error = p.refused("owner", v.owner.Value, yours, "owner", "team", "person")
	}
	return nil
}

// ownerWords are "You", a name, or a team that nobody took it from yet.
func ownerWords(t times, owner district.PersonID, name, team string) string {
	switch {
	case owner != 0 && owner == actorID(t.ctx):
		return i18n.T(t.ctx, "deskui.you")
	case owner != 0:
		return name
	case team != "":
		return team
	}
	return i18n.T(t.ctx, "deskui.nobody")
}

func (p *paneMaker) placeProperty(v *ticketView) (err error) {
	t := p.t
	v.place = ui.PropertyProps{
		ID: "p-place", Label: p.word("deskui.place"), Icon: "map-pin", Value: joined(", ", t.Place.SiteShort, t.Place.RoomName, t.Place.Text),
		Form: p.form("place", pane), Save: p.word("request.save"), Locked: !t.May(desk.ActPlace),
	}
	site, room := t.Place.Site, or(t.Place.RoomName, t.Place.Text)
	if failed, form := p.d.of("place"); failed != nil {
		site, room = district.SiteID(form.ID("site")), form.String("room")
		v.place.Error = p.refused("place", v.place.Value, room, "site", "room", "place")
	}
	v.edit.site, v.edit.room = id(site), room
	if v.place.Locked {
		return nil
	}
	if v.edit.sites, _, err = p.siteOptions(p.ctx, site, ""); err != nil {
		return err
	}
	v.edit.rooms, err = p.roomNames(p.ctx, site)
	return err
}

func (p *paneMaker) serviceProperty(v *ticketView) error {
	t := p.t
	none := p.word("deskui.service.none")
	prop := ui.PropertyProps{
		ID: "p-service", Label: p.word("deskui.service"), Value: or(t.ServiceName, none), Name: "service",
		Form: p.form("service", pane), Locked: !t.May(desk.ActService),
	}
	if !prop.Locked {
		list, err := p.serviceOptions(p.ctx, none)
		if err != nil {
			return err
		}
		for _, o := range list {
			o.Group, o.Selected = "", o.Value == id(t.Service)
			prop.Options = append(prop.Options, o)
		}
	}
	p.chosen(&prop, "service")
	v.service = prop
	return nil
}

func (p *paneMaker) impactProperty(v *ticketView) {
	t := p.t
	if t.Kind == desk.Plan {
		p.planProperties(v)
		return
	}
	prop := ui.PropertyProps{
		ID: "p-impact", Label: p.word("deskui.impact"), Value: impactWords(p.ctx, t.Impact), Name: "impact",
		Form: p.form("impact", pane), Locked: !t.May(desk.ActImpact),
	}
	if t.Impact == desk.Stopped {
		prop.Tone = ui.Red
	}
	for _, i := range desk.Impacts {
		prop.Options = append(prop.Options, ui.Option{Value: string(i), Text: impactWords(p.ctx, i), Selected: i == t.Impact})
	}
	p.chosen(&prop, "impact")
	v.props = append(v.props, prop)
}

func (p *paneMaker) privateProperty(v *ticketView) {
	t := p.t
	prop := ui.PropertyProps{
		ID: "p-private", Label: p.word("deskui.private"), Value: p.word("deskui.private.desk"), Name: "private",
		Form: p.form("private", pane),
	}
	switch {
	case t.Private != "":
		prop.Icon, prop.Value = "lock", p.word("deskui.private.only")
		prop.Locked = !t.May(desk.ActMakePublic)
		prop.Options = []ui.Option{{Text: p.word("deskui.private.end"), Icon: "users", Note: p.word("deskui.private.end.note")}}
	case t.May(desk.ActMakePrivate):
		for _, k := range t.Inside.MakePrivate {
			prop.Options = append(prop.Options, ui.Option{Value: string(k), Text: privateWords(p.ctx, k), Icon: "lock"})
		}
	default:
		return
	}
	p.chosen(&prop, "private")
	v.props = append(v.props, prop)
}

func (p *paneMaker) titleProperty(v *ticketView) {
	t := p.t
	v.title = ui.PropertyProps{
		ID: "p-title", Label: p.word("deskui.title"), Value: p.word("deskui.edit"), Icon: "pencil", Form: p.form("title", pane), Save: p.word("request.save"),
		Locked: !t.May(desk.ActTitle),
	}
	v.edit.title = t.Title
	if _, form := p.d.of("title"); form != nil {
		v.edit.title = form.String("title")
		v.title.Error = p.refused("title", t.Title, v.edit.title, "title")
	}
}

// chosen puts a refusal into a property that is chosen by one press.
func (p *paneMaker) chosen(prop *ui.PropertyProps, form string) {
	_, f := p.d.of(form)
	if f == nil {
		return
	}
	yours := ""
	for _, o := range prop.Options {
		if o.Value == f.String(prop.Name) {
			yours = o.Text
		}
	}
	prop.Error = p.refused(form, prop.Value, yours, form)
}
