package api

import (
	"context"
	"strconv"

	"trellis/internal/district"
	door "trellis/internal/platform/api"
)

// Service is what people rely on, or a duty.
type Service struct {
	ID      int64  `json:"id"`
	Kind    string `json:"kind" enum:"service,duty" doc:"A service breaks; a duty has to be done."`
	Name    string `json:"name"`
	Icon    string `json:"icon"`
	Owner   int64  `json:"owner" doc:"Who answers for it; 0 for readers who are not staff."`
	Cover   int64  `json:"cover" doc:"Who covers; 0 for readers who are not staff."`
	Team    int64  `json:"team" doc:"Takes requests about it; 0 leaves that to the site's team."`
	Active  bool   `json:"active" doc:"False once it is closed."`
	Version int64  `json:"version"`
}

func viewService(s district.Service) Service {
	return Service{int64(s.ID), s.Kind, s.Name, s.Icon, int64(s.Owner), int64(s.Cover), int64(s.Team), s.Active, s.Version}
}

type createService struct {
	Body struct {
		Kind  string `json:"kind" enum:"service,duty"`
		Name  string `json:"name" minLength:"1" maxLength:"120"`
		Icon  string `json:"icon,omitempty" maxLength:"40"`
		Owner int64  `json:"owner" minimum:"1"`
		Cover int64  `json:"cover" minimum:"1" doc:"Never the owner."`
		Team  int64  `json:"team,omitempty" minimum:"0"`
	}
}

type changeService struct {
	ByID
	door.IfMatch
	Body struct {
		Kind  *string `json:"kind,omitempty" enum:"service,duty"`
		Name  *string `json:"name,omitempty" maxLength:"120"`
		Icon  *string `json:"icon,omitempty" maxLength:"40"`
		Owner *int64  `json:"owner,omitempty" minimum:"1"`
		Cover *int64  `json:"cover,omitempty" minimum:"1"`
		Team  *int64  `json:"team,omitempty" minimum:"0"`
	}
}

type listServices struct {
	door.PageIn
	Kind   string `query:"kind" enum:"service,duty" doc:"Left out, both."`
	Closed bool   `query:"closed" doc:"Closed ones too."`
}

func (o *operations) readService(ctx context.Context, id district.ServiceID) (*one[Service], error) {
	s, err := o.d.Service(ctx, id)
	if err != nil {
		return nil, err
	}
	return at(s.Version, viewService(s)), nil
}

func (o *operations) services(a *door.API) {
	door.Operation(a, get("list-services", "/services", tagDuties, "Services and duties by name"), reads, o.listServices)
	door.Operation(a, get("get-service", "/services/{id}", tagDuties, "A service or duty"), reads, func(ctx context.Context, in *ByID) (*one[Service], error) {
		return o.readService(ctx, district.ServiceID(in.ID))
	})
	door.Operation(a, create("create-service", "/services", tagDuties, "Add a service or duty"), changes, func(ctx context.Context, in *createService) (*one[Service], error) {
		b := in.Body
		id, err := o.d.CreateService(ctx, district.CreateService{Kind: b.Kind, Name: b.Name, Icon: b.Icon, Owner: district.PersonID(b.Owner), Cover: district.PersonID(b.Cover), Team: district.TeamID(b.Team)})
		if err != nil {
			return nil, err
		}
		return o.readService(ctx, id)
	})
	door.Operation(a, change("change-service", "/services/{id}", tagDuties, "Change a service or duty"), changes, o.changeService)
	door.Operation(a, do("close-service", "/services/{id}/close", tagDuties, "Close a service or duty"), changes, switched(o.d.CloseService, o.readService))
	door.Operation(a, do("reopen-service", "/services/{id}/reopen", tagDuties, "Open a closed service or duty again"), changes, switched(o.d.ReopenService, o.readService))
}

func (o *operations) listServices(ctx context.Context, in *listServices) (*list[Service], error) {
	all, err := o.d.Services(ctx, in.Closed)
	if err != nil {
		return nil, err
	}
	var kept []district.Service
	for _, s := range all {
		if in.Kind == "" || s.Kind == in.Kind {
			kept = append(kept, s)
		}
	}
	return page(o, "services "+in.Kind+" "+strconv.FormatBool(in.Closed), in.PageIn, kept, func(s district.Service) place { return place{district.Fold(s.Name), int64(s.ID)} }, viewService)
}

func (o *operations) changeService(ctx context.Context, in *changeService) (*one[Service], error) {
	v, err := in.Version()
	if err != nil {
		return nil, err
	}
	s, err := o.d.Service(ctx, district.ServiceID(in.ID))
	if err != nil {
		return nil, err
	}
	c := district.ChangeService{ID: s.ID, Version: v, Kind: s.Kind, Name: s.Name, Icon: s.Icon, Owner: s.Owner, Cover: s.Cover, Team: s.Team}
	b := in.Body
	set(&c.Kind, b.Kind)
	set(&c.Name, b.Name)
	set(&c.Icon, b.Icon)
	setID(&c.Owner, b.Owner)
	setID(&c.Cover, b.Cover)
	setID(&c.Team, b.Team)
	if _, err := o.d.ChangeService(ctx, c); err != nil {
		return nil, err
	}
	return o.readService(ctx, s.ID)
}
