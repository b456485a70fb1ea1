package duck

import (
	"context"
	"errors"
	"math"
	"strings"

	bindings "github.com/duckdb/duckdb-go-bindings"
	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/vedette-siem/vedette/internal/fault"
)

// database is one open DuckDB instance.
type database struct{ db mapping.Database }

// openDatabase opens the file at path with the given settings.
func openDatabase(path string, settings map[string]string) (*database, error) {
	var cfg mapping.Config
	if mapping.CreateConfig(&cfg) == mapping.StateError {
		return nil, fault.New(fault.Internal, "open store", "the engine gave no configuration")
	}
	defer mapping.DestroyConfig(&cfg)
	for k, v := range settings {
		if mapping.SetConfig(cfg, k, v) == mapping.StateError {
			return nil, fault.New(fault.Internal, "open store", "the engine refused the setting %s=%s", k, v)
		}
	}
	d := &database{}
	var msg string
	if mapping.OpenExt(path, &d.db, cfg, &msg) == mapping.StateError {
		return nil, openFault(path, msg)
	}
	return d, nil
}

// openFault says what to do about a database file that cannot be opened.
func openFault(path, msg string) error {
	low := strings.ToLower(msg)
	switch {
	case strings.Contains(low, "version number") || strings.Contains(low, "storage version"):
		return fault.New(fault.Corrupt, "open store", "%s was written by a newer version", path).WithHint("use the version of Vedette that wrote it, or a newer one")
	case strings.Contains(low, "could not set lock"):
		return fault.New(fault.Conflict, "open store", "%s is in use by another process", path).WithHint("stop the other process, or ask it through --server")
	case noSpace(low):
		return fault.New(fault.Exhausted, "open store", "%s", msg).WithHint("free disk space")
	}
	return fault.New(fault.Corrupt, "open store", "%s cannot be opened: %s", path, msg).WithHint("restore the data directory from a backup, or move the file away to start anew")
}

func (d *database) close() { mapping.Close(&d.db) }

// conn is one connection. It is used by one goroutine at a time, except for interrupt.
type conn struct{ c mapping.Connection }

func (d *database) connect() (*conn, error) {
	c := &conn{}
	if mapping.Connect(d.db, &c.c) == mapping.StateError {
		return nil, fault.New(fault.Internal, "open store", "the engine refused a connection")
	}
	return c, nil
}

func (c *conn) close()     { mapping.Disconnect(&c.c) }
func (c *conn) interrupt() { mapping.Interrupt(c.c) }

// exec runs a statement and drops its result. args are bool, int, int32, int64, uint64, float64, string or nil.
func (c *conn) exec(text string, args ...any) error {
	res, err := c.run(text, args, false)
	if err != nil {
		return err
	}
	mapping.DestroyResult(res)
	return nil
}

// rows runs a query whose result is small or is read at once, and calls each with every chunk of it.
func (c *conn) rows(text string, args []any, each func(*chunkReader) error) error {
	res, err := c.run(text, args, true)
	if err != nil {
		return err
	}
	defer mapping.DestroyResult(res)
	for {
		ch := mapping.FetchChunk(*res)
		if ch.Ptr == nil {
			return resultFault(res)
		}
		r := chunkReader{chunk: ch, n: int(mapping.DataChunkGetSize(ch))}
		err := each(&r)
		mapping.DestroyDataChunk(&ch)
		if err != nil {
			return err
		}
	}
}

// run prepares, binds and executes one statement. The result must be destroyed.
func (c *conn) run(text string, args []any, stream bool) (*mapping.Result, error) {
	var st mapping.PreparedStatement
	if mapping.Prepare(c.c, text, &st) == mapping.StateError {
		err := engineFault(mapping.ErrorTypeInvalid, mapping.PrepareError(st))
		mapping.DestroyPrepare(&st)
		return nil, err
	}
	defer mapping.DestroyPrepare(&st)
	for i, a := range args {
		if err := bind(st, mapping.IdxT(i+1), a); err != nil {
			return nil, err
		}
	}
	var res mapping.Result
	var state mapping.State
	if stream {
		state = bindings.ExecutePreparedStreaming(st, &res)
	} else {
		state = mapping.ExecutePrepared(st, &res)
	}
	if state == mapping.StateError {
		err := resultFault(&res)
		mapping.DestroyResult(&res)
		return nil, err
	}
	return &res, nil
}

