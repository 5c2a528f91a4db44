package blob

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxName is the longest name kept, in bytes: file systems stop at 255, and
// whoever saves a download may get " (1)" put behind it.
const (
	maxName = 200
	maxExt  = 16
)

// CleanName makes a file name that is safe to show, to put into a header and
// to save on any system, and as near to the sender's as that allows. Applying
// it twice changes nothing more. It is never used as a path here.
func CleanName(name string) string {
	if len(name) > 16*maxName { // what lies behind would be cut off anyway
		name = name[:8*maxName] + name[len(name)-8*maxName:]
	}
	name = norm.NFC.String(strings.ToValidUTF8(name, "_"))
	if at := strings.LastIndexAny(name, `/\`); at >= 0 {
		name = name[at+1:] // a path's last part is the name
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Noncharacter_Code_Point, r), isInvisible(r):
			return -1 // also turns of writing direction, which hide an extension
		case unicode.IsSpace(r):
			return ' '
		case strings.ContainsRune(`<>:"|?*`, r), r == '\u2215', r == '\u2044', r == '\uff0f', r == '\uff3c', r == utf8.RuneError:
			return '_'
		}
		return r
	}, name)
	name = norm.NFC.String(strings.Join(strings.Fields(name), " "))
	name = strings.TrimLeft(name, ". ~-")
	name = strings.TrimRight(name, ". ")
	name = shorten(name)
	if name == "" {
		return "file"
	}
	if base, _, _ := strings.Cut(name, "."); reserved[strings.ToUpper(strings.TrimSpace(base))] {
		name = shorten("_" + name)
	}
	return name
}

// isInvisible are characters that show nothing and are not of Unicode's
// category for it.
func isInvisible(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u17b4', '\u17b5', '\u034f', '\u2800':
		return true
	}
	return unicode.Is(unicode.Variation_Selector, r)
}

// reserved are device names on Windows, with any extension.
var reserved = func() map[string]bool {
	m := map[string]bool{"CON": true, "PRN": true, "AUX": true, "NUL": true, "CONIN$": true, "CONOUT$": true}
	for _, d := range "0123456789¹²³" {
		m["COM"+string(d)], m["LPT"+string(d)] = true, true
	}
	return m
}()

// shorten cuts the part before the extension, at a character.
func shorten(name string) string {
	if len(name) <= maxName {
		return name
	}
	ext := ""
	if at := strings.LastIndexByte(name, '.'); at > 0 && len(name)-at <= maxExt {
		ext = name[at:]
	}
	base := name[:maxName-len(ext)]
	for !utf8.ValidString(base) {
		base = base[:len(base)-1]
	}
	return strings.TrimRight(base, ". ") + ext
}

// ContentDisposition is the header value that makes a browser save a download
// under the cleaned name: RFC 6266, with the name once more in plain ASCII for
// whoever doesn't read the encoded form of RFC 8187.
func ContentDisposition(name string) string {
	name = CleanName(name)
	var plain, full strings.Builder
	ascii := true
	for _, r := range norm.NFKD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r):
			ascii = false
		case r < 0x20 || r > 0x7e || r == '"' || r == '\\' || r == '%':
			ascii = false
			plain.WriteByte('_')
		default:
			plain.WriteRune(r)
		}
	}
	if ascii && plain.String() == name {
		return `attachment; filename="` + name + `"`
	}
	const hex = "0123456789ABCDEF"
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			full.WriteByte(c)
			continue
		}
		full.WriteByte('%')
		full.WriteByte(hex[c>>4])
		full.WriteByte(hex[c&15])
	}
	return `attachment; filename="` + plain.String() + `"; filename*=UTF-8''` + full.String()
}
