package blob

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"testing"
)

var corners = [4]color.RGBA{{200, 0, 0, 255}, {0, 160, 0, 255}, {0, 0, 200, 255}, {90, 90, 90, 255}} // top left, top right, bottom left, bottom right

// quarters is a picture whose four quarters have the colors of corners.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, corners[2*(2*y/h)+2*x/w])
		}
	}
	return m
}

func near(a, b color.Color) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	d := func(x, y uint32) bool { return max(x, y)-min(x, y) < 0x1400 }
	return d(r1, r2) && d(g1, g2) && d(b1, b2)
}

// looksRight requires a JPEG of w × h with the right color in each quarter.
func looksRight(t *testing.T, data []byte, w, h int) {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds().Dx() != w || m.Bounds().Dy() != h {
		t.Fatalf("%v, want %d × %d", m.Bounds(), w, h)
	}
	for i, want := range corners {
		x, y := w/4+i%2*w/2, h/4+i/2*h/2
		if got := m.At(x, y); !near(got, want) {
			t.Errorf("quarter %d is %v, want %v", i, got, want)
		}
	}
}

func encoded(t testing.TB, format string, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "jpeg":
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 95})
	case "png":
		err = png.Encode(&b, m)
	case "gif":
		err = gif.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPreview(t *testing.T) {
	for _, format := range []string{"jpeg", "png", "gif"} {
		for _, x := range []struct{ w, h, side, toW, toH int }{
			{64, 32, 100, 64, 32},  // stays
			{640, 320, 64, 64, 32}, // means of squares
			{300, 600, 200, 100, 200},
			{90, 60, 60, 60, 40}, // less than half
			{1000, 2, 100, 100, 1},
		} {
			data, err := Preview(t.Context(), bytes.NewReader(encoded(t, format, quarters(x.w, x.h))), 1<<20, x.side)
			if err != nil {
				t.Fatalf("%s %v: %v", format, x, err)
			}
			if x.toH > 1 {
				looksRight(t, data, x.toW, x.toH)
			}
		}
	}
	// The smallest WebP: one pixel, lossless.
	webp, _ := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if _, err := Preview(t.Context(), bytes.NewReader(webp), 100, 10); err != nil {
		t.Errorf("webp: %v", err)
	}
	// What is clear in a picture becomes white paper, not black.
	clear := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for _, side := range []int{64, 40, 16} {
		data, err := Preview(t.Context(), bytes.NewReader(encoded(t, "png", clear)), 1<<20, side)
		if err != nil {
			t.Fatal(err)
		}
		m, _ := jpeg.Decode(bytes.NewReader(data))
		if !near(m.At(3, 3), color.White) {
			t.Errorf("clear became %v at side %d", m.At(3, 3), side)
		}
	}
}

// withExif puts Exif data with an orientation behind a JPEG's first marker.
func withExif(jpg []byte, order binary.AppendByteOrder, orientation uint16) []byte {
	tiff := []byte("II*\x00")
	if order.String() == "BigEndian" {
		tiff = []byte("MM\x00*")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, e := range [][2]uint16{{0x010f, 7}, {0x0112, orientation}} {
		tiff = order.AppendUint16(tiff, e[0])
		tiff = order.AppendUint16(tiff, 3)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, e[1])
		tiff = order.AppendUint16(tiff, 0)
	}
	tiff = append(tiff, "GPS 42.3601 N, camera of Ana"...)
	seg := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, jpg[:2]...)
	out = append(out, 0xff, 0xe0, 0, 4, 1, 2) // some other segment first
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(seg)+2))
	return append(append(out, seg...), jpg[2:]...)
}

