package amqp

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"
)

var order = binary.BigEndian

// Append encodes v after b. A Go type that stands for nothing in AMQP is our bug and panics.
func Append(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, 0x40)
	case bool:
		if v {
			return append(b, 0x41)
		}
		return append(b, 0x42)
	case uint8:
		return append(b, 0x50, v)
	case uint16:
		return order.AppendUint16(append(b, 0x60), v)
	case uint32:
		return order.AppendUint32(append(b, 0x70), v)
	case uint64:
		return order.AppendUint64(append(b, 0x80), v)
	case int8:
		return append(b, 0x51, byte(v))
	case int16:
		return order.AppendUint16(append(b, 0x61), uint16(v))
	case int32:
		return order.AppendUint32(append(b, 0x71), uint32(v))
	case int64:
		return order.AppendUint64(append(b, 0x81), uint64(v))
	case float32:
		return order.AppendUint32(append(b, 0x72), math.Float32bits(v))
	case float64:
		return order.AppendUint64(append(b, 0x82), math.Float64bits(v))
	case time.Time:
		return order.AppendUint64(append(b, 0x83), uint64(v.UnixMilli()))
	case UUID:
		return append(append(b, 0x98), v[:]...)
	case []byte:
		return appendVar(b, 0xa0, 0xb0, v)
	case string:
		return appendVar(b, 0xa1, 0xb1, v)
	case Symbol:
		return appendVar(b, 0xa3, 0xb3, v)
	case Strings:
		return appendArray(b, 0xb1, v)
	case Symbols:
		return appendArray(b, 0xb3, v)
	case List:
		return appendList(b, v)
	case Map:
		return appendMap(b, v)
	case Described:
		return Append(appendDescriptor(b, v), v.Value)
	}
	panic(fmt.Sprintf("amqp: cannot encode %T", v))
}

func appendVar[T ~string | ~[]byte](b []byte, short, long byte, v T) []byte {
	if len(v) < 256 {
		return append(append(b, short, byte(len(v))), v...)
	}
	return append(order.AppendUint32(append(b, long), uint32(len(v))), v...)
}

// appendCompound writes code, a size to be filled in, and n; done fills the size in once the elements are there.
func appendCompound(b []byte, code byte, n int) (out []byte, done func([]byte) []byte) {
	b = append(b, code)
	at := len(b)
	b = order.AppendUint32(order.AppendUint32(b, 0), uint32(n))
	return b, func(b []byte) []byte {
		order.PutUint32(b[at:], uint32(len(b)-at-4))
		return b
	}
}

func appendArray[T ~string](b []byte, element byte, v []T) []byte {
	b, done := appendCompound(b, 0xf0, len(v))
	b = append(b, element)
	for _, s := range v {
		b = append(order.AppendUint32(b, uint32(len(s))), s...)
	}
	return done(b)
}

func appendList(b []byte, v List) []byte {
	if len(v) == 0 {
		return append(b, 0x45)
	}
	b, done := appendCompound(b, 0xd0, len(v))
	for _, x := range v {
		b = Append(b, x)
	}
	return done(b)
}

func appendMap(b []byte, v Map) []byte {
	b, done := appendCompound(b, 0xd1, 2*len(v))
	for _, p := range v {
		b = Append(Append(b, p.Key), p.Value)
	}
	return done(b)
}

func appendDescriptor(b []byte, v Described) []byte {
	b = append(b, 0x00)
	switch {
	case v.Name != "":
		return Append(b, v.Name)
	case v.Code < 256:
		return append(b, 0x53, byte(v.Code))
	}
	return Append(b, v.Code)
}
