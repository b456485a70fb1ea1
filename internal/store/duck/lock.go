//go:build unix

package duck

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/vedette-siem/vedette/internal/fault"
)

// lockDir takes the data directory for this process. The lock ends with the process, however it ends.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "open store", "%w", err).WithHint("make the data directory writable")
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fault.New(fault.Unavailable, "open store", "lock %s: %w", f.Name(), err)
		}
		pid := make([]byte, 20)
		n, _ := f.Read(pid) // who it is only helps the message
		return nil, fault.New(fault.Conflict, "open store", "the data directory %s is in use by process %s", dir, strings.TrimSpace(string(pid[:n]))).
			WithHint("stop that process, ask it through --server, or choose another --data directory")
	}
	if err := f.Truncate(0); err == nil {
		_, err = fmt.Fprintf(f, "%d\n", os.Getpid())
		if err != nil {
			f.Close()
			return nil, fault.New(fault.Exhausted, "open store", "write %s: %w", f.Name(), err).WithHint("free disk space")
		}
	}
	return f, nil
}
