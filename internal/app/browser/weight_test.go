package browser_test

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
)

// budget is what a page may cost: bytes on the wire with headers, and requests
// besides the event stream.
type budget struct {
	first, next int // bytes
	requests    int // of a first visit; a next page is one
}

var (
	forPeople = budget{first: 60_000, next: 15_000, requests: 4}
	forStaff  = budget{first: 90_000, next: 15_000, requests: 6}
)

// mostShift is how much of a page may move while it loads (CLS).
const mostShift = 0.02

// wire counts what one tab fetches.
type wire struct {
	mu       sync.Mutex
	kind     map[network.RequestID]network.ResourceType
	url      map[network.RequestID]string
	bytes    float64
	requests int
	cost     map[string]int // by address, the most that it cost: later it comes from the cache
	page     int            // of the last page alone
}

func newWire() *wire {
	return &wire{kind: map[network.RequestID]network.ResourceType{}, url: map[network.RequestID]string{}, cost: map[string]int{}}
}

func (w *wire) hear(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		w.kind[ev.RequestID], w.url[ev.RequestID] = ev.Type, ev.Request.URL
	case *network.EventLoadingFinished:
		if w.kind[ev.RequestID] == network.ResourceTypeEventSource || ev.EncodedDataLength == 0 {
			return
		}
		w.bytes += ev.EncodedDataLength
		w.requests++
		w.cost[w.url[ev.RequestID]] = max(w.cost[w.url[ev.RequestID]], int(ev.EncodedDataLength))
		if w.kind[ev.RequestID] == network.ResourceTypeDocument {
			w.page = int(ev.EncodedDataLength)
		}
	}
}

func (w *wire) take() (bytes, requests int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	bytes, requests = int(w.bytes), w.requests
	w.bytes, w.requests = 0, 0
	return bytes, requests
}

// staffPages are those that look like a requester's and that only staff can
// open.
var staffPages = regexp.MustCompile(`^/(coverage|away|settings|steer|places|setup)(/|$)`)

