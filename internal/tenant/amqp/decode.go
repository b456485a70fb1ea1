package amqp

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// maxDepth bounds how deep lists, maps and described values may nest; real peers stay below ten.
const maxDepth = 32

var errDeep = errors.New("amqp: value nested too deep")

// Decode reads one value and gives what follows it. Strings and binary are copied out of b.
func Decode(b []byte) (v any, rest []byte, err error) {
	d := decoder{b: b}
	v = d.value(maxDepth)
	return v, d.b, d.err
}

type decoder struct {
	b   []byte
	err error
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
	d.b = nil
}

// take gives the next n bytes; after a failure it gives zeros, so that callers need not look.
func (d *decoder) take(n int) []byte {
	if n < 0 || n > len(d.b) {
		d.fail(ErrShort)
		return make([]byte, min(max(n, 0), 16))
	}
	x := d.b[:n]
	d.b = d.b[n:]
	return x
}

func (d *decoder) u8() byte    { return d.take(1)[0] }
func (d *decoder) u16() uint16 { return order.Uint16(d.take(2)) }
func (d *decoder) u32() uint32 { return order.Uint32(d.take(4)) }
func (d *decoder) u64() uint64 { return order.Uint64(d.take(8)) }

// size reads a four-byte length, which cannot be more than what is left.
func (d *decoder) size() int {
	n := d.u32()
	if uint64(n) > uint64(len(d.b)) {
		d.fail(ErrShort)
		return 0
	}
	return int(n)
}

func (d *decoder) value(depth int) any {
	if depth <= 0 {
		d.fail(errDeep)
		return nil
	}
	code := d.u8()
	if d.err != nil {
		return nil
	}
	if code != 0 {
		return d.body(code, depth)
	}
	desc := d.value(depth - 1)
	v := d.value(depth - 1)
	switch desc := desc.(type) {
	case uint64:
		return Described{Code: desc, Value: v}
	case Symbol:
		return Described{Name: desc, Value: v}
	}
	d.fail(fmt.Errorf("amqp: descriptor is a %T", desc))
	return nil
}

func (d *decoder) body(code byte, depth int) any {
	switch code {
	case 0x40:
		return nil
	case 0x41:
		return true
	case 0x42:
		return false
	case 0x56:
		return d.u8() != 0
	case 0x43:
		return uint32(0)
	case 0x44:
		return uint64(0)
	case 0x45:
		return List{}
	case 0x50:
		return d.u8()
	case 0x51:
		return int8(d.u8())
	case 0x52:
		return uint32(d.u8())
	case 0x53:
		return uint64(d.u8())
	case 0x54:
		return int32(int8(d.u8()))
	case 0x55:
		return int64(int8(d.u8()))
	case 0x60:
		return d.u16()
	case 0x61:
		return int16(d.u16())
	case 0x70:
		return d.u32()
	case 0x71:
		return int32(d.u32())
	case 0x72:
		return math.Float32frombits(d.u32())
	case 0x80:
		return d.u64()
	case 0x81:
		return int64(d.u64())
	case 0x82:
		return math.Float64frombits(d.u64())
	case 0x83:
		return time.UnixMilli(int64(d.u64())).UTC()
	case 0x98:
		var u UUID
		copy(u[:], d.take(16))
		return u
	case 0xa0:
		return append([]byte{}, d.take(int(d.u8()))...)
	case 0xb0:
		return append([]byte{}, d.take(d.size())...)
	case 0xa1:
		return string(d.take(int(d.u8())))
	case 0xb1:
		return string(d.take(d.size()))
	case 0xa3:
		return Symbol(d.take(int(d.u8())))
	case 0xb3:
		return Symbol(d.take(d.size()))
	case 0xc0, 0xc1, 0xe0:
		in := decoder{b: d.take(int(d.u8()))}
		return d.compound(code, &in, int(in.u8()), depth)
	case 0xd0, 0xd1, 0xf0:
		in := decoder{b: d.take(d.size())}
		return d.compound(code, &in, int(in.u32()), depth)
	}
	d.fail(fmt.Errorf("amqp: unknown type code %#x", code))
	return nil
}

// compound reads the n elements of a list, map or array that lie in in.
func (d *decoder) compound(code byte, in *decoder, n, depth int) any {
	list := List{}
	if depth <= 0 {
		d.fail(errDeep)
		return list
	}
	element := byte(0)
	if code == 0xe0 || code == 0xf0 {
		element = in.u8()
	}
	for i := 0; i < n && in.err == nil; i++ {
		if element != 0 && element&0xf0 == 0x40 && i >= 1<<16 {
			in.fail(errors.New("amqp: array of nothing too long")) // elements of no size would let n run free
			break
		}
		if element != 0 {
			list = append(list, in.body(element, depth-1))
		} else {
			list = append(list, in.value(depth-1))
		}
	}
	if in.err != nil {
		d.fail(in.err)
	}
	if code != 0xc1 && code != 0xd1 {
		return list
	}
	m := make(Map, 0, len(list)/2)
	for i := 0; i+1 < len(list); i += 2 {
		m = append(m, Pair{list[i], list[i+1]})
	}
	return m
}
