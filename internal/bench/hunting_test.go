package bench_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/vedette-siem/vedette/internal/bench"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/store/duck"
	"github.com/vedette-siem/vedette/internal/store/duck/cfunc"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

var (
	dir   = flag.String("data", os.Getenv("VEDETTE_BENCH_DIR"), "where generated data is kept; made there when it is missing (minutes)")
	scale = flag.Float64("scale", 1, "how much data, in units of 8 million events")
)

func textList(list []string) string { return sql.TextList(list) }

// memoryMB is the memory limit of both engines.
const memoryMB = 4096

// BenchmarkHunting runs each hunting query as KQL through the product's own engine and as SQL by hand over the same sealed files, in
// turns, and prints the medians beside each other when it is done.
func BenchmarkHunting(b *testing.B) {
	if *dir == "" {
		b.Skip("no directory for the generated data: give -data or VEDETTE_BENCH_DIR")
	}
	path, err := bench.Dir(b.Context(), *dir, bench.Full.Times(*scale), func(s string) { fmt.Fprintln(os.Stderr, s) })
	if err != nil {
		b.Fatal(err)
	}
	byHand := openByHand(b, path)
	sha := byHand.text("SELECT SHA256 FROM {P} GROUP BY 1 ORDER BY abs(count(*) - 100), 1 LIMIT 1")
	device := byHand.text("SELECT DeviceId FROM {P} GROUP BY 1 ORDER BY count(*) DESC LIMIT 1 OFFSET 50")
	s, err := duck.Open(b.Context(), duck.Options{Dir: path, MemoryMB: memoryMB})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	engine := query.New(query.Options{Store: s})
	var table strings.Builder
	for _, h := range hunts(sha, device) {
		b.Run(strings.ReplaceAll(h.name, " ", "_"), func(b *testing.B) {
			var inKQL, inSQL []time.Duration
			for i := -1; i < b.N; i++ { // the first run warms
				began := time.Now()
				sum, err := engine.Run(b.Context(), query.Request{Text: h.kql, Now: bench.End}, nowhere{})
				if err != nil {
					b.Fatal(err)
				}
				inKQL = append(inKQL, time.Since(began))
				if h.sql == "" {
					continue
				}
				began = time.Now()
				n := byHand.run(h.sql)
				inSQL = append(inSQL, time.Since(began))
				if n != sum.Rows && !h.free {
					b.Errorf("KQL gives %d rows, SQL %d", sum.Rows, n)
				}
			}
			k := median(inKQL[1:])
			b.ReportMetric(k, "kql-ms")
			b.ReportMetric(0, "ns/op")
			if h.sql == "" {
				if b.N > 1 {
					fmt.Fprintf(&table, "| %s | %.0f | | |\n", h.name, k)
				}
				return
			}
			q := median(inSQL[1:])
			b.ReportMetric(q, "sql-ms")
			b.ReportMetric(k/q, "ratio")
			if b.N > 1 {
				fmt.Fprintf(&table, "| %s | %.0f | %.0f | %.2f |\n", h.name, k, q, k/q)
			}
		})
	}
	fmt.Printf("\n| query | KQL ms | SQL ms | ratio |\n|---|---|---|---|\n%s\n", table.String())
}

// median gives the middle one in milliseconds.
func median(list []time.Duration) float64 {
	list = slices.Clone(list)
	slices.Sort(list)
	return float64(list[len(list)/2].Microseconds()) / 1000
}

// nowhere is where results go.
type nowhere struct{}

func (nowhere) Columns(string, []query.Column) error { return nil }
func (nowhere) Rows([][]value.Value) error           { return nil }

// byHand is an engine of its own over the sealed files, for SQL that we write.
type byHand struct {
	b    *testing.B
	conn mapping.Connection
	days []string // aliases of the attached files, oldest first
}

func openByHand(b *testing.B, path string) *byHand {
	var cfg mapping.Config
	mapping.CreateConfig(&cfg)
	defer mapping.DestroyConfig(&cfg)
	mapping.SetConfig(cfg, "threads", strconv.Itoa(runtime.NumCPU()))
	mapping.SetConfig(cfg, "memory_limit", strconv.Itoa(memoryMB)+"MB")
	h := &byHand{b: b}
	var db mapping.Database
	var msg string
	if mapping.OpenExt("", &db, cfg, &msg) == mapping.StateError {
		b.Fatal(msg)
	}
	if mapping.Connect(db, &h.conn) == mapping.StateError {
		b.Fatal("no connection")
	}
	b.Cleanup(func() {
		mapping.Disconnect(&h.conn)
		mapping.Close(&db)
	})
	if err := cfunc.Register(h.conn); err != nil {
		b.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(path, "days", "*", "*.duckdb"))
	if err != nil {
		b.Fatal(err)
	}
	slices.Sort(files)
	for i, f := range files {
		h.run(fmt.Sprintf("ATTACH '%s' AS d%d (READ_ONLY)", f, i))
		h.days = append(h.days, fmt.Sprintf("d%d", i))
	}
	return h
}

var placeholder = regexp.MustCompile(`\{([PNL])(?: (\d+)(?:-(\d+))?)?\}`)

// tables puts the tables in a text's places: {P} is all days, {P 7} the last seven, {P 30-2} from thirty days ago to two.
func (h *byHand) tables(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(s string) string {
		m := placeholder.FindStringSubmatch(s)
		first, last := len(h.days), 1
		if m[2] != "" {
			first, _ = strconv.Atoi(m[2])
		}
		if m[3] != "" {
			last, _ = strconv.Atoi(m[3])
		}
		var all []string
		for _, d := range h.days[len(h.days)-min(first, len(h.days)) : len(h.days)-last+1] {
			all = append(all, "SELECT * FROM "+d+"."+map[string]string{"P": "DeviceProcessEvents", "N": "DeviceNetworkEvents", "L": "DeviceLogonEvents"}[m[1]])
		}
		return "(" + strings.Join(all, " UNION ALL ") + ")"
	})
}

// result runs a statement and gives each chunk of its rows.
func (h *byHand) result(text string, each func(mapping.DataChunk)) {
	var res mapping.Result
	defer mapping.DestroyResult(&res)
	if mapping.Query(h.conn, h.tables(text), &res) == mapping.StateError {
		h.b.Fatal(mapping.ResultError(&res), " in ", text)
	}
	for {
		c := mapping.FetchChunk(res)
		if c.Ptr == nil {
			return
		}
		each(c)
		mapping.DestroyDataChunk(&c)
	}
}

// run gives the number of rows.
func (h *byHand) run(text string) (n int64) {
	h.result(text, func(c mapping.DataChunk) { n += int64(mapping.DataChunkGetSize(c)) })
	return n
}

// text gives the first cell.
func (h *byHand) text(q string) (s string) {
	h.result(q, func(c mapping.DataChunk) {
		if s == "" {
			data := (*mapping.StringT)(mapping.VectorGetData(mapping.DataChunkGetVector(c, 0)))
			s = strings.Clone(mapping.StringTData(data))
		}
	})
	return s
}
