package duck

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/vedette-siem/vedette/kql/sql"
)

// TestDoors tries, on the connection that answers queries, everything by which a statement could reach out of the stored tables. No query
// can say such a thing, for SQL is made of trees that cannot hold it; this is what happens if one could.
func TestDoors(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), Options{Dir: dir, MemoryMB: 200})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	secret := filepath.Join(t.TempDir(), "secret.csv")
	if err := os.WriteFile(secret, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := s.pool.get()
	if err != nil {
		t.Fatal(err)
	}
	defer s.pool.put(c, false)
	file := literal(secret)
	refused := func(text string) bool {
		var st mapping.PreparedStatement
		defer mapping.DestroyPrepare(&st)
		if mapping.Prepare(c.c, text, &st) == mapping.StateError || !onlyReads(st) {
			return true
		}
		var res mapping.Result
		defer mapping.DestroyResult(&res)
		return mapping.ExecutePrepared(st, &res) == mapping.StateError
	}
	for _, text := range []string{
		"SELECT * FROM read_csv(" + file + ")", "SELECT * FROM read_text(" + file + ")", "SELECT * FROM read_blob(" + file + ")", "SELECT * FROM " + file,
		"SELECT * FROM read_json(" + file + ")", "SELECT * FROM read_parquet(" + file + ")", "SELECT * FROM glob('/*')", "SELECT * FROM sniff_csv(" + file + ")",
		"SELECT * FROM read_csv('http://127.0.0.1:9/x')", "SELECT * FROM 'https://127.0.0.1:9/x.parquet'", "SELECT * FROM read_text('s3://bucket/x')",
		"COPY (SELECT 1) TO " + file, "COPY (SELECT 1) TO '/dev/stdout'", "EXPORT DATABASE " + file, "IMPORT DATABASE " + file,
		"ATTACH " + file + " AS x", "ATTACH ':memory:' AS x", "DETACH hot", "USE hot", "INSTALL httpfs", "LOAD httpfs", "FORCE INSTALL httpfs FROM community",
		"SET enable_external_access=true", "SET lock_configuration=false", "SET memory_limit='100GB'", "RESET ALL", "PRAGMA enable_profiling",
		"CREATE TABLE x(a INT)", "CREATE TEMP TABLE x(a INT)", "CREATE OR REPLACE TEMP MACRO lower(x) AS 'poison'", "CREATE MACRO upper(x) AS 'poison'",
		"CREATE TEMP VIEW x AS SELECT 1", "CREATE SECRET (TYPE s3)", "CREATE TYPE x AS ENUM ('a')", "CREATE SEQUENCE x", "DROP SCHEMA hot.vedette CASCADE",
		"INSERT INTO hot.vedette.fact VALUES (1)", "DELETE FROM hot.vedette.fact", "UPDATE hot.vedette.fact SET key = 'x'", "TRUNCATE hot.vedette.fact",
		"ALTER TABLE hot.vedette.fact ADD COLUMN x INT", "CHECKPOINT", "VACUUM", "ANALYZE", "CALL pragma_version()", "BEGIN", "COMMIT", "EXPLAIN ANALYZE SELECT 1",
		"PREPARE x AS SELECT 1", "EXECUTE x", "SELECT 1; SELECT 2", "SELECT getenv('HOME')", "SELECT * FROM read_duckdb(" + file + ")",
	} {
		if !refused(text) {
			t.Errorf("it is not refused: %s", text)
		}
	}
	if refused("SELECT lower('ABC'), count(*) FROM hot.vedette.fact") {
		t.Error("what queries need is refused")
	}
	if data, err := os.ReadFile(secret); err != nil || string(data) != "a,b\n1,2\n" {
		t.Errorf("the file was touched: %q %v", data, err)
	}
}

// TestNamesAreData: names and texts of a query come into SQL quoted or bound, whatever is in them.
func TestNamesAreData(t *testing.T) {
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), MemoryMB: 200})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, evil := range []string{`x"; DROP TABLE fact; --`, `x'); ATTACH 'y' AS z; --`, "read_csv('/etc/passwd')", `"" OR 1=1`, "a\x00b", `\`, "$1", "?", "${HOME}"} {
		name := strings.ReplaceAll(evil, "\x00", "") // the engine knows no such identifier, and the printer refuses it
		q := &sql.Query{Root: &sql.Select{Items: []sql.Item{{X: sql.Lit{V: evil, T: sql.Text}, Name: name}}, Limit: -1}, Names: []string{name}, Types: []sql.Type{sql.Text}}
		got := ""
		for b, err := range s.Query(t.Context(), q) {
			if err != nil {
				t.Fatalf("%q: %v", evil, err)
			}
			got = string(b.Vectors[0].Bytes[b.Vectors[0].Offsets[0]:b.Vectors[0].Offsets[1]])
		}
		if got != evil {
			t.Errorf("%q came back as %q", evil, got)
		}
		unknown := &sql.Query{Root: &sql.Select{From: sql.Scan{Table: evil, Columns: []string{evil}, Alias: "t"}, Limit: -1}, Names: []string{"a"}, Types: []sql.Type{sql.Text}}
		unknown.Root.Items = []sql.Item{{X: sql.Col{Table: "t", Name: evil}, Name: "a"}}
		for _, err := range s.Query(t.Context(), unknown) {
			if err == nil || strings.Contains(err.Error(), "Parser Error") {
				t.Errorf("a table called %q: %v", evil, err)
			}
		}
	}
}
