package web_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"trellis/internal/desk"
	"trellis/internal/platform/ui"
)

// A first visit stays within what a phone on a bad network loads in a moment:
// 60 KB and 4 requests for who asks, 90 KB and 6 for who helps. Pages are full
// when they are weighed.
func TestWeight(t *testing.T) {
	one(t, func(t *testing.T, h *house) {
		var id desk.TicketID
		for i := range 60 {
			id = h.tessa.ask(fmt.Sprintf("Thing number %d that does not work as it did last week", i))
		}
		got[desk.Replied](t)(h.desk.Reply(h.sam.ctx(), id, desk.Words{Text: strings.Repeat("Some words of an answer. ", 40)}))
		for _, c := range []struct {
			p        *person
			path     string
			requests int
			bytes    int
		}{
			{h.tessa, "/help", 4, 60_000}, {h.tessa, "/help/requests", 4, 60_000}, {h.tessa, path(id), 4, 60_000},
			{h.sam, "/desk/places", 6, 90_000}, {h.sam, path(id), 6, 90_000}, {h.sam, "/desk/new", 6, 90_000},
		} {
			r := httptest.NewRequest("GET", "http://jv.example"+c.path, nil)
			r.Header.Set("Accept-Encoding", "gzip")
			page := c.p.send(r)
			requests, bytes := 1, page.Body.Len()
			p := c.p.page(c.path)
			for _, el := range p.All("link[href], script[src], img[src]:not([loading=lazy])") {
				src := el.Attr("href") + el.Attr("src")
				if strings.HasPrefix(src, "data:") || strings.HasPrefix(src, "#") {
					continue
				}
				requests++
				size := ui.AssetSize(assetName(src))
				if size == 0 {
					t.Errorf("%s: %s has no size", c.path, src)
				}
				bytes += size
			}
			t.Logf("%-16s %d requests, %d bytes, the page alone %d", c.path, requests, bytes, page.Body.Len())
			if requests > c.requests || bytes > c.bytes {
				t.Errorf("%s: %d requests, %d bytes", c.path, requests, bytes)
			}
		}
	})
}

// assetName is the name of a file in the design system by its address, which
// carries a hash before the ending.
func assetName(src string) string {
	name := strings.TrimPrefix(src, "/static/")
	parts := strings.Split(name, ".")
	if n := len(parts); n > 2 {
		parts = append(parts[:n-2], parts[n-1])
	}
	return strings.Join(parts, ".")
}
