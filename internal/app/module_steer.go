package app

import (
	"io/fs"

	"trellis/internal/desk/flow"
	pastweb "trellis/internal/desk/past/web"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/loop/steer"
	steerapi "trellis/internal/loop/steer/api"
	steerweb "trellis/internal/loop/steer/web"
)

// steerModule is where those who decide look: how support flowed.
func steerModule() module {
	return module{
		Name:     "steer",
		Messages: []fs.FS{steer.Messages},
		Open:     func(d *District) { d.Reports = flow.NewReports(d.Desk) },
		Places: []frame.Place{
			{Key: "steer", Message: "steer.nav", Href: steerweb.FlowPath, Icon: "activity", Policy: district.Helper, On: frame.OnHelp | frame.OnDesk},
		},
		Pages: func(d *District, in doors) {
			steerweb.Register(in.Mux, steerweb.Deps{Reports: d.Reports, District: d.District, Frame: in.Frame, PastHref: pastweb.Path})
		},
		API: func(d *District, in doors) {
			steerapi.Register(in.API, steerapi.Deps{Reports: d.Reports, Cursors: in.Cursors})
		},
	}
}
