package web

import (
	"context"
	"io"
	"net/url"
	"strings"
	"unicode"

	"github.com/a-h/templ"
)

// said draws what a person wrote: paragraphs of escaped text, in which
// addresses of web pages become links. Nothing else in it means anything.
func said(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		for p := range strings.SplitSeq(text, "\n\n") {
			if p = strings.Trim(p, "\n"); strings.TrimSpace(p) == "" {
				continue
			}
			b.WriteString("<p>")
			for _, r := range runs(p) {
				if r.link == "" {
					b.WriteString(templ.EscapeString(r.text))
					continue
				}
				b.WriteString(`<a rel="noopener noreferrer nofollow" href="` + templ.EscapeString(r.link) + `">` + templ.EscapeString(r.text) + "</a>")
			}
			b.WriteString("</p>")
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// run is a piece of text; with link it leads there.
type run struct{ text, link string }

// maxLinks bounds the links of one paragraph: beyond it a text is a list of
// addresses, and stays one.
const maxLinks = 50

// runs cuts a paragraph at the web addresses in it.
func runs(p string) []run {
	var out []run
	for len(out) < 2*maxLinks {
		at, end := nextAddress(p)
		if at < 0 {
			break
		}
		if at > 0 {
			out = append(out, run{text: p[:at]})
		}
		out = append(out, run{text: p[at:end], link: safeLink(p[at:end])})
		p = p[end:]
	}
	if p != "" {
		out = append(out, run{text: p})
	}
	return out
}

// nextAddress finds where the next address begins and ends, -1 if there is
// none. It begins where a word does: "xhttp://" is none.
func nextAddress(p string) (at, end int) {
	lower := strings.ToLower(p)
	if len(lower) != len(p) { // a letter whose lower case is longer: keep the places right
		lower = p
	}
	for from := 0; ; {
		i := strings.Index(lower[from:], "http")
		if i < 0 {
			return -1, 0
		}
		at = from + i
		rest := lower[at+len("http"):]
		from = at + len("http")
		if !strings.HasPrefix(rest, "://") && !strings.HasPrefix(rest, "s://") {
			continue
		}
		if before := lastRune(p[:at]); unicode.IsLetter(before) || unicode.IsDigit(before) {
			continue
		}
		end = at + addressLength(p[at:])
		if end > at+len("https://") && safeLink(p[at:end]) != "" {
			return at, end
		}
	}
}

func lastRune(s string) (last rune) {
	r := []rune(s[max(0, len(s)-4):])
	if len(r) > 0 {
		last = r[len(r)-1]
	}
	return last
}

// addressLength is how far an address goes: up to a space or what can't stand
// in one, without the punctuation of the sentence around it.
func addressLength(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("<>\"`{}|\\^", r)
	})
	if n < 0 {
		n = len(s)
	}
	for n > 0 {
		switch c := s[n-1]; {
		case strings.IndexByte(".,;:!?'*_~", c) >= 0:
			n--
		case c == ')' && strings.Count(s[:n], ")") > strings.Count(s[:n], "("),
			c == ']' && strings.Count(s[:n], "]") > strings.Count(s[:n], "["):
			n--
		case strings.HasSuffix(s[:n], "»"), strings.HasSuffix(s[:n], "”"), strings.HasSuffix(s[:n], "’"), strings.HasSuffix(s[:n], "…"):
			n = strings.LastIndexFunc(s[:n], func(rune) bool { return true })
		default:
			return n
		}
	}
	return n
}

// safeLink is the address if it leads to a web page and to the host that it
// shows: "https://school.org@elsewhere.net" does not.
func safeLink(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Opaque != "" {
		return ""
	}
	if scheme := strings.ToLower(u.Scheme); scheme != "http" && scheme != "https" {
		return ""
	}
	if u.Hostname() == "" || strings.ContainsFunc(u.Host, unicode.IsSpace) {
		return ""
	}
	return u.String()
}
