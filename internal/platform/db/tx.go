package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// querier is what a transaction runs its statements on.
type querier interface {
	ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
}

// Tx is one transaction. It belongs to the function that was handed it.
type Tx struct {
	ctx    context.Context // the caller's, without its cancellation
	db     *DB
	q      querier
	now    time.Time
	read   bool
	err    error // the first SQL error: nothing runs after it
	rows   []*Rows
	wrote  bool
	logged bool
	why    string
	commit []func()
	end    []func(tx *Tx) error
	kept   map[any]any
	held   *hold // many share its transaction; nil: it has its own
}

// Result is what a statement did.
type Result struct{ RowsAffected int64 }

var errReadOnlyTx = errors.New("a read transaction can't write")

// Context carries the actor, the language and the idempotency key. It never
// ends while the transaction runs.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Now is this transaction's time, the same however often it is asked.
func (tx *Tx) Now() time.Time { return tx.now }

// Engine is which database runs this transaction; only packages that own
// engine-specific SQL (search, event, backup) may ask.
func (tx *Tx) Engine() Engine { return tx.db.opt.Engine }

// DB is the database that the transaction is in. Nothing may be written or read
// through it meanwhile; it tells one database from another, for what is kept in
// memory of each.
func (tx *Tx) DB() *DB { return tx.db }

// Unlogged says why a transaction that changes rows emits no event.
func (tx *Tx) Unlogged(reason string) { tx.why = reason }

// Logged notes that an event was appended; the event package calls it.
func (tx *Tx) Logged() { tx.logged = true }

// OnCommit runs f after the transaction is durable, never if it is not.
func (tx *Tx) OnCommit(f func()) { tx.commit = append(tx.commit, f) }

// AtEnd runs f as the last part of the transaction, of all that are together
// if it is one of many (Together): what nobody reads until then is cheaper to
// write at once. What f puts at the end comes after all that stands there.
func (tx *Tx) AtEnd(f func(tx *Tx) error) { tx.end = append(tx.end, f) }

// Keep is what make makes once for this transaction, under a key of the caller's
// own type.
func (tx *Tx) Keep(key any, make func() any) any {
	if _, ok := tx.kept[key]; !ok {
		if tx.kept == nil {
			tx.kept = map[any]any{}
		}
		tx.kept[key] = make()
	}
	return tx.kept[key]
}

// Exec runs a statement that returns no rows.
func (tx *Tx) Exec(q string, args ...any) (Result, error) {
	writes, err := tx.begin(q)
	if err != nil {
		return Result{}, err
	}
	r, err := tx.q.ExecContext(tx.ctx, q, args...)
	if err != nil {
		return Result{}, tx.fail(q, err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return Result{}, tx.fail(q, err)
	}
	if writes && n > 0 {
		tx.wrote = true
	}
	return Result{RowsAffected: n}, nil
}

// Query runs a statement that returns rows; close them.
func (tx *Tx) Query(q string, args ...any) (*Rows, error) {
	writes, err := tx.begin(q)
	if err != nil {
		return nil, err
	}
	r, err := tx.q.QueryContext(tx.ctx, q, args...)
	if err != nil {
		return nil, tx.fail(q, err)
	}
	rows := &Rows{Rows: r, tx: tx, text: q, writes: writes}
	tx.rows = append(tx.rows, rows)
	return rows, nil
}

// QueryRow runs a statement of which one row is wanted.
func (tx *Tx) QueryRow(q string, args ...any) *Row {
	rows, err := tx.Query(q, args...)
	return &Row{rows: rows, err: err}
}

func (tx *Tx) begin(q string) (writes bool, err error) {
	if tx.err != nil {
		return false, fmt.Errorf("transaction already failed: %w", tx.err)
	}
	writes = changesRows(q)
	if writes && tx.read {
		return false, errReadOnlyTx
	}
	if tx.db.opt.Trace != nil {
		tx.db.opt.Trace(q)
	}
	return writes, nil
}

func (tx *Tx) fail(q string, err error) error {
	if tx.err == nil {
		tx.err = fmt.Errorf("%w [%s]", err, firstLine(q))
	}
	return tx.err
}

// finish closes what fn left open and decides whether its work stands.
func (tx *Tx) finish(err error) error {
	if tx.held == nil {
		for i := 0; i < len(tx.end) && err == nil && tx.err == nil; i++ {
			err = tx.end[i](tx)
		}
	}
	for _, r := range tx.rows {
		if !r.closed {
			_ = r.Close()
			if err == nil && tx.db.opt.Strict {
				err = fmt.Errorf("rows left open: %s", firstLine(r.text))
			}
		}
	}
	if err == nil {
		err = tx.err // swallowed by fn, but the transaction is lost all the same
	}
	if err == nil && tx.db.opt.Strict && tx.wrote && !tx.logged && tx.why == "" {
		err = errors.New("rows changed, no event emitted and no reason given (tx.Unlogged)")
	}
	return err
}

// Rows are the rows of a query. They must be closed.
type Rows struct {
	*sql.Rows
	tx     *Tx
	text   string
	writes bool
	closed bool
}

// Next advances to the next row.
func (r *Rows) Next() bool {
	ok := r.Rows.Next()
	if ok && r.writes {
		r.tx.wrote = true
	}
	if !ok {
		if err := r.Rows.Err(); err != nil {
			r.tx.fail(r.text, err)
		}
	}
	return ok
}

// Scan reads the current row.
func (r *Rows) Scan(dest ...any) error {
	if err := r.Rows.Scan(dest...); err != nil {
		return r.tx.fail(r.text, err)
	}
	return nil
}

// Close ends the query. Closing twice is safe.
func (r *Rows) Close() error {
	r.closed = true
	return r.Rows.Close()
}

// Row is the answer to QueryRow.
type Row struct {
	rows *Rows
	err  error
}

// Scan reads the row; sql.ErrNoRows if there was none (which ends nothing).
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	// A statement that writes is done only when it has been read to its end.
	for r.rows.Next() {
	}
	return r.rows.Err()
}

// List runs a query and reads every row with scan.
func List[T any](tx *Tx, scan func(*Rows, *T) error, q string, args ...any) ([]T, error) {
	rows, err := tx.Query(q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var v T
		if err := scan(rows, &v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// IsNoRows reports whether err says that a single row was not there.
func IsNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

var verbs sync.Map // SQL text -> whether it changes rows

// changesRows reports whether a statement inserts, updates or deletes.
func changesRows(q string) bool {
	if v, ok := verbs.Load(q); ok {
		return v.(bool)
	}
	s := strings.ToUpper(strings.TrimSpace(q))
	w := strings.HasPrefix(s, "INSERT") || strings.HasPrefix(s, "UPDATE") || strings.HasPrefix(s, "DELETE") || strings.HasPrefix(s, "REPLACE")
	if strings.HasPrefix(s, "WITH") {
		w = strings.Contains(s, "INSERT INTO") || strings.Contains(s, "UPDATE ") || strings.Contains(s, "DELETE FROM")
	}
	verbs.Store(q, w)
	return w
}

func firstLine(q string) string {
	s := strings.Join(strings.Fields(q), " ")
	if len(s) > 120 {
		s = s[:120] + "…"
	}
	return s
}
