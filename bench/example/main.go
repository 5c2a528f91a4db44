// Command example makes the example district in folders of its own, some times
// over, and prints how long its year takes and what was done in it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"trellis/internal/app"
	"trellis/internal/app/demo"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
)

func main() {
	scale := flag.Int("scale", 1, "how many districts it is as large as")
	runs := flag.Int("runs", 3, "how often it is made; the median is printed")
	dsn := flag.String("dsn", "", "an empty PostgreSQL database, for one run; without it SQLite")
	flag.Parse()
	if *dsn != "" {
		*runs = 1
	}
	if err := measure(*scale, *runs, *dsn); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func measure(scale, runs int, dsn string) error {
	debug.SetGCPercent(400) // as `trellis demo` does
	var took []time.Duration
	var did string
	for range runs {
		d, said, err := once(scale, dsn)
		if err != nil {
			return err
		}
		took, did = append(took, d), said
		fmt.Printf("%s\n", d.Round(100*time.Millisecond))
	}
	slices.Sort(took)
	fmt.Printf("median %s at scale %d: %s\n", took[len(took)/2].Round(100*time.Millisecond), scale, did)
	return nil
}

// once makes the example once and removes it.
func once(scale int, dsn string) (took time.Duration, did string, err error) {
	folder, err := os.MkdirTemp("", "example-")
	if err != nil {
		return 0, "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	base, err := url.Parse("http://127.0.0.1:8420")
	if err != nil {
		return 0, "", err
	}
	watch := clock.Stopwatch()
	now := demo.Morning(clock.System().Now())
	past := clock.NewManual(now)
	ctx := context.Background()
	d, err := app.OpenDistrict(ctx, app.Options{Slug: "juniper-valley", Folder: filepath.Join(folder, "d"), DSN: dsn, BaseURL: base, Clock: past})
	if err != nil {
		return 0, "", err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if _, err = demo.Build(ctx, demo.Parts{DB: d.DB, District: d.District, Cover: d.Cover, Desk: d.Desk}, past, demo.Options{Now: now, Scale: scale}); err != nil {
		return 0, "", err
	}
	if err = d.CatchUp(ctx); err != nil {
		return 0, "", err
	}
	took = watch()
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		var people, requests, events, messages int64
		err := tx.QueryRow(`SELECT (SELECT count(*) FROM district_person), (SELECT count(*) FROM desk_ticket), (SELECT count(*) FROM event), (SELECT count(*) FROM desk_message)`).
			Scan(&people, &requests, &events, &messages)
		did = fmt.Sprintf("%d people, %d requests, %d messages, %d events", people, requests, messages, events)
		return err
	})
	return took, did, err
}
