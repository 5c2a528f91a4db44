package district_test

import (
	"context"
	"fmt"
	"testing"

	"trellis/internal/district"
	"trellis/internal/platform/clock"
	"trellis/internal/platform/db"
	"trellis/internal/platform/policy"
	"trellis/internal/platform/secret"
	"trellis/internal/testkit"
)

// big is a district of 20,000 people on SQLite.
func big(b *testing.B) (d *district.District, dbase *db.DB, token string) {
	b.Helper()
	dbase = testkit.Open(b, db.SQLite, testkit.Setup{Schemas: schemas, Once: true, Clock: clock.System()})
	hash, err := secret.NewHasher(secret.Params{MemoryKiB: 8, Passes: 1, Lanes: 1})
	if err != nil {
		b.Fatal(err)
	}
	d = district.New(district.Deps{DB: dbase, Hasher: hash})
	ctx := context.Background()
	key, err := d.MakeSetupKey(policy.WithActor(ctx, policy.SystemActor(policy.DoorCLI)))
	if err != nil {
		b.Fatal(err)
	}
	if token, _, err = d.SetUp(ctx, setUp(key)); err != nil {
		b.Fatal(err)
	}
	first := []string{"Ana", "Ben", "Carla", "Dmitri", "Elena", "Farid", "Grace", "Hiro", "Ines", "Jamal"}
	err = dbase.Write(ctx, "seed", func(tx *db.Tx) error {
		tx.Unlogged("a benchmark's people")
		for i := range 20_000 {
			name := fmt.Sprintf("%s Surname%04d", first[i%10], i%4000)
			mail := fmt.Sprintf("p%05d@jv.example", i)
			var id int64
			if err := tx.QueryRow(`INSERT INTO district_person (name, fold, email, email_fold, lang, site, created) VALUES ($1, $2, $3, $3, 'en-US', 1, 0) RETURNING id`,
				name, district.Fold(name), mail).Scan(&id); err != nil {
				return err
			}
			for _, w := range []string{district.Fold(first[i%10]), fmt.Sprintf("surname%04d", i%4000), mail} {
				if _, err := tx.Exec(`INSERT INTO district_name (person, word, fold) VALUES ($1, $2, $3)`, id, w, district.Fold(name)); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(`INSERT INTO district_grant (person, role, site) VALUES ($1, 'teacher', 1)`, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return d, dbase, token
}

func BenchmarkDistrict(b *testing.B) {
	d, dbase, token := big(b)
	ctx := context.Background()
	a, _, err := d.Resolve(ctx, token)
	if err != nil || a.Kind != policy.Person {
		b.Fatal(a, err)
	}
	agent := policy.WithActor(ctx, policy.Actor{Kind: policy.Person, Person: a.Person, Grants: []policy.Grant{{Role: district.RoleAgent}}})
	b.Run("ResolveWarm", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _, _ = d.Resolve(ctx, token)
		}
	})
	b.Run("ResolveCold", func(b *testing.B) {
		hash, err := secret.NewHasher(secret.Params{MemoryKiB: 8, Passes: 1, Lanes: 1})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			fresh := district.New(district.Deps{DB: dbase, Hasher: hash})
			_, _, _ = fresh.Resolve(ctx, token)
		}
	})
	for _, q := range []string{"an", "surname00", "p012", "elena surname1"} {
		b.Run("FindPeople/"+q, func(b *testing.B) {
			for b.Loop() {
				if _, err := d.FindPeople(agent, q, 10); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("TeamForNamed", func(b *testing.B) {
		for b.Loop() {
			err := dbase.Read(ctx, func(tx *db.Tx) error {
				team, err := district.TeamFor(tx, 0, 1)
				if err != nil {
					return err
				}
				_, err = district.NamedPerson(tx, team, 1)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("People", func(b *testing.B) {
		admin := policy.WithActor(ctx, a)
		for b.Loop() {
			if _, err := d.People(admin, district.ListPeople{Limit: 50}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
