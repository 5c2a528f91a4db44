package web

import (
	"context"
	"embed"
	"net/http"
	"strconv"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// Messages are the words of these pages.
//
//go:embed messages/*.json
var Messages embed.FS

// Deps are what the pages are made from; all are needed.
type Deps struct {
	Desk     *desk.Desk
	District *district.District
	Frame    *frame.Frame
	// Stream tells browsers what changed. Its address is StreamPath.
	Stream *web.Stream
	// SettingsTabs are the tabs above every page of the settings, for the page
	// of promises; nil leaves them out.
	SettingsTabs func(ctx context.Context) []ui.Tab
}

// Addresses that others link to.
const (
	HelpPath     = "/help"
	RequestsPath = "/help/requests"
	DeskPath     = "/desk"
	SearchPath   = "/desk/search"
	StreamPath   = "/stream"
	PromisesPath = "/settings/promises"
)

// RequestPath is the address of a request, the same for everybody.
func RequestPath(id desk.TicketID) string {
	if id.Past() {
		return "/r/" + id.String()
	}
	return "/r/" + strconv.FormatInt(int64(id), 10)
}

type pages struct {
	desk     *desk.Desk
	district *district.District
	frame    *frame.Frame
	stream   *web.Stream
	mux      *web.Mux
	tabs     func(ctx context.Context) []ui.Tab
}

const (
	// maxUpload is a form with all the files that a message may carry.
	maxUpload = desk.MaxFiles*desk.MaxFileSize + 1<<20
	// uploadTime is for a phone's photos over a school's worst Wi-Fi.
	uploadTime = 15 * time.Minute
)

// Register adds the pages to the mux.
func Register(m *web.Mux, d Deps) {
	s := &pages{desk: d.Desk, district: d.District, frame: d.Frame, stream: d.Stream, mux: m, tabs: d.SettingsTabs}
	upload := []web.Option{web.MaxBody(maxUpload), web.BodyTime(uploadTime)}

	m.Route("GET /help", district.SignedIn, s.help)
	m.Route("GET /help/requests", district.SignedIn, s.requests)
	m.Route("POST /help/ask", district.SignedIn, s.ask, upload...)
	m.Route("POST /help/ask/send", district.SignedIn, s.send, upload...)
	m.Route("GET "+PlanPath, district.Staff, s.newPlan)
	m.Route("POST "+PlanPath, district.Staff, s.sendPlan)
	// Whoever comes back to the address of a form that was sent starts over.
	m.Route("GET /help/ask", district.SignedIn, to(HelpPath))
	m.Route("GET /help/ask/send", district.SignedIn, to(HelpPath))

	m.Route("GET /r/{id}", district.SignedIn, s.request)
	m.Route("GET /r/{id}/{action}", district.SignedIn, s.back)
	m.Route("GET /r/{id}/promises", district.SignedIn, s.promises)
	m.Route("POST /r/{id}/reply", district.SignedIn, s.reply, upload...)
	m.Route("POST /r/{id}/fixed", district.SignedIn, s.fixed, upload...)
	m.Route("POST /r/{id}/not-fixed", district.SignedIn, s.notFixed, upload...)
	m.Route("POST /r/{id}/place", district.SignedIn, s.place)
	m.Route("POST /r/{id}/follow", district.SignedIn, s.follow)
	m.Route("POST /r/{id}/unfollow", district.SignedIn, s.unfollow)

	m.Route("POST /r/{id}/note", district.Helper, s.note, upload...)
	m.Route("POST /r/{id}/take", district.Helper, s.take)
	m.Route("POST /r/{id}/assign", district.Helper, s.assign)
	m.Route("POST /r/{id}/hand-up", district.Helper, s.handUp)
	m.Route("POST /r/{id}/past/{row}/remove", district.Helper, s.removePastRow)
	m.Route("POST /r/{id}/past/{row}/restore", district.Helper, s.restorePastRow)
	m.Route("POST /r/{id}/hand-back", district.Helper, s.handBack)
	m.Route("POST /r/{id}/tried", district.Helper, s.addTried)
	m.Route("POST /r/{id}/service", district.Helper, s.service)
	m.Route("POST /r/{id}/impact", district.Helper, s.impact)
	m.Route("POST /r/{id}/title", district.Helper, s.title)
	m.Route("POST /r/{id}/wait", district.Helper, s.wait, upload...)
	m.Route("POST /r/{id}/resume", district.Helper, s.resume)
	m.Route("POST /r/{id}/on-my-way", district.Helper, s.onMyWay)
	m.Route("POST /r/{id}/helped", district.Helper, s.helped)
	m.Route("POST /r/{id}/solve", district.Helper, s.solve, upload...)
	m.Route("POST /r/{id}/finish", district.Helper, s.finish)
	m.Route("POST /r/{id}/reopen", district.Helper, s.reopen)
	m.Route("POST /r/{id}/private", district.Helper, s.private)
	m.Route("POST /r/{id}/followers", district.SignedIn, s.followers)
	m.Route("POST /r/{id}/undo/{event}", district.SignedIn, s.undo)

	m.Route("GET /desk", district.Helper, to(deskHome))
	m.Route("GET /desk/{view}", district.Helper, s.queue)
	m.Route("GET /desk/search", district.Helper, s.search)
	m.Route("GET /desk/new", district.Helper, s.hallway)
	m.Route("POST /desk/new", district.Helper, s.log)
	m.Route("POST /desk/bulk", district.Helper, s.bulk)
	m.Route("GET /desk/bulk", district.Helper, to(deskHome))

	m.Route("GET "+PromisesPath, district.Admin, s.promiseSettings)
	m.Route("POST "+PromisesPath, district.Admin, s.changePromises)
	m.Route("POST "+PromisesPath+"/drop", district.Admin, s.dropPromises)
	m.Route("POST "+PromisesPath+"/alarms", district.Admin, s.changeAlarms)
	m.Route("GET "+PromisesPath+"/drop", district.Admin, to(PromisesPath))
	m.Route("GET "+PromisesPath+"/alarms", district.Admin, to(PromisesPath))

	m.Route("GET /files/{id}/{name}", district.SignedIn, s.file, web.AnswerTime(uploadTime))
	m.Route("GET /files/{id}/preview", district.SignedIn, s.preview)
	m.Route("GET /stream", district.SignedIn, s.listen, web.Quiet())
}

// to sends everybody to one address.
func to(path string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return web.Redirect(w, r, path) }
}

