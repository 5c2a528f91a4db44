package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/i18n"
)

// What the desk does to a request.
const (
	didNote   = "noted"
	didTake   = "taken"
	didAssign = "assigned"
	didWait   = "waiting"
	didSolve  = "solved"
	didResume = "resumed"
	didReopen = "reopened"
	didUndo   = "undone"
)

func words(ctx context.Context, f sent) desk.Words {
	return desk.Words{Text: f.Text("text"), Files: f.files, Lang: i18n.Lang(ctx)}
}

func (s *pages) reply(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "reply", didReply, func(ctx context.Context, number desk.TicketID, f sent) error {
		_, err := s.desk.Reply(ctx, number, words(ctx, f))
		return err
	})
}

// note is the only door to AddNote, and a reply form has no way to it: its
// address, its field and its draft are its own.
func (s *pages) note(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "note", didNote, func(ctx context.Context, number desk.TicketID, f sent) error {
		_, err := s.desk.AddNote(ctx, number, f.Text("note"), f.files)
		return err
	})
}

func (s *pages) fixed(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "reply", didFixed, func(ctx context.Context, number desk.TicketID, f sent) error {
		_, err := s.desk.ConfirmFixed(ctx, number, words(ctx, f))
		return err
	})
}

func (s *pages) notFixed(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "reply", didNotFixed, func(ctx context.Context, number desk.TicketID, f sent) error {
		_, err := s.desk.NotFixed(ctx, number, words(ctx, f))
		return err
	})
}

func (s *pages) take(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "owner", didTake, func(ctx context.Context, number desk.TicketID, _ sent) error {
		_, err := s.desk.Take(ctx, number)
		return err
	})
}

// assign reads a choice of ownerOptions: a team, or a person of one.
func (s *pages) assign(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "owner", didAssign, func(ctx context.Context, number desk.TicketID, f sent) error {
		team, person, ok := ownerChoice(f.String("owner"))
		if !ok {
			var in errs.Check
			in.Fail("owner", "field.unknown_choice")
			return in.Err()
		}
		_, err := s.desk.Assign(ctx, desk.Assign{Ticket: number, Version: f.Version(), Team: team, Person: person})
		return err
	})
}

// ownerValue is a choice of owner as a form carries it: "3" is team 3, "3.7"
// person 7 of it, ".7" person 7 with the team as it is.
func ownerValue(team district.TeamID, person district.PersonID) string {
	if person == 0 {
		return id(team)
	}
	return id(team) + "." + id(person)
}

func ownerChoice(v string) (district.TeamID, district.PersonID, bool) {
	team, person, _ := strings.Cut(v, ".")
	t, ok1 := number(team)
	p, ok2 := number(person)
	return district.TeamID(t), district.PersonID(p), ok1 && ok2 && t+p > 0
}

func number(s string) (int64, bool) {
	if s == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= 0
}

func (s *pages) service(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "service", didChange, func(ctx context.Context, number desk.TicketID, f sent) error {
		service := district.ServiceID(f.ID("service"))
		if err := f.Err(); err != nil {
			return err
		}
		_, err := s.desk.ChangeService(ctx, number, f.Version(), service)
		return err
	})
}

func (s *pages) impact(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "impact", didChange, func(ctx context.Context, number desk.TicketID, f sent) error {
		_, err := s.desk.ChangeImpact(ctx, number, f.Version(), desk.Impact(f.String("impact")))
		return err
	})
}

func (s *pages) title(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "title", didChange, func(ctx context.Context, number desk.TicketID, f sent) error {
		_, err := s.desk.ChangeTitle(ctx, number, f.Version(), f.String("title"))
		return err
	})
}

func (s *pages) place(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "place", didChange, func(ctx context.Context, number desk.TicketID, f sent) error {
		c := desk.ChangePlace{Ticket: number, Version: f.Version(), Site: district.SiteID(f.ID("site"))}
		if err := f.Err(); err != nil {
			return err
		}
		var err error
		if c.Room, c.PlaceText, err = s.spot(ctx, c.Site, f.String("room")); err != nil {
			return err
		}
		if f.Has("contact") {
			contact := f.String("contact")
			c.Contact = &contact
		}
		_, err = s.desk.ChangePlace(ctx, c)
		return err
	})
}

func (s *pages) wait(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "state", didWait, func(ctx context.Context, number desk.TicketID, f sent) error {
		until := f.Date("until")
		if err := f.Err(); err != nil {
			return err
		}
		if !until.IsZero() {
			// A day is meant as the morning of that day where the person is.
			until = time.Date(until.Year(), until.Month(), until.Day(), morning, 0, 0, 0, s.frame.Zone(ctx))
		}
		_, err := s.desk.Wait(ctx, desk.Wait{Ticket: number, Version: f.Version(), On: desk.WaitOn(f.String("on")), Until: until, Words: words(ctx, f)})
		return err
	})
}

// morning is the hour at which a wait until a day ends.
const morning = 7

func (s *pages) resume(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "state", didResume, func(ctx context.Context, number desk.TicketID, f sent) error {
		_, err := s.desk.Resume(ctx, number, f.Version())
		return err
	})
}

func (s *pages) solve(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "state", didSolve, func(ctx context.Context, number desk.TicketID, f sent) error {
		_, err := s.desk.Solve(ctx, number, f.Version(), words(ctx, f))
		return err
	})
}

func (s *pages) reopen(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "state", didReopen, func(ctx context.Context, number desk.TicketID, f sent) error {
		_, err := s.desk.Reopen(ctx, number, f.Version())
		return err
	})
}

// private makes a request private, or with no kind ends it.
func (s *pages) private(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "private", didChange, func(ctx context.Context, number desk.TicketID, f sent) (err error) {
		if kind := desk.Private(f.String("private")); kind != "" {
			_, err = s.desk.MakePrivate(ctx, number, f.Version(), kind)
		} else {
			_, err = s.desk.MakePublic(ctx, number, f.Version())
		}
		return err
	})
}

func (s *pages) follow(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "follow", didChange, func(ctx context.Context, number desk.TicketID, _ sent) error {
		_, err := s.desk.Follow(ctx, number)
		return err
	})
}

func (s *pages) unfollow(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "follow", didChange, func(ctx context.Context, number desk.TicketID, _ sent) error {
		_, err := s.desk.Unfollow(ctx, number)
		return err
	})
}

// followers adds the person whose name was typed, or takes one off.
func (s *pages) followers(w http.ResponseWriter, r *http.Request) error {
	return s.do(w, r, "followers", didChange, func(ctx context.Context, number desk.TicketID, f sent) error {
		if gone := f.ID("remove"); gone != 0 {
			_, err := s.desk.RemoveFollower(ctx, number, district.PersonID(gone))
			return err
		}
		who := f.String("follower")
		if who == "" {
			var in errs.Check
			in.Fail("follower", "field.required")
			return in.Err()
		}
		p, err := s.someone(ctx, "follower", who, district.PersonID(f.ID("person")))
		if err != nil {
			return err
		}
		_, err = s.desk.AddFollower(ctx, number, p)
		return err
	})
}

func (s *pages) undo(w http.ResponseWriter, r *http.Request) error {
	ev, err := pathNumber(r, "event")
	if err != nil {
		return err
	}
	return s.do(w, r, "undo", didUndo, func(ctx context.Context, number desk.TicketID, _ sent) error {
		_, err := s.desk.Undo(ctx, number, desk.EventID(ev))
		return err
	})
}
