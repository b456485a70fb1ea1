package hub

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"sync"
	"time"
)

// entry is where one event lies in its partition's file. Its offset on the wire is at, the place in the file.
type entry struct {
	at       int64
	size     int
	enqueued int64 // Unix milliseconds
}

// log is one partition: events in a file, their places in memory. Half a million records are some thousand events, so the index is small
// however large the bodies are.
type log struct {
	mu    sync.RWMutex
	file  *os.File
	size  int64
	index []entry
	first int64 // the sequence number of index[0]; grows with truncate
}

func newLog(dir string, n int) (*log, error) {
	f, err := os.Create(filepath.Join(dir, fmt.Sprintf("partition-%d", n)))
	if err != nil {
		return nil, err
	}
	return &log{file: f}, nil
}

// append stores an event and gives its sequence number.
func (l *log) append(body []byte, now time.Time) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.file.WriteAt(body, l.size); err != nil {
		return 0, err
	}
	l.index = append(l.index, entry{l.size, len(body), now.UnixMilli()})
	l.size += int64(len(body)) + 1 // at least one, so that offsets grow even with empty bodies
	return l.first + int64(len(l.index)) - 1, nil
}

// bounds gives the first sequence number kept and the next to be given.
func (l *log) bounds() (first, next int64) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.first, l.first + int64(len(l.index))
}

// last gives the newest event's place; ok is false for an empty partition.
func (l *log) last() (seq int64, e entry, ok bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if len(l.index) == 0 {
		return 0, entry{}, false
	}
	return l.first + int64(len(l.index)) - 1, l.index[len(l.index)-1], true
}

// read gives the event seq or the first one after it that is kept, its body in buf if that is large enough. ok is false at the end.
func (l *log) read(seq int64, buf []byte) (at int64, e entry, body []byte, ok bool, err error) {
	l.mu.RLock()
	at = max(seq, l.first)
	i := at - l.first
	if i >= int64(len(l.index)) {
		l.mu.RUnlock()
		return 0, entry{}, buf, false, nil
	}
	e = l.index[i]
	l.mu.RUnlock()
	if cap(buf) < e.size {
		buf = make([]byte, e.size)
	}
	buf = buf[:e.size]
	_, err = l.file.ReadAt(buf, e.at)
	return at, e, buf, true, err
}

// after gives the first sequence number whose key (what says which) is greater than v, or equal with inclusive.
func (l *log) after(what string, v int64, inclusive bool) int64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	i := sort.Search(len(l.index), func(i int) bool {
		k := l.first + int64(i)
		switch what {
		case "offset":
			k = l.index[i].at
		case "enqueued-time":
			k = l.index[i].enqueued
		}
		return k > v || inclusive && k == v
	})
	return l.first + int64(i)
}

// truncate forgets events before seq, as retention does. The file keeps its length: it lives as long as the hub.
func (l *log) truncate(seq int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(max(seq-l.first, 0), int64(len(l.index)))
	l.index = l.index[n:]
	l.first += n
}

func (l *log) close() error { return l.file.Close() }
