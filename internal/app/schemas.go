package app

import (
	"trellis/internal/platform/db"
	"trellis/internal/platform/event"
	"trellis/internal/platform/idem"
	"trellis/internal/platform/job"
	"trellis/internal/platform/notice"
	"trellis/internal/platform/search"
)

// PlatformSchemas are the foundation's tables, in the order they are made.
func PlatformSchemas() []db.Schema {
	return []db.Schema{
		{Name: "event", FS: event.Migrations},
		{Name: "idem", FS: idem.Migrations},
		{Name: "job", FS: job.Migrations},
		{Name: "notice", FS: notice.Migrations},
		{Name: "search", FS: search.Migrations},
	}
}
