package desk_test

import (
	"testing"

	"trellis/internal/desk"
)

// Looking at a request reads what one was told about it, and nothing else.
func TestSeen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		told, other := w.ask(w.tessa, "The board is dark"), w.ask(w.tessa, "Sound is gone")
		for _, id := range []desk.TicketID{told, other} {
			must[desk.Replied](t)(w.desk.Reply(w.as(w.sam), id, desk.Words{Text: "Which input?"}))
		}
		unread := func() (about []int64) {
			for _, n := range w.told(w.tessa) {
				if n.Unread {
					about = append(about, n.About.ID)
				}
			}
			return about
		}
		if got := unread(); len(got) != 2 {
			t.Fatalf("told about %v", got)
		}
		for range 2 {
			if err := w.desk.Seen(w.as(w.tessa), told); err != nil {
				t.Fatal(err)
			}
			if got := unread(); len(got) != 1 || got[0] != int64(other) {
				t.Errorf("unread: %v", got)
			}
		}
	})
}
