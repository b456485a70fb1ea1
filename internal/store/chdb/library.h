// The functions of the engine's library that we use, found when it is loaded at run time.
#include <stddef.h>

typedef void engine_conn;
typedef void engine_result;

// Loads the library; gives NULL or why it could not be.
const char *engine_load(const char *path);

engine_conn *engine_connect(int argc, char **argv);
void engine_close(engine_conn *c);

// Runs a statement to its end.
engine_result *engine_run(engine_conn *c, const char *text, size_t len);

// Starts a statement with count parameters. data holds their names and values one after the other, lens the length of each.
engine_result *engine_stream(engine_conn *c, const char *text, size_t len, const char *data, const size_t *lens, size_t count);
engine_result *engine_next(engine_conn *c, engine_result *r);
void engine_cancel(engine_conn *c, engine_result *r);

const char *engine_error(engine_result *r);
const char *engine_bytes(engine_result *r);
size_t engine_length(engine_result *r);
void engine_free(engine_result *r);
