package keycheck

import (
	"regexp"
	"strings"
	"unicode"
)

// Ease is how hard a text is to read, counted over whole sentences.
type Ease struct{ Sentences, Words, Syllables int }

// Add is the ease of two texts, one after the other.
func (e Ease) Add(f Ease) Ease {
	return Ease{e.Sentences + f.Sentences, e.Words + f.Words, e.Syllables + f.Syllables}
}

// Grade is the year of learning, as counted in the United States, in which a
// text is read with ease. English goes by Flesch and Kincaid's formula (1975). Spanish goes by
// Fernández Huerta's score (1959), whose bands of ten points are put on
// years at their upper ends as he did: 80 and up is year five, 70 year six, 60
// year eight; and evenly between.
func (e Ease) Grade(lang string) float64 {
	if e.Sentences == 0 {
		return 0
	}
	long, many := float64(e.Words)/float64(e.Sentences), float64(e.Syllables)/float64(e.Words)
	if !strings.HasPrefix(lang, "es") {
		return 0.39*long + 11.8*many - 15.59
	}
	score := 206.84 - 60*many - 1.02*long
	if score >= 70 {
		return 6 - (score-70)/10
	}
	return 6 + (70-score)/5
}

// Read counts what stands in whole sentences: labels and the ends of sentences
// that a page completes have no ease of their own. A value that will be filled
// in counts as a short name.
func Read(lang, text string) (e Ease) {
	for _, s := range Sentences(text) {
		if !s.Whole {
			continue
		}
		e.Sentences++
		for _, w := range s.Words {
			e.Words++
			e.Syllables += syllables(lang, w)
		}
	}
	return e
}

// Sentence is one sentence of a text; Whole ones end like one.
type Sentence struct {
	Words []string
	Whole bool
}

var (
	// A sentence ends at a mark that a space or the end follows, so that
	// "8.5", "name@example.org" and "If-Match" are not cut.
	sentenceEnd = regexp.MustCompile(`[.!?]+["”»)]*(?:\s+|$)`)
	// After these the sentence goes on.
	abbreviated = regexp.MustCompile(`\b(a\.|p\.)\s?m\.$|\b(St|Dr|p\. ej)\.$`)
	// What is one word although it has marks inside, and every other word.
	wordLike = regexp.MustCompile(`[\pL\pN][\pL\pN'’@._/:-]*`)
)

// Sentences cuts a text, placeholders filled with a short name.
func Sentences(text string) (out []Sentence) {
	text = anyPlaceholder.ReplaceAllString(text, "Ana")
	from := 0
	add := func(s string, whole bool) {
		words := wordLike.FindAllString(s, -1)
		if len(words) > 0 {
			out = append(out, Sentence{words, whole && len(words) > 1})
		}
	}
	for _, m := range sentenceEnd.FindAllStringIndex(text, -1) {
		if abbreviated.MatchString(strings.TrimSpace(text[from:m[1]])) && m[1] < len(text) {
			if next := []rune(text[m[1]:])[0]; !unicode.IsUpper(next) {
				continue
			}
		}
		add(text[from:m[1]], true)
		from = m[1]
	}
	add(text[from:], false)
	return out
}

// syllables counts a word's. Digits are said in pieces that no rule knows: a
// number counts as two.
func syllables(lang, word string) int {
	word = strings.ToLower(word)
	if strings.IndexFunc(word, unicode.IsLetter) < 0 {
		return 2
	}
	if strings.HasPrefix(lang, "es") {
		return max(spanishSyllables(word), 1)
	}
	return max(englishSyllables(word), 1)
}

// spanishSyllables counts vowels that stand alone: a weak one (i, u) without an
// accent joins its neighbor, two strong ones (a, e, o) do not.
func spanishSyllables(word string) (n int) {
	word = strings.NewReplacer("que", "ke", "qué", "ké", "qui", "ki", "quí", "kí", "gue", "ge", "gui", "gi").Replace(word)
	letters := []rune(word)
	joined := false // a vowel stands before
	strong := false // and it is one that does not join another strong one
	for i, r := range letters {
		switch {
		case strings.ContainsRune("aeoáéóíú", r):
			if !joined || strong {
				n++
			}
			joined, strong = true, true
		case strings.ContainsRune("iuü", r) || r == 'y' && i == len(letters)-1:
			if !joined {
				n++
			}
			if joined && strong {
				// The pair is closed: what follows begins anew.
				joined, strong = true, true
			} else {
				joined, strong = true, false
			}
		default:
			joined, strong = false, false
		}
	}
	return n
}

var (
	vowels = regexp.MustCompile(`[aeiouy]+`)
	silent = regexp.MustCompile(`(?:[^laeiouy]e|[aeiou]le|[^aeiouytd]ed|[^aeiouysxzgc]es)$`)
	parted = regexp.MustCompile(`[^ct]ia|io(?:u|s$)|eo[^p]|iu|ua[lt]|[^q]ue[ln]|creat|yi|[oe]ing`)
)

// englishSyllables counts groups of vowels, less the silent e and with pairs
// that are spoken apart. It is off by one now and then, in both directions.
func englishSyllables(word string) int {
	n := 0
	word = strings.NewReplacer("'", "", "’", "").Replace(word)
	for _, in := range []string{"some", "every"} { // their e is silent inside others too
		if rest, ok := strings.CutPrefix(word, in); ok && rest != "" {
			n, word = n+(len(in)-1)/2, rest
		}
	}
	for _, part := range strings.FieldsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) {
		k := len(vowels.FindAllString(part, -1))
		if silent.MatchString(part) && k > 1 {
			k--
		}
		k += len(parted.FindAllString(part, -1))
		n += max(k, 1)
	}
	return n
}
