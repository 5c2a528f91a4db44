// Command withpg starts a private PostgreSQL server, runs the command behind
// it with TRELLIS_TEST_PG set, and removes the server again:
//
//	go run ./internal/testkit/withpg go test ./...
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"trellis/internal/testkit"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: withpg COMMAND [ARG ...]")
		return 2
	}
	s, err := testkit.StartPostgres("")
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpg:", err)
		return 1
	}
	defer s.Stop() //nolint:errcheck // its folder is temporary
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "TRELLIS_TEST_PG="+s.DSN)
	err = cmd.Run()
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return e.ExitCode()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpg:", err)
		return 1
	}
	return 0
}
