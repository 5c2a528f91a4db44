// Package secret keeps what must not be known: passwords as slow hashes,
// tokens as fast ones.
//
// A password is guessable, so its hash costs memory and time (argon2id), and
// the process does no more than two at once: a thousand people, or one machine
// posing as them, wait in a line that costs nothing. A token is 160 random
// bits, so a plain SHA-256 of it is enough, and finding it by that hash in an
// index leaks nothing that helps to guess another.
package secret

import "crypto/subtle"

// Equal compares in constant time; unequal lengths are unequal at once, which
// tells nobody anything for values whose length is public.
func Equal(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }
