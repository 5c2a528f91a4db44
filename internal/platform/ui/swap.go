package ui

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// boost makes a form or link redraw one element instead of the page. The address
// stays as it is: a form's answer is the page that the reader is on.
func boost(selector string) templ.Attributes {
	if selector == "" {
		return nil
	}
	return boosted(selector, "outerMorph show:none", false)
}

// boostPane makes a link redraw a pane and put its own address in the address
// bar, so that reload, Back and a copied link all work.
func boostPane(selector string) templ.Attributes {
	if selector == "" {
		return nil
	}
	a := boosted(selector, "outerHTML show:none", true)
	a["data-pane"] = selector
	return a
}

// beside is what is redrawn beside the element, where the answer has it: the last
// action in the bottom bar, and the Context of what is open.
const beside = "#last:innerHTML,#context:outerMorph"

// boosted is the one place where the two meet. The answer may be a whole page or
// the element alone: select finds it in either. outerMorph keeps what is being typed, and the focus, in elements that stay.
// The header says that a part is wanted: to htmx a boosted link wants a page.
func boosted(selector, swap string, push bool) templ.Attributes {
	config, err := json.Marshal(map[string]any{
		"target": selector, "select": selector, "swap": swap,
		"push": strconv.FormatBool(push), "selectOOB": beside,
		"request": map[string]any{"headers": map[string]string{"HX-Boosted": "false"}},
	})
	if err != nil {
		return nil // strings always marshal
	}
	return templ.Attributes{"data-hx-boost": string(config)}
}

// formAttrs are a form's attributes from Swap and its words.
func formAttrs(swap string, multipart bool, class string) templ.Attributes {
	a := templ.Attributes{}
	for k, v := range boost(swap) {
		a[k] = v
	}
	if multipart {
		a["enctype"] = "multipart/form-data"
	}
	if class != "" {
		a["class"] = class
	}
	return a
}

// keyCap is how a key is written on a key.
func keyCap(key string) string {
	if len(key) == 1 {
		return strings.ToUpper(key)
	}
	return key
}

// allKeys are a page's own keys, after those of the list that a page of panes
// has.
func (p DeskPage) allKeys() []KeyHint {
	w := p.Words
	var keys []KeyHint
	if p.Split {
		keys = []KeyHint{{"j", w.KeyNext}, {"k", w.KeyPrevious}, {"x", w.KeySelect}, {"Enter", w.KeyOpen}}
	}
	keys = append(keys, p.Keys...)
	if p.Search != nil {
		keys = append(keys, KeyHint{"/", w.KeySearch})
	}
	return append(keys, KeyHint{"?", w.KeyHelp})
}

// hintKeys are those for the bottom bar, where the button beside them already
// says what "?" does.
func (p DeskPage) hintKeys() []KeyHint {
	all := p.allKeys()
	return all[:len(all)-1]
}

// Count writes a number for a small place: "99+" from 100 on.
func Count(n int) string {
	if n > 99 {
		return "99+"
	}
	return strconv.Itoa(n)
}

// FieldID is the id that Field, Choice, Check and FileInput give the field called
// name, for links to it.
func FieldID(name string) string { return "f-" + name }

// Names of the hidden fields that HiddenKey and Version write. Package web reads
// them under the same names.
const (
	KeyField     = "_key"
	VersionField = "version"
)

// paragraphs cuts plain text at empty lines; single line ends stay.
func paragraphs(text string) []string {
	var out []string
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, p := range strings.Split(text, "\n\n") {
		if p = strings.Trim(p, "\n"); strings.TrimSpace(p) != "" {
			out = append(out, p)
		}
	}
	return out
}

// initials are the first letters of the first and last word of a name.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	first := []rune(words[0])[:1]
	if len(words) > 1 {
		first = append(first, []rune(words[len(words)-1])[0])
	}
	return strings.ToUpper(string(first))
}
