package past

import (
	"testing"
	"time"

	"trellis/internal/desk/flow"
)

// One cell of each way in which exports write times, alone in its column.
func TestTimes(t *testing.T) {
	for _, c := range []struct{ cell, zone, want string }{
		{"2010-03-31T16:59:42.000+02:00", "", "2010-03-31T14:59:42Z"},
		{"2010-03-31T16:59:42.000+02:00", "America/New_York", "2010-03-31T14:59:42Z"},
		{"2010-03-31T16:59:42Z", "America/New_York", "2010-03-31T16:59:42Z"},
		{"2010-03-31 16:59:42 -0430", "", "2010-03-31T21:29:42Z"},
		{"2010-03-31 16:59:42 UTC", "Europe/Brussels", "2010-03-31T16:59:42Z"},
		{"2010-03-31 16:59", "", "2010-03-31T16:59:00Z"},
		{"2010-03-31 16:59", "Europe/Brussels", "2010-03-31T14:59:00Z"},
		{"2010/3/31 6:59", "", "2010-03-31T06:59:00Z"},
		{"2010-03-31 16:59:42.123456789", "", "2010-03-31T16:59:42.123456Z"},
		{"29/2/2016 09:14", "", "2016-02-29T09:14:00Z"},
		{"2/29/2016 9:14 PM", "", "2016-02-29T21:14:00Z"},
		{"2/29/16, 12:14 AM", "", "2016-02-29T00:14:00Z"},
		{"29.2.2016 12:14:05 p. m.", "", "2016-02-29T12:14:05Z"},
		{"29-02-2016", "Europe/Brussels", "2016-02-28T23:00:00Z"},
		{"31 Mar 2010 16:59", "", "2010-03-31T16:59:00Z"},
		{"31-mar-10", "", "2010-03-31T00:00:00Z"},
		{"March 31, 2010 4:59 pm", "", "2010-03-31T16:59:00Z"},
		{"Wed, 31 Mar 2010 16:59:42 +0200", "", "2010-03-31T14:59:42Z"},
		{"miércoles, 31 de marzo de 2010 16:59", "", "2010-03-31T16:59:00Z"},
		{"1 set. 2010", "", "2010-09-01T00:00:00Z"},
		{"40268.7081", "", "2010-03-31T16:59:39.84Z"},
		{"40268", "Europe/Brussels", "2010-03-30T22:00:00Z"},
		// What the clock skips moves forward; of what it shows twice the first.
		{"2012-03-25 02:30", "Europe/Brussels", "2012-03-25T01:30:00Z"},
		{"2012-10-28 02:30", "Europe/Brussels", "2012-10-28T00:30:00Z"},
		{"2012-11-04 01:30", "America/New_York", "2012-11-04T05:30:00Z"},

		{"", "", ""}, {"soon", "", ""}, {"17", "", ""}, {"2010", "", ""}, {"12/2010", "", ""}, {"2010-03-31T", "", ""}, {"2010-03-31 16", "", ""},
		{"2010-03-31 16:59 o'clock", "", ""}, {"2010-13-31", "", ""}, {"31/31/2010", "", ""}, {"31.12/2010", "", ""}, {"13:59", "", ""},
		{"2010-03-31 13:59 PM", "", ""}, {"2010-03-31 16:59:42 +25:00", "", ""}, {"1900-01-01", "", ""}, {"99999", "", ""}, {"Foo 31, 2010", "", ""}, {"20100331", "", ""},
	} {
		d := dates{}
		if c.zone != "" {
			wall, err := zoned(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			d.wall = wall
		}
		at, _, err := d.read(c.cell)
		got := ""
		if err == nil {
			got = at.Format(time.RFC3339Nano)
		}
		if got != c.want {
			t.Errorf("%q in %q is %q, not %q", c.cell, c.zone, got, c.want)
		}
	}
}

// Each form that a map can name reads its own example and refuses the others
// that differ from it.
func TestForms(t *testing.T) {
	for _, name := range Forms() {
		f, ok := formOf(name)
		if !ok {
			t.Fatalf("no form %q", name)
		}
		for _, other := range Forms() {
			g, _ := formOf(other)
			if g.clock == 0 {
				g.clock = 'd'
			}
			d := dates{form: f}
			at, _, err := d.read(g.example())
			if fits := f.fits(g); fits != (err == nil) {
				t.Errorf("%s reads %q: %v", name, g.example(), err)
			} else if fits && at.Format(time.DateOnly) != "2024-12-31" && f.order != 'n' {
				t.Errorf("%s reads %q as %v", name, g.example(), at)
			}
		}
	}
}

func TestMeant(t *testing.T) {
	req, vendor, part, date, other := waits(flow.OnRequester), waits(flow.OnVendor), waits(flow.OnPart), waits(flow.OnDate), waits(flow.OnOther)
	for value, want := range map[string]Meaning{
		"New": isOpen, "Queued-Awaiting Assignment": isOpen, "In Progress": isOpen, "Take in charge ticket": isOpen, "Not resolved": isOpen, "Unresolved": isOpen,
		"Reopened": isOpen, "Abierto": isOpen, "En proceso": isOpen, "No resuelto": isOpen, "Pendiente de asignación": isOpen, "Reabierto": isOpen,
		"Resolve ticket": isSolved, "Completed-Closed": isSolved, "RESUELTO": isSolved, "Solucionado": isSolved, "Done": isSolved, "Fixed": isSolved, "Terminado": isSolved,
		"Closed": isClosed, "Completed-Cancelled": isClosed, "Closed – Due to No Reply": isClosed, "Cerrado": isClosed, "Cancelada": isClosed, "Rechazado": isClosed,
		"Awaiting User Info": req, "Waiting on Requestor": req, "Wait - User": req, "Esperando respuesta del usuario": req, "Pending customer reply": req,
		"Awaiting Vendor": vendor, "En espera de proveedor": vendor, "Hold - third party": vendor,
		"Waiting for parts": part, "Esperando repuesto": part, "Pending delivery": part,
		"Wait - Implementation": date, "Scheduled": date, "Programado": date,
		"Wait": other, "On Hold": other, "Pending approval": other, "En espera": other, "Pendiente": other,
		"VERIFIED": {}, "42": {}, "": {}, "Newsletter": {},
	} {
		if got := Meant(value); got != want {
			t.Errorf("%q is %v, not %v", value, got, want)
		}
	}
}
