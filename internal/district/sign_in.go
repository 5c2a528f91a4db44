package district

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// SignIn is an e-mail address and a password.
type SignIn struct {
	Email    string
	Password string
	Agent    string     // the browser, for the person's list of sessions: DescribeAgent
	Addr     netip.Addr // where the request came from; the zero Addr if nobody knows
}

// SignIn starts a session and returns the token for its cookie. Whoever does
// not get in reads the same answer after the same work, whether the address is
// unknown, the password wrong, never set, or the person deactivated. After too
// many tries it is Throttled; people who are signed in are not touched by it.
func (d *District) SignIn(ctx context.Context, c SignIn) (plain string, s Session, err error) {
	var in errs.Check
	if strings.TrimSpace(c.Email) == "" {
		in.Fail("email", "field.required")
	}
	if c.Password == "" {
		in.Fail("password", "field.required")
	}
	if err := in.Err(); err != nil {
		return "", s, err
	}
	account := accountOf(c.Email)
	list := buckets(account, c.Addr)
	var who credential
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		if err := mayTry(tx, list); err != nil {
			return err
		}
		who, err = credentialByEmail(tx, account)
		return err
	})
	if err != nil {
		return "", s, err
	}
	rehash, ids, err := d.prove(ctx, list, who, c.Password)
	if err != nil {
		return "", s, err
	}
	// From here on it is the person who acts.
	err = d.db.Write(AsPerson(ctx, who.person), "sign in", func(tx *db.Tx) (err error) {
		if err := stillGood(tx, who); err != nil {
			return err
		}
		if err := release(tx, list, ids); err != nil {
			return err
		}
		if rehash != "" {
			if _, err := tx.Exec(`UPDATE district_person SET password = $1 WHERE id = $2`, rehash, who.person); err != nil {
				return err
			}
		}
		plain, s, err = startSession(tx, who.person, c.Agent)
		return err
	})
	if err != nil {
		return "", Session{}, err
	}
	return plain, s, nil
}

// credential is what a password is held against. Without a person, or without
// a password, phc is "" and the work is done all the same.
type credential struct {
	person PersonID
	phc    string
}

func errSignIn() error { return errs.E(errs.Invalid, "district.sign_in.refused") }

// accountOf is what tries are counted by and accounts are looked up by.
func accountOf(email string) string {
	if len(email) > maxEmail {
		email = email[:maxEmail]
	}
	// A database refuses what is no text; nobody's address is changed by this.
	return foldEmail(strings.ReplaceAll(strings.ToValidUTF8(email, "�"), "\x00", "�"))
}

func credentialByEmail(tx *db.Tx, fold string) (c credential, err error) {
	err = tx.QueryRow(`SELECT id, password FROM district_person WHERE email_fold = $1 AND active`, fold).Scan(&c.person, db.OrZero(&c.phc))
	if errors.Is(err, sql.ErrNoRows) {
		return credential{}, nil
	}
	return c, err
}

// prove counts the try, then checks the password. rehash is a new hash if the
// old one was made at another cost.
func (d *District) prove(ctx context.Context, list []bucket, who credential, password string) (rehash string, ids []int64, err error) {
	err = d.db.Write(ctx, "count a try to sign in", func(tx *db.Tx) (err error) {
		ids, err = reserve(tx, list)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	ok, again, err := d.hash.Verify(ctx, who.phc, password)
	if err != nil {
		return "", nil, fmt.Errorf("check password: %w", err)
	}
	if !ok || who.person == 0 || who.phc == "" {
		return "", nil, errSignIn()
	}
	if again {
		if rehash, err = d.hash.Hash(ctx, password); err != nil {
			return "", nil, fmt.Errorf("hash password again: %w", err)
		}
	}
	return rehash, ids, nil
}

// stillGood makes sure that nobody took the password or the access away while
// it was checked.
func stillGood(tx *db.Tx, who credential) error {
	ok, err := exists(tx, `SELECT EXISTS (SELECT 1 FROM district_person WHERE id = $1 AND active AND password = $2)`, who.person, who.phc)
	if err != nil {
		return err
	}
	if !ok {
		return errSignIn()
	}
	return nil
}
