package web

import (
	"crypto/tls"
	"log/slog"
	"os"
	"sync"
	"time"

	"trellis/internal/platform/clock"
)

// TLSFiles are a certificate chain and its key, both PEM.
type TLSFiles struct{ Cert, Key string }

// lookAgain is how often the files are looked at for a renewed certificate.
const lookAgain = time.Minute

// certificate serves what is in the files and picks up a renewal by itself,
// so that whatever renews it need not restart us.
type certificate struct {
	files TLSFiles
	clock clock.Clock
	log   *slog.Logger

	mu     sync.Mutex
	cert   *tls.Certificate
	stamp  [2]time.Time
	looked time.Time
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d := c.clock.Now().Sub(c.looked); d >= lookAgain || d < 0 {
		if err := c.reload(); err != nil {
			// A renewal half written is not an outage: the old one still holds.
			c.log.Warn("certificate not renewed", "err", err)
		}
	}
	return c.cert, nil
}

func (c *certificate) load() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reload()
}

func (c *certificate) reload() error {
	c.looked = c.clock.Now()
	var stamp [2]time.Time
	for i, name := range []string{c.files.Cert, c.files.Key} {
		st, err := os.Stat(name)
		if err != nil {
			return err
		}
		stamp[i] = st.ModTime()
	}
	if c.cert != nil && stamp == c.stamp {
		return nil
	}
	cert, err := tls.LoadX509KeyPair(c.files.Cert, c.files.Key)
	if err != nil {
		return err
	}
	c.cert, c.stamp = &cert, stamp
	return nil
}