// ticketID is the request that an address names. What is no number names
// nothing.
func ticketID(r *http.Request) (desk.TicketID, error) {
	if name := r.PathValue("id"); strings.HasPrefix(name, "H-") {
		if id, ok := desk.ParseTicketID(name); ok && id.String() == name {
			return id, nil
		}
	}
	n, err := pathNumber(r, "id")
	return desk.TicketID(n), err
}

func pathNumber(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != r.PathValue(name) {
		return 0, errs.E(errs.NotFound, "error.not_found")
	}
	return n, nil
}

// times writes instants for one page: the zone is looked up once.
type times struct {
	ctx  context.Context
	now  time.Time
	zone *time.Location
}

func (s *pages) times(ctx context.Context) times {
	return times{ctx, s.frame.Now(), s.frame.Zone(ctx)}
}

// when stands alone: "Yesterday 3:05 pm".
func (t times) when(at time.Time) string { return i18n.When(t.ctx, at, t.now, t.zone) }

// inside stands in a sentence: "yesterday 3:05 pm".
func (t times) inside(at time.Time) string { return i18n.WhenInside(t.ctx, at, t.now, t.zone) }

// ago is for lists, where a line has no room for more: "5 min ago".
func (t times) ago(at time.Time) string { return i18n.Ago(t.ctx, at, t.now) }

func (t times) moment(at time.Time) ui.Moment { return ui.Moment{At: at, Text: t.when(at)} }
