package fn

import "github.com/vedette-siem/vedette/kql/value"

// filterWork bounds the multiplications of one filter over one series.
const filterWork = 1 << 30

// evalFIR convolves a series with a filter. The filter is divided by its sum unless told otherwise or an element is negative; it
// looks back from each point, or with center to both sides of it. Before the beginning and after the end there are zeros.
func evalFIR(args []value.Value) value.Value {
	x, okX := numbers(args[0])
	f, okF := numbers(args[1])
	if !okX || !okF || len(f) == 0 {
		return nullDynamic
	}
	checkWork("series_fir", len(x), len(f))
	negative := false
	for _, c := range f {
		negative = negative || c < 0
	}
	normalize := boolArg(args, 2, !negative)
	if normalize && negative {
		return nullDynamic
	}
	shift := 0
	if boolArg(args, 3, false) {
		shift = (len(f) - 1) / 2
	}
	total := sum(f)
	out := make([]float64, len(x))
	for i := range out {
		for j, c := range f {
			if k := i + shift - j; k >= 0 && k < len(x) {
				out[i] += c * x[k]
			}
		}
		if normalize {
			out[i] /= total
		}
	}
	return realArray(out)
}

// evalIIR applies a recursive filter: what it gave before goes into what it gives next.
func evalIIR(args []value.Value) value.Value {
	x, okX := numbers(args[0])
	b, okB := numbers(args[1])
	a, okA := numbers(args[2])
	if !okX || !okB || !okA || len(a) == 0 || a[0] == 0 {
		return nullDynamic
	}
	checkWork("series_iir", len(x), len(a)+len(b))
	y := make([]float64, len(x))
	for i := range y {
		for j := 0; j < len(b) && j <= i; j++ {
			y[i] += b[j] * x[i-j]
		}
		for j := 1; j < len(a) && j <= i; j++ {
			y[i] -= a[j] * y[i-j]
		}
		y[i] /= a[0]
	}
	return realArray(y)
}

func checkWork(name string, points, coefficients int) {
	if points > filterWork/max(coefficients, 1) {
		refuse("%s(): a filter of %d coefficients over %d points is too much work; use a shorter filter", name, coefficients, points)
	}
}
