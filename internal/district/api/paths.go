package api

import (
	"context"
	"fmt"

	"trellis/internal/district"
	door "trellis/internal/platform/api"
)

// helps is who works the desk: they may know whom a request goes to.
var helps = district.Helper.WithScope(district.ScopeDistrictRead)

// PathStep is one stop of a request: who helps there.
type PathStep struct {
	Tier int   `json:"tier" minimum:"1" maximum:"3" doc:"1 at the school, 2 in the district, 3 who speaks with a vendor."`
	Team int64 `json:"team,omitempty" minimum:"0" doc:"Left out in a path that was set, whoever it would be without it: at the school the team of the place, in the district the team of the service, else the help team. A vendor's step names one."`
}

// PathOf says for what a path holds.
type PathOf struct {
	Site    int64 `json:"site,omitempty" minimum:"0" doc:"Left out, every place."`
	Service int64 `json:"service,omitempty" minimum:"0" doc:"Left out, whatever it is about."`
	Plan    bool  `json:"plan,omitempty" doc:"Planning something with a class, which has no service."`
}

// Path is a path that was set.
type Path struct {
	PathOf
	Steps   []PathStep `json:"steps" doc:"From the classroom outwards."`
	Version int64      `json:"version"`
}

// Way is where a request or a plan would go now.
type Way struct {
	PathOf
	Steps   []PathStep `json:"steps" doc:"Whom it goes to first, then whom it may be handed up to. Each names its team; closed teams and those that come twice are left out."`
	By      *PathOf    `json:"by,omitempty" doc:"For what the path holds that it goes by. Left out, nobody has set one: the team of the place, then that of the service or the help team."`
	Version int64      `json:"version" doc:"Of the path that was set for exactly this, 0 if there is none. Send it as If-Match to set one."`
}

type askWay struct {
	Site    int64 `query:"site" minimum:"0" doc:"Left out, a place without anything of its own."`
	Service int64 `query:"service" minimum:"0" doc:"Left out, nothing in particular."`
	Plan    bool  `query:"plan" doc:"Planning something with a class, which has no service."`
}

type setPath struct {
	door.IfMatch
	Body struct {
		PathOf
		Steps []PathStep `json:"steps" maxItems:"3" doc:"By tier, at most one each. Empty takes the path away, so that the next closest holds."`
	}
}

func viewSteps(list []district.Step) []PathStep {
	out := make([]PathStep, len(list))
	for i, s := range list {
		out[i] = PathStep{s.Tier, int64(s.Team)}
	}
	return out
}

func viewPathOf(p district.PathID) PathOf { return PathOf{int64(p.Site), int64(p.Service), p.Plan} }

func (p PathOf) id() district.PathID {
	return district.PathID{Site: district.SiteID(p.Site), Service: district.ServiceID(p.Service), Plan: p.Plan}
}

func (o *operations) way(ctx context.Context, of district.PathID) (*one[Way], error) {
	w, err := o.d.Way(ctx, of)
	if err != nil {
		return nil, err
	}
	out := Way{PathOf: viewPathOf(w.PathID), Steps: viewSteps(w.Steps), Version: w.Version}
	if w.Set {
		by := viewPathOf(w.By)
		out.By = &by
	}
	return at(w.Version, out), nil
}

func (o *operations) paths(a *door.API) {
	door.Operation(a, get("list-paths", "/paths", tagDuties, "The paths of help that were set"), helps, func(ctx context.Context, in *door.PageIn) (*list[Path], error) {
		all, err := o.d.Paths(ctx)
		if err != nil {
			return nil, err
		}
		where := func(p district.Path) place { // as Paths orders them
			return place{fmt.Sprintf("%t %020d", p.Plan, p.Service), int64(p.Site)}
		}
		return page(o, "paths", *in, all, where, func(p district.Path) Path {
			return Path{viewPathOf(p.PathID), viewSteps(p.Steps), p.Version}
		})
	})
	door.Operation(a, get("get-way", "/paths/way", tagDuties, "Where a request or a plan would go now"), helps, func(ctx context.Context, in *askWay) (*one[Way], error) {
		return o.way(ctx, PathOf{in.Site, in.Service, in.Plan}.id())
	})
	door.Operation(a, do("set-path", "/paths", tagDuties, "Say who helps with something at a place"), changes, func(ctx context.Context, in *setPath) (*one[Way], error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		cmd := district.SetPath{PathID: in.Body.id(), Version: v, New: v == 0}
		for _, s := range in.Body.Steps {
			cmd.Steps = append(cmd.Steps, district.Step{Tier: s.Tier, Team: district.TeamID(s.Team)})
		}
		if _, err := o.d.SetPath(ctx, cmd); err != nil {
			return nil, err
		}
		return o.way(ctx, cmd.PathID)
	})
}
