//go:build linux

package duck_test

import (
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/storetest"
)

// TestDiskFull: with no room for more, an append fails as a whole, reads go on, and all goes on when there is room again. A limit on the
// size of files stands for the full disk.
func TestDiskFull(t *testing.T) {
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	s, err := open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const each = 2000
	put := func(i int) error {
		_, err := s.Append(t.Context(), store.Append{Chunks: []*store.Chunk{storetest.Rows(storetest.Day.Add(time.Duration(i)*time.Minute), i*each, each)}})
		return err
	}
	count := func() int {
		t.Helper()
		return len(storetest.All(t, s, storetest.Typed(s, storetest.Table, storetest.Scan(storetest.Table, time.Time{}, time.Time{}, "LogonId"))))
	}
	if err := put(0); err != nil {
		t.Fatal(err)
	}
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	full := old
	full.Cur = 3 << 20
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		t.Fatal(err)
	}
	stored := 1
	for ; err == nil && stored < 500; stored++ {
		err = put(stored)
	}
	stored--
	if !fault.Is(err, fault.Exhausted) || fault.HintOf(err) == "" {
		t.Errorf("append number %d: %v", stored, err)
	}
	if n := count(); n != stored*each {
		t.Errorf("%d rows can be read on the full disk, %d were acknowledged", n, stored*each)
	}
	if _, err := s.Seal(t.Context(), storetest.Day.Add(100*24*time.Hour)); err != nil {
		t.Logf("seal on the full disk: %v", err)
	}
	if n := count(); n != stored*each {
		t.Errorf("%d rows can be read after a seal on the full disk, %d were acknowledged", n, stored*each)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if err := put(stored); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	if n := count(); n != (stored+1)*each {
		t.Errorf("%d rows, want %d", n, (stored+1)*each)
	}
}
