package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/clock"
)

// ground makes the district, its sites and rooms.
func (b *builder) ground(ctx context.Context) error {
	ctx = system(ctx)
	key, err := b.d.MakeSetupKey(ctx)
	if err != nil {
		return err
	}
	ruth := personOf("ruth")
	// Nobody signs in with this password: the example's people come in by links.
	_, first, err := b.d.SetUp(ctx, district.SetUp{Key: key, District: Name, Zone: Zone, Lang: "en-US", Name: ruth.name, Email: email(ruth.key),
		Password: strings.ToLower(clock.System().Now().Format("jan-monday-150405.000000")) + "-not-a-secret", Site: places[0].name, Level: places[0].level, Team: teams[0].name})
	if err != nil {
		return err
	}
	b.people[ruth.key] = first.Person
	existing, err := b.d.Sites(ctx, false)
	if err != nil {
		return err
	}
	for i, p := range places {
		if i == 0 {
			b.sites[p.key] = existing[0].ID
			if _, err := b.d.ChangeSite(ctx, district.ChangeSite{ID: existing[0].ID, Version: existing[0].Version, Name: p.name, Short: p.short, Level: p.level, Zone: Zone}); err != nil {
				return err
			}
		} else if b.sites[p.key], err = b.d.CreateSite(ctx, district.CreateSite{Name: p.name, Short: p.short, Level: p.level, Enrollment: int64(p.enrollment), TitleOne: p.titleOne, Zone: Zone}); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		for _, r := range p.rooms {
			if b.rooms[p.key+"/"+r], err = b.d.CreateRoom(ctx, district.CreateRoom{Site: b.sites[p.key], Name: r}); err != nil {
				return fmt.Errorf("%s, %s: %w", p.name, r, err)
			}
		}
	}
	return nil
}

// personOf is one of those who have a name in the example's own text.
func personOf(key string) person {
	for _, list := range [][]person{people, moreHelp} {
		if i := slices.IndexFunc(list, func(p person) bool { return p.key == key }); i >= 0 {
			return list[i]
		}
	}
	panic("demo: nobody is called " + key)
}

func email(key string) string { return key + "@junipervalley.example" }

func (b *builder) grants(p person) []district.Grant {
	var out []district.Grant
	for _, g := range p.roles {
		out = append(out, district.Grant{Role: g.role, Site: b.sites[g.site]})
	}
	return out
}

// staff makes the people. The first administrator is there already.
func (b *builder) staff(ctx context.Context) error {
	ctx = system(ctx)
	for i, p := range b.cast {
		if p.key == "ruth" {
			r, err := b.d.Person(ctx, b.people[p.key])
			if err != nil {
				return err
			}
			if _, err := b.d.ChangePerson(ctx, district.ChangePerson{ID: r.ID, Version: r.Version, Name: p.name, Email: email(p.key), Phone: phone(i), Title: p.title, Lang: "en-US",
				Site: b.sites[p.site], Room: b.rooms[p.site+"/"+p.room], Grants: b.grants(p)}); err != nil {
				return err
			}
			continue
		}
		lang := p.lang
		if lang == "" {
			lang = "en-US"
		}
		id, err := b.d.CreatePerson(ctx, district.CreatePerson{Name: p.name, Email: email(p.key), Phone: phone(i), Title: p.title, Lang: lang,
			Site: b.sites[p.site], Room: b.rooms[p.site+"/"+p.room], Grants: b.grants(p)})
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		b.people[p.key] = id
	}
	return nil
}

// phone numbers in the range that is kept free for stories.
func phone(i int) string { return fmt.Sprintf("(555) 555-01%02d", 10+i) }

// help makes teams, services and duties, and says who is named for what is
// private.
func (b *builder) help(ctx context.Context) error {
	ctx = system(ctx)
	for i, t := range b.teamList {
		var members []district.PersonID
		for _, m := range t.members {
			members = append(members, b.people[m])
		}
		if i == 0 {
			list, err := b.d.Teams(ctx, false)
			if err != nil {
				return err
			}
			b.teams[t.key] = list[0].ID
			if _, err := b.d.ChangeTeam(ctx, district.ChangeTeam{ID: list[0].ID, Version: list[0].Version, Name: t.name, Lead: b.people[t.lead], Tier: t.tier, Members: members}); err != nil {
				return err
			}
			continue
		}
		id, err := b.d.CreateTeam(ctx, district.CreateTeam{Name: t.name, Lead: b.people[t.lead], Tier: t.tier, Members: members})
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		b.teams[t.key] = id
		for _, key := range t.sites {
			s, err := b.d.Site(ctx, b.sites[key])
			if err != nil {
				return err
			}
			if _, err := b.d.ChangeSite(ctx, district.ChangeSite{ID: s.ID, Version: s.Version, Name: s.Name, Short: s.Short, Level: s.Level, Enrollment: s.Enrollment, TitleOne: s.TitleOne, Zone: s.Zone, Team: id}); err != nil {
				return err
			}
		}
	}
	// Who plans with a class talks to whoever helps at the school, and where
	// nobody does, to a coach.
	plans := district.SetPath{PathID: district.PathID{Plan: true}, Steps: []district.Step{{Tier: district.TierSchool}, {Tier: district.TierDistrict, Team: b.teams["coaches"]}}}
	if _, err := b.d.SetPath(ctx, plans); err != nil {
		return fmt.Errorf("path of plans: %w", err)
	}
	for _, s := range services {
		id, err := b.d.CreateService(ctx, district.CreateService{Kind: s.kind, Name: s.name, Icon: s.icon, Owner: b.people[s.owner], Cover: b.people[s.cover], Team: b.teams[s.team]})
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		b.services[s.key] = id
	}
	ctx = b.as(ctx, "ruth")
	for _, kind := range desk.PrivateKinds {
		if err := b.desk.SetNamed(ctx, kind, []district.PersonID{b.people["ruth"]}); err != nil {
			return err
		}
	}
	return nil
}
