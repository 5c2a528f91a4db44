package browser_test

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// TestPictures writes what people see most, on all screens, light and dark, and
// those of the documents: the phone's pages for screens with two dots to a
// pixel, and the desk.
func TestPictures(t *testing.T) {
	if *pictures == "" {
		t.Skip("not run: no -pictures folder")
	}
	h := furnished(t, false)
	open := h.find(t, "specialist", "get past the sign-in page")
	flow := flowOf(bringPast(t, h))
	for _, p := range []struct {
		name, role string
		reach      func(*tab, *house)
	}{
		{"help", "teacher", at("/help")},
		{"ask", "teacher", then("/help", writes("#f-text", "Projector says no signal but the cable is in"), submits(askGo))},
		{"request", "teacher", at(path(open))},
		{"flow", "director", at(flow)},
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
			for _, width := range widths {
				b.size(width)
				keepPicture(b, fmt.Sprintf("%s-%d-%s", p.name, width, scheme), b.picture(false))
			}
		}
		b.scheme("light")
		switch p.role {
		case "specialist":
			b.size(1440)
			keepPicture(b, p.name, b.picture(false))
			continue
		case "director": // down to the charts
			b.do(call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 1440, Height: 1460, DeviceScaleFactor: 1}))
			keepPicture(b, p.name, b.picture(false))
		}
		b.do(call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 360, Height: 720, DeviceScaleFactor: 2, Mobile: true}))
		keepPicture(b, p.name+"-phone", b.picture(false))
	}
}

// keepPicture writes a picture where -pictures says.
func keepPicture(b *tab, name string, shot []byte) {
	b.Helper()
	name = strings.Map(func(r rune) rune {
		if r == ' ' || r == '/' || r == ',' {
			return '-'
		}
		return r
	}, name)
	small, err := fewColors(shot)
	if err == nil {
		err = os.WriteFile(filepath.Join(*pictures, name+".png"), small, 0o644)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// fewColors draws a PNG with the 256 colors that do it best, which makes it a
// third as large. Flat areas keep their color exactly: what is used most stays,
// and only the edges of letters are rounded.
func fewColors(shot []byte) ([]byte, error) {
	m, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, err
	}
	used := map[color.RGBA]int{}
	size := m.Bounds()
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(m.At(x, y)).(color.RGBA) }
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			used[at(x, y)]++
		}
	}
	byUse := slices.SortedFunc(maps.Keys(used), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(used[b], used[a]), bytes.Compare([]byte{a.R, a.G, a.B}, []byte{b.R, b.G, b.B}))
	})
	const most, exact = 256, 96
	var palette color.Palette
	for _, c := range byUse[:min(exact, len(byUse))] {
		palette = append(palette, c)
	}
	// The others share what is left: each new color is the one farthest from all
	// that are there.
	rest := byUse[len(palette):]
	far := make([]int, len(rest))
	for i, c := range rest {
		far[i] = 1 << 30
		for _, p := range palette {
			far[i] = min(far[i], apart(c, p.(color.RGBA)))
		}
	}
	for len(palette) < most && len(rest) > 0 {
		i := slices.Index(far, slices.Max(far))
		if far[i] == 0 {
			break
		}
		next := rest[i]
		palette = append(palette, next)
		for j, c := range rest {
			far[j] = min(far[j], apart(c, next))
		}
	}
	out := image.NewPaletted(image.Rect(0, 0, size.Dx(), size.Dy()), palette)
	index := map[color.RGBA]uint8{}
	for y := range size.Dy() {
		for x := range size.Dx() {
			c := at(size.Min.X+x, size.Min.Y+y)
			i, ok := index[c]
			if !ok {
				i = uint8(palette.Index(c))
				index[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	var b bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, out)
	return b.Bytes(), err
}

// apart is how different two colors are.
func apart(a, b color.RGBA) int {
	r, g, bl := int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B)
	return r*r + g*g + bl*bl
}
