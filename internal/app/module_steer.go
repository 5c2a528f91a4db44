package app

import (
	"io/fs"

	"trellis/internal/desk/flow"
	pastweb "trellis/internal/desk/past/web"
	"trellis/internal/district"
	"trellis/internal/district/calendar"
	"trellis/internal/district/frame"
	"trellis/internal/loop/steer"
	steerapi "trellis/internal/loop/steer/api"
	steerweb "trellis/internal/loop/steer/web"
	"trellis/internal/platform/policy"
)

// steerModule is where those who decide look: how support flowed.
func steerModule() module {
	return module{
		Name:     "steer",
		Messages: []fs.FS{steer.Messages},
		Open:     func(d *District) { d.Reports, d.Weeks = flow.NewReports(d.Desk), flow.NewWeeks(d.Desk) },
		Places: []frame.Place{
			{Key: "steer", Message: "steer.nav", Href: steerweb.WeekPath, Icon: "activity", Policy: district.Overseer, On: frame.OnHelp | frame.OnDesk},
			{Key: "school", Message: "steer.place.nav", Href: steerweb.PlacesPath, Icon: "school", Policy: leadsSchool, On: frame.OnHelp},
		},
		Pages: func(d *District, in doors) {
			steerweb.Register(in.Mux, steerweb.Deps{Reports: d.Reports, Weeks: d.Weeks, District: d.District, Cover: d.Cover,
				Calendars: calendar.New(calendar.Deps{DB: d.DB}), Frame: in.Frame, PastHref: pastweb.Path})
		},
		API: func(d *District, in doors) {
			steerapi.Register(in.API, steerapi.Deps{Reports: d.Reports, Weeks: d.Weeks, Cursors: in.Cursors})
		},
	}
}

// leadsSchool are those for whom their school is a place of its own in the
// navigation. Who works the desk comes to a school through Steer.
var leadsSchool = policy.Policy{Name: "leads-school", Sentence: "people who lead a school", Allow: func(a policy.Actor) bool {
	return a.Kind == policy.Person && a.HasRole(district.RolePrincipal) && !district.Helper.Allow(a)
}}
