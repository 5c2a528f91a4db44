package demo

// dice are the example's chance: the same seed throws the same numbers on
// every machine, in every version of Go. They decide nothing that must not be
// guessed. The generator is SplitMix64.
type dice struct{ state uint64 }

// newDice are dice of their own for a part of the example, so that a change in
// one part leaves the others as they were.
func newDice(seed uint64, part string) *dice {
	d := &dice{seed}
	for _, c := range []byte(part) {
		d.state = d.state*31 + uint64(c)
		d.next()
	}
	return d
}

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a number from 0 to n-1.
func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

// between is a number from low to high.
func (d *dice) between(low, high int) int { return low + d.below(high-low+1) }

// chance is true this many times of a hundred.
func (d *dice) chance(percent int) bool { return d.below(100) < percent }

// pick is one of the list.
func pick[T any](d *dice, list []T) T { return list[d.below(len(list))] }

// weigh is an index of the list, each as likely as its weight says.
func (d *dice) weigh(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	n := d.below(total)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return len(weights) - 1
}
