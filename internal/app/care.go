package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"trellis/internal/district"
	"trellis/internal/platform/policy"
)

// SetupKey makes the single-use key of a district that nobody has set up, and
// is "" for any other.
func (d *District) SetupKey(ctx context.Context) (string, error) {
	empty, err := d.District.NeedsSetUp(ctx)
	if err != nil || !empty {
		return "", err
	}
	return d.District.MakeSetupKey(AsSystem(ctx))
}

// MakeToken makes an API token for the person with this e-mail address.
func (d *District) MakeToken(ctx context.Context, email, name string, scopes []string, life time.Duration) (string, error) {
	ctx = AsSystem(ctx)
	found, err := d.District.FindPeople(ctx, email, 5)
	if err != nil {
		return "", err
	}
	for _, p := range found {
		if strings.EqualFold(p.Email, email) {
			return d.MakeTokenFor(ctx, p.ID, name, scopes, life)
		}
	}
	return "", fmt.Errorf("nobody in this district has the e-mail address %s", email)
}

// MakeTokenFor makes an API token for a person; life is rounded up to days, 0
// is as long as a token may work.
func (d *District) MakeTokenFor(ctx context.Context, person district.PersonID, name string, scopes []string, life time.Duration) (string, error) {
	ctx = AsSystem(ctx)
	plain, _, err := d.District.CreateToken(ctx, district.CreateToken{For: person, Name: name, Scopes: scopes, Days: int((life + 24*time.Hour - 1) / (24 * time.Hour))})
	return plain, err
}

// ScopesFor are the token scopes that a person's roles can make use of.
func (d *District) ScopesFor(ctx context.Context, person district.PersonID) ([]string, error) {
	p, err := d.District.Person(AsSystem(ctx), person)
	if err != nil {
		return nil, err
	}
	a := policy.Actor{Kind: policy.Person, Person: int64(person)}
	for _, g := range p.Grants {
		a.Grants = append(a.Grants, policy.Grant{Role: g.Role, Scope: int64(g.Site)})
	}
	return district.ScopesFor(a), nil
}

// AsSystem is the context in which Trellis acts for itself on the command
// line.
func AsSystem(ctx context.Context) context.Context {
	return policy.WithActor(ctx, policy.SystemActor(policy.DoorCLI))
}
