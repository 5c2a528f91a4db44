package frame

import (
	"context"
	"embed"
	"fmt"
	"time"

	"github.com/a-h/templ"

	"trellis/internal/district"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/policy"
)

// Messages are the words that stand around every page.
//
//go:embed messages/*.json
var Messages embed.FS

// On says in which navigations a place stands.
type On uint8

const (
	OnHelp On = 1 << iota // pages for people who ask
	OnDesk                // pages for people who help
)

// Place is somewhere to go from every page.
type Place struct {
	Key     string // names it in View.Place
	Message string // message key of its name
	Href    string
	Icon    string // one of package ui's icons
	Policy  policy.Policy
	On      On
}

// Deps are what the frame draws from. Only District and Clock are needed.
type Deps struct {
	District *district.District
	Clock    clock.Clock
	// Places are what exists, in the order of the navigation.
	Places []Place
	// Stream is the address of the event stream for a page that is drawn now.
	Stream func(ctx context.Context) string
	// DeskSearch is where the search box of every desk page leads.
	DeskSearch string
	// Unread counts the unread notices of the person in ctx.
	Unread func(ctx context.Context) (int, error)
	// ReadOnly reports that nothing can be stored at the moment.
	ReadOnly func() bool
	// Demo is the bar above every page of a demonstration.
	Demo func(ctx context.Context) templ.Component
	// Crest is the address of the district's image, "" for a plain one.
	Crest string
}

// Frame draws pages. It is safe for concurrent use.
type Frame struct{ d Deps }

// New makes a frame. Places with a missing part panic: they are the program's
// own mistake.
func New(d Deps) *Frame {
	if d.District == nil || d.Clock == nil {
		panic("frame: it needs a district and a clock")
	}
	for _, p := range d.Places {
		if p.Key == "" || p.Message == "" || p.Href == "" || p.On == 0 || p.Policy.Allow == nil {
			panic(fmt.Sprintf("frame: place %q is not complete", p.Key))
		}
	}
	return &Frame{d}
}

// Now is the district's time.
func (f *Frame) Now() time.Time { return f.d.Clock.Now() }

// T is the text for a key in the language of the page.
func T(ctx context.Context, key string, args ...any) string { return i18n.T(ctx, key, args...) }

// Unread counts the notices that the person in ctx has not read, for
// Deps.Unread.
func Unread(d *db.DB) func(context.Context) (int, error) {
	return func(ctx context.Context) (n int, err error) {
		err = d.Read(ctx, func(tx *db.Tx) (err error) {
			n, err = notice.Unread(tx, policy.ActorFrom(ctx).Person)
			return err
		})
		return n, err
	}
}