// weigh fails a state whose page would cost a first visitor more than it may:
// the page itself, and what it made the browser fetch while it loaded, each
// with headers and whether or not an earlier page had it. Pictures that people
// sent come when they are scrolled to, and count for themselves.
func weigh(b *tab, w *wire) {
	b.Helper()
	with := ask[[]string](b, `document.fonts.ready.then(() => {
		const later = [...document.querySelectorAll('img[loading=lazy]')].map(i => i.src)
		return performance.getEntriesByType('resource').filter(e => !/fetch|xmlhttprequest/.test(e.initiatorType) && !later.includes(e.name)).map(e => e.name)
	})`)
	allowed := forPeople
	if ask[bool](b, `document.body.classList.contains('dp')`) || staffPages.MatchString(ask[string](b, `location.pathname`)) {
		allowed = forStaff
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	sum, requests := w.page, 1
	for _, url := range with {
		if w.cost[url] > 0 {
			sum += w.cost[url]
			requests++
		}
	}
	if w.page == 0 || requests == 1 {
		b.Errorf("nothing was weighed: %d bytes, %q", w.page, with)
	}
	if sum > allowed.first || requests > allowed.requests {
		b.Errorf("a first visit costs %d bytes in %d requests, may cost %d in %d: the page %d, and %q", sum, requests, allowed.first, allowed.requests, w.page, with)
	}
}

// line is a network as the browser acts it.
type line struct {
	Offline  bool    `json:"offline"`
	Latency  float64 `json:"latency"`            // ms
	Download float64 `json:"downloadThroughput"` // bytes a second
	Upload   float64 `json:"uploadThroughput"`
}

var throttle = cdp.Command[line, cdp.Empty]{Method: "Network.emulateNetworkConditions"}

// still waits until the page is drawn in its own typeface, and says how far its
// parts moved. It counts drawn frames first: a busy machine is slow to draw.
const still = `document.fonts.ready.then(() => new Promise(done => {
	let sum = 0
	const add = list => list.forEach(e => { if (!e.hadRecentInput) sum += e.value })
	const watch = new PerformanceObserver(list => add(list.getEntries()))
	watch.observe({ type: 'layout-shift', buffered: true })
	const frames = n => n ? requestAnimationFrame(() => frames(n - 1)) : setTimeout(() => { add(watch.takeRecords()); done(sum) }, 300)
	frames(4)
}))`

// TestWeight visits pages as somebody with an empty cache on a school's slow
// line, and prints what each cost.
func TestWeight(t *testing.T) {
	inBrowser(t)
	h := example(t)
	p := history(t, h)
	flow := flowOf(bringPast(t, h))
	path := func(id desk.TicketID) string { return "/r/" + id.String()[2:] }
	control := newTab(t, h.base)
	control.open("/sign-in")
	ask[float64](control, still)
	control.js(`document.querySelector('main').prepend(Object.assign(document.createElement('div'), { textContent: 'late', style: 'block-size: 400px' }))`)
	if moved := ask[float64](control, still); moved < 0.05 {
		t.Fatalf("a page that jumps is measured as %.3f: this shows nothing", moved)
	}
	for _, visit := range []struct {
		role, page, next string
		budget
	}{
		{"", "/sign-in", "/sign-in", forPeople},
		{"teacher", "/help", "/help/requests", forPeople},
		{"teacher", "/help/requests", "/help", forPeople},
		{"teacher", path(p.open), path(p.waiting), forPeople},
		{"teacher", path(p.solved), path(p.closed), forPeople},
		{"parent", "/help", path(p.works), forPeople},
		{"teacher", "/account", "/notices", forPeople},
		{"specialist", "/desk/mine", "/desk/unassigned", forStaff},
		{"specialist", "/desk/places", path(p.works), forStaff},
		{"specialist", path(p.open), path(p.waiting), forStaff},
		{"specialist", "/desk/new", "/desk/search?q=chromebook", forStaff},
		{"director", "/settings/people", "/settings/places", forStaff},
		{"director", flow, strings.Replace(flow, "?", "/requests?", 1), forStaff},
		{"director", "/settings/past", flow + "&by=period", forStaff},
	} {
		w := newWire()
		b := newTab(t, h.base, chromedp.WithListener(w.hear))
		if visit.role != "" {
			h.enter(b, visit.role)
		}
		// 9 Mbit/s and 100 ms there and back: three of four visitors have more.
		b.do(call(throttle, line{Latency: 100, Download: 9e6 / 8, Upload: 2e6 / 8}))
		if visit.budget == forPeople {
			b.size(360)
		}
		var shift [2]float64
		var bytes, requests [2]int
		for i, page := range []string{visit.page, visit.next} {
			b.open(page)
			shift[i] = ask[float64](b, still)
			bytes[i], requests[i] = w.take()
		}
		t.Logf("%-10s %-18s first %6d bytes in %d requests, shift %.3f   then %-26s %6d bytes in %d, shift %.3f",
			visit.role, visit.page, bytes[0], requests[0], shift[0], visit.next, bytes[1], requests[1], shift[1])
		switch {
		case bytes[0] == 0 || bytes[1] == 0:
			t.Errorf("%s: nothing was counted", visit.page)
		case bytes[0] > visit.first || requests[0] > visit.requests:
			t.Errorf("%s: a first visit may cost %d bytes in %d requests", visit.page, visit.first, visit.requests)
		case bytes[1] > visit.budget.next || requests[1] > 1:
			t.Errorf("%s: the next page may cost %d bytes in one request", visit.next, visit.budget.next)
		case slices.Max(shift[:]) > mostShift:
			t.Errorf("%s, %s: parts move while they load", visit.page, visit.next)
		}
	}
}

// enter signs somebody in without loading a page.
func (h *house) enter(b *tab, role string) {
	b.Helper()
	for _, p := range h.demo.People {
		if p.Role != role {
			continue
		}
		ctx := district.AsPerson(policy.WithActor(b.Context(), policy.Actor{Door: policy.DoorWeb}), district.PersonID(p.Person))
		var token string
		err := h.DB.Write(ctx, "enter", func(tx *db.Tx) (err error) {
			token, _, err = district.StartSession(tx, district.PersonID(p.Person), "test")
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		b.do(call(network.SetCookie, network.SetCookieParams{Name: "trellis", Value: token, URL: h.base, HTTPOnly: ptr(true)}))
	}
}

func ptr[T any](v T) *T { return &v }
