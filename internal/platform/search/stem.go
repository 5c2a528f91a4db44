package search

import (
	"hash/maphash"
	"strings"
	"sync/atomic"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/spanish"
)

// stemmer makes one language's stems. Stemming takes microseconds a word and
// people use the same few thousand words all day, so stems are remembered, in
// as many places as there are, the newest word in each.
type stemmer struct {
	mark  string // "en="
	stem  func(string) string
	known [4096]atomic.Pointer[[2]string] // word and its term
}

var seed = maphash.MakeSeed()

// term is the marked stem of a word that isPlain.
func (s *stemmer) term(word string) string {
	place := &s.known[maphash.String(seed, word)%uint64(len(s.known))]
	if k := place.Load(); k != nil && k[0] == word {
		return k[1]
	}
	term := s.mark + s.stem(word)
	place.Store(&[2]string{word, term})
	return term
}

// stemmers by language. Stop words are stemmed like all others: a word that
// stands in a text is found by it, and counts agree.
var stemmers = map[string]*stemmer{
	"en": {mark: "en=", stem: func(w string) string { return english.Stem(w, true) }},
	"es": {mark: "es=", stem: stemFoldedSpanish},
}

// stemFoldedSpanish stems a Spanish word whose accents are gone. The stemmer
// knows some endings only with theirs; those that no accentless word has are
// given back, so that instalación, instalacion and instalaciones are one.
func stemFoldedSpanish(w string) string {
	for _, e := range accented {
		if stem, ok := strings.CutSuffix(w, e.bare); ok && len(stem) > 2 {
			w = stem + e.full
			break
		}
	}
	return unaccent.Replace(spanish.Stem(w, true))
}

var accented = []struct{ bare, full string }{
	{"cion", "ción"}, {"sion", "sión"}, {"logia", "logía"}, {"logias", "logías"},
}

var unaccent = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "ñ", "n")
