// Package desk is one request of one person, from "I need help" to "that
// fixed it".
//
// # Words
//
// A ticket has a requester (who asks), a beneficiary (for whom, if somebody
// else), an owner and followers. They are roles on the ticket: whoever works
// the desk for one ticket may ask in another. The asking side is requester
// and beneficiary; whoever works on a ticket is its desk side.
//
// A ticket is open, waiting (on the requester, a vendor, a part or a date,
// always with an until), solved, and closed when its reopen window ends.
//
// # Invariants
//
//   - owner_team is never NULL; unassigned means owned by its team.
//   - Who owns an open or waiting ticket can work on it, and its team is open:
//     who leaves hands over (hand_over.go). A private one always has a reader.
//   - Who is here, and who answers for a team of which nobody is, the district
//     says; what somebody was promised stands in the event of the new ticket.
//   - A ticket begins at the first step of the path of its place and service
//     (route.go). desk_handoff has a row for each time that it changed teams,
//     whatever changed it; handoffs counts them. What was tried and why stands
//     there for those who work on it, and in no answer to anybody else.
//   - What $1 may see of a ticket is said once, in scope.go. Every list,
//     count, search, history, file and stream asks there, and what somebody
//     may not see answers exactly as what does not exist.
//   - Who covers for an owner who is away works on their tickets meanwhile
//     (covering.go); who owns them stays, and the events say on whose behalf.
//   - A private ticket is seen by its requester and the people named on it.
//   - A Note is no Message: other type, other table, other function to read it.
//   - next_at is set while a ticket waits or is solved: when it moves by itself.
//   - A file belongs to its uploader until one message or one note takes it.
//   - A command changes fields in one place (save), which diffs them: the diff
//     is the event, history and undo are made from it.
//
// Tables: desk_ticket, desk_message, desk_note, desk_participant, desk_named,
// desk_private_named, desk_file, desk_handoff, desk_plan, and those of promises:
// desk_promise, desk_alarm, desk_mark, desk_clock.
//
// Events sent, all about {ticket, id} unless said otherwise: ticket.created,
// ticket.replied, ticket.noted, ticket.taken, ticket.released,
// ticket.assigned, ticket.place_changed, ticket.service_changed,
// ticket.impact_changed, ticket.title_changed, ticket.waiting,
// ticket.resumed, ticket.solved, ticket.confirmed, ticket.not_fixed,
// ticket.reopened, ticket.closed, ticket.followed, ticket.unfollowed,
// ticket.made_private, ticket.made_public, ticket.named, ticket.handed_over,
// ticket.undone,
// ticket.passed_over (nobody of a nearer team was here), ticket.handed_up,
// ticket.handed_back, ticket.tried, ticket.plan_finished;
// about {file, id}: file.added, file.previewed, file.swept; about
// {private, 0}: private.named; about {clocks, 0}, after what they say of single
// tickets: clocks.wound and clocks.rung. Events heard: none.
package desk
