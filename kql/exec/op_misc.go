package exec

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"math/rand/v2"
)

// rand gives a source of random numbers: the same for the same seed.
func (x *Executor) rand() *rand.Rand {
	if x.random == 0 {
		x.random = rand.Uint64()
	}
	x.random++
	return rand.New(rand.NewPCG(x.random, 0x9e3779b97f4a7c15))
}

func (x *Executor) generic(n *plan.Generic) (*relation, error) {
	return nil, errorf(Unsupported, "operator %s is not supported", n.Op)
}
