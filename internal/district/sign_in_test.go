package district_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/secret"
)

// Whoever does not get in reads the same and costs the same.
func TestSignInTellsNobodyWhoIsHere(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		h.withPassword(h.dana)
		gone := h.person("Gone Person", "gone@jv.example", 0, district.Grant{Role: district.RoleStaff})
		h.withPassword(gone)
		p := must(h.Person(h.sys, gone))(t)
		must(h.DeactivatePerson(h.sys, gone, p.Version))(t)

		var first error
		for i, c := range []struct{ what, email, pw string }{
			{"unknown", "who@jv.example", password},
			{"wrong password", "dana@jv.example", password + "x"},
			{"no password", "sam@jv.example", password},
			{"deactivated", "gone@jv.example", password},
			{"huge", strings.Repeat("a", 5000) + "@jv.example", strings.Repeat("b", 5000)},
			{"no text", "da\x00na\xff@jv.example", "\xff\x00"},
		} {
			before := h.hash.verified.Load()
			attempts := h.count(`SELECT count(*) FROM district_attempt`)
			_, err := h.signIn(c.email, c.pw, fmt.Sprintf("198.51.100.%d", i))
			refusedAs(t, err, errs.Invalid, "district.sign_in.refused")
			if first == nil {
				first = err
			}
			if err == nil || err.Error() != first.Error() {
				t.Errorf("%s: %v, not %v", c.what, err, first)
			}
			if n := h.hash.verified.Load() - before; n != 1 {
				t.Errorf("%s: %d passwords checked, want 1", c.what, n)
			}
			if n := h.count(`SELECT count(*) FROM district_attempt`) - attempts; n != 3 {
				t.Errorf("%s: counted %d times, want 3", c.what, n)
			}
		}
		_, err := h.signIn(" ", "", "")
		field(t, err, "email", "field.required")
		field(t, err, "password", "field.required")

		token := must(h.signIn(" DANA@jv.example ", password, "198.51.100.9"))(t)
		if a := h.actor(token); a.Person != int64(h.dana) || a.Session == 0 {
			t.Errorf("signed in as %+v", a)
		}
		if again := must(h.signIn("dana@jv.example", password, "198.51.100.9"))(t); again == token {
			t.Error("two sign-ins have one token")
		}
		// What is kept of the token is its hash alone, and the log says who it was.
		if n := h.count(`SELECT count(*) FROM district_session WHERE agent LIKE '%' || $1 || '%'`, token); n != 0 {
			t.Error("the token is kept")
		}
		if n := h.count(`SELECT count(*) FROM event WHERE kind = 'session.started' AND actor = $1`, h.dana); n < 2 {
			t.Errorf("%d sign-ins by Dana in the log", n)
		}
	})
}

func TestSignInIsThrottled(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		h.withPassword(h.dana)
		inside := h.session(h.dana)
		for _, email := range []string{"dana@jv.example", "nobody@jv.example"} {
			for range 10 {
				_, err := h.signIn(email, "wrong", "203.0.113.7")
				refusedAs(t, err, errs.Invalid, "district.sign_in.refused")
			}
			before := h.hash.verified.Load()
			_, err := h.signIn(email, password, "203.0.113.7")
			var e *errs.Error
			if !errors.As(err, &e) || e.Kind != errs.Throttled || e.Key != "district.sign_in.wait" || e.RetryAfter != 15*time.Minute || e.Args["Count"] != 15 {
				t.Errorf("%s: %+v, want to wait", email, err)
			}
			if h.hash.verified.Load() != before {
				t.Errorf("%s: a throttled try was checked", email)
			}
		}
		if h.actor(inside).Kind != policy.Person {
			t.Error("throttling shut out who was signed in")
		}
		// Dana herself is elsewhere: not shut out by a stranger's failures.
		if _, err := h.signIn("dana@jv.example", password, "198.51.100.1"); err != nil {
			t.Errorf("shut out by failures elsewhere: %v", err)
		}
		// Waiting ends it.
		h.clock.Advance(15*time.Minute - time.Second)
		if _, err := h.signIn("dana@jv.example", password, "203.0.113.7"); !errs.Is(err, errs.Throttled) {
			t.Errorf("a second early: %v", err)
		}
		h.clock.Advance(time.Second)
		if _, err := h.signIn("dana@jv.example", password, "203.0.113.7"); err != nil {
			t.Errorf("after the window: %v", err)
		}
		// What she mistyped before she got in no longer counts against her.
		for range 9 {
			_, _ = h.signIn("dana@jv.example", "wrong", "203.0.113.7")
		}
		must(h.signIn("dana@jv.example", password, "203.0.113.7"))(t)
		_, err := h.signIn("dana@jv.example", "wrong", "203.0.113.7")
		refusedAs(t, err, errs.Invalid, "district.sign_in.refused")
	})
}

// From many places an account takes forty tries, from one place fifty may be
// made at any accounts, and a hundred at once pass no limit.
func TestSignInIsThrottledAcrossPlacesAndAccounts(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		count := func(n int, try func(i int) (email, addr string)) (reached int64) {
			before := h.hash.verified.Load()
			var wg sync.WaitGroup
			for w := range 4 {
				wg.Go(func() {
					for i := w; i < n; i += 4 {
						email, addr := try(i)
						_, err := h.signIn(email, "wrong", addr)
						if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Throttled) && !errs.Is(err, errs.Unavailable) {
							t.Errorf("%v", err)
						}
					}
				})
			}
			wg.Wait()
			return h.hash.verified.Load() - before
		}
		if n := count(60, func(i int) (string, string) { return "sam@jv.example", fmt.Sprintf("2001:db8:%x::1", i) }); n > 40 || n < 30 {
			t.Errorf("one account from everywhere: %d tries reached the password", n)
		}
		if n := count(60, func(i int) (string, string) {
			return fmt.Sprintf("p%d@jv.example", i), fmt.Sprintf("2001:db8:ffff:1::%x", i+1)
		}); n > 50 || n < 40 {
			t.Errorf("all accounts from one network: %d tries reached the password", n)
		}
		h.clock.Advance(16 * time.Minute)
		if err := h.Sweep(h.sys); err != nil {
			t.Fatal(err)
		}
		if n := h.count(`SELECT count(*) FROM district_attempt`); n != 0 {
			t.Errorf("%d tries left after the sweep", n)
		}
	})
}

// A hash made at another cost is made again when its owner signs in.
func TestSignInRenewsTheHash(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		h.withPassword(h.dana)
		dearer, err := secret.NewHasher(secret.Params{MemoryKiB: 16, Passes: 1, Lanes: 1})
		if err != nil {
			t.Fatal(err)
		}
		d := district.New(district.Deps{DB: h.db, Hasher: dearer})
		if _, _, err := d.SignIn(context.Background(), district.SignIn{Email: "dana@jv.example", Password: password}); err != nil {
			t.Fatal(err)
		}
		if n := h.count(`SELECT count(*) FROM district_person WHERE id = $1 AND password LIKE '$argon2id$v=19$m=16,%'`, h.dana); n != 1 {
			t.Error("the old hash is still there")
		}
		must(h.signIn("dana@jv.example", password, ""))(t)
	})
}
