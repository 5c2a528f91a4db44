// Command ask sends real request texts to a running example district and
// walks each through its life: asked, owned, answered, solved, found again by
// its own words, its history read.
//
//	trellis demo --data /tmp/ask --token-rate 100000 &
//	go run ./bench/ask --data /tmp/ask --texts ../shared/data/endava_tickets/all_tickets_5431.csv.gz
package main

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"

	"trellis/bench/client"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/search"
)

func main() {
	data := flag.String("data", "trellis-demo", "data folder of the running example district")
	file := flag.String("texts", "", "gzip'ed CSV with the columns title and body")
	limit := flag.Int("n", 0, "how many texts; 0 is all")
	workers := flag.Int("workers", 8, "how many ask at once")
	flag.Parse()
	if err := run(context.Background(), *data, *file, *limit, *workers); err != nil {
		fmt.Fprintln(os.Stderr, "ask:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, data, file string, limit, workers int) error {
	texts, err := read(file)
	if err != nil {
		return err
	}
	if limit > 0 && limit < len(texts) {
		texts = texts[:limit]
	}
	demo, err := client.ReadDemo(data)
	if err != nil {
		return err
	}
	teacher, err := demo.As("teacher")
	if err != nil {
		return err
	}
	agent, err := demo.As("specialist")
	if err != nil {
		return err
	}
	w := walk{ctx: ctx, texts: texts, ids: make([]int64, len(texts)), teacher: teacher, agent: agent}
	total := clock.Stopwatch()
	if err := client.Each(len(texts), workers, w.live); err != nil {
		return err
	}
	took := total()
	fmt.Printf("%d texts asked, owned, answered and solved in %.1f s with %d workers (%.0f a second)\n", len(texts), took.Seconds(), workers, float64(len(texts))/took.Seconds())
	fmt.Println("  ask    ", &w.ask)
	fmt.Println("  take   ", &w.take)
	fmt.Println("  reply  ", &w.reply)
	fmt.Println("  solve  ", &w.solve)
	if err := client.Each(len(texts), workers, w.check); err != nil {
		return err
	}
	fmt.Printf("every one has an owner, an answer, the state solved and its history in order\n")
	return w.find()
}

func read(path string) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(z)
	head, err := r.Read()
	if err != nil {
		return nil, err
	}
	if len(head) < 2 || head[0] != "title" || head[1] != "body" {
		return nil, fmt.Errorf("%s does not begin with the columns title and body", path)
	}
	var out []string
	for {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, strings.TrimSpace(rec[0]+"\n"+rec[1]))
	}
}

type walk struct {
	ctx                     context.Context
	texts                   []string
	ids                     []int64
	teacher, agent          *client.Client
	ask, take, reply, solve client.Times
	search                  client.Times
}

type obj = map[string]any

