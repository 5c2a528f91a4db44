package ui_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"trellis/internal/platform/ui"
)

func draw(t testing.TB, c templ.Component, children ...string) string {
	t.Helper()
	ctx := context.Background()
	if len(children) > 0 {
		ctx = templ.WithChildren(ctx, templ.Raw(strings.Join(children, "")))
	}
	var b strings.Builder
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func parse(t testing.TB, markup string) *html.Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func all(n *html.Node, selector string) []*html.Node {
	return cascadia.QueryAll(n, cascadia.MustCompile(selector))
}

func one(t testing.TB, n *html.Node, selector string) *html.Node {
	t.Helper()
	found := all(n, selector)
	if len(found) != 1 {
		t.Fatalf("%d elements match %s, want 1", len(found), selector)
	}
	return found[0]
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

var void = map[string]bool{"br": true, "img": true, "input": true, "link": true, "meta": true, "hr": true}

// balanced reports the first end tag that does not close the last open start tag.
func balanced(markup string) error {
	z := html.NewTokenizer(strings.NewReader(markup))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return fmt.Errorf("<%s> is never closed", open[len(open)-1])
			}
			return nil
		case html.StartTagToken:
			if name, _ := z.TagName(); !void[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return fmt.Errorf("</%s> closes nothing", name)
			}
			open = open[:len(open)-1]
		}
	}
}

func words(t testing.TB, lang string) ui.Words {
	t.Helper()
	catalogue := messages(t, lang)
	return ui.WordsIn(func(key string) string {
		if catalogue[key] == "" {
			t.Errorf("%s has no %q", lang, key)
		}
		return catalogue[key]
	})
}

func messages(t testing.TB, lang string) map[string]string {
	t.Helper()
	data, err := ui.Messages.ReadFile("messages/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]string
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func page(t testing.TB) ui.Page {
	return ui.Page{
		Lang: "en", Title: "Parts", Brand: ui.Brand{Name: "North County"}, Words: words(t, "en"), Stream: "/stream",
		Languages: []ui.Language{{Code: "en", Name: "English", Href: "?lang=en", Current: true}, {Code: "ar", Name: "العربية", Dir: "rtl", Href: "?lang=ar"}},
	}
}

// The gallery holds every part, so what is asked of it is asked of all of them.
func TestEveryPartIsSound(t *testing.T) {
	for _, shell := range []string{"desk", "split", "help", "plain"} {
		t.Run(shell, func(t *testing.T) {
			markup := draw(t, ui.Gallery(page(t), shell))
			if err := balanced(markup); err != nil {
				t.Error(err)
			}
			sound(t, parse(t, markup))
		})
	}
}

func sound(t *testing.T, doc *html.Node) {
	t.Helper()
	ids := map[string]bool{}
	for _, n := range all(doc, "[id]") {
		if ids[attr(n, "id")] {
			t.Errorf("id %q stands twice", attr(n, "id"))
		}
		ids[attr(n, "id")] = true
	}
	for _, name := range []string{"for", "aria-labelledby", "aria-describedby", "commandfor"} {
		for _, n := range all(doc, "["+name+"]") {
			for _, id := range strings.Fields(attr(n, name)) {
				if !ids[id] {
					t.Errorf("<%s %s=%q> leads nowhere", n.Data, name, id)
				}
			}
		}
	}
	for _, n := range all(doc, `a[href^="#"]`) {
		if !ids[strings.TrimPrefix(attr(n, "href"), "#")] {
			t.Errorf("the link %s leads nowhere", attr(n, "href"))
		}
	}
	for _, n := range all(doc, "input:not([type=hidden]), select, textarea") {
		if attr(n, "aria-label") == "" && label(doc, n) == "" {
			t.Errorf("<%s name=%q> has no label", n.Data, attr(n, "name"))
		}
	}
	for _, n := range all(doc, "button, a, summary") {
		// The button of new rows gets its words when there are some.
		if text(n) == "" && attr(n, "aria-label") == "" && !has(n, "hidden") {
			t.Errorf("<%s class=%q> has no name", n.Data, attr(n, "class"))
		}
		if l := attr(n, "aria-label"); n.Data != "summary" && l != "" && !strings.HasPrefix(l, strings.Fields(text(n))[0]) {
			t.Errorf("the name %q does not begin with what is seen, %q", l, text(n))
		}
	}
	for _, n := range all(doc, "svg") {
		if attr(n, "aria-hidden") != "true" {
			t.Error("an icon is read out")
		}
	}
	for _, n := range all(doc, "nav, [role=region], [role=group], section[aria-labelledby], aside") {
		if attr(n, "aria-label") == "" && attr(n, "aria-labelledby") == "" {
			t.Errorf("<%s class=%q> has no name", n.Data, attr(n, "class"))
		}
	}
	if n := len(all(doc, "h1")); n != 1 {
		t.Errorf("%d headings of level 1", n)
	}
	if n := len(all(doc, "main#main")); n != 1 {
		t.Errorf("%d main", n)
	}
	if n := len(all(doc, "#say[role=status]")); n != 1 {
		t.Errorf("%d live regions", n)
	}
	if n := one(t, doc, "body > a:first-child"); attr(n, "href") != "#main" {
		t.Error("the first thing on the page does not lead to the content")
	}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-") || strings.HasPrefix(a.Key, "data-hx-on") {
				t.Errorf("<%s> has the attribute %s", n.Data, a.Key)
			}
			if a.Key == "data-hx-boost" && !json.Valid([]byte(a.Val)) {
				t.Errorf("data-hx-boost %s is not JSON", a.Val)
			}
		}
		if n.Data == "script" && (n.FirstChild != nil || attr(n, "src") == "" || !has(n, "defer")) {
			t.Error("a script is inline, or holds up the page")
		}
	}
}

