package syntax

// OperatorDoc is what the manual says of an operator of the pipe: Example is a whole query, Rows are its rows as JSON.
type OperatorDoc struct {
	Name, Doc     string
	Example, Rows string
	Notes         string
	Refused       string // why it cannot be run here; the example then says what it would give
}

// OperatorDocs describes the operators of the pipe, in the order of the manual. Old spellings are told in the notes.
func OperatorDocs() []OperatorDoc { return operatorDocs }

const edges = "datatable(f:string, t:string)"

const three = "datatable(k:string, v:long)['a', 1, 'b', 2, 'a', 3] "

var operatorDocs = []OperatorDoc{
	{"where", "Keeps the rows for which a condition holds.", three + "| where v > 1 and k == 'a'", `[["a",3]]`, "Old spelling: filter.", ""},
	{"project", "Gives the columns and expressions that are named, and no others.", three + "| project w = v * 2, k", `[[2,"a"],[4,"b"],[6,"a"]]`, "", ""},
	{"project-away", "Gives all columns but those named; * stands for any text in a name.", three + "| project-away v", `[["a"],["b"],["a"]]`, "", ""},
	{"project-keep", "Gives the columns named, in the order that they have; * stands for any text in a name.", three + "| project-keep v", `[[1],[2],[3]]`, "", ""},
	{"project-rename", "Gives columns other names.", three + "| project-rename key = k | take 1 | project key", `[["a"]]`, "", ""},
	{"project-reorder", "Puts columns first; asc and desc order those that a wildcard names.", three + "| project-reorder v | where v == 1", `[[1,"a"]]`, "", ""},
	{"project-by-names", "Gives the columns whose names a list holds.", three + "| project-by-names dynamic(['v'])", `[[1],[2],[3]]`, "", ""},
	{"extend", "Adds computed columns, or replaces columns in their place.", three + "| extend w = v + 1 | where w == 2", `[["a",1,2]]`, "", ""},
	{"summarize", "Gives a row for each group, with aggregates.", three + "| summarize n = count(), sum(v) by k", `[["a",2,4],["b",1,2]]`, "Hints are read and make no difference.", ""},
	{"distinct", "Gives each combination of values once.", three + "| distinct k", `[["a"],["b"]]`, "", ""},
	{"count", "Counts the rows.", three + "| count", `[[3]]`, "", ""},
	{"sort", "Orders the rows; descending unless told.", three + "| sort by v desc | project v", `[[3],[2],[1]]`, "Also: order.", ""},
	{"top", "Gives the first rows in an order.", three + "| top 1 by v", `[["a",3]]`, "", ""},
	{"top-nested", "Gives the first values of a column, and for each of them the first values of the next.", three + "| top-nested 1 of k by sum(v)", `[["a",4]]`, "", ""},
	{"top-hitters", "Gives the most frequent values.", three + "| top-hitters 1 of k", `[["a",2]]`, "The counts are exact.", ""},
	{"take", "Gives some rows.", three + "| take 0", `[]`, "Also: limit.", ""},
	{"sample", "Gives rows at random.", three + "| sample 3 | count", `[[3]]`, "", ""},
	{"sample-distinct", "Gives different values of an expression at random.", three + "| sample-distinct 5 of k | count", `[[2]]`, "", ""},
	{"join", "Puts rows of two tables together whose keys are equal.", three + "| join kind=inner (print k = 'a', w = 9) on k", `[["a",1,"a",9],["a",3,"a",9]]`, "All nine kinds; innerunique unless told. Only equality can be joined on.", ""},
	{"lookup", "Adds to each row the columns of the rows of a small table with the same key.", three + "| lookup (print k = 'a', w = 9) on k | where v < 3", `[["a",1,9],["b",2,null]]`, "", ""},
	{"union", "Gives the rows of several tables.", "union withsource=t (print x = 1), (print x = 2) | project x", `[[1],[2]]`, "", ""},
	{"mv-expand", "Gives a row for each element of an array or bag.", "print a = dynamic([1, 2]) | mv-expand a to typeof(long)", `[[1],[2]]`, "Old spelling: mvexpand, which gives at most 128 rows for one.", ""},
	{"mv-apply", "Runs a subquery over the elements of each row's arrays.", "print a = dynamic([3, 1]) | mv-apply x = a to typeof(long) on (top 1 by x) | project x", `[[3]]`, "", ""},
	{"parse", "Takes columns out of a text by a pattern.", "print s = 'pid=5 end' | parse s with 'pid=' pid:long ' ' * | project pid", `[[5]]`, "", ""},
	{"parse-where", "As parse, but keeps only the rows that fit.", "datatable(s:string)['pid=5', 'x'] | parse-where s with 'pid=' pid:long | project pid", `[[5]]`, "", ""},
	{"parse-kv", "Takes values out of a text of keys and values.", "print s = 'a=1, b=x' | parse-kv s as (a:long, b:string) with (pair_delimiter=', ', kv_delimiter='=') | project a, b", `[[1,"x"]]`, "", ""},
	{"make-series", "Gives a series of an aggregate over an axis for each group.", "datatable(t:long, v:long)[1, 5, 3, 7] | make-series s = sum(v) default=0 on t from 1 to 4 step 1", `[[[5,0,7],[1,2,3]]]`, "", ""},
	{"partition", "Runs a subquery over the rows of each key.", three + "| partition by k (top 1 by v)", `[["a",3],["b",2]]`, "", ""},
	{"fork", "Gives the results of several subqueries, each a table.", three + "| fork (count) (take 0)", `[[3]]`, "", ""},
	{"facet", "Gives the counts of the values of columns, each a table.", three + "| facet by k", `[["a",2],["b",1]]`, "", ""},
	{"as", "Names the table, for the rest of the query and in the result.", three + "| as t | count", `[[3]]`, "", ""},
	{"serialize", "Keeps the rows in their order, so that window functions can be used.", three + "| serialize n = row_number() | project n", `[[1],[2],[3]]`, "", ""},
	{"scan", "Finds sequences of rows by steps.", "range x from 1 to 3 step 1 | scan declare (t:long = 0) with (step s: true => t = x + s.t;) | project t", `[[1],[3],[6]]`, "Without with_match_id there is no column match_id.", ""},
	{"getschema", "Gives the columns and their types.", "print x = 1 | getschema | project ColumnName, ColumnType", `[["x","long"]]`, "", ""},
	{"print", "Gives one row of computed values.", "print x = 1 + 1", `[[2]]`, "", ""},
	{"range", "Gives the numbers or times of a range.", "range x from 1 to 3 step 1", `[[1],[2],[3]]`, "", ""},
	{"search", "Finds rows in which a text stands, in all tables or in those named.", "let T = view () { print s = 'a b' }; search in (T) 'b' | project s", `[["a b"]]`, "", ""},
	{"find", "Finds rows for which a condition holds in several tables.", "let T = view () { print s = 'a b' }; find in (T) where s has 'b' project s | project s", `[["a b"]]`, "", ""},
	{"evaluate", "Runs a plugin; see the plugins.", "print d = dynamic({'x':1}) | evaluate bag_unpack(d)", `[[1]]`, "", ""},
	{"invoke", "Calls a function on the table.", "let f = (T:(v:long)) { T | summarize sum(v) }; " + three + "| invoke f()", `[[6]]`, "", ""},
	{"render", "Asks for a chart; it changes no rows.", three + "| count | render card", `[[3]]`, "", ""},
	{"consume", "Gives no rows.", three + "| consume", `[]`, "", ""},
	{"reduce", "Groups texts that are alike.", "datatable(s:string)['a 1', 'a 2'] | reduce by s | project Count", `[[2]]`, "The patterns may differ from those of Kusto, which does not say how it finds them.", ""},
	{"assert-schema", "Fails unless the table has the columns.", "print x = 1 | assert-schema (x:long)", `[[1]]`, "", ""},
	{"macro-expand", "Runs a subquery for each member of an entity group.", "macro-expand entity_group [database()] as X (print x = 1)", `[[1]]`, "Members other than this store cannot be read.", ""},
	{"make-graph", "Makes a graph of a table of edges.", edges + "['a', 'b', 'b', 'c'] | make-graph f --> t with_node_id=n | graph-to-table nodes | count", `[[3]]`, "", ""},
	{"graph-match", "Finds patterns in a graph.", edges + "['a', 'b', 'b', 'c'] | make-graph f --> t with_node_id=n | graph-match (x)-->(y) where x.n == 'a' project y.n", `[["b"]]`, "project must be there. Graphs are made by the query; there are none that are kept, so labels() is empty.", ""},
	{"graph-shortest-paths", "Finds the shortest paths between nodes of a graph.", edges + "['a', 'b', 'b', 'c'] | make-graph f --> t with_node_id=n | graph-shortest-paths (x)-[e*1..3]->(y) where x.n == 'a' and y.n == 'c' project hops = array_length(e)", `[[2]]`, "A path goes through no node twice.", ""},
	{"graph-to-table", "Gives the nodes or the edges of a graph as tables.", edges + "['a', 'b'] | make-graph f --> t with_node_id=n | graph-to-table nodes", `[["a"],["b"]]`, "", ""},
	{"graph-mark-components", "Numbers the connected parts of a graph.", edges + "['a', 'b', 'c', 'd'] | make-graph f --> t with_node_id=n | graph-mark-components with_component_id=c | graph-to-table nodes | summarize dcount(c)", `[[2]]`, "", ""},
	{"graph-where-nodes", "Keeps the nodes of a graph for which a condition holds.", edges + "['a', 'b'] | make-graph f --> t with_node_id=n | graph-where-nodes n == 'a' | graph-to-table nodes", `[["a"]]`, "", ""},
	{"graph-where-edges", "Keeps the edges of a graph for which a condition holds.", edges + "['a', 'b', 'b', 'c'] | make-graph f --> t with_node_id=n | graph-where-edges f == 'b' | graph-to-table edges", `[["b","c"]]`, "", ""},
}