// Each orientation says on which side of the picture as seen the stored rows
// begin and on which the columns (TIFF 6.0, tag 0x0112). The stored picture is
// made by that definition from the one to be seen.
func TestOrientation(t *testing.T) {
	const w, h = 48, 32 // as seen
	seen := quarters(w, h)
	where := [9]func(row, col int) (x, y int){
		1: func(r, c int) (int, int) { return c, r },                 // rows from the top, columns from the left
		2: func(r, c int) (int, int) { return w - 1 - c, r },         // top, right
		3: func(r, c int) (int, int) { return w - 1 - c, h - 1 - r }, // bottom, right
		4: func(r, c int) (int, int) { return c, h - 1 - r },         // bottom, left
		5: func(r, c int) (int, int) { return r, c },                 // left, top
		6: func(r, c int) (int, int) { return w - 1 - r, c },         // right, top
		7: func(r, c int) (int, int) { return w - 1 - r, h - 1 - c }, // right, bottom
		8: func(r, c int) (int, int) { return r, h - 1 - c },         // left, bottom
	}
	for o := 1; o <= 8; o++ {
		rows, cols := h, w
		if o >= 5 {
			rows, cols = w, h
		}
		stored := image.NewRGBA(image.Rect(0, 0, cols, rows))
		for r := range rows {
			for c := range cols {
				stored.Set(c, r, seen.At(where[o](r, c)))
			}
		}
		jpg := encoded(t, "jpeg", stored)
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			data, err := Preview(t.Context(), bytes.NewReader(withExif(jpg, order, uint16(o))), 1<<20, 1000)
			if err != nil {
				t.Fatalf("orientation %d: %v", o, err)
			}
			looksRight(t, data, w, h)
			if bytes.Contains(data, []byte("GPS")) || bytes.Contains(data, []byte("Exif")) || bytes.Contains(data, []byte("Ana")) {
				t.Errorf("orientation %d: where and by whom it was taken is still in it", o)
			}
		}
	}
	data, err := Preview(t.Context(), bytes.NewReader(withExif(encoded(t, "jpeg", seen), binary.BigEndian, 99)), 1<<20, 1000)
	if err != nil {
		t.Fatal(err)
	}
	looksRight(t, data, w, h) // an orientation that doesn't exist is none
}

// A few bytes that claim 2.5 billion pixels are refused for the claim.
func TestPixelBombs(t *testing.T) {
	small := encoded(t, "png", quarters(8, 8))
	bomb := bytes.Clone(small)
	binary.BigEndian.PutUint32(bomb[16:], 50_000)
	binary.BigEndian.PutUint32(bomb[20:], 50_000)
	crc := crc32.ChecksumIEEE(bomb[12:29])
	binary.BigEndian.PutUint32(bomb[29:], crc)
	jpg := encoded(t, "jpeg", quarters(8, 8))
	at := bytes.Index(jpg, []byte{0xff, 0xc0})
	big := bytes.Clone(jpg)
	binary.BigEndian.PutUint16(big[at+5:], 60_000)
	binary.BigEndian.PutUint16(big[at+7:], 60_000)
	// A WebP whose outer header says 10 × 10 around a frame of 16384 × 16384.
	frame := []byte{0x2f, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0}
	vp8x := append([]byte("VP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x09\x00\x00\x09\x00\x00VP8L\x08\x00\x00\x00"), frame...)
	webp := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(4+len(vp8x)))...)
	webp = append(append(webp, "WEBP"...), vp8x...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for name, x := range map[string]struct {
		data []byte
		want error
	}{
		"png":       {bomb, ErrTooManyPixels},
		"jpeg":      {big, ErrTooManyPixels},
		"webp":      {webp, ErrNotPicture},
		"one pixel": {encoded(t, "png", quarters(101, 100)), ErrTooManyPixels},
		"cut off":   {jpg[:len(jpg)/2], ErrNotPicture},
		"no":        {[]byte("<svg onload=alert(1)>"), ErrNotPicture},
		"empty":     {nil, ErrNotPicture},
	} {
		if _, err := Preview(t.Context(), bytes.NewReader(x.data), 100*100, 100); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
	}
	runtime.ReadMemStats(&after)
	if grew := after.TotalAlloc - before.TotalAlloc; grew > 8<<20 {
		t.Errorf("refusing them took %d bytes", grew)
	}
}

func TestPreviewWaitsForItsTurn(t *testing.T) {
	decoding <- struct{}{}
	defer func() { <-decoding }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Preview(ctx, bytes.NewReader(encoded(t, "png", quarters(8, 8))), 100, 100); !errors.Is(err, context.Canceled) {
		t.Errorf("decoded beside another: %v", err)
	}
}

func FuzzPreview(f *testing.F) {
	f.Add(encoded(f, "png", quarters(8, 8)))
	f.Add(encoded(f, "gif", quarters(8, 8)))
	f.Add(withExif(encoded(f, "jpeg", quarters(8, 8)), binary.LittleEndian, 6))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := Preview(t.Context(), bytes.NewReader(data), 10_000, 50)
		if err != nil {
			return
		}
		c, err := jpeg.DecodeConfig(bytes.NewReader(out))
		if err != nil || c.Width > 50 || c.Height > 50 {
			t.Errorf("%v, %v", c, err)
		}
	})
}

func BenchmarkPreview(b *testing.B) {
	data := encoded(b, "jpeg", quarters(4000, 3000))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Preview(b.Context(), bytes.NewReader(data), 40_000_000, 1600); err != nil {
			b.Fatal(err)
		}
	}
}
