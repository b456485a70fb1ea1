package syntax

import "strings"

// keywordClass says where a keyword may stand for a name.
type keywordClass uint8

const (
	notKeyword     keywordClass = iota
	reservedWord                // never a name without brackets: and, has_any, project, kind, title
	declarableWord              // may be declared (extend search = 1, a parameter) but not referred to without brackets
	nameableWord                // may be a name anywhere: count, id, order, top
)

// The keywords of the language, those of management commands among them because they cannot be names either.
const (
	nameableWords = `__partitionby access alias best_effort bin bool consume count database dataformat datetime_pattern declare default distinct
edges entity_group evaluate extend facet filter fork from getschema graph guid id inline_external_table join let limit lookup mvapply mvexpand nodes
null nulls on optional order output pack parse partition pattern plotly query_parameters range reduce regex render restrict scan serialize sort step
summarize take top typeof uuid view with with_node_id`

	declarableWords = `accumulate as by contains datatable earliest externaldata find has in invoke latest materialize mdm of print sample
sample-distinct search set sql title to top-hitters top-nested toscalar totable verbose viewers where`

	reservedWords = `!between !contains !contains_cs !endswith !endswith_cs !has !has_cs !hasprefix !hasprefix_cs !hassuffix !hassuffix_cs !in !in~
!startswith !startswith_cs 3Dchart __contextual_datatable __crossCluster __crossDB __executeAndCache __id __isFuzzy __noWithSource __packedColumn
__projectAway __sourceColumnIndex and anomalychart areachart asc assert-schema bagexpansion barchart between bin_legacy boolean byte cachingpolicy
callout cancel card char columnchart commands-and-queries contains_cs containscs cycles dataexport datascope date datetime decimal decodeblocks desc
double dynamic encodingpolicy endswith endswith_cs expandoutput extent_tags_retention external_data first flags float force_remote granny-asc
granny-desc graph-mark-components graph-match graph-shortest-paths graph-to-table graph-where-edges graph-where-nodes harddelete hardretention
has_all has_any has_cs hasprefix hasprefix_cs hassuffix hassuffix_cs hint.concurrency hint.distribution hint.materialized hint.num_partitions
hint.progressive_top hint.remote hint.shufflekey hint.spread hint.strategy hotcache int int16 int32 int64 int8 in~ isfuzzy journal kind ladderchart
last like likecs linechart long macro-expand make-graph make-series materialized-view-combine materialized-views missing mv-apply mv-expand
nooptimization notcontains notcontainscs notlike notlikecs or others parse-kv parse-where partitioned-by pathformat piechart pivotchart project
project-away project-by-names project-keep project-rename project-reorder project-smart queries query_results real relaxed restricted_view_access
row_level_security rowstore rowstore_references rowstore_sealinfo rowstorepolicy rowstores scatterchart seal seals set-or-append set-or-replace
shards simple softdelete softretention stackedareachart startswith startswith_cs statistics storedqueryresultcontainers string tablepurge time
timechart timeline timepivot timespan treemap uint uint16 uint32 uint64 uint8 ulong union uniqueid unrestrictedviewers views with_itemindex
with_match_id with_source with_step_name withsource writeaheadlog`
)

// keywords gives the class of every keyword; keywordTails gives, by the first run of letters, what may follow it within one keyword (project: -away,
// in: ~, matches: " regex"), the longest first.
var (
	keywords     = map[string]keywordClass{}
	keywordTails = map[string][]string{}
)

func init() {
	add := func(word string, class keywordClass) {
		keywords[word] = class
		n := 0
		if word[0] == '!' {
			n++
		}
		for n < len(word) && isWordByte(word[n]) {
			n++
		}
		if n == len(word) {
			return
		}
		tails := append(keywordTails[word[:n]], word[n:])
		for i := len(tails) - 1; i > 0 && len(tails[i]) > len(tails[i-1]); i-- {
			tails[i], tails[i-1] = tails[i-1], tails[i]
		}
		keywordTails[word[:n]] = tails
	}
	for _, w := range strings.Fields(reservedWords) {
		add(w, reservedWord)
	}
	add("matches regex", reservedWord)
	for _, w := range strings.Fields(declarableWords) {
		add(w, declarableWord)
	}
	for _, w := range strings.Fields(nameableWords) {
		add(w, nameableWord)
	}
}

// typedLiterals gives the kind of literal that type(…) makes. Its text is not made of tokens.
var typedLiterals = map[string]LiteralKind{
	"long": LongLiteral, "int64": LongLiteral, "int": IntLiteral, "int32": IntLiteral, "real": RealLiteral, "double": RealLiteral,
	"decimal": DecimalLiteral, "bool": BoolLiteral, "datetime": DateTimeLiteral, "date": DateTimeLiteral, "time": TimeSpanLiteral,
	"timespan": TimeSpanLiteral, "guid": GuidLiteral,
}

// timespanUnits are what may follow a number to make it a timespan.
var timespanUnits = set(`m min minute minutes s sec second seconds d day days h hr hrs hour hours ms milli millis millisec millisecond milliseconds
micro micros microsec microsecond microseconds nano nanos nanosec nanosecond nanoseconds tick ticks`)

// The types that a parameter or column may be declared with, and those that typeof takes besides.
var (
	declaredTypes = set(`bool boolean date datetime decimal double dynamic guid int int64 int8 long real string time timespan uniqueid`)
	castTypes     = set(`float int16 int32 uint uint16 uint32 uint64 uint8 ulong`)
)

// stringOps are the binary operators that bind tighter than arithmetic, and : of search.
var stringOps = set(`=~ !~ : has !has has_cs !has_cs hasprefix !hasprefix hasprefix_cs !hasprefix_cs hassuffix !hassuffix hassuffix_cs !hassuffix_cs
like notlike likecs notlikecs contains notcontains !contains containscs contains_cs notcontainscs !contains_cs startswith !startswith startswith_cs
!startswith_cs endswith !endswith endswith_cs !endswith_cs`)

func init() { stringOps["matches regex"] = true }

// set makes a set of the words of a text.
func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isHex(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// IsName says whether a text can be written as a name without brackets.
func IsName(s string) bool {
	if s == "" || s[0] != '_' && s[0] != '$' && !isLetter(s[0]) && !isDigit(s[0]) {
		return false
	}
	for i := 1; i < len(s); i++ {
		if !isWordByte(s[i]) {
			return false
		}
	}
	toks, diags := lex(s)
	if len(diags) > 0 || len(toks) != 2 {
		return false
	}
	t := toks[0]
	return t.Kind == WordToken || t.Kind == KeywordToken && keywords[t.Text] == nameableWord
}

// QuoteName writes a name so that it can be referred to: as it is, or as ['name'].
func QuoteName(s string) string {
	if IsName(s) {
		return s
	}
	return "[" + QuoteString(s) + "]"
}
