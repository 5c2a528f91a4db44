package testkit

import (
	"bytes"
	"crypto/sha256"
	"image"
	"image/color"
	"image/png"
)

// PNG is a small picture that is different for every seed and the same for
// the same one.
func PNG(seed string) []byte {
	h := sha256.Sum256([]byte(seed))
	m := image.NewRGBA(image.Rect(0, 0, 32, 24))
	for y := range 24 {
		for x := range 32 {
			m.Set(x, y, color.RGBA{h[(x+y)%32], h[x%32], h[(y*7)%32], 255})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m) // a picture in memory never fails
	return b.Bytes()
}
