package chdb

/*
#cgo linux LDFLAGS: -ldl
#include "library.h"
#include <stdlib.h>
*/
import "C"

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"github.com/vedette-siem/vedette/internal/fault"
)

// installHint says how to get the engine.
const installHint = "run scripts/chdb, which installs it with npm into the user's cache directory, or name the file in VEDETTE_CHDB"

// Library gives the path of the engine's shared library: the one that the environment variable VEDETTE_CHDB names, or the one that
// scripts/chdb has installed. It is of kind NotFound, with how to install it, where there is none.
func Library() (string, error) {
	if p := os.Getenv("VEDETTE_CHDB"); p != "" {
		if _, err := os.Stat(p); err != nil {
			return "", fault.New(fault.NotFound, "chdb", "%w", err).WithHint(installHint)
		}
		return p, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fault.New(fault.NotFound, "chdb", "%w", err).WithHint(installHint)
	}
	found, _ := filepath.Glob(filepath.Join(cache, "vedette", "chdb", "node_modules", "@chdb", "*", "libchdb.so"))
	if len(found) == 0 {
		return "", fault.New(fault.NotFound, "chdb", "the ClickHouse engine is not installed").WithHint(installHint)
	}
	return found[0], nil
}

// loading makes the library known to the process once: it cannot be unloaded.
var loading struct {
	sync.Mutex
	path   string
	tables int // made so far: all engines of a process share their names
}

// tableName gives a name that no table has had.
func tableName() string {
	loading.Lock()
	defer loading.Unlock()
	loading.tables++
	return "t" + strconv.Itoa(loading.tables)
}

// load opens the library at path.
func load(path string) error {
	loading.Lock()
	defer loading.Unlock()
	if loading.path != "" {
		if loading.path != path {
			return fault.New(fault.Conflict, "chdb", "%s is loaded already", loading.path)
		}
		return nil
	}
	p := C.CString(path)
	defer C.free(unsafe.Pointer(p))
	if msg := C.engine_load(p); msg != nil {
		return fault.New(fault.Unavailable, "chdb", "%s", C.GoString(msg)).WithHint(installHint)
	}
	// One connection stays open: the engine is made to start once in a process.
	if _, err := connect(quiet); err != nil {
		return err
	}
	loading.path = path
	return nil
}

// quiet are settings of every connection: the engine's profiler would send signals that are the Go runtime's.
var quiet = []string{"--query_profiler_real_time_period_ns=0", "--query_profiler_cpu_time_period_ns=0"}

// handle is a connection of the library.
type handle struct{ c unsafe.Pointer }

// connect opens a connection with the given settings. The first one starts the engine, in memory.
func connect(settings []string) (handle, error) {
	args := append([]string{"clickhouse"}, settings...)
	argv := make([]*C.char, len(args))
	for i, a := range args {
		argv[i] = C.CString(a)
		defer C.free(unsafe.Pointer(argv[i]))
	}
	list := C.malloc(C.size_t(len(args)) * C.size_t(unsafe.Sizeof(uintptr(0))))
	defer C.free(list)
	copy(unsafe.Slice((**C.char)(list), len(args)), argv)
	c := C.engine_connect(C.int(len(args)), (**C.char)(list))
	if c == nil {
		return handle{}, fault.New(fault.Unavailable, "chdb", "the engine gave no connection; one of these settings may be wrong: %s", strings.Join(settings, " "))
	}
	return handle{c}, nil
}

func (h handle) close() { C.engine_close(h.c) }

// param is a bound value in the engine's escaped text form.
type param struct{ name, text string }

// stream starts a statement whose result comes in blocks of the Native format.
func (h handle) stream(text string, params []param) (*result, error) {
	var blob []byte // names and values, one after the other
	lens := make([]C.size_t, 0, 2*len(params)+1)
	for _, p := range params {
		blob = append(append(blob, p.name...), p.text...)
		lens = append(lens, C.size_t(len(p.name)), C.size_t(len(p.text)))
	}
	blob, lens = append(blob, 0), append(lens, 0) // so that there is a first element
	q := append([]byte(text), 0)
	r := C.engine_stream(h.c, (*C.char)(unsafe.Pointer(&q[0])), C.size_t(len(text)), (*C.char)(unsafe.Pointer(&blob[0])), &lens[0], C.size_t(len(params)))
	if r == nil {
		return nil, errors.New("the engine gave no result")
	}
	out := &result{h, r}
	if err := out.err(r); err != nil {
		C.engine_free(r)
		return nil, err
	}
	return out, nil
}

// run runs a statement that has no result or one that is not wanted.
func (h handle) run(text string) error {
	q := append([]byte(text), 0)
	r := C.engine_run(h.c, (*C.char)(unsafe.Pointer(&q[0])), C.size_t(len(text)))
	if r == nil {
		return errors.New("the engine gave no result")
	}
	defer C.engine_free(r)
	return (&result{}).err(r)
}

// result is a statement that is running. It must be closed.
type result struct {
	h handle
	r unsafe.Pointer
}

func (*result) err(r unsafe.Pointer) error {
	if msg := C.engine_error(r); msg != nil {
		return errors.New(C.GoString(msg))
	}
	return nil
}

// next gives the bytes of the next block, none at the end.
func (r *result) next() ([]byte, error) {
	b := C.engine_next(r.h.c, r.r)
	if b == nil {
		return nil, errors.New("the engine gave no block")
	}
	defer C.engine_free(b)
	if err := r.err(b); err != nil {
		return nil, err
	}
	n := C.engine_length(b)
	if n == 0 {
		return nil, nil
	}
	return C.GoBytes(unsafe.Pointer(C.engine_bytes(b)), C.int(n)), nil
}

// cancel stops a statement that has not come to its end.
func (r *result) cancel() { C.engine_cancel(r.h.c, r.r) }

func (r *result) close() { C.engine_free(r.r) }
