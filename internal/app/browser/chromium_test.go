package browser_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var pictures = flag.String("pictures", "", "write pictures of pages into this folder, which must be there")

// stepTime is more than any step should take, on a busy machine too.
const stepTime = 30 * time.Second

// inBrowser marks a test that needs the browser. All of them run beside each
// other: most of their time is waiting.
func inBrowser(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("not run: starts a browser")
	}
	t.Parallel()
}

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	closeChromium()
	os.Exit(code)
}

var (
	closeChromium = func() {}
	chromium      = sync.OnceValues(startChromium)
)

// startChromium starts the one browser of all tests, with a profile that is
// thrown away.
func startChromium() (context.Context, error) {
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		return nil, fmt.Errorf("no Chromium on this machine, which these tests need")
	}
	profile, err := os.MkdirTemp("", "trellis-chromium-*")
	if err != nil {
		return nil, err
	}
	flags := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.WindowSize(1440, 900),
		chromedp.Flag("headless", "new"), chromedp.Flag("lang", "en-US"), chromedp.Flag("hide-scrollbars", true)}
	for _, name := range []string{"no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync",
		"no-default-browser-check", "disable-dev-shm-usage", "disable-extensions", "disable-default-apps", "disable-background-timer-throttling", "disable-renderer-backgrounding", "disable-backgrounding-occluded-windows", "mute-audio"} {
		flags = append(flags, chromedp.Flag(name, true))
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, cancel := chromedp.NewContext(ctx)
	closeChromium = func() {
		cancel()
		stop()
		_ = os.RemoveAll(profile)
	}
	if err := chromedp.Do(ctx); err != nil {
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return ctx, nil
}

// tab is one tab, in which every step must succeed.
type tab struct {
	testing.TB
	ctx    context.Context
	base   string
	faults *faults
}

// faults are what a page complains about in the console: errors of scripts,
// and what the content policy stopped.
type faults struct {
	mu   sync.Mutex
	list []string
}

func (f *faults) hear(ev any) {
	text := ""
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		text = ev.ExceptionDetails.Text
		if x := ev.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
	case *runtime.EventConsoleAPICalled:
		if ev.Type != runtime.ConsoleAPICalledTypeError && ev.Type != runtime.ConsoleAPICalledTypeWarning {
			return
		}
		for _, a := range ev.Args {
			text += string(a.Value) + a.Description + " "
		}
	case *log.EventEntryAdded:
		if ev.Entry.Level != log.EntryLevelError && ev.Entry.Level != log.EntryLevelWarning {
			return
		}
		text = string(ev.Entry.Source) + ": " + ev.Entry.Text + " " + ev.Entry.URL
	}
	if text == "" {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, text)
}

// take returns what was complained about since the last call.
func (f *faults) take() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := f.list
	f.list = nil
	return out
}

// newTab opens a tab with cookies and storage of its own.
func newTab(t testing.TB, base string, options ...chromedp.ContextOption) *tab {
	t.Helper()
	ctx, err := chromium()
	if err != nil {
		t.Fatal(err)
	}
	return started(t, ctx, base, append(options, chromedp.WithNewBrowserContext())...)
}

// started opens the tab. It lives as long as the context of the first call, so
// that one must not be the short one of a step.
func started(t testing.TB, parent context.Context, base string, options ...chromedp.ContextOption) *tab {
	t.Helper()
	f := &faults{}
	ctx, cancel := chromedp.NewContext(parent, append(options, chromedp.WithListener(f.hear))...)
	t.Cleanup(cancel)
	b := &tab{t, ctx, base, f}
	if err := chromedp.Do(ctx, call(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})); err != nil {
		t.Fatal(err)
	}
	b.size(1440)
	return b
}

// call is a command of the browser as a step.
func call[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
		_, err = cdp.Call(ctx, t, c, params)
		return none, err
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepTime)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// widths and heights of the screens that are looked at: desks, a tablet, phones.
var (
	widths  = []int64{1440, 1366, 1024, 360, 320}
	heights = map[int64]int64{1440: 900, 1366: 768, 1024: 768, paperWidth: 900, 360: 780, 320: 640}
)

func (b *tab) size(width int64) {
	b.Helper()
	p := emulation.SetDeviceMetricsOverrideParams{Width: width, Height: heights[width], DeviceScaleFactor: 1, Mobile: width < 500}
	b.do(call(emulation.SetDeviceMetricsOverride, p))
}

// whole makes the window as high as the page.
func (b *tab) whole(width int64) {
	b.Helper()
	height := max(heights[width], ask[int64](b, `document.documentElement.scrollHeight`))
	b.do(call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 500}))
}

// scheme is what the reader's system asks for: "light" or "dark".
func (b *tab) scheme(name string) { b.Helper(); b.media("screen", name, "none") }

// media is where the page is shown, "screen" or "print", and what the reader's
// system asks for. forced is "active" for its high contrast.
func (b *tab) media(where, scheme, forced string) {
	b.Helper()
	b.do(call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: where, Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}, {Name: "forced-colors", Value: forced}}}))
}

// noScript turns the page's own script off; the tests still look inside.
func (b *tab) noScript() {
	b.Helper()
	b.do(call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
}

// open loads a page and returns its status.
func (b *tab) open(path string) int {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepTime)
	defer cancel()
	r, err := chromedp.Run(ctx, chromedp.NavigateResponse(b.base+path))
	if err != nil {
		b.Fatalf("open %s: %v", path, err)
	}
	if r == nil {
		return 0
	}
	return int(r.Status)
}

