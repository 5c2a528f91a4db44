package chart

import (
	"slices"
	"strconv"
	"strings"
)

// MaxSeries is how many lines a curve can tell apart without color.
const MaxSeries = 4

// Point is a corner of a curve. X and Y run from 0 to 1.
type Point struct{ X, Y float64 }

// Series is one line of a step curve. It starts at the bottom on the left and
// holds the value of its last point up to the right edge.
type Series struct {
	Name   string
	Points []Point // by X, each the value from there on
}

// Tick is a mark on an axis.
type Tick struct {
	At   float64 // 0 to 1
	Text string
}

// CurveProps describe a step curve.
type CurveProps struct {
	ID      string // unique on the page
	Caption string // says what the curve shows
	X, Y    []Tick
	Series  []Series // up to MaxSeries
	// Table is the same in numbers: a head, and a row for each series.
	Summary string // opens it
	Head    []string
	Rows    [][]string
}

// letter names the n-th line where there is no room for its name.
func letter(n int) string { return string(rune('A' + n)) }

// scale is the inner size of the drawing; it is stretched to its frame.
const scale = 1000

// steps is the path of a series: only straight lines to the side and up.
func steps(points []Point) string {
	var b strings.Builder
	b.WriteString("M0 " + strconv.Itoa(scale))
	lastX, lastY := 0, scale
	for _, p := range points {
		x, y := int(clamp(p.X)*scale+.5), scale-int(clamp(p.Y)*scale+.5)
		if y == lastY {
			continue
		}
		if x != lastX {
			b.WriteString("H" + strconv.Itoa(x))
		}
		b.WriteString("V" + strconv.Itoa(y))
		lastX, lastY = x, y
	}
	b.WriteString("H" + strconv.Itoa(scale))
	return b.String()
}

func clamp(v float64) float64 { return min(1, max(0, v)) }

func percent(v float64) string {
	return strconv.FormatFloat(100*clamp(v), 'f', 1, 64) + "%"
}

// end is where a series ends, and where its name can stand beside it.
type end struct {
	n       int
	name    string
	y, text float64 // from the top, 0 to 1
}

// apart is the least distance between two names, of the height.
const apart = .085

// ends sets the names beside the ends of their lines, moved just so far that
// none lies on another.
func ends(series []Series) []end {
	out := make([]end, len(series))
	for i, s := range series {
		y := 1.0
		if len(s.Points) > 0 {
			y = 1 - clamp(s.Points[len(s.Points)-1].Y)
		}
		out[i] = end{i, s.Name, y, y}
	}
	slices.SortStableFunc(out, func(a, b end) int {
		switch {
		case a.y < b.y:
			return -1
		case a.y > b.y:
			return 1
		}
		return 0
	})
	for i := range out {
		out[i].text = max(out[i].text, apart/2)
		if i > 0 {
			out[i].text = max(out[i].text, out[i-1].text+apart)
		}
	}
	for i := len(out) - 1; i >= 0; i-- {
		limit := 1 - apart/2
		if i < len(out)-1 {
			limit = out[i+1].text - apart
		}
		out[i].text = min(out[i].text, limit)
	}
	return out
}

// anchor keeps the first and the last mark inside the frame.
func anchor(at float64) string {
	switch {
	case at < .02:
		return "start"
	case at > .96:
		return "end"
	}
	return "middle"
}
