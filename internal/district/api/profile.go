package api

import (
	"context"

	"trellis/internal/district"
	door "trellis/internal/platform/api"
)

// District is what a district says about itself.
type District struct {
	Name     string `json:"name"`
	Zone     string `json:"zone" doc:"IANA time zone of sites without their own." example:"America/Denver"`
	Lang     string `json:"lang" doc:"Language of people who chose none." example:"en-US"`
	HelpTeam int64  `json:"help_team" doc:"The team that takes what no other team does."`
}

type changeProfile struct {
	door.IfMatch
	Body struct {
		Name     *string `json:"name,omitempty" maxLength:"120"`
		Zone     *string `json:"zone,omitempty" maxLength:"64"`
		Lang     *string `json:"lang,omitempty" maxLength:"20"`
		HelpTeam *int64  `json:"help_team,omitempty" minimum:"0"`
	}
}

func (o *operations) profile(a *door.API) {
	read := func(ctx context.Context) (*one[District], error) {
		p, err := o.d.Profile(ctx)
		if err != nil {
			return nil, err
		}
		return at(p.Version, District{p.Name, p.Zone, p.Lang, int64(p.HelpTeam)}), nil
	}
	door.Operation(a, get("get-district", "/district", tagPlaces, "The district"), reads, func(ctx context.Context, _ *struct{}) (*one[District], error) {
		return read(ctx)
	})
	door.Operation(a, change("change-district", "/district", tagPlaces, "Change the district"), changes, func(ctx context.Context, in *changeProfile) (*one[District], error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		p, err := o.d.Profile(ctx)
		if err != nil {
			return nil, err
		}
		c := district.ChangeProfile{Version: v, Name: p.Name, Zone: p.Zone, Lang: p.Lang, HelpTeam: p.HelpTeam}
		b := in.Body
		set(&c.Name, b.Name)
		set(&c.Zone, b.Zone)
		set(&c.Lang, b.Lang)
		setID(&c.HelpTeam, b.HelpTeam)
		if _, err := o.d.ChangeProfile(ctx, c); err != nil {
			return nil, err
		}
		return read(ctx)
	})
}
