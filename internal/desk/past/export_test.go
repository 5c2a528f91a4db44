package past

import "context"

// OnGroup has f called after each group of a run, with how many tickets are
// through.
func OnGroup(p *Past, f func(done int)) { p.onGroup = f }

// Work is what the job of a run does.
func Work(p *Past, ctx context.Context, id RunID) error { return p.work(ctx, id) }
