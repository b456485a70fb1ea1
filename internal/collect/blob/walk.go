package blob

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/service"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
)

var emptyCover = collect.Cover("", nil)

// walk knows which blobs there are and how far each has been read. Its memory grows with the number of blobs, not with their size.
type walk struct {
	source  *Source
	covered collect.Covered
	from    time.Time // hours before are not wanted; zero: all are

	names []string            // of the containers, as of the last sweep
	swept time.Time           // when; zero: not yet
	roots map[string][]string // by container: what stands before the time in the names, e.g. "tenantId=…/"
	odd   map[string]bool     // containers with a blob whose name holds no time: only the whole list shows all of theirs

	mu   sync.Mutex
	read map[string]place // by partition
}

// place is how far a blob has been read.
type place struct {
	etag string // of the version read
	next int64  // where the next line begins
}

// entry is a blob that has something new.
type entry struct {
	container, name string
	partition       string
	etag            string
	size            int64
	hour            string    // of its name, sorts by time; "" when it has none
	created         time.Time // zero when the list does not tell
	modified        time.Time
	growing         bool  // an append blob: what is there stays, and more may come
	next            int64 // where to read on
}

// hourOf finds the time in the names that the Streaming API gives: …/y=2026/m=07/d=16/h=13/m=00/PT1H.json.
var hourOf = regexp.MustCompile(`^(.*?)y=(\d{4})/m=(\d\d)/d=(\d\d)/h=(\d\d)/`)

const hourForm = "2006-01-02T15"

func newWalk(s *Source, covered collect.Covered) *walk {
	w := &walk{source: s, covered: covered, from: s.cfg.Start.At, roots: map[string][]string{}, odd: map[string]bool{}, read: map[string]place{}}
	if s.cfg.Start.Latest {
		// What began with some hour goes on from that hour: hours that came while nobody was reading are wanted.
		w.from = time.Now()
		for p := range covered.Last() {
			if m := hourOf.FindStringSubmatch(p); m != nil {
				if at, err := time.Parse(hourForm, hourText(m)); err == nil && at.Before(w.from) {
					w.from = at
				}
			}
		}
	}
	return w
}

func hourText(m []string) string { return m[2] + "-" + m[3] + "-" + m[4] + "T" + m[5] }

// look lists the blobs, all of them now and then and otherwise those of the months in which hours are still open, and gives those that have
// something new, the oldest first.
func (w *walk) look(ctx context.Context) ([]*entry, error) {
	sweep := w.swept.IsZero() || time.Since(w.swept) >= w.source.cfg.Sweep
	if sweep {
		names, err := w.containers(ctx)
		if err != nil {
			return nil, err
		}
		w.names = names
	}
	var changed []*entry
	listed, whole := map[string]bool{}, true
	for _, name := range w.names {
		prefixes := []string{""}
		if !sweep && !w.odd[name] {
			prefixes = months(w.roots[name], time.Now())
		}
		for _, prefix := range prefixes {
			err := w.list(ctx, name, prefix, listed, &changed)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if fault.Is(err, fault.NotFound) && len(w.source.cfg.Containers) == 0 {
				err = nil // it was deleted since the last sweep
			}
			if w.source.note(name, err); err != nil {
				if !fault.Is(err, fault.NotFound) { // one that is named will be made with the first event
					whole = false
					if !fault.Retryable(err) {
						return nil, err
					}
				}
				w.source.cfg.Log.Warn("listing a container failed, trying again", "container", name, "error", err)
				break
			}
		}
	}
	if sweep && whole {
		w.swept = time.Now()
		w.forget(listed)
	}
	slices.SortFunc(changed, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.hour, b.hour), cmp.Compare(a.container, b.container), cmp.Compare(a.name, b.name))
	})
	return changed, nil
}

// months gives the beginnings of the names of the blobs of these days: the present month, at its edges the next one too.
func months(roots []string, now time.Time) []string {
	var out []string
	for _, root := range roots {
		last := ""
		for _, at := range []time.Time{now.AddDate(0, 0, -3), now.AddDate(0, 0, 1)} { // a closed hour grows for half a day, and clocks differ
			if p := root + at.UTC().Format("y=2006/m=01/"); p != last {
				out, last = append(out, p), p
			}
		}
	}
	return out
}

