package fn

import (
	"math"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

// evalNamed evaluates a function over values, and gives the refusal where there is one.
func evalNamed(t *testing.T, name string, args ...value.Value) (out value.Value, refused string) {
	t.Helper()
	f := Lookup(name)
	if f == nil || f.Eval == nil {
		t.Fatalf("%s has no evaluation", name)
	}
	defer OnRefusal(func(r *Refusal) { refused = r.Msg })
	return f.Eval(&Env{}, args), ""
}

func reals1(t *testing.T, v value.Value) []float64 {
	t.Helper()
	x, ok := numbers(v)
	if !ok {
		t.Fatalf("%s is no series", v.Text())
	}
	return x
}

// weekly is a series of n points with a pattern of seven, a slope and a spike.
func weekly(n int, slope float64, spike int) value.Value {
	x := make([]float64, n)
	for i := range x {
		x[i] = []float64{1, 5, 2, 8, 3, 9, 4}[i%7] + slope*float64(i)
		if i == spike {
			x[i] += 50
		}
	}
	return realArray(x)
}

func TestDecomposeFindsPatternAndTrend(t *testing.T) {
	out, refused := evalNamed(t, "series_decompose", weekly(140, 0, -1))
	if refused != "" {
		t.Fatal(refused)
	}
	parts, _ := arrayOf(out)
	seasonal, residual := reals1(t, parts[1]), reals1(t, parts[3])
	for i := range seasonal {
		if want := []float64{1, 5, 2, 8, 3, 9, 4}[i%7]; seasonal[i] != want || math.Abs(residual[i]) > 1e-12 {
			t.Fatalf("point %d: seasonal %v, residual %v", i, seasonal[i], residual[i])
		}
	}
	out, _ = evalNamed(t, "series_decompose", realArray([]float64{1, 3, 5, 7}), value.OfLong(0), value.OfString("linefit"))
	parts, _ = arrayOf(out)
	if trend := reals1(t, parts[2]); math.Abs(trend[3]-7) > 1e-12 {
		t.Errorf("trend %v", trend)
	}
}

func TestForecastLearnsOnlyFromTheBeginning(t *testing.T) {
	x := reals1(t, weekly(147, 0, -1))
	for i := 140; i < 147; i++ {
		x[i] = 0
	}
	out, refused := evalNamed(t, "series_decompose_forecast", realArray(x), value.OfLong(7))
	if refused != "" {
		t.Fatal(refused)
	}
	for i, f := range reals1(t, out) {
		if math.Abs(f-[]float64{1, 5, 2, 8, 3, 9, 4}[i%7]) > 1e-9 {
			t.Fatalf("point %d is %v", i, f)
		}
	}
}

func TestAnomaliesMarkTheSpike(t *testing.T) {
	out, refused := evalNamed(t, "series_decompose_anomalies", realArray([]float64{1, 2, 1, 3, 2, 1, 2, 40, 1, 2, 3}), value.OfReal(1.5), value.OfLong(0))
	if refused != "" {
		t.Fatal(refused)
	}
	parts, _ := arrayOf(out)
	for i, f := range reals1(t, parts[0]) {
		if (f == 1) != (i == 7) {
			t.Errorf("point %d has flag %v", i, f)
		}
	}
}

func TestWhatIsNotKnownIsRefused(t *testing.T) {
	noisy := reals1(t, weekly(40, 0, -1))
	if _, refused := evalNamed(t, "series_decompose", realArray(noisy), value.OfLong(0), value.OfString("curve")); refused == "" {
		t.Error("an unknown trend was not refused")
	}
	if _, refused := evalNamed(t, "series_outliers", realArray(noisy), value.OfString("ctukey"), value.NullOf(value.Real), value.OfReal(5), value.OfReal(95)); refused == "" {
		t.Error("other percentiles were not refused")
	}
}

func TestOutliersByQuartiles(t *testing.T) {
	x := value.OfArray(value.Array{value.OfLong(1), value.OfLong(2), nullDynamic, value.OfLong(3), value.OfLong(4), value.OfLong(5), value.OfLong(13)})
	out, _ := evalNamed(t, "series_outliers", x, value.OfString("tukey"))
	got := reals1(t, out)
	// quartiles 2.25 and 4.75
	if want := []float64{-0.5, -0.1, 0, 0, 0, 0.1, 3.3}; len(got) != len(want) || math.Abs(got[0]-want[0]) > 1e-12 || got[2] != 0 || math.Abs(got[6]-want[6]) > 1e-12 {
		t.Errorf("%v, want %v", got, want)
	}
}