// look borrows the eyes of one of the shown people and opens a page.
func (b *tab) look(h *house, role, path string) *tab {
	b.Helper()
	b.open(h.door(role))
	b.open(path)
	return b
}

// click presses the element with the mouse, scrolled to where nothing that
// sticks to the edge of the window lies on it.
func (b *tab) click(selector string) {
	b.Helper()
	b.find(selector)
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

func (b *tab) find(selector string) {
	b.Helper()
	b.is(`document.querySelector(` + quote(selector) + `)`)
	b.js(`document.querySelector(` + quote(selector) + `).scrollIntoView({ block: 'center', behavior: 'instant' })`)
}

// leave presses something that loads another page, and waits for that page.
func (b *tab) leave(selector string) {
	b.Helper()
	b.find(selector)
	b.goes(func() { b.do(chromedp.Click(chromedp.CSS(selector))) })
}

// goes waits for the page that an action leads to.
func (b *tab) goes(act func()) {
	b.Helper()
	b.js(`document.documentElement.dataset.left = '1'`)
	act()
	b.is(`document.documentElement.dataset.left !== '1' && document.readyState === 'complete'`)
}

// write types into a field.
func (b *tab) write(selector, text string) {
	b.Helper()
	typed.add(text)
	b.find(selector)
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Keys that have a name.
const (
	tabKey    = "Tab"
	enterKey  = "Enter"
	escapeKey = "Escape"
	spaceKey  = " "
)

var keyCodes = map[string]int64{tabKey: 9, enterKey: 13, escapeKey: 27, spaceKey: 32, "ArrowDown": 40, "ArrowUp": 38, "ArrowRight": 39}

// press presses one key as a keyboard does: a key whose press is taken types
// nothing, which the browser decides by itself only when told of key and text
// at once.
func (b *tab) press(key string, modifiers ...chromedp.Modifier) {
	b.Helper()
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key}
	if code := keyCodes[key]; code != 0 {
		down.WindowsVirtualKeyCode, down.Code, down.Text = code, key, ""
	}
	switch key {
	case enterKey:
		down.Text = "\r"
	case spaceKey:
		down.Text, down.Code = " ", "Space"
	}
	for _, m := range modifiers {
		down.Modifiers |= int64(m)
	}
	up := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: down.Key, Code: down.Code, WindowsVirtualKeyCode: down.WindowsVirtualKeyCode, Modifiers: down.Modifiers}
	b.do(call(input.DispatchKeyEvent, down), call(input.DispatchKeyEvent, up))
}

// typing presses the keys of a text one by one, wherever the focus is.
func (b *tab) typing(text string) {
	b.Helper()
	for _, r := range text {
		b.press(string(r))
	}
}

// tabTo presses Tab until the focus is on the element, as somebody without a
// mouse does.
func (b *tab) tabTo(selector string) {
	b.Helper()
	for range 80 {
		b.press(tabKey)
		if ask[bool](b, `!!document.activeElement?.matches(`+quote(selector)+`)`) {
			return
		}
	}
	b.Fatalf("%s can't be reached with Tab\n%s", selector, b.state())
}

// js runs a script in the page.
func (b *tab) js(script string) {
	b.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[chromedp.Void](script)); err != nil {
		b.Fatal(err)
	}
}

// ask is the value of an expression in the page.
func ask[T any](b *tab, expression string) T {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return v
}

// is waits until an expression is true in the page.
func (b *tab) is(expression string) {
	b.Helper()
	for range 500 {
		if got, _ := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`!!(`+expression+`)`)); got {
			return
		}
		b.do(chromedp.Sleep(50 * time.Millisecond))
	}
	b.Fatalf("never true: %s\n%s", expression, b.state())
}

// shows waits until a text stands on the page.
func (b *tab) shows(text string) {
	b.Helper()
	b.is(`document.body.innerText.replace(/\s+/g, ' ').includes(` + quote(text) + `)`)
}

// state says where a page is when a step fails.
func (b *tab) state() string {
	s, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.href + '\nfocus ' + document.activeElement?.outerHTML.slice(0, 200) + '\n' + document.body.innerText.slice(0, 1500)`))
	return s
}

// clean fails the test if the page complained in the console.
func (b *tab) clean(allowed ...string) {
	b.Helper()
	for _, text := range b.faults.take() {
		if !slices.ContainsFunc(allowed, func(a string) bool { return strings.Contains(text, a) }) {
			b.Errorf("console: %s", text)
		}
	}
}

// picture is the page as it is drawn now, whole or what the window shows.
func (b *tab) picture(whole bool) []byte {
	b.Helper()
	p := page.CaptureScreenshotParams{CaptureBeyondViewport: &whole}
	if whole {
		size := ask[[]float64](b, `[document.documentElement.clientWidth, document.documentElement.scrollHeight]`)
		p.Clip = &page.Viewport{Width: size[0], Height: size[1], Scale: 1}
	}
	shot, err := chromedp.Call(b.ctx, page.CaptureScreenshot, p)
	if err != nil {
		b.Fatal(err)
	}
	return shot.Data
}

// quote writes a text as a JavaScript string.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
