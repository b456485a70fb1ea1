package fn

import "math"

// The earth as WGS 84 has it: its radius at the equator in metres, and its flattening.
const (
	equatorRadius = 6378137.0
	flattening    = 1 / 298.257223563
)

// maxSpheroidSteps bounds the iteration, which takes more steps the closer two points are to lying on opposite sides of the earth.
const maxSpheroidSteps = 1000

// spheroidDistance gives the length in metres of the shortest way between two points, in degrees, on WGS 84 (T. Vincenty, "Direct and inverse
// solutions of geodesics on the ellipsoid", 1975). ok is false where the points are so nearly opposite that the iteration does not end.
func spheroidDistance(lon1, lat1, lon2, lat2 float64) (metres float64, ok bool) {
	const f = flattening
	difference := math.Remainder(lon2-lon1, 360) * degree
	reduced := func(lat float64) (sin, cos float64) {
		tan := (1 - f) * math.Tan(lat*degree)
		cos = 1 / math.Sqrt(1+tan*tan)
		return tan * cos, cos
	}
	sin1, cos1 := reduced(lat1)
	sin2, cos2 := reduced(lat2)
	lambda := difference
	for range maxSpheroidSteps {
		sinL, cosL := math.Sincos(lambda)
		sinS := math.Hypot(cos2*sinL, cos1*sin2-sin1*cos2*cosL)
		if sinS == 0 {
			return 0, lambda == 0
		}
		cosS := sin1*sin2 + cos1*cos2*cosL
		sigma := math.Atan2(sinS, cosS)
		sinA := cos1 * cos2 * sinL / sinS
		cosA2 := 1 - sinA*sinA
		cosM := 0.0 // on the equator
		if cosA2 > 0 {
			cosM = cosS - 2*sin1*sin2/cosA2
		}
		c := f / 16 * cosA2 * (4 + f*(4-3*cosA2))
		next := difference + (1-c)*f*sinA*(sigma+c*sinS*(cosM+c*cosS*(2*cosM*cosM-1)))
		if math.Abs(next-lambda) > 1e-14 {
			lambda = next
			continue
		}
		const polar = equatorRadius * (1 - f)
		u2 := cosA2 * (equatorRadius*equatorRadius/(polar*polar) - 1)
		// Helmert's expansion, which converges faster than Vincenty's own
		k1 := (math.Sqrt(1+u2) - 1) / (math.Sqrt(1+u2) + 1)
		a := (1 + k1*k1/4) / (1 - k1)
		b := k1 * (1 - 3*k1*k1/8)
		off := b * sinS * (cosM + b/4*(cosS*(2*cosM*cosM-1)-b/6*cosM*(4*sinS*sinS-3)*(4*cosM*cosM-3)))
		return polar * a * (sigma - off), true
	}
	return 0, false
}
