package past

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"trellis/internal/district"
	"trellis/internal/platform/sheet"
)

// calls are the names by which columns go, squashed, in English and Spanish:
// the earlier, the surer.
var calls = [fields][]string{
	fCase:       {"case", "caseid", "casenumber", "ticketid", "ticketnumber", "ticketno", "ticketnum", "ticket", "requestid", "requestnumber", "incidentid", "incidentnumber", "incident", "issuekey", "issueid", "key", "number", "folio", "caso", "numerodecaso", "numerodeticket", "idticket", "idcaso", "numerodesolicitud", "solicitudid", "numero", "no", "nro", "id"},
	fAt:         {"timetimestamp", "timestamp", "eventtime", "completetimestamp", "sysupdatedat", "updatedat", "lastupdated", "lastupdate", "updated", "lastmodified", "modified", "modifieddate", "time", "datetime", "fechayhora", "fechahora", "actualizado", "ultimaactualizacion", "fechadeactualizacion", "hora"},
	fStatus:     {"status", "ticketstatus", "currentstatus", "incidentstate", "state", "estado", "estatus", "activity", "actividad", "conceptname", "event", "evento", "situacion"},
	fSub:        {"substatus", "subestado", "lifecycletransition", "statusreason", "pendingreason", "motivo"},
	fTeam:       {"assignmentgroup", "assignedteam", "team", "teamname", "group", "groupname", "orggroup", "supportgroup", "queue", "department", "equipo", "grupo", "grupoasignado", "departamento", "cola", "area"},
	fPerson:     {"assignedto", "assignee", "agent", "agentassigned", "technician", "resource", "orgresource", "owner", "asignadoa", "asignado", "agente", "tecnico", "responsable", "propietario", "atendidopor"},
	fImpact:     {"impact", "impacto"},
	fPriority:   {"priority", "urgency", "severity", "prioridad", "urgencia", "gravedad"},
	fKept:       {"madesla", "slamet", "promisekept", "withinsla", "slakept", "metsla", "slacumplido", "cumpliosla", "dentrodesla"},
	fReassigned: {"reassignmentcount", "reassignments", "handoffs", "reasignaciones"},
	fReopened:   {"reopencount", "reopens", "reopened", "reaperturas"},
	fOpened:     {"openedat", "opened", "createdat", "created", "createddate", "datecreated", "createdon", "creationdate", "dateopened", "opendate", "submitted", "submittedat", "datesubmitted", "requested", "reported", "reportedat", "startdate", "fechadecreacion", "fechacreacion", "creado", "creadoel", "fechadeapertura", "fechaapertura", "abierto", "fechadesolicitud", "fechasolicitud", "fechadeinicio", "date", "fecha"},
	fFirst:      {"firstresponse", "firstresponseat", "firstresponsetime", "firstresponded", "firstreply", "firstreplyat", "firstanswer", "firstanswered", "firstansweredat", "respondedat", "primerarespuesta", "fechaprimerarespuesta", "fechadeprimerarespuesta"},
	fSolved:     {"resolvedat", "resolved", "resolveddate", "dateresolved", "resolutiondate", "solvedat", "solved", "solveddate", "datesolved", "completedat", "completed", "completiondate", "datecompleted", "fixed", "resuelto", "resueltoel", "fechaderesolucion", "fecharesolucion", "solucionado", "fechadesolucion", "fechasolucion", "terminado"},
	fClosedAt:   {"closedat", "closed", "closeddate", "dateclosed", "closedate", "closedon", "cerrado", "fechadecierre", "fechacierre", "fechacerrado", "enddate", "fechafin", "fechadefin"},
	fPlace:      {"site", "school", "location", "locationname", "building", "campus", "organizationcountry", "organization", "office", "branch", "escuela", "plantel", "sede", "ubicacion", "lugar", "edificio", "centro", "sitio", "colegio"},
	fService:    {"service", "businessservice", "helptopic", "product", "category", "issuecategory", "issuetype", "application", "system", "tickettype", "type", "servicio", "categoria", "producto", "tema", "aplicacion", "sistema", "tipo"},
	fTitle:      {"subject", "title", "summary", "shortdescription", "issue", "asunto", "titulo", "resumen", "problema"},
	fBody:       {"description", "body", "details", "text", "message", "comments", "notes", "descripcion", "detalle", "detalles", "texto", "mensaje", "cuerpo", "comentarios", "observaciones"},
	fRequester:  {"requester", "requestername", "requestor", "requesteremail", "caller", "callerid", "customer", "from", "reporter", "submittedby", "createdby", "contact", "user", "name", "email", "solicitante", "reportadopor", "cliente", "usuario", "nombre", "correo"},
}

