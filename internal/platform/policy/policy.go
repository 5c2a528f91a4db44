// Package policy says who acts and what a door demands of them. Roles
// and scopes are only names here; what they mean is said upstairs.
//
// Every door (route, API operation, job kind, export) declares a Policy when
// it is built. A policy is the coarse question "may this kind of actor come
// in"; a module's method then asks the fine one with the object in hand.
package policy

import (
	"context"
	"slices"
)

// Kind is what sort of actor this is.
type Kind uint8

const (
	Anonymous Kind = iota // nobody we know
	Person                // a signed-in person, or a token that speaks for one
	System                // Trellis itself: sweepers, watchers, jobs
)

// Door is how an actor came in; the event log records it.
type Door string

const (
	DoorWeb  Door = "web"
	DoorAPI  Door = "api"
	DoorMail Door = "mail"
	DoorCLI  Door = "cli"
	DoorJob  Door = "job"
)

// Grant is one role held within one scope. Scope 0 is everywhere.
type Grant struct {
	Role  string
	Scope int64
}

// Actor is who acts in this context. The zero Actor is anonymous.
type Actor struct {
	Kind      Kind
	Person    int64 // the person's id, 0 unless Kind is Person
	Grants    []Grant
	Session   int64    // the session's id, 0 if none
	Token     int64    // the API token's id, 0 if none
	Scopes    []string // what the token may do; meaningless without Token
	Door      Door
	RequestID string
}

// SystemActor is Trellis acting for itself through a door.
func SystemActor(d Door) Actor { return Actor{Kind: System, Door: d} }

// HasRole reports whether the actor holds a role anywhere.
func (a Actor) HasRole(roles ...string) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return slices.Contains(roles, g.Role) })
}

// HasRoleIn reports whether the actor holds a role in this scope or everywhere.
func (a Actor) HasRoleIn(scope int64, roles ...string) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return (g.Scope == 0 || g.Scope == scope) && slices.Contains(roles, g.Role)
	})
}

// TokenAllows reports whether the actor's token, if it came with one, has the
// scope. A signed-in session is not narrowed.
func (a Actor) TokenAllows(scope string) bool {
	return a.Token == 0 || slices.Contains(a.Scopes, scope)
}

type actorKey struct{}

// WithActor returns a context in which a acts.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom is who acts in ctx; anonymous if nobody was named.
func ActorFrom(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// Policy is what a door demands. Name is short and stable ("staff"); Sentence
// completes "Open to …" in the golden table ("people who work the desk").
type Policy struct {
	Name     string
	Sentence string
	Scope    string // what a token needs, "" if no token may come in
	Allow    func(Actor) bool
}

// Permits reports whether the actor may come in: by role and, with a token,
// by the token's scope too.
func (p Policy) Permits(a Actor) bool {
	if a.Kind == System {
		return true
	}
	if a.Token != 0 && p.Scope != ScopeAny && (p.Scope == "" || !a.TokenAllows(p.Scope)) {
		return false
	}
	return p.Allow(a)
}

// WithScope is the policy with the scope that a token needs.
func (p Policy) WithScope(scope string) Policy { p.Scope = scope; return p }

// ScopeAny marks a policy that any token passes, whatever its scopes.
const ScopeAny = "*"

// Public is open to anyone, signed in or not.
var Public = Policy{Name: "public", Sentence: "anyone", Scope: ScopeAny, Allow: func(Actor) bool { return true }}

// SignedIn is open to any person who signed in.
var SignedIn = Policy{Name: "signed-in", Sentence: "anyone signed in", Allow: func(a Actor) bool { return a.Kind == Person }}
