package app

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
)

// manifestOf skips to the end of an archive and reads its manifest.
func manifestOf(ctx context.Context, path string) (m Manifest, err error) {
	f, err := os.Open(path)
	if err != nil {
		return m, err
	}
	defer f.Close()
	zip, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		return m, err
	}
	for arc := tar.NewReader(zip); ; {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		h, err := arc.Next()
		if errors.Is(err, io.EOF) {
			return m, errors.New("it was cut off: its manifest is missing")
		}
		if err != nil {
			return m, err
		}
		if h.Name == manifestName {
			return m, json.NewDecoder(io.LimitReader(arc, 1<<30)).Decode(&m)
		}
	}
}
