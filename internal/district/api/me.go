package api

import (
	"context"

	"trellis/internal/district"
	door "trellis/internal/platform/api"
)

type changeMe struct {
	door.IfMatch
	Body struct {
		Phone *string `json:"phone,omitempty" maxLength:"40"`
		Lang  *string `json:"lang,omitempty" maxLength:"20"`
		Site  *int64  `json:"site,omitempty" minimum:"0"`
		Room  *int64  `json:"room,omitempty" minimum:"0"`
	}
}

func (o *operations) me(a *door.API) {
	door.Operation(a, get("get-me", "/me", tagAccount, "The person who asks"), reads, func(ctx context.Context, _ *struct{}) (*one[PersonRecord], error) {
		return o.readPerson(ctx, self(ctx))
	})
	door.Operation(a, change("change-me", "/me", tagAccount, "Change how and where one is reached"), owns, func(ctx context.Context, in *changeMe) (*one[PersonRecord], error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		p, err := o.d.Person(ctx, self(ctx))
		if err != nil {
			return nil, err
		}
		c := district.ChangeMe{Version: v, Phone: p.Phone, Lang: p.Lang, Site: p.Site, Room: p.Room}
		b := in.Body
		set(&c.Phone, b.Phone)
		set(&c.Lang, b.Lang)
		if b.Site != nil && district.SiteID(*b.Site) != p.Site {
			c.Site, c.Room = district.SiteID(*b.Site), 0 // the room belonged to the site
		}
		setID(&c.Room, b.Room)
		if _, err := o.d.ChangeMe(ctx, c); err != nil {
			return nil, err
		}
		return o.readPerson(ctx, p.ID)
	})
}
