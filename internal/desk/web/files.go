package web

import (
	"net/http"

	"trellis/internal/desk"
	"trellis/internal/platform/web"
)

// file is a file from outside: always a download, whatever is in it. The name
// in the address is for people; the one in the answer is the stored one.
func (s *pages) file(w http.ResponseWriter, r *http.Request) error {
	n, err := pathNumber(r, "id")
	if err != nil {
		return err
	}
	c, err := s.desk.OpenFile(r.Context(), desk.FileID(n))
	if err != nil {
		return err
	}
	defer c.Close()
	return web.SendFile(w, r, web.File{Name: c.Name, Type: c.Type, Modified: c.At, Content: c})
}

// preview is the picture that was made anew from a picture: the only thing
// from outside that a page shows.
func (s *pages) preview(w http.ResponseWriter, r *http.Request) error {
	n, err := pathNumber(r, "id")
	if err != nil {
		return err
	}
	c, err := s.desk.OpenPreview(r.Context(), desk.FileID(n))
	if err != nil {
		return err
	}
	defer c.Close()
	return web.SendFile(w, r, web.File{Name: c.Name, Type: c.Type, Modified: c.At, Content: c, Inline: true})
}
