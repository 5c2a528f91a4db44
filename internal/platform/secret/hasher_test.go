package secret

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// cheap keeps tests quick; one test pays the real price.
var cheap = Params{MemoryKiB: 64, Passes: 1, Lanes: 1}

func hasher(t *testing.T, p Params) *Hasher {
	t.Helper()
	h, err := NewHasher(p)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHashAndVerify(t *testing.T) {
	h := hasher(t, Recommended)
	const password = "lápiz azul bajo la mesa"
	phc, err := h.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("not the promised cost: %s", phc)
	}
	again, err := h.Hash(t.Context(), password)
	if err != nil || again == phc {
		t.Errorf("two hashes of one password are the same (%v)", err)
	}
	for _, x := range []struct {
		password string
		want     bool
	}{
		{password, true},
		{"la\u0301piz azul bajo la mesa", true}, // the same letter from another keyboard
		{"lapiz azul bajo la mesa", false},
		{password + " ", false},
		{"", false},
		{strings.Repeat("x", 1<<20), false},
		{"l\xff", false},
	} {
		ok, rehash, err := h.Verify(t.Context(), phc, x.password)
		if err != nil || ok != x.want || rehash {
			t.Errorf("%.40q: %v, rehash %v, %v", x.password, ok, rehash, err)
		}
	}
}

func TestRehashWhenTheCostChanges(t *testing.T) {
	old, now := hasher(t, cheap), hasher(t, Params{MemoryKiB: 64, Passes: 2, Lanes: 1})
	phc, err := old.Hash(t.Context(), "twelve or more")
	if err != nil {
		t.Fatal(err)
	}
	if ok, rehash, err := now.Verify(t.Context(), phc, "twelve or more"); !ok || !rehash || err != nil {
		t.Errorf("%v %v %v", ok, rehash, err)
	}
	if ok, rehash, err := now.Verify(t.Context(), phc, "another, wrong one"); ok || rehash || err != nil {
		t.Errorf("a wrong password: %v %v %v", ok, rehash, err)
	}
}

// Whatever is asked, the line is the same: an account that doesn't exist, a
// password that can't be one and a hash that can't be read all wait for a turn
// and pay for it, which is what timing could otherwise tell apart.
func TestEveryAnswerPaysTheSame(t *testing.T) {
	h := hasher(t, cheap)
	phc, err := h.Hash(t.Context(), "twelve or more")
	if err != nil {
		t.Fatal(err)
	}
	if p, _, _, err := decode(h.dummy); err != nil || p != h.params {
		t.Fatalf("the stand-in costs %v (%v), a hash costs %v", p, err, h.params)
	}
	turns <- struct{}{}
	turns <- struct{}{}
	free := func() { <-turns; <-turns }
	cases := map[string][2]string{
		"known":          {phc, "twelve or more"},
		"wrong":          {phc, "twelve or less"},
		"unknown":        {"", "twelve or more"},
		"unreadable":     {"$argon2id$v=19$m=1", "twelve or more"},
		"no password":    {phc, strings.Repeat("x", 10_000)},
		"unknown, empty": {"", ""},
	}
	for name, c := range cases {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := h.Verify(ctx, c[0], c[1]); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: answered without a turn: %v", name, err)
		}
	}
	free()
	for name, c := range cases {
		ok, _, err := h.Verify(t.Context(), c[0], c[1])
		if ok != (name == "known") || (err != nil) != (name == "unreadable") {
			t.Errorf("%s: %v %v", name, ok, err)
		}
	}
}

func TestUnreadableHashes(t *testing.T) {
	good := encode(cheap, make([]byte, 16), make([]byte, 32))
	if _, _, _, err := decode(good); err != nil {
		t.Fatal(err)
	}
	for _, phc := range []string{
		"x", "$2b$12$abcdefghijklmnopqrstuv",
		strings.Replace(good, "argon2id", "argon2i", 1),
		strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=64", "m=4194304", 1), // 4 GiB: what comes from elsewhere must not decide that
		strings.Replace(good, "m=64", "m=064", 1),
		strings.Replace(good, "t=1", "t=1000000", 1),
		strings.Replace(good, "p=1", "p=0", 1),
		strings.Replace(good, "p=1", "p=1,x=2", 1),
		good + "$", good[:len(good)-40], strings.Replace(good, "$AAAA", "$A!AA", 1),
		strings.Replace(good, "$AAAAAAAAAAAAAAAAAAAAAA$", "$$", 1),
	} {
		if _, _, _, err := decode(phc); err == nil {
			t.Errorf("read %q", phc)
		}
	}
}

// A thousand people who sign in at once cost a thousand waiting goroutines and
// the memory of two hashes.
func TestAThousandWait(t *testing.T) {
	h := hasher(t, Recommended)
	turns <- struct{}{}
	turns <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var wg, started sync.WaitGroup
	for range 1000 {
		wg.Add(1)
		started.Add(1)
		go func() {
			defer wg.Done()
			started.Done()
			if _, _, err := h.Verify(ctx, "", "twelve or more"); !errors.Is(err, context.Canceled) {
				t.Errorf("got a turn that nobody had: %v", err)
			}
		}()
	}
	started.Wait()
	runtime.ReadMemStats(&during)
	if grew := int64(during.HeapAlloc) - int64(before.HeapAlloc); grew > 16<<20 {
		t.Errorf("waiting takes %d bytes", grew)
	}
	cancel()
	wg.Wait()
	<-turns
	<-turns
}

func BenchmarkVerify(b *testing.B) {
	h, err := NewHasher(Recommended)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := h.Verify(b.Context(), "", "twelve or more"); err != nil {
			b.Fatal(err)
		}
	}
}
