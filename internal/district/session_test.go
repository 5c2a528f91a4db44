package district_test

import (
	"context"
	"testing"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

func TestSessionsEndByTime(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		idle, used := h.session(h.dana), h.session(h.dana)
		for range 13 {
			h.clock.Advance(24 * time.Hour)
			h.actor(used)
		}
		h.clock.Advance(24*time.Hour - time.Microsecond)
		if h.actor(idle).Kind != policy.Person {
			t.Fatal("ended before fourteen days")
		}
		idle = h.session(h.dana)
		h.clock.Advance(14 * 24 * time.Hour)
		if h.actor(idle).Kind != policy.Anonymous {
			t.Error("not used for fourteen days and still open")
		}
		if h.actor(used).Kind != policy.Anonymous {
			t.Error("not used for fourteen days and still open")
		}

		// Used every day, it ends after ninety.
		used = h.session(h.dana)
		for i := range 89 {
			h.clock.Advance(24 * time.Hour)
			if h.actor(used).Kind != policy.Person {
				t.Fatalf("ended after %d days of use", i+1)
			}
		}
		h.clock.Advance(24*time.Hour - time.Microsecond)
		if h.actor(used).Kind != policy.Person {
			t.Error("ended before ninety days")
		}
		h.clock.Advance(time.Microsecond)
		if h.actor(used).Kind != policy.Anonymous {
			t.Error("open after ninety days")
		}
		if err := h.Sweep(h.sys); err != nil {
			t.Fatal(err)
		}
		if n := h.count(`SELECT count(*) FROM district_session`); n != 0 {
			t.Errorf("%d sessions left after the sweep", n)
		}
	})
}

// A request writes when a session was last used at most once an hour.
func TestSessionUseIsNotedHourly(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		token := h.session(h.dana)
		before := h.db.Stats().Writes
		for range 120 {
			h.clock.Advance(time.Minute)
			h.actor(token)
		}
		if n := h.db.Stats().Writes - before; n != 2 {
			t.Errorf("%d writes in two hours, want 2", n)
		}
		reads := h.db.Stats().Reads
		for range 50 {
			h.actor(token)
		}
		if n := h.db.Stats().Reads - reads; n != 0 {
			t.Errorf("%d reads for requests within a moment, want none", n)
		}
	})
}

func TestSessionsAreListedAndRevoked(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		mine := h.as(h.dana)
		lost, other := h.session(h.dana), h.session(h.dana)
		theirs := h.session(h.sam)
		list := must(h.Sessions(mine))(t)
		if len(list) != 3 || !list[2].Current || list[0].Current || list[0].ID < list[2].ID {
			t.Fatalf("sessions %+v", list)
		}
		lostID := district.SessionID(h.actor(lost).Session)
		if err := h.Revoke(h.as(h.sam), lostID); !errs.Is(err, errs.NotFound) {
			t.Errorf("Sam ended Dana's session: %v", err)
		}
		if err := h.Revoke(mine, lostID); err != nil {
			t.Fatal(err)
		}
		if h.actor(lost).Kind != policy.Anonymous {
			t.Error("revoked and still open")
		}
		if h.actor(other).Kind != policy.Person || h.actor(theirs).Kind != policy.Person {
			t.Error("revoking one ended another")
		}
		if n := must(h.RevokeOthers(mine))(t); n != 1 {
			t.Errorf("ended %d others, want 1", n)
		}
		if h.actor(other).Kind != policy.Anonymous {
			t.Error("an other session is still open")
		}
		if n := must(h.RevokeOthers(mine))(t); n != 0 {
			t.Errorf("ended %d more", n)
		}
		if err := h.SignOut(mine); err != nil {
			t.Fatal(err)
		}
		if err := h.SignOut(mine); err != nil {
			t.Errorf("signing out twice: %v", err)
		}
		if len(must(h.Sessions(mine))(t)) != 0 {
			t.Error("signed out and still listed")
		}
	})
}

// Another node ends a session: within five seconds it is ended here too. What
// this process does counts at once.
func TestRevocationIsSeenWithinFiveSeconds(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		elsewhere := district.New(district.Deps{DB: h.db, Hasher: h.hash})
		token := h.session(h.tina)
		if h.actor(token).Kind != policy.Person {
			t.Fatal("Tina can't act")
		}
		p := must(elsewhere.Person(h.sys, h.tina))(t)
		must(elsewhere.DeactivatePerson(h.sys, h.tina, p.Version))(t)
		h.clock.Advance(5*time.Second + time.Microsecond)
		if h.actor(token).Kind != policy.Anonymous {
			t.Error("still open after five seconds")
		}

		token = h.session(h.dana)
		a := h.actor(token)
		if !a.HasRole(district.RoleTier1) {
			t.Fatal("Dana lost her role")
		}
		p = must(h.Person(h.sys, h.dana))(t)
		must(h.ChangePerson(h.sys, changed(p, func(c *district.ChangePerson) {
			c.Grants = []district.Grant{{Role: district.RoleTeacher, Site: h.marsh}}
		})))(t)
		if a = h.actor(token); a.HasRole(district.RoleTier1) || !a.HasRole(district.RoleTeacher) {
			t.Errorf("roles right after the change: %v", a.Grants)
		}
		// A clock that is set back makes nothing last longer.
		h.actor(token)
		must(elsewhere.EndSessions(h.sys, h.dana))(t)
		h.clock.Advance(-time.Hour)
		if h.actor(token).Kind != policy.Anonymous {
			t.Error("believed what was read in the future")
		}
	})
}

