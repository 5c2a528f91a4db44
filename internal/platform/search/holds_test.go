package search_test

import (
	"strings"
	"testing"

	"trellis/internal/platform/db"
	"trellis/internal/platform/search"
)

// What the index holds is what was put into it last, and looking leaves
// nothing behind: it can be looked at again.
func TestHolds(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		doc := func(ref int64, text string) search.Doc {
			return search.Doc{Kind: "thing", Ref: ref, Lang: "en-US", Text: text}
		}
		index(t, d, doc(1, "projector lamp"), doc(2, "printer"), doc(3, ""), doc(1, "a new lamp"))
		for range 2 {
			list, err := search.Holds(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) != 2 || list[0].Doc >= list[1].Doc {
				t.Fatalf("it holds %v", list)
			}
			if w := list[0].Words; !strings.Contains(w, "lamp") || strings.Contains(w, "projector") || !strings.Contains(list[1].Words, "printer") {
				t.Errorf("it holds %v", list)
			}
		}
		index(t, d, doc(4, "another"))
	})
}
