// The part of DuckDB's C API that the functions use, and what they ask of Go.
#include <stdint.h>

typedef uint64_t idx_t;
typedef struct {
  union {
    struct { uint32_t length; char prefix[4]; char *ptr; } pointer;
    struct { uint32_t length; char inlined[12]; } inlined;
  } value;
} text_t;
extern idx_t duckdb_data_chunk_get_size(void *chunk);
extern void *duckdb_data_chunk_get_vector(void *chunk, idx_t col);
extern void *duckdb_vector_get_data(void *vector);
extern uint64_t *duckdb_vector_get_validity(void *vector);
extern void duckdb_vector_ensure_validity_writable(void *vector);
extern void duckdb_vector_assign_string_element_len(void *vector, idx_t at, const char *s, idx_t n);
extern void *duckdb_list_vector_get_child(void *vector);
extern int duckdb_list_vector_reserve(void *vector, idx_t capacity);
extern int duckdb_list_vector_set_size(void *vector, idx_t size);
typedef struct { uint64_t offset, length; } list_entry;

static inline const char *text_of(const text_t *s, uint32_t *n) {
  *n = s->value.inlined.length;
  return *n <= 12 ? s->value.inlined.inlined : s->value.pointer.ptr;
}

// vedette_json computes one row of a function of json.c in Go. A text that it gives must be freed.
extern char *vedette_json(int what, char *s, uint32_t n, char *path, uint32_t path_n, uint32_t *out_n, int64_t *number, int *null);
