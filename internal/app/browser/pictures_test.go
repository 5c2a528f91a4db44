package browser_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// TestPictures writes what people see most, on four screens, light and dark,
// and the phone's pages once more for screens with two dots to a pixel.
func TestPictures(t *testing.T) {
	if *pictures == "" {
		t.Skip("not run: no -pictures folder")
	}
	h := furnished(t, false)
	open := h.find(t, "specialist", "get past the sign-in page")
	for _, p := range []struct {
		name, role string
		reach      func(*tab, *house)
	}{
		{"help", "teacher", at("/help")},
		{"ask", "teacher", then("/help", writes("#f-text", "Projector says no signal but the cable is in"), submits(askGo))},
		{"request", "teacher", at(path(open))},
		{"queue", "specialist", at("/desk/places")},
		{"desk", "specialist", then(path(open)+"?in=places", writes(".comp textarea", "Did the guest code get everyone in? If one or two are still stuck, send me the tags on the back and I will walk over."))},
	} {
		b := newTab(t, h.base)
		h.enter(b, p.role)
		b.size(360)
		p.reach(b, h)
		b.js(`document.activeElement.blur(); scrollTo(0, 0)`)
		for _, scheme := range []string{"light", "dark"} {
			b.scheme(scheme)
			for width := range heights {
				b.size(width)
				keepPicture(b, fmt.Sprintf("%s-%d-%s", p.name, width, scheme), b.picture(false))
			}
		}
		b.scheme("light")
		b.do(call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 360, Height: 720, DeviceScaleFactor: 2, Mobile: true}))
		keepPicture(b, p.name+"-phone", b.picture(false))
	}
}
