package district

import (
	"context"
	"strings"

	"trellis/internal/platform/db"
	"trellis/internal/platform/errs"
)

// RoomRow is one line of a pasted list of rooms.
type RoomRow struct {
	Row      int
	Name     string
	Action   string // create, keep, refuse; change reopens a closed room
	Problems []Problem

	room Room
}

// RoomPreview is what an import of rooms will do.
type RoomPreview struct {
	Rows                            []RoomRow
	Created, Changed, Kept, Refused int
	Problems                        []Problem
}

// PreviewRooms says what ImportRooms would do with a pasted list: one room a
// line.
func (d *District) PreviewRooms(ctx context.Context, site SiteID, text string) (p RoomPreview, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return p, err
	}
	rows, err := roomRows(text)
	if err != nil {
		return p, err
	}
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = previewRooms(tx, site, rows)
		return err
	})
	return p, err
}

// ImportRooms does what PreviewRooms says, all of it or nothing. A closed room
// in the list is opened again.
func (d *District) ImportRooms(ctx context.Context, site SiteID, text string) (p RoomPreview, err error) {
	if _, err := authorise(ctx, mayChange); err != nil {
		return p, err
	}
	rows, err := roomRows(text)
	if err != nil {
		return p, err
	}
	var bad RoomPreview
	err = d.write(ctx, "import rooms", &p, func(tx *db.Tx) error {
		preview, err := previewRooms(tx, site, rows)
		if err != nil {
			return err
		}
		if bad = preview; preview.Refused > 0 {
			return refused(preview.Problems)
		}
		for _, r := range preview.Rows {
			switch r.Action {
			case ActionCreate:
				_, err = insertRoom(tx, site, r.Name)
			case ActionChange:
				_, err = updateRoom(tx, r.room, r.Name, true)
			}
			if err != nil {
				return err
			}
		}
		if preview.Created+preview.Changed == 0 {
			unchanged(tx)
		}
		p = preview
		return nil
	})
	if err != nil {
		return bad, err
	}
	return p, nil
}

func previewRooms(tx *db.Tx, site SiteID, rows []RoomRow) (p RoomPreview, err error) {
	s, err := siteByID(tx, site)
	if err != nil {
		return p, err
	}
	if !s.Active {
		return p, errs.E(errs.Conflict, "district.site.closed", "Name", s.Name)
	}
	have, err := db.List(tx, scanRoom, `SELECT id, site, name, active, version FROM district_room WHERE site = $1 ORDER BY id`, site)
	if err != nil {
		return p, err
	}
	byFold := make(map[string]Room, len(have))
	for _, m := range have {
		byFold[Fold(m.Name)] = m
	}
	p.Rows = make([]RoomRow, len(rows))
	for i, r := range rows {
		m, there := byFold[Fold(r.Name)]
		switch {
		case len(r.Problems) > 0:
			r.Action = ActionRefuse
			p.Refused++
			p.Problems = append(p.Problems, r.Problems...)
		case !there:
			r.Action = ActionCreate
			p.Created++
		case m.Active && m.Name == r.Name:
			r.Action = ActionKeep
			p.Kept++
		default:
			r.Action = ActionChange
			p.Changed++
		}
		r.room = m
		p.Rows[i] = r
	}
	return p, nil
}

func roomRows(text string) ([]RoomRow, error) {
	if _, err := paste(text); err != nil { // its bounds and form
		return nil, err
	}
	seen := map[string]int{}
	var out []RoomRow
	text = strings.TrimPrefix(text, "\ufeff")
	for i, l := range strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n") {
		if strings.TrimSpace(l) == "" {
			continue
		}
		var in errs.Check
		r := RoomRow{Row: i + 1, Name: Line(&in, "name", l, maxRoom, true)}
		if at := seen[Fold(r.Name)]; at != 0 && r.Name != "" {
			in.Fail("name", "district.import.twice", "Row", at)
		} else {
			seen[Fold(r.Name)] = r.Row
		}
		r.Problems = problems(r.Row, &in)
		out = append(out, r)
	}
	return out, nil
}
