package kql_test

import "flag"

var update = flag.Bool("update", false, "rewrite testdata: everything but queries and rows")
