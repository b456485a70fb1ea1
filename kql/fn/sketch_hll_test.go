package fn

import (
	"math"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

// sketchOf gives the state of the numbers from one up to, but without, another.
func sketchOf(accuracy int64, from, to int) value.Value {
	a := value.OfLong(accuracy)
	acc := newHLL(nil, nil, []*value.Value{nil, &a})
	for i := from; i < to; i++ {
		acc.Add([]value.Value{value.OfLong(int64(i))})
	}
	return acc.Result()[0]
}

func countOf(v value.Value) int64 { return evalDcountHLL([]value.Value{v}).I }

// TestSketchesCountWithinTheirError: few values exactly, more within four times the standard error.
func TestSketchesCountWithinTheirError(t *testing.T) {
	for accuracy, bits := range hllBits {
		for _, n := range []int{1, 1024, 1025, 5000, 60_000, 300_000} {
			got := float64(countOf(sketchOf(int64(accuracy), 0, n)))
			off := 4 * 1.04 / math.Sqrt(float64(uint64(1)<<bits)) * float64(n)
			if n <= maxHashes {
				off = 0
			}
			if math.Abs(got-float64(n)) > off {
				t.Errorf("accuracy %d: %d values are %v", accuracy, n, got)
			}
		}
	}
}

// TestMergedSketchesAreTheSketchOfAll, whatever their forms and accuracies, and whether they were written as text in between.
func TestMergedSketchesAreTheSketchOfAll(t *testing.T) {
	for _, c := range []struct {
		accuracyA, accuracyB int64
		a, b                 int
	}{{1, 1, 500, 900}, {1, 1, 900, 3000}, {1, 1, 20_000, 90_000}, {4, 0, 50_000, 80_000}, {0, 4, 50_000, 80_000}, {2, 1, 10, 90_000}, {1, 2, 2000, 2010}} {
		parts := []value.Value{sketchOf(c.accuracyA, 0, c.a), sketchOf(c.accuracyB, c.a/2, c.b)}
		for i, p := range parts {
			back, ok := value.ParseJSON(string(value.AppendDynamic(nil, p)))
			if !ok {
				t.Fatal("a state is no JSON")
			}
			parts[i] = back
		}
		m := newHLLMerger(nil, nil, nil)
		m.Add(parts)
		merged, whole := m.Result()[0], sketchOf(min(c.accuracyA, c.accuracyB), 0, c.b)
		if merged.Text() != whole.Text() {
			t.Errorf("%+v: %d, of all %d", c, countOf(merged), countOf(whole))
		}
	}
}

func TestWhatIsNoSketch(t *testing.T) {
	for _, text := range []string{`["hll"]`, `["hll",14]`, `["hll",15,1]`, `["hll",14,"AAAA"]`, `["hll",14,1.5]`, `["hll",14,1,"x"]`, `[]`, `"hll"`} {
		v, _ := value.ParseJSON(text)
		if n := evalDcountHLL([]value.Value{v}); !n.Null {
			t.Errorf("%s counts %d", text, n.I)
		}
	}
}