// containers gives the names of the containers to read, sorted.
func (w *walk) containers(ctx context.Context) ([]string, error) {
	switch {
	case len(w.source.cfg.Containers) > 0:
		return w.source.cfg.Containers, nil
	case w.source.account.only != "":
		return []string{w.source.account.only}, nil
	}
	var names []string
	prefix := Prefix
	for pager := w.source.account.service.NewListContainersPager(&service.ListContainersOptions{Prefix: &prefix}); pager.More(); {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return nil, w.source.explain("list the containers", err)
		}
		for _, c := range page.ContainerItems {
			names = append(names, *c.Name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// list adds what is new in a container to changed, and the partitions that are there to listed.
func (w *walk) list(ctx context.Context, name, prefix string, listed map[string]bool, changed *[]*entry) error {
	o := &container.ListBlobsFlatOptions{}
	if prefix != "" {
		o.Prefix = &prefix
	}
	for pager := w.source.account.container(name).NewListBlobsFlatPager(o); pager.More(); {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return w.source.explain("list container "+name, err)
		}
		for _, item := range page.Segment.BlobItems {
			e, ok := w.entry(name, item)
			if !ok {
				continue
			}
			listed[e.partition] = true
			if w.isNew(e) {
				*changed = append(*changed, e)
			}
		}
	}
	return nil
}

// entry reads a line of a list; ok is false for what is not wanted.
func (w *walk) entry(name string, item *container.BlobItem) (e *entry, ok bool) {
	p := item.Properties
	if item.Name == nil || p == nil || p.ETag == nil || p.ContentLength == nil || *p.ContentLength == 0 {
		return nil, false
	}
	e = &entry{container: name, name: *item.Name, etag: string(*p.ETag), size: *p.ContentLength, growing: p.BlobType != nil && *p.BlobType == blob.BlobTypeAppendBlob}
	if p.LastModified != nil {
		e.modified = *p.LastModified
	}
	at := e.modified
	if m := hourOf.FindStringSubmatch(e.name); m != nil {
		e.hour = hourText(m)
		if t, err := time.Parse(hourForm, e.hour); err == nil {
			at = t
		}
		if !slices.Contains(w.roots[name], m[1]) {
			w.roots[name] = append(w.roots[name], m[1])
		}
	} else {
		w.odd[name] = true
	}
	switch {
	case !e.growing: // may be rewritten as a whole: each version is a partition of its own
		e.partition = fmt.Sprintf("%s/%s@%s", name, e.name, strings.Trim(e.etag, `"`))
	case p.CreationTime != nil:
		e.created = *p.CreationTime
		e.partition = fmt.Sprintf("%s/%s@%d", name, e.name, e.created.Unix())
	default:
		e.partition = name + "/" + e.name
	}
	if at.Add(time.Hour).Before(w.from) || at.Add(time.Hour).Equal(w.from) {
		return nil, false
	}
	return e, true
}

// isNew tells whether e has something to read, and from where.
func (w *walk) isNew(e *entry) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, known := w.read[e.partition]
	if !known {
		if seq, ok := w.covered.Start(e.partition); ok {
			p.next = seq + 1
		}
		if e.growing && p.next >= e.size || p.next > finished {
			p.etag = e.etag
			w.read[e.partition] = p
		}
	}
	e.next = p.next
	unended := e.growing && p.next < e.size && time.Since(e.modified) > w.source.cfg.Settled
	return p.etag != e.etag || unended
}

// keep notes to where e has been read; whole when that is as far as it was listed, so that it is not looked at until it changes.
func (w *walk) keep(e *entry, whole bool) {
	p := place{next: e.next}
	if whole {
		p.etag = e.etag
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.read[e.partition] = p
}

// forget drops the blobs that are not there any more.
func (w *walk) forget(listed map[string]bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	maps.DeleteFunc(w.read, func(partition string, _ place) bool { return !listed[partition] })
}
