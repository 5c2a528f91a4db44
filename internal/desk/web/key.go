package web

import (
	"context"
	"strconv"

	"trellis/internal/platform/idem"
)

// keyed gives one of several commands of one form a key of its own: a key
// names one command. The same form sent again names the same ones.
func keyed(ctx context.Context, n int64) context.Context {
	k, ok := idem.From(ctx)
	if !ok {
		return ctx
	}
	k.Key += "/" + strconv.FormatInt(n, 10)
	return idem.With(ctx, k)
}
