package hub

import (
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/internal/tenant/amqp"
)

// transfer takes one frame of a request to a node. The caller holds conn.mu.
func (s *session) transfer(f amqp.List, payload []byte) {
	l := s.links[f.Uint(0)]
	if l == nil || l.sends || len(l.partial)+len(payload) > maxMessage {
		return
	}
	l.partial = append(l.partial, payload...)
	if f.Bool(5) { // more
		return
	}
	body := l.partial
	l.partial = nil
	l.count++
	if !f.Bool(4) && f.At(1) != nil { // not settled yet
		id := f.Uint(1)
		s.conn.queue(amqp.FrameAMQP, s.channel, amqp.Perf(amqp.Disposition, true, id, id, true, amqp.Perf(amqp.Accepted)))
	}
	if l.count%500 == 0 {
		s.conn.queue(amqp.FrameAMQP, s.channel, amqp.Perf(amqp.Flow, uint32(0), uint32(1<<30), s.nextOut, uint32(1<<30), l.handle, l.count, uint32(1000)))
	}
	m, err := amqp.DecodeMessage(body)
	if err != nil {
		l.end("amqp:decode-error", err.Error())
		return
	}
	if l.addr == "$cbs" {
		s.putToken(m)
		return
	}
	s.manage(l.addr, m)
}

// putToken answers $cbs: it is the only door to the hub.
func (s *session) putToken(m amqp.Message) {
	h := s.conn.hub
	if op := amqp.Text(m.Application.Get("operation")); op != "put-token" {
		s.answer("$cbs", m, 400, "unknown operation "+op, nil)
		return
	}
	if h.cfg.Auth != nil {
		if err := h.cfg.Auth(amqp.Text(m.Application.Get("name")), amqp.Text(m.Application.Get("type")), amqp.Text(m.Value)); err != nil {
			s.answer("$cbs", m, 401, err.Error(), nil)
			return
		}
	}
	s.conn.authorized = true
	s.answer("$cbs", m, 202, "Accepted", nil)
}

// manage answers $management: what the hub and its partitions are.
func (s *session) manage(addr string, m amqp.Message) {
	h := s.conn.hub
	name := amqp.Text(m.Application.Get("name"))
	switch {
	case !s.conn.authorized:
		s.answer(addr, m, 401, "Unauthorized access.", nil)
	case !strings.EqualFold(name, h.cfg.Name):
		s.answer(addr, m, 404, "The messaging entity '"+name+"' could not be found.", nil)
	case amqp.Text(m.Application.Get("type")) == "com.microsoft:eventhub":
		s.answer(addr, m, 200, "OK", h.hubProperties())
	case amqp.Text(m.Application.Get("type")) == "com.microsoft:partition":
		n, err := strconv.Atoi(amqp.Text(m.Application.Get("partition")))
		if err != nil || n < 0 || n >= len(h.parts) {
			s.answer(addr, m, 404, "The specified partition is invalid.", nil)
			return
		}
		s.answer(addr, m, 200, "OK", h.partitionProperties(n))
	default:
		s.answer(addr, m, 400, "The request's type is not understood.", nil)
	}
}

// answer queues the reply to m on the node's other link, correlated by message id.
func (s *session) answer(addr string, m amqp.Message, status int32, text string, body any) {
	to := s.replies[addr]
	if to == nil {
		return // a client that opened no receiver does not want to know
	}
	b := amqp.Append(nil, amqp.Perf(amqp.Properties, nil, nil, nil, nil, nil, m.Properties.At(0)))
	b = amqp.Append(b, amqp.Described{Code: amqp.Application, Value: amqp.Map{{Key: "status-code", Value: status}, {Key: "status-description", Value: text}}})
	to.answers = append(to.answers, amqp.Append(b, amqp.Described{Code: amqp.Value, Value: body}))
	s.conn.wake.Signal()
}
