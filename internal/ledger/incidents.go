package ledger

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/incident"
)

// Incidents are the sides of a tenant's incidents, each a document of its own.
type Incidents struct {
	ledger Ledger
	prefix string
}

// OfIncidents gives the incidents that l remembers of a tenant.
func OfIncidents(l Ledger, tenant string) Incidents {
	return Incidents{l, "incident/" + tenant + "/"}
}

// Incident is one incident as it is remembered.
type Incident struct {
	ID  string
	Rev int64 // 0: nothing is remembered yet
	incident.Sides
}

// Get gives an incident, with Rev 0 when there is none.
func (i Incidents) Get(ctx context.Context, id string) (Incident, error) {
	one, _, err := i.get(ctx, id)
	return one, err
}

// get gives also the document's text.
func (i Incidents) get(ctx context.Context, id string) (Incident, json.RawMessage, error) {
	d, err := i.ledger.Document(ctx, i.prefix+id)
	if fault.Is(err, fault.NotFound) {
		return Incident{ID: id}, nil, nil
	}
	if err != nil {
		return Incident{ID: id}, nil, err
	}
	one, err := i.read(d)
	return one, d.Value, err
}

func (i Incidents) read(d Document) (Incident, error) {
	one := Incident{ID: strings.TrimPrefix(d.Key, i.prefix), Rev: d.Rev}
	if err := json.Unmarshal(d.Value, &one.Sides); err != nil {
		return one, fault.New(fault.Corrupt, "read "+d.Key, "%w", err)
	}
	return one, nil
}

// All gives all of them, by their ids as texts.
func (i Incidents) All(ctx context.Context) ([]Incident, error) {
	list, err := i.ledger.Documents(ctx, i.prefix)
	if err != nil {
		return nil, err
	}
	out := make([]Incident, len(list))
	for k, d := range list {
		if out[k], err = i.read(d); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Update changes an incident by step, in one transaction: when somebody else changed it meanwhile, step is done again on what is there now.
// It must therefore depend on what it is given alone. Nothing is written when step fails or changes nothing.
func (i Incidents) Update(ctx context.Context, id string, step func(one *Incident) error) (Incident, error) {
	for {
		one, before, err := i.get(ctx, id)
		if err != nil {
			return one, err
		}
		if err := step(&one); err != nil {
			return one, err
		}
		after, err := encode(one)
		if err != nil || bytes.Equal(before, after) {
			return one, err
		}
		rev, err := i.ledger.PutDocument(ctx, i.prefix+id, one.Rev, after)
		if fault.Is(err, fault.Conflict) {
			continue
		}
		one.Rev = rev
		return one, err
	}
}

func encode(one Incident) (json.RawMessage, error) {
	b, err := json.Marshal(one.Sides)
	if err != nil {
		return nil, fault.New(fault.Internal, "write incident "+one.ID, "%w", err)
	}
	return b, nil
}
