package ingest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/duck"
)

// processEvents makes n messages of ten process events each, with every column filled about as Defender fills it: a few hundred devices
// and images, hashes that belong to the image, long command lines that differ, and JSON in AdditionalFields of some.
func processEvents(n int) (msgs []record.Raw, bytes int) {
	t, _ := schema.Builtin().Table("DeviceProcessEvents")
	rnd := rand.New(rand.NewPCG(1, 2))
	hex := func(seed, digits int) string {
		r := rand.New(rand.NewPCG(uint64(seed), 9))
		var b strings.Builder
		for b.Len() < digits {
			fmt.Fprintf(&b, "%016x", r.Uint64())
		}
		return b.String()[:digits]
	}
	at := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	words := strings.Fields("--type=renderer --field-trial-handle /quiet /norestart -NoProfile -ExecutionPolicy Bypass --enable-features --lang=en-US -Embedding --mojo-platform-channel-handle --device-scale-factor /prefetch:1 --no-first-run")
	value := func(c schema.Column, image, parent, dev int) string {
		p := image
		if strings.HasPrefix(c.Name, "InitiatingProcessParent") {
			p = parent * 7
		} else if strings.HasPrefix(c.Name, "Initiating") {
			p = parent
		}
		switch {
		case c.Type == schema.Datetime:
			return fmt.Sprintf(`"%s"`, at.Add(-time.Duration(rnd.IntN(5)*p)*time.Second).Format("2006-01-02T15:04:05.0000000Z"))
		case c.Type == schema.Bool:
			return "false"
		case c.Type == schema.Long && strings.HasSuffix(c.Name, "FileSize"):
			return fmt.Sprint(10_000 + p*977)
		case c.Type == schema.Long:
			return fmt.Sprint(rnd.IntN(40_000))
		case strings.HasSuffix(c.Name, "SHA1"):
			return `"` + hex(p, 40) + `"`
		case strings.HasSuffix(c.Name, "SHA256"):
			return `"` + hex(p, 64) + `"`
		case strings.HasSuffix(c.Name, "MD5"):
			return `"` + hex(p, 32) + `"`
		case strings.HasSuffix(c.Name, "CommandLine"):
			var b strings.Builder
			fmt.Fprintf(&b, `"\"C:\\Program Files\\Vendor %d\\bin\\image%d.exe\"`, p%40, p)
			for range 8 + rnd.IntN(12) {
				fmt.Fprintf(&b, " %s", words[rnd.IntN(len(words))])
				if rnd.IntN(2) == 0 {
					fmt.Fprintf(&b, "=%d", rnd.IntN(1_000_000))
				}
			}
			return b.String() + `"`
		case c.Name == "AdditionalFields":
			if rnd.IntN(10) < 4 {
				return fmt.Sprintf(`"{\"ProcessFlags\":%d,\"SignatureStatus\":\"Valid\",\"Tag\":\"%x\"}"`, rnd.IntN(32), rnd.Uint32())
			}
			return `""`
		case strings.HasSuffix(c.Name, "FolderPath"):
			return fmt.Sprintf(`"C:\\Program Files\\Vendor %d\\bin\\image%d.exe"`, p%40, p)
		case strings.HasSuffix(c.Name, "FileName"):
			return fmt.Sprintf(`"image%d.exe"`, p)
		case strings.HasPrefix(c.Name, "Device"):
			return fmt.Sprintf(`"%s%s"`, strings.ToLower(c.Name), hex(dev, 24))
		case strings.Contains(c.Name, "Account"):
			return fmt.Sprintf(`"%s-%d"`, c.Name, dev%120)
		}
		return fmt.Sprintf(`"%s %d"`, c.Name, p%200)
	}
	for range n {
		var b strings.Builder
		b.WriteString(`{"records":[`)
		for i := range 10 {
			at = at.Add(time.Duration(rnd.IntN(300)) * time.Millisecond)
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"time":"%s","tenantId":"11111111-2222-3333-4444-555555555555","operationName":"Publish","category":"AdvancedHunting-DeviceProcessEvents","properties":{`, at.Format(time.RFC3339Nano))
			image, parent, dev := rnd.IntN(2000), rnd.IntN(200), rnd.IntN(500)
			first := true
			for _, c := range t.Columns {
				switch c.Name {
				case "TenantId", "TimeGenerated", "SourceSystem", "Type":
					continue
				}
				if !first {
					b.WriteByte(',')
				}
				first = false
				v := value(c, image, parent, dev)
				if c.Name == "Timestamp" {
					v = `"` + at.Format("2006-01-02T15:04:05.0000000Z") + `"`
				}
				fmt.Fprintf(&b, `"%s":%s`, c.Name, v)
			}
			b.WriteString("}}")
		}
		b.WriteString("]}")
		bytes += b.Len()
		msgs = append(msgs, record.Raw{Pos: record.Pos{Source: "bench", Partition: "0", Seq: int64(len(msgs))}, Arrived: at, Body: []byte(b.String())})
	}
	return msgs, bytes
}

const benchMessages = 12_288 // 122,880 events: one row group

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// report gives events per second of processor time, which is per core, and stored bytes per event.
func report(b *testing.B, events int, used time.Duration, dir string) {
	b.ReportMetric(float64(events)/used.Seconds(), "events/s/core")
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	if dir == "" {
		return
	}
	var size int64
	for _, f := range []string{"hot.duckdb", "hot.duckdb.wal"} {
		if st, err := os.Stat(filepath.Join(dir, f)); err == nil {
			size += st.Size()
		}
	}
	b.ReportMetric(float64(size)/float64(events), "bytes/event")
}

func BenchmarkDecodeProcessEvents(b *testing.B) {
	msgs, bytes := processEvents(1024)
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	d := ingest.NewDecoder(ingest.DecoderOptions{})
	start := cpu()
	b.ResetTimer()
	for range b.N {
		for _, m := range msgs {
			d.Add(m)
		}
		d.Recycle(d.Take().Chunks)
	}
	report(b, b.N*len(msgs)*10, cpu()-start, "")
}

// BenchmarkIngestProcessEvents is the whole way from messages in memory to committed rows.
func BenchmarkIngestProcessEvents(b *testing.B) {
	msgs, _ := processEvents(benchMessages)
	dir := b.TempDir()
	s, err := duck.Open(context.Background(), duck.Options{Dir: dir, Threads: 1, MemoryMB: 2048})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	l := ingest.New(ingest.Options{Store: s})
	go l.Run(ctx)
	var used time.Duration
	b.ResetTimer()
	for n := range b.N {
		renumber(b, msgs, n)
		start := cpu()
		for lo := 0; lo < len(msgs); lo += 128 {
			if err := l.Put(ctx, msgs[lo:lo+128]); err != nil {
				b.Fatal(err)
			}
		}
		if err := l.Flush(ctx); err != nil {
			b.Fatal(err)
		}
		used += cpu() - start
	}
	b.StopTimer()
	events := b.N * len(msgs) * 10
	st, err := s.Stats(ctx)
	if err != nil || st.Rows != int64(events) {
		b.Fatalf("%d rows of %d, %v", st.Rows, events, err)
	}
	report(b, events, used, dir)
}

// renumber makes the messages of round n differ from those before, outside the measured time.
func renumber(b *testing.B, msgs []record.Raw, n int) {
	if n == 0 {
		return
	}
	b.StopTimer()
	from, to := fmt.Sprintf(`"2026-11-2%d`, (n-1)%10), fmt.Sprintf(`"2026-11-2%d`, n%10)
	for i := range msgs {
		msgs[i].Body = []byte(strings.ReplaceAll(string(msgs[i].Body), from, to))
		msgs[i].Pos.Seq += int64(len(msgs))
	}
	b.StartTimer()
}

// BenchmarkAppendReady is the store alone: chunks decoded beforehand.
func BenchmarkAppendReady(b *testing.B) {
	msgs, _ := processEvents(benchMessages)
	dir := b.TempDir()
	s, err := duck.Open(context.Background(), duck.Options{Dir: dir, Threads: 1, MemoryMB: 2048})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	d := ingest.NewDecoder(ingest.DecoderOptions{Seed: s.Seed()})
	var used time.Duration
	b.ResetTimer()
	for n := range b.N {
		renumber(b, msgs, n)
		b.StopTimer()
		for _, m := range msgs {
			d.Add(m)
		}
		out := d.Take()
		b.StartTimer()
		start := cpu()
		r, err := s.Append(context.Background(), store.Append{Chunks: out.Chunks})
		if err != nil || r.Tables["DeviceProcessEvents"].Duplicate > 0 {
			b.Fatal(r, err)
		}
		used += cpu() - start
		d.Recycle(out.Chunks)
	}
	b.StopTimer()
	report(b, b.N*len(msgs)*10, used, dir)
}
