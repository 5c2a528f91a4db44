package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"trellis/internal/district"
	"trellis/internal/district/frame"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/web"
)

// Private says who is told of private requests. It is another module's; these
// pages only ask and tell.
type Private interface {
	// PrivateKinds lists the kinds with the people named for each.
	PrivateKinds(ctx context.Context) ([]PrivateKind, error)
	// NamePeople says who is told of a kind from now on; NotFound for a kind
	// that there is not. A field error is about "people".
	NamePeople(ctx context.Context, kind string, people []district.PersonID) error
}

// PrivateKind is one kind of private request.
type PrivateKind struct {
	Key     string // "lost_device"
	Message string // message key of its name
	People  []district.PersonID
	// Fallback is who is told while nobody is named, 0 for nobody.
	Fallback district.PersonID
}

type privateView struct {
	top    top
	kinds  []privateForm
	failed *frame.Failure
}

// privateForm is one kind on the page. Its fields carry its key in their
// names, because there are several such forms.
type privateForm struct {
	PrivateKind
	members  members
	fallback string
	was      string // the people named when the page was drawn
}

func (p *pages) private(w http.ResponseWriter, r *http.Request) error {
	return p.drawPrivate(w, r, "", members{}, nil)
}

// drawPrivate shows all kinds; the one named keeps what was typed.
func (p *pages) drawPrivate(w http.ResponseWriter, r *http.Request, kind string, typed members, failed *frame.Failure) error {
	ctx := r.Context()
	kinds, err := p.Private.PrivateKinds(ctx)
	if err != nil {
		return err
	}
	title := t(ctx, "settings.private.title")
	v := privateView{top: p.top(ctx, "private", title), failed: failed}
	for _, k := range kinds {
		failed.Labels(ctx, map[string]string{"add_" + k.Key: k.Message})
		f := privateForm{PrivateKind: k, was: idText(k.People)}
		if f.members, err = p.membersOf(ctx, k.People); err != nil {
			return err
		}
		if k.Key == kind {
			f.members = f.members.typed(typed)
		}
		f.members.suffix = "_" + k.Key
		if k.Fallback != 0 {
			who, err := p.d.Person(ctx, k.Fallback)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return err
			}
			f.fallback = who.Name
		}
		v.kinds = append(v.kinds, f)
	}
	return p.f.Desk(w, r, settingsView(r, title, failed), privatePage(v))
}

func (p *pages) changePrivate(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	kinds, err := p.Private.PrivateKinds(ctx)
	if err != nil {
		return err
	}
	kind := form.String("kind")
	at := slices.IndexFunc(kinds, func(k PrivateKind) bool { return k.Key == kind })
	if at < 0 {
		return errs.E(errs.NotFound, "")
	}
	typed := readMembers(form, "_"+kind)
	people, err := p.findMembers(ctx, form, typed)
	if err == nil {
		err = form.Err()
	}
	if err == nil && form.String("was") != idText(kinds[at].People) {
		err = errs.E(errs.Precondition, "error.stale")
	}
	if err == nil {
		err = p.Private.NamePeople(ctx, kind, people)
	}
	if failed, again := frame.Fail(ctx, err); again {
		failed.Rename("people", "add_"+kind)
		return p.drawPrivate(w, r, kind, typed, failed)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/settings/private?done=saved")
}

// idText is a list of people as a hidden field carries it, to notice that
// somebody else changed it.
func idText(ids []district.PersonID) string {
	ids = slices.Sorted(slices.Values(ids))
	var out []string
	for _, id := range ids {
		out = append(out, number(id))
	}
	return strings.Join(out, " ")
}
