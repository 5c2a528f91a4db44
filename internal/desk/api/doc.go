// Package api is the desk's JSON door. It translates between the wire and the
// desk's own commands and reads; it decides nothing and holds no SQL.
package api

import "embed"

// Messages are this door's own words.
//
//go:embed messages/*.json
var Messages embed.FS
