package blob

import (
	"strings"
	"testing"
)

func TestClassify(t *testing.T) {
	const (
		jpeg = "\xff\xd8\xff\xe0 etc"
		png  = "\x89PNG\r\n\x1a\n etc"
		gif  = "GIF89a etc"
		webp = "RIFF\x00\x00\x00\x00WEBPVP8 "
		pdf  = "%PDF-1.7"
		zip  = "PK\x03\x04 etc"
		ole  = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 etc"
		heic = "\x00\x00\x00\x18ftypheic"
		mov  = "\x00\x00\x00\x18ftypqt  "
		html = "<!DOCTYPE html><script>alert(1)</script>"
		svg  = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
		xml  = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>`
		exe  = "MZ\x90\x00\x03"
		text = "the projector in 12 is dark"
	)
	for _, x := range []struct {
		name, head string
		kind       Kind
		as         string
	}{
		{"a.jpg", jpeg, Image, "image/jpeg"},
		{"A.JPEG", jpeg, Image, "image/jpeg"},
		{"image", jpeg, Image, "image/jpeg"}, // as some phones send it
		{"a.png", png, Image, "image/png"},
		{"a.gif", gif, Image, "image/gif"},
		{"a.webp", webp, Image, "image/webp"},
		{"a.heic", heic, Document, "image/heic"},
		{"a.mov", mov, Document, "video/quicktime"},
		{"a.pdf", pdf, Document, "application/pdf"},
		{"a.docx", zip, Document, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"a.xls", ole, Document, "application/vnd.ms-excel"},
		{"a.txt", text, Document, "text/plain"},
		{"a.csv", text, Document, "text/csv"},

		{"a.png", jpeg, Other, Opaque},
		{"a.jpg", html, Other, Opaque},
		{"a.pdf", html, Other, Opaque},
		{"a.html", html, Other, Opaque},
		{"a.htm", text, Other, Opaque},
		{"a.svg", svg, Other, Opaque},
		{"a.png", svg, Other, Opaque},
		{"image", svg, Other, Opaque},
		{"image", html, Other, Opaque},
		{"a.xml", xml, Other, Opaque},
		{"a.txt", html, Other, Opaque},
		{"a.js", text, Other, Opaque},
		{"a.exe", exe, Other, Opaque},
		{"a.jpg.exe", exe, Other, Opaque},
		{"a.jpg.exe", jpeg, Other, Opaque},
		{"a.docx", exe, Other, Opaque},
		{"a.js", "GIF89a/*" + text + "*/=1;alert(1)", Other, Opaque}, // both a picture and a program
		{"a.html", pdf + html, Other, Opaque},
		{"a.php\x00.jpg", text, Other, Opaque},
		{"photo\u202egpj.exe", jpeg, Other, Opaque},
		{"a.jpg.", jpeg, Image, "image/jpeg"},
		{"", text, Other, Opaque},
		{"a.txt", "\x00\x01\x02", Other, Opaque},
	} {
		if kind, as := Classify(x.name, sniff([]byte(x.head))); kind != x.kind || as != x.as {
			t.Errorf("%q with %.12q (%s): %s %s, want %s %s", x.name, x.head, sniff([]byte(x.head)), kind, as, x.kind, x.as)
		}
	}
	for ext, a := range accepted {
		if strings.Contains(a.as, "html") || strings.Contains(a.as, "xml") && !strings.Contains(a.as, "openxml") || strings.Contains(a.as, "script") || strings.Contains(a.as, "svg") {
			t.Errorf(".%s is sent as %s, which a browser may run", ext, a.as)
		}
	}
}
