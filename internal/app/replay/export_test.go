package replay

import (
	"context"

	"trellis/internal/app"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/event"
)

// Kinds are those of all events that can be told again.
func Kinds() (out []string) {
	for k := range commands {
		out = append(out, k)
	}
	return out
}

// Retell tells a list of events.
func Retell(ctx context.Context, into *app.District, c *clock.Manual, list []event.Event) error {
	return retell(ctx, into, c, func(place int64) ([]event.Event, error) {
		for i, e := range list {
			if e.Place > place {
				return list[i:], nil
			}
		}
		return nil, nil
	})
}

// Decided are the kinds of events of which it is known whether and how they
// are told again.
func Decided() []string {
	out := append(Kinds(), left...)
	for k := range untold {
		out = append(out, k)
	}
	return out
}

// Apart names the tables and columns that are not compared.
func Apart() (out []string) {
	for name, why := range apart {
		if why != "" {
			out = append(out, name)
		}
	}
	return out
}
