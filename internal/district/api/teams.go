package api

import (
	"context"
	"strconv"
	"time"

	"trellis/internal/district"
	door "trellis/internal/platform/api"
)

// TeamMember is one person of a team.
type TeamMember struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	AwayUntil *time.Time `json:"away_until,omitempty"`
	Active    bool       `json:"active"`
}

// Team owns requests together.
type Team struct {
	ID      int64        `json:"id"`
	Name    string       `json:"name"`
	Lead    int64        `json:"lead" doc:"The person who leads it."`
	Tier    int          `json:"tier" doc:"1 first help at a school, 2 specialists of the district, 3 who speaks with a vendor."`
	Members []TeamMember `json:"members"`
	Active  bool         `json:"active" doc:"False once it is closed."`
	Version int64        `json:"version"`
}

func viewTeam(t district.Team) Team {
	out := Team{ID: int64(t.ID), Name: t.Name, Lead: int64(t.Lead), Tier: t.Tier, Members: []TeamMember{}, Active: t.Active, Version: t.Version}
	for _, m := range t.Members {
		out.Members = append(out.Members, TeamMember{int64(m.ID), m.Name, instant(m.AwayUntil), m.Active})
	}
	return out
}

type createTeam struct {
	Body struct {
		Name    string  `json:"name" minLength:"1" maxLength:"120"`
		Lead    int64   `json:"lead" minimum:"1"`
		Tier    int     `json:"tier" minimum:"1" maximum:"3"`
		Members []int64 `json:"members,omitempty" maxItems:"200" doc:"People, the lead among them; left out, the lead alone."`
	}
}

type changeTeam struct {
	ByID
	door.IfMatch
	Body struct {
		Name    *string  `json:"name,omitempty" maxLength:"120"`
		Lead    *int64   `json:"lead,omitempty" minimum:"1"`
		Tier    *int     `json:"tier,omitempty" minimum:"1" maximum:"3"`
		Members *[]int64 `json:"members,omitempty" maxItems:"200" doc:"All of them, in place of those there are."`
	}
}

type listTeams struct {
	door.PageIn
	Closed bool `query:"closed" doc:"Closed ones too."`
}

func personIDs(in []int64) []district.PersonID {
	var out []district.PersonID
	for _, id := range in {
		out = append(out, district.PersonID(id))
	}
	return out
}

func (o *operations) readTeam(ctx context.Context, id district.TeamID) (*one[Team], error) {
	t, err := o.d.Team(ctx, id)
	if err != nil {
		return nil, err
	}
	return at(t.Version, viewTeam(t)), nil
}

func (o *operations) teams(a *door.API) {
	door.Operation(a, get("list-teams", "/teams", tagDuties, "Teams by name"), staff, func(ctx context.Context, in *listTeams) (*list[Team], error) {
		all, err := o.d.Teams(ctx, in.Closed)
		if err != nil {
			return nil, err
		}
		return page(o, "teams "+strconv.FormatBool(in.Closed), in.PageIn, all, func(t district.Team) place { return place{district.Fold(t.Name), int64(t.ID)} }, viewTeam)
	})
	door.Operation(a, get("get-team", "/teams/{id}", tagDuties, "A team"), staff, func(ctx context.Context, in *ByID) (*one[Team], error) {
		return o.readTeam(ctx, district.TeamID(in.ID))
	})
	door.Operation(a, create("create-team", "/teams", tagDuties, "Add a team"), changes, func(ctx context.Context, in *createTeam) (*one[Team], error) {
		id, err := o.d.CreateTeam(ctx, district.CreateTeam{Name: in.Body.Name, Lead: district.PersonID(in.Body.Lead), Tier: in.Body.Tier, Members: personIDs(in.Body.Members)})
		if err != nil {
			return nil, err
		}
		return o.readTeam(ctx, id)
	})
	door.Operation(a, change("change-team", "/teams/{id}", tagDuties, "Change a team"), changes, func(ctx context.Context, in *changeTeam) (*one[Team], error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		t, err := o.d.Team(ctx, district.TeamID(in.ID))
		if err != nil {
			return nil, err
		}
		c := district.ChangeTeam{ID: t.ID, Version: v, Name: t.Name, Lead: t.Lead, Tier: t.Tier}
		for _, m := range t.Members {
			c.Members = append(c.Members, m.ID)
		}
		set(&c.Name, in.Body.Name)
		setID(&c.Lead, in.Body.Lead)
		set(&c.Tier, in.Body.Tier)
		if in.Body.Members != nil {
			c.Members = personIDs(*in.Body.Members)
		}
		if _, err := o.d.ChangeTeam(ctx, c); err != nil {
			return nil, err
		}
		return o.readTeam(ctx, t.ID)
	})
	door.Operation(a, do("close-team", "/teams/{id}/close", tagDuties, "Close a team"), changes, switched(o.d.CloseTeam, o.readTeam))
	door.Operation(a, do("reopen-team", "/teams/{id}/reopen", tagDuties, "Open a closed team again"), changes, switched(o.d.ReopenTeam, o.readTeam))
}
