package flow

import "slices"

// Spread is how long something took, counting honestly what hasn't happened
// yet: the estimate of Kaplan and Meier (1958). A request that is still open
// counts as open for as long as it was watched, and then leaves: it neither
// shortens nor is it left out, as it would be in a mean over the finished ones.
type Spread struct {
	Happened int64 // requests in which it happened
	Still    int64 // in which it hadn't, when last seen
	Unsaid   int64 // about which nothing is recorded
	Curve    []Point
	longest  int64 // seconds that anything was watched
}

// Point says which part it has happened to by a time.
type Point struct {
	Seconds int64
	Part    float64 // 0 to 1
}

// Within is by when it has happened to a part of them.
type Within struct {
	Seconds int64
	More    bool // not reached: it takes more than Seconds, the longest that was watched
	None    bool // there is nothing to tell it from
}

// By is the earliest time by which it has happened to a part of all, 0 to 1.
func (s Spread) By(part float64) Within {
	if s.Happened+s.Still == 0 {
		return Within{None: true}
	}
	for _, p := range s.Curve {
		if p.Part >= part-rounding {
			return Within{Seconds: p.Seconds}
		}
	}
	return Within{Seconds: s.longest, More: true}
}

// rounding is what a product of thousands of fractions may be off.
const rounding = 1e-9

// At is the part to which it has happened by a time.
func (s Spread) At(seconds int64) float64 {
	i, _ := slices.BinarySearchFunc(s.Curve, seconds+1, func(p Point, t int64) int { return int(min(1, max(-1, p.Seconds-t))) })
	if i == 0 {
		return 0
	}
	return s.Curve[i-1].Part
}

// Longest is the longest time that anything was watched, in seconds.
func (s Spread) Longest() int64 { return s.longest }

// moment is one observation in one number, so that sorting is quick: twice
// the seconds, and one more if it hadn't happened by then. Of equal times
// those in which it happened come first, as the estimate demands.
type moment int64

func at(seconds int64) moment    { return moment(max(0, seconds) << 1) }
func still(seconds int64) moment { return moment(max(0, seconds)<<1 | 1) }

// spread sorts and uses up the observations.
func spread(list []moment) Spread {
	slices.Sort(list)
	var s Spread
	left, part := float64(len(list)), 1.0
	for i := 0; i < len(list); {
		t := list[i] >> 1
		happened, gone := 0, 0
		for ; i < len(list) && list[i]>>1 == t; i++ {
			if gone++; list[i]&1 == 0 {
				happened++
			}
		}
		if happened > 0 {
			part *= (left - float64(happened)) / left
			s.Curve = append(s.Curve, Point{int64(t), 1 - part})
			s.Happened += int64(happened)
		}
		s.Still += int64(gone - happened)
		left -= float64(gone)
		s.longest = int64(t)
	}
	return s
}
