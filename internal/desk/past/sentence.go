package past

import (
	"context"

	"trellis/internal/platform/i18n"
)

// Sentence is what a problem is, in the reader's language: where, what, and
// what to do.
func (p Problem) Sentence(ctx context.Context) string { return i18n.T(ctx, p.Key, p.Pairs()...) }
