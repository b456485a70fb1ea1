package hub

import (
	"bufio"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/tenant/amqp"
)

const (
	frameSize  = 65536   // largest frame either side sends
	maxMessage = 1 << 20 // what Event Hubs allows
	heartbeat  = 15 * time.Second
	goodbye    = 5 * time.Second // how long a closing connection may take to be written out
)

func itoa(n int) string     { return strconv.Itoa(n) }
func i64toa(n int64) string { return strconv.FormatInt(n, 10) }

// conn is one connection: a goroutine reads frames and changes the state, another writes, taking answers first and then, one at a time,
// the events that receivers have credit for. So no more than one event a connection is in memory.
type conn struct {
	hub  *Hub
	net  net.Conn
	wake *sync.Cond // on mu: there may be something to write

	mu         sync.Mutex // taken after hub.mu where both are, never before
	out        []byte     // answers waiting to be written
	closing    bool
	maxFrame   int
	sessions   map[uint16]*session
	authorized bool // a token was accepted on $cbs
}

func newConn(h *Hub, nc net.Conn) *conn {
	c := &conn{hub: h, net: nc, maxFrame: frameSize, sessions: map[uint16]*session{}}
	c.wake = sync.NewCond(&c.mu)
	return c
}

// session is one AMQP session and its links.
type session struct {
	conn     *conn
	channel  uint16
	links    map[uint32]*link
	replies  map[string]*link // request/response nodes: address to the link on which answers go
	nextOut  uint32           // transfer frames sent
	window   uint32           // transfer frames the peer still takes
	delivery uint32           // next delivery id
}

// link is one end of a link. Only sending links (the peer receives) have credit.
type link struct {
	conn    *conn
	session *session
	handle  uint32
	addr    string
	sends   bool
	credit  uint32
	count   uint32 // delivery count
	drain   bool
	gone    bool     // we sent the detach
	answers [][]byte // of a request/response node, waiting for credit: clients may ask before their flow frame

	partition int // -1 unless a receiver of a partition
	group     string
	name      string
	epoch     *int64
	next      int64 // sequence number

	partial []byte // of a message that is still arriving
}

// rouse lets the writer look for something to send.
func (c *conn) rouse() {
	c.mu.Lock() // without it a writer between looking and waiting would sleep on
	c.wake.Signal()
	c.mu.Unlock()
}

// queue adds a frame to what is to be written. The caller holds mu.
func (c *conn) queue(typ byte, channel uint16, perf any) {
	c.out = amqp.AppendFrame(c.out, typ, channel, perf, 0)
	c.wake.Signal()
}

func (c *conn) serve() {
	beat := time.NewTicker(heartbeat)
	stop := make(chan struct{})
	go func() {
		defer beat.Stop()
		for {
			select {
			case <-beat.C:
				c.mu.Lock()
				c.queue(amqp.FrameAMQP, 0, nil)
				c.mu.Unlock()
			case <-stop:
				return
			}
		}
	}()
	written := make(chan struct{})
	go func() {
		defer close(written)
		c.write()
	}()
	c.read()
	close(stop)
	c.hub.forget(c)
	c.mu.Lock()
	c.closing = true
	c.wake.Signal()
	c.mu.Unlock()
	_ = c.net.SetWriteDeadline(time.Now().Add(goodbye)) // a dead peer must not hold the writer for ever
	<-written
	_ = c.net.Close() // the peer may have closed it already
}

func (c *conn) read() {
	r := bufio.NewReaderSize(c.net, frameSize)
	if !c.handshake(r) {
		return
	}
	for {
		f, err := amqp.ReadFrame(r)
		if err != nil {
			return
		}
		if f.Perf.Code != 0 && c.handle(f) {
			return
		}
	}
}

