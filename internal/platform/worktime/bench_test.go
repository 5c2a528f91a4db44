package worktime_test

import (
	"testing"

	"trellis/internal/platform/worktime"
)

func plan() worktime.Plan {
	p := worktime.Plan{Zone: "America/New_York", Week: week("Mon-Thu 08:00-11:30,12:15-16:00;Fri 08:00-12:00"), Days: map[worktime.Date][]worktime.Span{}}
	for year := 2020; year < 2035; year++ { // a term, a summer, forty days that differ, every year
		first := worktime.Date{Year: year, Month: 8, Day: 22}
		p.Terms = append(p.Terms, worktime.DateRange{First: first, Last: first.AddDays(294)})
		for i := range 40 {
			p.Days[first.AddDays(7*i+3)] = nil
		}
	}
	return p
}

func BenchmarkAdd(b *testing.B) {
	c := calendar(b, plan())
	for name, x := range map[string][2]string{"minutes": {"2026-03-03T14:05:00Z", "2026-03-03T14:20:00Z"}, "summer": {"2026-06-12T19:55:00Z", "2026-08-24T12:15:00Z"}, "decade": {"2021-03-02T14:05:00Z", "2031-03-03T14:05:00Z"}} {
		from, to := at(x[0]), at(x[1])
		d := c.Elapsed(from, to, nil)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c.Add(from, d, nil)
			}
		})
	}
}

func BenchmarkElapsed(b *testing.B) {
	c := calendar(b, plan())
	pauses := pausesOf("2026-03-03T14:00:00Z/2026-03-04T10:00:00Z;2026-03-10T14:00:00Z/2026-03-11T10:00:00Z;2026-05-03T14:00:00Z/2026-05-20T10:00:00Z")
	for name, x := range map[string][2]string{"minutes": {"2026-03-03T14:05:00Z", "2026-03-03T14:20:00Z"}, "decade": {"2021-03-02T14:05:00Z", "2031-03-03T14:05:00Z"}} {
		from, to := at(x[0]), at(x[1])
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c.Elapsed(from, to, nil)
			}
		})
		b.Run(name+" with 3 pauses", func(b *testing.B) {
			for b.Loop() {
				c.Elapsed(from, to, pauses)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	long, nights, short := plan(), worktime.Plan{Zone: "America/New_York", Week: week("Sun-Sat 00:00-04:00,20:00-24:00")}, worktime.Plan{Zone: "America/New_York", Week: week("Mon-Fri 07:30-15:30")}
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			worktime.New(short)
		}
	})
	b.Run("open when the clocks change", func(b *testing.B) {
		for b.Loop() {
			worktime.New(nights)
		}
	})
	b.Run("15 years", func(b *testing.B) {
		for b.Loop() {
			worktime.New(long)
		}
	})
}

func BenchmarkExplain(b *testing.B) {
	c := calendar(b, plan())
	for b.Loop() {
		c.Explain(at("2026-03-02T14:05:00Z"), at("2026-03-16T14:20:00Z"), nil)
	}
}
