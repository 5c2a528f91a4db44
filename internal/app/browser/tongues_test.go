package browser_test

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"

	"trellis/internal/app"
	"trellis/internal/platform/db"
	"trellis/internal/platform/i18n"
)

// tongueWidths are the screens that words of other languages must fit on.
var tongueWidths = []int64{1440, 1366, 360, 320}

// TestTongues looks at every state of every page in the test languages. Words
// that are 40 % longer than English fit; whatever is not in their letters is
// somebody's own words, or was forgotten in the catalogue. From right to left
// everything stands where a mirror would show it.
func TestTongues(t *testing.T) {
	inBrowser(t)
	scenes := everyScene(t)
	said := map[*house]func() string{}
	for _, g := range scenes {
		if said[g.house] == nil {
			said[g.house] = sync.OnceValue(func() string { return g.house.everyWord(t) })
		}
	}
	visit(t, scenes, i18n.Pseudo, func(b *tab, _ *wire, g scene, s state) {
		if s.parts {
			return // a gallery for developers, in English
		}
		if lang := ask[string](b, `document.documentElement.lang`); lang != i18n.Pseudo {
			b.Fatalf("the page is in %q", lang)
		}
		for _, text := range ask[[]string](b, plainTexts) {
			if rest := typed.without(folded(text)); plainWord.MatchString(rest) && !strings.Contains(said[g.house](), rest) {
				b.Errorf("outside the catalogue: %q", text)
			}
		}
		for _, width := range tongueWidths {
			b.size(width)
			for _, problem := range ask[[]string](b, layout) {
				b.Errorf("longer words, %d px: %s", width, problem)
			}
			if width == 1440 || width == 320 {
				for _, problem := range ask[[]string](b, mirror) {
					b.Errorf("mirrored, %d px: %s", width, problem)
				}
			}
		}
		// And as it comes from the server for who reads that way. A page that a
		// form led to can't be asked for again.
		if s.expect != "" || ask[string](b, `performance.getEntriesByType('navigation')[0].type`) == "back_forward" {
			return
		}
		b.cookie("lang", i18n.Mirrored)
		defer b.cookie("lang", i18n.Pseudo)
		b.size(360)
		b.open(strings.TrimPrefix(ask[string](b, `location.pathname + location.search`), b.base))
		if dir := ask[string](b, `document.documentElement.dir + ' ' + document.documentElement.lang`); dir != "rtl "+i18n.Mirrored {
			b.Fatalf("the page is %q", dir)
		}
		for _, width := range []int64{360, 1366} {
			b.size(width)
			for _, problem := range ask[[]string](b, layout) {
				b.Errorf("right to left, %d px: %s", width, problem)
			}
		}
	})
}

// cookie sets one of the tab's.
func (b *tab) cookie(name, value string) {
	b.Helper()
	b.do(call(network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: b.base}))
}

