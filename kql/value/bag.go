package value

// BagBuilder builds a Bag of many keys without searching the list for each.
type BagBuilder struct {
	bag Bag
	at  map[string]int // made once the bag is large
}

// indexFrom is the number of keys from which a map is faster than a search.
const indexFrom = 12

// NewBag makes a builder with room for n keys.
func NewBag(n int) *BagBuilder {
	return &BagBuilder{bag: Bag{Keys: make([]string, 0, n), Vals: make([]Value, 0, n)}}
}

// Has reports whether key is set.
func (b *BagBuilder) Has(key string) bool { return b.find(key) >= 0 }

// Get gives the value of key and whether it is set.
func (b *BagBuilder) Get(key string) (Value, bool) {
	if i := b.find(key); i >= 0 {
		return b.bag.Vals[i], true
	}
	return NullOf(Dynamic), false
}

// Set replaces the value of key, or adds it at the end.
func (b *BagBuilder) Set(key string, v Value) {
	if i := b.find(key); i >= 0 {
		b.bag.Vals[i] = v
		return
	}
	b.bag.Keys, b.bag.Vals = append(b.bag.Keys, key), append(b.bag.Vals, v)
	if b.at != nil {
		b.at[key] = len(b.bag.Keys) - 1
	}
}

// Add sets key unless it is set already (the first wins).
func (b *BagBuilder) Add(key string, v Value) {
	if b.find(key) < 0 {
		b.Set(key, v)
	}
}

// Len gives the number of keys.
func (b *BagBuilder) Len() int { return len(b.bag.Keys) }

// Bag gives what was built; the builder must not be used after.
func (b *BagBuilder) Bag() *Bag { return &b.bag }

func (b *BagBuilder) find(key string) int {
	if b.at == nil && len(b.bag.Keys) >= indexFrom {
		b.at = make(map[string]int, 2*indexFrom)
		for i, k := range b.bag.Keys {
			b.at[k] = i
		}
	}
	if b.at != nil {
		if i, ok := b.at[key]; ok {
			return i
		}
		return -1
	}
	for i, k := range b.bag.Keys {
		if k == key {
			return i
		}
	}
	return -1
}
