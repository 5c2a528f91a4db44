package api

import (
	"context"

	"trellis/internal/district"
	door "trellis/internal/platform/api"
)

// Site is a school or an office.
type Site struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Short      string `json:"short" doc:"What people call it, for lists."`
	Level      string `json:"level" enum:"elementary,middle,high,combined,office"`
	Enrollment int64  `json:"enrollment" doc:"Students."`
	TitleOne   bool   `json:"title_one" doc:"Gets Title I funds."`
	Zone       string `json:"zone" doc:"IANA time zone."`
	Team       int64  `json:"team" doc:"The team that gives first help here, 0 if the district's does."`
	Active     bool   `json:"active" doc:"False once it is closed."`
	Version    int64  `json:"version"`
}

func viewSite(s district.Site) Site {
	return Site{int64(s.ID), s.Name, s.Short, s.Level, s.Enrollment, s.TitleOne, s.Zone, int64(s.Team), s.Active, s.Version}
}

type createSite struct {
	Body struct {
		Name       string `json:"name" minLength:"1" maxLength:"120"`
		Short      string `json:"short,omitempty" maxLength:"40"`
		Level      string `json:"level" enum:"elementary,middle,high,combined,office"`
		Enrollment int64  `json:"enrollment,omitempty" minimum:"0" maximum:"200000"`
		TitleOne   bool   `json:"title_one,omitempty"`
		Zone       string `json:"zone,omitempty" maxLength:"64" doc:"Left out, the district's."`
		Team       int64  `json:"team,omitempty" minimum:"0"`
	}
}

type changeSite struct {
	ByID
	door.IfMatch
	Body struct {
		Name       *string `json:"name,omitempty" maxLength:"120"`
		Short      *string `json:"short,omitempty" maxLength:"40"`
		Level      *string `json:"level,omitempty" enum:"elementary,middle,high,combined,office"`
		Enrollment *int64  `json:"enrollment,omitempty" minimum:"0" maximum:"200000"`
		TitleOne   *bool   `json:"title_one,omitempty"`
		Zone       *string `json:"zone,omitempty" maxLength:"64"`
		Team       *int64  `json:"team,omitempty" minimum:"0"`
	}
}

type listSites struct {
	door.PageIn
	Closed bool `query:"closed" doc:"Closed ones too."`
}

func (o *operations) readSite(ctx context.Context, id district.SiteID) (*one[Site], error) {
	s, err := o.d.Site(ctx, id)
	if err != nil {
		return nil, err
	}
	return at(s.Version, viewSite(s)), nil
}

func (o *operations) sites(a *door.API) {
	door.Operation(a, get("list-sites", "/sites", tagPlaces, "Sites by name"), reads, func(ctx context.Context, in *listSites) (*list[Site], error) {
		all, err := o.d.Sites(ctx, in.Closed)
		if err != nil {
			return nil, err
		}
		name := "sites"
		if in.Closed {
			name = "sites closed too"
		}
		return page(o, name, in.PageIn, all, func(s district.Site) place { return place{district.Fold(s.Name), int64(s.ID)} }, viewSite)
	})
	door.Operation(a, get("get-site", "/sites/{id}", tagPlaces, "A site"), reads, func(ctx context.Context, in *ByID) (*one[Site], error) {
		return o.readSite(ctx, district.SiteID(in.ID))
	})
	door.Operation(a, create("create-site", "/sites", tagPlaces, "Add a site"), changes, func(ctx context.Context, in *createSite) (*one[Site], error) {
		b := in.Body
		id, err := o.d.CreateSite(ctx, district.CreateSite{Name: b.Name, Short: b.Short, Level: b.Level, Enrollment: b.Enrollment, TitleOne: b.TitleOne, Zone: b.Zone, Team: district.TeamID(b.Team)})
		if err != nil {
			return nil, err
		}
		return o.readSite(ctx, id)
	})
	door.Operation(a, change("change-site", "/sites/{id}", tagPlaces, "Change a site"), changes, o.changeSite)
	door.Operation(a, do("close-site", "/sites/{id}/close", tagPlaces, "Close a site"), changes, switched(o.d.CloseSite, o.readSite))
	door.Operation(a, do("reopen-site", "/sites/{id}/reopen", tagPlaces, "Open a closed site again"), changes, switched(o.d.ReopenSite, o.readSite))
	door.Operation(a, do("import-sites", "/sites/import", tagPlaces, "Add or change sites from a pasted list, all of it or nothing"), changes, o.importSites)
}

func (o *operations) changeSite(ctx context.Context, in *changeSite) (*one[Site], error) {
	v, err := in.Version()
	if err != nil {
		return nil, err
	}
	s, err := o.d.Site(ctx, district.SiteID(in.ID))
	if err != nil {
		return nil, err
	}
	c := district.ChangeSite{ID: s.ID, Version: v, Name: s.Name, Short: s.Short, Level: s.Level, Enrollment: s.Enrollment, TitleOne: s.TitleOne, Zone: s.Zone, Team: s.Team}
	b := in.Body
	set(&c.Name, b.Name)
	set(&c.Short, b.Short)
	set(&c.Level, b.Level)
	set(&c.Enrollment, b.Enrollment)
	set(&c.TitleOne, b.TitleOne)
	set(&c.Zone, b.Zone)
	setID(&c.Team, b.Team)
	if _, err := o.d.ChangeSite(ctx, c); err != nil {
		return nil, err
	}
	return o.readSite(ctx, s.ID)
}