// forgetLanguages takes back what people said they read, so that the device's
// language is theirs.
func (h *house) forgetLanguages(t testing.TB) {
	t.Helper()
	err := h.DB.Write(app.AsSystem(t.Context()), "forget languages", func(tx *db.Tx) error {
		tx.Unlogged("a test's pages in a language that nobody can choose")
		_, err := tx.Exec(`UPDATE district_person SET lang = ''`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// everyWord is every text that the house's people have written or are called,
// and what their files say.
func (h *house) everyWord(t testing.TB) string {
	t.Helper()
	var all strings.Builder
	err := h.DB.Read(app.AsSystem(t.Context()), func(tx *db.Tx) error {
		var tables []string
		rows, err := tx.Query(`SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND c.type IN ('TEXT', 'BLOB')
			AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE 'platform_search%'`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var table, column string
			if err := rows.Scan(&table, &column); err != nil {
				return err
			}
			tables = append(tables, `SELECT CAST("`+column+`" AS TEXT) FROM "`+table+`" WHERE "`+column+`" IS NOT NULL`)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		tables = append(tables, `SELECT s.short || ' ' || r.name FROM district_room r JOIN district_site s ON s.id = r.site`) // as lists say where
		for _, q := range tables {
			rows, err := tx.Query(q)
			if err != nil {
				return err
			}
			for rows.Next() {
				var s string
				if err := rows.Scan(&s); err != nil {
					return cmp.Or(rows.Close(), err)
				}
				all.WriteString(folded(s) + "\n")
			}
			if err := cmp.Or(rows.Err(), rows.Close()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// folded is a text without what line breaks and quoting make of it.
func folded(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(`\n`, " ", `\"`, `"`).Replace(s)), " ")
}

// plainTexts are the pieces of what a page in the test language says that are
// in plain letters, outside of its brackets or in them.
const plainTexts = `(() => {
	const out = new Set()
	const piece = text => {
		for (const p of text.split(/[\[\]]/)) for (const q of p.split(/(?:^|[\s(:;,.“”"·–—-])\S*[^\x00-\x7f\s“”‘’«»·–—…→×−]\S*/)) {
			for (const r of q.split(/[·,:;()→“”"/]|\. |\.$/)) {
				const plain = r.replace(/\s+/g, ' ').trim()
				if (/[A-Za-z]{3}/.test(plain) && !/^[0-9a-f]+$/.test(plain)) out.add(plain)
			}
		}
	}
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
	while (walk.nextNode()) {
		const n = walk.currentNode
		if (!n.parentElement.closest('script, style, kbd, .demo')) piece(n.data)
	}
	for (const a of ['aria-label', 'placeholder', 'alt', 'title']) for (const el of document.querySelectorAll('[' + a + ']')) if (!el.closest('.demo')) piece(el.getAttribute(a))
	return [...out]
})()`

// typed is what the scenes have written into fields and files.
var typed = &words{list: []string{
	// Names that are the same in every language, and how files write times.
	"English", "Español", "Trellis", "Chrome", "ChromeOS", "Linux", "Windows", "JSON", "CSV", "Excel", "America/New_York", "America/Denver", "Zendesk", "osTicket", "Incident IQ",
	"mon d y h", "mon d y", "d mon y h", "d mon y", "iso", "number", "Dec 31 2024 14", "31 Dec 2024 14", "Dec 31 2024", "31 Dec 2024",
	// Of the files and addresses of scenes.
	"Where", "Nowhere", "in spring", "xylophone", "chromebook",
}}

type words struct {
	mu   sync.Mutex
	list []string
}

func (w *words) add(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for line := range strings.SplitSeq(text, "\n") {
		for _, piece := range separators.Split(line, -1) {
			if piece = strings.TrimSpace(piece); len(piece) > 2 && !slices.Contains(w.list, piece) {
				w.list = append(w.list, piece)
			}
		}
	}
}

// without takes away what was typed.
func (w *words) without(text string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, known := range w.list {
		if text == known || len(known) > 8 {
			text = strings.ReplaceAll(text, known, "")
		}
	}
	return strings.TrimSpace(text)
}

var (
	separators = regexp.MustCompile(`[·,:;()→“”"/]|\. |\.$`)
	plainWord  = regexp.MustCompile(`[A-Za-z]{3}`)
)

// mirror turns the page around and lists what does not stand where a mirror
// would show it. Words of one's own keep their direction, and lines of text
// flow: what is compared are the boxes.
const mirror = `(() => {
	const root = document.documentElement, width = root.clientWidth
	const name = el => el.tagName.toLowerCase() + (el.id ? '#' + el.id : '') + (typeof el.className === 'string' && el.className ? '.' + el.className.trim().replace(/\s+/g, '.') : '') + ' "' + (el.innerText || el.value || '').trim().slice(0, 40) + '"'
	const all = [...document.body.querySelectorAll('*')].filter(el => !el.closest('svg *, .vh, .skip, [dir]:not(html) *') && el.checkVisibility({ visibilityProperty: true }) && el.getClientRects().length && !/inline$|contents/.test(getComputedStyle(el).display))
	const before = all.map(el => el.getBoundingClientRect())
	root.dir = 'rtl'
	const after = all.map(el => el.getBoundingClientRect())
	root.dir = 'ltr'
	const out = []
	all.forEach((el, i) => {
		const a = before[i], b = after[i]
		if (!a.width || out.length > 4) return
		if (Math.abs(a.left - (width - b.right)) > 2 || Math.abs(a.width - b.width) > 2) out.push(name(el) + ' ' + [a.left, a.right, a.top].map(Math.round) + ' became ' + [b.left, b.right, b.top].map(Math.round) + ' of ' + width)
	})
	return out
})()`
