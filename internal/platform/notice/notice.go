// Package notice is how a person is told something: a row in their own list,
// written in the transaction that caused it. It holds why (a message key with
// arguments), about what, and how urgent it is; words are made when it is
// read, in the reader's language.
//
// Nobody is told what they did themselves. Unread notices of one person with
// the same digest key are one notice with a count, so that a busy hour is one
// line and not fifty.
//
// A notice changes nothing in the district's records and is not in the event
// log: what caused it is.
package notice

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/policy"
)

// Migrations make the table; the schema's name is "notice".
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Urgency is how soon a person should know.
type Urgency int

const (
	Low    Urgency = iota // when they look
	Normal                // today
	High                  // soon
	Urgent                // now
)

// Notice is something to tell a person.
type Notice struct {
	To      int64          // the person's id
	Why     string         // message key; its message may use Args and Count
	Args    map[string]any // what JSON can hold; personal text is allowed and stays here only
	About   event.Ref      // what it is about, and where a click leads
	Urgency Urgency
	// Digest folds notices: while one of this key is unread, the next is
	// added to it. Why, Args and About are then the newest's, Urgency the
	// highest. "" stands alone.
	Digest string
	// Force tells people also what they did themselves.
	Force bool
}

// Send writes a notice within tx. It does nothing if the person is the one who
// acts, unless n.Force.
func Send(tx *db.Tx, n Notice) error {
	if n.To <= 0 || n.Why == "" || n.Urgency < Low || n.Urgency > Urgent {
		return fmt.Errorf("send notice %q to %d: no such person, message or urgency", n.Why, n.To)
	}
	if a := policy.ActorFrom(tx.Context()); a.Kind == policy.Person && a.Person == n.To && !n.Force {
		return nil
	}
	if n.Args == nil {
		n.Args = map[string]any{}
	}
	if _, ok := n.Args["Count"]; ok {
		return errors.New("send notice: the argument Count is the number of folded notices")
	}
	args, err := json.Marshal(n.Args)
	if err != nil {
		return fmt.Errorf("send notice %s: %w", n.Why, err)
	}
	if err := insert(tx, n, string(args)); err != nil {
		return fmt.Errorf("send notice %s: %w", n.Why, err)
	}
	return nil
}

// Item is a notice as its person finds it.
type Item struct {
	ID      int64
	Why     string
	Args    map[string]any // whole numbers are int64, others float64
	About   event.Ref
	Urgency Urgency
	Count   int // 1, or how many were folded into it
	Unread  bool
	First   time.Time // when the first of them was sent
	At      time.Time // when the newest was sent
}

// Most is where Unread stops counting: nobody reads "1,204 new" differently
// from "99+".
const Most = 100