// order is in which order fields choose their columns: what is surer of its
// name first.
var order = []int{fCase, fStatus, fSub, fTeam, fPerson, fImpact, fPriority, fKept, fReassigned, fReopened, fFirst, fSolved, fClosedAt, fOpened, fAt,
	fPlace, fService, fTitle, fBody, fRequester}

// statusRows is how many rows are looked through for rare statuses.
const statusRows = 200_000

// GuessFile makes a map for a file: the preset by whose columns it is
// recognized, a guess otherwise.
func GuessFile[B Book](open func() (B, error)) (m Map, err error) {
	b, err := open()
	if err != nil {
		return Map{}, err
	}
	defer b.Close()
	header := slices.Clone(b.Header())
	var sample [][]string
	known := map[[2]string]bool{}
	var at [fields]int
	for n, bytes, settled := 0, 0, false; ; n++ {
		row, err := b.Next()
		end := errors.Is(err, io.EOF)
		if bad := (*sheet.Problem)(nil); errors.As(err, &bad) {
			continue // Read tells of it
		}
		if err != nil && !end {
			return Map{}, err
		}
		if !settled && (end || n >= sampleRows || bytes >= sampleBytes) {
			var ok bool
			if m, ok = Preset(presetOf(header)); !ok {
				m = Guess(header, sample)
			}
			at, _ = m.bind(header)
			settled = true
		}
		if !end && slices.Equal(row.Cells, header) {
			continue // two exports in one: Read tells of it, and these are no values
		}
		if end || settled && (m.Status == "" || n >= statusRows || len(known) >= mostValues) {
			return m.Learn(header, sample), nil
		}
		if settled { // of the rest only what the statuses say
			var says [2]string
			for i, f := range []int{fStatus, fSub} {
				if at[f] >= 0 {
					says[i] = row.Cells[at[f]]
				}
			}
			if known[says] {
				continue
			}
			known[says] = true
		}
		sample = append(sample, row.Cells)
		bytes += weight(row.Cells)
	}
}

// Guess makes a map from a file's header and its first rows: names of columns
// in English and Spanish, held against what stands in them. It is a proposal
// for a person to look at; where nothing fits, a field stays empty.
func Guess(header []string, sample [][]string) Map {
	g := &guess{header: header, sample: sample, used: make([]bool, len(header))}
	m := Map{Hours: office, Missing: g.missing()}
	g.m = &m
	for _, f := range order {
		if i := g.choose(f); i >= 0 {
			*m.column(f) = header[i]
			g.used[i] = true
		}
	}
	g.times()
	if g.offsets() {
		m.Zone = "UTC" // they are instants; in which zone the desk worked they don't say
	}
	if m.Impact == "" && m.Priority != "" {
		m.Impact = m.Priority
	}
	if i := slices.Index(header, m.Team); i >= 0 {
		m.Lines = g.lines(i)
	}
	m.Number = "case"
	m.Impacts = g.impacts()
	return m.Learn(header, sample)
}

type guess struct {
	header []string
	sample [][]string
	used   []bool
	m      *Map
}

// missing are the values by which exports say that there is nothing.
func (g *guess) missing() (out []string) {
	for _, v := range []string{"?", "-", "--", "N/A", "n/a", "NULL", "null", "None", "(none)", "(empty)"} {
		if slices.ContainsFunc(g.sample, func(row []string) bool { return slices.Contains(row, v) }) {
			out = append(out, v)
		}
	}
	return out
}

// choose is the column for a field: the first of its names that a free column
// has and that its cells don't contradict.
func (g *guess) choose(f int) int {
	for _, name := range calls[f] {
		for i, h := range g.header {
			if !g.used[i] && squash(h) == name && g.suits(f, i) {
				return i
			}
		}
	}
	return -1
}

// suits reports whether a column's cells can be what a field is.
func (g *guess) suits(f, col int) bool {
	filled, different := g.values(col)
	switch f {
	case fAt, fOpened, fFirst, fSolved, fClosedAt:
		return g.isTime(col)
	case fCase:
		return len(g.sample) == 0 || filled*10 >= len(g.sample)*9 && different > 1 || len(g.sample) == 1
	case fStatus:
		return !g.isTime(col) && different <= mostValues
	case fSub: // the same everywhere says nothing
		return different > 1 && different <= mostValues
	case fKept:
		return g.all(col, func(s string) bool { _, ok := yesNo(s); return ok })
	case fReassigned, fReopened:
		return g.all(col, func(s string) bool { _, ok := counter(s); return ok })
	}
	return !g.isTime(col)
}

