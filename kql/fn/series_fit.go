package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// line is a line fitted to points at 1, 2, 3 …
type line struct {
	slope, interception, rsquare, variance, rvariance float64
}

// at gives the line's value at the point with index i.
func (l line) at(i int) float64 { return l.interception + l.slope*float64(i+1) }

// fitLine fits by least squares.
func fitLine(y []float64) line {
	n := float64(len(y))
	my, mx := mean(y), (n+1)/2
	var sxy, sxx, syy float64
	for i, v := range y {
		dx, dy := float64(i+1)-mx, v-my
		sxy, sxx, syy = sxy+dx*dy, sxx+dx*dx, syy+dy*dy
	}
	var l line
	if sxx > 0 {
		l.slope = sxy / sxx
	}
	l.interception = my - l.slope*mx
	rest := 0.0
	for i, v := range y {
		rest += (v - l.at(i)) * (v - l.at(i))
	}
	if n > 1 {
		l.variance, l.rvariance = syy/(n-1), rest/(n-1)
	}
	l.rsquare = 1
	if syy > 0 {
		l.rsquare = 1 - rest/syy
	}
	return l
}

func lineFit(l line, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = l.at(i)
	}
	return out
}

func evalFitLine(args []value.Value) value.Value {
	y, ok := numbers(args[0])
	if !ok || len(y) == 0 {
		return nullTuple(6)
	}
	l := fitLine(y)
	return value.OfArray(value.Array{value.OfReal(l.rsquare), value.OfReal(l.slope), value.OfReal(l.variance), value.OfReal(l.rvariance),
		value.OfReal(l.interception), realArray(lineFit(l, len(y)))})
}

func nullTuple(n int) value.Value {
	out := make(value.Array, n)
	for i := range out {
		out[i] = nullDynamic
	}
	return value.OfArray(out)
}

func (l line) bag() *value.BagBuilder {
	b := value.NewBag(6)
	b.Set("rsquare", value.OfReal(l.rsquare))
	b.Set("slope", value.OfReal(l.slope))
	b.Set("variance", value.OfReal(l.variance))
	b.Set("rvariance", value.OfReal(l.rvariance))
	b.Set("interception", value.OfReal(l.interception))
	return b
}

func evalFitLineBag(args []value.Value) value.Value {
	y, ok := numbers(args[0])
	if !ok || len(y) == 0 {
		return nullDynamic
	}
	l := fitLine(y)
	b := l.bag()
	b.Set("line_fit", realArray(lineFit(l, len(y))))
	return value.OfBag(b.Bag())
}

// twoLines is a series fitted by a line up to a place and another from there.
type twoLines struct {
	split               int
	left, right         line
	rsquare             float64
	variance, rvariance float64
	fit                 []float64
}

// fit2Lines tries every place to split, with sums that make each try constant work, and takes the one with the smallest error.
func fit2Lines(y []float64) twoLines {
	n := len(y)
	sx, sxx, sy, sxy, syy := make([]float64, n+1), make([]float64, n+1), make([]float64, n+1), make([]float64, n+1), make([]float64, n+1)
	m := mean(y)
	for i, v := range y {
		x, v := float64(i), v-m
		sx[i+1], sxx[i+1], sy[i+1], sxy[i+1], syy[i+1] = sx[i]+x, sxx[i]+x*x, sy[i]+v, sxy[i]+x*v, syy[i]+v*v
	}
	rest := func(from, to int) float64 { // the error of the best line through y[from:to]
		k := float64(to - from)
		dx, dy := sx[to]-sx[from], sy[to]-sy[from]
		xx, xy, yy := sxx[to]-sxx[from]-dx*dx/k, sxy[to]-sxy[from]-dx*dy/k, syy[to]-syy[from]-dy*dy/k
		if xx <= 0 {
			return 0
		}
		return max(yy-xy*xy/xx, 0)
	}
	best, at := math.Inf(1), 0
	for k := 2; k <= n-2; k++ {
		if e := rest(0, k) + rest(k, n); e < best {
			best, at = e, k
		}
	}
	t := twoLines{split: at}
	t.left, t.right = fitLine(y[:at]), fitLine(y[at:])
	t.fit = append(lineFit(t.left, at), lineFit(t.right, n-at)...)
	var total, left float64
	for i, v := range y {
		total += (v - m) * (v - m)
		left += (v - t.fit[i]) * (v - t.fit[i])
	}
	t.variance, t.rvariance, t.rsquare = total/float64(n-1), left/float64(n-1), 1
	if total > 0 {
		t.rsquare = 1 - left/total
	}
	return t
}

func evalFit2Lines(args []value.Value) value.Value {
	y, ok := numbers(args[0])
	if !ok || len(y) < 4 {
		return nullTuple(15)
	}
	t := fit2Lines(y)
	out := value.Array{value.OfReal(t.rsquare), value.OfLong(int64(t.split)), value.OfReal(t.variance), value.OfReal(t.rvariance), realArray(t.fit)}
	for _, l := range []line{t.right, t.left} {
		out = append(out, value.OfReal(l.rsquare), value.OfReal(l.slope), value.OfReal(l.interception), value.OfReal(l.variance), value.OfReal(l.rvariance))
	}
	return value.OfArray(out)
}

func evalFit2LinesBag(args []value.Value) value.Value {
	y, ok := numbers(args[0])
	if !ok || len(y) < 4 {
		return nullDynamic
	}
	t := fit2Lines(y)
	b := value.NewBag(7)
	b.Set("rsquare", value.OfReal(t.rsquare))
	b.Set("split_idx", value.OfLong(int64(t.split)))
	b.Set("variance", value.OfReal(t.variance))
	b.Set("rvariance", value.OfReal(t.rvariance))
	b.Set("line_fit", realArray(t.fit))
	b.Set("right", value.OfBag(t.right.bag().Bag()))
	b.Set("left", value.OfBag(t.left.bag().Bag()))
	return value.OfBag(b.Bag())
}
