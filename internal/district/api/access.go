package api

import (
	"context"
	"net/http"
	"time"

	"trellis/internal/district"
	door "trellis/internal/platform/api"
)

// Token is an API token without its secret.
type Token struct {
	ID      int64      `json:"id"`
	Name    string     `json:"name" doc:"What it is for."`
	Scopes  []string   `json:"scopes"`
	Created time.Time  `json:"created"`
	Seen    *time.Time `json:"seen,omitempty" doc:"Last used, true to the hour."`
	Expires *time.Time `json:"expires,omitempty"`
	Revoked *time.Time `json:"revoked,omitempty"`
}

func viewToken(t district.Token) Token {
	return Token{int64(t.ID), t.Name, t.Scopes, t.Created.UTC(), instant(t.Seen), instant(t.Expires), instant(t.Revoked)}
}

type createToken struct {
	Body struct {
		Name   string   `json:"name" minLength:"1" maxLength:"120"`
		Scopes []string `json:"scopes" minItems:"1" maxItems:"10" doc:"Some of requests:read, requests:write, desk:read, desk:write, district:read, district:write, as far as the person's roles reach."`
		Days   int      `json:"days,omitempty" minimum:"1" maximum:"365" doc:"How long it works; left out, 365."`
	}
}

type createdToken struct {
	Body struct {
		Token
		Plain string `json:"token" doc:"The token itself, answered only here. Empty when the same command is sent again: it is kept nowhere."`
	}
}

// Session is one signed-in browser.
type Session struct {
	ID      int64     `json:"id"`
	Agent   string    `json:"agent" doc:"The browser." example:"Chrome · ChromeOS"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen" doc:"Last used, true to the hour."`
	Expires time.Time `json:"expires"`
	Current bool      `json:"current" doc:"The one that asks."`
}

func viewSession(s district.Session) Session {
	return Session{int64(s.ID), s.Agent, s.Created.UTC(), s.Seen.UTC(), s.Expires.UTC(), s.Current}
}

// remove is a command that ends one thing.
func remove(id, path, summary string) door.Op {
	return door.Op{OperationID: id, Method: http.MethodDelete, Path: path, Summary: summary, Tags: []string{tagAccount}, DefaultStatus: http.StatusNoContent}
}

// newestFirst orders a list by falling ids in the way that page reads.
func newestFirst[ID ~int64](id ID) place { return place{ID: -int64(id)} }

func (o *operations) access(a *door.API) {
	door.Operation(a, get("list-tokens", "/tokens", tagAccount, "One's own tokens, the newest first"), browser, func(ctx context.Context, in *door.PageIn) (*list[Token], error) {
		all, err := o.d.Tokens(ctx)
		if err != nil {
			return nil, err
		}
		return page(o, "tokens", *in, all, func(t district.Token) place { return newestFirst(t.ID) }, viewToken)
	})
	door.Operation(a, create("create-token", "/tokens", tagAccount, "Make a token"), browser, func(ctx context.Context, in *createToken) (*createdToken, error) {
		plain, t, err := o.d.CreateToken(ctx, district.CreateToken{Name: in.Body.Name, Scopes: in.Body.Scopes, Days: in.Body.Days})
		if err != nil {
			return nil, err
		}
		out := &createdToken{}
		out.Body.Token, out.Body.Plain = viewToken(t), plain
		return out, nil
	})
	door.Operation(a, remove("end-token", "/tokens/{id}", "End a token"), browser, func(ctx context.Context, in *ByID) (*nothing, error) {
		return nil, o.d.RevokeToken(ctx, district.TokenID(in.ID))
	})
	door.Operation(a, get("list-sessions", "/sessions", tagAccount, "Where one is signed in, the newest first"), browser, func(ctx context.Context, in *door.PageIn) (*list[Session], error) {
		all, err := o.d.Sessions(ctx)
		if err != nil {
			return nil, err
		}
		return page(o, "sessions", *in, all, func(s district.Session) place { return newestFirst(s.ID) }, viewSession)
	})
	door.Operation(a, remove("end-session", "/sessions/{id}", "Sign out one browser"), browser, func(ctx context.Context, in *ByID) (*nothing, error) {
		return nil, o.d.Revoke(ctx, district.SessionID(in.ID))
	})
	door.Operation(a, do("end-other-sessions", "/sessions/end-others", tagAccount, "Sign out everywhere else"), browser, func(ctx context.Context, _ *struct{}) (*endedOut, error) {
		out := &endedOut{}
		var err error
		out.Body.Ended, err = o.d.RevokeOthers(ctx)
		return out, err
	})
}
