package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"trellis/internal/platform/errs"
)

// PageIn is embedded in a list's input.
type PageIn struct {
	Cursor string `query:"cursor" maxLength:"1000" doc:"The next member of the page before; empty for the first page."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items to return at most."`
}

// Page is the body of a list's output.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"The cursor of the next page; missing on the last one."`
}

// Cursors makes and reads cursors. A cursor holds where a list goes on, which
// is the value of its last row; it is signed, so that nobody asks for a place
// that no list of theirs ever reached.
type Cursors struct{ key []byte }

// NewCursors takes the secret that signs: at least 16 bytes, the same on
// every node that serves the district.
func NewCursors(key []byte) *Cursors {
	if len(key) < 16 {
		panic("api: a cursor key has at least 16 bytes")
	}
	return &Cursors{append([]byte(nil), key...)}
}

const macBytes = 16

// Encode makes a cursor for one list. The list's name includes whatever its
// order and its rows depend on (filters, sort), so that a cursor made for one
// question is no answer to another.
func (c *Cursors) Encode(list string, place any) (string, error) {
	data, err := json.Marshal(place)
	if err != nil {
		return "", fmt.Errorf("write cursor: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(append(c.sum(list, data), data...)), nil
}

// Decode reads a cursor into place and leaves it alone if there is none. The
// error is Invalid for anything that Encode did not make for this list.
func (c *Cursors) Decode(list, cursor string, place any) error {
	if cursor == "" {
		return nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < macBytes || !hmac.Equal(raw[:macBytes], c.sum(list, raw[macBytes:])) {
		return badCursor()
	}
	if json.Unmarshal(raw[macBytes:], place) != nil {
		return badCursor()
	}
	return nil
}

func (c *Cursors) sum(list string, data []byte) []byte {
	m := hmac.New(sha256.New, c.key)
	fmt.Fprintf(m, "cursor %d %s", len(list), list)
	m.Write(data)
	return m.Sum(nil)[:macBytes]
}

func badCursor() error {
	return errs.E(errs.Invalid, "error.bad_cursor")
}
