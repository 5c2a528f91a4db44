package secret

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

func TestToken(t *testing.T) {
	seen := map[string]bool{}
	shape := regexp.MustCompile(`^trl_[0-9a-hjkmnp-tv-z]{36}$`)
	for range 1000 {
		plain, hash := NewToken("trl")
		if !shape.MatchString(plain) || len(hash) != 32 || seen[plain] {
			t.Fatalf("token %q, %d bytes of hash, seen %v", plain, len(hash), seen[plain])
		}
		seen[plain] = true
		for _, typed := range []string{plain, " " + plain + "\n", strings.ToUpper(plain), plain[:12] + " - " + plain[12:], strings.NewReplacer("0", "O", "1", "l").Replace(plain[4:])} {
			if !strings.Contains(typed, "_") {
				typed = "trl_" + typed
			}
			got, err := ParseToken("trl", typed)
			if err != nil || !Equal(got, hash) || !Equal(HashToken(typed), hash) {
				t.Fatalf("%q typed as %q: %v", plain, typed, err)
			}
		}
	}
}

func TestTokenMistakes(t *testing.T) {
	body := "0123456789abcdefghjkmnpqrstvwxyz"
	plain := "trl_" + body + checksum("trl", body)
	if _, err := ParseToken("trl", plain); err != nil {
		t.Fatal(err)
	}
	const letters = "0123456789abcdefghjkmnpqrstvwxyz"
	for i := 4; i < len(plain); i++ {
		for _, l := range letters {
			if byte(l) == plain[i] {
				continue
			}
			if _, err := ParseToken("trl", plain[:i]+string(l)+plain[i+1:]); !errors.Is(err, ErrMistyped) {
				t.Fatalf("%c at %d: %v", l, i, err)
			}
		}
		if i+1 < len(plain) && plain[i] != plain[i+1] {
			swapped := plain[:i] + string(plain[i+1]) + string(plain[i]) + plain[i+2:]
			if _, err := ParseToken("trl", swapped); !errors.Is(err, ErrMistyped) {
				t.Fatalf("swapped at %d: %v", i, err)
			}
		}
	}
	for typed, want := range map[string]error{
		"":                       ErrNotToken,
		"trl":                    ErrNotToken,
		"key_" + plain[4:]:       ErrNotToken,
		plain[4:]:                ErrNotToken,
		"trl_":                   ErrMistyped,
		plain[:len(plain)-1]:     ErrMistyped,
		plain + "0":              ErrMistyped,
		strings.Repeat(plain, 9): ErrNotToken,
	} {
		if _, err := ParseToken("trl", typed); !errors.Is(err, want) {
			t.Errorf("%.50q: %v, want %v", typed, err, want)
		}
	}
	// The prefix belongs to the checksum: a key for one thing is none for another.
	if checksum("key", body) == checksum("trl", body) {
		t.Error("prefixes share checksums")
	}
}
