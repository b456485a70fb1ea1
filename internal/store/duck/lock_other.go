//go:build !unix

package duck

import (
	"os"
	"path/filepath"

	"github.com/vedette-siem/vedette/internal/fault"
)

// lockDir opens the lock file. Where the system has no flock, the engine's own lock on its file keeps a second process out.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "open store", "%w", err).WithHint("make the data directory writable")
	}
	return f, nil
}
