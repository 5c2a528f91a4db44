package i18n

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"sort"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
)

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)

// text is one language's words for a key before they are compiled: form name
// to words. A text that is not counted has only "other".
type text map[string]string

// NewCatalogue joins the message files of all packages. Each file system has
// messages/<language>.json for every offered language. The error lists all
// that is wrong, so that one run shows a translator everything.
func NewCatalogue(fsys ...fs.FS) (*Catalogue, error) {
	var problems []error
	raw := map[string]map[string]text{} // language file → key → text
	for _, l := range languages {
		raw[l.file] = map[string]text{}
		for i, f := range fsys {
			name := "messages/" + l.file + ".json"
			texts, err := readFile(f, name)
			if err != nil {
				problems = append(problems, fmt.Errorf("message files %d of %d: %s: %w", i+1, len(fsys), name, err))
				continue
			}
			for key, t := range texts {
				if _, twice := raw[l.file][key]; twice {
					problems = append(problems, fmt.Errorf("%s: %q is given twice", name, key))
				}
				raw[l.file][key] = t
			}
		}
	}
	problems = append(problems, compare(raw)...)
	if len(problems) > 0 {
		sort.Slice(problems, func(i, j int) bool { return problems[i].Error() < problems[j].Error() })
		return nil, errors.Join(problems...)
	}
	return build(raw), nil
}

// readFile parses one message file and checks every key's own shape.
func readFile(f fs.FS, name string) (map[string]text, error) {
	data, err := fs.ReadFile(f, name)
	if err != nil {
		return nil, err
	}
	if err := noTwins(data); err != nil {
		return nil, err
	}
	messages, err := goi18n.ParseMessageBytes(data, json.Unmarshal)
	if err != nil {
		return nil, err
	}
	out := make(map[string]text, len(messages))
	for _, m := range messages {
		if !keyShape.MatchString(m.ID) {
			return nil, fmt.Errorf("key %q is not like desk.reply.send", m.ID)
		}
		t := text{}
		for form, s := range map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other} {
			if s != "" {
				t[form] = s
			}
		}
		if t["other"] == "" {
			return nil, fmt.Errorf("%q has no text", m.ID)
		}
		for form, s := range t {
			if _, err := cut(s); err != nil {
				return nil, fmt.Errorf("%q (%s): %w", m.ID, form, err)
			}
		}
		out[m.ID] = t
	}
	return out, nil
}

// noTwins refuses a key that one file gives twice: JSON parsers keep the last
// without a word.
func noTwins(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("is not a JSON object")
	}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		if seen[key] {
			return fmt.Errorf("%q is given twice", key)
		}
		seen[key] = true
		var skip json.RawMessage
		if err := d.Decode(&skip); err != nil {
			return err
		}
	}
	return nil
}

// compare finds what one language has and another lacks.
func compare(raw map[string]map[string]text) []error {
	var problems []error
	keys := map[string]bool{}
	for _, texts := range raw {
		for k := range texts {
			keys[k] = true
		}
	}
	english := raw[languages[0].file]
	for key := range keys {
		want, ok := english[key]
		if !ok {
			problems = append(problems, fmt.Errorf("%q is missing in %s", key, languages[0].file))
			continue
		}
		for _, l := range languages {
			t, ok := raw[l.file][key]
			if !ok {
				problems = append(problems, fmt.Errorf("%q is missing in %s", key, l.file))
				continue
			}
			if counted := len(want) > 1; counted {
				for _, form := range l.forms {
					if t[form] == "" {
						problems = append(problems, fmt.Errorf("%q in %s lacks the plural form %q", key, l.file, form))
					}
				}
				if !slices.Contains(t.names("other"), "Count") {
					problems = append(problems, fmt.Errorf("%q in %s is counted and its form \"other\" does not say {{.Count}}", key, l.file))
				}
			} else if len(t) > 1 {
				problems = append(problems, fmt.Errorf("%q in %s has plural forms and in %s has none", key, l.file, languages[0].file))
			}
			for form := range t {
				if err := sameNames(want.names("other"), t.names(form), form); err != nil {
					problems = append(problems, fmt.Errorf("%q in %s: %w", key, l.file, err))
				}
			}
		}
	}
	return problems
}

func (t text) names(form string) []string {
	p, _ := cut(t[form])
	return p.names()
}

// sameNames demands the same placeholders. A form for one exact number may
// leave the number out ("one hour").
func sameNames(want, got []string, form string) error {
	if form != "other" && !slices.Contains(got, "Count") {
		want = slices.DeleteFunc(slices.Clone(want), func(n string) bool { return n == "Count" })
	}
	if !slices.Equal(want, got) {
		return fmt.Errorf("placeholders of form %q are %v, English has %v", form, got, want)
	}
	return nil
}

// build compiles checked texts.
func build(raw map[string]map[string]text) *Catalogue {
	c := &Catalogue{byTag: map[string]*Words{}}
	for _, l := range languages {
		c.add(l, raw[l.file])
	}
	c.english = c.byTag[Default]
	return c
}

func (c *Catalogue) add(l *Language, texts map[string]text) {
	w := &Words{cat: c, lang: l, plain: map[string]string{}, filled: map[string]*message{}}
	for key, t := range texts {
		other, _ := cut(t["other"])
		if len(t) == 1 && len(other.names()) == 0 {
			w.plain[key] = t["other"]
			continue
		}
		m := &message{counted: len(t) > 1}
		for form, s := range t {
			m.forms[formNames[form]], _ = cut(s)
		}
		if m.forms[plural.Other].parts == nil {
			m.forms[plural.Other] = other
		}
		w.filled[key] = m
	}
	c.byTag[l.Tag] = w
}
