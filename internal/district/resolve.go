package district

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// Me is what pages need to know of the person who looks at them. It is shared
// by all who ask: its slices are not to be changed.
type Me struct {
	Person    PersonID
	Name      string
	Email     string
	Title     string
	Lang      string
	Zone      string // their site's, else the district's
	Site      SiteID
	SiteName  string
	Room      RoomID
	AwayUntil time.Time
	Grants    []policy.Grant
	Teams     []TeamID // open teams they are in
}

// Resolve finds who a session cookie belongs to, and their language. A token
// that is unknown, ended or too old is the zero Actor without error. It is
// asked for every request: what it read is believed for five seconds, and not
// at all after this process changed something.
func (d *District) Resolve(ctx context.Context, token string) (policy.Actor, string, error) {
	hash := sha256.Sum256([]byte(token))
	gen, now := d.gen.Load(), d.clock.Now()
	s, known := d.sessions.get(hash, gen, now)
	me, met := d.people.get(s.person, gen, now)
	if !known || !met {
		err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
			if s, err = sessionByHash(tx, hash[:]); err != nil || s.id == 0 {
				return err
			}
			me, err = meOf(tx, s.person)
			return err
		})
		if err != nil {
			return policy.Actor{}, "", fmt.Errorf("find session: %w", err)
		}
	}
	if s.id == 0 || me.Person == 0 || !s.alive(now) {
		return policy.Actor{}, "", nil
	}
	if now.Sub(s.seen) >= touchEvery {
		d.touch(ctx, `UPDATE district_session SET seen = $1 WHERE id = $2 AND seen < $1`, now, int64(s.id))
		s.seen = now
		known = false
	}
	if !known {
		d.sessions.put(hash, s, gen, now)
	}
	if !met {
		d.people.put(s.person, me, gen, now)
	}
	return policy.Actor{Kind: policy.Person, Person: int64(s.person), Grants: me.Grants, Session: int64(s.id)}, me.Lang, nil
}

// touch notes that something was used. A district that can't write (its disk
// is full) still lets people in to read.
func (d *District) touch(ctx context.Context, q string, now time.Time, id int64) {
	err := d.db.Write(ctx, "note use", func(tx *db.Tx) error {
		tx.Unlogged("when a session or token was last used")
		_, err := tx.Exec(q, db.Us(now), id)
		return err
	})
	if err != nil {
		d.log.Debug("could not note when a session or token was used", "err", err)
	}
}

func sessionByHash(tx *db.Tx, hash []byte) (s session, err error) {
	err = tx.QueryRow(`SELECT id, person, seen, expires FROM district_session WHERE hash = $1`, hash).
		Scan(&s.id, &s.person, db.At(&s.seen), db.At(&s.expires))
	if errors.Is(err, sql.ErrNoRows) {
		return session{}, nil
	}
	return s, err
}

// Me is the person who acts in ctx; Unauthenticated if nobody does.
func (d *District) Me(ctx context.Context) (Me, error) {
	a := policy.ActorFrom(ctx)
	if a.Kind != policy.Person {
		return Me{}, errs.E(errs.Unauthenticated, "error.unauthenticated")
	}
	gen, now := d.gen.Load(), d.clock.Now()
	if me, ok := d.people.get(PersonID(a.Person), gen, now); ok {
		return me, nil
	}
	var me Me
	err := d.db.Read(ctx, func(tx *db.Tx) (err error) {
		me, err = meOf(tx, PersonID(a.Person))
		return err
	})
	switch {
	case err != nil:
		return Me{}, fmt.Errorf("read oneself: %w", err)
	case me.Person == 0:
		return Me{}, errs.E(errs.Unauthenticated, "error.unauthenticated")
	}
	d.people.put(me.Person, me, gen, now)
	return me, nil
}

// meOf reads an active person with roles and teams; the zero Me if there is
// none.
func meOf(tx *db.Tx, id PersonID) (me Me, err error) {
	err = tx.QueryRow(`SELECT p.id, p.name, p.email, p.title, p.lang, COALESCE(s.zone, f.zone, 'UTC'), p.site, s.name, p.room, `+AwayUntilSQL("p", "$2")+`
		FROM district_person p LEFT JOIN district_site s ON s.id = p.site LEFT JOIN district_profile f ON f.one = 1
		WHERE p.id = $1 AND p.active`, id, db.Us(tx.Now())).
		Scan(&me.Person, &me.Name, db.OrZero(&me.Email), &me.Title, &me.Lang, &me.Zone, db.OrZero(&me.Site), db.OrZero(&me.SiteName), db.OrZero(&me.Room), db.AtNull(&me.AwayUntil))
	if errors.Is(err, sql.ErrNoRows) {
		return Me{}, nil
	}
	if err != nil {
		return Me{}, err
	}
	// Roles and teams in one go: a team is a row without a role.
	rows, err := tx.Query(`SELECT role, site FROM district_grant WHERE person = $1
		UNION ALL SELECT '', m.team FROM district_member m JOIN district_team t ON t.id = m.team AND t.active WHERE m.person = $1`, id)
	if err != nil {
		return Me{}, err
	}
	defer rows.Close()
	for rows.Next() {
		var role string
		var at int64
		if err := rows.Scan(&role, &at); err != nil {
			return Me{}, err
		}
		if role == "" {
			me.Teams = append(me.Teams, TeamID(at))
		} else {
			me.Grants = append(me.Grants, policy.Grant{Role: role, Scope: at})
		}
	}
	return me, rows.Err()
}
