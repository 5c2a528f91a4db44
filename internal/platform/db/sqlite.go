package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"syscall"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// dsnSQLite is the connection string for one role. Settings that are safety
// rules stand here once: busy_timeout first, because setting WAL mode can
// itself meet a lock.
func dsnSQLite(path string, writer bool) string {
	v := url.Values{}
	v.Add("_pragma", "busy_timeout(10000)")
	v.Add("_pragma", "journal_mode(WAL)")
	v.Add("_pragma", "synchronous("+synchronous+")")
	v.Add("_pragma", "foreign_keys(1)")
	v.Add("_pragma", "trusted_schema(0)")
	v.Add("_pragma", "cell_size_check(1)")
	v.Add("_pragma", "temp_store(2)")
	v.Add("_pragma", "wal_autocheckpoint(0)") // checkpoints run between groups
	if writer {
		v.Add("_pragma", "cache_size(-16384)")
	} else {
		v.Add("_pragma", "cache_size(-4096)")
		v.Add("_pragma", "query_only(1)")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
}

func (d *DB) openSQLite(ctx context.Context) error {
	if err := refuseNetworkFS(d.opt.Path); err != nil {
		return err
	}
	var err error
	if !d.opt.ReadOnly {
		if d.wpool, err = sql.Open("sqlite", dsnSQLite(d.opt.Path, true)); err != nil {
			return err
		}
		d.wpool.SetMaxOpenConns(1)
		c, err := d.wpool.Conn(ctx)
		if err != nil {
			return errors.Join(err, d.wpool.Close())
		}
		d.group = newGroupWriter(d, &stmtConn{c: c})
	}
	if d.pool, err = sql.Open("sqlite", dsnSQLite(d.opt.Path, false)); err != nil {
		return err
	}
	n := d.opt.Readers
	if n <= 0 {
		n = 4
	}
	d.reader = make(chan *stmtConn, n)
	for range n {
		d.reader <- &stmtConn{} // opened when first used
	}
	return nil
}

func (d *DB) closeSQLite() error {
	if d.group != nil {
		d.group.close()
	}
	for range cap(d.reader) {
		(<-d.reader).close()
	}
	err := d.pool.Close()
	if d.group == nil {
		return err
	}
	if !d.dead.Load() {
		_, cerr := d.group.conn.c.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
		if cerr != nil {
			err = errors.Join(err, cerr)
		}
	}
	d.group.conn.close()
	return errors.Join(err, d.wpool.Close())
}

func (d *DB) readSQLite(ctx context.Context, fn func(tx *Tx) error) (err error) {
	var c *stmtConn
	select {
	case c = <-d.reader:
	case <-ctx.Done():
		return ctx.Err()
	}
	bg := context.WithoutCancel(ctx)
	defer func() {
		// A connection that can't end its transaction is not used again.
		if c.c != nil {
			if _, e := c.ExecContext(bg, "ROLLBACK"); e != nil {
				c.close()
				c = &stmtConn{}
				err = errors.Join(err, e)
			}
		}
		d.reader <- c
	}()
	if c.c == nil {
		if c.c, err = d.pool.Conn(bg); err != nil {
			c.c = nil
			return d.classify(err)
		}
	}
	if _, err = c.ExecContext(bg, "BEGIN"); err != nil {
		c.close()
		return d.classify(err)
	}
	tx := &Tx{ctx: bg, db: d, q: c, now: d.opt.Clock.Now(), read: true}
	return d.classify(tx.finish(fn(tx)))
}

// stmtConn is one connection with its prepared statements.
type stmtConn struct {
	c     *sql.Conn
	stmts map[string]*sql.Stmt
}

// maxStmts bounds the cache. SQL texts are constants, but for the ids of whom
// somebody covers for, so it is hardly ever reached.
const maxStmts = 1000

func (c *stmtConn) stmt(ctx context.Context, q string) (*sql.Stmt, error) {
	if s, ok := c.stmts[q]; ok {
		return s, nil
	}
	if c.stmts == nil || len(c.stmts) >= maxStmts {
		for _, s := range c.stmts {
			_ = s.Close()
		}
		c.stmts = make(map[string]*sql.Stmt)
	}
	s, err := c.c.PrepareContext(ctx, numbered(q))
	if err != nil {
		return nil, err
	}
	c.stmts[q] = s
	return s, nil
}

func (c *stmtConn) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	s, err := c.stmt(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (c *stmtConn) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	s, err := c.stmt(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (c *stmtConn) close() {
	for _, s := range c.stmts {
		_ = s.Close()
	}
	if c.c != nil {
		_ = c.c.Close()
	}
	c.c, c.stmts = nil, nil
}

var dollar = regexp.MustCompile(`\$([0-9]+)`)

// numbered turns $1 into ?1: SQLite reads $1 as a name and numbers it by its
// first appearance, which is not what PostgreSQL means by it.
func numbered(q string) string { return dollar.ReplaceAllString(q, "?$1") }

// sqliteCode is the primary result code of an error, 0 if it is none of
// SQLite's.
func sqliteCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

// classify turns engine errors that mean the disk into what callers know.
func (d *DB) classify(err error) error {
	if err == nil || d.opt.Engine != SQLite {
		return err
	}
	switch sqliteCode(err) {
	case lib.SQLITE_FULL:
		return d.noSpace(err)
	case lib.SQLITE_IOERR, lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return d.fatal(err)
	}
	return err
}

// hasRoom looks at the disk before a group is begun, so that a full disk is
// met between transactions and not inside one.
func (d *DB) hasRoom() error {
	var st syscall.Statfs_t
	if err := syscall.Statfs(d.opt.Path, &st); err != nil {
		return nil // the write itself will tell
	}
	free := st.Bavail * uint64(st.Bsize)
	if free < d.opt.Reserve {
		return d.noSpace(fmt.Errorf("%d bytes free, %d kept in reserve", free, d.opt.Reserve))
	}
	if d.full.CompareAndSwap(true, false) {
		d.opt.Log.Info("disk space is back: writes are accepted again")
	}
	return nil
}

// refuseNetworkFS keeps the file off NFS, SMB and their kind, whose locks and
// fsync SQLite can't rely on.
func refuseNetworkFS(path string) error {
	dir := path
	if _, err := os.Stat(path); err != nil {
		dir = dirOf(path)
	}
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return fmt.Errorf("look at %s: %w", dir, err)
	}
	switch uint32(st.Type) {
	case 0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x564c, 0x01021997: // NFS, SMB, CIFS, SMB2, NCP, 9P
		return fmt.Errorf("%s is on a network file system, where a database can be damaged; use a local disk or PostgreSQL", dir)
	}
	return nil
}

func sqliteUnique(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code() == lib.SQLITE_CONSTRAINT_UNIQUE || e.Code() == lib.SQLITE_CONSTRAINT_PRIMARYKEY)
}
