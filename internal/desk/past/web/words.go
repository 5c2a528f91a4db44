package web

import (
	"context"
	"strings"

	"trellis/internal/desk/past"
	"trellis/internal/platform/ui"
)

// stateText is how far a file is.
func stateText(ctx context.Context, r past.Run) string {
	return t(ctx, "pastui.state."+string(r.State), "Share", r.Share)
}

func toneOf(s past.RunState) ui.Tone {
	switch s {
	case past.Done:
		return ui.Green
	case past.Failed:
		return ui.Red
	case past.Draft, past.Stopped:
		return ui.Pencil
	}
	return ""
}

// byText is who sent a file.
func byText(ctx context.Context, r past.Run) string {
	if r.By.ID == 0 {
		return t(ctx, "pastui.by.machine")
	}
	return r.By.Name
}

// counts are a run's figures in one line: "40 new, 981 here already".
func counts(ctx context.Context, added, changed, same, refused int64) string {
	out := []string{t(ctx, "pastui.count.added", "Count", added)}
	for _, x := range []struct {
		key string
		n   int64
	}{{"pastui.count.changed", changed}, {"pastui.count.same", same}, {"pastui.count.refused", refused}} {
		if x.n > 0 {
			out = append(out, t(ctx, x.key, "Count", x.n))
		}
	}
	return strings.Join(out, ", ")
}

// presetText names a preset.
func presetText(ctx context.Context, name string) string {
	if name == "" {
		return t(ctx, "pastui.preset.guess")
	}
	return t(ctx, "pastui.preset."+name)
}
