// Command summary reads go test -json on standard input and prints what a
// person wants to know: what failed and why, what did not run, the ten
// slowest packages, and one closing line.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
)

type line struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

func main() {
	output := map[string][]string{} // of each test, until it ends
	took := map[string]float64{}
	var passed, failed, skipped int
	var failures, notRun []string
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	for in.Scan() {
		var l line
		if json.Unmarshal(in.Bytes(), &l) != nil {
			fmt.Println(in.Text()) // a build's own words
			continue
		}
		id := l.Package + " " + l.Test
		switch l.Action {
		case "output", "build-output":
			output[id] = append(output[id], l.Output)
			if l.Action == "build-output" {
				fmt.Print(l.Output)
			}
		case "pass", "fail", "skip":
			if l.Test == "" {
				took[l.Package] = l.Elapsed
				if l.Action == "fail" {
					failures = append(failures, id)
					failed++
				} else {
					delete(output, id)
				}
				continue
			}
			switch l.Action {
			case "pass":
				passed++
				delete(output, id)
			case "fail":
				failed++
				failures = append(failures, id)
			case "skip":
				skipped++
				notRun = append(notRun, strings.TrimSpace(id+": "+reason(output[id])))
				delete(output, id)
			}
		}
	}
	for _, id := range failures {
		fmt.Printf("--- FAIL %s\n%s", id, strings.Join(output[id], ""))
	}
	for _, s := range notRun {
		fmt.Println("not run:", s)
	}
	names := make([]string, 0, len(took))
	for p := range took {
		names = append(names, p)
	}
	sort.Slice(names, func(i, j int) bool { return took[names[i]] > took[names[j]] })
	fmt.Println("slowest packages:")
	for _, p := range names[:min(10, len(names))] {
		fmt.Printf("%8.1f s  %s\n", took[p], p)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}

// reason is the last thing a skipped test said.
func reason(lines []string) string {
	for i := len(lines) - 1; i >= 0; i-- {
		s := strings.TrimSpace(lines[i])
		if s != "" && !strings.HasPrefix(s, "---") && !strings.HasPrefix(s, "===") {
			return s
		}
	}
	return ""
}
