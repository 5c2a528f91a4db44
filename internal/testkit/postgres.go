package testkit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
)

// copyPostgres makes a database from a migrated template.
func copyPostgres(t testing.TB, schemas []db.Schema) string {
	t.Helper()
	base := postgres(t)
	templatesMu.Lock()
	k := key(db.Postgres, schemas)
	tpl, ok := templates[k]
	if !ok {
		tpl = "tpl_" + random()
		admin(t, base, `CREATE DATABASE `+tpl+` TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`)
		migrated(t, db.Options{Engine: db.Postgres, DSN: withDatabase(base, tpl)}, schemas)
		templates[k] = tpl
		atExit(func() { _ = adminErr(base, `DROP DATABASE IF EXISTS `+tpl+` WITH (FORCE)`) })
	}
	templatesMu.Unlock()
	name := "t_" + random()
	admin(t, base, `CREATE DATABASE `+name+` TEMPLATE `+tpl)
	t.Cleanup(func() { _ = adminErr(base, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`) })
	return withDatabase(base, name)
}

// EmptyPostgres is a connection string of a new database without tables.
func EmptyPostgres(t testing.TB) string {
	t.Helper()
	base, name := postgres(t), "e_"+random()
	admin(t, base, `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`)
	t.Cleanup(func() { _ = adminErr(base, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`) })
	return withDatabase(base, name)
}

func admin(t testing.TB, dsn, q string) {
	t.Helper()
	must(t, adminErr(dsn, q), q)
}

func adminErr(dsn, q string) error {
	if !strings.Contains(dsn, "dbname=") {
		dsn = withDatabase(dsn, "postgres")
	}
	c, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Exec(q)
	return err
}

// withDatabase is the keyword/value connection string with another database.
func withDatabase(dsn, name string) string { return dsn + " dbname=" + name }

var (
	pgOnce sync.Once
	pgDSN  string
	errPG  error
)

// postgres is a connection string, without a database, of a server that may
// be used freely.
func postgres(t testing.TB) string {
	t.Helper()
	pgOnce.Do(func() {
		if pgDSN = os.Getenv("TRELLIS_TEST_PG"); pgDSN != "" {
			return
		}
		var s *Server
		if s, errPG = StartPostgres(""); errPG == nil {
			pgDSN = s.DSN
			atExit(func() { _ = s.Stop() })
		}
	})
	if errPG != nil {
		t.Fatalf("PostgreSQL is needed for this test (./scripts/test installs it): %v", errPG)
	}
	return pgDSN
}

// Server is a private PostgreSQL server.
type Server struct {
	DSN string // keyword/value, without a database
	dir string
	bin string
	cmd *exec.Cmd
}

// StartPostgres starts a server in dir, or in a new folder in memory where
// the machine has one, if dir is "".
func StartPostgres(dir string) (*Server, error) {
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(bins) == 0 {
		return nil, errors.New("no /usr/lib/postgresql/*/bin/postgres on this machine")
	}
	s := &Server{bin: filepath.Dir(bins[len(bins)-1])}
	if dir == "" {
		parent := ""
		if fi, err := os.Stat("/dev/shm"); err == nil && fi.IsDir() {
			parent = "/dev/shm"
		}
		var err error
		if dir, err = os.MkdirTemp(parent, "trellis-pg-"); err != nil {
			return nil, err
		}
	}
	s.dir = dir
	if err := s.own(); err != nil {
		return nil, err
	}
	if out, err := s.command("initdb", "-D", s.data(), "-U", "trellis", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	s.DSN = "host=127.0.0.1 port=" + strconv.Itoa(port) + " user=trellis sslmode=disable"
	return s, s.Start()
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// own gives the folder to a user that the server agrees to run as.
func (s *Server) own() error {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return os.Chown(s.dir, uid, gid)
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.bin, name), args...)
	c.Dir = s.dir
	// The server must not outlive a test process that was killed.
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Geteuid() == 0 {
		u, _ := user.Lookup("postgres")
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		c.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return c
}

// Start starts the server after a stop and waits until it answers.
func (s *Server) Start() error {
	port := ""
	for _, kv := range strings.Fields(s.DSN) {
		if v, ok := strings.CutPrefix(kv, "port="); ok {
			port = v
		}
	}
	s.cmd = s.command("postgres", "-D", s.data(), "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="+s.dir,
		"-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "autovacuum_naptime=10s", "-c", "log_min_messages=fatal")
	if err := s.cmd.Start(); err != nil {
		return err
	}
	var err error
	for range 200 {
		if err = adminErr(s.DSN, "SELECT 1"); err == nil {
			return nil
		}
		_ = clock.Sleep(context.Background(), clock.System(), 50*time.Millisecond)
	}
	return fmt.Errorf("the server did not answer: %w", err)
}

// Create makes a database on the server and returns its connection string.
func (s *Server) Create(name string) (string, error) {
	err := adminErr(s.DSN, `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`)
	return withDatabase(s.DSN, name), err
}

// Kill stops the server at once, as a power cut would, keeping its folder.
func (s *Server) Kill() error {
	_ = s.cmd.Process.Signal(syscall.SIGQUIT)
	_ = s.cmd.Wait()
	return nil
}

// Stop ends the server and removes its folder.
func (s *Server) Stop() error {
	_ = s.Kill()
	return os.RemoveAll(s.dir)
}
