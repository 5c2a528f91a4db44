package district

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
)

// Kinds of what somebody answers for.
const (
	KindService = "service" // people rely on it and it breaks: Sign-in, Chromebooks
	KindDuty    = "duty"    // it must be done: licenses, accounts, data, training
)

// Service is something people rely on, or a duty. It has one owner, and
// somebody else who covers.
type Service struct {
	ID        ServiceID
	Kind      string
	Name      string
	Icon      string   // a name from the design system's set, "" for none
	Owner     PersonID // 0 for readers who are not staff
	OwnerName string
	Cover     PersonID
	CoverName string
	Team      TeamID // takes requests about it; 0 leaves that to the site's team
	TeamName  string
	Active    bool
	Version   int64
}

const serviceColumns = `v.id, v.kind, v.name, v.icon, v.owner, o.name, v.cover, c.name, v.team, t.name, v.active, v.version`

const serviceFrom = ` FROM district_service v JOIN district_person o ON o.id = v.owner JOIN district_person c ON c.id = v.cover
	LEFT JOIN district_team t ON t.id = v.team `

func scanService(r *db.Rows, s *Service) error {
	return r.Scan(&s.ID, &s.Kind, &s.Name, &s.Icon, &s.Owner, &s.OwnerName, &s.Cover, &s.CoverName, db.OrZero(&s.Team), db.OrZero(&s.TeamName), &s.Active, &s.Version)
}

// Services lists the open services and duties by name, and with all the closed
// ones too. Who answers for them is for staff.
func (d *District) Services(ctx context.Context, all bool) ([]Service, error) {
	a, err := authorise(ctx, mayRead)
	if err != nil {
		return nil, err
	}
	var out []Service
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		out, err = db.List(tx, scanService, `SELECT `+serviceColumns+serviceFrom+`WHERE v.active OR $1 ORDER BY v.fold, v.id`, all)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list services: %w", err)
	}
	for i := range out {
		out[i].hideFrom(a)
	}
	return out, nil
}

// Service is one service or duty; NotFound if there is none.
func (d *District) Service(ctx context.Context, id ServiceID) (Service, error) {
	a, err := authorise(ctx, mayRead)
	if err != nil {
		return Service{}, err
	}
	var s Service
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		s, err = serviceByID(tx, id)
		return err
	})
	s.hideFrom(a)
	return s, err
}

func (s *Service) hideFrom(a policy.Actor) {
	if !mayStaff.Permits(a) {
		s.Owner, s.OwnerName, s.Cover, s.CoverName = 0, "", 0, ""
	}
}

func serviceByID(tx *db.Tx, id ServiceID) (s Service, err error) {
	list, err := db.List(tx, scanService, `SELECT `+serviceColumns+serviceFrom+`WHERE v.id = $1`, id)
	if err != nil {
		return s, fmt.Errorf("read service: %w", err)
	}
	if len(list) == 0 {
		return s, notFound()
	}
	return list[0], nil
}

type serviceFields struct {
	Kind, Name, Icon string
	Owner, Cover     PersonID
	Team             TeamID
}

var iconName = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

func (f *serviceFields) check(in *errs.Check) {
	if f.Kind != KindService && f.Kind != KindDuty {
		in.Fail("kind", "field.unknown_choice")
	}
	f.Name = Line(in, "name", f.Name, maxName, true)
	if f.Icon != "" && !iconName.MatchString(f.Icon) {
		in.Fail("icon", "field.unknown_choice")
	}
	if f.Owner == 0 {
		in.Fail("owner", "field.required")
	}
	switch {
	case f.Cover == 0:
		in.Fail("cover", "field.required")
	case f.Cover == f.Owner:
		in.Fail("cover", "district.service.cover_is_owner")
	}
}

// checkAgain looks that the name is free, and that who answers for the service
// is here and works in the district.
func (f *serviceFields) checkAgain(tx *db.Tx, own Service) error {
	var in errs.Check
	var other ServiceID
	err := tx.QueryRow(`SELECT id FROM district_service WHERE fold = $1`, Fold(f.Name)).Scan(&other)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if other != 0 && other != own.ID {
		in.Fail("name", "district.service.taken")
	}
	for _, who := range []struct {
		field string
		id    PersonID
	}{{"owner", f.Owner}, {"cover", f.Cover}} {
		ok, err := exists(tx, `SELECT EXISTS (SELECT 1 FROM district_person p JOIN district_grant g ON g.person = p.id
			WHERE p.id = $1 AND p.active AND g.role IN `+StaffRolesSQL+`)`, who.id)
		if err != nil {
			return err
		}
		if !ok {
			in.Fail(who.field, "district.service.not_staff")
		}
	}
	if f.Team != 0 {
		if ok, err := teamActive(tx, f.Team); err != nil {
			return err
		} else if !ok {
			in.Fail("team", "field.unknown_choice")
		}
	}
	return in.Err()
}

func serviceDiff(was, f serviceFields) diff {
	var ch diff
	note(&ch, "kind", was.Kind, f.Kind)
	note(&ch, "name", was.Name, f.Name)
	note(&ch, "icon", was.Icon, f.Icon)
	note(&ch, "owner", was.Owner, f.Owner)
	note(&ch, "cover", was.Cover, f.Cover)
	note(&ch, "team", was.Team, f.Team)
	return ch
}
