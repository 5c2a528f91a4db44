package steer

import (
	"context"
	"strconv"
	"strings"

	"trellis/internal/district"
	"trellis/internal/platform/i18n"
)

// Sentence is how the week goes and why, in the reader's language. Key is the
// part of it that says where; it stands in Text once, or is empty.
type Sentence struct {
	Text string
	Key  string
}

// Parts are the words before the key, the key, and the words after it.
func (s Sentence) Parts() (before, key, after string) {
	if s.Key == "" {
		return s.Text, "", ""
	}
	before, after, ok := strings.Cut(s.Text, s.Key)
	if !ok {
		return s.Text, "", ""
	}
	return before, s.Key, after
}

// Sentence writes the week's story.
func (w *Week) Sentence(ctx context.Context) Sentence {
	s := w.Story
	key := "steer.say." + string(s.Plot)
	where := Where(ctx, s.Places)
	args := []any{"Where", where}
	args = append(args, "Times", i18n.T(ctx, "steer.times."+strconv.Itoa(s.Times)))
	if s.Service != nil {
		name := s.Service.Name
		if s.Service.ID == 0 {
			name = i18n.T(ctx, "steer.say.unnamed")
		}
		args = append(args, "Service", name)
	}
	switch s.Plot {
	case Outbreak:
		args = append(args, "Time", i18n.Time(ctx, s.Since, w.Zone), "N", amount(ctx, s.Count, !w.Opens))
	case OneCell, OneWide, OnePlace, InAll:
		if s.Slow != nil {
			key += "_slow"
		}
	case Slowness:
		if !s.Slow.Known {
			key += "_early"
		}
		if where != "" {
			key += "_at"
		}
	case Normal:
		if where != "" {
			key += "_one"
		}
	}
	if s.Slow != nil {
		args = append(args, "Missed", amount(ctx, s.Slow.Missed, s.Slow.Round), "Of", i18n.Number(ctx, s.Slow.Of()))
	}
	return Sentence{i18n.T(ctx, key, args...), where}
}

// manyPlaces is how many places are counted rather than named.
const manyPlaces = 4

// Where names places in a sentence: "Marsh and Orchard", or how many they are.
func Where(ctx context.Context, list []district.Site) string {
	var names []string
	for _, s := range list {
		names = append(names, s.Short)
	}
	switch n := len(names); {
	case n == 0:
		return ""
	case n == 1:
		return names[0]
	case n >= manyPlaces:
		return i18n.T(ctx, "steer.say.where", "Count", n)
	default:
		return i18n.T(ctx, "steer.and", "A", strings.Join(names[:n-1], ", "), "B", names[n-1])
	}
}

// amount is a number as a sentence has it: of a rounded one it says so.
func amount(ctx context.Context, n int64, round bool) string {
	if round {
		return i18n.T(ctx, "steer.about", "N", i18n.Number(ctx, n))
	}
	return i18n.Number(ctx, n)
}
