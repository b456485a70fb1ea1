package syntax

import (
	"slices"
	"strings"
)

// operatorOptions gives the options worth offering for each operator.
var operatorOptions = map[string]string{
	"join":                  "kind hint.remote hint.strategy hint.shufflekey hint.num_partitions",
	"lookup":                "kind",
	"summarize":             "hint.strategy hint.shufflekey hint.num_partitions",
	"distinct":              "hint.strategy hint.shufflekey hint.num_partitions",
	"union":                 "kind withsource isfuzzy hint.concurrency hint.spread",
	"mv-expand":             "kind with_itemindex",
	"mv-apply":              "with_itemindex",
	"parse":                 "kind flags",
	"parse-where":           "kind flags",
	"make-series":           "kind hint.shufflekey",
	"partition":             "hint.strategy hint.concurrency hint.spread hint.materialized",
	"search":                "kind",
	"find":                  "withsource",
	"top":                   "hint.progressive_top",
	"as":                    "hint.materialized",
	"evaluate":              "hint.distribution hint.remote",
	"scan":                  "with_match_id",
	"reduce":                "kind",
	"getschema":             "kind",
	"render":                "kind title xcolumn ycolumns anomalycolumns series xtitle ytitle xaxis yaxis legend ysplit ymin ymax xmin xmax accumulate",
	"parse-kv":              "pair_delimiter kv_delimiter quote escape greedy regex",
	"graph-match":           "cycles",
	"graph-shortest-paths":  "output cycles",
	"graph-mark-components": "kind with_component_id",
	"make-graph":            "hint.strategy",
	"macro-expand":          "isfuzzy best_effort",
}

// optionValues gives the words that an option takes, by operator and option, or by option alone.
var optionValues = map[string]string{
	"join kind":                   "inner innerunique leftouter rightouter fullouter leftanti rightanti leftsemi rightsemi",
	"lookup kind":                 "leftouter inner",
	"union kind":                  "outer inner",
	"mv-expand kind":              "bag array",
	"parse kind":                  "simple regex relaxed",
	"parse-where kind":            "simple regex relaxed",
	"make-series kind":            "nonempty",
	"search kind":                 "default case_insensitive case_sensitive",
	"reduce kind":                 "source",
	"getschema kind":              "csl",
	"render kind":                 "default unstacked stacked stacked100 map",
	"graph-mark-components kind":  "weak strong",
	"graph-shortest-paths output": "any all",
	"hint.strategy":               "shuffle broadcast centralized auto",
	"partition hint.strategy":     "native shuffle legacy",
	"make-graph hint.strategy":    "native shuffle",
	"hint.remote":                 "auto left right local",
	"hint.distribution":           "single per_node per_shard default",
	"isfuzzy":                     "true false",
	"best_effort":                 "true false",
	"greedy":                      "true false",
	"accumulate":                  "true false",
	"hint.materialized":           "true false",
	"hint.progressive_top":        "true false",
	"xaxis":                       "linear log",
	"yaxis":                       "linear log",
	"legend":                      "visible hidden",
	"ysplit":                      "none axes panels",
	"cycles":                      "all none unique_edges",
	"nulls":                       "first last",
}

// canonicalOperator gives the usual spelling of an operator.
func canonicalOperator(word string) string {
	switch word {
	case "mvexpand":
		return "mv-expand"
	case "mvapply":
		return "mv-apply"
	case "filter":
		return "where"
	case "limit":
		return "take"
	case "order":
		return "sort"
	}
	return word
}

// expectsOption notes that an option of the operator may stand at the end of the text.
func (p *parser) expectsOption() {
	if p.probing() {
		if words := strings.Fields(operatorOptions[p.probe.op]); len(words) > 0 {
			p.probe.expect |= ExpectOption
			p.probe.options = words
		}
	}
}

// expectsValue notes that a value of the option just named may stand there.
func (p *parser) expectsValue(option string) {
	if !p.probing() {
		return
	}
	words := optionValues[p.probe.op+" "+option]
	if words == "" {
		words = optionValues[option]
	}
	p.probe.values = strings.Fields(words)
	p.probe.expect |= ExpectValue
	switch option {
	case "hint.shufflekey", "xcolumn", "ycolumns", "anomalycolumns", "series":
		p.probe.expect |= ExpectColumn
	case "withsource", "with_source", "with_itemindex", "with_match_id", "with_component_id":
		p.probe.expect |= ExpectName
	}
	p.probe.done = true
}

// BinaryOperators gives the operators that may stand between two expressions, the words sorted and the marks last.
func BinaryOperators() []string {
	words := []string{"and", "or", "in", "in~", "!in", "!in~", "has_any", "has_all", "between", "!between"}
	for w := range stringOps {
		if isLetter(w[0]) || w[0] == '!' && isLetter(w[1]) {
			words = append(words, w)
		}
	}
	slices.SortFunc(words, func(a, b string) int { return strings.Compare(strings.TrimPrefix(a, "!"), strings.TrimPrefix(b, "!")) })
	return append(words, "==", "!=", "=~", "!~", "<", "<=", ">", ">=", "+", "-", "*", "/", "%")
}
