package calendar

import (
	"strings"

	"trellis/internal/district"
)

// What a name says about the day. A feed has a great deal in it that closes no
// school: saints' days, concerts, parent evenings. Only words that say that
// nobody is there propose a closure, and a person looks at every line.

// about is what a name says.
type about int

const (
	aboutNothing about = iota
	aboutClosed
	aboutShort // a half day or a late start
)

// closedSurely win over everything but partly: they say it outright.
var closedSurely = []string{
	"no school", "no class", "school closed", "schools closed", "schools are closed", "offices closed", "district closed", "campus closed", "closed",
	"do not attend", "not attend school", "no students", "no student attendance", "student holiday", "students off", "school holiday", "snow day", "closure",
	"no hay clases", "no hay escuela", "sin clases", "cerrado", "cerrada", "cerradas", "cerrados", "no asisten", "dia libre", "dia de nieve",
}

// closedLikely lose against words that say something else happens.
var closedLikely = []string{
	"holiday", "recess", "break", "vacation", "thanksgiving", "labor day", "memorial day", "juneteenth", "independence day", "christmas", "new year",
	"martin luther king", "mlk day", "presidents day", "presidents' day", "presidents’ day", "veterans day",
	"feriado", "festivo", "vacaciones", "receso", "descanso", "dia de accion de gracias", "navidad", "ano nuevo",
}

// partly says that it is so for some, or not.
var partly = []string{
	"excluding", "except", "other students attend", "all others attend", "not closed", "remain open", "schools open", "school is open", "schools are open", "in session",
	"excepto", "salvo", "abierto", "abiertas",
}

// otherwise says that it is about something else, though a break is named.
var otherwise = []string{
	"before", "after", "begins", "starts", "resume", "return", "first day", "last day", "ends", "deadline", "due", "concert", "party", "fair", "sale", "camp", "tutoring",
	"make up", "makeup", "make-up", "conference", "meeting", "observed in class", "celebration", "registration", "program", "breakfast", "breakout",
	"antes", "despues", "comienza", "empieza", "regreso", "primer dia", "ultimo dia", "reunion", "fecha limite", "concierto", "fiesta",
}

var shortDay = []string{
	"half day", "half-day", "early release", "early dismissal", "dismissed", "minimum day", "shortened day", "late start", "delayed start", "delayed opening", "late arrival", "2-hour delay", "two-hour delay", "two hour delay",
	"medio dia", "salida temprana", "salida anticipada", "entrada tarde", "inicio tardio",
}

var lateDay = []string{"late start", "delayed", "late arrival", "delay", "entrada tarde", "inicio tardio"}

func says(name string, words []string) bool {
	for _, w := range words {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// read says what a name is about, and for a short day which kind.
func read(name string) (about, Kind) {
	n := " " + district.Fold(name) + " "
	switch {
	case says(n, partly):
		return aboutNothing, ""
	case says(n, shortDay):
		if says(n, lateDay) {
			return aboutShort, LateStart
		}
		return aboutShort, HalfDay
	case says(n, closedSurely), says(n, closedLikely) && !says(n, otherwise):
		return aboutClosed, Closed
	}
	return aboutNothing, ""
}
