package web

import (
	"context"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/ui"
)

// covers lead to the absences in which a person is named to cover: where
// somebody else can be named before they leave.
func (p *pages) covers(ctx context.Context, person district.PersonID) ([]ui.LinkItem, error) {
	list, err := p.Cover.NamedIn(ctx, person)
	if err != nil {
		return nil, err
	}
	var out []ui.LinkItem
	for _, x := range list {
		zone, err := time.LoadLocation(x.Zone)
		if err != nil {
			zone = p.f.Zone(ctx)
		}
		out = append(out, ui.LinkItem{Href: awayHref(x.Person, x.ID), Title: x.Name,
			Sub: t(ctx, "settings.people.covers.span", "From", i18n.Date(ctx, x.From, zone), "Until", cover.SayUntil(ctx, x.Until, zone))})
	}
	return out, nil
}