func label(doc, n *html.Node) string {
	for p := range n.Ancestors() {
		if p.Data == "label" {
			return text(p)
		}
	}
	if id := attr(n, "id"); id != "" {
		for _, l := range all(doc, "label") {
			if attr(l, "for") == id {
				return text(l)
			}
		}
	}
	return ""
}

const hostile = `"><script>alert(1)</script><b onclick='x'>&amp; {{.}}`

// fill puts hostile text into every string of a props struct, however deep.
func fill(v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.String:
		switch {
		case name == "Icon":
			v.SetString("check")
		case name == "Href" || name == "Action" || name == "URL" || name == "FormAction" || name == "Thumb":
			v.SetString("javascript:alert(1)//" + hostile)
		case v.Type() == reflect.TypeFor[string]():
			v.SetString(hostile)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				fill(f, v.Type().Field(i).Name)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name)
	}
}

func hostileOf[T any]() T {
	var p T
	fill(reflect.ValueOf(&p).Elem(), "")
	return p
}

func TestTextIsEscapedEverywhere(t *testing.T) {
	field := func(i ui.Input) ui.FieldProps {
		f := hostileOf[ui.FieldProps]()
		f.Input = i
		return f
	}
	locked := hostileOf[ui.PropertyProps]()
	locked.Locked = true
	helpPage := hostileOf[ui.HelpPage]()
	helpPage.Brand.Crest = "/crest.svg"
	parts := map[string]templ.Component{
		"Attachments":  ui.Attachments(hostileOf[[]ui.AttachmentProps]()),
		"Avatar":       ui.Avatar(hostile),
		"Banner":       ui.Banner(hostileOf[ui.BannerProps]()),
		"Boost":        ui.Boost("javascript:alert(1)"),
		"Box":          ui.Box(hostileOf[ui.BoxProps]()),
		"Button":       ui.Button(hostileOf[ui.ButtonProps]()),
		"Card":         ui.Card(hostileOf[ui.CardProps]()),
		"Check":        ui.Check(hostileOf[ui.CheckProps]()),
		"Choice":       ui.Choice(hostileOf[ui.ChoiceProps]()),
		"Code":         ui.Code(hostile),
		"Composer":     ui.Composer(hostileOf[ui.ComposerProps]()),
		"DeskShell":    ui.DeskShell(hostileOf[ui.DeskPage]()),
		"Done":         ui.Done(hostileOf[ui.DoneProps]()),
		"DraftClear":   ui.DraftClear(hostile),
		"Empty":        ui.Empty("check", hostile, hostile),
		"ErrorSummary": ui.ErrorSummary(hostile, hostileOf[[]ui.FieldError]()),
		"Facts":        ui.Facts(hostileOf[[]ui.Fact]()),
		"Field":        ui.Field(field(ui.Text)),
		"Field area":   ui.Field(field(ui.Area)),
		"Field select": ui.Field(field(ui.Select)),
		"FileInput":    ui.FileInput(hostileOf[ui.FileProps]()),
		"Follow":       ui.Follow(hostileOf[ui.FollowProps]()),
		"Form":         ui.Form(hostileOf[ui.FormProps]()),
		"HelpShell":    ui.HelpShell(helpPage),
		"Highlight":    ui.Highlight(hostile),
		"Lazy":         ui.Lazy(hostileOf[ui.LazyProps]()),
		"LinkButton":   ui.LinkButton(hostileOf[ui.ButtonProps]()),
		"LinkList":     ui.LinkList(hostileOf[[]ui.LinkItem]()),
		"List":         ui.List(hostileOf[ui.ListProps]()),
		"ListRow":      ui.ListRow(hostileOf[ui.RowProps]()),
		"Live":         ui.Live(hostileOf[ui.LiveProps]()),
		"LiveNotice":   ui.LiveNotice(hostileOf[ui.LiveProps](), hostile),
		"Message":      ui.Message(hostileOf[ui.MessageProps]()),
		"PaneLink":     ui.PaneLink("javascript:alert(1)", hostile),
		"Partial":      ui.Partial(hostile, new(hostileOf[ui.LastAction]())),
		"Presence":     ui.Presence(hostile, hostile),
		"Problem":      ui.Problem(hostileOf[ui.ProblemProps]()),
		"Property":     ui.Property(hostileOf[ui.PropertyProps]()),
		"Property off": ui.Property(locked),
		"Quote":        ui.Quote(hostile, new(hostileOf[ui.Link]()), hostile),
		"Steps":        ui.Steps([]string{hostile}),
		"SystemLine":   ui.SystemLine("check", hostile, hostileOf[ui.Moment]()),
		"Table":        ui.Table(hostileOf[ui.TableProps]()),
		"Tabs":         ui.Tabs(hostile, hostileOf[[]ui.Tab]()),
		"Tag":          ui.Tag(hostileOf[ui.TagProps]()),
		"Tiles":        ui.Tiles(hostileOf[[]ui.Tile]()),
		"ViewsNav":     ui.ViewsNav(hostile, hostileOf[[]ui.Tab]()),
	}
	for name, c := range parts {
		t.Run(name, func(t *testing.T) {
			markup := draw(t, c)
			if err := balanced(markup); err != nil {
				t.Error(err)
			}
			if strings.Contains(markup, "<script>") || strings.Contains(markup, "<b onclick") {
				t.Errorf("text became markup:\n%s", markup)
			}
			doc := parse(t, markup)
			for n := range doc.Descendants() {
				for _, a := range n.Attr {
					if strings.HasPrefix(a.Key, "on") {
						t.Errorf("text became the attribute %s", a.Key)
					}
					if (a.Key == "href" || a.Key == "action" || a.Key == "formaction" || a.Key == "data-url" || a.Key == "data-hx-get") && strings.HasPrefix(a.Val, "javascript:") {
						t.Errorf("<%s %s> runs script", n.Data, a.Key)
					}
				}
			}
		})
	}
}

