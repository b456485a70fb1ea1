package kql_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// perProcess is how many queries of the corpus one process runs when all of them are wanted. What an engine has freed, the allocator may
// keep: thousands of wide tables in one process, made and dropped, took twenty gigabytes.
const perProcess = 250

// shardKey is the environment variable that tells a process which queries it runs: "from-to".
const shardKey = "KQL_CORPUS_SHARD"

// shard gives the queries that this process runs, by their numbers; all of them where it was not told.
func shard() (from, to int) {
	if _, err := fmt.Sscanf(os.Getenv(shardKey), "%d-%d", &from, &to); err != nil {
		return 0, 1 << 30
	}
	return from, to
}

var tally = regexp.MustCompile(`hunting queries with \S+ (.*): (\d+)`)

// inShards runs the calling test in processes of perProcess queries, one after the other, and adds up what they count. It is false in such a
// process, and where only a sample is wanted.
func inShards(t *testing.T, name string, queries int) bool {
	if !allOfThem() || os.Getenv(shardKey) != "" {
		return false
	}
	sum := map[string]int{}
	for from := 0; from < queries; from += perProcess {
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$", "-test.v")
		c.Env = append(os.Environ(), fmt.Sprintf("%s=%d-%d", shardKey, from, min(from+perProcess, queries)))
		out, err := c.CombinedOutput()
		for _, m := range tally.FindAllStringSubmatch(string(out), -1) {
			n, _ := strconv.Atoi(m[2]) // it is of digits
			sum[m[1]] += n
		}
		if err != nil {
			t.Errorf("queries from %d on: %v\n%s", from, err, out)
		}
	}
	logTally(t, name, sum)
	return true
}