func bind(st mapping.PreparedStatement, i mapping.IdxT, a any) error {
	var s mapping.State
	switch v := a.(type) {
	case nil:
		s = mapping.BindNull(st, i)
	case bool:
		s = mapping.BindBoolean(st, i, v)
	case int:
		s = mapping.BindInt64(st, i, int64(v))
	case int32:
		s = mapping.BindInt32(st, i, v)
	case int64:
		s = mapping.BindInt64(st, i, v)
	case uint64:
		s = mapping.BindUInt64(st, i, v)
	case float64:
		s = mapping.BindDouble(st, i, v)
	case string:
		if len(v) > math.MaxInt32 {
			return fault.New(fault.Invalid, "bind", "a text of %d bytes is too long", len(v))
		}
		s = mapping.BindVarcharLength(st, i, v, mapping.IdxT(len(v)))
	default:
		return fault.New(fault.Internal, "bind", "no binding for %T", a)
	}
	if s == mapping.StateError {
		return engineFault(mapping.ErrorTypeInvalid, mapping.PrepareError(st))
	}
	return nil
}

// resultFault gives the error of a failed result, or nil.
func resultFault(res *mapping.Result) error {
	msg := mapping.ResultError(res)
	if msg == "" {
		return nil
	}
	return engineFault(mapping.ResultErrorType(res), msg)
}

func appenderFault(a mapping.Appender) error {
	return engineFault(mapping.ErrorTypeInvalid, mapping.AppenderError(a))
}

// errFatal marks failures after which the engine answers nothing any more until it is opened again.
var errFatal = errors.New("the database must be opened again")

// engineFault turns a message of the engine into a fault of the right kind.
func engineFault(t mapping.ErrorType, msg string) error {
	low := strings.ToLower(msg)
	msg = strings.TrimSpace(msg)
	fatal := strings.Contains(low, "database has been invalidated") || strings.HasPrefix(low, "fatal") || t == mapping.ErrorTypeFatal
	var f *fault.Error
	switch {
	case noSpace(low):
		f = fault.New(fault.Exhausted, "store", "%s", msg).WithHint("free disk space; nothing acknowledged is lost")
	case fatal:
		f = fault.New(fault.Unavailable, "store", "%s", msg).WithHint("the store is being opened again; try again")
	case t == mapping.ErrorTypeOutOfMemory || strings.HasPrefix(low, "out of memory"):
		f = fault.New(fault.Exhausted, "store", "%s", msg).WithHint("narrow the time range or raise the store's memory limit")
	case t == mapping.ErrorTypeInterrupt || strings.HasPrefix(low, "interrupt"):
		f = fault.New(fault.Canceled, "store", "%s", msg)
		f.Err = errors.Join(f.Err, context.Canceled)
	case strings.HasPrefix(low, "io error"):
		f = fault.New(fault.Unavailable, "store", "%s", msg).WithHint("look at the disk of the data directory")
	case strings.HasPrefix(low, "parser error") || strings.HasPrefix(low, "binder error") || strings.HasPrefix(low, "catalog error") || strings.HasPrefix(low, "internal error"):
		f = fault.New(fault.Internal, "store", "%s", msg)
	default:
		f = fault.New(fault.Invalid, "store", "%s", msg)
	}
	if fatal {
		f.Err = errors.Join(f.Err, errFatal)
	}
	return f
}

func noSpace(low string) bool {
	return strings.Contains(low, "no space left") || strings.Contains(low, "file too large") || strings.Contains(low, "disk quota exceeded") || strings.Contains(low, "not enough space")
}
