package ui_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"trellis/internal/platform/ui"
)

const strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// around puts components into another as its children.
func around(outer templ.Component, inner ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, templ.Join(inner...)), w)
	})
}

// thing is the site under test: a list, an open thing with a state and replies,
// and a page where one asks.
type thing struct {
	page ui.Page

	mu        sync.Mutex
	state     string
	version   int64
	replies   []string
	posts     int
	last      *ui.LastAction
	rows      []string
	streams   int
	listeners map[chan string]bool
	done      chan struct{}
}

func (s *thing) desk(problem string, open string) templ.Component {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows []templ.Component
	for _, r := range s.rows {
		rows = append(rows, ui.ListRow(ui.RowProps{ID: r, Href: "/thing/" + r, Title: "Thing " + r, Pane: "#pane", Select: "Select: Thing " + r, Ring: -1, Current: r == open}))
	}
	write := ui.Composer(ui.ComposerProps{
		Form:  ui.FormProps{ID: "reply", Action: "/reply", Swap: "#pane", Check: true},
		Field: ui.FieldProps{Name: "text", Label: "Reply", Draft: "reply", Key: "r", Error: problem}, Actions: ui.Button(ui.ButtonProps{Text: "Send", Kind: ui.Primary}),
	})
	pane := []templ.Component{
		templ.Raw(`<h2 id="title">Thing ` + open + `</h2>`),
		around(ui.Live(ui.LiveProps{ID: "live", Kind: "thing", Subject: 1, Version: s.version, URL: "/thing/" + open}),
			around(ui.Properties(), ui.Property(ui.PropertyProps{
				ID: "state", Label: "Status", Value: s.state, Key: "s", Name: "state", Form: ui.FormProps{Action: "/state", Swap: "#pane"},
				Options: []ui.Option{{Value: "open", Text: "Open", Selected: s.state == "open"}, {Value: "done", Text: "Done"}},
			}))),
		templ.Raw(fmt.Sprintf(`<p id="count">%d replies</p>`, len(s.replies))),
		write,
	}
	if len(s.replies) > 0 {
		pane = append(pane, ui.DraftClear("reply"))
	}
	return around(ui.DeskShell(ui.DeskPage{Page: s.page, Split: true, Last: s.last, Search: &ui.SearchBox{Action: "/find"}}),
		around(ui.Split(true),
			around(ui.List(ui.ListProps{Title: "Things", Live: ui.LiveList{Kind: "thing", URL: "/thing/1"}, Bulk: &ui.BulkProps{Form: ui.FormProps{Action: "/bulk"}, Label: "Selection"}}), rows...),
			around(ui.Beside(),
				around(ui.Pane(ui.PaneProps{Label: "title"}), pane...),
				around(ui.Context("About"), templ.Raw("about "+open+" "+s.state+" "), around(ui.Boost("/thing/3"), templ.Raw("third"))))))
}

func (s *thing) tell(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.listeners {
		c <- fmt.Sprintf(format, args...)
	}
}

func (s *thing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", strict)
	h.Set("Content-Type", "text/html; charset=utf-8")
	show := func(status int, c templ.Component) {
		w.WriteHeader(status)
		_ = c.Render(r.Context(), w)
	}
	back := func(to string) { http.Redirect(w, r, to, http.StatusSeeOther) }
	switch path := r.Method + " " + r.URL.Path; {
	case strings.HasPrefix(r.URL.Path, ui.AssetPrefix):
		h.Del("Content-Type")
		ui.Assets().ServeHTTP(w, r)
	case strings.HasPrefix(path, "GET /thing/"):
		show(200, s.desk("", strings.TrimPrefix(r.URL.Path, "/thing/")))
	case path == "POST /state":
		s.mu.Lock()
		s.state = r.FormValue("state")
		s.version++
		s.last = &ui.LastAction{Text: "Status is now " + s.state + "."}
		s.mu.Unlock()
		back("/thing/1")
	case path == "POST /reply":
		switch text := r.FormValue("text"); text {
		case "":
			show(422, s.desk("Write something first", "1"))
		case "break":
			show(500, ui.Problem(ui.ProblemProps{Title: "That broke", Text: "Your text is safe."}))
		default:
			s.mu.Lock()
			s.replies = append(s.replies, text)
			s.mu.Unlock()
			back("/thing/1")
		}
	case path == "GET /ask":
		c := []templ.Component{around(ui.Form(ui.FormProps{Action: "/ask"}),
			ui.Box(ui.BoxProps{Field: ui.FieldProps{Name: "ask", Label: "Ask", Draft: "ask"}, Actions: ui.Button(ui.ButtonProps{ID: "go", Text: "Get help", Kind: ui.Primary})}))}
		if r.FormValue("sent") != "" {
			c = append(c, ui.DraftClear("ask"))
		}
		show(200, around(ui.HelpShell(ui.HelpPage{Page: s.page}), c...))
	case path == "POST /ask":
		s.mu.Lock()
		s.posts++
		s.mu.Unlock()
		select { // long enough for a second press
		case <-s.done:
		case <-r.Context().Done():
		}
		back("/ask?sent=1")
	case path == "POST /out":
		back("/bye")
	case path == "GET /bye":
		show(200, around(ui.PlainShell(ui.PlainPage{Page: ui.Page{Title: "Bye"}}), templ.Raw("<h1>Bye</h1>")))
	case path == "GET /stream":
		s.stream(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *thing) stream(w http.ResponseWriter, r *http.Request) {
	c := make(chan string, 8)
	s.mu.Lock()
	s.listeners[c] = true
	s.streams++
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.listeners, c)
		s.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, ": hello\n\n")
	for {
		_ = http.NewResponseController(w).Flush()
		select {
		case line := <-c:
			_, _ = io.WriteString(w, "event: change\ndata: "+line+"\n\n")
		case <-r.Context().Done():
			return
		}
	}
}

