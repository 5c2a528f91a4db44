package i18n

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"golang.org/x/text/feature/plural"
)

// Catalogue is every text in every language. It is built once and then only
// read, by any number of goroutines; Strict, WithLog and WithPseudo belong
// between building and reading.
type Catalogue struct {
	byTag   map[string]*Words
	english *Words
	strict  bool
	log     *slog.Logger
	told    sync.Map // faults already logged, so that a busy page logs one line
}

// Strict makes a missing message or argument panic instead of showing English
// or the key: tests use it, so that no page can pass with a hole in it.
func (c *Catalogue) Strict() *Catalogue { c.strict = true; return c }

// WithLog names the log that hears once of each missing message.
func (c *Catalogue) WithLog(log *slog.Logger) *Catalogue { c.log = log; return c }

// WithPseudo offers the test languages, made from English.
func (c *Catalogue) WithPseudo() *Catalogue {
	c.byTag[Pseudo] = c.disguised(pseudo, longer)
	c.byTag[Mirrored] = c.disguised(mirrored, arabic)
	return c
}

func (c *Catalogue) disguised(l *Language, disguise func([]part) []part) *Words {
	w := &Words{cat: c, lang: l, plain: map[string]string{}, filled: map[string]*message{}}
	for key, s := range c.english.plain {
		w.plain[key] = disguise([]part{{text: s}})[0].text
	}
	for key, m := range c.english.filled {
		d := &message{counted: m.counted}
		for i, p := range m.forms {
			if p.parts != nil {
				d.forms[i] = piece{parts: disguise(p.parts), size: 2 * p.size}
			}
		}
		w.filled[key] = d
	}
	return w
}

// Keys lists every message key, sorted.
func (c *Catalogue) Keys() []string {
	keys := make([]string, 0, len(c.english.plain)+len(c.english.filled))
	for k := range c.english.plain {
		keys = append(keys, k)
	}
	for k := range c.english.filled {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Has reports whether a key has a message.
func (c *Catalogue) Has(key string) bool {
	_, plain := c.english.plain[key]
	return plain || c.english.filled[key] != nil
}

// Texts are a key's forms in one language with their placeholders as written,
// for tests that read the words themselves.
func (c *Catalogue) Texts(lang, key string) []string {
	w := c.In(lang)
	if s, ok := w.plain[key]; ok {
		return []string{s}
	}
	m := w.filled[key]
	if m == nil {
		return nil
	}
	var out []string
	for _, p := range m.forms {
		if p.parts == nil {
			continue
		}
		s := ""
		for _, x := range p.parts {
			if x.name != "" {
				s += "{{." + x.name + "}}"
			}
			s += x.text
		}
		out = append(out, s)
	}
	return out
}

// In are the words of one language; of English if it is not offered.
func (c *Catalogue) In(lang string) *Words {
	if w := c.byTag[lang]; w != nil {
		return w
	}
	if l := lookup(lang); l != nil {
		return c.byTag[l.Tag]
	}
	return c.english
}

// fault handles what should not happen: loudly in tests, once in the log
// otherwise.
func (c *Catalogue) fault(lang, key, what string) {
	if c.strict {
		panic(fmt.Sprintf("i18n: %s: %q in %s", what, key, lang))
	}
	if c.log == nil {
		return
	}
	if _, told := c.told.LoadOrStore(lang+" "+key+" "+what, true); !told {
		c.log.Error("message fault", "what", what, "key", key, "language", lang)
	}
}

// Words are a catalogue's texts in one language.
type Words struct {
	cat    *Catalogue
	lang   *Language
	plain  map[string]string
	filled map[string]*message
}

// Lang is the language's tag as <html lang> wants it.
func (w *Words) Lang() string { return w.lang.Tag }

// Dir is "ltr" or "rtl".
func (w *Words) Dir() string { return w.lang.Dir }

// T is the text for a key; args are name, value pairs for its placeholders.
// Values are strings, integers, float64 or have a String method. Count, Total,
// Min, Max and Limit are written as amounts (12,345), other integers as they
// are (R-4821).
func (w *Words) T(key string, args ...any) string {
	if s, ok := w.plain[key]; ok {
		return s
	}
	return w.fill(key, func(name string) (any, bool) {
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] == name {
				return args[i+1], true
			}
		}
		return nil, false
	})
}

// Map is T with the arguments in a map, as an error carries them.
func (w *Words) Map(key string, args map[string]any) string {
	if s, ok := w.plain[key]; ok {
		return s
	}
	return w.fill(key, func(name string) (any, bool) { v, ok := args[name]; return v, ok })
}

// fill writes a text with placeholders, or what stands in for a missing one.
func (w *Words) fill(key string, arg func(string) (any, bool)) string {
	m := w.filled[key]
	if m == nil {
		w.cat.fault(w.lang.Tag, key, "no such message")
		return key
	}
	form := m.forms[plural.Other]
	if m.counted {
		v, _ := arg("Count")
		n, ok := asInt(v)
		if !ok {
			w.cat.fault(w.lang.Tag, key, "Count is not an integer")
		}
		form = m.pick(w.lang, n)
	}
	b := make([]byte, 0, form.size+16*len(form.parts))
	for _, p := range form.parts {
		if p.name == "" {
			b = append(b, p.text...)
			continue
		}
		v, ok := arg(p.name)
		if !ok {
			w.cat.fault(w.lang.Tag, key, "no argument "+p.name)
			continue
		}
		if b, ok = appendValue(b, w.lang, p.name, v); !ok {
			w.cat.fault(w.lang.Tag, key, fmt.Sprintf("argument %s is a %T", p.name, v))
		}
	}
	return string(b)
}
