package event_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/testkit"
)

// raw is a row with all that somebody who can write to the database can change.
type raw struct {
	id    int64
	place any
	cols  []any // at, kind, version, actor_kind, actor, behalf, door, request_id, subj_kind, subj, changes, body_hash, prev, hash
	salt  []byte
	body  string // "" if it has none
}

func dump(tx *db.Tx) ([]raw, error) {
	return db.List(tx, func(rows *db.Rows, r *raw) error {
		var at, version, kind, actor, behalf, subj, place int64
		var name, door, req, subjKind, changes string
		var bodyHash, prev, hash []byte
		if err := rows.Scan(&r.id, &place, &at, &name, &version, &kind, &actor, &behalf, &door, &req, &subjKind, &subj, &changes, &bodyHash, &prev, &hash, &r.salt, db.OrZero(&r.body)); err != nil {
			return err
		}
		r.place = place
		r.cols = []any{at, name, version, kind, actor, behalf, door, req, subjKind, subj, changes, bodyHash, prev, hash}
		return nil
	}, `SELECT id, place, at, kind, version, actor_kind, actor, behalf, door, request_id, subj_kind, subj, changes, body_hash, prev, hash, b.salt, b.body
		FROM event LEFT JOIN event_body b ON b.event = id ORDER BY place NULLS LAST`)
}

