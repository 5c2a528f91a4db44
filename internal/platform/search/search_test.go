package search_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"trellis/internal/platform/db"
	"trellis/internal/platform/search"
	"trellis/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var setup = testkit.Setup{Schemas: []db.Schema{{Name: "search", FS: search.Migrations}}, Loose: true}

// each runs f on both engines; their SQL differs by design here.
func each(t *testing.T, f func(t *testing.T, d *db.DB)) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) { f(t, testkit.Open(t, e, setup)) })
	}
}

func index(t testing.TB, d *db.DB, docs ...search.Doc) {
	t.Helper()
	err := d.Write(context.Background(), "index", func(tx *db.Tx) error {
		for _, doc := range docs {
			if err := search.Index(tx, doc); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// find lists what q finds among the things that are indexed, the way a module
// asks: with conditions of its own before and after.
func find(t testing.TB, d *db.DB, q search.Query) (refs []int64) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		cond, args := search.Match(tx, q, "t.ref", 3)
		all := append([]any{int64(-1), q.Kind}, args...)
		all = append(all, int64(1)<<40)
		last := fmt.Sprintf("$%d", len(all))
		got, err := db.List(tx, func(r *db.Rows, ref *int64) error { return r.Scan(ref) },
			`SELECT DISTINCT t.ref FROM search_doc t WHERE t.ref > $1 AND t.kind = $2 AND `+cond+` AND t.ref < `+last+` ORDER BY t.ref`, all...)
		refs = got
		return err
	})
	if err != nil {
		t.Fatalf("query %q: %v", q.Text, err)
	}
	return refs
}

func TestMatch(t *testing.T) {
	docs := []search.Doc{
		{Kind: "ticket", Ref: 1, Lang: "en-US", Text: "Projector in room B12 shows no picture"},
		{Kind: "ticket", Ref: 1, Part: 10, Lang: "en-US", Text: "I restarted the laptop JV-10442 twice"},
		{Kind: "ticket", Ref: 1, Part: 11, Audience: 1, Lang: "en-US", Text: "The lamp is counterfeit, ask the vendor"},
		{Kind: "ticket", Ref: 2, Lang: "es-US", Text: "Las impresoras del salón no imprimen, contraseña bloqueada"},
		{Kind: "ticket", Ref: 3, Lang: "en-US", Text: "Printer notes: Wi-Fi password rejected by ana.rivera@school.example"},
		{Kind: "ticket", Ref: 4, Lang: "en-US", Text: "It does not work, JV 20771"},
		{Kind: "ticket", Ref: 5, Lang: "zh", Text: "教室的网络不通"},
		{Kind: "article", Ref: 1, Lang: "en-US", Text: "counterfeit projector password"},
	}
	both := []string{"en-US", "es-US"}
	each(t, func(t *testing.T, d *db.DB) {
		index(t, d, docs...)
		for _, x := range []struct {
			q    search.Query
			want string
		}{
			{search.Query{Text: "projector"}, "[1]"},
			{search.Query{Text: "PROJECTORS", Langs: both}, "[1]"},
			{search.Query{Text: "projectors"}, "[]"},                              // no stems asked for
			{search.Query{Text: "projector laptop restarts", Langs: both}, "[1]"}, // in different parts
			{search.Query{Text: "projector printer", Langs: both}, "[]"},
			{search.Query{Text: "counterfeit"}, "[]"},
			{search.Query{Text: "projector counterfeit"}, "[]"},
			{search.Query{Text: "counterfeit", Audience: 1}, "[1]"},
			{search.Query{Text: "projector counterfeit", Audience: 1}, "[1]"},
			{search.Query{Text: "counterfei", Prefix: true}, "[]"},
			{search.Query{Text: "jv-10442"}, "[1]"},
			{search.Query{Text: "JV10442"}, "[1]"},
			{search.Query{Text: "10442"}, "[1]"},
			{search.Query{Text: "jv 10442"}, "[1]"},
			{search.Query{Text: "JV-10443"}, "[]"},
			{search.Query{Text: "jv-20771"}, "[4]"}, // written apart
			{search.Query{Text: "JV20771"}, "[4]"},
			{search.Query{Text: "impresora contrasena", Langs: both}, "[2]"},
			{search.Query{Text: "salon"}, "[2]"},
			{search.Query{Text: "notes", Langs: both}, "[3]"}, // the Spanish stem "not" is no word of ticket 4
			{search.Query{Text: "wifi"}, "[3]"},
			{search.Query{Text: "wi-fi"}, "[3]"},
			{search.Query{Text: "ana.rivera@school.example"}, "[3]"},
			{search.Query{Text: "rivera"}, "[3]"},
			{search.Query{Text: "pass", Prefix: true}, "[3]"},
			{search.Query{Text: "pass ", Prefix: true}, "[]"}, // a space: the word is complete
			{search.Query{Text: "pa", Prefix: true}, "[]"},
			{search.Query{Text: "pass"}, "[]"},
			{search.Query{Text: "网络"}, "[5]"},
			{search.Query{Text: "网"}, "[5]"},
			{search.Query{Text: "络网"}, "[]"},
			{search.Query{Text: "   "}, "[1 2 3 4 5]"},
			{search.Query{Text: "?!"}, "[]"},
			{search.Query{Text: "not work"}, "[4]"},
			{search.Query{Text: "NOT"}, "[4]"}, // an operator of the engine's language
			{search.Query{Text: `"work" OR * NEAR(a`}, "[]"},
		} {
			x.q.Kind = "ticket"
			if got := fmt.Sprint(find(t, d, x.q)); got != x.want {
				t.Errorf("%+v: got %s, want %s", x.q, got, x.want)
			}
		}
	})
}

func TestReplaceAndRemove(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		doc := func(ref, part int64, audience int, text string) search.Doc {
			return search.Doc{Kind: "ticket", Ref: ref, Part: part, Audience: audience, Text: text}
		}
		want := func(text string, audience int, refs ...int64) {
			t.Helper()
			if got := find(t, d, search.Query{Kind: "ticket", Text: text, Audience: audience}); !slices.Equal(got, refs) {
				t.Errorf("%q: got %v, want %v", text, got, refs)
			}
		}
		index(t, d, doc(1, 0, 0, "old words"), doc(1, 5, 0, "reply"), doc(2, 0, 0, "old words"))
		want("old", 0, 1, 2)
		index(t, d, doc(1, 0, 0, "new words"))
		want("old", 0, 2)
		want("new reply", 0, 1)
		index(t, d, doc(1, 5, 1, "reply")) // the same text, for fewer people now
		want("reply", 0)
		want("reply", 1, 1)
		index(t, d, doc(1, 0, 0, ""))
		want("new", 0)
		remove := func(f func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), "remove", f); err != nil {
				t.Fatal(err)
			}
		}
		remove(func(tx *db.Tx) error { return search.RemovePart(tx, "ticket", 1, 5) })
		want("reply", 1)
		want("words", 0, 2)
		remove(func(tx *db.Tx) error { return search.Remove(tx, "other", 2) })
		want("words", 0, 2)
		remove(func(tx *db.Tx) error { return search.Remove(tx, "ticket", 2) })
		want("words", 0)
		if d.Engine() == db.SQLite { // nor are its words left in the index, unreachable
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				var n int
				if err := tx.QueryRow(`SELECT count(*) FROM search_term WHERE search_term MATCH 'old OR words OR reply'`).Scan(&n); err != nil || n > 0 {
					t.Errorf("%d rows of removed words, %v", n, err)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		// What was removed comes back only with its own words.
		index(t, d, doc(2, 0, 0, "third"))
		want("old", 0)
		want("third", 0, 2)
		// A function that fails leaves the index as it was.
		err := d.Write(t.Context(), "fails", func(tx *db.Tx) error {
			if err := search.Index(tx, doc(2, 0, 0, "fourth")); err != nil {
				return err
			}
			return fmt.Errorf("on purpose")
		})
		if err == nil {
			t.Fatal("did not fail")
		}
		want("fourth", 0)
		want("third", 0, 2)
	})
}

