package i18n_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"trellis/internal/platform/i18n"
)

func files(en, es string) fstest.MapFS {
	return fstest.MapFS{"messages/en.json": {Data: []byte(en)}, "messages/es.json": {Data: []byte(es)}}
}

func catalogue(t testing.TB, en, es string) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.NewCatalogue(files(en, es), i18n.Messages)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	english = `{
		"a.plain": "Send",
		"a.named": "Hello {{.Name}}, room {{.Room}}",
		"a.twice": "{{.Name}} and {{ .Name }}",
		"a.count": {"one": "{{.Count}} request for {{.Name}}", "other": "{{.Count}} requests for {{.Name}}"},
		"a.hour": {"one": "an hour", "other": "{{.Count}} hours"},
		"a.size": "At most {{.Max}}"
	}`
	spanish = `{
		"a.plain": "Enviar",
		"a.named": "Hola {{.Name}}, aula {{.Room}}",
		"a.twice": "{{.Name}} y {{.Name}}",
		"a.count": {"one": "{{.Count}} solicitud de {{.Name}}", "other": "{{.Count}} solicitudes de {{.Name}}"},
		"a.hour": {"one": "una hora", "other": "{{.Count}} horas"},
		"a.size": "Como máximo {{.Max}}"
	}`
)

func TestText(t *testing.T) {
	c := catalogue(t, english, spanish).Strict()
	en := i18n.With(t.Context(), c, "en-US")
	es := i18n.With(t.Context(), c, "es-MX")
	for _, x := range []struct {
		ctx  context.Context
		key  string
		args []any
		want string
	}{
		{en, "a.plain", nil, "Send"},
		{es, "a.plain", nil, "Enviar"},
		{es, "a.named", []any{"Name", "Ana", "Room", 1204}, "Hola Ana, aula 1204"},
		{en, "a.named", []any{"Room", "B{{.Name}}", "Name", "<b>"}, "Hello <b>, room B{{.Name}}"},
		{en, "a.twice", []any{"Name", "x"}, "x and x"},
		{en, "a.count", []any{"Count", 1, "Name", "Ana"}, "1 request for Ana"},
		{en, "a.count", []any{"Count", 0, "Name", "Ana"}, "0 requests for Ana"},
		{en, "a.count", []any{"Count", int64(12345), "Name", "Ana"}, "12,345 requests for Ana"},
		{es, "a.count", []any{"Count", 1_000_000, "Name", "Ana"}, "1,000,000 solicitudes de Ana"},
		{es, "a.count", []any{"Count", 1, "Name", "Ana"}, "1 solicitud de Ana"},
		{en, "a.hour", []any{"Count", 1}, "an hour"},
		{es, "a.hour", []any{"Count", 2}, "2 horas"},
		{es, "a.size", []any{"Max", i18n.Bytes(25_000_000)}, "Como máximo 25 MB"},
		{en, "a.size", []any{"Max", 20000}, "At most 20,000"},
		{en, "field.required", nil, "Please fill this in."},
	} {
		if got := i18n.T(x.ctx, x.key, x.args...); got != x.want {
			t.Errorf("%s %v: got %q, want %q", x.key, x.args, got, x.want)
		}
	}
	if got := i18n.Map(es, "a.count", map[string]any{"Count": 3, "Name": "B"}); got != "3 solicitudes de B" {
		t.Errorf("Map: %q", got)
	}
	if i18n.Lang(es) != "es-US" || i18n.Dir(es) != "ltr" {
		t.Errorf("language %s %s", i18n.Lang(es), i18n.Dir(es))
	}
	// Without a catalogue the foundation's own words stand.
	if got := i18n.T(t.Context(), "field.required"); got != "Please fill this in." {
		t.Errorf("without a catalogue: %q", got)
	}
}

// The library whose files these are fills them in the same way, so translators'
// tools show what people will see.
func TestSameAsLibrary(t *testing.T) {
	c := catalogue(t, english, spanish).Strict()
	b := goi18n.NewBundle(language.English)
	b.MustParseMessageFileBytes([]byte(english), "en.json")
	b.MustParseMessageFileBytes([]byte(spanish), "es.json")
	for _, lang := range []string{"en", "es"} {
		l := goi18n.NewLocalizer(b, lang)
		for _, key := range []string{"a.plain", "a.named", "a.twice", "a.count", "a.hour"} {
			for _, n := range []int{0, 1, 2, 11, 21, 100, 999} {
				want, err := l.Localize(&goi18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: map[string]any{"Count": n, "Name": "Ana", "Room": 7}})
				if err != nil { // a text that is not counted has no form "one" in the library
					want = l.MustLocalize(&goi18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any{"Count": n, "Name": "Ana", "Room": 7}})
				}
				if got := c.In(lang).T(key, "Count", n, "Name", "Ana", "Room", 7); got != want {
					t.Errorf("%s %s %d: got %q, library says %q", lang, key, n, got, want)
				}
			}
		}
	}
}

