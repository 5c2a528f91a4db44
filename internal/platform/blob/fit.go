package blob

import (
	"image"
	"image/color"

	"golang.org/x/image/draw"
)

// fit draws img on white, scaled down to at most side × side. Half size and
// smaller is the mean of each rectangle of source pixels, which needs no memory
// but the result; between that and full size neighbors are blended.
func fit(img image.Image, side int) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if b.Dx() < 2*w || b.Dy() < 2*h {
		draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.ApproxBiLinear.Scale(out, out.Bounds(), img, b, draw.Over, nil)
		return out
	}
	mean := meanOf(img)
	for y := range h {
		y0, y1 := b.Min.Y+y*b.Dy()/h, b.Min.Y+(y+1)*b.Dy()/h
		for x := range w {
			x0, x1 := b.Min.X+x*b.Dx()/w, b.Min.X+(x+1)*b.Dx()/w
			i := out.PixOffset(x, y)
			out.Pix[i], out.Pix[i+1], out.Pix[i+2] = mean(image.Rect(x0, y0, x1, y1))
			out.Pix[i+3] = 0xff
		}
	}
	return out
}

// meanOf gives the mean color of a rectangle of img on white.
func meanOf(img image.Image) func(image.Rectangle) (r, g, b uint8) {
	if m, ok := img.(*image.YCbCr); ok { // photos: three times as quick without turning each pixel into RGB
		return func(b image.Rectangle) (uint8, uint8, uint8) { return meanYCbCr(m, b) }
	}
	at := func(x, y int) color.RGBA64 {
		r, g, b, a := img.At(x, y).RGBA()
		return color.RGBA64{R: uint16(r), G: uint16(g), B: uint16(b), A: uint16(a)}
	}
	if m, ok := img.(image.RGBA64Image); ok { // doesn't allocate for each pixel
		at = m.RGBA64At
	}
	return func(box image.Rectangle) (uint8, uint8, uint8) {
		var r, g, b, a uint64
		for y := box.Min.Y; y < box.Max.Y; y++ {
			for x := box.Min.X; x < box.Max.X; x++ {
				c := at(x, y)
				r, g, b, a = r+uint64(c.R), g+uint64(c.G), b+uint64(c.B), a+uint64(c.A)
			}
		}
		n := uint64(box.Dx() * box.Dy())
		white := 0xffff - a/n // colors are premultiplied: what is clear shows the paper
		return uint8((r/n + white) >> 8), uint8((g/n + white) >> 8), uint8((b/n + white) >> 8)
	}
}

// meanYCbCr looks at every second pixel's color, as most photos store no more.
func meanYCbCr(m *image.YCbCr, box image.Rectangle) (r, g, b uint8) {
	var luma, cb, cr, n int
	for y := box.Min.Y; y < box.Max.Y; y++ {
		at := m.YOffset(box.Min.X, y)
		for _, v := range m.Y[at : at+box.Dx()] {
			luma += int(v)
		}
	}
	for y := box.Min.Y; y < box.Max.Y; y += 2 {
		for x := box.Min.X; x < box.Max.X; x += 2 {
			at := m.COffset(x, y)
			cb, cr, n = cb+int(m.Cb[at]), cr+int(m.Cr[at]), n+1
		}
	}
	return color.YCbCrToRGB(uint8(luma/(box.Dx()*box.Dy())), uint8(cb/n), uint8(cr/n))
}
