package keycheck

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"trellis/internal/platform/i18n"
)

// Reader is who reads a text.
type Reader string

const (
	// Requester is whoever asks, at any age.
	Requester Reader = "requester"
	// Staff are those who help, who set Trellis up, or who program for it.
	Staff Reader = "staff"
)

// Grades are the years of learning that a text may ask for, at most.
var Grades = map[Reader]float64{Requester: 6, Staff: 8}

const (
	// MostWords is how long a sentence may be; a label too.
	MostWords = 19
	// fewest is how many words make a text long enough for a formula that was
	// made for whole pages. Shorter ones are read together.
	fewest = 12
)

//go:embed plain.txt
var plainFile string

// banned are the words that no text for a reader has, by language, and what to
// say instead.
type banned map[string]map[Reader][]ban

type ban struct {
	word, instead string
	match         *regexp.Regexp
}

// everyone heads the lists that hold for all readers.
const everyone Reader = "everyone"

var plain = func() banned {
	b, err := parsePlain(plainFile)
	if err != nil {
		panic("keycheck: plain.txt: " + err.Error())
	}
	return b
}()

func parsePlain(file string) (banned, error) {
	out := banned{}
	var list map[Reader][]ban
	var reader Reader
	for i, line := range strings.Split(file, "\n") {
		line = strings.TrimSpace(line)
		head := strings.Fields(strings.Trim(line, "[]"))
		words, instead, ok := strings.Cut(line, "=")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[' && len(head) == 2:
			if reader = Reader(head[1]); reader != everyone && Grades[reader] == 0 {
				return nil, fmt.Errorf("line %d: no reader %q", i+1, reader)
			}
			if list = out[head[0]]; list == nil {
				list = map[Reader][]ban{}
				out[head[0]] = list
			}
		case !ok || list == nil || strings.TrimSpace(instead) == "":
			return nil, fmt.Errorf("line %d: %q is no word = what to say instead", i+1, line)
		default:
			for w := range strings.SplitSeq(words, ",") {
				w = strings.TrimSpace(w)
				flags := "(?i)"
				if strings.TrimRight(w, "s") == strings.ToUpper(strings.TrimRight(w, "s")) {
					flags = ""
				}
				list[reader] = append(list[reader], ban{w, strings.TrimSpace(instead),
					regexp.MustCompile(flags + `(?:^|[^\pL\pN])` + regexp.QuoteMeta(w) + `(?:[^\pL\pN]|$)`)})
			}
		}
	}
	return out, nil
}

// Plain fails t for each text in either language that uses a word of plain.txt
// as a whole word, has a sentence of more than MostWords words, or asks for
// more years of learning than Grades says. Texts too short for that are read together, by
// the first part of their key.
func Plain(t testing.TB, c *i18n.Catalogue, readerOf func(key string) Reader) {
	t.Helper()
	for _, f := range notPlain(c, readerOf, plain) {
		t.Error(f)
	}
}

var anyPlaceholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

func notPlain(c *i18n.Catalogue, readerOf func(string) Reader, words banned) (out []string) {
	type page struct {
		lang, part string
		reader     Reader
	}
	together := map[page]Ease{}
	judge := func(lang, what string, r Reader, e Ease) {
		if g := e.Grade(lang); g > Grades[r] {
			out = append(out, fmt.Sprintf("%s %s: reads like grade %.1f, may be %.0f: %s", lang, r, g, Grades[r], what))
		}
	}
	for _, l := range i18n.Offered() {
		for _, key := range c.Keys() {
			reader := readerOf(key)
			for _, text := range c.Texts(l.Tag, key) {
				bare := anyPlaceholder.ReplaceAllString(text, " ")
				lists := words[l.Tag][everyone]
				if reader == Requester {
					lists = append(lists[:len(lists):len(lists)], words[l.Tag][reader]...)
				}
				for _, b := range lists {
					if b.match.MatchString(bare) {
						out = append(out, fmt.Sprintf("%s %s: %s says %q; say %q: %s", l.Tag, reader, key, b.word, b.instead, text))
					}
				}
				for _, s := range Sentences(text) {
					if len(s.Words) > MostWords {
						out = append(out, fmt.Sprintf("%s %s: %s has a sentence of %d words, may have %d: %s", l.Tag, reader, key, len(s.Words), MostWords, strings.Join(s.Words, " ")))
					}
				}
				e := Read(l.Tag, text)
				if e.Words >= fewest {
					judge(l.Tag, key+": "+text, reader, e)
				} else {
					part, _, _ := strings.Cut(key, ".")
					p := page{l.Tag, part, reader}
					together[p] = together[p].Add(e)
				}
			}
		}
	}
	for p, e := range together {
		if e.Words >= fewest {
			judge(p.lang, "the short texts of "+p.part+" together", p.reader, e)
		}
	}
	return out
}