func restore(tx *db.Tx, all []raw) error {
	for _, q := range []string{`DELETE FROM event_body`, `DELETE FROM event`} {
		if _, err := tx.Exec(q); err != nil {
			return err
		}
	}
	for _, r := range all {
		args := append([]any{r.id, r.place}, r.cols...)
		if _, err := tx.Exec(`INSERT INTO event (id, place, at, kind, version, actor_kind, actor, behalf, door, request_id, subj_kind, subj, changes, body_hash, prev, hash)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, args...); err != nil {
			return err
		}
		if r.body != "" {
			if _, err := tx.Exec(`INSERT INTO event_body (event, salt, body) VALUES ($1, $2, $3)`, r.id, r.salt, r.body); err != nil {
				return err
			}
		}
	}
	return nil
}

func clone(all []raw) []raw {
	out := slices.Clone(all)
	for i := range out {
		out[i].cols = slices.Clone(out[i].cols)
	}
	return out
}

// edits change a copy of the log in every way that must be found without
// knowing anything from outside. Each is given what it may touch.
var edits = map[string]func(t *rapid.T, all []raw) []raw{
	"change a column": func(t *rapid.T, all []raw) []raw {
		r := &all[rapid.IntRange(0, len(all)-1).Draw(t, "row")]
		c := rapid.IntRange(0, len(r.cols)-1).Draw(t, "column")
		r.cols[c] = other(t, r.cols[c])
		return all
	},
	"change an id": func(t *rapid.T, all []raw) []raw {
		all[rapid.IntRange(0, len(all)-1).Draw(t, "row")].id += rapid.Int64Range(1000, 2000).Draw(t, "by")
		return all
	},
	"swap ids": func(t *rapid.T, all []raw) []raw {
		i, j := two(t, len(all))
		all[i].id, all[j].id = all[j].id, all[i].id
		return all
	},
	"move a place": func(t *rapid.T, all []raw) []raw {
		r := &all[rapid.IntRange(0, len(all)-1).Draw(t, "row")]
		r.place = rapid.SampledFrom([]int64{-3, 0, int64(len(all)) + 1, 1 << 40}).Draw(t, "place")
		return all
	},
	"swap two rows": func(t *rapid.T, all []raw) []raw {
		i, j := two(t, len(all))
		all[i].place, all[j].place = all[j].place, all[i].place
		return all
	},
	"swap two rows in their chain": func(t *rapid.T, all []raw) []raw {
		i, j := two(t, len(all))
		all[i].place, all[j].place = all[j].place, all[i].place
		for c := len(all[i].cols) - 2; c < len(all[i].cols); c++ { // prev and hash stay where they were
			all[i].cols[c], all[j].cols[c] = all[j].cols[c], all[i].cols[c]
		}
		return all
	},
	"delete rows": func(t *rapid.T, all []raw) []raw {
		i := rapid.IntRange(0, len(all)-2).Draw(t, "from") // the end alone: see TestNotedHead
		j := rapid.IntRange(i+1, len(all)-1).Draw(t, "to")
		return slices.Delete(all, i, j)
	},
	"delete rows and close the gap": func(t *rapid.T, all []raw) []raw {
		i := rapid.IntRange(0, len(all)-2).Draw(t, "from")
		j := rapid.IntRange(i+1, len(all)-1).Draw(t, "to")
		all = slices.Delete(all, i, j)
		for k := range all {
			all[k].place = int64(k + 1)
		}
		return all
	},
	"insert a copy": func(t *rapid.T, all []raw) []raw {
		r := clone(all)[rapid.IntRange(0, len(all)-1).Draw(t, "of")]
		at := rapid.IntRange(0, len(all)).Draw(t, "at")
		r.id += 5000
		all = slices.Insert(all, at, r)
		for k := range all {
			all[k].place = int64(k + 1)
		}
		return all
	},
	"change a body": func(t *rapid.T, all []raw) []raw {
		r := pick(t, all, func(r raw) bool { return r.body != "" })
		r.body = other(t, r.body).(string)
		return all
	},
	"move the line between salt and body": func(t *rapid.T, all []raw) []raw {
		r := pick(t, all, func(r raw) bool { return r.body != "" })
		n := rapid.IntRange(1, len(r.body)-1).Draw(t, "by")
		r.salt, r.body = append(slices.Clone(r.salt), r.body[:n]...), r.body[n:]
		return all
	},
	"swap bodies": func(t *rapid.T, all []raw) []raw {
		a := pick(t, all, func(r raw) bool { return r.body != "" })
		b := pick(t, all, func(r raw) bool { return r.body != "" && r.body != a.body })
		a.salt, b.salt, a.body, b.body = b.salt, a.salt, b.body, a.body
		return all
	},
	"add a body": func(t *rapid.T, all []raw) []raw {
		r := pick(t, all, func(r raw) bool { return r.body == "" })
		r.salt, r.body = make([]byte, 16), `{"name":["old","new"]}`
		return all
	},
}

func pick(t *rapid.T, all []raw, ok func(raw) bool) *raw {
	var which []int
	for i := range all {
		if ok(all[i]) {
			which = append(which, i)
		}
	}
	return &all[rapid.SampledFrom(which).Draw(t, "which")]
}

func two(t *rapid.T, n int) (i, j int) {
	i = rapid.IntRange(0, n-1).Draw(t, "one")
	j = rapid.IntRange(0, n-2).Draw(t, "other")
	if j >= i {
		j++
	}
	return i, j
}

// other is a value of the same type that is not v.
func other(t *rapid.T, v any) any {
	switch v := v.(type) {
	case int64:
		return v + rapid.SampledFrom([]int64{-1, 1, 1 << 33}).Draw(t, "by")
	case string:
		i := rapid.IntRange(0, len(v)).Draw(t, "at")
		return v[:i] + rapid.SampledFrom([]string{"x", " ", "é"}).Draw(t, "text") + v[i:]
	case []byte:
		if v == nil {
			return rapid.SampledFrom([][]byte{{}, {1}, make([]byte, 32)}).Draw(t, "bytes")
		}
		w := slices.Clone(v)
		w[rapid.IntRange(0, len(w)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		return rapid.SampledFrom([][]byte{w, v[:len(v)-1], nil, {}}).Draw(t, "bytes")
	}
	panic("no such type")
}

func TestTamperingIsFound(t *testing.T) {
	once := setup
	once.Once = true
	testkit.Each(t, once, func(t *testing.T, d *db.DB) {
		// What is computed is the same on both engines; a round trip to a
		// server takes longer.
		checks(t, map[db.Engine]int{db.SQLite: 200, db.Postgres: 8}[d.Engine()])
		emit(t, d, 1, 9)
		seal(t, d)
		var log []raw
		read(t, d, func(tx *db.Tx) (err error) { log, err = dump(tx); return err })
		// try verifies another log in place of this one, which comes back.
		back := errors.New("roll back")
		try := func(all []raw) (rep event.Report, found error) {
			err := d.Write(t.Context(), "tamper", func(tx *db.Tx) error {
				if err := restore(tx, all); err != nil {
					return err
				}
				rep, found = event.VerifyTx(tx)
				return back
			})
			if !errors.Is(err, back) {
				t.Errorf("could not put the log there: %v", err)
			}
			return rep, found
		}
		if rep, err := try(log); err != nil || rep.Events != 9 || rep.Place != 9 {
			t.Fatalf("an untouched log: %+v, %v", rep, err)
		}
		for name, edit := range edits {
			t.Run(name, rapid.MakeCheck(func(rt *rapid.T) {
				if rep, err := try(edit(rt, clone(log))); !errors.Is(err, event.ErrBroken) {
					rt.Fatalf("not found: %+v, %v", rep, err)
				}
			}))
		}
		if rep, err := event.Verify(t.Context(), d); err != nil || rep.Events != 9 {
			t.Errorf("in the end: %+v, %v", rep, err)
		}
	})
}

// What the chain alone can't show is found against a head noted outside.
func TestNotedHead(t *testing.T) {
	testkit.Each(t, setup, func(t *testing.T, d *db.DB) {
		emit(t, d, 1, 9)
		seal(t, d)
		rep, err := event.Verify(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		place, hash := rep.Place, rep.Head
		emit(t, d, 100, 3)
		seal(t, d)
		noted := func() error { _, err := event.VerifyFrom(t.Context(), d, place, hash); return err }
		if err := noted(); err != nil {
			t.Fatalf("a log that grew: %v", err)
		}
		var log []raw
		read(t, d, func(tx *db.Tx) (err error) { log, err = dump(tx); return err })
		for name, edit := range map[string]func(){
			"cut": func() { write(t, d, func(tx *db.Tx) error { return restore(tx, log[:8]) }) },
			"cut and continued": func() {
				write(t, d, func(tx *db.Tx) error { return restore(tx, log[:8]) })
				emit(t, d, 200, 4)
				seal(t, d)
			},
			"written anew": func() {
				all := clone(log)
				all[2].cols[1] = "thing.forged"
				write(t, d, func(tx *db.Tx) error {
					if err := restore(tx, all); err != nil {
						return err
					}
					return event.Forge(tx, 3)
				})
			},
			"emptied": func() { write(t, d, func(tx *db.Tx) error { return restore(tx, nil) }) },
		} {
			edit()
			if _, err := event.Verify(t.Context(), d); err != nil {
				t.Errorf("%s: the chain alone can't show this, and yet: %v", name, err)
			}
			if err := noted(); !errors.Is(err, event.ErrBroken) {
				t.Errorf("%s: not found: %v", name, err)
			}
			write(t, d, func(tx *db.Tx) error { return restore(tx, log) })
			if err := noted(); err != nil {
				t.Fatalf("%s: restored: %v", name, err)
			}
		}
	})
}