func TestCatalogueRefuses(t *testing.T) {
	for name, x := range map[string]struct{ en, es, want string }{
		"missing":         {`{"a.b": "x"}`, `{}`, `"a.b" is missing in es`},
		"only there":      {`{}`, `{"a.b": "x"}`, `"a.b" is missing in en`},
		"twice in a file": {`{"a.b": "x", "a.b": "y"}`, `{"a.b": "x"}`, `"a.b" is given twice`},
		"twice over":      {`{"field.required": "x"}`, `{"field.required": "x"}`, `"field.required" is given twice`},
		"placeholder":     {`{"a.b": "{{.Name}}"}`, `{"a.b": "{{.Nombre}}"}`, `placeholders of form "other" are [Nombre], English has [Name]`},
		"form lost":       {`{"a.b": {"one": "{{.Count}} x", "other": "{{.Count}} xs"}}`, `{"a.b": {"other": "{{.Count}} xs"}}`, `lacks the plural form "one"`},
		"form added":      {`{"a.b": "{{.Count}}"}`, `{"a.b": {"one": "{{.Count}}", "other": "{{.Count}}"}}`, "has plural forms and in en has none"},
		"count unsaid":    {`{"a.b": {"one": "x", "other": "xs"}}`, `{"a.b": {"one": "x", "other": "xs"}}`, "does not say {{.Count}}"},
		"one differs":     {`{"a.b": {"one": "x {{.Name}}", "other": "{{.Count}}"}}`, `{"a.b": {"one": "x", "other": "{{.Count}}"}}`, `placeholders of form "one"`},
		"program":         {`{"a.b": "{{if .X}}y{{end}}"}`, `{"a.b": "y"}`, "braces"},
		"half open":       {`{"a.b": "{{.Name"}`, `{"a.b": "y"}`, "braces"},
		"empty":           {`{"a.b": ""}`, `{"a.b": "y"}`, `"a.b" has no text`},
		"key shape":       {`{"a.B c": "x"}`, `{"a.B c": "x"}`, "is not like"},
		"nested":          {`{"a": {"b": {"c": "x"}}}`, `{"a": {"b": {"c": "x"}, "d": 4}}`, "es.json"},
		"no object":       {`["x"]`, `{}`, "not a JSON object"},
		"broken":          {`{"a.b": "x"`, `{"a.b": "x"}`, "en.json"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := i18n.NewCatalogue(files(x.en, x.es), i18n.Messages)
			if err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("got %v, want %q", err, x.want)
			}
		})
	}
	if _, err := i18n.NewCatalogue(fstest.MapFS{"messages/en.json": {Data: []byte(`{"a.b": "x"}`)}}); err == nil {
		t.Error("a package without Spanish was accepted")
	}
}

func TestFaults(t *testing.T) {
	var log bytes.Buffer
	c := catalogue(t, english, spanish).WithLog(slog.New(slog.NewTextHandler(&log, nil)))
	w := c.In("es")
	for range 3 {
		if got := w.T("a.unknown"); got != "a.unknown" {
			t.Errorf("missing message: %q", got)
		}
		if got := w.T("a.named", "Name", "Ana"); got != "Hola Ana, aula " {
			t.Errorf("missing argument: %q", got)
		}
		if got := w.T("a.named", "Name", struct{}{}, "Room"); got != "Hola , aula " {
			t.Errorf("argument that can't be written: %q", got)
		}
		if got := w.T("a.count", "Count", "many", "Name", "x"); got != "many solicitudes de x" {
			t.Errorf("count that is no number: %q", got)
		}
	}
	if n := strings.Count(log.String(), "message fault"); n != 4 {
		t.Errorf("%d lines logged, want one for each of 4 faults:\n%s", n, &log)
	}
	c.Strict()
	for name, f := range map[string]func(){
		"message":  func() { w.T("a.unknown") },
		"argument": func() { w.T("a.named", "Name", "Ana") },
		"value":    func() { w.T("a.twice", "Name", struct{}{}) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("did not panic")
				}
			}()
			f()
		})
	}
}

