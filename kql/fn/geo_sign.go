package fn

import (
	"math"
	"math/big"
)

// The orientation of three points is told exactly: what rounding could change is computed again with all digits, and points that lie on one
// great circle are moved apart in thought, always in the same way, as Google's S2 does (s2predicates). So crossings never contradict each other.

// signError bounds the rounding error of the determinant of three unit vectors.
const signError = 2e-15

// sideOf is 1 where a, b, c go around to the left, -1 where to the right, and 0 only where two of them are the same.
func sideOf(a, b, c vec) int {
	if a == b || b == c || c == a {
		return 0
	}
	d := a.cross(b).dot(c)
	if d > signError {
		return 1
	}
	if d < -signError {
		return -1
	}
	return exactTurn(a, b, c)
}

// bigBits holds products of three doubles, and sums of them.
const bigBits = 2400

type bigVec [3]*big.Float

func bigOf(a vec) (v bigVec) {
	for i, x := range [3]float64{a.x, a.y, a.z} {
		v[i] = new(big.Float).SetPrec(bigBits).SetFloat64(x)
	}
	return v
}

func bigDiff(a, b, c, d *big.Float) *big.Float { // a·b - c·d
	p := new(big.Float).SetPrec(bigBits).Mul(a, b)
	q := new(big.Float).SetPrec(bigBits).Mul(c, d)
	return p.Sub(p, q)
}

func (a bigVec) cross(b bigVec) bigVec {
	return bigVec{bigDiff(a[1], b[2], a[2], b[1]), bigDiff(a[2], b[0], a[0], b[2]), bigDiff(a[0], b[1], a[1], b[0])}
}

func (a bigVec) dot(b bigVec) *big.Float {
	sum := new(big.Float).SetPrec(bigBits)
	for i := range a {
		sum.Add(sum, new(big.Float).SetPrec(bigBits).Mul(a[i], b[i]))
	}
	return sum
}

// unit rounds to doubles.
func (a bigVec) unit() vec {
	most := math.MinInt
	for _, x := range a {
		if x.Sign() != 0 {
			most = max(most, x.MantExp(nil))
		}
	}
	if most == math.MinInt {
		return vec{}
	}
	var f [3]float64
	for i, x := range a {
		f[i], _ = new(big.Float).SetPrec(bigBits).SetMantExp(x, -most).Float64()
	}
	return vec{f[0], f[1], f[2]}.unit()
}

func (a vec) less(b vec) bool {
	if a.x != b.x {
		return a.x < b.x
	}
	if a.y != b.y {
		return a.y < b.y
	}
	return a.z < b.z
}

func exactTurn(a, b, c vec) int {
	order := 1
	for _, swap := range [3][2]*vec{{&a, &b}, {&b, &c}, {&a, &b}} {
		if swap[1].less(*swap[0]) {
			*swap[0], *swap[1] = *swap[1], *swap[0]
			order = -order
		}
	}
	x, y, z := bigOf(a), bigOf(b), bigOf(c)
	across := y.cross(z)
	if s := across.dot(x).Sign(); s != 0 {
		return order * s
	}
	return order * perturbedTurn(x, y, z, across)
}

// perturbedTurn is for points on one great circle, in ascending order: the sign of the first of the terms by which the determinant grows
// when the coordinates are moved, the later ones incomparably less than the earlier ones.
func perturbedTurn(a, b, c, across bigVec) int {
	terms := []int{
		across[2].Sign(), across[1].Sign(), across[0].Sign(),
		bigDiff(c[0], a[1], c[1], a[0]).Sign(), c[0].Sign(), -c[1].Sign(),
		bigDiff(c[2], a[0], c[0], a[2]).Sign(), c[2].Sign(),
		bigDiff(a[0], b[1], a[1], b[0]).Sign(), -b[0].Sign(), b[1].Sign(),
		a[0].Sign(),
	}
	for _, t := range terms {
		if t != 0 {
			return t
		}
	}
	return 1
}

// crosses reports whether two edges without a common end cross each other.
func crosses(a, b, c, d vec) bool {
	if a == c || a == d || b == c || b == d {
		return false
	}
	s := sideOf(a, c, b)
	return s != 0 && sideOf(c, b, d) == s && sideOf(b, d, a) == s && sideOf(d, a, c) == s
}

// crossingPoint gives where two edges that cross each other do so, rounded only once.
func crossingPoint(a, b, c, d vec) vec {
	p := bigOf(a).cross(bigOf(b)).cross(bigOf(c).cross(bigOf(d))).unit()
	if p.dot(a.plus(b)) < 0 {
		p = p.times(-1)
	}
	return p
}

// normal is at right angles to an edge, on its left, of length 1; it is exact for short edges too.
func (e edge) normal() vec {
	n := e.a.minus(e.b).cross(e.a.plus(e.b))
	if n.norm() == 0 {
		return e.a.ortho()
	}
	return n.unit()
}

func (a vec) minus(b vec) vec { return vec{a.x - b.x, a.y - b.y, a.z - b.z} }

// ortho gives a direction at right angles to a, the one that S2 starts circles in.
func (a vec) ortho() vec {
	x, y, z := math.Abs(a.x), math.Abs(a.y), math.Abs(a.z)
	other := vec{0.012, 0.0053, 0.00457}
	switch { // the axis before the largest component
	case x > y && x > z:
		other.z = 1
	case y > z && y >= x:
		other.x = 1
	default:
		other.y = 1
	}
	return a.cross(other).unit()
}
