package district

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/secret"
)

// InviteLasts is how long an invitation may be followed.
const InviteLasts = 7 * 24 * time.Hour

const invitePrefix = "invite"

// MakeInvite makes a link token by which a person sets a password, once,
// within seven days: for somebody new, and for who forgot theirs. It ends the
// invitations made before. The plain token is shown once and handed over by
// the administrator who asked.
func (d *District) MakeInvite(ctx context.Context, person PersonID) (plain string, expires time.Time, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return "", expires, err
	}
	plain, hash := secret.NewToken(invitePrefix)
	err = d.db.Write(ctx, "make invitation", func(tx *db.Tx) error {
		p, err := personByID(tx, person)
		switch {
		case err != nil:
			return err
		case !p.Active:
			return errs.E(errs.Conflict, "district.person.inactive", "Name", p.Name)
		case p.Email == "":
			return errs.E(errs.Conflict, "district.invite.no_email", "Name", p.Name)
		}
		if _, err := tx.Exec(`DELETE FROM district_invite WHERE person = $1 AND used IS NULL`, person); err != nil {
			return err
		}
		expires = tx.Now().Add(InviteLasts)
		if _, err := tx.Exec(`INSERT INTO district_invite (person, hash, created, expires) VALUES ($1, $2, $3, $4)`,
			person, hash, db.Us(tx.Now()), db.Us(expires)); err != nil {
			return err
		}
		return emit(tx, "invite.made", aboutPerson, person, nil)
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return plain, expires, nil
}

// Invite is what the page behind an invitation shows.
type Invite struct {
	Person  PersonID
	Name    string
	Email   string
	Lang    string
	Expires time.Time
}

// Invite looks at an invitation without using it up: mail scanners follow
// links too. Unknown, used and expired ones are refused alike.
func (d *District) Invite(ctx context.Context, token string) (Invite, error) {
	hash, err := secret.ParseToken(invitePrefix, token)
	if err != nil {
		return Invite{}, errInvite()
	}
	var i Invite
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		i, err = inviteByHash(tx, hash)
		return err
	})
	return i, err
}

func errInvite() error { return errs.E(errs.NotFound, "district.invite.refused") }

func inviteByHash(tx *db.Tx, hash []byte) (i Invite, err error) {
	err = tx.QueryRow(`SELECT p.id, p.name, p.email, p.lang, i.expires FROM district_invite i JOIN district_person p ON p.id = i.person
		WHERE i.hash = $1 AND i.used IS NULL AND i.expires > $2 AND p.active`, hash, db.Us(tx.Now())).
		Scan(&i.Person, &i.Name, db.OrZero(&i.Email), &i.Lang, db.At(&i.Expires))
	if errors.Is(err, sql.ErrNoRows) {
		return Invite{}, errInvite()
	}
	if err != nil {
		return Invite{}, fmt.Errorf("read invitation: %w", err)
	}
	return i, nil
}

// AcceptInvite is an invitation's token and the password the person chose.
type AcceptInvite struct {
	Token    string
	Password string
	Agent    string
}

// AcceptInvite sets the password, ends whatever sessions there were and signs
// the person in. The invitation is used up.
func (d *District) AcceptInvite(ctx context.Context, c AcceptInvite) (plain string, s Session, err error) {
	i, err := d.Invite(ctx, c.Token)
	if err != nil {
		return "", s, err
	}
	p, err := d.Profile(ctx)
	if err != nil {
		return "", s, err
	}
	var in errs.Check
	secret.CheckPassword(&in, "password", c.Password, i.Email, i.Name, p.Name)
	if err := in.Err(); err != nil {
		return "", s, err
	}
	phc, err := d.hash.Hash(ctx, c.Password)
	if err != nil {
		return "", s, fmt.Errorf("hash chosen password: %w", err)
	}
	hash := secret.HashToken(c.Token)
	err = d.db.Write(AsPerson(ctx, i.Person), "accept invitation", func(tx *db.Tx) error {
		tx.OnCommit(d.forget)
		i, err := inviteByHash(tx, hash) // somebody may have been faster
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE district_invite SET used = $1 WHERE hash = $2`, db.Us(tx.Now()), hash); err != nil {
			return err
		}
		if err := emit(tx, "invite.accepted", aboutPerson, i.Person, nil); err != nil {
			return err
		}
		plain, s, err = newPassword(tx, i.Person, phc, c.Agent)
		return err
	})
	if err != nil {
		return "", Session{}, err
	}
	return plain, s, nil
}
