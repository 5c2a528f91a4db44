package secret

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"trellis/internal/platform/errs"
)

// A password is 12 to 128 characters, counted after NFKC. There is no rule for
// digits or signs: such rules make people write Password1! and nothing safer.
const (
	minPassword = 12
	maxPassword = 128
)

// CheckPassword notes on c what keeps a new password from being accepted for
// the field: its length, that it is easy to guess, or that it contains one of
// the things known about the person (e-mail address, name, organization).
func CheckPassword(c *errs.Check, field, password string, about ...string) {
	if !validText(password) {
		c.Fail(field, "field.invalid")
		return
	}
	if len(password) > 4*maxPassword {
		c.Fail(field, "field.too_long", "Max", maxPassword)
		return
	}
	plain := norm.NFKC.String(password)
	switch n := utf8.RuneCountInString(plain); {
	case n == 0:
		c.Fail(field, "field.required")
	case n < minPassword:
		c.Fail(field, "field.too_short", "Min", minPassword)
	case n > maxPassword:
		c.Fail(field, "field.too_long", "Max", maxPassword)
	case personal(plain, about):
		c.Fail(field, "field.password_personal")
	case guessable(plain):
		c.Fail(field, "field.password_common")
	}
}

// validText refuses what no keyboard sends: broken UTF-8 and control characters.
func validText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// personal reports whether a password is built around something known about
// the person: a part of four letters or more of a name or address stands in it,
// and what is left is too short to be a password of its own.
func personal(password string, about []string) bool {
	rest := squash(password)
	found := false
	for _, a := range about {
		name, domain, isMail := strings.Cut(a, "@")
		words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		words = append([]string{squash(name)}, words...)
		if isMail {
			host, _, _ := strings.Cut(domain, ".")
			words = append(words, host)
		}
		for _, w := range words {
			if w = squash(w); len(w) >= 4 && strings.Contains(rest, w) {
				rest, found = strings.ReplaceAll(rest, w, ""), true
			}
		}
	}
	return found && utf8.RuneCountInString(rest) < minPassword
}

// squash lowers a text and keeps letters and digits, so that j.rivera and
// JRivera are one.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(s))
}

// guessable reports whether a password is what everybody thinks of first:
// few different characters, a run along the alphabet or the keyboard, one
// piece repeated, or common words with digits and signs around them.
func guessable(password string) bool {
	lower := strings.ToLower(password)
	if distinct(lower) < 5 || repeated(lower) {
		return true
	}
	rest := strip(unleet(lower))
	if plain := strip(lower); len(plain) < len(rest) {
		rest = plain
	}
	// What is left beside the common pieces must still be worth guessing.
	return utf8.RuneCountInString(rest) < 4
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// repeated reports whether s is one piece of up to half its length over and
// over, the last of them possibly cut.
func repeated(s string) bool {
	r := []rune(s)
	for n := 1; n <= len(r)/2; n++ {
		same := true
		for i := n; i < len(r) && same; i++ {
			same = r[i] == r[i-n]
		}
		if same {
			return true
		}
	}
	return false
}

var unleet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "8", "b", "9", "g", "@", "a", "$", "s", "!", "i").Replace

// strip takes away common words, runs and whatever is neither letter nor
// left over: what remains is what a guesser has to find.
func strip(s string) string {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
	for _, w := range common {
		letters = strings.ReplaceAll(letters, w, " ")
	}
	letters = dropRuns(letters)
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, letters)
}

// runs are the orders in which fingers walk.
var runs = func() []string {
	rows := []string{"abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn", "q1w2e3r4t5y6u7i8o9p0", "a1b2c3d4e5f6g7h8i9j0", "1q2w3e4r5t6y7u8i9o0p", "azertyuiop", "qwertzuiop"}
	out := make([]string, 0, 2*len(rows))
	for _, r := range rows {
		b := []byte(r)
		for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
			b[i], b[j] = b[j], b[i]
		}
		out = append(out, r, string(b))
	}
	return out
}()

// dropRuns takes out pieces of four or more characters that follow a run, and
// characters repeated three times or more.
func dropRuns(s string) string {
	r := []rune(s)
	var out []rune
	for i := 0; i < len(r); {
		n := 1
		for i+n < len(r) && r[i+n] == r[i] {
			n++
		}
		if n >= 3 {
			i += n
			continue
		}
		longest := 0
		for _, run := range runs {
			for n := 4; i+n <= len(r) && n <= len(run); n++ {
				if !strings.Contains(run, string(r[i:i+n])) {
					break
				}
				longest = max(longest, n)
			}
		}
		if longest > 0 {
			i += longest
			continue
		}
		out = append(out, r[i])
		i++
	}
	return string(out)
}
