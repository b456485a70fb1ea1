package hub

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/internal/tenant/amqp"
)

var (
	receiverAddr = regexp.MustCompile(`(?i)^([^/]+)/ConsumerGroups/([^/]+)/Partitions/([^/]+)$`)
	selector     = regexp.MustCompile(`^amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time)\s*(>=?)\s*'([^']*)'$`)
)

const selectorCode = 0x468C00000004

// isNode reports whether addr is a request/response node.
func isNode(addr string) bool { return addr == "$cbs" || strings.HasSuffix(addr, "$management") }

// refusal is why a link is not let in.
type refusal struct{ condition, text string }

// attach opens a link: to a request/response node, or a receiver of a partition. Senders to the hub are refused: nobody but the tenant
// publishes here.
func (c *conn) attach(channel uint16, f amqp.List) {
	c.mu.Lock()
	s := c.sessions[channel]
	if s == nil {
		c.mu.Unlock()
		return
	}
	l := &link{conn: c, session: s, handle: f.Uint(1), sends: f.Bool(2), partition: -1}
	terminus, _ := f.At(6).(amqp.Described)
	if l.sends {
		terminus, _ = f.At(5).(amqp.Described)
	}
	l.addr = terminus.Fields().Text(0)
	s.links[l.handle] = l
	authorized := c.authorized
	c.mu.Unlock()

	var no *refusal
	var stolen []*link
	switch {
	case isNode(l.addr):
	case !authorized:
		no = &refusal{"amqp:unauthorized-access", "Unauthorized access. 'Listen' claim(s) are required to perform this operation."}
	case !l.sends:
		no = &refusal{"amqp:not-allowed", "This hub takes no events from clients."}
	default:
		stolen, no = c.receiver(l, terminus.Fields(), f)
	}
	for _, o := range stolen {
		o.conn.detach(o, "amqp:link:stolen", fmt.Sprintf("New receiver '%s' with higher epoch of '%d' is created hence current receiver '%s' with epoch '%s' is getting disconnected.",
			l.name, *l.epoch, o.name, epochText(o)))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if isNode(l.addr) && l.sends {
		s.replies[l.addr] = l
	}
	l.answerAttach(f, no)
}

func epochText(l *link) string {
	if l.epoch == nil {
		return "none"
	}
	return i64toa(*l.epoch)
}

// answerAttach writes our half of the attach; a refused link gets a null terminus and then the error, as the standard has it.
func (l *link) answerAttach(f amqp.List, no *refusal) {
	source, target := f.At(5), f.At(6)
	var count any
	if l.sends {
		count = uint32(0)
		if no != nil {
			source = nil
		}
	} else if no != nil {
		target = nil
	}
	c, ch := l.conn, l.session.channel
	c.queue(amqp.FrameAMQP, ch, amqp.Perf(amqp.Attach, f.At(0), l.handle, !f.Bool(2), f.At(3), f.At(4), source, target, nil, nil, count, uint64(maxMessage)))
	if no != nil {
		l.end(no.condition, no.text)
		return
	}
	if !l.sends {
		c.queue(amqp.FrameAMQP, ch, amqp.Perf(amqp.Flow, uint32(0), uint32(1<<30), l.session.nextOut, uint32(1<<30), l.handle, uint32(0), uint32(1000)))
	}
}

// receiver checks the address, the filter and the epoch of a receiver and registers it.
func (c *conn) receiver(l *link, source, attach amqp.List) (stolen []*link, no *refusal) {
	m := receiverAddr.FindStringSubmatch(l.addr)
	if m == nil || !strings.EqualFold(m[1], c.hub.cfg.Name) {
		return nil, &refusal{"amqp:not-found", "The messaging entity '" + l.addr + "' could not be found."}
	}
	if !c.hub.hasGroup(m[2]) {
		return nil, &refusal{"amqp:not-found", "The messaging entity '" + m[1] + "|" + m[2] + "' could not be found."}
	}
	p, err := strconv.Atoi(m[3])
	if err != nil || p < 0 || p >= len(c.hub.parts) {
		return nil, &refusal{"com.microsoft:argument-out-of-range", "The specified partition is invalid for an EventHub partition sender or receiver. It should be between 0 and " + itoa(len(c.hub.parts)-1) + "."}
	}
	props, _ := attach.At(13).(amqp.Map)
	name := amqp.Text(props.Get("com.microsoft:receiver-name"))
	var epoch *int64
	if e, ok := amqp.Int(props.Get("com.microsoft:epoch")); ok {
		epoch = &e
	}
	next, ok := c.hub.begin(p, source)
	if !ok {
		return nil, &refusal{"amqp:invalid-field", "The filter expression is not understood."}
	}
	c.mu.Lock()
	l.partition, l.group, l.name, l.epoch, l.next = p, strings.ToLower(m[2]), name, epoch, next
	c.mu.Unlock()
	by, stolen := c.hub.claim(l)
	if by != nil {
		return nil, &refusal{"amqp:link:stolen", fmt.Sprintf("Receiver '%s' with a higher epoch '%d' already exists. Receiver '%s' with epoch %s cannot be created.", by.name, *by.epoch, name, epochText(l))}
	}
	return stolen, nil
}

// begin turns the selector filter of a source into the first sequence number to deliver.
func (h *Hub) begin(partition int, source amqp.List) (next int64, ok bool) {
	p := h.parts[partition]
	first, end := p.bounds()
	filters, _ := source.At(7).(amqp.Map)
	expr := ""
	for _, f := range filters {
		if d, is := f.Value.(amqp.Described); is && (d.Code == selectorCode || d.Name == "apache.org:selector-filter:string") {
			expr = amqp.Text(d.Value)
		}
	}
	if expr == "" {
		return first, true
	}
	m := selector.FindStringSubmatch(expr)
	if m == nil {
		return 0, false
	}
	if m[3] == "@latest" {
		return end, true
	}
	v, err := strconv.ParseInt(m[3], 10, 64)
	if err != nil {
		return 0, false
	}
	return p.after(m[1], v, m[2] == ">="), true
}
