package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"trellis/internal/desk"
	"trellis/internal/platform/web"
)

func (o operations) upload(w http.ResponseWriter, r *http.Request) error {
	name := web.Query(r).String("name")
	f, err := o.desk.AddFile(r.Context(), name, bodyReader{r.Body})
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusCreated, wireFile(f))
}

// bodyReader tells a client that went away from a disk that failed.
type bodyReader struct{ io.Reader }

func (b bodyReader) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = web.BodyError(err)
	}
	return n, err
}

// download answers the file as it came, never to be shown in our origin.
func (o operations) download(w http.ResponseWriter, r *http.Request) error {
	return send(w, r, o.desk.OpenFile, false)
}

// preview answers the picture that was made anew, which is safe to show.
func (o operations) preview(w http.ResponseWriter, r *http.Request) error {
	return send(w, r, o.desk.OpenPreview, true)
}

func send(w http.ResponseWriter, r *http.Request, open func(context.Context, desk.FileID) (*desk.Content, error), inline bool) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	c, err := open(r.Context(), desk.FileID(id))
	if err != nil {
		return err
	}
	defer c.Close()
	return web.SendFile(w, r, web.File{Name: c.Name, Type: c.Type, Modified: c.At, Content: c, Inline: inline})
}

// writeJSON answers a raw operation as the others are answered.
func writeJSON(w http.ResponseWriter, status int, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, err = w.Write(append(raw, '\n'))
	return err
}
