package replay

import (
	"context"
	"fmt"
	"strconv"

	"trellis/internal/app"
	"trellis/internal/district"
)

func createTeam(ctx context.Context, p *teller, e said) error {
	_, err := p.d.District.CreateTeam(ctx, district.CreateTeam{Name: e.text("name"), Lead: district.PersonID(e.number("lead")), Tier: int(e.number("tier")), Members: members(e)})
	return err
}

// members are a team's as the log lists them.
func members(e said) (out []district.PersonID) {
	c, _ := e.change("members")
	list, _ := c.To.([]any)
	for _, v := range list {
		out = append(out, district.PersonID(number(v)))
	}
	return out
}

func (p *teller) team(ctx context.Context, e said) (district.Team, error) {
	return p.d.District.Team(app.AsSystem(ctx), district.TeamID(e.Subject.ID))
}

func changeTeam(ctx context.Context, p *teller, e said) error {
	was, err := p.team(ctx, e)
	if err != nil {
		return err
	}
	c := district.ChangeTeam{ID: was.ID, Version: was.Version, Name: textOr(e, "name", was.Name), Lead: numberOr(e, "lead", was.Lead), Tier: numberOr(e, "tier", was.Tier), Members: members(e)}
	if !e.has("members") {
		for _, m := range was.Members {
			c.Members = append(c.Members, m.ID)
		}
	}
	_, err = p.d.District.ChangeTeam(ctx, c)
	return err
}

func turnTeam(ctx context.Context, p *teller, e said) error {
	was, err := p.team(ctx, e)
	if err != nil {
		return err
	}
	if e.yes("active") {
		_, err = p.d.District.ReopenTeam(ctx, was.ID, was.Version)
	} else {
		_, err = p.d.District.CloseTeam(ctx, was.ID, was.Version)
	}
	return err
}

func createService(ctx context.Context, p *teller, e said) error {
	_, err := p.d.District.CreateService(ctx, district.CreateService{Kind: e.text("kind"), Name: e.text("name"), Icon: e.text("icon"),
		Owner: district.PersonID(e.number("owner")), Cover: district.PersonID(e.number("cover")), Team: district.TeamID(e.number("team"))})
	return err
}

func (p *teller) service(ctx context.Context, e said) (district.Service, error) {
	return p.d.District.Service(app.AsSystem(ctx), district.ServiceID(e.Subject.ID))
}

func changeService(ctx context.Context, p *teller, e said) error {
	was, err := p.service(ctx, e)
	if err != nil {
		return err
	}
	_, err = p.d.District.ChangeService(ctx, district.ChangeService{ID: was.ID, Version: was.Version, Kind: textOr(e, "kind", was.Kind), Name: textOr(e, "name", was.Name),
		Icon: textOr(e, "icon", was.Icon), Owner: numberOr(e, "owner", was.Owner), Cover: numberOr(e, "cover", was.Cover), Team: numberOr(e, "team", was.Team)})
	return err
}

func turnService(ctx context.Context, p *teller, e said) error {
	was, err := p.service(ctx, e)
	if err != nil {
		return err
	}
	if e.yes("active") {
		_, err = p.d.District.ReopenService(ctx, was.ID, was.Version)
	} else {
		_, err = p.d.District.CloseService(ctx, was.ID, was.Version)
	}
	return err
}

// setPath knows of each tier what the event says of it, or the one before.
func setPath(ctx context.Context, p *teller, e said) error {
	c := district.SetPath{PathID: district.PathID{Site: district.SiteID(e.Subject.ID), Service: district.ServiceID(e.number("service")), Plan: e.yes("plan")}}
	was := pathRef(c.Plan, e.Subject.ID, e.number("service"))
	for tier := district.TierSchool; tier <= district.TierVendor; tier++ {
		field := "tier_" + strconv.Itoa(tier)
		switch who := textOr(e, field, p.known.text(was, field)); who {
		case "":
		case "any":
			c.Steps = append(c.Steps, district.Step{Tier: tier})
		default:
			team, err := strconv.ParseInt(who, 10, 64)
			if err != nil {
				return fmt.Errorf("%s: %w", field, err)
			}
			c.Steps = append(c.Steps, district.Step{Tier: tier, Team: district.TeamID(team)})
		}
	}
	_, err := p.d.District.SetPath(ctx, c)
	return err
}
