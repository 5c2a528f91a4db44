package secret

import (
	"strings"
	"testing"

	"trellis/internal/platform/errs"
)

func TestCheckPassword(t *testing.T) {
	about := []string{"jordan.rivera@maplewood.example.org", "Jordan Rivera", "Maple Grove Schools"}
	for password, want := range map[string]string{
		"":                                  "field.required",
		"short one":                         "field.too_short",
		"ﬃﬃﬃﬃ":                              "field.password_common", // four signs, twelve letters after NFKC
		strings.Repeat("a b c ", 22):        "field.too_long",
		strings.Repeat("é", 129):            "field.too_long",
		strings.Repeat("x", 10_000):         "field.too_long",
		"tab\there and more":                "field.invalid",
		"broken \xff bytes":                 "field.invalid",
		"nul\x00 in the middle":             "field.invalid",
		"aaaaaaaaaaaa":                      "field.password_common",
		"abababababab":                      "field.password_common",
		"123456789012":                      "field.password_common",
		"987654321098":                      "field.password_common",
		"202620262026":                      "field.password_common",
		"qwertyuiopas":                      "field.password_common",
		"qwerty123456":                      "field.password_common",
		"1qaz2wsx3edc":                      "field.password_common",
		"q1w2e3r4t5y6":                      "field.password_common",
		"a1b2c3d4e5f6":                      "field.password_common",
		"abcdefghijklm":                     "field.password_common",
		"Password1234":                      "field.password_common",
		"P@ssw0rd2026!":                     "field.password_common",
		"passwordpassword":                  "field.password_common",
		"Welcome2School!":                   "field.password_common",
		"Chromebook2026":                    "field.password_common",
		"GoEagles!2026":                     "field.password_common",
		"ILoveMyTeacher1":                   "field.password_common",
		"Spring-Summer-2026":                "field.password_common",
		"contraseña2026":                    "field.password_common",
		"changeme12345":                     "field.password_common",
		"LetMeIn!LetMeIn!":                  "field.password_common",
		"jordan.rivera":                     "field.password_personal",
		"JordanRivera26!":                   "field.password_personal",
		"rivera-likes-tea":                  "field.password_personal",
		"Maplewood#2026":                    "field.password_personal",
		"mapleGROVE2026":                    "field.password_personal",
		"rivera grows blue tulips by night": "", // enough is left without the name
		"correct horse battery staple":      "",
		"lápiz azul bajo la mesa":           "",
		"purple tractor 9 soup":             "",
		"kX7#mQ2$vL9p":                      "",
		"seven teacups on the roof":         "",
		"我的密码是很安全的真的吗":                      "",
	} {
		var c errs.Check
		CheckPassword(&c, "password", password, about...)
		got := ""
		if err := c.Err(); err != nil {
			got = err.(*errs.Error).Fields[0].Key
		}
		if got != want {
			t.Errorf("%.40q: got %q, want %q", password, got, want)
		}
	}
}

// What CheckPassword accepts can be hashed, whatever it consists of.
func FuzzPassword(f *testing.F) {
	for _, s := range []string{"", "purple tractor 9 soup", "ﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺ", strings.Repeat("ﷺ", 128), "a\u0300\u0300", "\xff"} {
		f.Add(s, "a@b.example")
	}
	f.Fuzz(func(t *testing.T, password, about string) {
		var c errs.Check
		CheckPassword(&c, "p", password, about)
		if c.Err() == nil {
			if _, ok := normalize(password); !ok {
				t.Errorf("accepted and can't be hashed: %q", password)
			}
		}
	})
}
