package fn

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/vedette-siem/vedette/kql/value"
)

// agentRule recognises something in a user agent. In its texts $1 stands for what the first group took. A part without a text takes the
// next group behind those that stand in texts, or is empty.
type agentRule struct {
	pattern string
	name    string   // of the family; "" is $1
	parts   []string // the parts of the version; of a device: brand and model
}

// ruleSet is a list of rules of which the first that fits counts.
type ruleSet struct {
	key      string   // in the result
	fields   []string // the family and the parts
	compiled func() []*regexp.Regexp
	rules    []agentRule

	mu   sync.Mutex
	seen map[string]value.Value // answers, forgotten when there are maxAgents
}

func newRuleSet(key string, fields []string, rules []agentRule) *ruleSet {
	return &ruleSet{key: key, fields: fields, rules: rules, seen: map[string]value.Value{}, compiled: sync.OnceValue(func() []*regexp.Regexp {
		out := make([]*regexp.Regexp, len(rules))
		for i, r := range rules {
			out[i] = regexp.MustCompile(r.pattern)
		}
		return out
	})}
}

var agentSets = map[string]*ruleSet{
	"browser": newRuleSet("Browser", []string{"Family", "MajorVersion", "MinorVersion", "Patch"}, browserRules),
	"os":      newRuleSet("OperatingSystem", []string{"Family", "MajorVersion", "MinorVersion", "Patch", "PatchMinor"}, systemRules),
	"device":  newRuleSet("Device", []string{"Family", "Brand", "Model"}, deviceRules),
}

// maxAgent is how much of a user agent is looked at, and maxAgents how many answers are kept: the same few agents come again and again.
const (
	maxAgent  = 4096
	maxAgents = 4096
)

// answer gives what the set recognises, from what it has seen where it can.
func (s *ruleSet) answer(agent string) value.Value {
	s.mu.Lock()
	v, ok := s.seen[agent]
	s.mu.Unlock()
	if ok {
		return v
	}
	v = s.recognise(agent)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.seen) >= maxAgents {
		clear(s.seen)
	}
	s.seen[agent] = v
	return v
}

// recognise gives the family and its parts; the family Other where no rule fits.
func (s *ruleSet) recognise(agent string) value.Value {
	texts := make([]string, len(s.fields))
	texts[0] = "Other"
	for i, re := range s.compiled() {
		m := re.FindStringSubmatch(agent)
		if m == nil {
			continue
		}
		rule := s.rules[i]
		next := 1
		fill := func(text string) string {
			for g := 1; g < len(m); g++ {
				if mark := "$" + strconv.Itoa(g); strings.Contains(text, mark) {
					next = max(next, g+1)
					text = strings.ReplaceAll(text, mark, m[g])
				}
			}
			return text
		}
		name := rule.name
		if name == "" {
			name = "$1"
		}
		texts[0] = fill(name)
		for k := 1; k < len(texts); k++ {
			switch {
			case k <= len(rule.parts):
				texts[k] = fill(rule.parts[k-1])
			case next < len(m):
				texts[k] = m[next]
				next++
			}
		}
		break
	}
	b := value.NewBag(len(texts))
	for i, t := range texts {
		b.Set(s.fields[i], value.OfString(t))
	}
	return value.OfBag(b.Bag())
}

// evalParseUserAgent gives what is looked for: browser, os, device, or an array of these.
func evalParseUserAgent(args []value.Value) value.Value {
	agent := args[0].S
	if agent == "" {
		return nullDynamic
	}
	agent = agent[:min(len(agent), maxAgent)]
	out := value.NewBag(3)
	known := true
	look := func(v value.Value) bool {
		set := agentSets[strings.ToLower(v.Text())]
		if known = known && set != nil; known {
			out.Set(set.key, set.answer(agent))
		}
		return known
	}
	if len(args) == 1 {
		args = append(args, value.OfString("browser"), value.OfString("os"), value.OfString("device"))
	}
	eachMember(args[1:], look)
	if !known {
		return nullDynamic
	}
	return value.OfBag(out.Bag())
}
