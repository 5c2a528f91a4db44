package api

import (
	"context"
	"maps"
	"time"

	door "trellis/internal/platform/api"
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/i18n"
	"trellis/internal/platform/notice"
)

// Notice is something a person was told.
type Notice struct {
	ID      int64       `json:"id"`
	Text    string      `json:"text" doc:"In the reader's language."`
	Why     string      `json:"why" doc:"Names the reason, for programs."`
	About   NoticeAbout `json:"about"`
	Urgency int         `json:"urgency" doc:"0 when they look, 1 today, 2 soon, 3 now."`
	Count   int         `json:"count" doc:"How many were folded into it."`
	Unread  bool        `json:"unread"`
	At      time.Time   `json:"at"`
}

// NoticeAbout is what a notice is about.
type NoticeAbout struct {
	Kind string `json:"kind" maxLength:"40" example:"ticket"`
	ID   int64  `json:"id"`
}

type readNotices struct {
	Body struct {
		IDs   []int64      `json:"ids,omitempty" maxItems:"200" doc:"These notices."`
		About *NoticeAbout `json:"about,omitempty" doc:"All about this, as after its page was looked at."`
		Until *time.Time   `json:"until,omitempty" doc:"All that were sent until then."`
	}
}

type unreadOut struct {
	Body struct {
		Unread int `json:"unread" doc:"How many are unread; counting stops at 100."`
	}
}

type readOut struct {
	Body struct {
		Read int64 `json:"read" doc:"How many were unread."`
	}
}

func viewNotice(ctx context.Context, n notice.Item) Notice {
	args := maps.Clone(n.Args)
	args["Count"] = n.Count
	return Notice{n.ID, i18n.Map(ctx, n.Why, args), n.Why, NoticeAbout{n.About.Kind, n.About.ID}, int(n.Urgency), n.Count, n.Unread, n.At.UTC()}
}

func (o *operations) notices(a *door.API) {
	door.Operation(a, get("list-notices", "/notices", tagAccount, "One's own notices, the newest first"), hears, func(ctx context.Context, in *door.PageIn) (*list[Notice], error) {
		var after string
		if err := o.deps.Cursors.Decode("notices", in.Cursor, &after); err != nil {
			return nil, err
		}
		out := &list[Notice]{Body: door.Page[Notice]{Items: []Notice{}}}
		var items []notice.Item
		var next string
		err := o.deps.DB.Read(ctx, func(tx *db.Tx) (err error) {
			items, next, err = notice.List(tx, int64(self(ctx)), after, in.Limit)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, n := range items {
			out.Body.Items = append(out.Body.Items, viewNotice(ctx, n))
		}
		if next != "" {
			out.Body.Next, err = o.deps.Cursors.Encode("notices", next)
		}
		return out, err
	})
	door.Operation(a, get("count-notices", "/notices/unread", tagAccount, "How many of one's notices are unread"), hears, func(ctx context.Context, _ *struct{}) (*unreadOut, error) {
		out := &unreadOut{}
		err := o.deps.DB.Read(ctx, func(tx *db.Tx) (err error) {
			out.Body.Unread, err = notice.Unread(tx, int64(self(ctx)))
			return err
		})
		return out, err
	})
	door.Operation(a, do("read-notices", "/notices/read", tagAccount, "Mark notices as read"), marks, func(ctx context.Context, in *readNotices) (*readOut, error) {
		out := &readOut{}
		err := o.deps.DB.Write(ctx, "read notices", func(tx *db.Tx) (err error) {
			out.Body.Read, err = markRead(tx, int64(self(ctx)), in)
			return err
		})
		return out, err
	})
}

// markRead counts what was unread among all that was asked for.
func markRead(tx *db.Tx, person int64, in *readNotices) (int64, error) {
	read, err := notice.MarkRead(tx, person, in.Body.IDs...)
	if err == nil && in.Body.About != nil {
		var n int64
		n, err = notice.MarkAboutRead(tx, person, event.Ref{Kind: in.Body.About.Kind, ID: in.Body.About.ID})
		read += n
	}
	if err == nil && in.Body.Until != nil {
		var n int64
		n, err = notice.MarkAllRead(tx, person, *in.Body.Until)
		read += n
	}
	return read, err
}
