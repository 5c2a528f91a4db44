package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// fill makes the value of a slot.
func (w *words) fill(key string) string {
	d := w.d
	switch key {
	case "me":
		first, _, _ := strings.Cut(w.who.name, " ")
		return first
	case "helper":
		return w.who.helper
	case "place":
		return w.who.place
	case "here":
		return w.here()
	case "tag", "tag2", "tag3":
		return fmt.Sprintf("JV-%05d", d.between(8000, 31999))
	case "stafftag":
		return fmt.Sprintf("JV-S-%04d", d.between(41, 899))
	case "cart", "cart2":
		return strconv.Itoa(d.between(1, 28))
	case "time":
		return w.earlier()
	case "weekday":
		return w.day(-d.between(1, 6))
	case "nextday":
		return w.day(d.between(1, 6))
	case "date":
		return w.date(d.between(3, 25))
	case "kids":
		return strconv.Itoa(d.between(17, 29))
	case "few":
		return w.count(d.between(2, 6))
	case "grade":
		return w.ordinalGrade()
	case "graders":
		return w.graders()
	case "class":
		return w.class()
	case "planclass":
		return w.planClass()
	case "subject":
		return w.subject()
	case "period":
		return w.period()
	case "pupil", "pupil2":
		return pick(d, pupilNames) + " " + string(rune('A'+d.below(23)))
	case "newperson", "newperson2":
		return pick(d, givenNames) + " " + pick(d, familyNames)
	case "teacher":
		return w.teacherName()
	case "vendor":
		if list := vendorsOf[w.service]; len(list) > 0 {
			return pick(d, list)
		}
		return pick(d, vendorNames)
	case "phone":
		return fmt.Sprintf("(555) 555-01%02d", d.below(100))
	}
	if key == "thing" {
		if w.spanish {
			return thingSpanish[w.service]
		}
		return thingEnglish[w.service]
	}
	if w.spanish {
		if v, ok := w.spanishPerson(key); ok {
			return v
		}
		if list, ok := slotsSpanish[key]; ok {
			return w.say(pick(d, list))
		}
	} else if v, ok := w.person(key); ok {
		return v
	}
	if list, ok := slotsEnglish[key]; ok {
		return w.say(pick(d, list))
	}
	panic("no slot is named " + key) // the example's own text
}

// person are the words that follow whether one tells of a girl or a boy.
func (w *words) person(key string) (string, bool) {
	i := 0
	if w.girl {
		i = 1
	}
	forms, ok := map[string][2]string{"child": {"my son", "my daughter"}, "he": {"he", "she"}, "his": {"his", "her"}, "him": {"him", "her"}}[key]
	return forms[i], ok
}

func (w *words) spanishPerson(key string) (string, bool) {
	i := 0
	if w.girl {
		i = 1
	}
	forms, ok := map[string][2]string{"child": {"mi hijo", "mi hija"}, "yourchild": {"su hijo", "su hija"}, "he": {"él", "ella"}, "o": {"o", "a"}, "lo": {"lo", "la"}, "al": {"al", "a la"}}[key]
	return forms[i], ok
}

// here is where somebody works, as they say it.
func (w *words) here() string {
	room := w.who.room
	if w.spanish {
		return roomSpanish(room, w.who.role)
	}
	switch {
	case room == "" && w.who.role == "teacher":
		return "my room"
	case room == "" && w.who.role == "staff":
		return "our office"
	case room == "" && w.who.role == "student":
		return pick(w.d, []string{"the library", "homeroom", "the cafeteria"})
	case room == "":
		return "home"
	case strings.Contains("0123456789", room[:1]):
		return "room " + room
	case strings.HasPrefix(room, "Lab"):
		return room
	case strings.HasSuffix(room, "room"):
		return "the " + room
	case strings.HasPrefix(room, "Room "):
		return "room " + room[5:]
	}
	return "the " + strings.ToLower(room)
}

// earlier is a time of the day before now, or some of the morning.
func (w *words) earlier() string {
	at := w.when.at
	minutes := w.d.between(2, 75)
	if at.IsZero() {
		return time.Date(2001, 1, 1, 7, 40, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute).Format("3:04")
	}
	return at.Add(-time.Duration(minutes) * time.Minute).Format("3:04")
}

var daysSpanish = []string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}

var monthsSpanish = []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}

// day is the name of the weekday n days from now, never of a weekend.
func (w *words) day(n int) string {
	at := w.when.at
	if at.IsZero() {
		at = time.Date(2001, 1, 3, 8, 0, 0, 0, time.UTC).AddDate(0, 0, w.d.below(5))
	}
	at = at.AddDate(0, 0, n)
	switch at.Weekday() {
	case time.Saturday:
		at = at.AddDate(0, 0, -1)
	case time.Sunday:
		at = at.AddDate(0, 0, 1)
	}
	if w.spanish {
		return daysSpanish[at.Weekday()]
	}
	return at.Weekday().String()
}

// date is the school day n days from now, in words.
func (w *words) date(n int) string {
	at := w.when.at
	if at.IsZero() {
		at = time.Date(2001, 1, 3, 8, 0, 0, 0, time.UTC)
	}
	at = at.AddDate(0, 0, n)
	for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		at = at.AddDate(0, 0, 1)
	}
	if w.spanish {
		return strconv.Itoa(at.Day()) + " de " + monthsSpanish[at.Month()-1]
	}
	return at.Format("January 2")
}

var countsEnglish = []string{"no", "one", "two", "three", "four", "five", "six"}