// tab is one tab of a browser, in which every step must succeed.
type tab struct {
	testing.TB
	ctx  context.Context
	base string
}

func (b tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

func (b tab) open(path string) { b.Helper(); b.do(chromedp.Navigate(b.base + path)) }

// press presses keys as a keyboard does: a key whose press is taken types
// nothing, which the browser decides by itself only when told of key and text at
// once.
func (b tab) press(keys string) {
	b.Helper()
	for _, k := range keys {
		down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: string(k), Text: string(k)}
		if k == escape {
			down.Key, down.Text, down.WindowsVirtualKeyCode = "Escape", "", int64(escape)
		}
		up := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: down.Key}
		b.do(func(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
			if _, err = cdp.Call(ctx, t, input.DispatchKeyEvent, down); err == nil {
				_, err = cdp.Call(ctx, t, input.DispatchKeyEvent, up)
			}
			return none, err
		})
	}
}

const escape = '\u001b'

func (b tab) click(selector string) { b.Helper(); b.do(chromedp.Click(chromedp.CSS(selector))) }

func (b tab) write(selector, text string) {
	b.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// is waits until an expression is true in the page.
func (b tab) is(expression string) {
	b.Helper()
	var got bool
	for range 400 {
		got, _ = chromedp.Run(b.ctx, chromedp.Evaluate[bool](`!!(`+expression+`)`))
		if got {
			return
		}
		b.do(chromedp.Sleep(50 * time.Millisecond))
	}
	state, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.pathname + " focus " + document.activeElement.outerHTML.slice(0, 200) + " value " + document.querySelector('textarea')?.value + " last " + document.querySelector('#last')?.textContent`))
	b.Fatalf("never true: %s\n%s", expression, state)
}

func (b tab) js(expression string) {
	b.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[chromedp.Void](expression)); err != nil {
		b.Fatal(err)
	}
}

func (b tab) another() tab {
	ctx, cancel := chromedp.NewContext(b.ctx)
	b.Cleanup(cancel)
	return started(tab{b.TB, ctx, b.base})
}

// started opens the tab. The browser lives as long as the context of the first
// call, so that one must not be the short one of a step.
func started(b tab) tab {
	b.Helper()
	if err := chromedp.Do(b.ctx, visible); err != nil {
		b.Fatal(err)
	}
	return b
}

// TestInBrowser shows what the script does in one Chromium, each part in a
// profile of its own.
func TestInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: starts a browser")
	}
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Fatal("no Chromium on this machine, which this test needs")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.WindowSize(1440, 900), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]func(*testing.T, tab, *thing){
		"a draft is kept until it arrives":               draftIsKept,
		"the desk redraws parts and keeps what is typed": deskRedraws,
		"keys":                  keys,
		"tabs share one stream": tabsShareOneStream,
		"without script":        withoutScript,
	} {
		t.Run(name, func(t *testing.T) {
			p := page(t)
			p.Person = "7"
			p.Account = &ui.Account{Name: "Robin Vale", Initials: "RV", Items: []ui.MenuItem{{Text: "Sign out", Href: "/out", Post: true}}}
			s := &thing{page: p, state: "open", rows: []string{"1", "2", "3"}, listeners: map[chan string]bool{}, done: make(chan struct{})}
			server := httptest.NewServer(s)
			defer server.CloseClientConnections()
			ctx, cancel := chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
			defer cancel()
			test(t, started(tab{t, ctx, server.URL}), s)
		})
	}
}

const (
	value   = `document.querySelector('textarea').value`
	focused = `document.activeElement`
)

func draftIsKept(t *testing.T, b tab, s *thing) {
	b.open("/ask")
	b.write("textarea", "the lamp flickers")
	b.is(`localStorage['trellis.draft.7.ask'] === 'the lamp flickers'`)
	b.open("/ask")
	b.is(value + ` === 'the lamp flickers'`)
	b.is(`document.querySelector('#say').textContent.includes('typed before')`)

	// Pressed again and again while the first is on its way: sent once, and said
	// so. A page that is being left cannot be asked, so it notes what it saw.
	b.js(`{
		const go = document.querySelector('#go')
		new MutationObserver(() => { sessionStorage.saw = go.textContent }).observe(go, { attributes: true, childList: true, subtree: true })
		go.click()
		go.click()
		setTimeout(() => go.click(), 400)
	}`)
	b.do(chromedp.Sleep(700 * time.Millisecond))
	close(s.done)
	b.is(`location.search === '?sent=1' && document.readyState === 'complete'`)
	b.is(`sessionStorage.saw.includes('Saving')`)
	b.is(value + ` === '' && !('trellis.draft.7.ask' in localStorage)`)

	// Who signs out leaves nothing behind.
	b.write("textarea", "not for the next person")
	b.is(`'trellis.draft.7.ask' in localStorage`)
	b.click(".me summary")
	b.click(".me button")
	b.is(`location.pathname === '/bye' && !Object.keys(localStorage).some(k => k.startsWith('trellis.draft'))`)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.posts != 1 {
		t.Errorf("sent %d times", s.posts)
	}
}

func deskRedraws(_ *testing.T, b tab, _ *thing) {
	b.open("/thing/1")
	b.js(`addEventListener('securitypolicyviolation', e => { document.title = 'violated ' + e.violatedDirective }); window.before = 1`)

	// A property changes under a half-typed reply.
	b.write("textarea", "half")
	b.click("#state summary")
	b.is(`document.querySelector('#state').open && ` + focused + `.value === 'open'`)
	b.click("#state button[value=done]")
	b.is(`document.querySelector('#state summary').textContent.includes('done')`)
	b.is(`!document.querySelector('#state').open && ` + focused + `.matches('#state summary')`)
	b.is(value + ` === 'half'`)
	b.is(`document.querySelector('#last').textContent.includes('Status is now done.')`)
	b.is(`document.querySelector('#context').textContent === 'about 1 done third'`)

	// The server breaks: its words appear, the text stays.
	b.js(`document.querySelector('textarea').value = 'break'`)
	b.click(".comp .btn-primary")
	b.is(`document.querySelector('form #problem').textContent.includes('That broke') && ` + focused + `.id === 'problem'`)
	b.is(value + ` === 'break'`)

	// Refused, with the reason at the field.
	b.js(`document.querySelector('textarea').value = ''`)
	b.click(".comp .btn-primary")
	b.is(`document.querySelector('.comp .err').textContent.includes('Write something first')`)

	// Accepted: the box is empty again.
	b.write("textarea", "on my way")
	b.do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.is(`document.querySelector('#count').textContent === '1 replies'`)
	b.is(value + ` === '' && !('trellis.draft.7.reply' in localStorage)`)

	// Another row: in the pane, under its own address, with the focus there.
	b.click("#row-2 a")
	b.is(`location.pathname === '/thing/2' && ` + focused + `.textContent === 'Thing 2'`)
	b.is(`document.querySelector('#row-2 a').getAttribute('aria-current') === 'true' && !document.querySelector('#row-1.cur')`)
	b.is(`document.querySelector('#context').textContent === 'about 2 done third'`)
	b.is(`window.before === 1 && !document.title.startsWith('violated')`)

	// A boosted link changes the whole page without loading it.
	b.click("#context a")
	b.is(`location.pathname === '/thing/3' && document.querySelector('#title').textContent === 'Thing 3' && window.before === 1`)
	b.is(focused + `.matches('main h1') && document.querySelector('#row-3.cur')`)
	b.do(chromedp.NavigateBack())
	b.is(`location.pathname === '/thing/2' && document.querySelector('#title').textContent === 'Thing 2'`)
	b.do(chromedp.NavigateBack())
	b.is(`location.pathname === '/thing/1' && document.querySelector('#title').textContent === 'Thing 1'`)
}

func keys(_ *testing.T, b tab, _ *thing) {
	b.open("/thing/1")
	b.press("j")
	b.is(focused + `.matches('#row-2 a')`)
	b.press("j")
	b.press("k")
	b.press("x")
	b.is(`document.querySelector('#row-2 input').checked && document.querySelector('[data-count]').textContent === '1 selected'`)
	b.press("s")
	b.is(`document.querySelector('#state').open`)
	b.press(string(escape))
	b.is(`!document.querySelector('#state').open`)
	b.press("r")
	b.is(focused + `.name === 'text'`)
	b.press("jxs")
	b.is(value + ` === 'jxs'`)
	b.press(string(escape))
	b.press("/")
	b.is(focused + `.type === 'search'`)
	b.press(string(escape))

	// The list of keys, and the switch in it, which is remembered.
	b.press("?")
	b.is(`document.querySelector('#keys').open`)
	b.click("[data-keys-switch]")
	b.press(string(escape))
	b.open("/thing/1")
	b.press("j")
	b.is(focused + ` === document.body`)
	b.press("?")
	b.is(`document.querySelector('#keys').open && !document.querySelector('[data-keys-switch]').checked`)
}

func tabsShareOneStream(t *testing.T, b tab, s *thing) {
	b.open("/thing/1")
	second := b.another()
	second.open("/thing/1")
	second.do(chromedp.Sleep(300 * time.Millisecond))
	s.mu.Lock()
	if s.streams != 1 {
		t.Errorf("two tabs hold %d streams", s.streams)
	}
	s.state, s.version = "done", 5
	s.mu.Unlock()
	second.write("textarea", "half")

	// Garbage on the stream harms nothing; news reaches both tabs.
	s.tell(`not JSON`)
	s.tell(`[null, 7, {"kind":"other","id":1,"version":9}]`)
	s.tell(`{"kind":"thing","id":1,"version":5}`)
	for _, each := range []tab{b, second} {
		each.is(`document.querySelector('#state summary').textContent.includes('done')`)
	}
	second.is(value + ` === 'half' && ` + focused + `.name === 'text'`)

	// A new row is told of and shown when asked for.
	s.mu.Lock()
	s.rows = []string{"9", "1", "2", "3"}
	s.mu.Unlock()
	s.tell(`{"kind":"thing","id":9,"version":1}`)
	second.is(`document.querySelector('.fresh').textContent === '1 new. Show it' && !document.querySelector('#row-9')`)
	second.click(".fresh")
	second.is(focused + `.matches('#row-9 a') && document.querySelector('.fresh').hidden`)

	// The tab that holds the stream goes; another takes over.
	b.open("/ask?elsewhere=1")
	b.js(`navigator.locks.query().then(l => { document.title = 'locks ' + l.held.length })`)
	b.is(`document.title === 'locks 1'`)
	s.mu.Lock()
	held := len(s.listeners)
	s.mu.Unlock()
	if held != 1 {
		t.Errorf("%d streams are held after the change", held)
	}
}

// visible tells a tab that it is in front, as a person looking at it would.
func visible(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	var none chromedp.Void
	_, err := cdp.Call(ctx, t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return none, err
}

func withoutScript(t *testing.T, b tab, s *thing) {
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		var none chromedp.Void
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return none, err
	})
	b.open("/thing/1")
	b.click("#state summary")
	b.click("#state button[value=done]")
	b.is(`document.readyState === 'complete' && document.querySelector('#state summary').textContent.includes('done')`)
	b.is(`document.querySelector('#last').textContent.includes('Status is now done.')`)
	b.click("#row-2 a")
	b.is(`location.pathname === '/thing/2'`)
	b.is(`getComputedStyle(document.querySelector('.bulk')).display === 'none'`)
	b.click("#row-2 input")
	b.is(`getComputedStyle(document.querySelector('.bulk')).display === 'flex'`)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams != 0 {
		t.Error("script ran: this shows nothing")
	}
}

// What the script reads from the page is what Page says.
func TestPageDataIsReadable(t *testing.T) {
	doc := parse(t, draw(t, ui.HelpShell(ui.HelpPage{Page: page(t)})))
	var data map[string]string
	if err := json.Unmarshal([]byte(attr(one(t, doc, "body"), "data-page")), &data); err != nil {
		t.Fatal(err)
	}
	if data["stream"] != "/stream" || data["saving"] != "Saving" || data["newN"] != "{n} new. Show them" {
		t.Errorf("the page says %v", data)
	}
}