func TestTitleSaysErrorFirst(t *testing.T) {
	p := page(t)
	p.Title = "Sign in"
	title := func(p ui.Page) string {
		return text(one(t, parse(t, draw(t, ui.PlainShell(ui.PlainPage{Page: p}))), "title"))
	}
	if got := title(p); got != "Sign in – North County" {
		t.Errorf("title %q", got)
	}
	p.Errors, p.Place = true, "Desk"
	if got := title(p); got != "Error: Sign in – Desk" {
		t.Errorf("title %q", got)
	}
}

// Pages for those who ask carry no htmx; desk pages do; a page may do without
// any script.
func TestScriptsOfShells(t *testing.T) {
	p := page(t)
	bare := p
	bare.NoScript = true
	for name, c := range map[string]struct {
		shell templ.Component
		want  []string
	}{
		"help":  {ui.HelpShell(ui.HelpPage{Page: p}), []string{"app.js"}},
		"plain": {ui.PlainShell(ui.PlainPage{Page: p}), []string{"app.js"}},
		"desk":  {ui.DeskShell(ui.DeskPage{Page: p}), []string{"vendor/htmx.min.js", "app.js"}},
		"bare":  {ui.HelpShell(ui.HelpPage{Page: bare}), nil},
	} {
		doc := parse(t, draw(t, c.shell))
		var got, want []string
		for _, s := range all(doc, "script") {
			got = append(got, attr(s, "src"))
		}
		for _, w := range c.want {
			want = append(want, ui.Asset(w))
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: scripts %v, want %v", name, got, want)
		}
	}
}

