package district

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// How long a session lasts: not used, and at most.
const (
	SessionIdle = 14 * 24 * time.Hour
	SessionMost = 90 * 24 * time.Hour

	// touchEvery keeps "last seen" true to the hour at one write an hour.
	touchEvery = time.Hour
)

// Session is one signed-in browser.
type Session struct {
	ID      SessionID
	Person  PersonID
	Agent   string // "Chrome · ChromeOS"
	Created time.Time
	Seen    time.Time // true to the hour
	Expires time.Time // at the latest, however much it is used
	Current bool      // the one that asks
}

// session is what is kept of a session to let a request in.
type session struct {
	id            SessionID
	person        PersonID
	seen, expires time.Time
}

func (s session) alive(now time.Time) bool {
	return now.Before(s.expires) && now.Sub(s.seen) < SessionIdle
}

// newSessionToken is 256 random bits; only their hash is kept.
func newSessionToken() (plain string, hash [32]byte) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	plain = base64.RawURLEncoding.EncodeToString(b)
	return plain, sha256.Sum256([]byte(plain))
}

// StartSession signs a person in once somebody (a password, later the school's
// own sign-in) has vouched for them, and returns the token for the cookie.
// NotFound if the person is not active. The transaction's context says who
// acts; AsPerson makes it the person.
func StartSession(tx *db.Tx, person PersonID, agent string) (plain string, s Session, err error) {
	if ok, err := personActive(tx, person); err != nil {
		return "", s, err
	} else if !ok {
		return "", s, notFound()
	}
	return startSession(tx, person, agent)
}

func startSession(tx *db.Tx, person PersonID, agent string) (plain string, s Session, err error) {
	plain, hash := newSessionToken()
	s = Session{Person: person, Agent: agentLine(agent), Created: tx.Now(), Seen: tx.Now(), Expires: tx.Now().Add(SessionMost), Current: true}
	err = tx.QueryRow(`INSERT INTO district_session (person, hash, created, seen, expires, agent) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		person, hash[:], db.Us(s.Created), db.Us(s.Seen), db.Us(s.Expires), s.Agent).Scan(&s.ID)
	if err != nil {
		return "", s, fmt.Errorf("start session: %w", err)
	}
	var ch diff
	notePersonal(&ch, "agent", "", s.Agent)
	note(&ch, "person", 0, person)
	return plain, s, emit(tx, "session.started", aboutSession, s.ID, ch)
}

// AsPerson is the context in which a person acts who has just proved who they
// are, through the door they came by.
func AsPerson(ctx context.Context, id PersonID) context.Context {
	a := policy.ActorFrom(ctx)
	return policy.WithActor(ctx, policy.Actor{Kind: policy.Person, Person: int64(id), Door: a.Door, RequestID: a.RequestID})
}

func agentLine(s string) string {
	var c errs.Check
	s = Line(&c, "agent", s, 1000, false)
	if utf8.RuneCountInString(s) > 80 {
		s = string([]rune(s)[:80])
	}
	return s
}

// Sessions lists the signed-in person's own sessions, the newest first.
func (d *District) Sessions(ctx context.Context) ([]Session, error) {
	a, me, err := self(ctx)
	if err != nil {
		return nil, err
	}
	now := d.clock.Now()
	var out []Session
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		out, err = db.List(tx, func(r *db.Rows, s *Session) error {
			return r.Scan(&s.ID, &s.Person, &s.Agent, db.At(&s.Created), db.At(&s.Seen), db.At(&s.Expires))
		}, `SELECT id, person, agent, created, seen, expires FROM district_session WHERE person = $1 AND expires > $2 AND seen > $3 ORDER BY id DESC`,
			me, db.Us(now), db.Us(now.Add(-SessionIdle)))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	for i := range out {
		out[i].Current = int64(out[i].ID) == a.Session
	}
	return out, nil
}

// Revoke ends one of the person's own sessions. Somebody else's is NotFound.
func (d *District) Revoke(ctx context.Context, id SessionID) error {
	_, me, err := self(ctx)
	if err != nil {
		return err
	}
	return d.write(ctx, "end session", nil, func(tx *db.Tx) error {
		var gone SessionID
		err := tx.QueryRow(`DELETE FROM district_session WHERE id = $1 AND person = $2 RETURNING id`, id, me).Scan(&gone)
		if errors.Is(err, sql.ErrNoRows) {
			return notFound()
		}
		if err != nil {
			return err
		}
		return emit(tx, "session.ended", aboutSession, id, diff{change("person", me, 0, false)})
	})
}

// RevokeOthers ends all of the person's sessions but the one that asks, and
// says how many.
func (d *District) RevokeOthers(ctx context.Context) (n int, err error) {
	a, me, err := self(ctx)
	if err != nil {
		return 0, err
	}
	err = d.write(ctx, "end other sessions", &n, func(tx *db.Tx) error {
		n, err = endSessions(tx, me, SessionID(a.Session))
		return err
	})
	return n, err
}

// EndSessions ends all sessions of a person, for an administrator who heard
// that a device was lost. It says how many there were.
func (d *District) EndSessions(ctx context.Context, person PersonID) (n int, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return 0, err
	}
	err = d.write(ctx, "end sessions", &n, func(tx *db.Tx) error {
		if ok, err := exists(tx, `SELECT EXISTS (SELECT 1 FROM district_person WHERE id = $1)`, person); err != nil {
			return err
		} else if !ok {
			return notFound()
		}
		n, err = endSessions(tx, person, 0)
		return err
	})
	return n, err
}

// SignOut ends the session that asks. Without one there is nothing to end.
func (d *District) SignOut(ctx context.Context) error {
	a, _, err := self(ctx)
	if err != nil || a.Session == 0 {
		return err
	}
	err = d.Revoke(ctx, SessionID(a.Session))
	if errs.Is(err, errs.NotFound) { // ended meanwhile, by the same wish
		return nil
	}
	return err
}

// endSessions ends all sessions of a person but one.
func endSessions(tx *db.Tx, person PersonID, but SessionID) (int, error) {
	gone, err := db.List(tx, func(r *db.Rows, id *SessionID) error { return r.Scan(id) },
		`DELETE FROM district_session WHERE person = $1 AND id <> $2 RETURNING id`, person, but)
	if err != nil {
		return 0, err
	}
	if len(gone) == 0 {
		unchanged(tx)
		return 0, nil
	}
	for _, id := range gone {
		if err := emit(tx, "session.ended", aboutSession, id, diff{change("person", person, 0, false)}); err != nil {
			return 0, err
		}
	}
	return len(gone), nil
}

// DescribeAgent makes a line for people out of a browser's User-Agent header:
// "Chrome · ChromeOS".
func DescribeAgent(userAgent string) string {
	find := func(names ...[2]string) string {
		for _, n := range names {
			if strings.Contains(userAgent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	browser := find([2]string{"Edg/", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"Firefox/", "Firefox"}, [2]string{"FxiOS/", "Firefox"},
		[2]string{"CriOS/", "Chrome"}, [2]string{"Chrome/", "Chrome"}, [2]string{"Safari/", "Safari"}, [2]string{"curl/", "curl"})
	system := find([2]string{"CrOS", "ChromeOS"}, [2]string{"Windows", "Windows"}, [2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"},
		[2]string{"Android", "Android"}, [2]string{"Macintosh", "macOS"}, [2]string{"Linux", "Linux"})
	switch {
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + " · " + system
}
