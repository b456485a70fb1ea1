package ledgertest

import (
	"testing"

	"github.com/vedette-siem/vedette/internal/ledger"
)

func TestMemory(t *testing.T) {
	Run(t, func(*testing.T) func() ledger.Ledger {
		m := &Memory{}
		return func() ledger.Ledger { return m }
	})
}
