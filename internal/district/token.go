package district

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/secret"
)

// TokenPrefix begins every API token, so that a leaked one is recognised.
const TokenPrefix = "trl"

const (
	maxTokenDays = 365
	maxTokens    = 50 // live ones of one person
)

// Token is an API token without its secret.
type Token struct {
	ID      TokenID
	Person  PersonID
	Name    string
	Scopes  []string
	Created time.Time
	Seen    time.Time // true to the hour, zero if never used
	Expires time.Time
	Revoked time.Time // zero if it was not
}

// CreateToken is a new API token.
type CreateToken struct {
	For    PersonID // 0 is the signed-in person; only Trellis itself (the command line) names another
	Name   string   // what it is for
	Scopes []string // some of ScopesFor
	Days   int      // how long it works: 1..365, 0 means 365
}

// CreateToken makes an API token and returns it in plain, once. Sent again
// with the same idempotency key it answers the token without its plain text,
// which is kept nowhere.
func (d *District) CreateToken(ctx context.Context, c CreateToken) (plain string, t Token, err error) {
	a, me, err := tokenOwner(ctx, c.For)
	if err != nil {
		return "", t, err
	}
	var in errs.Check
	c.Name = Line(&in, "name", c.Name, maxName, true)
	if c.Days == 0 {
		c.Days = maxTokenDays
	}
	switch {
	case c.Days < 1:
		in.Fail("days", "field.too_small", "Min", 1)
	case c.Days > maxTokenDays:
		in.Fail("days", "field.too_large", "Max", maxTokenDays)
	}
	scopes := slices.Clone(c.Scopes)
	slices.Sort(scopes)
	if scopes = slices.Compact(scopes); len(scopes) == 0 {
		in.Fail("scopes", "field.required")
	}
	if err := in.Err(); err != nil {
		return "", t, err
	}
	plain, hash := secret.NewToken(TokenPrefix)
	made := false
	err = d.write(ctx, "create token", &t, func(tx *db.Tx) error {
		made = true
		if err := mayHold(tx, a, me, scopes); err != nil {
			return err
		}
		t = Token{Person: me, Name: c.Name, Scopes: scopes, Created: tx.Now(), Expires: tx.Now().AddDate(0, 0, c.Days)}
		err := tx.QueryRow(`INSERT INTO district_token (person, name, hash, scopes, created, expires) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
			me, t.Name, hash, strings.Join(scopes, " "), db.Us(t.Created), db.Us(t.Expires)).Scan(&t.ID)
		if err != nil {
			return err
		}
		var ch diff
		notePersonal(&ch, "name", "", t.Name)
		note(&ch, "person", 0, me)
		note(&ch, "scopes", "", strings.Join(scopes, " "))
		note(&ch, "days", 0, c.Days)
		return emit(tx, "token.created", aboutToken, t.ID, ch)
	})
	if err != nil {
		return "", Token{}, err
	}
	if !made {
		plain = ""
	}
	return plain, t, nil
}

// tokenOwner is whose tokens a command is about.
func tokenOwner(ctx context.Context, person PersonID) (policy.Actor, PersonID, error) {
	a := policy.ActorFrom(ctx)
	if a.Kind == policy.System && person != 0 {
		return a, person, nil
	}
	a, me, err := self(ctx)
	if err == nil && person != 0 && person != me {
		err = notFound()
	}
	return a, me, err
}

// mayHold refuses scopes that the person's roles can't make use of, as they
// are now and not as they were when the session was read.
func mayHold(tx *db.Tx, a policy.Actor, id PersonID, scopes []string) error {
	me, err := meOf(tx, id)
	if err != nil {
		return err
	}
	if me.Person == 0 {
		return notFound()
	}
	may := ScopesFor(policy.Actor{Kind: policy.Person, Person: int64(id), Grants: me.Grants})
	var in errs.Check
	for _, s := range scopes {
		switch {
		case !slices.Contains(Scopes, s):
			in.Fail("scopes", "field.unknown_choice")
			return in.Err()
		case !slices.Contains(may, s):
			in.Fail("scopes", "district.token.scope")
			return in.Err()
		}
	}
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM district_token WHERE person = $1 AND revoked IS NULL AND expires > $2`, id, db.Us(tx.Now())).Scan(&n); err != nil {
		return err
	}
	if n >= maxTokens {
		return errs.E(errs.Conflict, "district.token.many", "Max", maxTokens)
	}
	return nil
}

// Tokens lists the signed-in person's tokens, the newest first, those that no
// longer work included.
func (d *District) Tokens(ctx context.Context) ([]Token, error) {
	_, me, err := self(ctx)
	if err != nil {
		return nil, err
	}
	var out []Token
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		out, err = db.List(tx, func(r *db.Rows, t *Token) error {
			var scopes string
			err := r.Scan(&t.ID, &t.Person, &t.Name, &scopes, db.At(&t.Created), db.AtNull(&t.Seen), db.AtNull(&t.Expires), db.AtNull(&t.Revoked))
			t.Scopes = strings.Fields(scopes)
			return err
		}, `SELECT id, person, name, scopes, created, seen, expires, revoked FROM district_token WHERE person = $1 ORDER BY id DESC`, me)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return out, nil
}

// RevokeToken ends one of the person's own tokens; an administrator ends
// anybody's. Others are NotFound.
func (d *District) RevokeToken(ctx context.Context, id TokenID) error {
	a := policy.ActorFrom(ctx)
	all := seesAll(a) && mayChange.Permits(a)
	var me PersonID
	if !all {
		var err error
		if _, me, err = self(ctx); err != nil {
			return err
		}
	}
	return d.write(ctx, "revoke token", nil, func(tx *db.Tx) error {
		var person PersonID
		var revoked time.Time
		err := tx.QueryRow(`SELECT person, revoked FROM district_token WHERE id = $1 AND ($2 OR person = $3)`, id, all, me).Scan(&person, db.AtNull(&revoked))
		if errors.Is(err, sql.ErrNoRows) {
			return notFound()
		}
		if err != nil {
			return err
		}
		if !revoked.IsZero() {
			unchanged(tx)
			return nil
		}
		if _, err := tx.Exec(`UPDATE district_token SET revoked = $1 WHERE id = $2`, db.Us(tx.Now()), id); err != nil {
			return err
		}
		return emit(tx, "token.revoked", aboutToken, id, diff{change("person", person, 0, false)})
	})
}

// tokenRow is what is kept of a token to let a call in.
type tokenRow struct {
	id            TokenID
	person        PersonID
	scopes        []string
	seen, expires time.Time
}

// TokenDoor finds out for the JSON API who a bearer token speaks for.
type TokenDoor struct{ District *District }

// Resolve is ResolveToken.
func (t TokenDoor) Resolve(ctx context.Context, plain string) (policy.Actor, error) {
	return t.District.ResolveToken(ctx, plain)
}

// ResolveToken finds who an API token speaks for. One that is unknown, revoked
// or expired is the zero Actor without error. Like Resolve it believes for
// five seconds what it read.
func (d *District) ResolveToken(ctx context.Context, plain string) (policy.Actor, error) {
	raw, err := secret.ParseToken(TokenPrefix, plain)
	if err != nil {
		return policy.Actor{}, nil
	}
	hash := [32]byte(raw)
	gen, now := d.gen.Load(), d.clock.Now()
	t, known := d.tokens.get(hash, gen, now)
	me, met := d.people.get(t.person, gen, now)
	if !known || !met {
		err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
			if t, err = tokenByHash(tx, hash[:]); err != nil || t.id == 0 {
				return err
			}
			me, err = meOf(tx, t.person)
			return err
		})
		if err != nil {
			return policy.Actor{}, fmt.Errorf("find token: %w", err)
		}
	}
	if t.id == 0 || me.Person == 0 || !t.expires.IsZero() && !now.Before(t.expires) {
		return policy.Actor{}, nil
	}
	if now.Sub(t.seen) >= touchEvery {
		d.touch(ctx, `UPDATE district_token SET seen = $1 WHERE id = $2 AND (seen IS NULL OR seen < $1)`, now, int64(t.id))
		t.seen = now
		known = false
	}
	if !known {
		d.tokens.put(hash, t, gen, now)
	}
	if !met {
		d.people.put(t.person, me, gen, now)
	}
	return policy.Actor{Kind: policy.Person, Person: int64(t.person), Grants: me.Grants, Token: int64(t.id), Scopes: t.scopes, Door: policy.DoorAPI}, nil
}

func tokenByHash(tx *db.Tx, hash []byte) (t tokenRow, err error) {
	var scopes string
	err = tx.QueryRow(`SELECT id, person, scopes, seen, expires FROM district_token WHERE hash = $1 AND revoked IS NULL`, hash).
		Scan(&t.id, &t.person, &scopes, db.AtNull(&t.seen), db.AtNull(&t.expires))
	if errors.Is(err, sql.ErrNoRows) {
		return tokenRow{}, nil
	}
	t.scopes = strings.Fields(scopes)
	return t, err
}
