package fn

import "github.com/vedette-siem/vedette/kql/value"

// oldMaxSize is the default size of makelist and makeset.
const oldMaxSize = 128

// sizeOf reads the constant size argument at a place.
func sizeOf(consts []*value.Value, at, def int) int {
	if at < len(consts) && consts[at] != nil && !consts[at].Null && consts[at].I >= 0 {
		return int(min(consts[at].I, MaxArray))
	}
	return def
}

// lister is make_list: of dynamic arrays it takes the elements.
type lister struct {
	max   int
	nulls bool
	list  value.Array
}

func newLister(def int, nulls bool) maker {
	return func(_ *Env, _ []value.Type, consts []*value.Value) Accumulator {
		return &lister{max: sizeOf(consts, 1, def), nulls: nulls, list: value.Array{}}
	}
}

func (l *lister) Add(args []value.Value) {
	if a, ok := arrayOf(args[0]); ok {
		l.list = append(l.list, a[:min(len(a), l.max-len(l.list))]...)
		return
	}
	if len(l.list) < l.max && (l.nulls || !isNull(args[0])) {
		l.list = append(l.list, element(args[0]))
	}
}

func (l *lister) Result() []value.Value { return []value.Value{value.OfArray(l.list)} }

// setter is make_set: of dynamic arrays it takes the elements.
type setter struct {
	max int
	set *distinct
}

func newSetter(def int) maker {
	return func(_ *Env, _ []value.Type, consts []*value.Value) Accumulator {
		return &setter{max: sizeOf(consts, 1, def), set: newDistinct()}
	}
}

func (s *setter) Add(args []value.Value) {
	if a, ok := arrayOf(args[0]); ok {
		for _, e := range a {
			s.add(e)
		}
		return
	}
	s.add(args[0])
}

func (s *setter) add(v value.Value) {
	if len(s.set.list) < s.max && !isNull(v) {
		s.set.add(v)
	}
}

func (s *setter) Result() []value.Value { return []value.Value{value.OfArray(s.set.list)} }

// bagger is make_bag: the first value of a key counts.
type bagger struct {
	max int
	bag *value.BagBuilder
}

func newBagger(_ *Env, _ []value.Type, consts []*value.Value) Accumulator {
	return &bagger{max: sizeOf(consts, 1, MaxArray), bag: value.NewBag(8)}
}

func (b *bagger) Add(args []value.Value) {
	bag, ok := bagOf(args[0])
	if !ok {
		return
	}
	for i, k := range bag.Keys {
		if b.bag.Len() < b.max {
			b.bag.Add(k, bag.Vals[i])
		}
	}
}

func (b *bagger) Result() []value.Value {
	out := *b.bag.Bag()
	return []value.Value{value.OfBag(&out)}
}

// schemaNode gathers the types that occur at one place of a dynamic.
type schemaNode struct {
	types   []string // in the order in which they were seen
	members *schemaBag
	indexer *schemaNode
}

type schemaBag struct {
	keys []string
	at   map[string]*schemaNode
}

// schemaBuilder is buildschema.
type schemaBuilder struct {
	root schemaNode
	seen bool
}

func newSchemaBuilder(*Env, []value.Type, []*value.Value) Accumulator { return &schemaBuilder{} }

func (s *schemaBuilder) Add(args []value.Value) {
	if !isNull(args[0]) {
		s.seen = true
		s.root.add(args[0], 0)
	}
}

func (n *schemaNode) add(v value.Value, depth int) {
	v = v.Inner()
	if v.Null || depth > value.MaxDepth {
		return
	}
	switch x := v.X.(type) {
	case *value.Bag:
		if n.members == nil {
			n.members = &schemaBag{at: map[string]*schemaNode{}}
		}
		for i, k := range x.Keys {
			m := n.members.at[k]
			if m == nil {
				m = &schemaNode{}
				n.members.at[k] = m
				n.members.keys = append(n.members.keys, k)
			}
			m.add(x.Vals[i], depth+1)
		}
		return
	case value.Array:
		if n.indexer == nil {
			n.indexer = &schemaNode{}
		}
		for _, e := range x {
			n.indexer.add(e, depth+1)
		}
		return
	}
	name := v.T.String()
	if v.T == value.Real {
		name = "double"
	}
	for _, t := range n.types {
		if t == name {
			return
		}
	}
	n.types = append(n.types, name)
}

// value gives the node's schema: a type's name, an object of members, {"`indexer`": …} for an array, or a list of these.
func (n *schemaNode) value() value.Value {
	var all value.Array
	if n.indexer != nil {
		b := value.NewBag(1)
		b.Set("`indexer`", n.indexer.value())
		all = append(all, value.OfBag(b.Bag()))
	}
	if n.members != nil {
		b := value.NewBag(len(n.members.keys))
		for _, k := range n.members.keys {
			b.Set(k, n.members.at[k].value())
		}
		all = append(all, value.OfBag(b.Bag()))
	}
	for _, t := range n.types {
		all = append(all, value.OfString(t))
	}
	switch len(all) {
	case 0:
		return nullDynamic
	case 1:
		return all[0]
	}
	return value.OfArray(all)
}

func (s *schemaBuilder) Result() []value.Value {
	if !s.seen {
		return []value.Value{nullDynamic}
	}
	return []value.Value{value.OfDynamic(s.root.value())}
}