var countsSpanish = []string{"cero", "uno", "dos", "tres", "cuatro", "cinco", "seis"}

func (w *words) count(n int) string {
	if w.spanish {
		return countsSpanish[n]
	}
	return countsEnglish[n]
}

var gradesEnglish = []string{"kindergarten", "first grade", "second grade", "third grade", "fourth grade", "fifth grade"}

var gradesSpanish = []string{"kínder", "primer grado", "segundo grado", "tercer grado", "cuarto grado", "quinto grado", "sexto grado", "séptimo grado", "octavo grado", "noveno grado", "décimo grado", "grado once", "grado doce"}

func (w *words) ordinalGrade() string {
	switch {
	case w.spanish:
		return gradesSpanish[w.grade]
	case w.grade <= 5:
		return gradesEnglish[w.grade]
	}
	return strconv.Itoa(w.grade) + "th grade"
}

// graders are the children of a grade.
func (w *words) graders() string {
	switch {
	case w.spanish:
		return "estudiantes de " + gradesSpanish[w.grade]
	case w.grade == 0:
		return "kindergartners"
	}
	return w.ordinalGrade() + "rs"
}

// class is what somebody calls a class: the same children all day with the
// little ones, a number and a letter in the middle, a period at the high school.
func (w *words) class() string {
	d := w.d
	switch {
	case w.spanish && w.who.level == "elementary":
		return gradesSpanish[w.grade]
	case w.spanish || w.who.level == "middle":
		return strconv.Itoa(max(w.grade, 6)) + pick(d, []string{"A", "B", "C", "D"})
	case w.who.level == "elementary":
		return pick(d, []string{"my class", "my class", "our class", w.ordinalGrade()})
	}
	return pick(d, []string{ordinals[d.below(7)] + " period", "period " + strconv.Itoa(d.between(1, 7)), "my " + ordinals[d.below(7)] + " period"})
}

func (w *words) planClass() string {
	if w.who.level == "elementary" {
		name := "Kindergarten"
		if w.grade > 0 {
			name = "Grade " + strconv.Itoa(w.grade)
		}
		return name + ", " + w.subject()
	}
	return strconv.Itoa(max(w.grade, 6)) + pick(w.d, []string{"A", "B", "C", "D"}) + ", " + w.subject()
}

var ordinals = []string{"1st", "2nd", "3rd", "4th", "5th", "6th", "7th"}

// subject is from the title, or one that the level has.
func (w *words) subject() string {
	if w.spanish {
		return pick(w.d, []string{"matemáticas", "ciencias", "lectura", "historia", "inglés", "arte", "música"})
	}
	title := strings.ToLower(w.who.title)
	if rest, ok := strings.CutPrefix(title, "grade "); ok {
		if _, subject, ok := strings.Cut(rest, " "); ok {
			if subject == "english" {
				return "English"
			}
			return subject
		}
	}
	for _, s := range []string{"chemistry", "biology", "physics", "algebra", "geometry", "calculus", "history", "civics", "math", "science", "art", "music", "band", "choir", "health", "reading", "economics"} {
		if strings.Contains(title, s) {
			return s
		}
	}
	for _, s := range []string{"English", "Spanish", "French"} {
		if strings.Contains(title, strings.ToLower(s)) {
			return s
		}
	}
	switch w.who.level {
	case "elementary":
		return pick(w.d, []string{"reading", "math", "writing", "science", "social studies"})
	case "middle":
		return pick(w.d, []string{"science", "math", "English", "social studies", "health", "art", "reading"})
	}
	return pick(w.d, []string{"biology", "chemistry", "algebra", "geometry", "English", "U.S. history", "civics", "art", "physics", "Spanish"})
}

func (w *words) period() string {
	switch {
	case w.spanish:
		return pick(w.d, []string{"la primera hora", "la segunda hora", "la tercera hora", "la cuarta hora", "la última hora"})
	case w.who.level == "elementary" && w.grade < 2:
		return pick(w.d, []string{"morning meeting", "centers", "story time", "math centers", "calendar time"})
	case w.who.level == "elementary":
		return pick(w.d, []string{"morning meeting", "the reading block", "the math block", "writing workshop", "small groups"})
	}
	return pick(w.d, ordinals) + " period"
}

func (w *words) teacherName() string {
	name := pick(w.d, familyNames)
	if w.spanish {
		return pick(w.d, []string{"la maestra ", "el maestro "}) + name
	}
	return pick(w.d, []string{"Ms. ", "Mr. ", "Mrs. "}) + name
}

// roomSpanish is a room with its article.
func roomSpanish(room, role string) string {
	switch {
	case room == "" && role == "guardian":
		return "la casa"
	case room == "" && role == "staff":
		return "la oficina"
	case room == "":
		return "el salón"
	}
	if name, ok := map[string]string{"Library": "la biblioteca", "Front office": "la oficina", "Gym": "el gimnasio", "Workroom": "la sala de maestros", "Media room": "la sala de medios",
		"Counseling": "la oficina de consejería", "Red room": "el salón rojo", "Blue room": "el salón azul", "Lab C": "el laboratorio C", "Board room": "la sala de juntas", "Help desk": "la mesa de ayuda", "Server room": "la sala de servidores"}[room]; ok {
		return name
	}
	room = strings.TrimPrefix(room, "Room ")
	if rest, ok := strings.CutPrefix(room, "Lab "); ok {
		return "el laboratorio " + rest
	}
	return "el salón " + room
}
