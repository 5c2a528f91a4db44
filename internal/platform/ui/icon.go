package ui

import (
	"context"
	"fmt"
	"io"

	"github.com/a-h/templ"
)

// flipped icons point along the line of writing, so they are mirrored where it
// runs from right to left.
var flipped = map[string]bool{
	"arrow-right": true, "chevron-left": true, "chevron-right": true,
	"external-link": true, "log-in": true, "log-out": true, "send": true, "undo-2": true,
}

// Icon draws an icon by its Lucide name, hidden from screen readers: an icon
// never stands for words, it stands beside them. It panics for a name that is not
// embedded; where the name is data, ask HasIcon first.
func Icon(name string) templ.Component {
	inner, ok := icons[name]
	if !ok {
		panic(fmt.Sprintf("ui: no icon %q", name))
	}
	class := "i"
	if flipped[name] {
		class = "i flip"
	}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `<svg class="`+class+`" viewBox="0 0 24 24" aria-hidden="true" focusable="false">`+inner+`</svg>`)
		return err
	})
}

// HasIcon tells whether Icon can draw name.
func HasIcon(name string) bool {
	_, ok := icons[name]
	return ok
}
