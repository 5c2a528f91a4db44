package district

import (
	"slices"
	"strings"

	"trellis/internal/platform/policy"
)

// Roles. A person holds each at one site or, with site 0, in the whole
// district, and may hold several.
const (
	RoleAdmin     = "admin"     // runs Trellis; whole district
	RoleDirector  = "director"  // leads technology; whole district
	RolePrincipal = "principal" // leads a site
	RoleAgent     = "agent"     // works the desk: specialist, tier 2
	RoleTier1     = "tier1"     // first help at a school: a librarian, a coach
	RoleTeacher   = "teacher"
	RoleStaff     = "staff"
	RoleStudent   = "student"
	RoleGuardian  = "guardian"
	RoleBoard     = "board"  // whole district
	RoleVendor    = "vendor" // a partner's person
)

// Roles lists every role in the order in which a form offers them.
var Roles = []string{
	RoleTeacher, RoleStaff, RoleTier1, RoleAgent, RolePrincipal, RoleDirector,
	RoleAdmin, RoleStudent, RoleGuardian, RoleBoard, RoleVendor,
}

var (
	helperRoles = []string{RoleAgent, RoleTier1, RoleAdmin, RoleDirector}
	staffRoles  = append([]string{RolePrincipal, RoleTeacher, RoleStaff}, helperRoles...)
	// colleagues can be looked up by who works the desk anywhere; everybody
	// else is found by who helps at their site.
	colleagueRoles = append([]string{RoleBoard, RoleVendor}, staffRoles...)

	// wide roles make no sense at one site, placed ones none without a site.
	wideRoles   = []string{RoleAdmin, RoleDirector, RoleBoard}
	placedRoles = []string{RolePrincipal, RoleTier1, RoleStudent}
)

// The same roles as SQL lists, "('agent', 'tier1')", for a condition on
// district_grant.role. A role that is in none of the lists opens nothing.
var (
	HelperRolesSQL = listSQL(helperRoles) // who works the desk: Helper
	StaffRolesSQL  = listSQL(staffRoles)  // who works in the district: Staff
	colleaguesSQL  = listSQL(colleagueRoles)
)

func listSQL(roles []string) string { return `('` + strings.Join(roles, `', '`) + `')` }

// What an API token may be allowed. A token never does more than its person.
const (
	ScopeRequestsRead  = "requests:read"
	ScopeRequestsWrite = "requests:write"
	ScopeDeskRead      = "desk:read"
	ScopeDeskWrite     = "desk:write"
	ScopeDistrictRead  = "district:read"
	ScopeDistrictWrite = "district:write"
)

// Scopes lists every token scope.
var Scopes = []string{
	ScopeRequestsRead, ScopeRequestsWrite, ScopeDeskRead, ScopeDeskWrite,
	ScopeDistrictRead, ScopeDistrictWrite,
}

// Policies that doors name. As they stand no token passes them; a door that
// lets tokens in says which scope they need: district.Helper.WithScope(
// district.ScopeDeskRead).
var (
	// SignedIn is anyone signed in, students and guardians too.
	SignedIn = policy.SignedIn
	// Staff are the adults who work in the district.
	Staff = policy.Policy{Name: "staff", Sentence: "people who work in the district", Allow: func(a policy.Actor) bool {
		return a.Kind == policy.Person && a.HasRole(staffRoles...)
	}}
	// Helper are those who work the desk.
	Helper = policy.Policy{Name: "helper", Sentence: "people who work the desk", Allow: func(a policy.Actor) bool {
		return a.Kind == policy.Person && a.HasRole(helperRoles...)
	}}
	// Admin are those who run Trellis.
	Admin = policy.Policy{Name: "admin", Sentence: "people who run Trellis", Allow: func(a policy.Actor) bool {
		return a.Kind == policy.Person && a.HasRoleIn(0, RoleAdmin)
	}}
)

// Policies are the district's policies from the widest to the narrowest.
var Policies = []policy.Policy{policy.Public, SignedIn, Staff, Helper, Admin}

// What this package's own methods demand, of sessions and of tokens.
var (
	mayRead   = SignedIn.WithScope(ScopeDistrictRead)
	mayHelp   = Helper.WithScope(ScopeDistrictRead)
	mayStaff  = Staff.WithScope(ScopeDistrictRead)
	mayAdmin  = Admin.WithScope(ScopeDistrictRead)
	mayChange = Admin.WithScope(ScopeDistrictWrite)
	mayOwn    = SignedIn.WithScope(ScopeDistrictWrite) // one's own person
)

// ScopesFor are the token scopes that an actor's roles can make use of.
func ScopesFor(a policy.Actor) []string {
	s := []string{ScopeRequestsRead, ScopeRequestsWrite, ScopeDistrictRead}
	switch {
	case a.HasRole(helperRoles...):
		s = append(s, ScopeDeskRead, ScopeDeskWrite)
	case a.HasRole(RolePrincipal, RoleBoard): // how the week goes, and nothing else of the desk
		s = append(s, ScopeDeskRead)
	}
	// Anyone may change a little of their own person; the rest of the scope is
	// an administrator's.
	if a.HasRole(staffRoles...) {
		s = append(s, ScopeDistrictWrite)
	}
	return slices.Clip(s)
}
