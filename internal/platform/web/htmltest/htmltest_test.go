package htmltest_test

import (
	"fmt"
	"io"
	"testing"

	"trellis/internal/platform/web/htmltest"
)

const source = `<!doctype html><title>Ask</title><style>p{}</style><main><h1>Ask  <b>for
 help</b></h1><a href="/back">Go back</a><script>var x</script>
<form id=ask method=post action="send?x=1">
<input type=hidden name=_key value=k1><input name=title value="a &amp; b"><textarea name=body>
two
lines</textarea>
<input type=checkbox name=urgent><input type=checkbox name=copy checked><input type=radio name=where value=here><input type=radio name=where value=there checked>
<select name=site><option value=1>One</option><option value=2 selected>Two</option></select><select name=room><option>First</option><option>Second</option></select>
<select name=people multiple><option selected>A</option><option selected>B</option></select>
<input name=off disabled value=x><fieldset disabled><input name=inside value=x></fieldset><input type=file name=photo>
<button name=do value=save>Save</button><button name=do value=now formaction="/now">Yes, come now</button>
</form></main>`

func TestAFormIsSentAsABrowserWould(t *testing.T) {
	p := htmltest.Parse(t, source)
	if got := p.Text("h1"); got != "Ask for help" {
		t.Errorf("heading %q", got)
	}
	if got := p.Text("main > a"); got != "Go back" || p.Link("Go back") != "/back" || p.One("main").String()[:21] != "Ask for help Go back " {
		t.Errorf("%q %q", got, p.One("main").String())
	}
	if p.Has("form input[name=nothing]") || !p.Has("#ask [checked]") || len(p.All("option")) != 6 || fmt.Sprint(p.Texts("button")) != "[Save Yes, come now]" {
		t.Error("selectors")
	}
	f := p.Form("#ask")
	if got := f.Values.Encode(); got != "_key=k1&body=two%0Alines&copy=on&people=A&people=B&room=First&site=2&title=a+%26+b&where=there" {
		t.Errorf("fields %s", got)
	}
	r := f.Set("title", "x").Press("Yes, come now").Request("http://desk.example/help/ask?y")
	b, _ := io.ReadAll(r.Body)
	if r.Method != "POST" || r.URL.String() != "http://desk.example/now" || string(b) != "_key=k1&body=two%0Alines&copy=on&do=now&people=A&people=B&room=First&site=2&title=x&where=there" {
		t.Errorf("%s %s %s", r.Method, r.URL, b)
	}
	if r = p.Form("#ask").Press("Save").Request("http://desk.example/help/ask?y"); r.URL.String() != "http://desk.example/help/send?x=1" {
		t.Errorf("action %s", r.URL)
	}
}
