package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestKindAndHintAreFoundThroughWrapping(t *testing.T) {
	inner := New(Exhausted, "write", "no space: %w", errors.New("ENOSPC")).WithHint("free %s", "disk")
	for name, err := range map[string]error{"itself": inner, "wrapped": fmt.Errorf("outer: %w", inner), "joined": errors.Join(nil, errors.New("x"), inner)} {
		if KindOf(err) != Exhausted || !Is(err, Exhausted) || !Retryable(err) || HintOf(err) != "free disk" || HTTPStatus(err) != 507 || ExitCode(err) != 1 {
			t.Errorf("%s: kind %s, hint %q, status %d", name, KindOf(err), HintOf(err), HTTPStatus(err))
		}
	}
	if KindOf(nil) != "" || KindOf(errors.New("x")) != Internal || HintOf(errors.New("x")) != "" || ExitCode(nil) != 0 || ExitCode(New(Invalid, "", "x")) != 2 {
		t.Error("errors without a kind")
	}
	if got := MessageOf(fmt.Errorf("outer: %w", inner)); got != "write: no space: ENOSPC" {
		t.Error(got)
	}
	if got := inner.Error(); got != "write: no space: ENOSPC (free disk)" {
		t.Error(got)
	}
}
