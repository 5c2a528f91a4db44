package server

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Entry is one district as the server knows it.
type Entry struct {
	Slug     string
	BaseURL  *url.URL
	DSN      string
	NextWake time.Time // zero: nothing is due
}

// Registry is data/server.db: which districts there are, under which host
// names, and when each has work due.
type Registry struct {
	dir string
	d   *db.DB
}

// OpenRegistry opens the data folder dir, making it if there is none.
func OpenRegistry(ctx context.Context, dir string, log *slog.Logger) (*Registry, error) {
	if err := os.MkdirAll(filepath.Join(dir, "d"), 0o700); err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, db.Options{Engine: db.SQLite, Path: filepath.Join(dir, "server.db"), Log: log, Readers: 2, Clock: clock.System()})
	if err != nil {
		return nil, err
	}
	r := &Registry{dir: dir, d: d}
	if err := d.Migrate(ctx, []db.Schema{{Name: "server", FS: migrations}}, r.keepCopy); err != nil {
		_ = d.Close()
		return nil, err
	}
	return r, nil
}

func (r *Registry) keepCopy(ctx context.Context) error {
	dir := filepath.Join(r.dir, "server-copies", clock.System().Now().Format("20060102-150405"))
	if err := r.d.Snapshot(ctx, dir); err != nil {
		return err
	}
	return db.CheckSQLite(ctx, filepath.Join(dir, db.SnapshotFile))
}

// Close closes the registry.
func (r *Registry) Close() error { return r.d.Close() }

// Folder is where a district's own files stand.
func (r *Registry) Folder(slug string) string { return filepath.Join(r.dir, "d", slug) }

var slugs = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// Add makes a district known under its base address and further host names. A
// new one counts as due, so that a server that runs opens it by itself.
func (r *Registry) Add(ctx context.Context, e Entry, hosts ...string) error {
	if !slugs.MatchString(e.Slug) {
		return fmt.Errorf("%q can't be a district's short name: use small letters, digits and hyphens, at most 63", e.Slug)
	}
	if e.BaseURL == nil || e.BaseURL.Host == "" || (e.BaseURL.Scheme != "https" && e.BaseURL.Scheme != "http") {
		return fmt.Errorf("the base address of %s must be like https://help.example.org", e.Slug)
	}
	hosts = append(hosts, e.BaseURL.Hostname())
	return r.write(ctx, "add district", func(tx *db.Tx) error {
		if _, err := tx.Exec(`INSERT INTO server_district (slug, base_url, dsn, next_wake, created) VALUES ($1, $2, $3, $4, $4)
			ON CONFLICT (slug) DO UPDATE SET base_url = excluded.base_url, dsn = excluded.dsn`, e.Slug, e.BaseURL.String(), e.DSN, db.Us(tx.Now())); err != nil {
			return err
		}
		for _, h := range hosts {
			var other string
			err := tx.QueryRow(`SELECT slug FROM server_host WHERE host = $1`, strings.ToLower(h)).Scan(&other)
			if err == nil && other != e.Slug {
				return fmt.Errorf("host name %s belongs to district %s already", h, other)
			}
			if err != nil && !db.IsNoRows(err) {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO server_host (host, slug) VALUES ($1, $2) ON CONFLICT (host) DO NOTHING`, strings.ToLower(h), e.Slug); err != nil {
				return err
			}
		}
		return nil
	})
}

// Districts lists all districts by short name.
func (r *Registry) Districts(ctx context.Context) (out []Entry, err error) {
	err = r.d.Read(ctx, func(tx *db.Tx) error {
		out, err = db.List(tx, scanEntry, `SELECT slug, base_url, dsn, next_wake FROM server_district ORDER BY slug`)
		return err
	})
	return out, err
}

// ByHost finds the district that a host name belongs to.
func (r *Registry) ByHost(ctx context.Context, host string) (e Entry, ok bool, err error) {
	err = r.d.Read(ctx, func(tx *db.Tx) error {
		list, err := db.List(tx, scanEntry, `SELECT d.slug, d.base_url, d.dsn, d.next_wake FROM server_host h JOIN server_district d ON d.slug = h.slug
			WHERE h.host IN ($1, '*') ORDER BY h.host = '*' LIMIT 1`, strings.ToLower(host))
		if len(list) > 0 {
			e, ok = list[0], true
		}
		return err
	})
	return e, ok, err
}

// SetWake notes when a district has work due; zero means nothing is.
func (r *Registry) SetWake(ctx context.Context, slug string, at time.Time) error {
	return r.write(ctx, "set wake", func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE server_district SET next_wake = $1 WHERE slug = $2`, db.UsNull(at), slug)
		return err
	})
}

// Proxies lists the addresses whose forwarding headers are believed.
func (r *Registry) Proxies(ctx context.Context) (out []netip.Prefix, err error) {
	err = r.d.Read(ctx, func(tx *db.Tx) error {
		out, err = db.List(tx, func(rows *db.Rows, p *netip.Prefix) error {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			*p, err = netip.ParsePrefix(s)
			return err
		}, `SELECT prefix FROM server_proxy ORDER BY prefix`)
		return err
	})
	return out, err
}

// TrustProxy believes the forwarding headers of an address range.
func (r *Registry) TrustProxy(ctx context.Context, p netip.Prefix) error {
	return r.write(ctx, "trust proxy", func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO server_proxy (prefix) VALUES ($1) ON CONFLICT (prefix) DO NOTHING`, p.Masked().String())
		return err
	})
}

func (r *Registry) write(ctx context.Context, name string, fn func(tx *db.Tx) error) error {
	return r.d.Write(ctx, name, func(tx *db.Tx) error {
		tx.Unlogged("the server's own list is no district's record")
		return fn(tx)
	})
}

func scanEntry(rows *db.Rows, e *Entry) error {
	var base string
	if err := rows.Scan(&e.Slug, &base, &e.DSN, db.AtNull(&e.NextWake)); err != nil {
		return err
	}
	var err error
	e.BaseURL, err = url.Parse(base)
	return err
}
