package i18n

import "strings"

var accents = strings.NewReplacer(
	"a", "á", "b", "ƀ", "c", "ç", "d", "ð", "e", "é", "f", "ƒ", "g", "ĝ", "h", "ĥ", "i", "î", "j", "ĵ", "k", "ķ", "l", "ļ", "m", "ɱ",
	"n", "ñ", "o", "ö", "p", "þ", "q", "ǫ", "r", "ŕ", "s", "š", "t", "ţ", "u", "û", "v", "ṽ", "w", "ŵ", "x", "ẋ", "y", "ý", "z", "ž",
	"A", "Å", "B", "Ɓ", "C", "Ç", "D", "Ð", "E", "É", "F", "Ƒ", "G", "Ĝ", "H", "Ĥ", "I", "Î", "J", "Ĵ", "K", "Ķ", "L", "Ļ", "M", "Ṁ",
	"N", "Ñ", "O", "Ö", "P", "Þ", "Q", "Ǫ", "R", "Ŕ", "S", "Š", "T", "Ţ", "U", "Û", "V", "Ṽ", "W", "Ŵ", "X", "Ẋ", "Y", "Ý", "Z", "Ž",
)

// disguise turns English into the test language: accented, 40 % longer, in
// brackets that show where a text was cut off or joined from pieces.
func disguise(parts []part) []part {
	out := make([]part, 0, len(parts)+2)
	letters := 0
	for _, p := range parts {
		letters += len([]rune(p.text))
		p.text = accents.Replace(p.text)
		out = append(out, p)
	}
	// The padding has spaces, so that it may wrap as real words would.
	var pad strings.Builder
	for n := (letters*4 + 9) / 10; n > 0; n -= 4 {
		pad.WriteString(" " + "öñéš"[:2*min(n, 4)])
	}
	tail := pad.String() + "]"
	if n := len(out); n > 0 && out[n-1].name == "" {
		out[n-1].text += tail
	} else {
		out = append(out, part{text: tail})
	}
	if out[0].name == "" {
		out[0].text = "[" + out[0].text
		return out
	}
	return append([]part{{text: "["}}, out...)
}
