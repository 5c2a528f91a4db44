// Package client speaks to a running Trellis as the load tools need it: JSON
// with a token, an idempotency key for each command, and honest errors.
package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Demo is demo.json of an example district.
type Demo struct {
	Address string `json:"address"`
	Folder  string `json:"-"`
	People  []struct {
		Role, Name, Token string
		SignIn            string `json:"sign_in"`
	} `json:"people"`
}

// ReadDemo reads demo.json in a data folder.
func ReadDemo(folder string) (Demo, error) {
	d := Demo{Folder: folder}
	raw, err := os.ReadFile(filepath.Join(folder, "demo.json"))
	if err != nil {
		return d, fmt.Errorf("%w (start an example district first: trellis demo --data %s --token-rate 100000)", err, folder)
	}
	return d, json.Unmarshal(raw, &d)
}

// As is a client that acts as one of the example people.
func (d Demo) As(role string) (*Client, error) {
	for _, p := range d.People {
		if p.Role == role {
			return New(d.Address, p.Token), nil
		}
	}
	return nil, fmt.Errorf("nobody in the example is a %s", role)
}

// Client is one caller. Safe for concurrent use.
type Client struct {
	base, token string
	http        *http.Client
}

// New makes a client for an address like http://127.0.0.1:8420.
func New(base, token string) *Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 64
	t.DisableCompression = true
	return &Client{base: base, token: token, http: &http.Client{Transport: t, Timeout: time.Minute}}
}

// Failure is an answer that is no success.
type Failure struct {
	Status int
	Body   string
}

func (f *Failure) Error() string { return fmt.Sprintf("status %d: %.300s", f.Status, f.Body) }

// Key makes an idempotency key.
func Key() string { return rand.Text() }

// Do sends a request; in and out may be nil. key names a command.
func (c *Client) Do(ctx context.Context, method, path, key string, in, out any) error {
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return err
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return c.send(r, key, out)
}

// Upload sends bytes as they are.
func (c *Client) Upload(ctx context.Context, path, key string, content []byte, out any) error {
	r, err := http.NewRequestWithContext(ctx, "POST", c.base+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	return c.send(r, key, out)
}

func (c *Client) send(r *http.Request, key string, out any) error {
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	res, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return &Failure{res.StatusCode, string(raw)}
	}
	if out == nil || len(raw) == 0 {
		return nil
	}
	return json.Unmarshal(raw, out)
}
