package chart

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func draw(t *testing.T, c CurveProps) string {
	t.Helper()
	var b bytes.Buffer
	if err := Curve(c).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(b.Bytes())); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
	}
	return b.String()
}

func TestSteps(t *testing.T) {
	for _, c := range []struct {
		points []Point
		want   string
	}{
		{nil, "M0 1000H1000"},
		{[]Point{{.1, .2}, {.5, .9}}, "M0 1000H100V800H500V100H1000"},
		{[]Point{{0, .5}, {.25, .5}, {2, 3}}, "M0 1000V500H1000V0H1000"}, // what says nothing new is left out, and nothing leaves the frame
	} {
		if got := steps(c.points); got != c.want {
			t.Errorf("%v: %s, not %s", c.points, got, c.want)
		}
	}
}

// Names of lines that end together stand below each other, inside the frame.
func TestNamesDoNotMeet(t *testing.T) {
	for _, last := range [][]float64{{1, 1, 1, 1}, {0, 0, 0, 0}, {.5, .51, .49, .5}, {.9, .1, .95, 0}} {
		var s []Series
		for _, y := range last {
			s = append(s, Series{Points: []Point{{.5, y}}})
		}
		list := ends(s)
		for i, e := range list {
			if e.text < 0 || e.text > 1 || i > 0 && e.text-list[i-1].text < apart-1e-9 {
				t.Errorf("%v: %+v", last, list)
			}
		}
	}
}

func TestCurveSaysItsNumbers(t *testing.T) {
	html := draw(t, CurveProps{ID: "c", Caption: "Solved <within>", Summary: "Numbers", X: []Tick{{0, "0"}, {1, "8 h"}}, Y: []Tick{{.5, "50%"}},
		Series: []Series{{"A & B", []Point{{.1, .5}}}, {"C", nil}}, Head: []string{"Place", "Half within"}, Rows: [][]string{{"A & B", "2 h"}, {"C", "more than 9 h"}}})
	for _, want := range []string{"Solved &lt;within&gt;", "A &amp; B", "more than 9 h", `aria-hidden="true"`, "<th scope=\"row\">", "M0 1000H100V500H1000"} {
		if !strings.Contains(html, want) {
			t.Errorf("no %q in\n%s", want, html)
		}
	}
	if strings.Contains(html, "style=") {
		t.Error("an inline style, which the content policy forbids")
	}
	var b bytes.Buffer
	if err := Bars(BarsProps{ID: "b", Caption: "Waits", Head: [2]string{"On", "Share"}, Bars: []Bar{{Label: "Vendor", Href: "/x?a=1&b=2", Part: .254, Value: "25%"}, {Label: "Part", Part: 4}}}).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`width="25.4%"`, `width="100.0%"`, `href="/x?a=1&amp;b=2"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in\n%s", want, b.String())
		}
	}
}
