// Package i18n holds the words that people read, in every language they are
// offered, and the way dates, times and numbers are written in each.
//
// Each package that has words carries them as messages/en.json and
// messages/es.json: go-i18n files with flat keys, so that translators' tools
// read them. NewCatalogue joins them and refuses whatever would fail in front
// of a person: a key given twice, a text that one language lacks, a placeholder
// that differs, a missing plural form.
//
//	{
//	  "desk.reply.send": "Send",
//	  "desk.queue.count": {"one": "{{.Count}} request", "other": "{{.Count}} requests"}
//	}
//
// A placeholder is {{.Name}} and nothing else: texts are filled, never run.
// The argument Count picks the plural form.
//
// The language travels in the context: With puts it there, T reads it. A text
// without placeholders is one map lookup and allocates nothing, because a page
// shows a hundred of them.
package i18n

import "embed"

// Messages are the words of the foundation itself: errors that any door may
// show and what can be wrong with a field.
//
//go:embed messages/*.json
var Messages embed.FS
