// Package bench makes the data on which speed is measured: a store full of invented process, network and logon events, sealed day by day
// as in production. Nothing in it is random from run to run.
//
// It imports words, the store's port and its DuckDB adapter. The benchmarks over the data are its tests.
package bench

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/duck"
)

// Size says how much to make. The events are spread over Days days that end at End, busier by day than by night.
type Size struct {
	Process, Network, Logon int
	Days                    int
}

// Full is the size of which docs/performance.md tells.
var Full = Size{Process: 5_000_000, Network: 2_000_000, Logon: 1_000_000, Days: 30}

// Times gives the size with factor times the events on as many days.
func (s Size) Times(factor float64) Size {
	n := func(x int) int { return int(math.Round(float64(x) * factor)) }
	return Size{n(s.Process), n(s.Network), n(s.Logon), s.Days}
}

func (s Size) String() string {
	return fmt.Sprintf("%d-%d-%d-%d", s.Process, s.Network, s.Logon, s.Days)
}

// End is the first moment after the events.
var End = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// RareTerms are the words of which each occurs in a few command lines: 20 of 5 million, at least one.
var RareTerms = []string{"mimikatz", "rubeus", "sharphound", "lazagne", "procdump64", "psexesvc", "ntdsutil", "adfind", "cobaltstrike", "kerberoast"}

// rowGroup is how many rows the engine writes at once; appends of that many bypass its log.
const rowGroup = 122_880

// Dir gives the store of that size below dir, made when it is not there yet. progress is told what is being done.
func Dir(ctx context.Context, dir string, size Size, progress func(string)) (string, error) {
	path := filepath.Join(dir, size.String())
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	half := path + ".unfinished"
	if err := os.RemoveAll(half); err != nil {
		return "", err
	}
	if err := fill(ctx, half, size, progress); err != nil {
		return "", err
	}
	return path, os.Rename(half, path)
}

func fill(ctx context.Context, dir string, size Size, progress func(string)) error {
	s, err := duck.Open(ctx, duck.Options{Dir: dir, MemoryMB: 2048})
	if err != nil {
		return err
	}
	g := newGenerator(size)
	for day := range size.Days {
		if err = g.day(ctx, s, day); err != nil {
			break
		}
		if _, err = s.Seal(ctx, g.start.AddDate(0, 0, day+1)); err != nil {
			break
		}
		progress(fmt.Sprintf("day %d of %d", day+1, size.Days))
	}
	if cerr := s.Close(); err == nil {
		err = cerr
	}
	return err
}

// generator invents the events in the order of their times.
type generator struct {
	*rand.Rand
	size    Size
	start   time.Time
	scenery scenery
	hours   []float64 // how much of all happens in each hour
	process *rows
	network *rows
	logon   *rows
	made    struct{ process, network, logon int }
	rare    map[int]string // number of a process event → term
}

func newGenerator(size Size) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(42, 7)), size: size, start: End.AddDate(0, 0, -size.Days), rare: map[int]string{}}
	g.scenery = g.invent()
	total := 0.0
	for h := range size.Days * 24 {
		w := 0.35 + math.Exp(-math.Pow(float64(h%24)-12.5, 2)/18)
		if d := g.start.AddDate(0, 0, h/24).Weekday(); d == time.Saturday || d == time.Sunday {
			w *= 0.45
		}
		g.hours = append(g.hours, w)
		total += w
	}
	for i := range g.hours {
		g.hours[i] /= total
	}
	for i := range max(len(RareTerms), size.Process/25_000) {
		g.rare[g.IntN(max(1, size.Process))] = RareTerms[i%len(RareTerms)]
	}
	g.process, g.network, g.logon = newRows("DeviceProcessEvents"), newRows("DeviceNetworkEvents"), newRows("DeviceLogonEvents")
	return g
}

// day makes and appends the events of one day.
func (g *generator) day(ctx context.Context, s store.Appender, day int) error {
	all := g.size.Process + g.size.Network + g.size.Logon
	for hour := day * 24; hour < day*24+24; hour++ {
		n := int(g.hours[hour] * float64(all))
		if hour == len(g.hours)-1 {
			n = all - g.made.process - g.made.network - g.made.logon
		}
		begin := store.Ticks(g.start.Add(time.Duration(hour) * time.Hour))
		for i := range n {
			t := begin + int64((float64(i)+g.Float64())/float64(n)*float64(store.DayTicks/24))
			g.event(t)
			if g.process.n >= rowGroup {
				if err := g.flush(ctx, s); err != nil {
					return err
				}
			}
		}
	}
	return g.flush(ctx, s)
}

// event makes one event, of a kind that there are still to be made of.
func (g *generator) event(t int64) {
	p, n, l := g.size.Process-g.made.process, g.size.Network-g.made.network, g.size.Logon-g.made.logon
	switch x := g.IntN(p + n + l); {
	case x < p:
		g.processEvent(t, g.rare[g.made.process])
		g.made.process++
	case x < p+n:
		g.networkEvent(t)
		g.made.network++
	default:
		g.logonEvent(t)
		g.made.logon++
	}
}

func (g *generator) flush(ctx context.Context, s store.Appender) error {
	var a store.Append
	for _, r := range []*rows{g.process, g.network, g.logon} {
		if r.n > 0 {
			a.Chunks = append(a.Chunks, r.chunk(g.Uint64))
		}
	}
	_, err := s.Append(ctx, a)
	for _, r := range []*rows{g.process, g.network, g.logon} {
		r.reset()
	}
	return err
}

// rows is a table being filled.
type rows struct {
	table   *schema.Table
	at      map[string]*store.Vector
	vectors []store.Vector
	n       int
}

func newRows(name string) *rows {
	t, ok := schema.Builtin().Table(name)
	if !ok {
		panic("the catalogue lacks " + name)
	}
	r := &rows{table: t, at: map[string]*store.Vector{}, vectors: make([]store.Vector, len(t.Columns))}
	for i, c := range t.Columns {
		r.vectors[i] = store.NewVector(store.KindOf(c.Type), c.Type != schema.String, rowGroup)
		r.at[c.Name] = &r.vectors[i]
	}
	return r
}

func (r *rows) text(column, v string)         { r.at[column].AddString(v) }
func (r *rows) number(column string, v int64) { r.at[column].AddInt(v) }
func (r *rows) flag(column string, v bool)    { r.at[column].AddBool(v) }

// end ends a row: columns without a value are missing in it.
func (r *rows) end() {
	r.n++
	for i := range r.vectors {
		if v := &r.vectors[i]; v.Len() < r.n {
			v.AddMissing()
		}
	}
}

func (r *rows) chunk(hash func() uint64) *store.Chunk {
	c := &store.Chunk{Table: r.table.Name, Columns: r.table.Columns, Vectors: r.vectors, N: r.n}
	for range r.n {
		c.Hash = append(c.Hash, hash())
	}
	return c
}

func (r *rows) reset() {
	for i := range r.vectors {
		r.vectors[i].Reset()
	}
	r.n = 0
}
