package web

// What the fields of the forms are called, by message key: the summary of what
// is wrong names them.
var (
	signInLabels   = map[string]string{"email": "signin.email", "password": "signin.password"}
	inviteLabels   = map[string]string{"password": "signin.new_password"}
	passwordLabels = map[string]string{"old": "account.password.old", "new": "signin.new_password"}
	setupLabels    = map[string]string{
		"key": "setup.key", "district": "setup.district", "zone": "setup.zone", "sites": "setup.sites",
		"name": "setup.name", "email": "signin.email", "password": "signin.new_password",
	}
	accountLabels = map[string]string{
		"phone": "account.phone", "site": "account.site", "room": "account.room", "lang": "account.language.label",
	}
	tokenLabels   = map[string]string{"name": "account.tokens.name", "scopes": "account.tokens.scopes", "days": "account.tokens.days"}
	profileLabels = map[string]string{"name": "setup.district", "zone": "settings.zone", "lang": "settings.district.lang", "help_team": "settings.district.team"}
	placeLabels   = map[string]string{
		"name": "settings.name", "short": "settings.places.short", "level": "settings.places.level", "enrollment": "settings.places.enrollment",
		"title_one": "settings.places.title_one", "zone": "settings.zone", "team": "settings.places.team",
	}
	roomLabels   = map[string]string{"name": "settings.name", "closed": "settings.rooms.closed"}
	personLabels = map[string]string{
		"name": "settings.name", "email": "signin.email", "phone": "account.phone", "title": "settings.people.job", "lang": "settings.people.lang",
		"site": "settings.people.home.site", "room": "settings.people.home.room", "grants": "settings.people.roles",
	}
	teamLabels = map[string]string{
		"name": "settings.name", "tier": "settings.teams.tier", "lead": "settings.teams.leader", "add": "settings.teams.members",
	}
	serviceLabels = map[string]string{
		"name": "settings.name", "kind": "settings.services.kind", "owner": "settings.services.owner", "cover": "settings.services.cover",
		"team": "settings.services.team", "icon": "settings.services.icon",
	}
)
