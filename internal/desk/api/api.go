package api

import (
	"crypto/rand"
	"net/http"

	"trellis/internal/desk"
	"trellis/internal/desk/past"
	"trellis/internal/district"
	"trellis/internal/platform/api"
	"trellis/internal/platform/policy"
)

// Deps is what the operations work on.
type Deps struct {
	Desk *desk.Desk
	Past *past.Past // nil: there is no way in for a past
	// Cursors sign where lists go on. nil signs with a key of this process
	// alone: a cursor then ends with it, and no other node reads it.
	Cursors *api.Cursors
}

type operations struct {
	desk    *desk.Desk
	past    *past.Past
	cursors *api.Cursors
}

// Who may come in. A token for somebody's own requests and one for the desk
// differ; the desk's methods look at each ticket.
var (
	reads  = policy.SignedIn.WithScope(district.ScopeRequestsRead)
	writes = policy.SignedIn.WithScope(district.ScopeRequestsWrite)
	helps  = district.Helper.WithScope(district.ScopeDeskRead)
	works  = district.Helper.WithScope(district.ScopeDeskWrite)

	plansFrom = district.Staff.WithScope(district.ScopeRequestsRead)
	plansTo   = district.Staff.WithScope(district.ScopeRequestsWrite)
)

// Register declares every operation.
func Register(a *api.API, d Deps) {
	o := operations{d.Desk, d.Past, d.Cursors}
	if o.cursors == nil {
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		o.cursors = api.NewCursors(key)
	}
	tag := []string{"requests"}
	op := func(id, method, path, summary string) api.Op {
		return api.Op{OperationID: id, Method: method, Path: path, Summary: summary, Tags: tag}
	}
	created := func(p api.Op) api.Op { p.DefaultStatus = http.StatusCreated; return p }

	api.Operation(a, created(op("create-request", "POST", "/requests", "Ask for help")), writes, o.create)
	api.Operation(a, created(op("create-plan", "POST", "/plans", "Plan something with a class")), plansTo, o.createPlan)
	api.Operation(a, op("expect-plan", "GET", "/plans/expect", "Whom a plan would reach if it were sent now, and when you would hear"), plansFrom, o.expectPlan)
	api.Operation(a, op("list-my-requests", "GET", "/requests/mine", "My requests: needs me, in progress, solved"), reads, o.mine)
	api.Operation(a, op("list-requests", "GET", "/requests", "A list of the desk"), helps, o.list)
	api.Operation(a, op("count-requests", "GET", "/requests/counts", "How many there are in each list, up to 100"), helps, o.counts)
	api.Operation(a, op("search-requests", "GET", "/requests/search", "Find requests by their words, among those you may see"), reads, o.search)
	api.Operation(a, op("get-request", "GET", "/requests/{id}", "One request with its conversation"), reads, o.get)
	api.Operation(a, op("expect", "GET", "/requests/expect", "Whom a request would reach if it were sent now, and what you may say in it"), reads, o.expect)
	api.Operation(a, op("sent-to", "GET", "/requests/{id}/sent-to", "Whom a request reached when it was sent, for the asking side and who works on it"), reads, o.sentTo)
	api.Operation(a, op("list-messages", "GET", "/requests/{id}/messages", "What was said on a request, the newest page first"), reads, o.messages)
	api.Operation(a, op("list-notes", "GET", "/requests/{id}/notes", "What those who work on it wrote down, the newest page first"), helps, o.notes)
	api.Operation(a, op("list-earlier-requests", "GET", "/requests/{id}/earlier", "What the same person asked for besides, as far as you may see it"), helps, o.earlier)
	api.Operation(a, op("get-history", "GET", "/requests/{id}/history", "What happened to a request"), reads, o.history)
	api.Operation(a, op("change-request", "PATCH", "/requests/{id}", "Change title, impact, service, or where it is and how to reach who asked"), writes, o.change)

	api.Operation(a, created(op("reply", "POST", "/requests/{id}/replies", "Say something that everybody on the request reads")), writes, o.reply)
	api.Operation(a, created(op("add-note", "POST", "/requests/{id}/notes", "Write something down for those who work on it")), works, o.note)
	api.Operation(a, op("take", "POST", "/requests/{id}/take", "Take it"), works, o.take)
	api.Operation(a, op("release", "POST", "/requests/{id}/release", "Give it back to its team"), works, o.release)
	api.Operation(a, op("assign", "POST", "/requests/{id}/assign", "Hand it to a team or a person"), works, o.assign)
	api.Operation(a, op("hand-up", "POST", "/requests/{id}/hand-up", "Pass it on, further from the classroom, with what was tried"), works, o.handUp)
	api.Operation(a, op("hand-back", "POST", "/requests/{id}/hand-back", "Pass it back to where it came from"), works, o.handBack)
	api.Operation(a, op("add-tried", "POST", "/requests/{id}/tried", "Write down what was tried before it was passed on"), works, o.addTried)
	api.Operation(a, op("list-handoffs", "GET", "/requests/{id}/handoffs", "Each time it changed teams, with what was tried and why, for those who work on it"), helps, o.handoffs)
	api.Operation(a, op("list-past-rows", "GET", "/requests/{id}/past", "What another desk recorded of a request that was brought over, for those who work on it"), helps, o.pastRows)
	api.Operation(a, op("remove-past-row", "DELETE", "/requests/{id}/past/{row}", "Take a line out of what another desk recorded"), works, o.removePastRow)
	api.Operation(a, op("restore-past-row", "POST", "/requests/{id}/past/{row}/restore", "Put back a line that was taken out"), works, o.restorePastRow)
	api.Operation(a, op("wait", "POST", "/requests/{id}/wait", "Say on whom it waits, and until when"), works, o.wait)
	api.Operation(a, op("resume", "POST", "/requests/{id}/resume", "End the waiting"), works, o.resume)
	api.Operation(a, op("solve", "POST", "/requests/{id}/solve", "Solve it, with a last word if you like"), works, o.solve)
	api.Operation(a, op("finish-plan", "POST", "/requests/{id}/finish", "End a plan with what came of it"), works, o.finishPlan)
	api.Operation(a, op("confirm-fixed", "POST", "/requests/{id}/fixed", "That fixed it"), writes, o.fixed)
	api.Operation(a, op("not-fixed", "POST", "/requests/{id}/not-fixed", "Not fixed"), writes, o.notFixed)
	api.Operation(a, op("reopen", "POST", "/requests/{id}/reopen", "Open a solved one again"), works, o.reopen)
	api.Operation(a, op("follow", "POST", "/requests/{id}/follow", "Follow it, or let somebody else follow it"), writes, o.follow)
	api.Operation(a, op("unfollow", "POST", "/requests/{id}/unfollow", "Stop following it"), writes, o.unfollow)
	api.Operation(a, op("make-private", "POST", "/requests/{id}/private", "Make it private, or open again"), works, o.private)
	api.Operation(a, op("undo", "POST", "/requests/{id}/undo", "Take back one change"), writes, o.undo)
	api.Operation(a, op("list-private-readers", "GET", "/private-kinds/readers", "Who alone reads a private request of each kind, besides who sends it"), reads, o.readers)
	api.Operation(a, op("list-named", "GET", "/private-kinds", "Who is named for each kind of private request"), district.Admin.WithScope(district.ScopeDistrictRead), o.named)
	api.Operation(a, op("set-named", "PUT", "/private-kinds/{kind}", "Say who is named for a kind of private request"), district.Admin.WithScope(district.ScopeDistrictWrite), o.setNamed)

	api.Operation(a, op("get-clocks", "GET", "/requests/{id}/clocks", "The promises of a request, and how each is counted"), reads, o.clocks)
	api.Operation(a, op("on-my-way", "POST", "/requests/{id}/on-my-way", "Tell them that you are coming, and in how many minutes"), works, o.onMyWay)
	api.Operation(a, op("log-help", "POST", "/requests/{id}/help", "Write down that you helped in the room, and when"), works, o.help)
	api.Operation(a, op("list-promises", "GET", "/promises", "What is promised, everywhere and for places and services"), helps, o.promises)
	api.Operation(a, op("set-promises", "PUT", "/promises", "Say what is promised for one place, one service, or everywhere"), district.Admin.WithScope(district.ScopeDistrictWrite), o.setPromises)
	api.Operation(a, op("drop-promises", "DELETE", "/promises", "Take back what was set for one place or service"), district.Admin.WithScope(district.ScopeDistrictWrite), o.dropPromises)
	api.Operation(a, op("list-alarms", "GET", "/promises/alarms", "Who is told when, for each impact"), helps, o.alarms)
	api.Operation(a, op("set-alarms", "PUT", "/promises/alarms/{impact}", "Replace the alarms of one impact"), district.Admin.WithScope(district.ScopeDistrictWrite), o.setAlarms)
	api.Operation(a, op("preview-shift", "POST", "/promises/shift", "What other hours on some days would do to the promises that run; changes nothing"), desk.MayShift, o.shift)

	if d.Past != nil {
		o.registerImports(a)
	}

	up := created(op("upload-file", "POST", "/files", "Upload a file, to be named in a request or reply within a day"))
	up.MaxBodyBytes = desk.MaxFileSize + 1 // one more, so that too large is told from just right
	api.Raw(a, up, writes, o.upload, api.RawQuery("name", "What the file is called, with its ending."), api.RawAnswer[file]())
	api.Raw(a, op("download-file", "GET", "/files/{id}", "A file of a request that you may see"), reads, o.download)
	api.Raw(a, op("preview-file", "GET", "/files/{id}/preview", "A picture as a JPEG made anew from it, once it is made"), reads, o.preview)
}

func ticketID(id int64) desk.TicketID { return desk.TicketID(id) }

func fileIDs(ids []int64) []desk.FileID {
	out := make([]desk.FileID, len(ids))
	for i, id := range ids {
		out[i] = desk.FileID(id)
	}
	return out
}

// byID is the input of a read on one request.
type byID struct {
	ID int64 `path:"id"`
}
