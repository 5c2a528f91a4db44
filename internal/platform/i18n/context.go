package i18n

import (
	"context"
	"sync"
)

type wordsKey struct{}

// With returns a context whose texts are in lang; in English if the catalogue
// does not offer it.
func With(ctx context.Context, c *Catalogue, lang string) context.Context {
	return context.WithValue(ctx, wordsKey{}, c.In(lang))
}

// foundation answers where no catalogue was put into the context, so that an
// error that strikes before the language is known still has words.
var foundation = sync.OnceValue(func() *Words {
	c, err := NewCatalogue(Messages)
	if err != nil {
		panic("i18n: the foundation's own messages: " + err.Error())
	}
	return c.english
})

// From are the words that ctx carries, to look up many texts at once.
func From(ctx context.Context) *Words {
	if w, ok := ctx.Value(wordsKey{}).(*Words); ok {
		return w
	}
	return foundation()
}

// Lang is the tag of the context's language, for <html lang>.
func Lang(ctx context.Context) string { return From(ctx).lang.Tag }

// Dir is the context's writing direction, "ltr" or "rtl".
func Dir(ctx context.Context) string { return From(ctx).lang.Dir }

// T is the text for a key in the context's language; see Words.T.
func T(ctx context.Context, key string, args ...any) string { return From(ctx).T(key, args...) }

// Map is T with the arguments in a map, as an errs.Error carries them.
func Map(ctx context.Context, key string, args map[string]any) string {
	return From(ctx).Map(key, args)
}
