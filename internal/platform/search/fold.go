package search

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// class is what a character is to a word.
type class uint8

const (
	breaks     class = iota // ends a word
	letter                  // stands in a word
	digit                   // likewise
	joins                   // between two letters or digits joins them: wi-fi, JV-10442, ana@example.org
	apostrophe              // likewise, more closely: reader's
	dense                   // of a script without spaces between words
)

// fold calls each with every character of the text as it is compared: compatibility
// forms resolved (NFKC), lower case, Latin, Greek, Cyrillic, Arabic and Hebrew
// without marks. It takes time linear in the text.
func fold(text string, each func(r rune, c class)) {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			each(foldASCII(c))
			i++
			continue
		}
		// ASCII is its own normal form, and a mark behind it is dropped below:
		// the stretches between can be normalized by themselves.
		j := i
		for j < len(text) && text[j] >= utf8.RuneSelf {
			j++
		}
		foldUnicode(text[i:j], each)
		i = j
	}
}

func foldASCII(c byte) (rune, class) {
	switch {
	case c >= 'a' && c <= 'z':
		return rune(c), letter
	case c >= 'A' && c <= 'Z':
		return rune(c + 'a' - 'A'), letter
	case c >= '0' && c <= '9':
		return rune(c), digit
	case c == '-' || c == '_' || c == '.' || c == '@' || c == '/' || c == ':' || c == '&':
		return rune(c), joins
	case c == '\'':
		return rune(c), apostrophe
	}
	return rune(c), breaks
}

func foldUnicode(s string, each func(r rune, c class)) {
	if !norm.NFKC.IsNormalString(s) {
		s = norm.NFKC.String(s)
	}
	for i, r := range s {
		if isDense(r) {
			each(r, dense)
			continue
		}
		if latin, ok := spelled[unicode.ToLower(r)]; ok {
			for _, x := range latin {
				each(x, letter)
			}
			continue
		}
		d := norm.NFKD.PropertiesString(s[i:]).Decomposition()
		if d == nil {
			foldOne(r, each)
			continue
		}
		for len(d) > 0 {
			x, n := utf8.DecodeRune(d)
			d = d[n:]
			foldOne(x, each)
		}
	}
}

func foldOne(r rune, each func(r rune, c class)) {
	if r < utf8.RuneSelf {
		each(foldASCII(byte(r)))
		return
	}
	switch {
	case isDropped(r):
	case r == '\u2019' || r == '\u02bc' || r == '\u2018':
		each('\'', apostrophe)
	case r >= '\u2010' && r <= '\u2015':
		each('-', joins)
	case unicode.IsLetter(r) || unicode.IsMark(r):
		each(unicode.ToLower(r), letter)
	case unicode.IsDigit(r):
		each('0'+digitValue(r), digit)
	case unicode.IsNumber(r):
		each(r, letter)
	default:
		each(r, breaks)
	}
}

// digitValue is 0..9 for a decimal digit of any script: Unicode lists each
// script's ten in a row that starts at a code point with its zero.
func digitValue(r rune) rune {
	for v := rune(0); v < 10; v++ {
		if !unicode.IsDigit(r - v - 1) {
			return v
		}
	}
	// Rows that touch (mathematical digits) fold to ASCII before they get here.
	return r % 10
}

// isDropped are marks that people leave out when they type, and characters
// that show nothing.
func isDropped(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036f, r >= 0x1ab0 && r <= 0x1aff, r >= 0x1dc0 && r <= 0x1dff, r >= 0x20d0 && r <= 0x20ff: // Latin, Greek, Cyrillic
		return true
	case r >= 0x0483 && r <= 0x0489:
		return true
	case r >= 0x0591 && r <= 0x05c7 && unicode.Is(unicode.Mn, r): // Hebrew points
		return true
	case r >= 0x064b && r <= 0x065f, r == 0x0670, r == 0x0640: // Arabic vowels, tatweel
		return true
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}

// isDense reports scripts that are written without spaces between words, and
// Korean, whose words carry endings that only pairs of syllables see through.
func isDense(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r == 'ー'
}

// spelled are letters that Unicode doesn't take apart and people type as others.
var spelled = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ς': "σ",
}
