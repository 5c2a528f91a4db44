package api

import (
	"encoding/json"
	"unicode/utf8"
)

// maxDepth is how deep JSON may nest; no operation of ours needs more than a
// handful.
const maxDepth = 32

// checkJSON refuses a body that is not exactly one JSON value in sound UTF-8,
// that nests too deeply, or that holds a zero character, which PostgreSQL
// can't store. Fields that nobody knows are refused later, by the schema.
func checkJSON(b []byte) error {
	if !utf8.Valid(b) || !json.Valid(b) {
		return malformed("error.bad_json")
	}
	depth, inString := 0, false
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case inString && c == '\\':
			if i+5 < len(b) && string(b[i+1:i+6]) == "u0000" {
				return malformed("api.json_zero")
			}
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return malformed("api.json_deep")
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}
