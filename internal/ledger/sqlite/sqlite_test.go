package sqlite

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ledger"
	"github.com/vedette-siem/vedette/internal/ledger/ledgertest"
)

func TestLedger(t *testing.T) {
	ledgertest.Run(t, func(t *testing.T) func() ledger.Ledger {
		path := filepath.Join(t.TempDir(), "odd name?#%.sqlite")
		return func() ledger.Ledger {
			l, err := Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
	})
}

func TestOpenOfWhatIsNotOurs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.sqlite")
	if err := os.WriteFile(path, []byte("this is no database, but long enough to look at, and then some more of it"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); !fault.Is(err, fault.Corrupt) {
		t.Errorf("garbage: %v", err)
	}
	newer := filepath.Join(t.TempDir(), "newer.sqlite")
	l, err := Open(t.Context(), newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), newer); !fault.Is(err, fault.Corrupt) || fault.HintOf(err) == "" {
		t.Errorf("newer version: %v", err)
	}
}
