package search

import "strings"

const (
	maxText  = 1 << 20   // bytes of a text that are read
	maxTerms = 20_000    // of one document
	maxBytes = 512 << 10 // of all its terms, half of what PostgreSQL holds in one row
)

// Terms are the terms under which a text in a language is kept: each word
// folded, its pieces (JV-10442 is kept as jv10442, jv and 10442), and the stem
// of each, marked with the language ("en=log"), so that a stem is never taken
// for a word or for another language's stem. Each term stands once, in the
// order of the text. A term has at most 64 bytes behind its mark; what comes
// after 20,000 terms or a mebibyte of text is left out. lang is a tag such as
// "en-US"; words of a language without a stemmer are kept as they are.
func Terms(text, lang string) []string {
	if len(text) > maxText {
		text = text[:maxText]
	}
	t := termSet{stem: stemmers[base(lang)], seen: map[string]bool{}}
	words(text, func(w word, _ bool) bool {
		t.add(w.whole())
		if w.dense {
			for _, r := range w.parts[0] {
				t.put(string(r))
			}
			return !t.full
		}
		for _, p := range w.pieces() {
			t.add(p)
		}
		return !t.full
	})
	return t.terms
}

type termSet struct {
	stem  *stemmer
	seen  map[string]bool
	terms []string
	bytes int
	full  bool
}

func (t *termSet) add(term string) {
	if t.seen[term] {
		return
	}
	t.put(term)
	if t.stem != nil && isPlain(term) {
		t.put(t.stem.term(term))
	}
}

func (t *termSet) put(term string) {
	if term == "" || t.seen[term] || t.full {
		return
	}
	if len(t.terms) == maxTerms || t.bytes+len(term) > maxBytes {
		t.full = true
		return
	}
	t.seen[term] = true
	t.terms = append(t.terms, term)
	t.bytes += len(term)
}

// base is a language tag's first part.
func base(lang string) string {
	if i := strings.IndexAny(lang, "-_"); i > 0 {
		lang = lang[:i]
	}
	return strings.ToLower(lang)
}

// isPlain reports a word that a stemmer can take: letters a to z.
func isPlain(s string) bool {
	for _, c := range []byte(s) {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return len(s) > 2
}
