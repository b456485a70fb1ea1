// Functions over JSON text and the way back for texts made in Go.
#include <stdint.h>

void kql_json_get(void *info, void *chunk, void *out);
void kql_json_text(void *info, void *chunk, void *out);
void kql_json_long(void *info, void *chunk, void *out);
void kql_json_length(void *info, void *chunk, void *out);
void kql_json_elements(void *info, void *chunk, void *out);
void kql_json_parse(void *info, void *chunk, void *out);
void kql_give(void *out, const char *all, const uint32_t *offsets, uint64_t n);
void kql_call(void *info, void *chunk, void *out);
