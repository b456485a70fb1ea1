package bind

import (
	"sort"
	"strings"

	"github.com/vedette-siem/vedette/kql/syntax"
)

// requestOptions are Kusto's request properties, which set statements may give. Not all of them mean something here; those that do not are
// taken without a word, as by Kusto where they change nothing.
var requestOptions = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(`best_effort client_max_redirect_count clientrequestid database deferpartialqueryfailures
		materialized_view_shuffle max_memory_consumption_per_query_per_node maxmemoryconsumptionperiterator maxoutputcolumns
		norequesttimeout notruncation push_selection_through_aggregation query_bin_auto_at query_bin_auto_size query_cursor_after_default
		query_cursor_before_or_at_default query_cursor_current query_cursor_disabled query_cursor_scoped_tables query_datascope
		query_datetimescope_column query_datetimescope_from query_datetimescope_to query_distribution_nodes_span
		query_fanout_nodes_percent query_fanout_threads_percent query_force_row_level_security query_language query_log_query_parameters
		query_max_entities_in_union query_now query_python_debug query_results_apply_getschema query_results_cache_force_refresh
		query_results_cache_max_age query_results_cache_per_shard query_results_progressive_row_count
		query_results_progressive_update_period query_take_max_records query_weakconsistency_session_id queryconsistency request_app_name
		request_block_row_level_security request_callout_disabled request_description request_external_data_disabled
		request_external_table_disabled request_impersonation_disabled request_readonly request_readonly_hardline
		request_remote_entities_disabled request_sandboxed_execution_disabled request_user results_progressive_enabled
		results_v2_fragment_primary_tables results_v2_newlines_between_frames servertimeout truncation_max_records truncation_max_size
		truncationmaxrecords truncationmaxsize validate_permissions`) {
		m[name] = true
	}
	return m
}()

// adviseOption warns of a set statement whose option nobody knows: it is left out of account.
func (b *binder) adviseOption(n *syntax.Name) {
	if requestOptions[n.Text] || strings.HasPrefix(n.Text, "debug_") {
		return
	}
	var all []string
	for name := range requestOptions {
		all = append(all, name)
	}
	sort.Strings(all)
	b.warnf(n.At(), codeUnknownOption, didYouMean(n.Text, all), "there is no option %s; the statement has no effect", quoteName(n.Text))
}
