// Package hub is an Event Hubs namespace with one hub, as the official clients see it: AMQP 1.0 over TLS, $cbs with shared access
// signatures or tokens, $management, receivers with selector filters, credit and epochs. What is published lies in files.
//
// It imports the AMQP wire format beside it and the standard library.
package hub

import (
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vedette-siem/vedette/internal/tenant/amqp"
)

// Config says what the namespace holds.
type Config struct {
	Name       string   // the hub
	Partitions int      // default 4
	Groups     []string // consumer groups besides $Default
	Dir        string   // where the partitions' files go; it must exist
	TLS        *tls.Config
	// Auth decides on each token put to $cbs. An error is answered with 401 and its text.
	Auth func(audience, kind, token string) error
}

// Hub is a running namespace.
type Hub struct {
	cfg     Config
	ln      net.Listener
	created time.Time
	parts   []*log

	mu        sync.Mutex
	conns     map[*conn]bool
	receivers map[*link]bool // every receiver of a partition, on any connection
	closed    bool
	mute      atomic.Bool
}

// Start opens the partitions and listens on a free port of the loopback interface.
func Start(cfg Config) (*Hub, error) {
	if cfg.Partitions == 0 {
		cfg.Partitions = 4
	}
	h := &Hub{cfg: cfg, created: time.Now().UTC().Truncate(time.Millisecond), conns: map[*conn]bool{}, receivers: map[*link]bool{}}
	for i := range cfg.Partitions {
		l, err := newLog(cfg.Dir, i)
		if err != nil {
			return nil, errors.Join(err, h.closeLogs())
		}
		h.parts = append(h.parts, l)
	}
	ln, err := tls.Listen("tcp", "127.0.0.1:0", cfg.TLS)
	if err != nil {
		return nil, errors.Join(err, h.closeLogs())
	}
	h.ln = ln
	go h.accept()
	return h, nil
}

// Addr is the host and port to dial.
func (h *Hub) Addr() string { return h.ln.Addr().String() }

// Partitions is the number of partitions.
func (h *Hub) Partitions() int { return len(h.parts) }

// Publish appends one event to a partition and wakes its receivers. The body is copied.
func (h *Hub) Publish(partition int, body []byte) error {
	if _, err := h.parts[partition].append(body, time.Now()); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.receivers {
		if l.partition == partition {
			l.conn.rouse()
		}
	}
	return nil
}

// Count is the number of events that were published, over all partitions.
func (h *Hub) Count() (n int64) {
	for _, p := range h.parts {
		_, next := p.bounds()
		n += next
	}
	return n
}

// DropConnections cuts every connection, as a network fault does.
func (h *Hub) DropConnections() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.conns {
		_ = c.net.Close() // the connection's own reader notices and cleans up
	}
}

// Detach closes the receivers of a partition with an AMQP error condition, as maintenance of the service does.
func (h *Hub) Detach(partition int, condition, text string) {
	for _, l := range h.take(func(l *link) bool { return l.partition == partition }) {
		l.conn.detach(l, condition, text)
	}
}

// Truncate forgets the events of a partition before seq, as retention does.
func (h *Hub) Truncate(partition int, seq int64) { h.parts[partition].truncate(seq) }

// Mute stops deliveries without an error, which is what a client without the Data Receiver role sees.
func (h *Hub) Mute(on bool) {
	h.mute.Store(on)
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.conns {
		c.rouse()
	}
}

// Close stops listening, cuts all connections and closes the files.
func (h *Hub) Close() error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	err := h.ln.Close()
	h.DropConnections()
	return errors.Join(err, h.closeLogs())
}

func (h *Hub) closeLogs() (err error) {
	for _, p := range h.parts {
		err = errors.Join(err, p.close())
	}
	return err
}

func (h *Hub) accept() {
	for {
		nc, err := h.ln.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			time.Sleep(10 * time.Millisecond) // out of file descriptors, say: it may pass
			continue
		}
		c := newConn(h, nc)
		h.mu.Lock()
		if h.closed {
			h.mu.Unlock()
			_ = nc.Close() // nobody is there any more
			return
		}
		h.conns[c] = true
		h.mu.Unlock()
		go c.serve()
	}
}

// take removes receivers from the register and gives them, so that the caller can detach them without holding the lock.
func (h *Hub) take(which func(*link) bool) (list []*link) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.receivers {
		if which(l) {
			delete(h.receivers, l)
			list = append(list, l)
		}
	}
	return list
}

// claim registers a receiver. A holder with a higher epoch refuses it; holders with an epoch not higher than its own are taken away.
func (h *Hub) claim(l *link) (refusedBy *link, stolen []*link) {
	h.mu.Lock()
	defer h.mu.Unlock()
	same := func(o *link) bool { return o.partition == l.partition && o.group == l.group }
	for o := range h.receivers {
		if same(o) && o.epoch != nil && (l.epoch == nil || *l.epoch < *o.epoch) {
			return o, nil
		}
	}
	if l.epoch != nil {
		for o := range h.receivers {
			if same(o) {
				delete(h.receivers, o)
				stolen = append(stolen, o)
			}
		}
	}
	h.receivers[l] = true
	return nil, stolen
}

func (h *Hub) forget(c *conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.conns, c)
	for l := range h.receivers {
		if l.conn == c {
			delete(h.receivers, l)
		}
	}
}

func (h *Hub) hasGroup(name string) bool {
	return strings.EqualFold(name, "$Default") || slices.ContainsFunc(h.cfg.Groups, func(g string) bool { return strings.EqualFold(g, name) })
}

// hubProperties answers a READ of com.microsoft:eventhub.
func (h *Hub) hubProperties() amqp.Map {
	ids := make(amqp.Strings, len(h.parts))
	for i := range ids {
		ids[i] = itoa(i)
	}
	return amqp.Map{{Key: "name", Value: h.cfg.Name}, {Key: "type", Value: "com.microsoft:eventhub"}, {Key: "created_at", Value: h.created},
		{Key: "partition_count", Value: int32(len(h.parts))}, {Key: "georeplication_factor", Value: int32(1)}, {Key: "partition_ids", Value: ids}}
}

// partitionProperties answers a READ of com.microsoft:partition.
func (h *Hub) partitionProperties(n int) amqp.Map {
	first, _ := h.parts[n].bounds()
	seq, e, ok := h.parts[n].last()
	offset, at := i64toa(e.at), time.UnixMilli(e.enqueued)
	if !ok {
		seq, offset, at = -1, "-1", time.Unix(0, 0)
	}
	return amqp.Map{{Key: "name", Value: h.cfg.Name}, {Key: "type", Value: "com.microsoft:partition"}, {Key: "partition", Value: itoa(n)},
		{Key: "begin_sequence_number", Value: first}, {Key: "last_enqueued_sequence_number", Value: seq}, {Key: "last_enqueued_offset", Value: offset},
		{Key: "last_enqueued_time_utc", Value: at}, {Key: "is_partition_empty", Value: !ok}}
}