func TestPageIsInItsLanguage(t *testing.T) {
	p := page(t)
	p.Lang, p.Dir, p.Theme = "ar", "rtl", "dark"
	p.Languages[0].Current, p.Languages[1].Current = false, true
	doc := parse(t, draw(t, ui.HelpShell(ui.HelpPage{Page: p})))
	root := one(t, doc, "html")
	if attr(root, "lang") != "ar" || attr(root, "dir") != "rtl" || attr(root, "data-theme") != "dark" {
		t.Errorf("html has lang %q dir %q theme %q", attr(root, "lang"), attr(root, "dir"), attr(root, "data-theme"))
	}
	current := one(t, doc, ".lang [aria-current]")
	if attr(current, "hreflang") != "ar" || attr(current, "lang") != "ar" || text(current) != "العربية" {
		t.Errorf("the current language is drawn as %q", text(current))
	}
}

func TestFieldSaysWhatIsWrong(t *testing.T) {
	doc := parse(t, draw(t, ui.Field(ui.FieldProps{Name: "email", Input: ui.Email, Label: "E-mail", Hint: "At work", Error: "Enter it", Value: `a"b`, Required: true})))
	in := one(t, doc, "input")
	if attr(in, "aria-invalid") != "true" || attr(in, "aria-describedby") != "f-email-hint f-email-error" || attr(in, "value") != `a"b` || !has(in, "required") {
		t.Errorf("the field is %v", in.Attr)
	}
	if got := text(one(t, doc, "#f-email-error")); got != "Enter it" {
		t.Errorf("the error reads %q", got)
	}
	sound := one(t, parse(t, draw(t, ui.Field(ui.FieldProps{Name: "n", Label: "N"}))), "input")
	if has(sound, "aria-invalid") || has(sound, "aria-describedby") || has(sound, "required") {
		t.Errorf("a field without error is %v", sound.Attr)
	}
}

