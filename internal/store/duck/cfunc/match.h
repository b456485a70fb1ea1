// The text functions of the query language, for DuckDB's C API.
#include <stdint.h>

typedef void (*kql_function)(void *info, void *chunk, void *out);

// The functions by number, in the order of the list in cfunc.go; 0 beyond the last.
kql_function kql_function_at(int i);
void kql_wrap(void *info, void *chunk, void *out);
