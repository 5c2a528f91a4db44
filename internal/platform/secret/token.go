package secret

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
)

// Tokens are written in an alphabet without i, l, o and u, so that nobody has
// to tell 1 from l when one is read off a screen.
var alphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

const (
	tokenBytes = 20 // 160 bits
	bodyChars  = 32 // of the alphabet
	sumChars   = 4  // 20 bits of checksum
)

// Errors of ParseToken. Both mean "no"; the difference helps a person who
// pasted a token by hand.
var (
	ErrNotToken = errors.New("not a token of this kind")
	ErrMistyped = errors.New("a token with a typing mistake")
)

// NewToken makes a random token such as "trl_5f0…" for showing once, and the
// hash under which to store it. The prefix (a-z and digits) says what it is
// for, so that a leaked one is recognised by whoever finds it.
func NewToken(prefix string) (plain string, hash []byte) {
	body := alphabet.EncodeToString(random(tokenBytes))
	plain = prefix + "_" + body + checksum(prefix, body)
	return plain, HashToken(plain)
}

// HashToken is the hash under which a token is stored and found: SHA-256 of
// the token as NewToken wrote it, after undoing what pasting and typing do to
// it (spaces, capitals, o for 0).
func HashToken(plain string) []byte {
	sum := sha256.Sum256([]byte(canonical(plain)))
	return sum[:]
}

// ParseToken checks a token that somebody presents, without looking it up:
// ErrNotToken if it is no token with this prefix, ErrMistyped if it is one with
// a mistake in it, else the hash to look for.
func ParseToken(prefix, plain string) (hash []byte, err error) {
	if len(plain) > 256 {
		return nil, ErrNotToken
	}
	c := canonical(plain)
	body, ok := strings.CutPrefix(c, prefix+"_")
	if !ok {
		return nil, ErrNotToken
	}
	if len(body) != bodyChars+sumChars || !Equal([]byte(checksum(prefix, body[:bodyChars])), []byte(body[bodyChars:])) {
		return nil, ErrMistyped
	}
	return HashToken(c), nil
}

func checksum(prefix, body string) string {
	sum := sha256.Sum256([]byte(prefix + "_" + body))
	return alphabet.EncodeToString(sum[:])[:sumChars]
}

func canonical(plain string) string {
	plain = strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' || r == '-':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, plain)
	at := strings.LastIndexByte(plain, '_') + 1
	return plain[:at] + lookalikes.Replace(plain[at:])
}

var lookalikes = strings.NewReplacer("o", "0", "i", "1", "l", "1")
