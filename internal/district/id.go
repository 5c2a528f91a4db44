package district

// Ids are typed per noun, so that a room can't be handed in for a site. They
// are never reused.
type (
	SiteID    int64 // a school or an office; 0 means none, in grants the whole district
	RoomID    int64 // a room at a site; 0 means none
	PersonID  int64 // a person; 0 means none
	TeamID    int64 // a team; 0 means none
	ServiceID int64 // a service or duty; 0 means none
	SessionID int64 // a signed-in browser
	TokenID   int64 // an API token
)
