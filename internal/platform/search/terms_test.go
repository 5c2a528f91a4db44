package search_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"trellis/internal/platform/search"
)

func TestTerms(t *testing.T) {
	for _, x := range []struct{ text, lang, want string }{
		{"", "en", ""},
		{"?!… --", "en", ""},
		{"Printers printing, PRINTED", "en", "printers en=printer printing en=print printed"},
		{"Printers", "", "printers"},
		{"Printers", "fr-CA", "printers"},
		{"Las impresoras", "es-US", "las es=las impresoras es=impresor"},
		{"Contraseña CONTRASEN\u0303A", "es", "contrasena es=contrasen"},
		{"ﬁle Ⅳ ２０２６ ½", "", "file iv 2026 1 2"},
		{"Straße Łódź Ægir Nguyễn Đức İstanbul", "", "strasse lodz aegir nguyen duc istanbul"},
		{"JV-10442", "en", "jv10442 jv 10442"},
		{"JV10442", "en", "jv10442 jv 10442"},
		{"room B12, 3rd", "", "room b12 3rd"},
		{"Wi-Fi wi‑fi wifi", "en", "wifi en=wifi wi fi"},
		{"teacher's teachers’ can't O'Brien's", "en", "teachers en=teacher teacher cant en=cant can en=can obriens en=obrien brien en=brien"},
		{"ana@school.example 10.0.0.12", "", "anaschoolexample ana school example 100012 10 0 12"},
		{"a.b.c.d.e.f.g.h", "", "a b c d e f g h"},
		{"the end- -start x--y", "", "the end start x y"},
		{"教室のWi-Fi", "en", "教室 教 室 室の の wifi en=wifi wi fi"},
		{"网", "en", "网"},
		{"학교", "", "학교 학 교"},
		{"ｶﾞ ガ", "", "ガ"},
		{"مُدَرِّس", "", "مدرس"},
		{"٢٠٢٦ २०२६", "", "2026"},
		{"don\x00t \xff\xfe ok\u200bay", "", "don t okay"},
		{"en=log es=log", "en", "en log en=log es"},
	} {
		got := strings.Join(search.Terms(x.text, x.lang), " ")
		if got != x.want {
			t.Errorf("%q in %q:\n got %q\nwant %q", x.text, x.lang, got, x.want)
		}
	}
}

// One word in its forms is one stem, with and without the accents that people
// leave out.
func TestStems(t *testing.T) {
	for lang, families := range map[string][]string{
		"en": {"print prints printed printing", "password passwords", "teacher teachers teacher's", "connect connected connecting connection connections", "battery batteries", "study studies studying", "login logins"},
		"es": {"impresora impresoras", "contraseña contraseñas contrasenas", "instalación instalacion instalaciones", "conexión conexion conexiones", "tecnología tecnologia tecnologías tecnologias", "versión version versiones", "maestro maestra maestros maestras", "bloqueado bloqueada bloqueados", "aplicación aplicaciones aplicacion", "pantalla pantallas", "conectar conecta conectado conectando"},
	} {
		for _, f := range families {
			words := strings.Fields(f)
			stem := func(w string) string {
				for _, term := range search.Terms(w, lang) {
					if strings.HasPrefix(term, lang+"=") {
						return term
					}
				}
				return ""
			}
			for _, w := range words {
				if got, want := stem(w), stem(words[0]); got != want || want == "" {
					t.Errorf("%s: %s is %q, %s is %q", lang, w, got, words[0], want)
				}
			}
		}
	}
}

func TestTermLimits(t *testing.T) {
	long := strings.Repeat("é", 1000) + " " + strings.Repeat("漢字", 10)
	for _, term := range search.Terms(long, "en") {
		if len(strings.TrimPrefix(term, "en=")) > 64 || !utf8.ValidString(term) {
			t.Errorf("%d bytes: %q", len(term), term)
		}
	}
	var b strings.Builder
	for i := range 60_000 {
		b.WriteString(" w")
		for n := i; n > 0; n /= 26 {
			b.WriteByte(byte('a' + n%26))
		}
	}
	if n := len(search.Terms(b.String(), "")); n != 20_000 {
		t.Errorf("%d terms", n)
	}
	wide := strings.ReplaceAll(b.String(), " ", " "+strings.Repeat("z", 60))
	total := 0
	for _, term := range search.Terms(wide, "en") {
		total += len(term)
	}
	if total > 512<<10 || total < 500<<10 {
		t.Errorf("%d bytes of terms", total)
	}
}

func FuzzTerms(f *testing.F) {
	for _, s := range []string{"", "JV-10442", "a'b'c", "教室のWi-Fi", "e\u0301\u0301", "\xff", "ﷺ", "ǅ", "İ", "가\u1100\u1161", "a.b.c.d.e.f.g.h.", "1'2-3", "ß-ẞ", "\u0301a", "𝟏𝟐", "ー", "cion sion logias"} {
		f.Add(s, "es")
	}
	f.Fuzz(func(t *testing.T, text, lang string) {
		terms := search.Terms(text, lang)
		if !slices.Equal(terms, search.Terms(text, lang)) {
			t.Fatal("not the same twice")
		}
		seen := map[string]bool{}
		for _, term := range terms {
			if term == "" || seen[term] || !utf8.ValidString(term) || len(term) > 64+3 || strings.ContainsAny(term, " '\"\\*:&|()") {
				t.Fatalf("term %q of %q", term, text)
			}
			seen[term] = true
		}
		// A text is found by itself and by each of its words.
		doc := search.Doc{Kind: "k", Lang: lang, Text: text}
		for _, w := range append(strings.Fields(text), text) {
			if len(w) > 2000 || len(strings.Fields(w)) > 16 || len(search.Terms(w, lang)) == 0 {
				continue
			}
			if !(search.Query{Kind: "k", Text: w, Langs: []string{lang}}).Finds(doc) {
				t.Fatalf("%q is not found in %q: %q", w, text, terms)
			}
		}
	})
}

func BenchmarkTerms(b *testing.B) {
	text := strings.Repeat("The projector in room B12 shows no picture since this morning. I tried the other cable and restarted the laptop twice. ", 3)
	spanish := strings.Repeat("El proyector del salón B12 no muestra imagen desde esta mañana. Probé otro cable y reinicié la computadora dos veces. ", 3)
	hostile := strings.Repeat("a.b'c-漢e\u0301", 100_000)
	for name, x := range map[string][2]string{"english": {text, "en"}, "spanish": {spanish, "es"}, "hostile": {hostile, "en"}} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(x[0])))
			b.ReportAllocs()
			for b.Loop() {
				search.Terms(x[0], x[1])
			}
		})
	}
}
