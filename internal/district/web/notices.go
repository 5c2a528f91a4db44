package web

import (
	"maps"
	"net/http"
	"strconv"
	"time"

	"trellis/internal/district/frame"
	"trellis/internal/platform/db"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/ui"
	"trellis/internal/platform/web"
)

// noticesOnPage is how many notices one page shows.
const noticesOnPage = 30

type noticesView struct {
	items  []ui.LinkItem
	unread bool
	until  string // instant of the newest, for the button that marks all as read
	next   string // cursor of the next page
}

func (p *pages) notices(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	person := policy.ActorFrom(ctx).Person
	var items []notice.Item
	var v noticesView
	err := p.DB.Read(ctx, func(tx *db.Tx) (err error) {
		items, v.next, err = notice.List(tx, person, r.URL.Query().Get("after"), noticesOnPage)
		return err
	})
	if err != nil {
		return err
	}
	for i, n := range items {
		if i == 0 {
			v.until = strconv.FormatInt(db.Us(n.At), 10)
		}
		args := maps.Clone(n.Args)
		args["Count"] = n.Count
		line := ui.LinkItem{Title: i18n.Map(ctx, n.Why, args), End: p.f.Moment(ctx, n.At).Text, Href: "/notices"}
		if p.NoticeHref != nil {
			if to := p.NoticeHref(n.About); to != "" {
				line.Href = to
			}
		}
		if n.Unread {
			line.Tag = &ui.TagProps{Text: t(ctx, "account.notices.new"), Tone: ui.Pen}
		}
		v.items = append(v.items, line)
		v.unread = v.unread || n.Unread
	}
	return p.f.Help(w, r, frame.View{Title: t(ctx, "account.notices.title"), Done: saved(r)}, noticesPage(v))
}

// readNotices marks what was on the page as read: what came since stays new.
func (p *pages) readNotices(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	us := form.Int("until")
	if err := form.Err(); err != nil {
		return err
	}
	err = p.DB.Write(ctx, "read notices", func(tx *db.Tx) error {
		_, err := notice.MarkAllRead(tx, policy.ActorFrom(ctx).Person, time.UnixMicro(us))
		return err
	})
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/notices?done=read")
}