func (g *guess) cells(col int) (out []string) {
	for _, row := range g.sample {
		if col < len(row) {
			if c := strings.TrimSpace(row[col]); c != "" && !slices.Contains(g.m.Missing, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

func (g *guess) values(col int) (filled, different int) {
	seen := map[string]bool{}
	for _, c := range g.cells(col) {
		filled++
		seen[c] = true
	}
	return filled, len(seen)
}

func (g *guess) all(col int, ok func(string) bool) bool {
	return !slices.ContainsFunc(g.cells(col), func(s string) bool { return !ok(s) })
}

// isTime reports whether nearly all cells are times. A column without any
// content can be one, by its name.
func (g *guess) isTime(col int) bool {
	cells, good := g.cells(col), 0
	if len(cells) == 0 {
		return len(g.sample) == 0 || timeName(g.header[col])
	}
	for _, c := range cells {
		if _, ok := parse(c); ok {
			good++
		}
	}
	return good*10 >= len(cells)*9
}

func timeName(h string) bool {
	s := squash(h)
	for _, f := range []int{fAt, fOpened, fFirst, fSolved, fClosedAt} {
		if slices.Contains(calls[f], s) {
			return true
		}
	}
	return false
}

// times settles which column says when. In an event log a case has several
// rows, and each is of a moment: without a column that says so by its name,
// the only other column of times does. In a table of requests it is the other
// way round: the only time there is is when they were opened.
func (g *guess) times() {
	m := g.m
	log := false
	if i := slices.Index(g.header, m.Case); m.Case != "" && i >= 0 {
		filled, different := g.values(i)
		log = different < filled
	}
	free := ""
	for i, h := range g.header {
		if !g.used[i] && len(g.cells(i)) > 0 && g.isTime(i) {
			free = h
			break
		}
	}
	switch {
	case log && m.At == "" && m.Solved == "" && m.ClosedAt == "" && m.Opened != "":
		m.At, m.Opened = m.Opened, "" // "date" of an event
	case log && m.At == "":
		m.At = free
	case !log && m.Opened == "" && m.At != "" && m.Solved == "" && m.ClosedAt == "":
		m.Opened, m.At = m.At, ""
	case !log && m.Opened == "":
		m.Opened = free
	}
}

// withOffset is a time that says how far its clock is from UTC.
var withOffset = regexp.MustCompile(`\d(Z|[+-]\d\d:?\d\d)$`)

// offsets reports whether the times of the file say how far their clock is
// from UTC.
func (g *guess) offsets() bool {
	for _, f := range timeFields {
		i := slices.Index(g.header, *g.m.column(f))
		if i < 0 {
			continue
		}
		if cells := g.cells(i); len(cells) > 0 && withOffset.MatchString(cells[0]) {
			return true
		}
	}
	return false
}

// lines are the rules by which teams say on which line they stand.
func (g *guess) lines(team int) (out []LineRule) {
	cells := g.cells(team)
	for _, r := range []LineRule{{"2nd", 20}, {"3rd", 30}, {"tier 2", 20}, {"tier 3", 30}, {"level 2", 20}, {"level 3", 30}, {"nivel 2", 20}, {"nivel 3", 30},
		{"second line", 20}, {"third line", 30}, {"segunda linea", 20}, {"tercera linea", 30}} {
		if slices.ContainsFunc(cells, func(s string) bool { return strings.Contains(district.Fold(s), r.Contains) }) {
			out = append(out, r)
		}
	}
	return out
}

// impacts are what the labels of impact seem to come to.
func (g *guess) impacts() map[string]string {
	at := slices.Index(g.header, g.m.Impact)
	if g.m.Impact == "" || at < 0 {
		return nil
	}
	out := map[string]string{}
	for _, label := range g.cells(at) {
		if _, seen := out[label]; seen || len(out) >= mostValues {
			continue
		}
		folded := district.Fold(label)
		for _, w := range []struct{ word, impact string }{{"stopped", "stopped"}, {"blocked", "blocked"}, {"can't", "blocked"}, {"cant", "blocked"}, {"slow", "slowed"}, {"question", "question"}, {"critic", "stopped"}, {"emergenc", "stopped"}, {"major", "stopped"}, {"urgent", "blocked"}, {"high", "blocked"},
			{"alta", "blocked"}, {"alto", "blocked"}, {"medi", "slowed"}, {"normal", "slowed"}, {"moderat", "slowed"}, {"low", "question"}, {"baj", "question"}, {"minor", "question"}} {
			if slices.ContainsFunc(strings.Fields(folded), func(f string) bool { return strings.HasPrefix(f, w.word) }) {
				out[label] = w.impact
				break
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
