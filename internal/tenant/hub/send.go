package hub

import (
	"encoding/binary"
	"time"

	"github.com/vedette-siem/vedette/internal/tenant/amqp"
)

// write sends answers and events until the connection is closed. Answers go first; between two events they get their turn.
func (c *conn) write() {
	var buf, body, ready []byte
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if len(c.out) > 0 {
			ready, c.out = c.out, ready[:0]
			c.mu.Unlock()
			_, err := c.net.Write(ready)
			c.mu.Lock()
			if err != nil {
				return
			}
			continue
		}
		if c.closing {
			return
		}
		l := c.sendable()
		if l == nil {
			c.wake.Wait()
			continue
		}
		if l.partition < 0 {
			buf = append(buf[:0], l.answers[0]...)
			l.answers = l.answers[1:]
		} else {
			next := l.next
			c.mu.Unlock()
			seq, e, b, ok, err := c.hub.parts[l.partition].read(next, body)
			body = b
			c.mu.Lock()
			if err != nil || !ok || l.gone {
				if err != nil {
					l.end("amqp:internal-error", err.Error())
				}
				continue
			}
			l.next = seq + 1
			buf = amqp.Append(buf[:0], amqp.Described{Code: amqp.Annotations, Value: amqp.Map{
				{Key: amqp.Symbol("x-opt-sequence-number"), Value: seq}, {Key: amqp.Symbol("x-opt-offset"), Value: i64toa(e.at)},
				{Key: amqp.Symbol("x-opt-enqueued-time"), Value: time.UnixMilli(e.enqueued)}}})
			buf = amqp.Append(buf, amqp.Described{Code: amqp.Data, Value: body})
		}
		c.deliver(l, buf)
	}
}

// sendable finds a link that has something to send and may. It answers a drain of a link that has nothing more.
func (c *conn) sendable() *link {
	muted := c.hub.mute.Load()
	for _, s := range c.sessions {
		for _, l := range s.links {
			if !l.sends || l.gone || l.credit == 0 || s.window == 0 {
				continue
			}
			if l.partition < 0 {
				if len(l.answers) > 0 {
					return l
				}
				continue
			}
			if _, end := c.hub.parts[l.partition].bounds(); l.next < end && !muted {
				return l
			}
			if l.drain {
				l.count, l.credit, l.drain = l.count+l.credit, 0, false
				c.queue(amqp.FrameAMQP, s.channel, amqp.Perf(amqp.Flow, uint32(0), uint32(1<<30), s.nextOut, uint32(1<<30), l.handle, l.count, uint32(0), nil, true))
			}
		}
	}
	return nil
}

// deliver queues one settled message, cut into frames.
func (c *conn) deliver(l *link, msg []byte) {
	s := l.session
	id := s.delivery
	s.delivery++
	l.credit--
	l.count++
	room := c.maxFrame - 64 // more than a transfer's own fields take
	for first := true; first || len(msg) > 0; first = false {
		n := min(room, len(msg))
		perf := amqp.Perf(amqp.Transfer, l.handle, nil, nil, nil, nil, len(msg) > n)
		if first {
			perf = amqp.Perf(amqp.Transfer, l.handle, id, binary.BigEndian.AppendUint32(nil, id), uint32(0), true, len(msg) > n)
		}
		c.out = append(amqp.AppendFrame(c.out, amqp.FrameAMQP, s.channel, perf, n), msg[:n]...)
		msg = msg[n:]
		s.nextOut++
		if s.window > 0 {
			s.window-- // a message once begun is finished: clients grant windows far larger than one
		}
	}
}
