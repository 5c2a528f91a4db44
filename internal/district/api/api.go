package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"trellis/internal/district"
	"trellis/internal/district/cover"
	door "trellis/internal/platform/api"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
)

// Deps are what the operations work on. All but Cover are needed.
type Deps struct {
	District *district.District
	// Cover knows who is away and who acts for them; nil leaves that out.
	Cover *cover.Cover
	// DB holds the notices of the person who asks.
	DB      *db.DB
	Cursors *door.Cursors
	// BaseURL is the address of the district, where invitations lead.
	BaseURL *url.URL
}

type operations struct {
	d    *district.District
	deps Deps
}

// Register adds the operations.
func Register(a *door.API, deps Deps) {
	o := &operations{deps.District, deps}
	o.profile(a)
	o.sites(a)
	o.rooms(a)
	o.people(a)
	o.teams(a)
	o.services(a)
	o.paths(a)
	o.me(a)
	o.access(a)
	o.notices(a)
	o.calendar(a)
	if deps.Cover != nil {
		o.cover(a)
	}
}

// Who may do what. The methods ask again, with the object in hand.
var (
	reads   = district.SignedIn.WithScope(district.ScopeDistrictRead)
	staff   = district.Staff.WithScope(district.ScopeDistrictRead)
	admin   = district.Admin.WithScope(district.ScopeDistrictRead)
	changes = district.Admin.WithScope(district.ScopeDistrictWrite)
	owns    = district.SignedIn.WithScope(district.ScopeDistrictWrite)
	browser = district.SignedIn // no token may come in
	hears   = told.WithScope(district.ScopeRequestsRead)
	marks   = told.WithScope(district.ScopeRequestsWrite)
)

// told: notices of who works the desk tell of other people's requests, so a
// token that reaches only their own does not hear them.
var told = policy.Policy{Name: "told", Sentence: "anyone signed in, for who works the desk by a token that reads it", Allow: func(a policy.Actor) bool {
	return district.SignedIn.Allow(a) && (a.Token == 0 || !district.Helper.Allow(a) || a.TokenAllows(district.ScopeDeskRead))
}}

const (
	tagPlaces  = "places"
	tagPeople  = "people"
	tagDuties  = "teams and services"
	tagAccount = "account"
)

func get(id, path, tag, summary string) door.Op {
	return door.Op{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Tags: []string{tag}}
}

func create(id, path, tag, summary string) door.Op {
	return door.Op{OperationID: id, Method: http.MethodPost, Path: path, Summary: summary, Tags: []string{tag}, DefaultStatus: http.StatusCreated}
}

func change(id, path, tag, summary string) door.Op {
	return door.Op{OperationID: id, Method: http.MethodPatch, Path: path, Summary: summary, Tags: []string{tag}}
}

// do is a command that is neither; it answers with what it acted on.
func do(id, path, tag, summary string) door.Op {
	return door.Op{OperationID: id, Method: http.MethodPost, Path: path, Summary: summary, Tags: []string{tag}, DefaultStatus: http.StatusOK}
}

// ByID names one thing. It and AtVersion are exported because inputs are read
// by reflection, which passes over unexported parts.
type ByID struct {
	ID int64 `path:"id" minimum:"1" doc:"The id."`
}

// AtVersion names one thing as the caller has read it.
type AtVersion struct {
	ByID
	door.IfMatch
}

// one answers one thing with its version.
type one[T any] struct {
	door.Versioned
	Body T
}

func at[T any](version int64, body T) *one[T] {
	return &one[T]{door.AtVersion(version), body}
}

// list answers one page.
type list[T any] struct{ Body door.Page[T] }

// nothing answers that it was done.
type nothing struct{}

// set puts a value that was sent in place of the one that is there.
func set[T any](to *T, sent *T) {
	if sent != nil {
		*to = *sent
	}
}

// setID is set for ids, which are typed inside.
func setID[ID ~int64](to *ID, sent *int64) {
	if sent != nil {
		*to = ID(*sent)
	}
}

// instant is nil for the zero time, so that it is left out.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// place is where a list goes on: the order's value and the id of the last row.
type place struct {
	Fold string `json:"f"`
	ID   int64  `json:"i"`
}

// page cuts one page out of a short list that is ordered by folded name and id.
func page[T, V any](o *operations, name string, in door.PageIn, all []T, where func(T) place, view func(T) V) (*list[V], error) {
	var after place
	if err := o.deps.Cursors.Decode(name, in.Cursor, &after); err != nil {
		return nil, err
	}
	out := &list[V]{Body: door.Page[V]{Items: []V{}}}
	var last place
	for _, x := range all {
		p := where(x)
		if in.Cursor != "" && (p.Fold < after.Fold || p.Fold == after.Fold && p.ID <= after.ID) {
			continue
		}
		if len(out.Body.Items) == in.Limit {
			next, err := o.deps.Cursors.Encode(name, last)
			out.Body.Next = next
			return out, err
		}
		out.Body.Items = append(out.Body.Items, view(x))
		last = p
	}
	return out, nil
}

// switched is a command that closes or reopens one thing, then answers with it.
func switched[ID ~int64, T any](run func(context.Context, ID, int64) (int64, error), read func(context.Context, ID) (*one[T], error)) func(context.Context, *AtVersion) (*one[T], error) {
	return func(ctx context.Context, in *AtVersion) (*one[T], error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		if _, err := run(ctx, ID(in.ID), v); err != nil {
			return nil, err
		}
		return read(ctx, ID(in.ID))
	}
}

// me is who asks.
func self(ctx context.Context) district.PersonID {
	return district.PersonID(policy.ActorFrom(ctx).Person)
}