func TestPseudo(t *testing.T) {
	c := catalogue(t, english, spanish).Strict()
	if got := i18n.Lang(i18n.With(t.Context(), c, i18n.Pseudo)); got != "en-US" {
		t.Errorf("the test language is offered unasked: %s", got)
	}
	c.WithPseudo()
	ctx := i18n.With(t.Context(), c, i18n.Pseudo)
	for _, key := range c.Keys() {
		english, ours := c.Texts("en-US", key), c.Texts(i18n.Pseudo, key)
		if len(english) != len(ours) {
			t.Fatalf("%s: %d forms, English has %d", key, len(ours), len(english))
		}
		for i := range ours {
			if a, b := len([]rune(english[i])), len([]rune(ours[i])); b*10 < a*12 {
				t.Errorf("%s is hardly longer: %q", key, ours[i])
			}
		}
	}
	if got := i18n.T(ctx, "a.named", "Name", "Ana", "Room", 12); !strings.HasPrefix(got, "[Ĥéļļö Ana, ŕööɱ 12 ") || !strings.HasSuffix(got, "]") {
		t.Errorf("%q", got)
	}
	if got := i18n.T(ctx, "a.twice", "Name", "x"); !strings.HasPrefix(got, "[x áñð x ") {
		t.Errorf("%q", got)
	}
	ctx = i18n.With(t.Context(), c, i18n.Mirrored)
	if got := i18n.T(ctx, "a.twice", "Name", "x"); got != "[\u2068x\u2069 \u0627\u0646\u062f \u2068x\u2069]" || i18n.Dir(ctx) != "rtl" {
		t.Errorf("%s: %q", i18n.Dir(ctx), got)
	}
}

func TestMatch(t *testing.T) {
	for _, x := range []struct{ accept, cookie, pref, want string }{
		{"", "", "", "en-US"},
		{"es-MX,es;q=0.9,en;q=0.5", "", "", "es-US"},
		{"es-419", "", "", "es-US"},
		{"en;q=0.8, es;q=0.9", "", "", "es-US"},
		{"vi,fr;q=0.5", "", "", "en-US"},
		{"es", "en-US", "", "en-US"},
		{"es", "en-US", "es-US", "es-US"},
		{"es", "klingon", "<script>", "es-US"},
		{"", "qps", "", "qps"},
		{"qps", "", "", "en-US"},
		{";;;,,=q", "", "", "en-US"},
		{strings.Repeat("es-", 100_000), "", "", "en-US"},
		{"es," + strings.Repeat("x-y;q=0.1,", 100_000), "", "", "es-US"},
	} {
		if got := i18n.Match(x.accept, x.cookie, x.pref); got != x.want {
			t.Errorf("%.40q %q %q: got %s, want %s", x.accept, x.cookie, x.pref, got, x.want)
		}
	}
}

func BenchmarkT(b *testing.B) {
	c := catalogue(b, english, spanish)
	ctx := i18n.With(b.Context(), c, "es-US")
	type key int
	for i := range 8 { // as deep as a request's context is
		ctx = context.WithValue(ctx, key(i), i)
	}
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = i18n.T(ctx, "a.plain")
		}
	})
	b.Run("named", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = i18n.T(ctx, "a.named", "Name", "Ana", "Room", "B12")
		}
	})
	b.Run("counted", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = i18n.T(ctx, "a.count", "Name", "Ana", "Count", 17)
		}
	})
	bundle := goi18n.NewBundle(language.English)
	bundle.MustParseMessageFileBytes([]byte(spanish), "es.json")
	l := goi18n.NewLocalizer(bundle, "es")
	b.Run("counted by the library", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			l.MustLocalize(&goi18n.LocalizeConfig{MessageID: "a.count", PluralCount: 17, TemplateData: map[string]any{"Count": 17, "Name": "Ana"}})
		}
	})
}

func TestPlainTextDoesNotAllocate(t *testing.T) {
	ctx := i18n.With(t.Context(), catalogue(t, english, spanish), "es-US")
	if n := testing.AllocsPerRun(1000, func() { _ = i18n.T(ctx, "a.plain") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func ExampleT() {
	c, err := i18n.NewCatalogue(files(english, spanish), i18n.Messages)
	if err != nil {
		panic(err)
	}
	ctx := i18n.With(context.Background(), c, i18n.Match("es-MX,es;q=0.9", "", ""))
	fmt.Println(i18n.T(ctx, "a.count", "Count", 2, "Name", "Ana"))
	// Output: 2 solicitudes de Ana
}
