package district

import (
	"context"
	"fmt"
	"net/netip"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/secret"
)

// ChangePassword is the old password and the new one.
type ChangePassword struct {
	Old   string
	New   string
	Agent string
	Addr  netip.Addr
}

// ChangePassword changes the signed-in person's password, ends all their
// sessions, and returns the token of a new one for the browser that asked. A
// wrong old password is counted like a failed sign-in.
func (d *District) ChangePassword(ctx context.Context, c ChangePassword) (plain string, s Session, err error) {
	_, me, err := self(ctx)
	if err != nil {
		return "", s, err
	}
	var who credential
	var about []string
	var list []bucket
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		who, list, about, err = ownCredential(tx, me, c.Addr)
		return err
	})
	if err != nil {
		return "", s, err
	}
	var in errs.Check
	if c.Old == "" {
		in.Fail("old", "field.required")
	}
	secret.CheckPassword(&in, "new", c.New, about...)
	if c.New != "" && c.New == c.Old {
		in.Fail("new", "district.password.same")
	}
	if err := in.Err(); err != nil {
		return "", s, err
	}
	_, ids, err := d.prove(ctx, list, who, c.Old)
	if errs.Is(err, errs.Invalid) {
		in.Fail("old", "district.password.wrong")
		return "", s, in.Err()
	}
	if err != nil {
		return "", s, err
	}
	phc, err := d.hash.Hash(ctx, c.New)
	if err != nil {
		return "", s, fmt.Errorf("hash new password: %w", err)
	}
	err = d.db.Write(ctx, "change password", func(tx *db.Tx) (err error) {
		tx.OnCommit(d.forget)
		if err := stillGood(tx, who); err != nil {
			return err
		}
		if err := release(tx, list, ids); err != nil {
			return err
		}
		plain, s, err = newPassword(tx, me, phc, c.Agent)
		return err
	})
	if err != nil {
		return "", Session{}, err
	}
	return plain, s, nil
}

// ownCredential reads what the person's own password is checked with.
func ownCredential(tx *db.Tx, me PersonID, addr netip.Addr) (who credential, list []bucket, about []string, err error) {
	p, err := personByID(tx, me)
	if err != nil {
		return who, nil, nil, err
	}
	profile, err := profileOf(tx)
	if err != nil {
		return who, nil, nil, err
	}
	if who, err = credentialByEmail(tx, foldEmail(p.Email)); err != nil {
		return who, nil, nil, err
	}
	list = buckets(foldEmail(p.Email), addr)
	return who, list, []string{p.Email, p.Name, profile.Name}, mayTry(tx, list)
}

// newPassword sets a password, ends every session and starts one.
func newPassword(tx *db.Tx, id PersonID, phc, agent string) (plain string, s Session, err error) {
	if _, err := tx.Exec(`UPDATE district_person SET password = $1 WHERE id = $2`, phc, id); err != nil {
		return "", s, err
	}
	if _, err := tx.Exec(`DELETE FROM district_invite WHERE person = $1 AND used IS NULL`, id); err != nil {
		return "", s, err
	}
	if _, err := endSessions(tx, id, 0); err != nil {
		return "", s, err
	}
	if err := emit(tx, "password.changed", aboutPerson, id, nil); err != nil {
		return "", s, err
	}
	return startSession(tx, id, agent)
}
