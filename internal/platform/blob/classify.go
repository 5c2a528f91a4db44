package blob

import (
	"bytes"
	"net/http"
	"path"
	"strings"
)

// Kind is what a page may do with a blob.
type Kind string

const (
	Image    Kind = "image"    // can be shown, made anew by Preview
	Document Kind = "document" // known for what it says it is; download only
	Other    Kind = "other"    // unknown, or not what its name says; download only, as plain bytes
)

// Opaque is the type under which anything may be sent: a browser does nothing
// with it but save it.
const Opaque = "application/octet-stream"

const sniffLen = 512

// sniff judges content by its first bytes.
func sniff(head []byte) string {
	switch {
	case len(head) >= 12 && bytes.Equal(head[4:8], []byte("ftyp")):
		switch brand := string(head[8:12]); brand {
		case "heic", "heix", "heim", "heis", "mif1", "msf1":
			return "image/heic"
		case "avif", "avis":
			return "image/avif"
		case "qt  ":
			return "video/quicktime"
		case "M4A ":
			return "audio/mp4"
		default:
			return "video/mp4"
		}
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "application/x-ole-storage"
	case bytes.HasPrefix(head, []byte("{\\rtf")):
		return "application/rtf"
	}
	t, _, _ := strings.Cut(http.DetectContentType(head), ";")
	return t
}

// accepted maps an extension to the type it is sent as and the contents it may
// have. Anything that a browser would run (HTML, SVG, XML, scripts) is not in
// it, whatever its content.
var accepted = map[string]struct {
	kind     Kind
	as       string
	contents []string
}{
	"jpg":  {Image, "image/jpeg", []string{"image/jpeg"}},
	"jpeg": {Image, "image/jpeg", []string{"image/jpeg"}},
	"jfif": {Image, "image/jpeg", []string{"image/jpeg"}},
	"png":  {Image, "image/png", []string{"image/png"}},
	"gif":  {Image, "image/gif", []string{"image/gif"}},
	"webp": {Image, "image/webp", []string{"image/webp"}},

	"heic": {Document, "image/heic", []string{"image/heic"}},
	"heif": {Document, "image/heic", []string{"image/heic"}},
	"avif": {Document, "image/avif", []string{"image/avif"}},
	"pdf":  {Document, "application/pdf", []string{"application/pdf"}},
	"docx": {Document, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{"application/zip"}},
	"xlsx": {Document, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{"application/zip"}},
	"pptx": {Document, "application/vnd.openxmlformats-officedocument.presentationml.presentation", []string{"application/zip"}},
	"odt":  {Document, "application/vnd.oasis.opendocument.text", []string{"application/zip"}},
	"ods":  {Document, "application/vnd.oasis.opendocument.spreadsheet", []string{"application/zip"}},
	"odp":  {Document, "application/vnd.oasis.opendocument.presentation", []string{"application/zip"}},
	"doc":  {Document, "application/msword", []string{"application/x-ole-storage"}},
	"xls":  {Document, "application/vnd.ms-excel", []string{"application/x-ole-storage"}},
	"ppt":  {Document, "application/vnd.ms-powerpoint", []string{"application/x-ole-storage"}},
	"rtf":  {Document, "application/rtf", []string{"application/rtf"}},
	"txt":  {Document, "text/plain", []string{"text/plain"}},
	"log":  {Document, "text/plain", []string{"text/plain"}},
	"md":   {Document, "text/plain", []string{"text/plain"}},
	"csv":  {Document, "text/csv", []string{"text/plain"}},
	"zip":  {Document, "application/zip", []string{"application/zip"}},
	"mp4":  {Document, "video/mp4", []string{"video/mp4"}},
	"m4v":  {Document, "video/mp4", []string{"video/mp4"}},
	"mov":  {Document, "video/quicktime", []string{"video/quicktime", "video/mp4"}},
	"webm": {Document, "video/webm", []string{"video/webm"}},
	"mp3":  {Document, "audio/mpeg", []string{"audio/mpeg"}},
	"m4a":  {Document, "audio/mp4", []string{"audio/mp4", "video/mp4"}},
	"wav":  {Document, "audio/wav", []string{"audio/wave"}},
}

// Classify judges a file by its name's last extension and its sniffed type
// (Info.Type) together: only where both agree is it what it says. The type
// returned is safe to send as a download with nosniff; content that isn't
// what its name says is Other and Opaque. A picture without an extension, as
// some phones send them, is a picture.
func Classify(name, sniffed string) (Kind, string) {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(CleanName(name)), "."))
	if ext == "" {
		for _, a := range accepted {
			if a.kind == Image && a.as == sniffed {
				return Image, sniffed
			}
		}
		return Other, Opaque
	}
	a, ok := accepted[ext]
	if ok {
		for _, c := range a.contents {
			if c == sniffed {
				return a.kind, a.as
			}
		}
	}
	return Other, Opaque
}
