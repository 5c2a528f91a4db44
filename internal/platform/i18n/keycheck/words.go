package keycheck

import (
	"regexp"
	"strings"
	"testing"

	"trellis/internal/platform/i18n"
)

// Plain are the words that the public should not have to read, by language,
// each with what to say instead. Inflected forms are listed, not guessed.
var Plain = map[string]map[string]string{
	"en-US": {
		"ticket": "request", "tickets": "requests",
		"incident": "problem", "incidents": "problems",
		"SLA": "promise", "SLAs": "promises",
		"priority": "how badly it stops the work", "priorities": "how badly it stops the work",
		"queue": "list", "queues": "lists", "queued": "waiting",
		"asset": "device", "assets": "devices",
		"escalate": "pass on", "escalated": "passed on", "escalates": "passes on", "escalation": "passing on",
		"CSAT":     "how it went",
		"MTTR":     "time until solved",
		"end user": "person", "end users": "people", "submit": "send", "submitted": "sent",
	},
	"es-US": {
		"ticket": "solicitud", "tickets": "solicitudes", "tique": "solicitud", "tiques": "solicitudes",
		"incidente": "problema", "incidentes": "problemas", "incidencia": "problema", "incidencias": "problemas",
		"SLA": "promesa", "ANS": "promesa",
		"prioridad": "cuánto impide trabajar", "prioridades": "cuánto impide trabajar",
		"cola": "lista", "colas": "listas",
		"escalar": "pasar a otra persona", "escalado": "pasado a otra persona", "escalada": "pasada a otra persona", "escalamiento": "pasar a otra persona",
		"CSAT":          "cómo le fue",
		"usuario final": "persona", "usuarios finales": "personas",
	},
}

// Words fails t for each text whose key starts with one of the prefixes and
// which uses a banned word (as in Plain) as a whole word. Placeholders are not
// read. Abbreviations match only in capitals, all others in any case.
func Words(t testing.TB, c *i18n.Catalogue, prefixes []string, banned map[string]map[string]string) {
	t.Helper()
	for _, f := range badWords(c, prefixes, banned) {
		t.Error(f)
	}
}

var anyPlaceholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

func badWords(c *i18n.Catalogue, prefixes []string, banned map[string]map[string]string) []string {
	var out []string
	for lang, words := range banned {
		for _, key := range c.Keys() {
			if !startsWithAny(key, prefixes) {
				continue
			}
			for _, text := range c.Texts(lang, key) {
				text = anyPlaceholder.ReplaceAllString(text, " ")
				for word, instead := range words {
					if hasWord(text, word) {
						out = append(out, lang+" "+key+" says "+quote(word)+"; say "+quote(instead)+": "+text)
					}
				}
			}
		}
	}
	return out
}

func quote(s string) string { return `"` + s + `"` }

func startsWithAny(key string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	return false
}

func hasWord(text, word string) bool {
	flags := "(?i)"
	if word == strings.ToUpper(word) {
		flags = ""
	}
	return regexp.MustCompile(flags + `(?:^|[^\pL\pN])` + regexp.QuoteMeta(word) + `(?:[^\pL\pN]|$)`).MatchString(text)
}
