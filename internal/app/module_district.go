package app

import (
	"context"
	"io/fs"

	"trellis/internal/district"
	districtapi "trellis/internal/district/api"
	"trellis/internal/district/frame"
	districtweb "trellis/internal/district/web"
)

// districtModule is the ground floor: sites, people, sign-in, settings.
func districtModule() module {
	return module{
		Name:     "district",
		Schema:   district.Migrations,
		Messages: []fs.FS{district.Messages, frame.Messages, districtweb.Messages},
		Open: func(d *District) {
			d.District = district.New(district.Deps{DB: d.DB, Hasher: d.hasher, Log: d.log})
		},
		Pages: func(d *District, in doors) {
			districtweb.Register(in.Mux, districtweb.Deps{District: d.District, Frame: in.Frame, DB: d.DB, Private: d.private(), BaseURL: in.BaseURL, NoticeHref: noticeHref})
		},
		API: func(d *District, in doors) {
			districtapi.Register(in.API, districtapi.Deps{District: d.District, DB: d.DB, Cursors: in.Cursors, BaseURL: in.BaseURL})
		},
		Tidy: func(ctx context.Context, d *District) error { return d.District.Sweep(ctx) },
	}
}
