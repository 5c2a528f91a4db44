package app

import (
	"context"
	"io/fs"
	"strconv"
	"time"

	deskweb "trellis/internal/desk/web"
	"trellis/internal/district"
	districtapi "trellis/internal/district/api"
	"trellis/internal/district/calendar"
	"trellis/internal/district/cover"
	"trellis/internal/district/frame"
	districtweb "trellis/internal/district/web"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/worktime"
)

// districtModule is the ground floor: sites, people, sign-in, settings, when a
// place is open and who covers for whom.
func districtModule() module {
	return module{
		Name:     "district",
		Schema:   district.Migrations,
		Messages: []fs.FS{district.Messages, frame.Messages, cover.Messages, districtweb.Messages},
		Open: func(d *District) {
			d.District = district.New(district.Deps{DB: d.DB, Hasher: d.hasher, Log: d.log})
			d.Cover = cover.New(cover.Deps{DB: d.DB, Changed: d.District.Forget, Log: d.log})
			d.District.Holds(d.Cover) // who leaves covers for nobody any more
		},
		Places: []frame.Place{
			{Key: "tools", Message: "frame.place.tools", Href: districtweb.ToolsPath, Icon: "layout-grid", Policy: policy.SignedIn, On: frame.OnHelp | frame.OnDesk},
		},
		Pages: func(d *District, in doors) {
			deps := d.settings()
			deps.District, deps.Cover, deps.Frame, deps.DB, deps.BaseURL, deps.NoticeHref = d.District, d.Cover, in.Frame, d.DB, in.BaseURL, noticeHref
			deps.Review = deskweb.Review(deskweb.Deps{Desk: d.Desk, District: d.District, Frame: in.Frame})
			districtweb.Register(in.Mux, deps)
		},
		API: func(d *District, in doors) {
			districtapi.Register(in.API, districtapi.Deps{District: d.District, Cover: d.Cover, DB: d.DB, Cursors: in.Cursors, BaseURL: in.BaseURL})
		},
		NoticeHref: func(about event.Ref) string {
			switch about.Kind {
			case cover.SubjectAbsence:
				return "/away?absence=" + strconv.FormatInt(about.ID, 10)
			case cover.SubjectCovering:
				return deskweb.DeskPath + "/mine"
			case cover.SubjectCoverage:
				return "/coverage"
			}
			return ""
		},
		Due: &due{
			Next: nextWarning,
			Do: func(ctx context.Context, d *District) error {
				now := d.clock.Now()
				if _, err := d.Cover.Gaps(ctx, cover.WarnDays); err != nil {
					return err
				}
				d.warned.Store(db.Us(now))
				return nil
			},
		},
		Tidy: func(ctx context.Context, d *District) error { return d.District.Sweep(ctx) },
	}
}

const (
	// warnAt is the hour of a school day at which gaps in coverage are looked
	// for: before anybody has to be there.
	warnAt = 6 * time.Hour
	// warnAhead is how far a school day is looked for. In a longer break it is
	// looked for anew at its end.
	warnAhead = 100
)

// nextWarning is when gaps in coverage are looked for next: once after the
// district was opened, which tells nobody twice, and then on every morning of
// a school day. A district that nobody has set up has none.
func nextWarning(ctx context.Context, d *District) (at time.Time, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		at = time.Time{}
		cal, _, err := calendar.Of(tx, 0)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		last := d.warned.Load()
		if last == 0 {
			at = time.Unix(0, 0).UTC() // long since due
			return nil
		}
		day := worktime.DateOf(db.FromUs(last).In(cal.Zone()))
		for i := range warnAhead {
			at = cal.Wall(day.AddDays(i), warnAt)
			if at.After(db.FromUs(last)) && len(cal.HoursOn(day.AddDays(i))) > 0 {
				return nil
			}
		}
		return nil
	})
	return at, err
}
