package fn

import (
	"math"
	"sort"

	"github.com/vedette-siem/vedette/kql/value"
)

// The state of tdigest is an array: its mark, then the centroids as means and weights by turns, in order.
const (
	tdigestMark = "tdigest"
	maxCentroid = 4_096 // centroids that a state holds
)

// marked gives the elements of a state behind its mark.
func marked(v value.Value, mark string) (value.Array, bool) {
	a, ok := arrayOf(v)
	if !ok || len(a) == 0 || a[0].T != value.String || a[0].S != mark {
		return nil, false
	}
	return a[1:], true
}

// merged makes the scalar function of a merging aggregate.
func merged(make maker) option {
	return pure(func(args []value.Value) value.Value {
		acc := make(nil, nil, nil)
		for _, v := range args {
			acc.Add([]value.Value{v})
		}
		return acc.Result()[0]
	})
}

func isState(mark string) option {
	return test(func(v value.Value) bool { _, ok := marked(v, mark); return ok })
}

// centroid is a mean of values and how many they are.
type centroid struct{ mean, weight float64 }

// tdigest gathers values as centroids: exact until they are too many, then neighbours are joined, fewer of them near the ends.
type tdigest struct {
	all   []centroid
	merge bool
}

func newTDigest(merge bool) maker {
	return func(*Env, []value.Type, []*value.Value) Accumulator { return &tdigest{merge: merge} }
}

func (t *tdigest) Add(args []value.Value) {
	if t.merge {
		for _, v := range args {
			t.all = append(t.all, centroidsOf(v)...)
		}
	} else {
		v := value.Convert(args[0], value.Real)
		w := number(args, 1, 1)
		if v.Null || math.IsNaN(v.Real()) || w <= 0 {
			return
		}
		t.all = append(t.all, centroid{v.Real(), w})
	}
	if len(t.all) > 8*maxCentroid {
		t.compress()
	}
}

func centroidsOf(v value.Value) []centroid {
	a, _ := marked(v, tdigestMark)
	out := make([]centroid, 0, len(a)/2)
	for i := 0; i+1 < len(a); i += 2 {
		out = append(out, centroid{number(a, i, 0), number(a, i+1, 0)})
	}
	return out
}

// compress sorts, joins equal means, and joins neighbours while each stays small against its distance from the ends.
func (t *tdigest) compress() {
	sort.Slice(t.all, func(i, j int) bool { return t.all[i].mean < t.all[j].mean })
	total := 0.0
	for _, c := range t.all {
		total += c.weight
	}
	limit := 0.0
	if len(t.all) > maxCentroid {
		limit = 8 / float64(maxCentroid)
	}
	var out []centroid
	before := 0.0
	for _, c := range t.all {
		if n := len(out); n > 0 {
			last := &out[n-1]
			w := last.weight + c.weight
			q := (before + w/2) / total
			if last.mean == c.mean || w <= total*limit*q*(1-q) {
				last.mean += (c.mean - last.mean) * c.weight / w
				last.weight = w
				continue
			}
			before += last.weight
		}
		out = append(out, c)
	}
	t.all = out
}

func (t *tdigest) Result() []value.Value {
	if len(t.all) == 0 {
		return []value.Value{nullDynamic}
	}
	t.compress()
	out := value.Array{value.OfString(tdigestMark)}
	for _, c := range t.all {
		out = append(out, value.OfReal(c.mean), value.OfReal(c.weight))
	}
	return []value.Value{value.OfArray(out)}
}

// percentileOf gives the first mean at which the weights reach the percentage.
func percentileOf(all []centroid, percent float64) float64 {
	total, sum := 0.0, 0.0
	for _, c := range all {
		total += c.weight
	}
	for _, c := range all {
		if sum += c.weight; sum >= percent/100*total-1e-9 {
			return c.mean
		}
	}
	return all[len(all)-1].mean
}

func evalPercentileTDigest(args []value.Value) value.Value {
	t := value.Dynamic
	if len(args) > 2 {
		if to, ok := value.TypeOf(args[2].S); ok {
			t = to
		}
	}
	all := centroidsOf(args[0])
	if len(all) == 0 || args[1].Null {
		return value.NullOf(t)
	}
	return value.Convert(value.OfReal(percentileOf(all, args[1].Real())), t)
}

func evalPercentilesTDigest(args []value.Value) value.Value {
	all := centroidsOf(args[0])
	if len(all) == 0 {
		return nullDynamic
	}
	out := value.Array{}
	eachMember(args[1:], func(v value.Value) bool {
		p := value.Convert(v, value.Real)
		if p.Null {
			out = append(out, nullDynamic)
		} else {
			out = append(out, value.OfReal(percentileOf(all, p.Real())))
		}
		return len(out) < MaxArray
	})
	return value.OfArray(out)
}

// evalRankTDigest counts the values up to a value, or gives their percentage of all.
func evalRankTDigest(percent bool) option {
	return pure(func(args []value.Value) value.Value {
		all := centroidsOf(args[0])
		v := value.Convert(args[1], value.Real)
		if len(all) == 0 || v.Null {
			return value.NullOf(value.Real)
		}
		total, upTo := 0.0, 0.0
		for _, c := range all {
			total += c.weight
			if c.mean <= v.Real() {
				upTo += c.weight
			}
		}
		if percent {
			upTo = upTo / total * 100
		}
		return value.OfReal(upTo)
	})
}
