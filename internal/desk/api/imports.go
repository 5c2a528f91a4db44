package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"trellis/internal/desk/past"
	"trellis/internal/district"
	"trellis/internal/platform/api"
	"trellis/internal/platform/web"
)

// pastFile is one reading of one file with the past of another desk.
type pastFile struct {
	ID       int64           `json:"id"`
	Name     string          `json:"name" doc:"Of the past that it goes to. What is read under one name is one past."`
	File     string          `json:"file"`
	Size     int64           `json:"size" doc:"Bytes."`
	Map      json.RawMessage `json:"map" doc:"Which column means what, as trellis import history --print-map writes it."`
	Good     bool            `json:"good" doc:"Bring in the rows that are understood although others are not."`
	State    string          `json:"state" enum:"draft,running,stopped,failed,done,undoing,undone"`
	Share    int             `json:"share" doc:"Percent of the work that is done."`
	Rows     int64           `json:"rows"`
	Added    int64           `json:"added" doc:"Requests that were not here."`
	Changed  int64           `json:"changed" doc:"Requests that are recorded differently now."`
	Same     int64           `json:"same" doc:"Requests that were here already."`
	Refused  int64           `json:"refused" doc:"Rows that were not understood."`
	Stayed   int64           `json:"stayed,omitempty" doc:"Requests that undoing left, because somebody has written on them since."`
	Problems []pastProblem   `json:"problems,omitempty"`
	By       *person         `json:"by,omitempty" doc:"Absent: from the command line."`
	Begun    time.Time       `json:"begun"`
	Ended    *time.Time      `json:"ended,omitempty"`
	Version  int64           `json:"version"`
}

// pastProblem is something in a file that was not understood.
type pastProblem struct {
	Row    int    `json:"row,omitempty" doc:"As a person finds it in the file; the header is 1."`
	Column string `json:"column,omitempty"`
	Value  string `json:"value,omitempty"`
	Text   string `json:"text"`
}

func wireRun(ctx context.Context, r past.Run) pastFile {
	out := pastFile{ID: int64(r.ID), Name: r.Name, File: r.File, Size: r.Size, Map: r.Map.JSON(), Good: r.Good, State: string(r.State), Share: r.Share,
		Rows: r.Rows, Added: r.Added, Changed: r.Changed, Same: r.Same, Refused: r.Refused, Stayed: r.Stayed, Problems: wireProblems(ctx, r.Problems),
		Begun: r.Begun, Ended: moment(r.Ended), Version: r.Version}
	out.By = personOf(r.By)
	return out
}

func wireProblems(ctx context.Context, list []past.Problem) []pastProblem {
	out := make([]pastProblem, len(list))
	for i, p := range list {
		out[i] = pastProblem{p.Row, p.Column, p.Value, p.Sentence(ctx)}
	}
	return out
}

// registerImports declares what brings the past of another desk in.
func (o operations) registerImports(a *api.API) {
	op := func(id, method, path, summary string) api.Op {
		return api.Op{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"imports"}}
	}
	brings, looks := district.Admin.WithScope(district.ScopeDistrictWrite), district.Admin.WithScope(district.ScopeDistrictRead)

	up := op("add-import", "POST", "/imports", "Send a file with the past of another desk; nothing is brought in yet")
	up.DefaultStatus, up.MaxBodyBytes = http.StatusCreated, past.UploadLimit+1
	api.Raw(a, up, brings, o.addImport, api.RawQuery("name", "What the file is called, with its ending."), api.RawAnswer[pastFile]())
	api.Operation(a, op("list-imports", "GET", "/imports", "The files that were brought in, are being, or wait for it"), looks, o.imports)
	api.Operation(a, op("get-import", "GET", "/imports/{id}", "How far one is"), looks, o.getImport)
	api.Operation(a, op("preview-import", "GET", "/imports/{id}/preview", "What bringing it in would do; changes nothing"), looks, o.previewImport)
	api.Operation(a, op("set-import", "PUT", "/imports/{id}", "Say which column means what, and what the past is called"), brings, o.setImport)
	api.Operation(a, op("begin-import", "POST", "/imports/{id}/begin", "Bring it in, or go on with one that was stopped"), brings, o.beginImport)
	api.Operation(a, op("stop-import", "POST", "/imports/{id}/stop", "Stop it after the group that it is at"), brings, o.stopImport)
	api.Operation(a, op("undo-import", "POST", "/imports/{id}/undo", "Take back what it brought"), brings, o.undoImport)
	api.Operation(a, op("drop-import", "DELETE", "/imports/{id}", "Forget a draft, or one that failed"), brings, o.dropImport)
}

