package secret

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Params are what a hash costs.
type Params struct {
	MemoryKiB uint32 // 8..1,048,576
	Passes    uint32 // 1..16
	Lanes     uint8  // 1..16
}

// Recommended is argon2id at 19 MiB, two passes, one lane: the smaller memory
// setting of the OWASP password storage guidance, about 50 ms on one core.
var Recommended = Params{MemoryKiB: 19 * 1024, Passes: 2, Lanes: 1}

const (
	saltBytes = 16
	hashBytes = 32
)

// turns lets two hashes run at a time in the whole process, whatever the
// number of hashers: their memory is the process's.
var turns = make(chan struct{}, 2)

// Hasher hashes and verifies passwords. Safe for use by many goroutines.
type Hasher struct {
	params Params
	dummy  string // a hash nobody has the password of, verified for unknown accounts
}

// NewHasher makes a hasher that hashes with p. Hashes made with other
// parameters still verify and are reported as due for a new one.
func NewHasher(p Params) (*Hasher, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	h := &Hasher{params: p}
	h.dummy = encode(p, random(saltBytes), random(hashBytes))
	return h, nil
}

func (p Params) check() error {
	switch {
	case p.MemoryKiB < 8*uint32(p.Lanes) || p.MemoryKiB < 8 || p.MemoryKiB > 1<<20:
		return fmt.Errorf("argon2 memory of %d KiB is out of range", p.MemoryKiB)
	case p.Passes < 1 || p.Passes > 16:
		return fmt.Errorf("argon2 with %d passes is out of range", p.Passes)
	case p.Lanes < 1 || p.Lanes > 16:
		return fmt.Errorf("argon2 with %d lanes is out of range", p.Lanes)
	}
	return nil
}

// Hash is the password's hash in PHC form, to be stored as it is. It waits for
// its turn; the error is ctx's if that ends first, or ErrPassword if the
// password is one that CheckPassword would refuse for its length or form.
func (h *Hasher) Hash(ctx context.Context, password string) (phc string, err error) {
	plain, ok := normalize(password)
	if !ok {
		return "", ErrPassword
	}
	salt := random(saltBytes)
	sum, err := derive(ctx, h.params, plain, salt, hashBytes)
	if err != nil {
		return "", err
	}
	return encode(h.params, salt, sum), nil
}

// ErrPassword is a password that can't be hashed: too long or not text.
var ErrPassword = errors.New("password is too long or not text")

// Verify reports whether the password belongs to the hash, and whether the
// hash should be made again because its cost has changed since.
//
// Pass "" as phc for an account that does not exist or has no password: the
// answer is then no, at the same cost, so that timing tells no one which
// accounts there are. A hash that can't be read costs the same and is an error.
func (h *Hasher) Verify(ctx context.Context, phc, password string) (ok, needsRehash bool, err error) {
	plain, acceptable := normalize(password)
	p, salt, want, broken := decode(phc)
	unknown := phc == ""
	if unknown || broken != nil {
		p, salt, want, _ = decode(h.dummy)
	}
	if !acceptable {
		plain = nil // still pays
	}
	got, err := derive(ctx, p, plain, salt, len(want))
	if err != nil {
		return false, false, err
	}
	same := Equal(got, want)
	if broken != nil && !unknown {
		return false, false, fmt.Errorf("read stored password hash: %w", broken)
	}
	if unknown || !acceptable || !same {
		return false, false, nil
	}
	return true, p != h.params || len(salt) != saltBytes || len(want) != hashBytes, nil
}

func derive(ctx context.Context, p Params, plain, salt []byte, n int) ([]byte, error) {
	select {
	case turns <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	defer func() { <-turns }()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("hash a password: %w", err)
	}
	return argon2.IDKey(plain, salt, p.Passes, p.MemoryKiB, p.Lanes, uint32(n)), nil
}

// maxNormalized bounds what is hashed: the longest password in its widest
// encoding, with room for what NFKC unfolds.
const maxNormalized = 4 * maxPassword * 4

// normalize brings a password to NFKC, so that it is the same from every
// keyboard and system; false if it is too long or not UTF-8.
func normalize(password string) ([]byte, bool) {
	if len(password) > 4*maxPassword || !validText(password) {
		return nil, false
	}
	b := norm.NFKC.Bytes([]byte(password))
	return b, len(b) <= maxNormalized
}

var b64 = base64.RawStdEncoding.Strict()

func encode(p Params, salt, sum []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.MemoryKiB, p.Passes, p.Lanes, b64.EncodeToString(salt), b64.EncodeToString(sum))
}

// decode reads a PHC string. It refuses parameters out of range: a hash that
// came from elsewhere must not make the process allocate what it likes.
func decode(phc string) (p Params, salt, sum []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return p, nil, nil, errors.New("not an argon2id hash in PHC form")
	}
	if parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, fmt.Errorf("argon2 version %q", parts[2])
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.MemoryKiB, &p.Passes, &p.Lanes); err != nil || parts[3] != fmt.Sprintf("m=%d,t=%d,p=%d", p.MemoryKiB, p.Passes, p.Lanes) {
		return p, nil, nil, errors.New("argon2 parameters can't be read")
	}
	if err := p.check(); err != nil {
		return p, nil, nil, err
	}
	if salt, err = b64.DecodeString(parts[4]); err != nil || len(salt) < 8 || len(salt) > 64 {
		return p, nil, nil, errors.New("argon2 salt can't be read")
	}
	if sum, err = b64.DecodeString(parts[5]); err != nil || len(sum) < 16 || len(sum) > 64 {
		return p, nil, nil, errors.New("argon2 sum can't be read")
	}
	return p, salt, sum, nil
}

// random reads from the system; crypto/rand ends the process rather than
// return less.
func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