func (w *walk) timed(t *client.Times, c *client.Client, path string, in, out any) error {
	watch := clock.Stopwatch()
	err := c.Do(w.ctx, "POST", path, client.Key(), in, out)
	t.Add(watch())
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// live takes one text through its life.
func (w *walk) live(i int) error {
	var made struct {
		ID   int64
		Team string
	}
	if err := w.timed(&w.ask, w.teacher, "/api/v1/requests", obj{"text": w.texts[i], "impact": []string{"question", "slowed", "blocked"}[i%3]}, &made); err != nil {
		return err
	}
	if made.Team == "" {
		return fmt.Errorf("request %d has no owner", made.ID)
	}
	w.ids[i] = made.ID
	at := fmt.Sprintf("/api/v1/requests/%d", made.ID)
	if err := w.timed(&w.take, w.agent, at+"/take", nil, nil); err != nil {
		return err
	}
	if err := w.timed(&w.reply, w.agent, at+"/replies", obj{"text": "Thank you. I am looking at it."}, nil); err != nil {
		return err
	}
	return w.timed(&w.solve, w.agent, at+"/solve", obj{"text": "Done."}, nil)
}

// check reads one back.
func (w *walk) check(i int) error {
	at := fmt.Sprintf("/api/v1/requests/%d", w.ids[i])
	var r struct {
		State    string
		Owner    *struct{ ID int64 }
		Messages []struct{ Text string }
	}
	if err := w.agent.Do(w.ctx, "GET", at, "", nil, &r); err != nil {
		return err
	}
	if r.State != "solved" || r.Owner == nil || len(r.Messages) != 3 || norm(r.Messages[0].Text) != norm(w.texts[i]) {
		return fmt.Errorf("%s is %s with %d messages", at, r.State, len(r.Messages))
	}
	var h struct {
		Lines []struct{ Event int64 }
	}
	if err := w.agent.Do(w.ctx, "GET", at+"/history", "", nil, &h); err != nil {
		return err
	}
	if len(h.Lines) != 4 || !sort.SliceIsSorted(h.Lines, func(a, b int) bool { return h.Lines[a].Event < h.Lines[b].Event }) {
		return fmt.Errorf("%s has %d lines of history, not 4 in order", at, len(h.Lines))
	}
	return nil
}

func norm(s string) string { return strings.Join(strings.Fields(s), " ") }

// find looks for words, rare and common, and compares what is found with a
// plain scan over the texts.
func (w *walk) find() error {
	count := map[string]int{}
	stems := make([]map[string]bool, len(w.texts))
	plain := make([]map[string]bool, len(w.texts))
	for i, t := range w.texts {
		stems[i], plain[i] = map[string]bool{}, map[string]bool{}
		for _, x := range search.Terms(t, "en") {
			stems[i][x] = true
		}
		for _, x := range strings.FieldsFunc(strings.ToLower(t), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
			if !plain[i][x] && len(x) >= 4 {
				count[x]++
			}
			plain[i][x] = true
		}
	}
	words := make([]string, 0, len(count))
	for x := range count {
		words = append(words, x)
	}
	sort.Slice(words, func(i, j int) bool {
		if count[words[i]] != count[words[j]] {
			return count[words[i]] > count[words[j]]
		}
		return words[i] < words[j]
	})
	var sample []string
	for _, share := range []float64{0, .0005, .001, .002, .005, .01, .02, .05, .1, .2, .4, .6, .8, .95, .999} {
		sample = append(sample, words[int(share*float64(len(words)-1))])
	}
	byID := map[int64]int{}
	for i, id := range w.ids {
		byID[id] = i
	}
	fmt.Printf("%-16s %8s %8s %8s %8s %8s\n", "word", "in texts", "found", "missed", "related", "wrong")
	missed, wrong := 0, 0
	for _, word := range sample {
		got, err := w.all(word)
		if err != nil {
			return err
		}
		var m, extra, bad int
		terms := search.Terms(word, "en")
		for i := range w.texts {
			switch found := got[w.ids[i]]; {
			case plain[i][word] && !found:
				m++
			case !plain[i][word] && found:
				extra++
				if !has(stems[i], terms) && !begins(plain[i], word) {
					bad++
				}
			}
		}
		missed, wrong = missed+m, wrong+bad
		own := 0
		for id := range got {
			if _, ok := byID[id]; ok {
				own++
			}
		}
		fmt.Printf("%-16s %8d %8d %8d %8d %8d\n", word, count[word], own, m, extra, bad)
	}
	fmt.Println("  search ", &w.search)
	if missed+wrong > 0 {
		return fmt.Errorf("search disagrees with a plain scan: %d missed, %d wrong", missed, wrong)
	}
	fmt.Println("search agrees with a plain scan for every word; what it finds beyond has the same stem or begins so")
	return nil
}

func has(set map[string]bool, terms []string) bool {
	for _, t := range terms {
		if set[t] {
			return true
		}
	}
	return false
}

// begins reports whether some word of a text begins so: the last word of a
// search finds what its reader may still be typing.
func begins(words map[string]bool, start string) bool {
	for w := range words {
		if strings.HasPrefix(w, start) {
			return true
		}
	}
	return false
}

// all pages through everything that a word finds.
func (w *walk) all(word string) (map[int64]bool, error) {
	out := map[int64]bool{}
	next := ""
	for {
		var page struct {
			Items []struct{ ID int64 }
			Next  string
		}
		watch := clock.Stopwatch()
		if err := w.agent.Do(w.ctx, "GET", "/api/v1/requests/search?q="+word+"&cursor="+next, "", nil, &page); err != nil {
			return nil, err
		}
		w.search.Add(watch())
		for _, i := range page.Items {
			out[i.ID] = true
		}
		if next = page.Next; next == "" {
			return out, nil
		}
	}
}
