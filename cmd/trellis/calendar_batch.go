package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"trellis/internal/platform/worktime"
)

// calendarBatchCmd answers rows of questions as they come. A row that can't be
// answered says why; the others are answered all the same.
type calendarBatchCmd struct {
	File string `arg:"" optional:"" default:"-" help:"CSV with the columns id,kind,zone,hours,closed,from,for_s,to,pauses; standard input if it is left out."`
}

// Help is shown by --help.
func (c *calendarBatchCmd) Help() string {
	return `Every row asks one question; the answer is CSV with the columns id,result.

kind add: result is the instant for_s seconds of working time after from (before it, if negative).
kind elapsed: result is the seconds of working time from from to to.

zone: America/Chicago. hours: Mon-Thu 08:00-11:30,12:15-16:00;Fri 08:00-12:00. closed: dates, separated by commas. pauses: A/B;C/D. Instants: 2026-03-02T14:05:00Z.

A row that can't be computed has error: and the reason as its result, and the command then ends with status 1.`
}

func (c *calendarBatchCmd) Run(e *env) error {
	in := io.Reader(os.Stdin)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	// A read from a terminal can't be interrupted, waiting for it can.
	done := make(chan error, 1)
	go func() { done <- batch(e.stdout, in) }()
	select {
	case err := <-done:
		return err
	case <-e.ctx.Done():
		return e.ctx.Err()
	}
}

const batchHeader = "id,kind,zone,hours,closed,from,for_s,to,pauses"

func batch(stdout io.Writer, stdin io.Reader) error {
	buffered := bufio.NewReader(stdin)
	if bom, err := buffered.Peek(3); err == nil && string(bom) == "\ufeff" {
		buffered.Discard(3)
	}
	in, out := csv.NewReader(buffered), csv.NewWriter(stdout)
	in.FieldsPerRecord, in.ReuseRecord = -1, true
	header, err := in.Read()
	if err != nil {
		return fmt.Errorf("the first line must be the header %s: %w", batchHeader, err)
	}
	columns, err := batchColumns(header)
	if err != nil {
		return err
	}
	out.Write([]string{"id", "result"})
	b := batchRun{columns: columns, width: len(header), calendars: map[string]compiled{}}
	rows, failed := 0, 0
	for ; ; rows++ {
		row, err := in.Read()
		if err == io.EOF {
			break
		}
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			err = fmt.Errorf("line %d is not CSV: %w", bad.StartLine, bad.Err)
		} else if err != nil {
			out.Flush()
			return err
		}
		var result string
		if err == nil {
			result, err = b.answer(row)
		}
		if err != nil {
			failed++
			result = "error: " + strings.Join(strings.Fields(err.Error()), " ")
		}
		out.Write([]string{batchColumn(row, columns["id"]), result})
		// Whoever asks row by row gets each answer before the next question.
		if buffered.Buffered() == 0 {
			out.Flush()
		}
		if err := out.Error(); err != nil {
			return err
		}
	}
	if out.Flush(); out.Error() != nil {
		return out.Error()
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d rows could not be computed; their results say why", failed, rows)
	}
	return nil
}

// batchColumns finds the columns by name, in whatever order they stand.
func batchColumns(header []string) (map[string]int, error) {
	known := strings.Split(batchHeader, ",")
	columns := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("the header has a column %q; it may have %s", name, batchHeader)
		}
		if _, twice := columns[name]; twice {
			return nil, fmt.Errorf("the header has the column %q twice", name)
		}
		columns[name] = i
	}
	for _, name := range []string{"id", "kind", "zone", "hours", "from"} {
		if _, ok := columns[name]; !ok {
			return nil, fmt.Errorf("the header lacks the column %q; write %s", name, batchHeader)
		}
	}
	for _, name := range known { // those left out are empty in every row
		if _, ok := columns[name]; !ok {
			columns[name] = -1
		}
	}
	return columns, nil
}

func batchColumn(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return row[i]
}

type batchRun struct {
	columns   map[string]int
	width     int
	calendars map[string]compiled
}

type compiled struct {
	cal *worktime.Calendar
	err error
}

func (b *batchRun) answer(row []string) (string, error) {
	if len(row) != b.width {
		return "", fmt.Errorf("the row has %d fields and the header %d", len(row), b.width)
	}
	get := func(name string) string { return strings.TrimSpace(batchColumn(row, b.columns[name])) }
	kind := get("kind")
	if kind != "add" && kind != "elapsed" {
		return "", fmt.Errorf("kind is %q; write add or elapsed", kind)
	}
	cal, err := b.calendar(get("zone"), get("hours"), get("closed"))
	if err != nil {
		return "", err
	}
	var pauses []worktime.Interval
	if s := get("pauses"); s != "" {
		for part := range strings.SplitSeq(s, ";") {
			p, err := readPause(strings.TrimSpace(part), strictInstant)
			if err != nil {
				return "", fmt.Errorf("pauses: %w", err)
			}
			pauses = append(pauses, p)
		}
	}
	from, err := strictInstant(get("from"))
	if err != nil {
		return "", fmt.Errorf("from: %w", err)
	}
	if kind == "elapsed" {
		to, err := strictInstant(get("to"))
		if err != nil {
			return "", fmt.Errorf("to: %w", err)
		}
		return strconv.FormatInt(int64(cal.Elapsed(from, to, pauses)/time.Second), 10), nil
	}
	seconds, err := strconv.ParseInt(get("for_s"), 10, 64)
	if err != nil {
		return "", fmt.Errorf("for_s is %q; write whole seconds", get("for_s"))
	}
	const most = int64(1<<63-1) / int64(time.Second)
	if seconds > most || seconds < -most {
		return "", fmt.Errorf("for_s is %d, more than all working time there is", seconds)
	}
	due, err := cal.Add(from, time.Duration(seconds)*time.Second, pauses)
	if err != nil {
		return "", err
	}
	return due.Format(strictLayout), nil
}

// calendar compiles each calendar once.
func (b *batchRun) calendar(zone, hours, closed string) (*worktime.Calendar, error) {
	key := zone + "\n" + hours + "\n" + closed
	c, ok := b.calendars[key]
	if !ok {
		var dates []string
		if closed != "" {
			dates = strings.Split(closed, ",")
		}
		c.cal, c.err = newCalendar(zone, hours, dates)
		if len(b.calendars) >= 4096 { // a stream has no end, memory has
			clear(b.calendars)
		}
		b.calendars[key] = c
	}
	return c.cal, c.err
}

const strictLayout = "2006-01-02T15:04:05Z"

// strictInstant reads UTC to the second and nothing else.
func strictInstant(s string) (time.Time, error) {
	t, err := time.Parse(strictLayout, s)
	if err != nil || t.Format(strictLayout) != s { // Parse lets fractions pass
		return time.Time{}, fmt.Errorf("%q is not an instant; write it in UTC as 2026-03-02T14:05:00Z", s)
	}
	return t, inRange(t)
}