func TestChangePassword(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		h.withPassword(h.dana)
		here, there := must(h.signIn("dana@jv.example", password, ""))(t), h.session(h.dana)
		ctx := policy.WithActor(context.Background(), h.actor(here))

		_, _, err := h.ChangePassword(ctx, district.ChangePassword{Old: "not it at all", New: newPassword})
		field(t, err, "old", "district.password.wrong")
		_, _, err = h.ChangePassword(ctx, district.ChangePassword{Old: password, New: "dana whitfield"})
		field(t, err, "new", "field.password_personal")
		_, _, err = h.ChangePassword(ctx, district.ChangePassword{Old: password, New: password})
		field(t, err, "new", "district.password.same")
		if h.actor(here).Kind != policy.Person {
			t.Fatal("a refused change ended the session")
		}

		fresh, _, err := h.ChangePassword(ctx, district.ChangePassword{Old: password, New: newPassword, Agent: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if h.actor(here).Kind != policy.Anonymous || h.actor(there).Kind != policy.Anonymous {
			t.Error("an old session is still open")
		}
		if h.actor(fresh).Person != int64(h.dana) {
			t.Error("the new session does not work")
		}
		_, err = h.signIn("dana@jv.example", password, "")
		refusedAs(t, err, errs.Invalid, "district.sign_in.refused")
		must(h.signIn("dana@jv.example", newPassword, ""))(t)

		// Who found an open browser can't guess for ever.
		ctx = policy.WithActor(context.Background(), h.actor(fresh))
		for range 10 {
			_, _, _ = h.ChangePassword(ctx, district.ChangePassword{Old: "guessing again", New: password})
		}
		_, _, err = h.ChangePassword(ctx, district.ChangePassword{Old: newPassword, New: password})
		refusedAs(t, err, errs.Throttled, "district.sign_in.wait")
	})
}

func TestInvitations(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		old, _, err := h.MakeInvite(h.sys, h.tina)
		if err != nil {
			t.Fatal(err)
		}
		link, until, err := h.MakeInvite(h.sys, h.tina)
		if err != nil || until != h.clock.Now().Add(7*24*time.Hour) {
			t.Fatalf("until %v, %v", until, err)
		}
		_, err = h.Invite(ctx, old)
		refusedAs(t, err, errs.NotFound, "district.invite.refused")
		for range 3 { // looking uses nothing up
			if i := must(h.Invite(ctx, link))(t); i.Person != h.tina || i.Email != "tina@jv.example" {
				t.Errorf("invitation %+v", i)
			}
		}
		_, _, err = h.AcceptInvite(ctx, district.AcceptInvite{Token: link, Password: "short"})
		field(t, err, "password", "field.too_short")
		before := h.session(h.tina)
		token, _, err := h.AcceptInvite(ctx, district.AcceptInvite{Token: link, Password: password})
		if err != nil {
			t.Fatal(err)
		}
		if h.actor(token).Person != int64(h.tina) || h.actor(before).Kind != policy.Anonymous {
			t.Error("the invitation signs in its person and nobody else")
		}
		_, _, err = h.AcceptInvite(ctx, district.AcceptInvite{Token: link, Password: newPassword})
		refusedAs(t, err, errs.NotFound, "district.invite.refused")
		must(h.signIn("tina@jv.example", password, ""))(t)

		late, _, err := h.MakeInvite(h.sys, h.pat)
		if err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(7 * 24 * time.Hour)
		_, _, err = h.AcceptInvite(ctx, district.AcceptInvite{Token: late, Password: password})
		refusedAs(t, err, errs.NotFound, "district.invite.refused")

		_, _, err = h.MakeInvite(h.sys, h.stu)
		refusedAs(t, err, errs.Conflict, "district.invite.no_email")
	})
}

// A session can't be started for somebody who was deactivated.
func TestStartSessionNeedsAnActivePerson(t *testing.T) {
	furnished(t, func(t *testing.T, h *house) {
		p := must(h.Person(h.sys, h.tina))(t)
		must(h.DeactivatePerson(h.sys, h.tina, p.Version))(t)
		err := h.db.Write(context.Background(), "sign in", func(tx *db.Tx) error {
			_, _, err := district.StartSession(tx, h.tina, "")
			return err
		})
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("got %v", err)
		}
	})
}

func TestDescribeAgent(t *testing.T) {
	for ua, want := range map[string]string{
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36":                 "Chrome · ChromeOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile Safari/604": "Safari · iPhone",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0":      "Edge · Windows",
		"curl/8.5": "curl",
		"":         "",
	} {
		if got := district.DescribeAgent(ua); got != want {
			t.Errorf("%q: %q, want %q", ua, got, want)
		}
	}
}
