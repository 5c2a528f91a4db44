package district

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// spelled are letters that don't come apart into a plain one and a mark.
var spelled = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// Fold is the form in which names are sorted and compared: lower case, no
// accents, no width, single spaces. "  Núñez  María" is "nunez maria".
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return spelled.Replace(b.String())
}

// foldEmail is the form in which addresses are compared. Accents count in
// them, case and width don't.
func foldEmail(s string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(s)))
}

// words cuts what somebody typed, or a name, into what is looked up: an
// e-mail address stays whole, "O'Neil-Smith" is "oneil" and "smith".
func words(s string) []string {
	var out []string
	for _, f := range strings.Fields(Fold(s)) {
		if strings.Contains(f, "@") {
			out = append(out, f)
			continue
		}
		for _, w := range strings.FieldsFunc(f, func(r rune) bool { return strings.ContainsRune("-,;/()\"–—", r) }) {
			w = strings.Trim(strings.NewReplacer("'", "", "’", "", "ʻ", "", "`", "").Replace(w), ".")
			if w != "" {
				out = append(out, w)
			}
		}
	}
	return out
}

// nameWords are all words that find a person, each once.
func nameWords(name, email string) []string {
	w := words(name)
	if email != "" {
		w = append(w, Fold(email))
	}
	if len(w) == 0 { // a name of signs only is found by itself
		w = append(w, Fold(name))
	}
	slices.Sort(w)
	return slices.Compact(w)
}

// prefixEnd is the upper bound of everything that starts with a prefix: no
// character sorts after the last one of Unicode.
func prefixEnd(prefix string) string { return prefix + "\U0010FFFF" }
