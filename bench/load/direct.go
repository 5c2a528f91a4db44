package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"time"

	"trellis/bench/client"
	"trellis/internal/app"
	"trellis/internal/desk"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/policy"
)

// direct does the same through the desk's own methods, without HTTP: what is
// left is the statements and the disk.
func direct(data, dsn string, clients int, made []int64, span time.Duration) error {
	u, _ := url.Parse("http://127.0.0.1:8477")
	d, err := app.OpenDistrict(context.Background(), app.Options{Slug: "juniper-valley", Folder: filepath.Join(data, "d", "juniper-valley"), DSN: dsn, BaseURL: u, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return err
	}
	defer d.Close()
	as := func(email string) (context.Context, error) {
		found, err := d.District.FindPeople(app.AsSystem(context.Background()), email, 1)
		if err != nil || len(found) == 0 {
			return nil, fmt.Errorf("%s: %w", email, err)
		}
		p, err := d.District.Person(app.AsSystem(context.Background()), found[0].ID)
		if err != nil {
			return nil, err
		}
		a := policy.Actor{Kind: policy.Person, Person: int64(p.ID), Door: policy.DoorCLI}
		for _, g := range p.Grants {
			a.Grants = append(a.Grants, policy.Grant{Role: g.Role, Scope: int64(g.Site)})
		}
		return policy.WithActor(context.Background(), a), nil
	}
	agent, err := as("dana@junipervalley.example")
	if err != nil {
		return err
	}
	teacher, err := as("tessa@junipervalley.example")
	if err != nil {
		return err
	}
	open, err := d.Desk.ListTickets(agent, desk.Query{Limit: 200})
	if err != nil {
		return err
	}
	var n atomic.Int64
	fmt.Println("the same without HTTP:")
	for _, op := range []struct {
		name string
		do   func() error
	}{
		{"list of 50", func() error { _, err := d.Desk.ListTickets(agent, desk.Query{Limit: 50}); return err }},
		{"counts", func() error { _, err := d.Desk.Counts(agent); return err }},
		{"one request", func() error {
			_, err := d.Desk.FindTicket(agent, desk.TicketID(made[n.Add(7)%int64(len(made))]))
			return err
		}},
		{"create", func() error {
			_, err := d.Desk.CreateTicket(teacher, desk.CreateTicket{Text: fmt.Sprintf("%s, once more %d", texts[n.Add(1)%6], n.Load()), Impact: desk.Slowed})
			return err
		}},
		{"reply", func() error {
			_, err := d.Desk.Reply(agent, open.Items[int(n.Add(1))%len(open.Items)].ID, desk.Words{Text: "And one more word."})
			return err
		}},
	} {
		for _, c := range []int{1, clients} {
			if err := repeat(op.name, c, span, op.do); err != nil {
				return fmt.Errorf("%s: %w", op.name, err)
			}
		}
	}
	return nil
}

func repeat(name string, clients int, span time.Duration, do func() error) error {
	if err := do(); err != nil {
		return err
	}
	var t client.Times
	watch := clock.Stopwatch()
	err := client.Each(clients, clients, func(int) error {
		for watch() < span {
			w := clock.Stopwatch()
			if err := do(); err != nil {
				return err
			}
			t.Add(w())
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Printf("%-22s %8d %10.0f %10.2f %10.2f\n", name, clients, float64(t.N())/watch().Seconds(), msOf(t.Quantile(.5)), msOf(t.Quantile(.95)))
	return nil
}
