package web

import "embed"

// Messages are the words of this package: the title of each kind of failed
// request, and what can go wrong with a form on its way.
//
//go:embed messages/*.json
var Messages embed.FS
