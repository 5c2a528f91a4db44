package api

import (
	"context"
	"slices"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/errs"
)

func (o operations) named(ctx context.Context, _ *struct{}) (*namedOut, error) {
	list, err := o.desk.NamedPeople(ctx)
	if err != nil {
		return nil, err
	}
	out := &namedOut{Body: []named{}}
	for _, n := range list {
		out.Body = append(out.Body, wireNamed(n))
	}
	return out, nil
}

type namedOut struct{ Body []named }

type named struct {
	Kind     string  `json:"kind"`
	People   []int64 `json:"people"`
	Fallback int64   `json:"fallback" doc:"Who gets such requests while nobody is named."`
}

func wireNamed(n desk.Named) named {
	out := named{Kind: string(n.Kind), People: []int64{}, Fallback: int64(n.Fallback)}
	for _, p := range n.People {
		out.People = append(out.People, int64(p))
	}
	return out
}

type setNamedIn struct {
	Kind string `path:"kind"`
	Body struct {
		People []int64 `json:"people" maxItems:"50"`
	}
}

func (o operations) setNamed(ctx context.Context, in *setNamedIn) (*struct{}, error) {
	people := make([]district.PersonID, len(in.Body.People))
	for i, p := range in.Body.People {
		people[i] = district.PersonID(p)
	}
	if !slices.Contains(desk.PrivateKinds, desk.Private(in.Kind)) {
		return nil, errs.E(errs.NotFound, "error.not_found")
	}
	return nil, o.desk.SetNamed(ctx, desk.Private(in.Kind), people)
}

type readersOut struct{ Body []readers }

type readers struct {
	Kind  string   `json:"kind" enum:"suspicious_mail,lost_device,privacy,safety"`
	Names []string `json:"names"`
}

// readers leaves out a kind that nobody can receive now.
func (o operations) readers(ctx context.Context, _ *struct{}) (*readersOut, error) {
	who, err := o.desk.PrivateReaders(ctx)
	if err != nil {
		return nil, err
	}
	out := &readersOut{Body: []readers{}}
	for _, kind := range desk.PrivateKinds {
		if names := who[kind]; len(names) > 0 {
			out.Body = append(out.Body, readers{string(kind), names})
		}
	}
	return out, nil
}
