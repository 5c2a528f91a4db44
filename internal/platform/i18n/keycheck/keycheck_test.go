package keycheck

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"trellis/internal/platform/i18n"
)

func TestFind(t *testing.T) {
	src := fstest.MapFS{
		"desk/a.go": {Data: []byte("package desk\nvar _ = T(`desk.send`)\n// \"desk.comment\"\nvar a = \"desk.gone\" + \"other.thing\" + \"desk.yes\" + \"Desk.send\" + \"desk.send now\"\n" +
			"var b = \"desk.state.\" + s + fmt.Sprintf(\"desk.kind.%s\", x) + \"desk.nothing.\" + \"desk.named_\" + y + \"desk.pdf\"\n")},
		"desk/a_test.go":        {Data: []byte(`package desk; var _ = "desk.fromtest"`)},
		"desk/page_templ.go":    {Data: []byte(`package desk; var _ = "desk.generated"`)},
		"desk/page.templ":       {Data: []byte("templ x() {\n// \"desk.commented\"\n<p class=\"desk\">{ i18n.T(ctx, \"desk.title\") }{ i18n.T(ctx, \"desk.lost\") }</p>\n}")},
		"node_modules/x.go":     {Data: []byte(`package x; var _ = "desk.module"`)},
		".git/x.go":             {Data: []byte(`package x; var _ = "desk.git"`)},
		"desk/testdata/x.go":    {Data: []byte(`package x; var _ = "desk.data"`)},
		"desk/notsource.json":   {Data: []byte(`{"desk.json": "x"}`)},
		"desk/broken/brok.go":   {Data: []byte("package broken\nvar x = \"desk.send")},
		"desk/script/app.templ": {Data: []byte(``)},
	}
	keys := []string{"desk.dynamic.a", "desk.kind.a", "desk.named_me", "desk.send", "desk.state.open", "desk.state.shut", "desk.title", "desk.unused"}
	missing, unused, err := find(src, keys, Options{NotKeys: []string{"desk.yes"}, Used: []string{"desk.dynamic.", "desk.stale"}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range missing {
		got = append(got, m.at+" "+m.key)
	}
	slices.Sort(got)
	want := []string{"Options.Used desk.stale", "desk/a.go:4:9 desk.gone", "desk/a.go:5:62 desk.nothing.", "desk/page.templ:3 desk.lost"}
	if !slices.Equal(got, want) {
		t.Errorf("missing:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !slices.Equal(unused, []string{"desk.unused"}) {
		t.Errorf("unused: %v", unused)
	}
}

func TestWords(t *testing.T) {
	c, err := i18n.NewCatalogue(fstest.MapFS{
		"messages/en.json": {Data: []byte(`{"ask.a": "Your Tickets", "ask.b": "A ticketing SLA", "ask.c": "{{.Queue}}, colas, 3 kb, asset", "desk.a": "Ticket", "ask.d": {"one": "fine", "other": "{{.Count}} end users"}}`)},
		"messages/es.json": {Data: []byte(`{"ask.a": "La cola", "ask.b": "Escalera y colador", "ask.c": "{{.Queue}}", "desk.a": "Ticket", "ask.d": {"one": "bien", "other": "{{.Count}} casos"}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range badWords(c, []string{"ask."}, Plain) {
		got = append(got, f[:strings.Index(f, ";")])
	}
	slices.Sort(got)
	want := []string{`en-US ask.a says "tickets"`, `en-US ask.b says "SLA"`, `en-US ask.c says "asset"`, `en-US ask.d says "end users"`, `es-US ask.a says "cola"`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
