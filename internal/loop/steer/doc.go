// Package steer says where a district stands and what next: pages for those
// who decide, made of what the modules know.
//
// A report says a sentence by rules first, then shows the numbers that it is
// made of, and each number opens the requests that it counts. A finding is such
// a sentence: a rule over a report found it, and it names the number that
// proves it. A note stands where a reader would go wrong.
//
// It has no tables yet, and nothing that it says is stored.
package steer

import "embed"

// Messages are the words of findings, notes and pages.
//
//go:embed messages/*.json
var Messages embed.FS