// vocabulary has words that share stems, beginnings, parts and letters, and
// pieces that mean something to a query language.
var vocabulary = strings.Fields(`print prints printer impresora impresoras contraseña contrasena log login logging not notes no note
	JV-10442 JV10442 jv 10442 10443 wi-fi wifi wi Ana's O'Brien room B12 12 1.2.3 教室 教 网络 네트워크 naïve NAIVE ﬁle file
	AND OR NEAR ' " ( ) * : & | ! \ - a-b a@b.c instalación instalaciones x`)

// The index agrees with reading every document through, for any texts, parts,
// audiences and queries.
func TestAgreesWithScan(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		kind := 0
		rapid.Check(t, func(rt *rapid.T) {
			kind++ // a new kind of thing is an empty index
			k := fmt.Sprint("kind", kind)
			text := func(label string, most int) string {
				return strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, most).Draw(rt, label), rapid.SampledFrom([]string{" ", " ", "-", ", "}).Draw(rt, label+" joined"))
			}
			byRef := map[int64]map[int64]search.Doc{}
			for range rapid.IntRange(1, 12).Draw(rt, "documents") {
				doc := search.Doc{
					Kind: k, Ref: rapid.Int64Range(1, 5).Draw(rt, "ref"), Part: rapid.Int64Range(0, 3).Draw(rt, "part"),
					Audience: rapid.IntRange(0, 1).Draw(rt, "audience"), Lang: rapid.SampledFrom([]string{"en-US", "es-US", ""}).Draw(rt, "lang"), Text: text("text", 6),
				}
				if byRef[doc.Ref] == nil {
					byRef[doc.Ref] = map[int64]search.Doc{}
				}
				byRef[doc.Ref][doc.Part] = doc // later ones replace
				index(t, d, doc)
			}
			for range 8 {
				q := search.Query{
					Kind: k, Text: text("query", 3), Audience: rapid.IntRange(0, 1).Draw(rt, "may read"),
					Langs: rapid.SampledFrom([][]string{nil, {"en"}, {"es-US"}, {"en-US", "es-US"}}).Draw(rt, "langs"), Prefix: rapid.Bool().Draw(rt, "prefix"),
				}
				var want []int64
				for ref := range int64(6) {
					var docs []search.Doc
					for _, doc := range byRef[ref] {
						docs = append(docs, doc)
					}
					if len(docs) > 0 && q.Finds(docs...) {
						want = append(want, ref)
					}
				}
				if got := find(t, d, q); !slices.Equal(got, want) {
					rt.Fatalf("%+v: the index finds %v, reading finds %v in %+v", q, got, want, byRef)
				}
			}
		})
	})
}

