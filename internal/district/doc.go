// Package district is the ground floor: who is here, where they are, what they
// may do and what they answer for. Every module speaks of these.
//
// # Words
//
// A site is a school or an office; a room is a place at it. A person holds
// roles (grants), each at one site or, with site 0, in the whole district, and
// may hold several: a coach who teaches is one person. A team owns requests
// together and has a named lead. A service is what people rely on and what
// breaks (Sign-in, Chromebooks); a duty is what somebody must do (licenses,
// accounts, data, training). Each has an owner, and somebody else who covers.
// A session is one signed-in browser; a token lets a program speak for a
// person through the API.
//
// # What always holds
//
//   - Once set up, the district has a help team that is open, so TeamFor always
//     finds a team.
//   - An open team's lead is an active member of it, and its members work the
//     desk.
//   - PathFor always finds somebody, none of them twice, and a team that stands
//     on a path is open.
//   - An open service's owner and cover are active and two people.
//   - Somebody active runs Trellis.
//   - A deactivated person has no session, no working token and no invitation.
//   - Who leaves, who no longer works the desk and a team that closes hand over
//     what they answered for in other modules, or stay (Holder).
//   - Somebody answers for every open team, whoever is away (here.go, which
//     alone decides who is here).
//   - Passwords are kept as slow hashes, tokens as SHA-256; the plain ones are
//     shown once and written nowhere.
//   - Who may not get in can't tell an unknown address from a wrong password.
//
// Commands are a struct and a method each: they ask who acts first, check what
// came in second, then write once, with the event that says what changed.
// Every editable row has a version; a command made from an older one is
// refused with errs.Precondition.
//
// # Tables
//
// district_profile, _site, _room, _person, _name (what people are found by),
// _grant, _team, _member, _service, _path, _session, _token, _invite, _attempt
// (failed sign-ins, to throttle), _setup. Other modules may read them in their
// own SQL; nobody else writes them.
//
// # Events
//
// By subject: profile.set_up, profile.changed, setup.key_made; site.created,
// site.changed, site.closed, site.reopened; room.created, room.changed,
// room.closed, room.reopened; person.created, person.changed,
// person.deactivated, person.reactivated, person.away, password.changed,
// invite.made, invite.accepted; team.created, team.changed, team.closed,
// team.reopened; service.created, service.changed, service.closed,
// service.reopened; path.set (about {path, site}); session.started, session.ended; token.created,
// token.revoked. What they say about a person is personal and can be erased.
// It hears none.
package district
