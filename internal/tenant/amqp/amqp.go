// Package amqp is the part of the AMQP 1.0 wire format that an event hub speaks: values, described types, frames and message sections.
//
// It knows nothing of hubs. It imports the standard library only.
package amqp

import (
	"errors"
	"fmt"
)

// Go values stand for AMQP values: nil, bool, uint8 to uint64, int8 to int64, float32, float64, string, []byte, time.Time (timestamp) as
// themselves, and the types below.
type (
	Symbol    string
	List      []any
	Map       []Pair // keeps its order
	Strings   []string
	Symbols   []Symbol
	UUID      [16]byte
	Described struct {
		Code  uint64 // the numeric descriptor; Name is then empty
		Name  Symbol
		Value any
	}
)

// Pair is one entry of a Map.
type Pair struct{ Key, Value any }

// Descriptors of performatives, SASL frames, message sections, outcomes and errors.
const (
	Open        = 0x10
	Begin       = 0x11
	Attach      = 0x12
	Flow        = 0x13
	Transfer    = 0x14
	Disposition = 0x15
	Detach      = 0x16
	End         = 0x17
	Close       = 0x18
	ErrorType   = 0x1d
	Accepted    = 0x24

	SASLMechanisms = 0x40
	SASLInit       = 0x41
	SASLOutcome    = 0x44

	Annotations = 0x72
	Properties  = 0x73
	Application = 0x74
	Data        = 0x75
	Value       = 0x77
)

// ErrShort says that bytes ended inside a value.
var ErrShort = errors.New("amqp: value cut short")

// Perf makes a performative of its fields; nil fields at the end are left out, as the standard allows.
func Perf(code uint64, fields ...any) Described {
	for len(fields) > 0 && fields[len(fields)-1] == nil {
		fields = fields[:len(fields)-1]
	}
	return Described{Code: code, Value: List(fields)}
}

// Fields gives the list inside a performative, or nothing.
func (d Described) Fields() List {
	l, _ := d.Value.(List)
	return l
}

// At gives field i, or nil when the peer left it out.
func (l List) At(i int) any {
	if i < len(l) {
		return l[i]
	}
	return nil
}

// Uint gives field i as a number, 0 when it is absent.
func (l List) Uint(i int) uint32 { return Uint(l.At(i)) }

// Bool gives field i as a truth value, false when it is absent.
func (l List) Bool(i int) bool {
	b, _ := l.At(i).(bool)
	return b
}

// Text gives field i as a string, "" when it is absent.
func (l List) Text(i int) string { return Text(l.At(i)) }

// Get gives the value under a string or symbol key, or nil.
func (m Map) Get(key string) any {
	for _, p := range m {
		if p.Key == key || p.Key == Symbol(key) {
			return p.Value
		}
	}
	return nil
}

// Uint gives any unsigned number as uint32, else 0.
func Uint(v any) uint32 {
	switch v := v.(type) {
	case uint8:
		return uint32(v)
	case uint16:
		return uint32(v)
	case uint32:
		return v
	case uint64:
		return uint32(v)
	}
	return 0
}

// Int gives any signed number; ok is false for everything else.
func Int(v any) (n int64, ok bool) {
	switch v := v.(type) {
	case int8:
		return int64(v), true
	case int16:
		return int64(v), true
	case int32:
		return int64(v), true
	case int64:
		return v, true
	}
	return 0, false
}

// Text gives strings, symbols and binary as a string, else "".
func Text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case Symbol:
		return string(v)
	case []byte:
		return string(v)
	}
	return ""
}

// Message is a decoded message: the sections an event hub looks at.
type Message struct {
	Annotations Map
	Properties  List
	Application Map
	Data        [][]byte
	Value       any
}

// DecodeMessage reads the sections of a message.
func DecodeMessage(b []byte) (Message, error) {
	var m Message
	for len(b) > 0 {
		v, rest, err := Decode(b)
		if err != nil {
			return m, err
		}
		b = rest
		s, ok := v.(Described)
		if !ok {
			return m, fmt.Errorf("amqp: message section is a %T", v)
		}
		switch s.Code {
		case Annotations:
			m.Annotations, _ = s.Value.(Map)
		case Properties:
			m.Properties = s.Fields()
		case Application:
			m.Application, _ = s.Value.(Map)
		case Data:
			d, _ := s.Value.([]byte)
			m.Data = append(m.Data, d)
		case Value:
			m.Value = s.Value
		}
	}
	return m, nil
}
