package web

import (
	"context"
	"slices"

	"trellis/internal/platform/ui"
)

// zones are the time zones of the United States and its territories, by name
// in the zone data and in our words. The API takes any other.
var zones = [][2]string{
	{"America/New_York", "settings.zone.eastern"},
	{"America/Chicago", "settings.zone.central"},
	{"America/Denver", "settings.zone.mountain"},
	{"America/Phoenix", "settings.zone.arizona"},
	{"America/Los_Angeles", "settings.zone.pacific"},
	{"America/Anchorage", "settings.zone.alaska"},
	{"America/Adak", "settings.zone.aleutian"},
	{"Pacific/Honolulu", "settings.zone.hawaii"},
	{"America/Puerto_Rico", "settings.zone.atlantic"},
	{"Pacific/Guam", "settings.zone.guam"},
	{"Pacific/Pago_Pago", "settings.zone.samoa"},
}

// zoneOptions are the zones to choose from, the current one always among them.
func zoneOptions(ctx context.Context, current string) []ui.Option {
	var out []ui.Option
	if current == "" {
		out = append(out, ui.Option{Text: t(ctx, "settings.choose")})
	}
	for _, z := range zones {
		out = append(out, ui.Option{Value: z[0], Text: t(ctx, z[1])})
	}
	if current != "" && !slices.ContainsFunc(zones, func(z [2]string) bool { return z[0] == current }) {
		out = append(out, ui.Option{Value: current, Text: current})
	}
	return out
}

// zoneText names a zone.
func zoneText(ctx context.Context, zone string) string {
	for _, z := range zones {
		if z[0] == zone {
			return t(ctx, z[1])
		}
	}
	return zone
}
