package web

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSaid(t *testing.T) {
	const rel = `<a rel="noopener noreferrer nofollow" href="`
	for _, c := range []struct{ in, want string }{
		{"one\ntwo\n\n\nthree", "<p>one\ntwo</p><p>three</p>"},
		{`<b onclick="x()">hi</b> & bye`, "<p>&lt;b onclick=&#34;x()&#34;&gt;hi&lt;/b&gt; &amp; bye</p>"},
		{"see https://example.org/a?b=1&c=2.", "<p>see " + rel + `https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a>.</p>`},
		{"(https://example.org/w_(x))", "<p>(" + rel + `https://example.org/w_(x)">https://example.org/w_(x)</a>)</p>`},
		{"«https://example.org»", "<p>«" + rel + `https://example.org">https://example.org</a>»</p>`},
		{"HTTP://EXAMPLE.org/X", "<p>" + rel + `http://EXAMPLE.org/X">HTTP://EXAMPLE.org/X</a></p>`},
		{"javascript://example.org/%0aalert(1) ftp://example.org data:text/html,x", "<p>javascript://example.org/%0aalert(1) ftp://example.org data:text/html,x</p>"},
		{"https://school.org@elsewhere.net/", "<p>https://school.org@elsewhere.net/</p>"},
		{`https://example.org/"onmouseover="x`, "<p>" + rel + `https://example.org/">https://example.org/</a>&#34;onmouseover=&#34;x</p>`},
		{"https:// http:/x xhttp://a.b", "<p>https:// http:/x xhttp://a.b</p>"},
		{"İ https://example.org", "<p>İ " + rel + `https://example.org">https://example.org</a></p>`},
		{"", ""},
	} {
		var b strings.Builder
		if err := said(c.in).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if b.String() != c.want {
			t.Errorf("said(%q)\n got %s\nwant %s", c.in, b.String(), c.want)
		}
	}
}

// Whatever somebody writes, none of it is lost and every link leads to a web
// page.
func TestRunsKeepTheText(t *testing.T) {
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"http://", "https://a.b/", "HTTPS://", " ", ").", "@", "\n", "”", "http", "[", "%", "javascript:"}))
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "in"), "")
		var out strings.Builder
		for _, r := range runs(in) {
			out.WriteString(r.text)
			if r.link != "" && !strings.HasPrefix(r.link, "http://") && !strings.HasPrefix(r.link, "https://") {
				t.Fatalf("link %q", r.link)
			}
		}
		if out.String() != in {
			t.Fatalf("runs(%q) read %q", in, out.String())
		}
	})
}
