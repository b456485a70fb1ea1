package bind

import (
	"fmt"
	"sort"
	"strings"

	"github.com/vedette-siem/vedette/kql/syntax"
)

// The codes of diagnostics.
const (
	codeUnknownColumn    = "unknown-column"
	codeUnknownTable     = "unknown-table"
	codeUnknownFunction  = "unknown-function"
	codeUnknownName      = "unknown-name"
	codeUnknownPlugin    = "unknown-plugin"
	codeUnknownOption    = "unknown-option"
	codeDuplicateColumn  = "duplicate-column"
	codeDuplicateName    = "duplicate-name"
	codeArguments        = "wrong-arguments"
	codeType             = "wrong-type"
	codeConstant         = "constant-expected"
	codeScalar           = "scalar-expected"
	codeTabular          = "table-expected"
	codeColumn           = "column-expected"
	codeAggregate        = "aggregate-misplaced"
	codeSerialized       = "not-serialized"
	codeJoin             = "wrong-join-condition"
	codePosition         = "misplaced-operator"
	codePattern          = "wrong-pattern"
	codeRecursion        = "recursion"
	codeTooLarge         = "too-large"
	codeUnsupported      = "unsupported"
	codeElsewhere        = "another-cluster"
	codeRestricted       = "restricted"
	codeMissingTable     = "missing-table"
	codeNoColumn         = "missing-column"
	codeNoRows           = "no-rows"
	codeMissingWatchlist = "missing-watchlist"
	codeNoGeoIP          = "no-geoip"
	codeObsolete         = "obsolete"
	codeSlow             = "slow"
)

type diagKey struct {
	at  syntax.Span
	msg string
}

// report adds a diagnostic. One that lies in the text of a stored function is told at the call.
func (b *binder) report(d syntax.Diag) {
	if b.quiet > 0 {
		return
	}
	if b.foreign != nil {
		d.Span = *b.foreign
		d.Message = b.foreignName + ": " + d.Message
	}
	k := diagKey{d.Span, d.Message}
	if b.seen[k] {
		return
	}
	b.seen[k] = true
	b.diags = append(b.diags, d)
}

func (b *binder) errorf(at syntax.Span, code, format string, args ...any) {
	b.report(syntax.Diag{Span: at, Severity: syntax.Error, Code: code, Message: fmt.Sprintf(format, args...)})
}

// errorAdvice is errorf with a suggestion.
func (b *binder) errorAdvice(at syntax.Span, code, advice, format string, args ...any) {
	b.report(syntax.Diag{Span: at, Severity: syntax.Error, Code: code, Message: fmt.Sprintf(format, args...), Suggestion: advice})
}

func (b *binder) warnf(at syntax.Span, code, advice, format string, args ...any) {
	b.report(syntax.Diag{Span: at, Severity: syntax.Warning, Code: code, Message: fmt.Sprintf(format, args...), Suggestion: advice})
}

func (b *binder) sortDiags() {
	sort.SliceStable(b.diags, func(i, j int) bool { return b.diags[i].Start < b.diags[j].Start })
}

// quoteName writes a name as KQL would.
func quoteName(name string) string {
	for i := 0; i < len(name); i++ {
		c := name[i]
		if !(c == '_' || c == '$' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9') {
			return "['" + strings.ReplaceAll(name, "'", `\'`) + "']"
		}
	}
	return "`" + name + "`"
}

// didYouMean is the suggestion for a name that is not there.
func didYouMean(name string, candidates []string) string {
	if s := suggest(name, candidates); s != "" {
		return "did you mean " + quoteName(s) + "?"
	}
	return ""
}

// names lists the columns that r has.
func (r *rel) names() []string {
	if r == nil {
		return nil
	}
	out := make([]string, 0, len(r.cols))
	for _, c := range r.cols {
		out = append(out, c.Name)
	}
	return out
}
