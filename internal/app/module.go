package app

import (
	"context"
	"io/fs"
	"net/url"
	"slices"
	"time"

	"trellis/internal/district/frame"
	districtweb "trellis/internal/district/web"
	"trellis/internal/platform/api"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/job"
	"trellis/internal/platform/sheet"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// module is one room of the house as the roof sees it: everything about it
// that app has to know, in one place. What a module does not have stays nil.
type module struct {
	// Name is the prefix of its tables.
	Name string
	// Schema holds its migrations.
	Schema fs.FS
	// Messages are its words and those of its doors.
	Messages []fs.FS
	// Open builds it over the district's database. Modules are opened in the
	// order of the table; one may ask those before it.
	Open func(d *District)

	// Places are what it adds to the navigation of every page.
	Places []frame.Place
	// Pages and API mount its doors.
	Pages func(d *District, in doors)
	API   func(d *District, in doors)
	// NoticeHref is where a notice about something of its own leads, "" if it
	// is not its own.
	NoticeHref func(about event.Ref) string
	// Changes are what open pages are told about an event.
	Changes func(e event.Event) []web.Change
	// Settings are pages that it adds to the settings.
	Settings []districtweb.Section
	// Private lets the settings name people for its private requests. One
	// module has them.
	Private func(d *District) districtweb.Private

	// Jobs registers its kinds of job.
	Jobs func(d *District, r *job.Runner)
	// Watchers react to what happened elsewhere.
	Watchers func(d *District) []event.Watcher
	// Due is work that has an hour.
	Due *due
	// Tidy puts away what nobody needs any more. It runs about once an hour
	// while the district is open; nothing may depend on when.
	Tidy func(ctx context.Context, d *District) error
	// Blobs calls f with the hash of every attachment that its rows name. A
	// module whose tables name attachments must have it: what nobody names is
	// removed.
	Blobs func(tx *db.Tx, f func(hash string)) error
}

// due is work that rows give an hour: a wait that ends, a clock that runs out.
type due struct {
	// Next is when there is something to do, zero for never. It must be cheap:
	// it is asked after commits. Whoever writes an earlier hour also emits an
	// event, as every change does, and is heard by that.
	Next func(ctx context.Context, d *District) (time.Time, error)
	// Do does all that is due, and then Next lies in the future.
	Do func(ctx context.Context, d *District) error
}

// doors are what the modules' pages and operations are mounted on.
type doors struct {
	Mux     *web.Mux
	Frame   *frame.Frame
	API     *api.API
	Cursors *api.Cursors
	BaseURL *url.URL
}

// modules are all there are. The order is that of their tables, which may
// point at those of modules before them.
func modules() []module {
	return []module{districtModule(), deskModule(), steerModule()}
}

// Schemas are all tables of a district, in the order they are made.
func Schemas() []db.Schema {
	out := PlatformSchemas()
	for _, m := range modules() {
		if m.Schema != nil {
			out = append(out, db.Schema{Name: m.Name, FS: m.Schema})
		}
	}
	return out
}

// Catalogue is every message of the program.
func Catalogue() (*i18n.Catalogue, error) {
	all := []fs.FS{i18n.Messages, sheet.Messages, web.Messages, api.Messages, ui.Messages, messages}
	for _, m := range modules() {
		all = append(all, m.Messages...)
	}
	return i18n.NewCatalogue(all...)
}

// placeOrder is that of the navigation: the five places, Help with what one
// asked for behind it, and at the end the school that somebody leads.
var placeOrder = []string{"help", "requests", "desk", "tools", "steer", "school"}

// places are the navigation of every page.
func places() (out []frame.Place) {
	for _, m := range modules() {
		out = append(out, m.Places...)
	}
	slices.SortStableFunc(out, func(a, b frame.Place) int {
		return slices.Index(placeOrder, a.Key) - slices.Index(placeOrder, b.Key)
	})
	return out
}

// noticeHref is where a notice about something leads, "" for nowhere.
func noticeHref(about event.Ref) string {
	for _, m := range modules() {
		if m.NoticeHref != nil {
			if to := m.NoticeHref(about); to != "" {
				return to
			}
		}
	}
	return ""
}

// changes are what open pages are told about an event.
func changes(e event.Event) (out []web.Change) {
	for _, m := range modules() {
		if m.Changes != nil {
			out = append(out, m.Changes(e)...)
		}
	}
	return out
}

// eachBlob calls f with the hash of every attachment that any row names.
func eachBlob(tx *db.Tx, f func(hash string)) error {
	for _, m := range modules() {
		if m.Blobs != nil {
			if err := m.Blobs(tx, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// settings is what the pages of the settings are drawn from that other modules
// know.
func (d *District) settings() districtweb.Deps {
	out := districtweb.Deps{Private: d.private()}
	for _, m := range modules() {
		out.Sections = append(out.Sections, m.Settings...)
	}
	return out
}

// private is the module with private requests, nil if none has them.
func (d *District) private() districtweb.Private {
	i := slices.IndexFunc(modules(), func(m module) bool { return m.Private != nil })
	if i < 0 {
		return nil
	}
	return modules()[i].Private(d)
}

// newJobs registers every kind of job.
func (d *District) newJobs() *job.Runner {
	r := job.NewRunner(d.DB, d.log, job.Options{Node: d.Slug})
	for _, m := range modules() {
		if m.Jobs != nil {
			m.Jobs(d, r)
		}
	}
	return r
}

// watchers are all that follow the log.
func (d *District) watchers() (out []event.Watcher) {
	for _, m := range modules() {
		if m.Watchers != nil {
			out = append(out, m.Watchers(d)...)
		}
	}
	return out
}
