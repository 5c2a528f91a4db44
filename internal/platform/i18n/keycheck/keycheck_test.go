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

// Each thing that Plain holds against a text is found where it was put, and
// nowhere else.
func TestPlain(t *testing.T) {
	words, err := parsePlain("# why\n[en-US requester]\nticket, tickets = request\nSLA, SLAs = promise\n[en-US everyone]\nend users = people\n[es-US requester]\ncola = lista\n")
	if err != nil {
		t.Fatal(err)
	}
	c, err := i18n.NewCatalogue(fstest.MapFS{
		"messages/en.json": {Data: []byte(`{
			"ask.a": "Your Tickets", "ask.b": "A ticketing SLA", "ask.c": "{{.Ticket}}, slas, 3 kb", "desk.a": "Ticket for end users",
			"ask.d": {"one": "Fine.", "other": "{{.Count}} SLAs"},
			"ask.e": "It is here and it is there and we see it now and you see it then or not at all.",
			"ask.f": "Administrators determine operational responsibilities according to organizational considerations, notwithstanding individual preferences everywhere.",
			"desk.f": "The office will review every calendar that another department has changed before it is published again.",
			"few.a": "Nevertheless inapplicable.", "few.b": "Unauthorized modification.", "few.c": "Institutional idiosyncrasy.", "few.d": "Organizational reconfiguration.",
			"few.e": "Administrative incompatibility.", "few.f": "Operational irregularity."}`)},
		"messages/es.json": {Data: []byte(`{
			"ask.a": "La cola", "ask.b": "Escalera y colador", "ask.c": "{{.Ticket}}", "desk.a": "Ticket", "ask.d": {"one": "Bien.", "other": "{{.Count}} casos"},
			"ask.e": "Está aquí y está allá.",
			"ask.f": "La administración determinará responsabilidades organizacionales correspondientes independientemente de consideraciones individuales particulares extraordinariamente.",
			"desk.f": "La oficina lo mira antes.", "few.a": "Sí, es así.", "few.b": "No es así.", "few.c": "Es un mal día.", "few.d": "Va bien hoy.", "few.e": "Va mal.", "few.f": "Ya está."}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := notPlain(c, func(key string) Reader {
		if strings.HasPrefix(key, "desk.") {
			return Staff
		}
		return Requester
	}, words)
	want := []string{
		`en-US requester: ask.a says "tickets"`, `en-US requester: ask.b says "SLA"`, `en-US requester: ask.d says "SLAs"`, `en-US requester: ask.e has a sentence of 21 words`,
		`en-US requester: reads like grade 38.3, may be 6: ask.f`, `en-US requester: reads like grade 47.1, may be 6: the short texts of few`, `en-US staff: desk.a says "end users"`, `en-US staff: reads like grade 12.0, may be 8: desk.f`,
		`es-US requester: ask.a says "cola"`, `es-US requester: reads like grade`,
	}
	slices.Sort(got)
	for i, w := range want {
		if i >= len(got) || !strings.HasPrefix(got[i], w) {
			t.Fatalf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if len(got) != len(want) {
		t.Errorf("also: %q", got[len(want):])
	}
	for _, broken := range []string{"ticket = request", "[en-US nobody]", "[en-US everyone]\nticket", "[en-US everyone]\nticket ="} {
		if _, err := parsePlain(broken); err == nil {
			t.Errorf("%q was read", broken)
		}
	}
}
