//go:build duckdb_arrow

package ingest_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/duckdb/duckdb-go/v2"

	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/store"
)

// arrowRecord gives a chunk's memory to Arrow.
func arrowRecord(c *store.Chunk) (*arrow.Schema, arrow.RecordBatch) {
	var fields []arrow.Field
	var cols []arrow.Array
	for i := range c.Vectors {
		v := &c.Vectors[i]
		var nulls *memory.Buffer
		missing := 0
		if v.Null != nil {
			bits := make([]byte, (c.N+7)/8)
			for j, n := range v.Null {
				if n {
					missing++
				} else {
					bits[j>>3] |= 1 << (j & 7)
				}
			}
			nulls = memory.NewBufferBytes(bits)
		}
		var t arrow.DataType
		var data []*memory.Buffer
		switch v.Kind {
		case store.Text:
			t, data = arrow.BinaryTypes.String, []*memory.Buffer{nulls, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(v.Offsets)), memory.NewBufferBytes(v.Bytes)}
		case store.Int64:
			t, data = arrow.PrimitiveTypes.Int64, []*memory.Buffer{nulls, memory.NewBufferBytes(arrow.Int64Traits.CastToBytes(v.I64))}
		case store.Int32:
			t, data = arrow.PrimitiveTypes.Int32, []*memory.Buffer{nulls, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(v.I32))}
		case store.Float64:
			t, data = arrow.PrimitiveTypes.Float64, []*memory.Buffer{nulls, memory.NewBufferBytes(arrow.Float64Traits.CastToBytes(v.F64))}
		case store.Bool:
			bits := make([]byte, (c.N+7)/8)
			for j, b := range v.Bools {
				if b {
					bits[j>>3] |= 1 << (j & 7)
				}
			}
			t, data = arrow.FixedWidthTypes.Boolean, []*memory.Buffer{nulls, memory.NewBufferBytes(bits)}
		}
		fields = append(fields, arrow.Field{Name: "c" + c.Columns[i].Name, Type: t, Nullable: true})
		cols = append(cols, array.MakeFromData(array.NewData(t, c.N, data, nil, missing, 0)))
	}
	s := arrow.NewSchema(fields, nil)
	return s, array.NewRecordBatch(s, cols, int64(c.N))
}

// BenchmarkDuckArrowReady is the engine alone, fed with ready Arrow batches through the driver's public API: one row group a transaction,
// the same columns and compression, no identities, no stamps. It needs the build tag duckdb_arrow.
func BenchmarkDuckArrowReady(b *testing.B) {
	msgs, _ := processEvents(benchMessages)
	dir := b.TempDir()
	db, err := sql.Open("duckdb", filepath.Join(dir, "hot.duckdb")+"?threads=1&memory_limit=2GB&storage_compatibility_version=latest&checkpoint_threshold=256MB")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	var ar *duckdb.Arrow
	if err := conn.Raw(func(c any) (err error) { ar, err = duckdb.NewArrowFromConn(c.(driver.Conn)); return }); err != nil {
		b.Fatal(err)
	}
	d := ingest.NewDecoder(ingest.DecoderOptions{})
	for _, m := range msgs {
		d.Add(m)
	}
	chunks := d.Take().Chunks
	var ddl []string
	for _, c := range chunks[0].Columns {
		t := map[store.Kind]string{store.Text: "VARCHAR", store.Int64: "BIGINT", store.Int32: "INTEGER", store.Float64: "DOUBLE", store.Bool: "BOOLEAN"}[store.KindOf(c.Type)]
		if strings.HasSuffix(c.Name, "CommandLine") || c.Type == "dynamic" {
			t += " USING COMPRESSION zstd"
		}
		name := c.Name
		if name == "LogonID" {
			name = "LogonID1"
		}
		ddl = append(ddl, `"`+name+`" `+t)
	}
	exec := func(q string) {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			b.Fatal(err)
		}
	}
	exec("CREATE TABLE t (" + strings.Join(ddl, ", ") + ")")
	var used time.Duration
	b.ResetTimer()
	for range b.N {
		start := cpu()
		exec("BEGIN")
		for _, c := range chunks {
			s, rec := arrowRecord(c)
			rr, err := array.NewRecordReader(s, []arrow.RecordBatch{rec})
			if err != nil {
				b.Fatal(err)
			}
			release, err := ar.RegisterView(rr, "batch")
			if err != nil {
				b.Fatal(err)
			}
			exec("INSERT INTO t SELECT * FROM batch")
			release()
		}
		exec("COMMIT")
		used += cpu() - start
	}
	b.StopTimer()
	report(b, b.N*benchMessages*10, used, dir)
}
