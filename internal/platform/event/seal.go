package event

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
)

// sealLock is the advisory lock that makes one node the sealer at a time.
const sealLock = 0x7472656c6c6973

// Seal gives places to what is committed and not sealed yet (PostgreSQL; on
// SQLite there is never anything to do). It returns how many rows it sealed.
// Rows of transactions that began after one that is still open stay behind:
// xact below the oldest running transaction is final. A visible row whose xact
// the server has not reached yet came with a copy from another server, and is
// final too.
func Seal(ctx context.Context, d *db.DB) (int, error) {
	if d.Engine() != db.Postgres {
		return 0, nil
	}
	sealed := 0
	err := d.Seal(ctx, func(tx *db.Tx) error {
		tx.Unlogged("a place is part of the event it belongs to")
		sealed = 0
		var mine bool
		if err := tx.QueryRow(`SELECT pg_try_advisory_xact_lock($1)`, int64(sealLock)).Scan(&mine); err != nil || !mine {
			return err
		}
		rows, err := db.List(tx, func(rows *db.Rows, r *row) error {
			return rows.Scan(&r.ID, &r.At, &r.Kind, &r.Version, &r.ActorKind, &r.Actor, &r.Behalf, &r.Door, &r.RequestID, &r.SubjKind, &r.Subj, &r.Changes, &r.BodyHash)
		}, `SELECT id, at, kind, version, actor_kind, actor, behalf, door, request_id, subj_kind, subj, changes, body_hash FROM event
			WHERE place IS NULL AND (xact < pg_snapshot_xmin(pg_current_snapshot()) OR xact >= pg_snapshot_xmax(pg_current_snapshot())) ORDER BY xact, id LIMIT 1000`)
		if err != nil || len(rows) == 0 {
			return err
		}
		place, prev, err := head(tx)
		if err != nil {
			return err
		}
		for _, r := range rows {
			place++
			r.Place, r.Prev = place, prev
			r.Hash = r.sum()
			if _, err := tx.Exec(`UPDATE event SET place = $1, prev = $2, hash = $3 WHERE id = $4`, r.Place, r.Prev, r.Hash, r.ID); err != nil {
				return err
			}
			prev = r.Hash
		}
		sealed = len(rows)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("seal events: %w", err)
	}
	return sealed, nil
}

// sealEvery is how long a commit of another node may wait for its place.
const sealEvery = 200 * time.Millisecond

// RunSealer seals until ctx ends: when woken by this node's own commits, and
// every sealEvery for those of others. It calls moved whenever the newest
// place changed, whichever node gave it.
func RunSealer(ctx context.Context, d *db.DB, wake <-chan struct{}, log *slog.Logger, moved func()) {
	var last int64 = -1
	for ctx.Err() == nil {
		// The peek spares an idle district a write every moment.
		place, open, err := peek(ctx, d)
		if err == nil && place != last {
			last = place
			moved()
		}
		sealed := 0
		if err == nil && open {
			sealed, err = Seal(ctx, d)
		}
		if err != nil && ctx.Err() == nil {
			log.Warn("could not seal events; trying again", "err", err)
		}
		if sealed > 0 {
			continue
		}
		c, stop := clock.System().After(sealEvery)
		select {
		case <-ctx.Done():
		case <-wake:
			// Commits come in bursts: a moment's wait seals many at once.
			_ = clock.Sleep(ctx, clock.System(), 2*time.Millisecond)
		case <-c:
		}
		stop()
	}
}

// peek is the newest place, and whether a row waits for one.
func peek(ctx context.Context, d *db.DB) (place int64, open bool, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT coalesce((SELECT max(place) FROM event WHERE place IS NOT NULL), 0), EXISTS (SELECT 1 FROM event WHERE place IS NULL)`).Scan(&place, &open)
	})
	return place, open, err
}
