package replay

import (
	"context"
	"errors"

	"trellis/internal/desk"
	"trellis/internal/platform/policy"
)

// command does again what an event tells of. It is given the first event of
// those that the command left; the others come by themselves.
type command func(ctx context.Context, p *teller, e said) error

// commands are all that can be done again, by the kind of their first event.
// What a command only leaves behind another event has no line here.
var commands = map[string]command{
	"setup.key_made":     makeSetupKey,
	"profile.named":      nameDistrict,
	"profile.changed":    changeProfile,
	"site.created":       createSite, // or the set-up of the district
	"site.changed":       changeSite,
	"site.closed":        turnSite,
	"site.reopened":      turnSite,
	"room.created":       createRoom,
	"room.changed":       changeRoom,
	"room.closed":        changeRoom,
	"room.reopened":      changeRoom,
	"person.created":     createPerson,
	"person.changed":     changePerson,
	"person.deactivated": turnPerson,
	"person.reactivated": turnPerson,
	"team.created":       createTeam,
	"team.changed":       changeTeam,
	"team.closed":        turnTeam,
	"team.reopened":      turnTeam,
	"service.created":    createService,
	"service.changed":    changeService,
	"service.closed":     turnService,
	"service.reopened":   turnService,
	"path.set":           setPath,
	"invite.made":        makeInvite,
	"session.started":    startSession,
	"session.ended":      endSession,
	"token.created":      createToken,
	"token.revoked":      revokeToken,

	"calendar.hours_set":      setHours,
	"calendar.term_set":       setRange,
	"calendar.season_set":     setRange,
	"calendar.term_dropped":   dropRange,
	"calendar.season_dropped": dropRange,
	"calendar.days_set":       setDays,

	"absence.declared": declareAbsence,
	"absence.changed":  changeAbsence,
	"absence.ended":    endAbsence,
	"absence.canceled": endAbsence,
	"person.hours":     setOwnHours,
	"gaps.warned":      warnOfGaps,

	"private.named":      setNamed,
	"promise.set":        setPromises,
	"promise.dropped":    dropPromises,
	"promise.alarms_set": setAlarms,

	"ticket.created":         createTicket,
	"ticket.replied":         reply,
	"ticket.noted":           addNote,
	"ticket.taken":           take,
	"ticket.released":        release,
	"ticket.assigned":        assign,
	"ticket.place_changed":   changePlace,
	"ticket.service_changed": changeServiceOf,
	"ticket.impact_changed":  changeImpact,
	"ticket.title_changed":   changeTitle,
	"ticket.followed":        follow,
	"ticket.unfollowed":      unfollow,
	"ticket.waiting":         wait,
	"ticket.resumed":         resume,
	"ticket.solved":          solve,
	"ticket.plan_finished":   finishPlan,
	"ticket.confirmed":       confirmFixed,
	"ticket.not_fixed":       notFixed,
	"ticket.reopened":        reopen,
	"ticket.on_my_way":       onMyWay,
	"ticket.helped":          logHelp,
	"ticket.handed_up":       handUp,
	"ticket.handed_back":     handBack,
	"ticket.tried":           addTried,
	"ticket.made_private":    makePrivate,
	"ticket.made_public":     makePublic,
	"ticket.undone":          undo,

	// What Trellis does at its hour: the same sweep finds the same at the same
	// instant.
	"ticket.closed":         sweep((*desk.Desk).CloseExpired),
	"ticket.promise_moved":  sweep((*desk.Desk).WindClocks),
	"clocks.wound":          sweep((*desk.Desk).WindClocks),
	"ticket.promise_missed": sweep((*desk.Desk).RingClocks),
	"clocks.rung":           sweep((*desk.Desk).RingClocks),
}

// left are what commands only leave behind other events: none of them is the
// first of its command.
var left = []string{"profile.set_up", "ticket.passed_over", "ticket.handed_over", "ticket.named"}

// untold are what can't be told again, with the reason: the log names what it
// does not hold.
var untold = map[string]string{
	"password.changed": "passwords are in no log",
	"invite.accepted":  "passwords are in no log",

	"file.added":     "the log has an attachment's name and not its contents",
	"file.previewed": "the log has an attachment's name and not its contents",
	"file.swept":     "the log has an attachment's name and not its contents",

	"history.added":            ofPast,
	"history.started":          ofPast,
	"history.begun":            ofPast,
	"history.brought":          ofPast,
	"history.set":              ofPast,
	"history.dropped":          ofPast,
	"history.stopped":          ofPast,
	"history.done":             ofPast,
	"history.failed":           ofPast,
	"history.undo_begun":       ofPast,
	"history.taken_back":       ofPast,
	"history.undone":           ofPast,
	"ticket.past_row_removed":  ofPast,
	"ticket.past_row_restored": ofPast,

	"job.dead":      ofJob,
	"job.retried":   ofJob,
	"job.cancelled": ofJob,
}

const (
	ofPast = "a past from another desk is in its file and not in the log"
	ofJob  = "how a background job went depends on what lies outside"
)

// sweep does again what Trellis itself did.
func sweep(do func(*desk.Desk, context.Context) (int, error)) command {
	return func(ctx context.Context, p *teller, e said) error {
		if e.ActorKind != policy.System {
			return errors.New("only Trellis itself does this")
		}
		_, err := do(p.d.Desk, ctx)
		return err
	}
}
