package fn

import "fmt"

// Refusal is why an evaluation cannot give Kusto's answer for the values that it got: an argument that is understood but not supported.
// Eval and Accumulators have no other way to fail than to panic with a *Refusal; whoever calls them defers OnRefusal.
type Refusal struct{ Msg string }

func (r *Refusal) Error() string { return r.Msg }

// refuse stops the evaluation.
func refuse(format string, args ...any) {
	panic(&Refusal{fmt.Sprintf(format, args...)})
}

// OnRefusal, deferred, ends the panic of a Refusal and calls then with it. Other panics go on.
func OnRefusal(then func(r *Refusal)) {
	switch p := recover().(type) {
	case nil:
	case *Refusal:
		then(p)
	default:
		panic(p)
	}
}
