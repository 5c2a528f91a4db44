package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"trellis/internal/district"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
)

// number writes an id for a form, "" for none.
func number[ID ~int64](id ID) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// siteOptions are sites to choose from, after the words for none.
func siteOptions(sites []district.Site, none string) []ui.Option {
	out := []ui.Option{{Text: none}}
	for _, s := range sites {
		out = append(out, ui.Option{Value: number(s.ID), Text: s.Name})
	}
	return out
}

// teamOptions are teams to choose from, after the words for none if there are
// any.
func teamOptions(teams []district.Team, none string) []ui.Option {
	var out []ui.Option
	if none != "" {
		out = append(out, ui.Option{Text: none})
	}
	for _, x := range teams {
		out = append(out, ui.Option{Value: number(x.ID), Text: x.Name})
	}
	return out
}

// accountLinks are the further pages of one's own account. Programs are for
// people who work here.
func accountLinks(ctx context.Context) []ui.LinkItem {
	out := []ui.LinkItem{
		{Href: "/account/password", Title: t(ctx, "account.password.title"), Sub: t(ctx, "account.password.text")},
		{Href: "/account/devices", Title: t(ctx, "account.devices.title"), Sub: t(ctx, "account.devices.text")},
	}
	if district.Staff.Permits(policy.ActorFrom(ctx)) {
		out = append(out, ui.LinkItem{Href: "/account/tokens", Title: t(ctx, "account.tokens.title"), Sub: t(ctx, "account.tokens.text")})
	}
	return out
}

// stepItems are the steps of setting up, each saying whether it is done.
func stepItems(ctx context.Context, steps []step) []ui.LinkItem {
	var out []ui.LinkItem
	for _, s := range steps {
		tag := ui.TagProps{Text: t(ctx, "settings.steps.open")}
		if s.done {
			tag = ui.TagProps{Text: t(ctx, "settings.steps.ready"), Tone: ui.Green, Icon: "check"}
		}
		out = append(out, ui.LinkItem{Href: s.href, Title: s.text, Tag: &tag})
	}
	return out
}

func sectionItems(ctx context.Context, sections []section) []ui.LinkItem {
	var out []ui.LinkItem
	for _, s := range sections {
		out = append(out, ui.LinkItem{Href: s.href, Title: t(ctx, s.title), Sub: t(ctx, s.text)})
	}
	return out
}

// levelOptions are the levels of a site.
func levelOptions(ctx context.Context, current string) []ui.Option {
	var out []ui.Option
	if current == "" {
		out = append(out, ui.Option{Text: t(ctx, "settings.choose")})
	}
	for _, l := range district.Levels {
		out = append(out, ui.Option{Value: l, Text: t(ctx, "settings.level."+l)})
	}
	return out
}

// addLabel names the field for more people of a list, or for the first ones.
func addLabel(ctx context.Context, first bool, legend string) string {
	if first {
		return legend
	}
	return t(ctx, "settings.members.add")
}

// serviceIcons are the icons that a service can have, of those that the design
// system carries.
var serviceIcons = []string{"laptop", "monitor", "printer", "wifi", "key-round", "mail", "book-open", "graduation-cap", "phone", "volume-2", "tag", "shield"}

// iconKey is an icon's name as a part of a message key.
func iconKey(icon string) string {
	if icon == "" {
		return "none"
	}
	return strings.ReplaceAll(icon, "-", "_")
}

func iconOptions(ctx context.Context, current string) []ui.Option {
	out := []ui.Option{{Text: t(ctx, "settings.icon.none")}}
	for _, i := range serviceIcons {
		out = append(out, ui.Option{Value: i, Text: iconText(ctx, i)})
	}
	if current != "" && !slices.Contains(serviceIcons, current) {
		out = append(out, ui.Option{Value: current, Text: current})
	}
	return out
}

// iconText names an icon; one that the API brought in goes by its own name.
func iconText(ctx context.Context, icon string) string {
	if icon != "" && !slices.Contains(serviceIcons, icon) {
		return icon
	}
	return t(ctx, "settings.icon."+iconKey(icon))
}
