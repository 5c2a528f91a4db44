package api

import (
	"context"
	"io"
	"net/http"

	"trellis/internal/desk"
	"trellis/internal/district"
	"trellis/internal/platform/api"
	"trellis/internal/platform/errs"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/web"
)

// Deps is what the operations work on.
type Deps struct{ Desk *desk.Desk }

type operations struct{ desk *desk.Desk }

// Who may come in. A token for somebody's own requests and one for the desk
// differ; the desk's methods look at each ticket.
var (
	reads  = policy.SignedIn.WithScope(district.ScopeRequestsRead)
	writes = policy.SignedIn.WithScope(district.ScopeRequestsWrite)
	helps  = district.Helper.WithScope(district.ScopeDeskRead)
	works  = district.Helper.WithScope(district.ScopeDeskWrite)
)

// Register declares every operation.
func Register(a *api.API, d Deps) {
	o := operations{d.Desk}
	tag := []string{"requests"}
	op := func(id, method, path, summary string) api.Op {
		return api.Op{OperationID: id, Method: method, Path: path, Summary: summary, Tags: tag}
	}
	created := func(p api.Op) api.Op { p.DefaultStatus = http.StatusCreated; return p }

	api.Operation(a, created(op("create-request", "POST", "/requests", "Ask for help")), writes, o.create)
	api.Operation(a, op("list-my-requests", "GET", "/requests/mine", "My requests: needs me, in progress, solved"), reads, o.mine)
	api.Operation(a, op("list-requests", "GET", "/requests", "A list of the desk"), helps, o.list)
	api.Operation(a, op("count-requests", "GET", "/requests/counts", "How many there are in each list, up to 100"), helps, o.counts)
	api.Operation(a, op("search-requests", "GET", "/requests/search", "Find requests by their words, among those you may see"), reads, o.search)
	api.Operation(a, op("get-request", "GET", "/requests/{id}", "One request with its conversation"), reads, o.get)
	api.Operation(a, op("get-history", "GET", "/requests/{id}/history", "What happened to a request"), reads, o.history)
	api.Operation(a, op("change-request", "PATCH", "/requests/{id}", "Change title, impact, service or place"), writes, o.change)

	api.Operation(a, created(op("reply", "POST", "/requests/{id}/replies", "Say something that everybody on the request reads")), writes, o.reply)
	api.Operation(a, created(op("add-note", "POST", "/requests/{id}/notes", "Write something down for those who work on it")), works, o.note)
	api.Operation(a, op("take", "POST", "/requests/{id}/take", "Take it"), works, o.take)
	api.Operation(a, op("release", "POST", "/requests/{id}/release", "Give it back to its team"), works, o.release)
	api.Operation(a, op("assign", "POST", "/requests/{id}/assign", "Hand it to a team or a person"), works, o.assign)
	api.Operation(a, op("wait", "POST", "/requests/{id}/wait", "Say on whom it waits, and until when"), works, o.wait)
	api.Operation(a, op("resume", "POST", "/requests/{id}/resume", "End the waiting"), works, o.resume)
	api.Operation(a, op("solve", "POST", "/requests/{id}/solve", "Solve it, with a last word if you like"), works, o.solve)
	api.Operation(a, op("confirm-fixed", "POST", "/requests/{id}/fixed", "That fixed it"), writes, o.fixed)
	api.Operation(a, op("not-fixed", "POST", "/requests/{id}/not-fixed", "Not fixed"), writes, o.notFixed)
	api.Operation(a, op("reopen", "POST", "/requests/{id}/reopen", "Open a solved one again"), works, o.reopen)
	api.Operation(a, op("follow", "POST", "/requests/{id}/follow", "Follow it, or let somebody else follow it"), writes, o.follow)
	api.Operation(a, op("unfollow", "POST", "/requests/{id}/unfollow", "Stop following it"), writes, o.unfollow)
	api.Operation(a, op("make-private", "POST", "/requests/{id}/private", "Make it private, or open again"), works, o.private)
	api.Operation(a, op("undo", "POST", "/requests/{id}/undo", "Take back one change"), works, o.undo)
	api.Operation(a, op("list-named", "GET", "/private-kinds", "Who is named for each kind of private request"), district.Admin.WithScope(district.ScopeDistrictRead), o.named)
	api.Operation(a, op("set-named", "PUT", "/private-kinds/{kind}", "Say who is named for a kind of private request"), district.Admin.WithScope(district.ScopeDistrictWrite), o.setNamed)

	up := created(op("upload-file", "POST", "/files", "Upload a file, to be named in a request or reply within a day"))
	up.MaxBodyBytes = desk.MaxFileSize + 1 // one more, so that too large is told from just right
	api.Raw(a, up, writes, o.upload)
	api.Raw(a, op("download-file", "GET", "/files/{id}", "A file of a request that you may see"), reads, o.download)
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

func (o operations) upload(w http.ResponseWriter, r *http.Request) error {
	name := web.Query(r).String("name")
	f, err := o.desk.AddFile(r.Context(), name, bodyReader{r.Body})
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusCreated, wireFile(f))
}

// bodyReader tells a client that went away from a disk that failed.
type bodyReader struct{ io.Reader }

func (b bodyReader) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = web.BodyError(err)
	}
	return n, err
}

func (o operations) download(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	c, err := o.desk.OpenFile(r.Context(), desk.FileID(id))
	if err != nil {
		return err
	}
	defer c.Close()
	return web.SendFile(w, r, web.File{Name: c.Name, Type: c.Type, Modified: c.At, Content: c})
}

func (o operations) named(ctx context.Context, _ *struct{}) (*namedOut, error) {
	list, err := o.desk.NamedPeople(ctx)
	if err != nil {
		return nil, err
	}
	out := &namedOut{Body: []named{}}
	for _, n := range list {
		out.Body = append(out.Body, wireNamed(n))
	}
	return out, nil
}

type namedOut struct{ Body []named }

type named struct {
	Kind     string  `json:"kind"`
	People   []int64 `json:"people"`
	Fallback int64   `json:"fallback" doc:"Who gets such requests while nobody is named."`
}

func wireNamed(n desk.Named) named {
	out := named{Kind: string(n.Kind), People: []int64{}, Fallback: int64(n.Fallback)}
	for _, p := range n.People {
		out.People = append(out.People, int64(p))
	}
	return out
}

type setNamedIn struct {
	Kind string `path:"kind"`
	Body struct {
		People []int64 `json:"people" maxItems:"50"`
	}
}

func (o operations) setNamed(ctx context.Context, in *setNamedIn) (*struct{}, error) {
	people := make([]district.PersonID, len(in.Body.People))
	for i, p := range in.Body.People {
		people[i] = district.PersonID(p)
	}
	if !knownKind(in.Kind) {
		return nil, errs.E(errs.NotFound, "error.not_found")
	}
	return nil, o.desk.SetNamed(ctx, desk.Private(in.Kind), people)
}

func knownKind(k string) bool {
	for _, p := range desk.PrivateKinds {
		if string(p) == k {
			return true
		}
	}
	return false
}
