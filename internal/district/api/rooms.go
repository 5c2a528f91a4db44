package api

import (
	"context"
	"strconv"

	"trellis/internal/district"
	door "trellis/internal/platform/api"
)

// Room is a room at a site.
type Room struct {
	ID      int64  `json:"id"`
	Site    int64  `json:"site"`
	Name    string `json:"name" doc:"As it is written on the door."`
	Active  bool   `json:"active" doc:"False once it is closed."`
	Version int64  `json:"version"`
}

func viewRoom(m district.Room) Room {
	return Room{int64(m.ID), int64(m.Site), m.Name, m.Active, m.Version}
}

type listRooms struct {
	door.PageIn
	Site   int64 `query:"site" required:"true" minimum:"1" doc:"Whose rooms."`
	Closed bool  `query:"closed" doc:"Closed ones too."`
}

type createRoom struct {
	Body struct {
		Site int64  `json:"site" minimum:"1"`
		Name string `json:"name" minLength:"1" maxLength:"60"`
	}
}

type changeRoom struct {
	ByID
	door.IfMatch
	Body struct {
		Name   *string `json:"name,omitempty" maxLength:"60"`
		Active *bool   `json:"active,omitempty" doc:"False closes it, true opens it again."`
	}
}

func (o *operations) readRoom(ctx context.Context, id district.RoomID) (*one[Room], error) {
	m, err := o.d.Room(ctx, id)
	if err != nil {
		return nil, err
	}
	return at(m.Version, viewRoom(m)), nil
}

func (o *operations) rooms(a *door.API) {
	door.Operation(a, get("list-rooms", "/rooms", tagPlaces, "Rooms of a site by name"), reads, func(ctx context.Context, in *listRooms) (*list[Room], error) {
		all, err := o.d.Rooms(ctx, district.SiteID(in.Site), in.Closed)
		if err != nil {
			return nil, err
		}
		name := "rooms " + strconv.FormatInt(in.Site, 10) + " " + strconv.FormatBool(in.Closed)
		return page(o, name, in.PageIn, all, func(m district.Room) place { return place{district.Fold(m.Name), int64(m.ID)} }, viewRoom)
	})
	door.Operation(a, get("get-room", "/rooms/{id}", tagPlaces, "A room"), reads, func(ctx context.Context, in *ByID) (*one[Room], error) {
		return o.readRoom(ctx, district.RoomID(in.ID))
	})
	door.Operation(a, create("create-room", "/rooms", tagPlaces, "Add a room"), changes, func(ctx context.Context, in *createRoom) (*one[Room], error) {
		id, err := o.d.CreateRoom(ctx, district.CreateRoom{Site: district.SiteID(in.Body.Site), Name: in.Body.Name})
		if err != nil {
			return nil, err
		}
		return o.readRoom(ctx, id)
	})
	door.Operation(a, change("change-room", "/rooms/{id}", tagPlaces, "Rename, close or reopen a room"), changes, func(ctx context.Context, in *changeRoom) (*one[Room], error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		m, err := o.d.Room(ctx, district.RoomID(in.ID))
		if err != nil {
			return nil, err
		}
		c := district.ChangeRoom{ID: m.ID, Version: v, Name: m.Name, Active: m.Active}
		set(&c.Name, in.Body.Name)
		set(&c.Active, in.Body.Active)
		if _, err := o.d.ChangeRoom(ctx, c); err != nil {
			return nil, err
		}
		return o.readRoom(ctx, m.ID)
	})
	door.Operation(a, do("import-rooms", "/sites/{id}/rooms/import", tagPlaces, "Add rooms from a pasted list, all of it or nothing"), changes, o.importRooms)
}
