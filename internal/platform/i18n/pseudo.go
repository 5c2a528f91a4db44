package i18n

import "strings"

var accents = strings.NewReplacer(
	"a", "á", "b", "ƀ", "c", "ç", "d", "ð", "e", "é", "f", "ƒ", "g", "ĝ", "h", "ĥ", "i", "î", "j", "ĵ", "k", "ķ", "l", "ļ", "m", "ɱ",
	"n", "ñ", "o", "ö", "p", "þ", "q", "ǫ", "r", "ŕ", "s", "š", "t", "ţ", "u", "û", "v", "ṽ", "w", "ŵ", "x", "ẋ", "y", "ý", "z", "ž",
	"A", "Å", "B", "Ɓ", "C", "Ç", "D", "Ð", "E", "É", "F", "Ƒ", "G", "Ĝ", "H", "Ĥ", "I", "Î", "J", "Ĵ", "K", "Ķ", "L", "Ļ", "M", "Ṁ",
	"N", "Ñ", "O", "Ö", "P", "Þ", "Q", "Ǫ", "R", "Ŕ", "S", "Š", "T", "Ţ", "U", "Û", "V", "Ṽ", "W", "Ŵ", "X", "Ẋ", "Y", "Ý", "Z", "Ž",
)

var arabicLetters = strings.NewReplacer(
	"a", "ا", "b", "ب", "c", "چ", "d", "د", "e", "ه", "f", "ف", "g", "غ", "h", "ح", "i", "ي", "j", "ج", "k", "ك", "l", "ل", "m", "م",
	"n", "ن", "o", "و", "p", "پ", "q", "ق", "r", "ر", "s", "س", "t", "ت", "u", "ى", "v", "ڤ", "w", "ؤ", "x", "خ", "y", "ئ", "z", "ز",
	"A", "آ", "B", "ب", "C", "چ", "D", "ض", "E", "ع", "F", "ف", "G", "غ", "H", "ه", "I", "إ", "J", "ج", "K", "ك", "L", "ل", "M", "م",
	"N", "ن", "O", "و", "P", "پ", "Q", "ق", "R", "ر", "S", "ص", "T", "ط", "U", "أ", "V", "ڤ", "W", "ث", "X", "خ", "Y", "ي", "Z", "ظ",
)

// arabic turns English into letters that run from right to left, as long as it
// is, in brackets like longer.
func arabic(parts []part) []part {
	out := make([]part, 0, len(parts)+2)
	for _, p := range parts {
		p.text = arabicLetters.Replace(p.text)
		out = append(out, p)
	}
	return bracketed(out, "]")
}

// longer turns English into the test language: accented, 40 % longer, in
// brackets that show where a text was cut off or joined from pieces.
func longer(parts []part) []part {
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
	return bracketed(out, pad.String()+"]")
}

func bracketed(out []part, tail string) []part {
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

// spelled is a format whose words are written in other letters.
func (f format) spelled(letters *strings.Replacer) *format {
	for _, list := range [][]string{f.months[:], f.monthsLong[:], f.weekdays[:], f.weekdaysLong[:], f.units[0][:], f.units[1][:], f.units[2][:]} {
		for i, s := range list {
			list[i] = letters.Replace(s)
		}
	}
	for _, s := range []*string{&f.am, &f.pm, &f.yesterday, &f.tomorrow, &f.yesterdayText, &f.tomorrowText, &f.now} {
		*s = letters.Replace(*s)
	}
	f.ago = func(s string) string { return s + " " + letters.Replace("ago") }
	f.in = func(s string) string { return letters.Replace("in") + " " + s }
	return &f
}
