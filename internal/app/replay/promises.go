package replay

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"trellis/internal/desk"
	"trellis/internal/district"
)

// setNamed knows everybody who is named afterwards: those who were, less and
// more those of the event.
func setNamed(ctx context.Context, p *teller, e said) error {
	if len(e.Changes) == 0 {
		return fmt.Errorf("it names nobody")
	}
	kind := e.Changes[0].Field
	on := map[int64]bool{}
	for id := range p.known.named[kind] {
		on[id] = true
	}
	for _, c := range e.Changes {
		if c.To != nil {
			on[number(c.To)] = true
		} else {
			delete(on, number(c.From))
		}
	}
	var people []district.PersonID
	for id := range on {
		people = append(people, district.PersonID(id))
	}
	slices.Sort(people)
	return p.d.Desk.SetNamed(ctx, desk.Private(kind), people)
}

// setPromises takes all that were set together for one place and service, as
// far as the log has them in a row: one by one they could contradict each other
// on the way.
func setPromises(ctx context.Context, p *teller, e said) error {
	first := p.promise(e)
	set := []desk.Promise{first}
	for i := 1; ; i++ {
		next, ok, err := p.peek(i)
		if err != nil {
			return err
		}
		if !ok || next.Kind != e.Kind || !next.At.Equal(e.At) || next.Actor != e.Actor || next.RequestID != e.RequestID {
			break
		}
		x := p.promise(said{next})
		if x.Site != first.Site || x.Service != first.Service || slices.ContainsFunc(set, func(o desk.Promise) bool { return o.Impact == x.Impact }) {
			break
		}
		set = append(set, x)
	}
	return p.d.Desk.SetPromises(ctx, set)
}

// promise is what an event says of one, and where it is silent what was
// promised before.
func (p *teller) promise(e said) desk.Promise {
	x := desk.Promise{Impact: desk.Impact(e.text("impact")), Site: district.SiteID(e.number("site")), Service: district.ServiceID(e.number("service"))}
	was := p.known.promised[promiseKey{x.Impact, int64(x.Site), int64(x.Service)}]
	span := func(field string) time.Duration {
		return time.Duration(numberOr(e, field, p.known.number(was, field))) * time.Second
	}
	x.First, x.Next, x.Solve = span("first"), span("next"), span("solve")
	return x
}

func dropPromises(ctx context.Context, p *teller, e said) error {
	site, _ := e.change("site")
	service, _ := e.change("service")
	return p.d.Desk.DropPromises(ctx, district.SiteID(number(site.From)), district.ServiceID(number(service.From)))
}

func setAlarms(ctx context.Context, p *teller, e said) error {
	c := desk.SetAlarms{Impact: desk.Impact(e.text("impact"))}
	all, _ := e.change("alarms")
	list, _ := all.To.([]any)
	for _, v := range list {
		line, _ := v.(string)
		f := strings.Fields(line)
		if len(f) != 4 {
			return fmt.Errorf("an alarm is told as %v", v)
		}
		amount, err := strconv.ParseInt(f[2], 10, 64)
		if err != nil {
			return err
		}
		c.Alarms = append(c.Alarms, desk.Alarm{Metric: desk.Metric(f[0]), Point: desk.Point(f[1]), Amount: amount, Tell: desk.Tell(f[3])})
	}
	return p.d.Desk.SetAlarms(ctx, c)
}
