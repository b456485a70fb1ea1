package ledgertest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ledger"
)

// Memory is a ledger that forgets with the process. It outlives Close, so that a test can go on with it as after a restart.
type Memory struct {
	mu   sync.Mutex
	docs map[string]ledger.Document
}

var _ ledger.Ledger = (*Memory)(nil)

// Settings implements ledger.Ledger.
func (m *Memory) Settings(ctx context.Context, connector string) (s ledger.Settings, rev int64, ok bool, err error) {
	d, err := m.Document(ctx, "settings/"+connector)
	if fault.Is(err, fault.NotFound) {
		return s, 0, false, nil
	}
	return s, d.Rev, true, json.Unmarshal(d.Value, &s)
}

// PutSettings implements ledger.Ledger.
func (m *Memory) PutSettings(ctx context.Context, connector string, rev int64, s ledger.Settings) (int64, error) {
	value, err := json.Marshal(s)
	if err != nil {
		return 0, err
	}
	return m.PutDocument(ctx, "settings/"+connector, rev, value)
}

// Document implements ledger.Ledger.
func (m *Memory) Document(_ context.Context, key string) (ledger.Document, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.docs[key]
	if !ok {
		return d, fault.New(fault.NotFound, "read document", "there is no %s", key)
	}
	return d, nil
}

// Documents implements ledger.Ledger.
func (m *Memory) Documents(_ context.Context, prefix string) ([]ledger.Document, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := []ledger.Document{}
	for key, d := range m.docs {
		if strings.HasPrefix(key, prefix) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b ledger.Document) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// PutDocument implements ledger.Ledger.
func (m *Memory) PutDocument(_ context.Context, key string, rev int64, value json.RawMessage) (int64, error) {
	if !json.Valid(value) {
		return 0, fault.New(fault.Invalid, "write document "+key, "the value is not JSON")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.docs[key].Rev != rev {
		return 0, fault.New(fault.Conflict, "write document", "%s was changed meanwhile", key)
	}
	if m.docs == nil {
		m.docs = map[string]ledger.Document{}
	}
	m.docs[key] = ledger.Document{Key: key, Rev: rev + 1, Value: slices.Clone(value), At: time.Now()}
	return rev + 1, nil
}

// DeleteDocument implements ledger.Ledger.
func (m *Memory) DeleteDocument(_ context.Context, key string, rev int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch d, ok := m.docs[key]; {
	case !ok:
		return fault.New(fault.NotFound, "delete document", "there is no %s", key)
	case d.Rev != rev:
		return fault.New(fault.Conflict, "delete document", "%s was changed meanwhile", key)
	}
	delete(m.docs, key)
	return nil
}

// Close implements ledger.Ledger.
func (m *Memory) Close() error { return nil }
