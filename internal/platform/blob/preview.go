package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // decoders by content
	"image/jpeg"
	_ "image/png"
	"io"

	_ "golang.org/x/image/webp"
)

// Errors of Preview: the file is kept and offered as a download, without a
// picture.
var (
	ErrNotPicture    = errors.New("not a picture that can be read")
	ErrTooManyPixels = errors.New("picture has more pixels than allowed")
)

// decoding lets one picture be decoded at a time in the process. The worst
// format takes 16 bytes a pixel, so the memory that pictures can take is
// 16 × maxPixels, whatever is sent and by how many.
var decoding = make(chan struct{}, 1)

// Preview makes a picture anew: it decodes a JPEG, PNG, GIF (first frame) or
// WebP, turns it upright, fits it into maxSide × maxSide pixels and encodes it
// as JPEG on white. Nothing of the original but its pixels survives, so no
// place, no camera, no script. Pictures of more than maxPixels are refused
// from their header, before anything is unfolded. It waits for its turn as
// long as ctx lasts.
func Preview(ctx context.Context, r io.ReadSeeker, maxPixels, maxSide int) ([]byte, error) {
	cfg, _, err := image.DecodeConfig(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotPicture, err)
	}
	if cfg.Width <= 0 || cfg.Height <= 0 {
		return nil, ErrNotPicture
	}
	if int64(cfg.Width)*int64(cfg.Height) > int64(maxPixels) {
		return nil, fmt.Errorf("%w: %d × %d", ErrTooManyPixels, cfg.Width, cfg.Height)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	turn := orientation(r)
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	select {
	case decoding <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to decode a picture: %w", ctx.Err())
	}
	defer func() { <-decoding }()
	img, err := decode(r)
	if err != nil {
		return nil, err
	}
	if img.Bounds().Dx() > cfg.Width || img.Bounds().Dy() > cfg.Height {
		return nil, ErrNotPicture
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, upright(fit(img, maxSide), turn), &jpeg.Options{Quality: 82}); err != nil {
		return nil, fmt.Errorf("encode preview: %w", err)
	}
	return out.Bytes(), nil
}

// decode turns a decoder's panic into an error: these parsers read what
// anybody sends.
func decode(r io.Reader) (img image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			img, err = nil, fmt.Errorf("%w: %v", ErrNotPicture, p)
		}
	}()
	img, _, err = image.Decode(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotPicture, err)
	}
	if img.Bounds().Empty() {
		return nil, ErrNotPicture
	}
	return img, nil
}
