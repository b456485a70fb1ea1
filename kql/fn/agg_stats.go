package fn

import (
	"math"
	"sort"

	"github.com/vedette-siem/vedette/kql/value"
)

// spread is variance, stdev and covariance, by Welford's method.
type spread struct {
	sample, root, pairs bool
	n, meanX, meanY, c  float64
}

// newSpread makes variance (of a sample or a population), its root, or the covariance of pairs.
func newSpread(sample, root, pairs bool) maker {
	return func(*Env, []value.Type, []*value.Value) Accumulator {
		return &spread{sample: sample, root: root, pairs: pairs}
	}
}

func (s *spread) Add(args []value.Value) {
	x := value.Convert(args[0], value.Real)
	y := x
	if s.pairs {
		y = value.Convert(args[1], value.Real)
	}
	if x.Null || y.Null {
		return
	}
	s.n++
	dx := x.Real() - s.meanX
	s.meanX += dx / s.n
	s.meanY += (y.Real() - s.meanY) / s.n
	s.c += dx * (y.Real() - s.meanY)
}

func (s *spread) Result() []value.Value {
	n := s.n
	if s.sample {
		n--
	}
	v := 0.0
	if n > 0 {
		v = s.c / n
	}
	if s.root {
		v = math.Sqrt(v)
	}
	return []value.Value{value.OfReal(v)}
}

// percentiles gathers the values with their weights and gives values at nearest rank.
type percentiles struct {
	vals     []value.Value
	weights  []int64
	weighted bool
	array    bool
	t        value.Type
	at       []float64
}

// newPercentiles is for values, or for values with weights; the percentiles are constants.
func newPercentiles(weighted, array bool) maker {
	lead := 1
	if weighted {
		lead = 2
	}
	return func(_ *Env, types []value.Type, consts []*value.Value) Accumulator {
		p := &percentiles{weighted: weighted, array: array, t: types[0]}
		for _, c := range consts[lead:] {
			if c == nil {
				p.at = append(p.at, math.NaN())
				continue
			}
			eachMember([]value.Value{*c}, func(v value.Value) bool {
				f := value.Convert(v, value.Real)
				if f.Null {
					f = value.OfReal(math.NaN())
				}
				p.at = append(p.at, f.Real())
				return len(p.at) < 10_000
			})
		}
		return p
	}
}

func (p *percentiles) Add(args []value.Value) {
	v := args[0]
	if isNull(v) || isNaN(v) {
		return
	}
	if p.weighted {
		w := args[1]
		if w.Null || w.I <= 0 {
			return
		}
		p.weights = append(p.weights, w.I)
	}
	p.vals = append(p.vals, v)
}

func (p *percentiles) Result() []value.Value {
	order := make([]int, len(p.vals))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return value.Compare(p.vals[order[i]], p.vals[order[j]]) < 0 })
	out := make([]value.Value, len(p.at))
	for i, at := range p.at {
		out[i] = p.rank(order, at)
	}
	if p.array {
		if len(p.vals) == 0 {
			return []value.Value{nullDynamic}
		}
		a := make(value.Array, len(out))
		for i, v := range out {
			a[i] = element(v)
		}
		return []value.Value{value.OfArray(a)}
	}
	return out
}

// quantileOf gives a percentile as a fraction, a trifle less so that 7 % of 100 values are 7 although 0.07*100 is more than that. The
// engine is given the same.
func quantileOf(percentile float64) float64 { return percentile / 100 * (1 - 4e-16) }

// rank gives the first value at which the weights so far reach the percentile.
func (p *percentiles) rank(order []int, at float64) value.Value {
	if len(order) == 0 || math.IsNaN(at) {
		return value.NullOf(p.t)
	}
	if !p.weighted {
		n := float64(len(order))
		i := n - math.Floor(n-quantileOf(at)*n) - 1
		return p.vals[order[int(max(min(i, n-1), 0))]]
	}
	target := 0.0
	for _, w := range p.weights {
		target += float64(w)
	}
	target *= at / 100
	sum := 0.0
	for _, i := range order {
		if sum += float64(p.weights[i]); sum >= target-1e-9 {
			return p.vals[i]
		}
	}
	return p.vals[order[len(order)-1]]
}
