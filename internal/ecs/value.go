package ecs

// kind is what a value is; absent is the kind of a field that nobody set.
type kind uint8

const (
	absent kind = iota
	null
	boolean // text is "true" or "false"
	number  // text is the number as it was written
	text
	list
	object
	rendered // text is finished JSON, written as it is
)

// value is one JSON value. Strings are decoded, numbers keep their text, so that no digit changes on the way through.
type value struct {
	kind kind
	text string
	in   *node
}

// node holds the members of a list (names is empty) or an object (names and values run in parallel, in the order of the source).
type node struct {
	names  []string
	values []value
}

func stringValue(s string) value { return value{kind: text, text: s} }
func numberValue(s string) value { return value{kind: number, text: s} }

func boolValue(b bool) value {
	if b {
		return value{kind: boolean, text: "true"}
	}
	return value{kind: boolean, text: "false"}
}

// empty says whether a field holds nothing: no value, null or the empty string.
func (v value) empty() bool { return v.kind <= null || v.kind == text && v.text == "" }

// str is the value of a string, or "".
func (v value) str() string {
	if v.kind == text {
		return v.text
	}
	return ""
}

// scalar is the text of a string, number or boolean; ok is false for anything else.
func (v value) scalar() (s string, ok bool) {
	if v.kind == text || v.kind == number || v.kind == boolean {
		return v.text, true
	}
	return "", false
}

// items are the members of a list, or nothing.
func (v value) items() []value {
	if v.kind == list {
		return v.in.values
	}
	return nil
}

// member gives an object's member by its name; absent if there is none.
func (v value) member(name string) value {
	if v.kind == object {
		for i, n := range v.in.names {
			if n == name {
				return v.in.values[i]
			}
		}
	}
	return value{}
}

// without gives the object with one member taken out, and that member. The object given stays as it is.
func (v value) without(name string) (rest, taken value) {
	if v.kind != object {
		return v, value{}
	}
	for i, n := range v.in.names {
		if n == name {
			out := &node{names: make([]string, 0, len(v.in.names)), values: make([]value, 0, len(v.in.values))}
			out.names = append(append(out.names, v.in.names[:i]...), v.in.names[i+1:]...)
			out.values = append(append(out.values, v.in.values[:i]...), v.in.values[i+1:]...)
			return value{kind: object, in: out}, v.in.values[i]
		}
	}
	return v, value{}
}