// handshake answers the SASL exchange (ANONYMOUS, as all clients with $cbs use) and the AMQP header.
func (c *conn) handshake(r io.Reader) bool {
	say := func(b []byte) {
		c.mu.Lock()
		c.out = append(c.out, b...)
		c.wake.Signal()
		c.mu.Unlock()
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(r, head); err != nil {
		return false
	}
	if string(head) == amqp.HeaderSASL {
		say(amqp.AppendFrame([]byte(amqp.HeaderSASL), amqp.FrameSASL, 0, amqp.Perf(amqp.SASLMechanisms, amqp.Symbols{"MSSBCBS", "ANONYMOUS", "EXTERNAL"}), 0))
		if f, err := amqp.ReadFrame(r); err != nil || f.Perf.Code != amqp.SASLInit {
			return false
		}
		say(amqp.AppendFrame(nil, amqp.FrameSASL, 0, amqp.Perf(amqp.SASLOutcome, uint8(0)), 0))
		if _, err := io.ReadFull(r, head); err != nil {
			return false
		}
	}
	if string(head) != amqp.HeaderAMQP {
		return false
	}
	say([]byte(amqp.HeaderAMQP))
	return true
}

// handle changes the state as a frame says; done is true after a close.
func (c *conn) handle(f amqp.Frame) (done bool) {
	fields := f.Perf.Fields()
	if f.Perf.Code == amqp.Attach {
		c.attach(f.Channel, fields) // takes the hub's lock, so it locks the connection itself
		return false
	}
	c.mu.Lock()
	s := c.sessions[f.Channel]
	var drop *link
	switch f.Perf.Code {
	case amqp.Open:
		if n := fields.Uint(2); n >= 512 {
			c.maxFrame = min(c.maxFrame, int(n))
		}
		c.queue(amqp.FrameAMQP, 0, amqp.Perf(amqp.Open, "hub", nil, uint32(frameSize), uint16(255), uint32(120000)))
	case amqp.Begin:
		c.sessions[f.Channel] = &session{conn: c, channel: f.Channel, links: map[uint32]*link{}, replies: map[string]*link{}, window: fields.Uint(2)}
		c.queue(amqp.FrameAMQP, f.Channel, amqp.Perf(amqp.Begin, f.Channel, uint32(0), uint32(1<<30), uint32(1<<30), uint32(1<<16)))
	case amqp.Flow:
		if s != nil {
			s.flow(fields)
		}
	case amqp.Transfer:
		if s != nil {
			s.transfer(fields, f.Payload)
		}
	case amqp.Detach:
		if s != nil {
			drop = s.links[fields.Uint(0)]
			delete(s.links, fields.Uint(0))
			if drop != nil && !drop.gone {
				drop.gone = true
				c.queue(amqp.FrameAMQP, f.Channel, amqp.Perf(amqp.Detach, drop.handle, true))
			}
		}
	case amqp.End:
		delete(c.sessions, f.Channel)
		c.queue(amqp.FrameAMQP, f.Channel, amqp.Perf(amqp.End))
	case amqp.Close:
		c.queue(amqp.FrameAMQP, 0, amqp.Perf(amqp.Close))
		done = true
	}
	c.mu.Unlock()
	if drop != nil || f.Perf.Code == amqp.End {
		c.hub.take(func(l *link) bool { return l == drop || s != nil && f.Perf.Code == amqp.End && l.session == s })
	}
	return done
}

// flow takes over the windows and credit that the peer grants.
func (s *session) flow(f amqp.List) {
	s.window = f.Uint(0) + f.Uint(1) - s.nextOut
	if f.At(4) != nil {
		if l := s.links[f.Uint(4)]; l != nil && l.sends {
			l.credit = f.Uint(5) + f.Uint(6) - l.count
			l.drain = f.Bool(8)
		}
	} else if f.Bool(9) {
		s.conn.queue(amqp.FrameAMQP, s.channel, amqp.Perf(amqp.Flow, uint32(0), uint32(1<<30), s.nextOut, uint32(1<<30)))
	}
	s.conn.wake.Signal()
}

// detach ends a link with an error; the peer answers with its own detach.
func (c *conn) detach(l *link, condition, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l.end(condition, text)
}

func (l *link) end(condition, text string) {
	if l.gone || l.session.links[l.handle] != l {
		return
	}
	l.gone = true
	l.conn.queue(amqp.FrameAMQP, l.session.channel, amqp.Perf(amqp.Detach, l.handle, true, amqp.Perf(amqp.ErrorType, amqp.Symbol(condition), text)))
}