func TestFormCarriesKeyAndVersion(t *testing.T) {
	doc := parse(t, draw(t, ui.Form(ui.FormProps{Action: "/go", Key: "k-1", Version: 7, Hidden: []ui.Pair{{"event", "9"}}, Swap: "#pane", Multipart: true})))
	form := one(t, doc, "form")
	if attr(form, "method") != "post" || attr(form, "action") != "/go" || attr(form, "enctype") != "multipart/form-data" {
		t.Errorf("the form is %v", form.Attr)
	}
	for name, want := range map[string]string{ui.KeyField: "k-1", ui.VersionField: "7", "event": "9"} {
		if got := attr(one(t, form, `input[type=hidden][name="`+name+`"]`), "value"); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	var boost struct{ Target, Select, Push, Swap string }
	if err := json.Unmarshal([]byte(attr(form, "data-hx-boost")), &boost); err != nil {
		t.Fatal(err)
	}
	if boost.Target != "#pane" || boost.Select != "#pane" || boost.Push != "false" || !strings.HasPrefix(boost.Swap, "outerMorph") {
		t.Errorf("the form redraws %+v", boost)
	}
	bare := parse(t, draw(t, ui.Form(ui.FormProps{Action: "/go"})))
	if n := len(all(bare, "input, [data-hx-boost]")); n != 0 {
		t.Errorf("a form without key, version and swap has %d of them", n)
	}
}

func TestPropertyWorksWithoutScript(t *testing.T) {
	p := ui.PropertyProps{ID: "p", Label: "Status", Value: "Open", Name: "state", Form: ui.FormProps{Action: "/state"}, Options: []ui.Option{{Value: "open", Text: "Open", Selected: true}, {Value: "done", Text: "Done"}}}
	doc := parse(t, draw(t, ui.Property(p)))
	if got := text(one(t, doc, "details > summary")); got != "Status: Open" {
		t.Errorf("the property is named %q", got)
	}
	var values []string
	for _, b := range all(doc, `details form[method=post] button[name=state]`) {
		values = append(values, attr(b, "value"))
	}
	if !reflect.DeepEqual(values, []string{"open", "done"}) {
		t.Errorf("it can be set to %v", values)
	}
	if has(one(t, doc, "details"), "open") {
		t.Error("it stands open")
	}
	p.Error = "Somebody else changed it"
	if !has(one(t, parse(t, draw(t, ui.Property(p))), "details"), "open") {
		t.Error("after a refusal it is shut, and the reason with it")
	}
	p.Locked = true
	if n := len(all(parse(t, draw(t, ui.Property(p))), "form, summary, button")); n != 0 {
		t.Error("a locked property can be pressed")
	}
}

func TestMessageKeepsLinesAndLeavesTextAlone(t *testing.T) {
	doc := parse(t, draw(t, ui.Message(ui.MessageProps{Kind: ui.Note, Badge: "Team note", Who: "Kim", Text: "one\ntwo\r\n\r\n\n three"})))
	body := one(t, doc, ".msg.note .body")
	if !has(body, "data-hx-ignore") {
		t.Error("what people wrote could carry behavior")
	}
	var got []string
	for _, p := range all(body, "p") {
		got = append(got, p.FirstChild.Data)
	}
	if !reflect.DeepEqual(got, []string{"one\ntwo", " three"}) {
		t.Errorf("paragraphs %q", got)
	}
	if !strings.Contains(text(doc), "Team note") {
		t.Error("only the color says that it is a note")
	}
}

func TestMessagesAreComplete(t *testing.T) {
	en, es := messages(t, "en"), messages(t, "es")
	used := map[string]bool{}
	ui.WordsIn(func(key string) string { used[key] = true; return "" })
	for key, english := range en {
		if !used[key] {
			t.Errorf("%s is used nowhere", key)
		}
		if strings.Contains(english, "{n}") != strings.Contains(es[key], "{n}") {
			t.Errorf("%s says a number in one language only", key)
		}
	}
	if len(en) != len(es) {
		t.Errorf("%d words in English, %d in Spanish", len(en), len(es))
	}
	words(t, "en")
	words(t, "es")
}
