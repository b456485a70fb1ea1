package fn

import (
	"math/rand/v2"
	"testing"
)

// TestCompileText holds compiled tests to MatchText.
func TestCompileText(t *testing.T) {
	pieces := []string{"a", "A", "k", "K", "ſ", "S", "é", "É", "_", "-", ".", "cmd", "CMD", "1", "日"}
	r := rand.New(rand.NewPCG(5, 6))
	text := func(n int) string {
		s := ""
		for range r.IntN(n + 1) {
			s += pieces[r.IntN(len(pieces))]
		}
		return s
	}
	for op := range textTests {
		if op == "like" || op == "likecs" {
			continue
		}
		for range 3000 {
			s, x := text(8), text(2)
			test, ok := CompileText(op, x)
			want, _ := MatchText(op, s, x)
			if got := test(s); !ok || got != want {
				t.Errorf("%q %s %q = %t, MatchText says %t", s, op, x, got, want)
			}
		}
	}
	if _, ok := CompileText("==", "x"); ok {
		t.Error("== is not a text operator")
	}
}

func BenchmarkCompileText(b *testing.B) {
	const s = `"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -EncodedCommand SQBFAFgA`
	test, _ := CompileText("has", "mimikatz")
	b.Run("compiled", func(b *testing.B) {
		for b.Loop() {
			test(s)
		}
	})
	b.Run("MatchText", func(b *testing.B) {
		for b.Loop() {
			MatchText("has", s, "mimikatz")
		}
	})
}
