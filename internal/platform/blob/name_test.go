package blob

import (
	"mime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{
		"photo.jpg":                       "photo.jpg",
		"Señal de la pizarra (2).png":     "Señal de la pizarra (2).png",
		"教室.pdf":                          "教室.pdf",
		"":                                "file",
		".":                               "file",
		"..":                              "file",
		"...":                             "file",
		"../../etc/passwd":                "passwd",
		`..\..\windows\win.ini`:           "win.ini",
		`C:\Users\ana\desk.txt`:           "desk.txt",
		"/":                               "file",
		".htaccess":                       "htaccess",
		"\u200b.htaccess":                 "htaccess",
		".\u200bhtaccess\u00a0":           "htaccess",
		"~~.bashrc":                       "bashrc",
		"a\x00.php":                       "a.php",
		"evil.php\x00.jpg":                "evil.php.jpg",
		"a\r\nSet-Cookie: x=y":            "aSet-Cookie_ x=y",
		"file.txt::$DATA":                 "file.txt__$DATA",
		"photo\u202egpj.exe":              "photogpj.exe", // was shown as photoexe.jpg
		"zero\u200bwidth\ufeff.txt":       "zerowidth.txt",
		"e\u0301.txt":                     "é.txt",
		"CON":                             "_CON",
		"nul.tar.gz":                      "_nul.tar.gz",
		"com1 .txt":                       "_com1 .txt",
		"console.txt":                     "console.txt",
		"trailing. . ":                    "trailing",
		"a\t b\n\nc.txt":                  "a bc.txt",
		`quo"te<b>.txt`:                   "quo_te_b_.txt",
		"a／b＼c∕d.txt":                     "a_b_c_d.txt",
		"bad\xff\xfeutf.txt":              "bad_utf.txt",
		"-rf.txt":                         "rf.txt",
		strings.Repeat("x", 300) + ".jpg": strings.Repeat("x", 196) + ".jpg",
		strings.Repeat("é", 200) + ".jpg": strings.Repeat("é", 98) + ".jpg",
		"a." + strings.Repeat("y", 300):   "a." + strings.Repeat("y", 198),
		"\u3164\u115f\u2800":              "file",
	} {
		if got := CleanName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestContentDisposition(t *testing.T) {
	for name, want := range map[string]string{
		"photo.jpg":      `attachment; filename="photo.jpg"`,
		"Señal 100%.png": `attachment; filename="Senal 100_.png"; filename*=UTF-8''Se%C3%B1al%20100%25.png`,
		"教室.pdf":         `attachment; filename="__.pdf"; filename*=UTF-8''%E6%95%99%E5%AE%A4.pdf`,
		"it's.txt":       `attachment; filename="it's.txt"`,
		"a\"\r\nX: y":    `attachment; filename="a_X_ y"`,
	} {
		if got := ContentDisposition(name); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"photo.jpg", "..\\..\\x", "a\x00b", "\u202e\u200b.htaccess", strings.Repeat("é", 500), "CON.txt", "a;b=\"c\".txt", "%41.txt", "\xff", "ﬀ．．／x", "a\u0300\u0300", ". .a. .", "_con", "a.b."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		c := CleanName(name)
		switch {
		case c == "", c == ".", c == "..":
			t.Fatalf("%q: no name", c)
		case len(c) > maxName:
			t.Fatalf("%q has %d bytes", c, len(c))
		case !utf8.ValidString(c):
			t.Fatalf("%q is not UTF-8", c)
		case c[0] == '.' || strings.HasSuffix(c, ".") || strings.TrimSpace(c) != c:
			t.Fatalf("%q begins or ends with what hides", c)
		case strings.ContainsAny(c, "/\\:*?\"<>|"):
			t.Fatalf("%q leads elsewhere", c)
		case strings.ContainsFunc(c, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }):
			t.Fatalf("%q has characters that show nothing", c)
		case CleanName(c) != c:
			t.Fatalf("%q becomes %q the second time", c, CleanName(c))
		}
		h := ContentDisposition(name)
		if strings.ContainsFunc(h, func(r rune) bool { return r < 0x20 || r > 0x7e }) {
			t.Fatalf("header %q", h)
		}
		kind, params, err := mime.ParseMediaType(h)
		if err != nil || kind != "attachment" || params["filename"] != c {
			t.Fatalf("%s reads as %s %q (%v), the name is %q", h, kind, params["filename"], err, c)
		}
	})
}
