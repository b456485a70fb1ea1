package amqp

import (
	"fmt"
	"io"
)

// Frame types.
const (
	FrameAMQP = 0
	FrameSASL = 1
)

// Protocol headers.
const (
	HeaderAMQP = "AMQP\x00\x01\x00\x00"
	HeaderSASL = "AMQP\x03\x01\x00\x00"
)

// maxFrame is the largest frame taken from a peer.
const maxFrame = 1 << 24

// Frame is one frame. A heartbeat has no performative (Perf.Code 0).
type Frame struct {
	Type    byte
	Channel uint16
	Perf    Described
	Payload []byte // what follows the performative; part of a message in a transfer
}

// ReadFrame reads the next frame.
func ReadFrame(r io.Reader) (Frame, error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return Frame{}, err
	}
	size := order.Uint32(head[:])
	if size < 8 || size > maxFrame {
		return Frame{}, fmt.Errorf("amqp: frame of %d bytes", size)
	}
	b := make([]byte, size-8)
	if _, err := io.ReadFull(r, b); err != nil {
		return Frame{}, err
	}
	skip := int(head[4])*4 - 8
	if skip < 0 || skip > len(b) {
		return Frame{}, fmt.Errorf("amqp: data offset %d", head[4])
	}
	f := Frame{Type: head[5], Channel: order.Uint16(head[6:])}
	if b = b[skip:]; len(b) == 0 {
		return f, nil
	}
	v, rest, err := Decode(b)
	if err != nil {
		return f, err
	}
	perf, ok := v.(Described)
	if !ok {
		return f, fmt.Errorf("amqp: frame begins with a %T", v)
	}
	f.Perf, f.Payload = perf, rest
	return f, nil
}

// AppendFrame encodes a frame after b, without its payload, but with the payload's length counted: the caller writes that next.
func AppendFrame(b []byte, typ byte, channel uint16, perf any, payload int) []byte {
	at := len(b)
	b = append(b, 0, 0, 0, 0, 2, typ, byte(channel>>8), byte(channel))
	if perf != nil {
		b = Append(b, perf)
	}
	order.PutUint32(b[at:], uint32(len(b)-at+payload))
	return b
}
