package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"trellis/internal/desk"
)

// tellStories has everything in the stories happen at its time.
func (b *builder) tellStories(days []time.Time) {
	for i := range stories {
		b.tellStory(&stories[i], days)
	}
	for _, day := range days { // alarms are given in time
		for _, hour := range []time.Duration{12, 16} {
			b.then(day.Add(hour*time.Hour), b.ring)
		}
	}
}

func (b *builder) tellStory(s *story, days []time.Time) {
	t, err := time.Parse("15:04", s.at)
	if err != nil {
		panic(err) // the example's own text
	}
	at := days[s.day].Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
	id := new(desk.TicketID)
	b.then(at, func(ctx context.Context) error { return b.ask(ctx, s, id) })
	for _, st := range s.steps {
		at = at.Add(time.Duration(st.after) * time.Minute).Add(7 * time.Second)
		b.then(at, func(ctx context.Context) error {
			if err := b.step(b.as(ctx, st.by), *id, st); err != nil {
				return fmt.Errorf("%s, %s %s: %w", firstLine(s.text), st.by, st.do, err)
			}
			return nil
		})
	}
}

func firstLine(s string) string { l, _, _ := strings.Cut(s, "\n"); return l }

// ask makes a story's request.
func (b *builder) ask(ctx context.Context, s *story, id *desk.TicketID) error {
	p := personOf(s.by)
	site := s.site
	if site == "" {
		site = p.site
	}
	room := s.room
	if room == "" && site == p.site {
		room = p.room
	}
	c := desk.CreateTicket{Text: s.text, Impact: desk.Impact(s.impact), Service: b.services[s.service], Site: b.sites[site], Room: b.rooms[site+"/"+room], Private: desk.Private(s.private), Lang: p.lang}
	by := s.by
	if s.hallway != "" {
		c.Requester, by = b.people[s.by], s.hallway
		c.Channel = desk.ByHallway
	}
	done, err := b.send(b.as(ctx, by), s, c)
	if err != nil {
		return fmt.Errorf("%s: %w", firstLine(s.text), err)
	}
	*id = done.ID
	return nil
}

// send sends it: as a plan if it is one.
func (b *builder) send(ctx context.Context, s *story, c desk.CreateTicket) (desk.Created, error) {
	if s.class == "" {
		return b.desk.CreateTicket(ctx, c)
	}
	return b.desk.CreatePlan(ctx, desk.CreatePlan{Goal: c.Text, By: ahead(b.clock.Now(), b.zone, s.within), Class: s.class, Site: c.Site, Room: c.Room, Lang: c.Lang})
}

// step does what somebody does next.
func (b *builder) step(ctx context.Context, id desk.TicketID, st step) error {
	words := desk.Words{Text: st.text}
	var err error
	do, arg, _ := strings.Cut(st.do, ":")
	switch do {
	case "take":
		_, err = b.desk.Take(ctx, id)
	case "reply":
		_, err = b.desk.Reply(ctx, id, words)
	case "note":
		_, err = b.desk.AddNote(ctx, id, st.text, nil)
	case "wait-requester":
		_, err = b.desk.Wait(ctx, desk.Wait{Ticket: id, On: desk.OnRequester, Words: words})
	case "wait-vendor":
		_, err = b.desk.Wait(ctx, desk.Wait{Ticket: id, On: desk.OnVendor, Words: words})
	case "wait-part":
		_, err = b.desk.Wait(ctx, desk.Wait{Ticket: id, On: desk.OnPart, Words: words})
	case "solve":
		_, err = b.desk.Solve(ctx, id, 0, words)
	case "finish":
		_, err = b.desk.FinishPlan(ctx, desk.FinishPlan{Ticket: id, Outcome: desk.Outcome(arg), Words: words})
	case "fixed":
		_, err = b.desk.ConfirmFixed(ctx, id, words)
	case "not-fixed":
		_, err = b.desk.NotFixed(ctx, id, words)
	case "hand":
		_, err = b.desk.Assign(ctx, desk.Assign{Ticket: id, Team: b.teams[arg]})
	default:
		err = fmt.Errorf("nobody knows how to %q", st.do)
	}
	return err
}
