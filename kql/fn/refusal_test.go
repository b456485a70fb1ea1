package fn

import "testing"

func TestOnRefusal(t *testing.T) {
	said := func(f func()) (msg string) {
		defer OnRefusal(func(r *Refusal) { msg = r.Error() })
		f()
		return "ran"
	}
	if got := said(func() { refuse("no %s", "way") }); got != "no way" {
		t.Errorf("refused: %q", got)
	}
	if got := said(func() {}); got != "ran" {
		t.Errorf("not refused: %q", got)
	}
	defer func() {
		if recover() != "other" {
			t.Error("another panic was swallowed")
		}
	}()
	said(func() { panic("other") })
}
