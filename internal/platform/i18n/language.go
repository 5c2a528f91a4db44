package i18n

import (
	"strings"

	"golang.org/x/text/language"
)

// Language is one language that people can choose.
type Language struct {
	Tag  string // BCP 47, as it stands in <html lang>
	Name string // its own name for itself
	Dir  string // "ltr" or "rtl"

	file   string       // the message file's name without .json
	rules  language.Tag // whose plural rules apply
	forms  []string     // the plural forms that a counted text must have
	format *format      // how dates and numbers are written
}

// Default is the language of whoever has said nothing.
const Default = "en-US"

// Tags of the test languages, which a catalogue offers only after WithPseudo.
const (
	// Pseudo is English made longer and accented, so that a layout that only
	// fits English breaks in a test.
	Pseudo = "qps"
	// Mirrored is English in Arabic letters, written from right to left.
	Mirrored = "ar-XB"
)

// languages are the offered ones in the order in which a chooser lists them.
// Families in the United States write 12,345.6 in Spanish too, hence es-US.
// Spanish has a third form for exact millions ("un millón de"), which nothing
// here counts to; it may be given and falls back to "other".
var languages = []*Language{
	{Tag: Default, Name: "English", Dir: "ltr", file: "en", rules: language.English, forms: []string{"one", "other"}, format: &english},
	{Tag: "es-US", Name: "Español", Dir: "ltr", file: "es", rules: language.Spanish, forms: []string{"one", "other"}, format: &spanish},
}

var (
	pseudo   = &Language{Tag: Pseudo, Name: "Þšéûðö", Dir: "ltr", rules: language.English, forms: []string{"one", "other"}, format: english.spelled(accents)}
	mirrored = &Language{Tag: Mirrored, Name: "ةرشب", Dir: "rtl", rules: language.English, forms: []string{"one", "other"}, format: english.spelled(arabicLetters)}
)

// Offered lists the languages that people can choose, in the order of a
// language chooser.
func Offered() []Language {
	out := make([]Language, len(languages))
	for i, l := range languages {
		out[i] = *l
	}
	return out
}

var matcher = func() language.Matcher {
	tags := make([]language.Tag, len(languages))
	for i, l := range languages {
		tags[i] = language.MustParse(l.Tag)
	}
	return language.NewMatcher(tags)
}()

// maxHeader bounds what is read of an Accept-Language header; browsers send
// well under a hundred bytes, and parsing costs with every byte.
const maxHeader = 256

// Match picks the language for a visitor: the preference a person saved, else
// the choice kept in a cookie, else what the browser accepts, else English.
// Values that name no offered language count as absent.
func Match(acceptLanguage, cookie, pref string) string {
	for _, said := range []string{pref, cookie} {
		if tag, ok := known(said); ok {
			return tag
		}
	}
	if len(acceptLanguage) > maxHeader {
		acceptLanguage = acceptLanguage[:maxHeader]
		acceptLanguage = acceptLanguage[:max(strings.LastIndexByte(acceptLanguage, ','), 0)]
	}
	if acceptLanguage == "" {
		return Default
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return Default
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence < language.High {
		return Default
	}
	return languages[i].Tag
}

// known finds an offered language by its tag or by the tag's first part, so
// that "es", "es-MX" and "es_US" are all Spanish.
func known(said string) (string, bool) {
	if said == Pseudo || said == Mirrored {
		return said, true
	}
	if l := lookup(said); l != nil {
		return l.Tag, true
	}
	return "", false
}

func lookup(said string) *Language {
	base := said
	if i := strings.IndexAny(said, "-_"); i > 0 {
		base = said[:i]
	}
	for _, l := range languages {
		if strings.EqualFold(base, l.file) {
			return l
		}
	}
	return nil
}