// addImport keeps a file as a draft; nothing is brought in yet.
func (o operations) addImport(w http.ResponseWriter, r *http.Request) error {
	run, err := o.past.AddDraft(r.Context(), bodyReader{r.Body}, web.Query(r).String("name"))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusCreated, wireRun(r.Context(), run))
}

type importOut struct{ Body pastFile }

func runAnswer(ctx context.Context) func(past.Run, error) (*importOut, error) {
	return func(r past.Run, err error) (*importOut, error) {
		if err != nil {
			return nil, err
		}
		return &importOut{wireRun(ctx, r)}, nil
	}
}

type importsOut struct {
	Body struct {
		Imports []pastFile `json:"imports" doc:"The newest first."`
	}
}

func (o operations) imports(ctx context.Context, _ *struct{}) (*importsOut, error) {
	list, err := o.past.List(ctx)
	if err != nil {
		return nil, err
	}
	out := &importsOut{}
	out.Body.Imports = make([]pastFile, len(list))
	for i, r := range list {
		out.Body.Imports[i] = wireRun(ctx, r)
	}
	return out, nil
}

func (o operations) getImport(ctx context.Context, in *byID) (*importOut, error) {
	return runAnswer(ctx)(o.past.Find(ctx, past.RunID(in.ID)))
}

type previewOut struct {
	Body struct {
		Header   []string      `json:"header"`
		Sample   [][]string    `json:"sample" doc:"The first rows as they are."`
		Rows     int           `json:"rows"`
		Requests int           `json:"requests"`
		Added    int           `json:"added"`
		Changed  int           `json:"changed"`
		Same     int           `json:"same"`
		Refused  int           `json:"refused"`
		Problems []pastProblem `json:"problems,omitempty"`
		First    *time.Time    `json:"first,omitempty"`
		Last     *time.Time    `json:"last,omitempty"`
	}
}

func (o operations) previewImport(ctx context.Context, in *byID) (*previewOut, error) {
	v, err := o.past.Preview(ctx, past.RunID(in.ID))
	if err != nil {
		return nil, err
	}
	out := &previewOut{}
	b := &out.Body
	b.Header, b.Sample, b.Rows, b.Requests, b.Added, b.Changed, b.Same, b.Refused = v.Header, v.Sample, v.Rows, v.Cases, v.Added, v.Changed, v.Same, v.Refused
	b.Problems, b.First, b.Last = wireProblems(ctx, v.Problems), moment(v.First), moment(v.Last)
	return out, nil
}

type setImportIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Name    string          `json:"name" maxLength:"80"`
		Map     json.RawMessage `json:"map"`
		Good    bool            `json:"good,omitempty"`
		Version int64           `json:"version,omitempty" doc:"Refuse if it has changed since."`
	}
}

func (o operations) setImport(ctx context.Context, in *setImportIn) (*importOut, error) {
	m, err := past.ParseMap(in.Body.Map)
	if err != nil {
		return nil, err
	}
	return runAnswer(ctx)(o.past.Set(ctx, past.RunID(in.ID), past.Change{Version: in.Body.Version, Name: in.Body.Name, Map: m, Good: in.Body.Good}))
}

func (o operations) beginImport(ctx context.Context, in *byID) (*importOut, error) {
	return runAnswer(ctx)(o.past.Begin(ctx, past.RunID(in.ID)))
}

func (o operations) stopImport(ctx context.Context, in *byID) (*importOut, error) {
	return runAnswer(ctx)(o.past.Stop(ctx, past.RunID(in.ID)))
}

func (o operations) undoImport(ctx context.Context, in *byID) (*importOut, error) {
	return runAnswer(ctx)(o.past.Undo(ctx, past.RunID(in.ID)))
}

func (o operations) dropImport(ctx context.Context, in *byID) (*struct{}, error) {
	return nil, o.past.Drop(ctx, past.RunID(in.ID))
}