// Whatever is typed, the database is never asked something it can't read.
func FuzzMatch(f *testing.F) {
	for _, s := range []string{"a", `"`, `'`, `a" OR "b`, `a':* | 'b`, `\`, "NEAR(a b)", "a*", "^a", "-a", "col:a", "\x00", "\xff", "a & !b", "<->", strings.Repeat("a-b ", 500), strings.Repeat("x", 3000), "ﷺ", "教", "$1 ?1 {{x}}"} {
		f.Add(s, true)
	}
	var engines []*db.DB
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		d := testkit.Open(f, e, setup)
		index(f, d, search.Doc{Kind: "k", Ref: 1, Lang: "en", Text: "some words, JV-10442"})
		engines = append(engines, d)
	}
	f.Fuzz(func(t *testing.T, text string, prefix bool) {
		q := search.Query{Kind: "k", Text: text, Langs: []string{"en", "es"}, Prefix: prefix}
		doc := search.Doc{Kind: "k", Ref: 1, Lang: "en", Text: text}
		want := q.Finds(search.Doc{Kind: "k", Ref: 1, Lang: "en", Text: "some words, JV-10442"})
		for _, d := range engines {
			if got := find(t, d, q); (len(got) == 1) != want {
				t.Errorf("%v finds %v for %q, reading says %v", d.Engine(), got, text, want)
			}
			// The text can be kept as well as looked for.
			doc.Kind = "other"
			index(t, d, doc)
		}
	})
}
