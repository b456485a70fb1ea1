package storetest

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/store"
)

// crashDir is the environment variable that makes a test binary the writer that is to be killed.
const crashDir = "STORETEST_CRASH_DIR"

// crashRows is the number of rows of one append of the writer.
const crashRows = 300

// Main is for an adapter's TestMain: it runs the tests, or the writer when Crash started the binary.
func Main(m *testing.M, open Opener) {
	if dir := os.Getenv(crashDir); dir != "" {
		err := crashWriter(open, dir)
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// crashWriter appends, seals and appends again what is stored already, and says on its standard output what was acknowledged.
func crashWriter(open Opener, dir string) error {
	ctx := context.Background()
	s, err := open(ctx, dir)
	if err != nil {
		return err
	}
	next, err := coveredRows(s)
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() {
		for {
			if _, err := s.Seal(ctx, Day.Add(1000*24*time.Hour)); err != nil {
				failed <- err
				return
			}
		}
	}()
	for ; ; next += crashRows {
		a := crashAppend(next)
		if next > 0 && next%(5*crashRows) == 0 { // a delivery that is repeated, and one that goes on from it
			old := crashAppend(next - crashRows)
			a.Chunks = append(a.Chunks, old.Chunks...)
		}
		if _, err := s.Append(ctx, a); err != nil {
			return err
		}
		fmt.Println(next + crashRows)
		select {
		case err := <-failed:
			return err
		default:
		}
	}
}

func crashAppend(first int) store.Append {
	day := Day.Add(time.Duration(first/crashRows%7) * 24 * time.Hour).Add(time.Duration(first) * time.Second / 100)
	return store.Append{Chunks: []*store.Chunk{Rows(day, first, crashRows)}, Covers: []record.Span{Span(first, crashRows)}}
}

func coveredRows(s store.Store) (int, error) {
	spans, err := s.Covered(context.Background(), "test")
	if err != nil || len(spans) == 0 {
		return 0, err
	}
	if len(spans) > 1 || spans[0].First != 0 {
		return 0, fmt.Errorf("covered %v", spans)
	}
	return int(spans[0].Last) + 1, nil
}

// Crash kills a writing process at random moments and checks each time that what it acknowledged is stored, once, and that progress
// and rows agree. The adapter's TestMain must call Main.
func Crash(t *testing.T, open Opener, rounds int) {
	dir := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	for round := range rounds {
		acked := killWriter(t, dir, time.Duration(20+rnd.IntN(400))*time.Millisecond)
		s, err := open(context.Background(), dir)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		n, err := coveredRows(s)
		if err != nil || n < acked || n%crashRows != 0 {
			t.Fatalf("round %d: %d rows acknowledged, %d covered, %v", round, acked, n, err)
		}
		exactly(t, s, n)
		st, err := s.Stats(context.Background())
		if err != nil || st.Rows != int64(n) {
			t.Fatalf("round %d: stats say %d rows of %d, %v", round, st.Rows, n, err)
		}
		if n > 0 {
			if r := mustAppend(t, s, crashAppend(n-crashRows).Chunks...); r.Tables[Table].Stored != 0 {
				t.Fatalf("round %d: the last append was stored again: %+v", round, r)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("round %d: %d acknowledged, %d stored, %d files", round, acked, n, st.Files)
	}
}

// killWriter runs the writer until some time after its first acknowledgement, or after d when it makes none, and gives the last one.
func killWriter(t *testing.T, dir string, d time.Duration) int {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(30*time.Second, func() { cmd.Process.Kill() })
	acked, first := 0, true
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Errorf("the writer said %q", lines.Text())
		}
		acked = max(acked, n)
		if first {
			first = false
			kill.Reset(d)
		}
	}
	kill.Stop()
	if err := cmd.Wait(); err == nil || stderr.Len() > 0 {
		t.Fatalf("the writer ended by itself: %v %s", err, stderr.String())
	}
	return acked
}
