package fn

import (
	"fmt"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

func evalBagKeys(args []value.Value) value.Value {
	b, ok := bagOf(args[0])
	if !ok {
		return nullDynamic
	}
	return stringArray(b.Keys)
}

func evalBagPack(args []value.Value) value.Value {
	b := value.NewBag(len(args) / 2)
	for i := 0; i+1 < len(args); i += 2 {
		b.Set(args[i].S, element(args[i+1]))
	}
	return value.OfBag(b.Bag())
}

// evalPackNotEmpty packs without nulls and empty strings: pack_all(true).
func evalPackNotEmpty(args []value.Value) value.Value {
	b := value.NewBag(len(args) / 2)
	for i := 0; i+1 < len(args); i += 2 {
		if !isEmpty(args[i+1]) {
			b.Set(args[i].S, element(args[i+1]))
		}
	}
	return value.OfBag(b.Bag())
}

func evalBagMerge(args []value.Value) value.Value {
	out := value.NewBag(8)
	any := false
	for _, v := range args {
		b, ok := bagOf(v)
		if !ok {
			continue
		}
		any = true
		for i, k := range b.Keys {
			out.Add(k, b.Vals[i])
		}
	}
	if !any {
		return nullDynamic
	}
	return value.OfBag(out.Bag())
}

// jsonPath splits $.a.b, $['a'].b and $[0] into its steps; ok is false where the text is no path.
func jsonPath(path string) (steps []value.Value, ok bool) {
	if !strings.HasPrefix(path, "$") {
		return nil, false
	}
	s := path[1:]
	for s != "" && len(steps) < value.MaxDepth {
		switch {
		case s[0] == '.':
			s = s[1:]
			if strings.HasPrefix(s, "[") {
				continue
			}
			end := strings.IndexAny(s, ".[")
			if end < 0 {
				end = len(s)
			}
			if end == 0 {
				return nil, false
			}
			steps = append(steps, value.OfString(s[:end]))
			s = s[end:]
		case len(s) > 3 && s[0] == '[' && (s[1] == '\'' || s[1] == '"'):
			end := strings.Index(s[2:], string(s[1])+"]")
			if end < 0 {
				return nil, false
			}
			steps = append(steps, value.OfString(s[2:2+end]))
			s = s[2+end+2:]
		case s[0] == '[':
			end := strings.IndexByte(s, ']')
			if end < 0 {
				return nil, false
			}
			n, ok := value.ParseLong(s[1:end])
			if !ok {
				return nil, false
			}
			steps = append(steps, value.OfLong(n))
			s = s[end+1:]
		default:
			return nil, false
		}
	}
	return steps, s == ""
}

// keyPath is a key, or a path where it begins with $.
func keyPath(key string) []value.Value {
	if steps, ok := jsonPath(key); ok && len(steps) > 0 {
		return steps
	}
	return []value.Value{value.OfString(key)}
}

// follow gives the element at the steps.
func follow(v value.Value, steps []value.Value) (value.Value, bool) {
	for _, s := range steps {
		switch x := v.X.(type) {
		case *value.Bag:
			e, ok := x.Get(s.S)
			if !ok || s.T != value.String || v.Null {
				return nullDynamic, false
			}
			v = value.OfDynamic(e)
		case value.Array:
			i := s.I
			if i < 0 {
				i += int64(len(x))
			}
			if s.T != value.Long || i < 0 || i >= int64(len(x)) {
				return nullDynamic, false
			}
			v = value.OfDynamic(x[i])
		default:
			return nullDynamic, false
		}
	}
	return v, true
}

func evalBagHasKey(args []value.Value) value.Value {
	if _, ok := bagOf(args[0]); !ok {
		return nullBool
	}
	_, ok := follow(args[0], keyPath(args[1].S))
	return value.OfBool(ok)
}

func evalBagRemoveKeys(args []value.Value) value.Value {
	if _, ok := bagOf(args[0]); !ok {
		return nullDynamic
	}
	v := args[0]
	keys, _ := arrayOf(args[1])
	for _, k := range keys {
		if k.T == value.String {
			v = without(v, keyPath(k.S))
		}
	}
	return v
}

// without gives a copy of v that lacks the element at the steps.
func without(v value.Value, steps []value.Value) value.Value {
	switch x := v.X.(type) {
	case *value.Bag:
		out := &value.Bag{}
		for i, k := range x.Keys {
			e := x.Vals[i]
			if k == steps[0].S && steps[0].T == value.String {
				if len(steps) == 1 {
					continue
				}
				e = without(value.OfDynamic(e), steps[1:])
			}
			out.Keys, out.Vals = append(out.Keys, k), append(out.Vals, element(e))
		}
		return value.OfBag(out)
	case value.Array:
		if i := steps[0].I; steps[0].T == value.Long && i >= 0 && i < int64(len(x)) && len(steps) > 1 {
			out := append(value.Array{}, x...)
			out[i] = element(without(value.OfDynamic(x[i]), steps[1:]))
			return value.OfArray(out)
		}
	}
	return v
}

func evalBagSetKey(args []value.Value) value.Value {
	if _, ok := bagOf(args[0]); !ok {
		return nullDynamic
	}
	return with(args[0], keyPath(args[1].S), element(args[2]))
}

// with gives a copy of v in which the element at the steps is e; bags on the way are made where they lack.
func with(v value.Value, steps []value.Value, e value.Value) value.Value {
	if len(steps) == 0 {
		return e
	}
	switch x := v.X.(type) {
	case *value.Bag:
		if steps[0].T != value.String {
			return v
		}
		out := &value.Bag{Keys: append([]string(nil), x.Keys...), Vals: append([]value.Value(nil), x.Vals...)}
		old, _ := x.Get(steps[0].S)
		out.Set(steps[0].S, element(with(value.OfDynamic(old), steps[1:], e)))
		return value.OfBag(out)
	case value.Array:
		i := steps[0].I
		if steps[0].T != value.Long || i < 0 || i > int64(len(x)) {
			return v
		}
		out := append(value.Array{}, x...)
		if i == int64(len(x)) {
			out = append(out, nullDynamic)
		}
		out[i] = element(with(value.OfDynamic(out[i]), steps[1:], e))
		return value.OfArray(out)
	}
	if steps[0].T == value.String {
		return with(value.OfBag(&value.Bag{}), steps, e)
	}
	return v
}

func evalBagZip(args []value.Value) value.Value {
	keys, ok := arrayOf(args[0])
	vals, _ := arrayOf(args[1])
	if !ok {
		return nullDynamic
	}
	b := value.NewBag(len(keys))
	for i, k := range keys {
		if k.T != value.String {
			continue
		}
		v := nullDynamic
		if i < len(vals) {
			v = vals[i]
		}
		b.Set(k.S, v)
	}
	return value.OfBag(b.Bag())
}

func evalExtractJSON(args []value.Value) value.Value {
	t := value.String
	if len(args) > 2 {
		if to, ok := value.TypeOf(args[2].S); ok {
			t = to
		}
	}
	steps, ok := jsonPath(args[0].S)
	doc, ok2 := value.ParseJSON(args[1].S)
	if !ok || !ok2 {
		return value.NullOf(t)
	}
	v, ok := follow(doc, steps)
	if !ok {
		return value.NullOf(t)
	}
	return value.Convert(v, t)
}

// evalTreepath lists the paths of all members, arrays as [0].
func evalTreepath(args []value.Value) value.Value {
	if args[0].Null {
		return nullDynamic
	}
	seen := map[string]bool{}
	out := value.Array{}
	add := func(path string) {
		if !seen[path] && len(out) < MaxArray {
			seen[path] = true
			out = append(out, value.OfString(path))
		}
	}
	var walk func(v value.Value, path string, depth int)
	walk = func(v value.Value, path string, depth int) {
		if depth > value.MaxDepth {
			return
		}
		switch x := v.X.(type) {
		case *value.Bag:
			for i, k := range x.Keys {
				p := fmt.Sprintf("%s['%s']", path, k)
				add(p)
				walk(x.Vals[i], p, depth+1)
			}
		case value.Array:
			p := path + "[0]"
			add(p)
			for _, e := range x {
				walk(e, p, depth+1)
			}
		}
	}
	walk(args[0], "", 0)
	return value.OfArray(out)
}
