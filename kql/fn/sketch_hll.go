package fn

import (
	"encoding/base64"
	"math"
	mathbits "math/bits"
	"slices"

	"github.com/vedette-siem/vedette/kql/value"
)

// The state of hll is an array: its mark, the number of bits that choose a register, then either the hashes of the distinct values, while
// they are few, or the registers, a byte each, as base64.
const (
	hllMark   = "hll"
	maxHashes = 1024 // that are kept before registers are; up to so many values are counted exactly
	hllHeader = 46   // bytes that Kusto stores beside the registers
)

// hllBits are the bits for the accuracies 0 to 4, whose errors are 1.6, 0.8, 0.4, 0.28 and 0.2 percent.
var hllBits = [...]uint{12, 14, 16, 17, 18}

const defaultAccuracy = 1

// hllState is a HyperLogLog sketch: of the hashes that begin with the same bits, the longest run of zeros behind these bits.
type hllState struct {
	bits      uint
	hashes    map[uint64]struct{} // nil once there are registers
	registers []byte              // nil while there are hashes
}

func emptyHLL(bits uint) *hllState {
	return &hllState{bits: bits, hashes: map[uint64]struct{}{}}
}

func newHLL(_ *Env, _ []value.Type, consts []*value.Value) Accumulator {
	accuracy := sizeOf(consts, 1, defaultAccuracy)
	return emptyHLL(hllBits[min(accuracy, len(hllBits)-1)])
}

func (h *hllState) Add(args []value.Value) {
	if !isNull(args[0]) {
		h.addHash(xxHash64(value.AppendKey(nil, args[0]), 0))
	}
}

func (h *hllState) addHash(x uint64) {
	if h.registers == nil {
		if h.hashes[x] = struct{}{}; len(h.hashes) <= maxHashes {
			return
		}
		h.spread()
		return
	}
	// the bit that is set behind the others ends the run where the hash does
	run := byte(mathbits.LeadingZeros64(x<<h.bits|1<<(h.bits-1))) + 1
	i := x >> (64 - h.bits)
	h.registers[i] = max(h.registers[i], run)
}

// spread turns the hashes into registers.
func (h *hllState) spread() {
	h.registers = make([]byte, 1<<h.bits)
	for x := range h.hashes {
		h.addHash(x)
	}
	h.hashes = nil
}

// merge adds another state. One with fewer bits makes this one as coarse.
func (h *hllState) merge(o *hllState) {
	if o.bits < h.bits {
		h.coarsen(o.bits)
	}
	if o.registers == nil {
		for x := range o.hashes {
			h.addHash(x)
		}
		return
	}
	if h.registers == nil {
		h.spread()
	}
	o.coarsen(h.bits)
	for i, run := range o.registers {
		h.registers[i] = max(h.registers[i], run)
	}
}

// coarsen folds the registers to those of fewer bits: the bits that no longer choose a register belong to its run.
func (h *hllState) coarsen(bits uint) {
	drop := h.bits - bits
	h.bits = bits
	if h.registers == nil || drop == 0 {
		return
	}
	old := h.registers
	h.registers = make([]byte, 1<<bits)
	for i, run := range old {
		if run == 0 {
			continue
		}
		if low := uint(i) & (1<<drop - 1); low != 0 {
			run = byte(int(drop) - mathbits.Len(low) + 1)
		} else {
			run += byte(drop)
		}
		h.registers[i>>drop] = max(h.registers[i>>drop], run)
	}
}

// count gives the number of distinct values: exact of hashes, of registers by Ertl's estimator, which needs no corrections.
func (h *hllState) count() int64 {
	if h.registers == nil {
		return int64(len(h.hashes))
	}
	longest := int(64-h.bits) + 1
	counts := make([]float64, longest+1)
	for _, run := range h.registers {
		counts[min(int(run), longest)]++
	}
	m := float64(len(h.registers))
	z := m * hllTau(1-counts[longest]/m)
	for k := longest - 1; k >= 1; k-- {
		z = (z + counts[k]) / 2
	}
	z += m * hllSigma(counts[0]/m)
	return int64(m*m/(2*math.Ln2*z) + 0.5)
}

// hllSigma and hllTau are the terms of Ertl's estimator for registers that are empty and for those whose runs are longest.
func hllSigma(x float64) float64 {
	if x == 1 {
		return math.Inf(1)
	}
	y, z := 1.0, x
	for {
		x *= x
		before := z
		z += x * y
		y += y
		if z == before {
			return z
		}
	}
}

func hllTau(x float64) float64 {
	if x == 0 || x == 1 {
		return 0
	}
	y, z := 1.0, 1-x
	for {
		x = math.Sqrt(x)
		before := z
		y /= 2
		z -= (1 - x) * (1 - x) * y
		if z == before {
			return z / 3
		}
	}
}

// value gives the state as a dynamic; null of nothing.
func (h *hllState) value() value.Value {
	if h.registers == nil && len(h.hashes) == 0 {
		return nullDynamic
	}
	out := value.Array{value.OfString(hllMark), value.OfLong(int64(h.bits))}
	if h.registers != nil {
		return value.OfArray(append(out, value.OfString(base64.StdEncoding.EncodeToString(h.registers))))
	}
	all := make([]uint64, 0, len(h.hashes))
	for x := range h.hashes {
		all = append(all, x)
	}
	slices.Sort(all)
	for _, x := range all {
		out = append(out, value.OfLong(int64(x)))
	}
	return value.OfArray(out)
}

func (h *hllState) Result() []value.Value { return []value.Value{h.value()} }

// hllOf reads a state; ok is false where the value is none.
func hllOf(v value.Value) (h *hllState, ok bool) {
	a, ok := marked(v, hllMark)
	if !ok || len(a) < 2 || a[0].T != value.Long || !slices.Contains(hllBits[:], uint(a[0].I)) || len(a) > maxHashes+1 {
		return nil, false
	}
	h = emptyHLL(uint(a[0].I))
	if a[1].T == value.String {
		h.hashes = nil
		h.registers, ok = decode64(a[1].S)
		return h, ok && len(a) == 2 && len(h.registers) == 1<<h.bits
	}
	for _, e := range a[1:] {
		if e.T != value.Long {
			return nil, false
		}
		h.hashes[uint64(e.I)] = struct{}{}
	}
	return h, true
}

// hllMerger is hll_merge; it takes the accuracy of the coarsest state.
type hllMerger struct{ all *hllState }

func newHLLMerger(*Env, []value.Type, []*value.Value) Accumulator { return &hllMerger{} }

func (m *hllMerger) Add(args []value.Value) {
	for _, v := range args {
		h, ok := hllOf(v)
		switch {
		case !ok:
		case m.all == nil:
			m.all = h
		default:
			m.all.merge(h)
		}
	}
}

func (m *hllMerger) Result() []value.Value {
	if m.all == nil {
		return []value.Value{nullDynamic}
	}
	return m.all.Result()
}

func evalDcountHLL(args []value.Value) value.Value {
	h, ok := hllOf(args[0])
	if !ok {
		return value.NullOf(value.Long)
	}
	return value.OfLong(h.count())
}

// hllSize is the number of bytes that Kusto stores of a state that has registers.
func hllSize(v value.Value) (n int64, ok bool) {
	h, ok := hllOf(v)
	if !ok || h.registers == nil {
		return 0, false
	}
	return int64(len(h.registers)) + hllHeader, true
}
