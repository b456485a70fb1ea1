package elastic

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/forward"
)

// streams are the append-only ones; of those marked there are present states, too.
var streams = []struct {
	name    string
	current bool
}{{"event", false}, {"alert", true}, {"incident", true}, {"vulnerability", false}}

// Setup implements forward.Sink: the lifecycle policy, and an index template for every stream and its present states. Streams and indices
// come into being with their first document. A template that changed takes effect with the next part of its stream.
func (s *Sink) Setup(ctx context.Context) ([]forward.Change, error) {
	var done []forward.Change
	if err := s.checkProduct(ctx); err != nil {
		return nil, err
	}
	policy := "vedette-" + s.cfg.Namespace
	managed := true
	change, err := s.lifecycle(ctx, policy)
	switch {
	case fault.Is(err, fault.Unsupported):
		managed = false
	case err != nil:
		return done, err
	default:
		done = append(done, change)
	}
	for _, st := range streams {
		body := s.streamTemplate(st.name)
		if managed && !s.cfg.OpenSearch { // with OpenSearch the policy names the indices
			body["template"].(object)["settings"].(object)["index.lifecycle.name"] = policy
		}
		if change, err = s.template(ctx, "vedette-"+s.stream(st.name), body); err != nil {
			return done, err
		}
		done = append(done, change)
		if !st.current {
			continue
		}
		if change, err = s.template(ctx, s.present(st.name), s.presentTemplate(st.name)); err != nil {
			return done, err
		}
		done = append(done, change)
	}
	return done, nil
}

// checkProduct finds out whether the cluster is what the configuration says.
func (s *Sink) checkProduct(ctx context.Context) error {
	const op = "look at the cluster"
	var root struct {
		Version struct{ Number, Distribution string }
	}
	missing, err := s.ask(ctx, op, http.MethodGet, "/", "", nil, &root)
	if err != nil {
		return err
	}
	if missing || root.Version.Number == "" {
		return fault.New(fault.Invalid, op, "there is neither Elasticsearch nor OpenSearch at this address")
	}
	if is := root.Version.Distribution == "opensearch"; is != s.cfg.OpenSearch {
		return fault.New(fault.Invalid, op, "the cluster is OpenSearch: %v; the configuration says %v", is, s.cfg.OpenSearch)
	}
	return nil
}

// digest tells one content from another.
func digest(v any) (string, error) {
	text, err := json.Marshal(v) // the members of maps are sorted
	if err != nil {
		return "", fault.New(fault.Internal, "set up", "%w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8]), nil
}

// template puts an index template unless it is there as it should be.
func (s *Sink) template(ctx context.Context, name string, body object) (forward.Change, error) {
	change, op := forward.Change{What: "index template " + name}, "set up index template "+name
	mark, err := digest(body)
	if err != nil {
		return change, err
	}
	var have struct {
		Templates []struct {
			Template struct {
				Meta struct{ Digest string } `json:"_meta"`
			} `json:"index_template"`
		} `json:"index_templates"`
	}
	missing, err := s.ask(ctx, op, http.MethodGet, "/_index_template/"+name, "", nil, &have)
	if err != nil {
		return change, err
	}
	if !missing && len(have.Templates) == 1 && have.Templates[0].Template.Meta.Digest == mark {
		return change, nil
	}
	body["_meta"] = object{"managed_by": "vedette", "digest": mark}
	change.Done = true
	return change, s.put(ctx, op, "/_index_template/"+name, body)
}

func (s *Sink) put(ctx context.Context, op, path string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fault.New(fault.Internal, op, "%w", err)
	}
	missing, err := s.ask(ctx, op, http.MethodPut, path, "application/json", text, nil)
	if missing {
		return fault.New(fault.Unsupported, op, "the cluster does not know %s", path)
	}
	return err
}

// lifecycle puts the policy under which streams roll over and old parts are removed. fault.Unsupported when the cluster has no such thing.
func (s *Sink) lifecycle(ctx context.Context, name string) (forward.Change, error) {
	if s.cfg.OpenSearch {
		return s.ism(ctx, name)
	}
	change, op := forward.Change{What: "lifecycle policy " + name}, "set up lifecycle policy "+name
	phases := object{"hot": object{"min_age": "0ms", "actions": object{"rollover": object{"max_primary_shard_size": "50gb", "max_age": "30d"}}}}
	if s.cfg.KeepDays > 0 {
		phases["delete"] = object{"min_age": fmt.Sprintf("%dd", s.cfg.KeepDays), "actions": object{"delete": object{}}}
	}
	mark, err := digest(phases)
	if err != nil {
		return change, err
	}
	var have map[string]struct {
		Policy struct {
			Meta struct{ Digest string } `json:"_meta"`
		}
	}
	missing, err := s.ask(ctx, op, http.MethodGet, "/_ilm/policy/"+name, "", nil, &have)
	if err != nil || !missing && have[name].Policy.Meta.Digest == mark {
		return change, err
	}
	change.Done = true
	return change, s.put(ctx, op, "/_ilm/policy/"+name, object{"policy": object{"_meta": object{"managed_by": "vedette", "digest": mark}, "phases": phases}})
}

// ism is lifecycle for OpenSearch, whose plugin for it may be missing.
func (s *Sink) ism(ctx context.Context, name string) (forward.Change, error) {
	change, op := forward.Change{What: "state management policy " + name}, "set up state management policy "+name
	states := []object{{"name": "hot", "actions": []object{{"rollover": object{"min_primary_shard_size": "50gb", "min_index_age": "30d"}}}, "transitions": []object{}}}
	if s.cfg.KeepDays > 0 {
		states[0]["transitions"] = []object{{"state_name": "delete", "conditions": object{"min_rollover_age": fmt.Sprintf("%dd", s.cfg.KeepDays)}}}
		states = append(states, object{"name": "delete", "actions": []object{{"delete": object{}}}, "transitions": []object{}})
	}
	policy := object{"default_state": "hot", "states": states,
		"ism_template": []object{{"index_patterns": []string{".ds-logs-" + product + "*-" + s.cfg.Namespace + "-*"}, "priority": 250}}}
	mark, err := digest(policy)
	if err != nil {
		return change, err
	}
	policy["description"] = "made by vedette (" + mark + ")"
	var have struct {
		Seq    int64 `json:"_seq_no"`
		Term   int64 `json:"_primary_term"`
		Policy struct{ Description string }
	}
	path := "/_plugins/_ism/policies/" + name
	missing, err := s.ask(ctx, op, http.MethodGet, path, "", nil, &have)
	if fault.Is(err, fault.Invalid) { // "no handler found": there is no such plugin
		return change, fault.New(fault.Unsupported, op, "%w", err)
	}
	if err != nil || !missing && have.Policy.Description == policy["description"] {
		return change, err
	}
	if !missing {
		path += fmt.Sprintf("?if_seq_no=%d&if_primary_term=%d", have.Seq, have.Term)
	}
	change.Done = true
	return change, s.put(ctx, op, path, object{"policy": policy})
}
