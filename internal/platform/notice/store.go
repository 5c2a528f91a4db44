package notice

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/event"
)

func insert(tx *db.Tx, n Notice, args string) error {
	_, err := tx.Exec(`INSERT INTO notice (person, why, args, about_kind, about, urgency, digest, count, unread, created_at, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1, TRUE, $8, $8)
		ON CONFLICT (person, digest) WHERE unread AND digest <> '' DO UPDATE SET
			why = excluded.why, args = excluded.args, about_kind = excluded.about_kind, about = excluded.about,
			urgency = CASE WHEN excluded.urgency > notice.urgency THEN excluded.urgency ELSE notice.urgency END,
			count = notice.count + 1, at = excluded.at`,
		n.To, n.Why, args, n.About.Kind, n.About.ID, int(n.Urgency), n.Digest, db.Us(tx.Now()))
	return err
}

// List reads a person's notices, newest first, at most limit. cursor is "" for
// the first page and what the page before returned as next; next is "" on the
// last page. A cursor that List did not give out is Invalid.
func List(tx *db.Tx, person int64, cursor string, limit int) (items []Item, next string, err error) {
	at, id := int64(math.MaxInt64), int64(math.MaxInt64)
	if cursor != "" {
		if at, id, err = parse(cursor); err != nil {
			return nil, "", err
		}
	}
	items, err = db.List(tx, scan, `SELECT id, why, args, about_kind, about, urgency, count, unread, created_at, at FROM notice
		WHERE person = $1 AND (at < $2 OR (at = $2 AND id < $3)) ORDER BY at DESC, id DESC LIMIT $4 + 0`, person, at, id, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("list notices: %w", err)
	}
	if len(items) > limit {
		items = items[:limit]
		last := items[limit-1]
		next = strconv.FormatInt(db.Us(last.At), 36) + "." + strconv.FormatInt(last.ID, 36)
	}
	return items, next, nil
}

func parse(cursor string) (at, id int64, err error) {
	a, b, ok := strings.Cut(cursor, ".")
	if ok {
		if at, err = strconv.ParseInt(a, 36, 64); err == nil {
			id, err = strconv.ParseInt(b, 36, 64)
		}
	}
	if !ok || err != nil {
		return 0, 0, errs.E(errs.Invalid, "error.bad_cursor")
	}
	return at, id, nil
}

func scan(rows *db.Rows, i *Item) error {
	var args string
	if err := rows.Scan(&i.ID, &i.Why, &args, &i.About.Kind, &i.About.ID, &i.Urgency, &i.Count, &i.Unread, db.At(&i.First), db.At(&i.At)); err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(args)))
	dec.UseNumber() // an id must not come back as a rounded float
	if err := dec.Decode(&i.Args); err != nil {
		return fmt.Errorf("args of notice %d: %w", i.ID, err)
	}
	for k, v := range i.Args {
		i.Args[k] = plain(v)
	}
	return nil
}

// plain gives numbers the types that messages format.
func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = plain(v[k])
		}
	}
	return v
}

// Unread counts a person's unread notices, up to Most.
func Unread(tx *db.Tx, person int64) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM (SELECT id FROM notice WHERE person = $1 AND unread LIMIT $2 + 0) AS few`, person, Most).Scan(&n)
	return n, err
}

const ownReading = "what a person has read is theirs alone"

// MarkRead marks notices of a person as read and returns how many were unread;
// ids of others are passed over in silence.
func MarkRead(tx *db.Tx, person int64, ids ...int64) (n int64, err error) {
	tx.Unlogged(ownReading)
	for _, id := range ids {
		r, err := tx.Exec(`UPDATE notice SET unread = FALSE WHERE id = $1 AND person = $2 AND unread`, id, person)
		if err != nil {
			return n, err
		}
		n += r.RowsAffected
	}
	return n, nil
}

// MarkAllRead marks what a person was sent until an instant: that of the
// newest notice on the page in front of them, so that what came since stays
// unread.
func MarkAllRead(tx *db.Tx, person int64, until time.Time) (n int64, err error) {
	tx.Unlogged(ownReading)
	r, err := tx.Exec(`UPDATE notice SET unread = FALSE WHERE person = $1 AND unread AND at <= $2`, person, db.Us(until))
	return r.RowsAffected, err
}

// MarkAboutRead marks what a person was told about a thing: they are looking
// at it.
func MarkAboutRead(tx *db.Tx, person int64, about event.Ref) (n int64, err error) {
	tx.Unlogged(ownReading)
	r, err := tx.Exec(`UPDATE notice SET unread = FALSE WHERE person = $1 AND unread AND about_kind = $2 AND about = $3`, person, about.Kind, about.ID)
	return r.RowsAffected, err
}

// HasUnreadAbout reports whether MarkAboutRead would do anything, so that
// merely looking at a page does not write.
func HasUnreadAbout(tx *db.Tx, person int64, about event.Ref) (has bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM notice WHERE person = $1 AND unread AND about_kind = $2 AND about = $3)`, person, about.Kind, about.ID).Scan(&has)
	return has, err
}

// EraseTo removes everything a person was told. The caller says why, as an
// event.
func EraseTo(tx *db.Tx, person int64) error {
	_, err := tx.Exec(`DELETE FROM notice WHERE person = $1`, person)
	return err
}

// EraseAbout removes what anybody was told about a thing. The caller says why,
// as an event.
func EraseAbout(tx *db.Tx, about event.Ref) error {
	_, err := tx.Exec(`DELETE FROM notice WHERE about_kind = $1 AND about = $2`, about.Kind, about.ID)
	return err
}

// Prune removes read notices older than before, at most limit, and returns how
// many; fewer than limit means that none is left.
func Prune(tx *db.Tx, before time.Time, limit int) (n int64, err error) {
	tx.Unlogged("read notices are not kept for ever")
	r, err := tx.Exec(`DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE NOT unread AND at < $1 ORDER BY at LIMIT $2 + 0)`, db.Us(before), limit)
	return r.RowsAffected, err
}
