// Package value holds Kusto's scalar values: their types, nulls, literals, text forms, comparison, arithmetic and conversion.
//
// It is the one place where the meaning of a scalar is decided; the function declarations, the executor and the doors use it.
// It imports only the standard library.
package value

import (
	"math"
	"math/big"
)

// Type is one of Kusto's scalar types.
type Type uint8

// The scalar types. Unknown is the type of an expression that could not be bound; it never appears in a result.
const (
	Unknown Type = iota
	Bool
	Int  // 32 bits
	Long // 64 bits
	Real // IEEE 754 double
	Decimal
	String
	Datetime // ticks of 100 ns since 0001-01-01T00:00:00Z
	Timespan // ticks of 100 ns
	GUID
	Dynamic
)

var typeNames = [...]string{"unknown", "bool", "int", "long", "real", "decimal", "string", "datetime", "timespan", "guid", "dynamic"}

// String gives the type's name in KQL.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return "unknown"
}

// TypeOf gives the type with the KQL name, or one of Kusto's other spellings of it (boolean, date, double, time, uniqueid, int64 …).
func TypeOf(name string) (Type, bool) {
	switch name {
	case "bool", "boolean":
		return Bool, true
	case "int", "int32":
		return Int, true
	case "long", "int64":
		return Long, true
	case "real", "double":
		return Real, true
	case "decimal":
		return Decimal, true
	case "string":
		return String, true
	case "datetime", "date":
		return Datetime, true
	case "timespan", "time":
		return Timespan, true
	case "guid", "uniqueid", "uuid":
		return GUID, true
	case "dynamic":
		return Dynamic, true
	}
	return Unknown, false
}

// Numeric reports whether t is int, long, real or decimal.
func (t Type) Numeric() bool { return t == Int || t == Long || t == Real || t == Decimal }

// Value is one scalar. The zero Value is the untyped null.
//
// A string is never null: the null of type string is "". Of a null, only T and Null mean anything.
type Value struct {
	T    Type
	Null bool
	I    int64  // Bool (0, 1), Int, Long, Datetime and Timespan (ticks), Real (math.Float64bits)
	S    string // String, GUID (lower case, with hyphens)
	X    any    // Dynamic: Array, *Bag, or a non-dynamic Value (a scalar inside a dynamic); Decimal: *big.Rat
}

// Array is a dynamic array. An element is a Value of a scalar type other than dynamic, a Value of type Dynamic that holds an
// Array or a *Bag, or a null of type Dynamic.
type Array []Value

// Bag is a dynamic property bag: keys in the order in which they were written, each once, with values as in Array.
type Bag struct {
	Keys []string
	Vals []Value
}

// Get gives the value of key and whether it is there.
func (b *Bag) Get(key string) (Value, bool) {
	for i, k := range b.Keys {
		if k == key {
			return b.Vals[i], true
		}
	}
	return Value{T: Dynamic, Null: true}, false
}

// Set replaces the value of key, or adds it at the end.
func (b *Bag) Set(key string, v Value) {
	for i, k := range b.Keys {
		if k == key {
			b.Vals[i] = v
			return
		}
	}
	b.Keys, b.Vals = append(b.Keys, key), append(b.Vals, v)
}

// NullOf gives the null of type t; for String that is the empty string.
func NullOf(t Type) Value {
	if t == String {
		return Value{T: String}
	}
	return Value{T: t, Null: true}
}

// OfBool, OfInt, OfLong, OfReal, OfString, OfDatetime, OfTimespan, OfGUID and OfDecimal make values; datetimes and timespans from ticks.
func OfBool(b bool) Value {
	if b {
		return Value{T: Bool, I: 1}
	}
	return Value{T: Bool}
}
func OfInt(i int32) Value        { return Value{T: Int, I: int64(i)} }
func OfLong(i int64) Value       { return Value{T: Long, I: i} }
func OfReal(f float64) Value     { return Value{T: Real, I: int64(math.Float64bits(f))} }
func OfString(s string) Value    { return Value{T: String, S: s} }
func OfDatetime(t int64) Value   { return Value{T: Datetime, I: t} }
func OfTimespan(t int64) Value   { return Value{T: Timespan, I: t} }
func OfGUID(s string) Value      { return Value{T: GUID, S: s} }
func OfDecimal(r *big.Rat) Value { return Value{T: Decimal, X: r} }
func OfArray(a Array) Value      { return Value{T: Dynamic, X: a} }
func OfBag(b *Bag) Value         { return Value{T: Dynamic, X: b} }

// OfDynamic makes a dynamic of v: a dynamic stays as it is, a scalar becomes a dynamic scalar, any null the dynamic null.
func OfDynamic(v Value) Value {
	switch {
	case v.T == Dynamic:
		return v
	case v.Null:
		return NullOf(Dynamic)
	}
	return Value{T: Dynamic, X: v}
}

// Bool, Real give the Go value; they must not be asked of a null or of another type.
func (v Value) Bool() bool    { return v.I != 0 }
func (v Value) Real() float64 { return math.Float64frombits(uint64(v.I)) }

// Inner gives what a dynamic holds as a plain scalar Value where it holds a scalar, and v itself otherwise.
func (v Value) Inner() Value {
	if v.T == Dynamic && !v.Null {
		if s, ok := v.X.(Value); ok {
			return s
		}
	}
	return v
}
