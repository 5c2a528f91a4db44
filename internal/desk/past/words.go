package past

import (
	"slices"
	"strings"
	"unicode"

	"trellis/internal/desk/flow"
	"trellis/internal/district"
)

// Words by which a status gives itself away, as beginnings of words, folded,
// in English and Spanish.
var (
	wordsUndone  = []string{"unresolved", "unsolved", "unassigned", "incomplet", "reopen", "reabiert"}
	wordsCancel  = []string{"cancel", "anulad", "reject", "rechaz", "abandon", "duplica", "invalid", "withdrawn", "deleted", "eliminad"}
	wordsSolved  = []string{"resol", "resuel", "solved", "soluci", "complet", "fix", "done", "finish", "finaliz", "terminad", "hecho", "hecha", "fulfil", "atendid"}
	wordsClosed  = []string{"close", "cerrad", "cierre", "archiv"}
	wordsWait    = []string{"wait", "await", "pendin", "pendien", "hold", "onhold", "esper", "pausa", "suspen", "deten", "stall", "snooze"}
	wordsDate    = []string{"scheduled", "programad", "agendad", "calendariz"}
	wordsOpen    = []string{"open", "new", "active", "assign", "accept", "queue", "progress", "inprogress", "started", "submitted", "received", "take", "taken", "insert", "create", "escalat", "working", "triag", "call", "acknowledg", "abiert", "nuev", "activ", "asign", "acept", "cola", "curso", "proces", "recibid", "escalad", "tomad", "atencion"}
	wordsAgain   = []string{"assign", "asign", "triag", "agent", "queue", "cola", "dispatch", "pickup", "team", "technician", "tecnico"}
	whoRequester = []string{"user", "customer", "requester", "requestor", "caller", "client", "reply", "response", "info", "feedback", "submitter", "employee", "student", "teacher", "parent", "usuari", "solicitante", "respuesta", "docente", "maestr", "alumn", "famili"}
	whoVendor    = []string{"vendor", "supplier", "third", "provider", "manufactur", "warranty", "rma", "external", "proveedor", "tercer", "fabricant", "garantia", "extern"}
	whoPart      = []string{"part", "parts", "equipment", "hardware", "stock", "deliver", "shipment", "order", "material", "pieza", "repuest", "refaccion", "equipo", "pedido", "entrega"}
	whoDate      = []string{"date", "schedul", "implementation", "appointment", "maintenance", "fecha", "program", "agend", "cita", "ventana"}
)

// Meant is what a status seems to mean by its words, in English or Spanish.
// The zero Meaning: it doesn't say.
func Meant(value string) Meaning {
	words := strings.FieldsFunc(district.Fold(value), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	says := func(starts []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return begins(w, starts) })
	}
	undone := says(wordsUndone)
	for i := range words[min(1, len(words)):] { // "not resolved", but also "closed, no reply"
		undone = undone || slices.Contains([]string{"not", "no", "sin"}, words[i]) && (begins(words[i+1], wordsSolved) || begins(words[i+1], wordsOpen))
	}
	waiting := says(wordsWait)
	switch {
	case says(wordsCancel):
		return Meaning{State: flow.Closed}
	case !waiting && undone:
		return Meaning{State: flow.Open}
	case !waiting && says(wordsSolved):
		return Meaning{State: flow.Solved}
	case !waiting && says(wordsClosed):
		return Meaning{State: flow.Closed}
	case waiting && says(whoRequester):
		return Meaning{flow.Waiting, flow.OnRequester}
	case waiting && says(whoVendor):
		return Meaning{flow.Waiting, flow.OnVendor}
	case waiting && says(whoPart):
		return Meaning{flow.Waiting, flow.OnPart}
	case waiting && says(wordsAgain):
		return Meaning{State: flow.Open}
	case waiting && says(whoDate), says(wordsDate):
		return Meaning{flow.Waiting, flow.OnDate}
	case waiting:
		return Meaning{flow.Waiting, flow.OnOther}
	case says(wordsOpen):
		return Meaning{State: flow.Open}
	}
	return Meaning{}
}

// begins reports whether a word begins like one of those. Short ones have to
// be the whole word: "part" is not in "partial", "new" not in "newsletter".
func begins(word string, starts []string) bool {
	return slices.ContainsFunc(starts, func(s string) bool {
		if len(s) <= 4 {
			return word == s || word == s+"s" || word == s+"ed" || word == s+"ing"
		}
		return strings.HasPrefix(word, s)
	})
}

// Learn adds what the words of the status columns seem to mean, for values
// that the map doesn't know yet. A preset whose log is known as a whole learns
// nothing: its silence means something.
func (m Map) Learn(header []string, sample [][]string) Map {
	at, _ := m.bind(header)
	if presets[m.Preset].whole {
		return m
	}
	means := make(map[string]Meaning, len(m.Means))
	for k, v := range m.Means {
		means[k] = v
	}
	for _, f := range []int{fStatus, fSub} {
		for _, row := range sample {
			if at[f] < 0 || at[f] >= len(row) || len(means) >= mostValues {
				continue
			}
			v := district.Fold(row[at[f]])
			if v == "" || slices.Contains(m.Missing, row[at[f]]) {
				continue
			}
			if _, known := means[v]; !known {
				means[v] = Meant(v)
			}
		}
	}
	if len(means) > 0 {
		m.Means = means
	}
	return m
}

// mostValues is how many different values a column of statuses can have; one
// with more is a column of something else.
const mostValues = 200
