// The engine's library, loaded at run time. See library.h.
#define _GNU_SOURCE
#include "library.h"
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>

static struct {
  void **(*connect)(int, char **);
  void (*close)(void **);
  void *(*query)(void *, const char *, size_t, const char *, size_t);
  void *(*stream)(void *, const char *, size_t, const char *, size_t, const char *const *, const size_t *, const char *const *, const size_t *, size_t);
  void *(*fetch)(void *, void *);
  void (*cancel)(void *, void *);
  const char *(*error)(void *);
  const char *(*buffer)(void *);
  size_t (*length)(void *);
  void (*destroy)(void *);
  void (*signals)(int);
} lib;

// Go's own signal handlers must stay: the library resets them when it connects, even when it is told not to install its own.
static struct sigaction kept[NSIG];

static void keep_signals(void) {
  for (int i = 1; i < NSIG; i++) sigaction(i, NULL, &kept[i]);
}

static void restore_signals(void) {
  for (int i = 1; i < NSIG; i++)
    if (i != SIGKILL && i != SIGSTOP) sigaction(i, &kept[i], NULL);
}

static const char *find(void *h, const char *name, void *into) {
  void *f = dlsym(h, name);
  *(void **)into = f;
  return f ? NULL : dlerror();
}

const char *engine_load(const char *path) {
  keep_signals();
  void *h = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  restore_signals();
  if (!h) return dlerror();
  const char *e;
  if ((e = find(h, "chdb_connect", &lib.connect))) return e;
  if ((e = find(h, "chdb_close_conn", &lib.close))) return e;
  if ((e = find(h, "chdb_query_n", &lib.query))) return e;
  if ((e = find(h, "chdb_stream_query_with_params_n", &lib.stream))) return e;
  if ((e = find(h, "chdb_stream_fetch_result", &lib.fetch))) return e;
  if ((e = find(h, "chdb_stream_cancel_query", &lib.cancel))) return e;
  if ((e = find(h, "chdb_result_error", &lib.error))) return e;
  if ((e = find(h, "chdb_result_buffer", &lib.buffer))) return e;
  if ((e = find(h, "chdb_result_length", &lib.length))) return e;
  if ((e = find(h, "chdb_destroy_query_result", &lib.destroy))) return e;
  if ((e = find(h, "chdb_set_signal_handlers_enabled", &lib.signals))) return e;
  keep_signals();
  lib.signals(0);
  restore_signals();
  return NULL;
}

engine_conn *engine_connect(int argc, char **argv) {
  keep_signals();
  void **c = lib.connect(argc, argv);
  restore_signals();
  return c;
}

void engine_close(engine_conn *c) { lib.close(c); }

engine_result *engine_run(engine_conn *c, const char *text, size_t len) { return lib.query(*(void **)c, text, len, "Null", 4); }

engine_result *engine_stream(engine_conn *c, const char *text, size_t len, const char *data, const size_t *lens, size_t count) {
  const char **at = calloc(2 * count + 1, sizeof *at);
  size_t *n = calloc(2 * count + 1, sizeof *n);
  if (!at || !n) {
    free(at);
    free(n);
    return NULL;
  }
  for (size_t i = 0; i < count; i++) {
    at[i] = data;
    n[i] = lens[2 * i];
    data += n[i];
    at[count + i] = data;
    n[count + i] = lens[2 * i + 1];
    data += n[count + i];
  }
  void *r = lib.stream(*(void **)c, text, len, "Native", 6, at, n, at + count, n + count, count);
  free(at);
  free(n);
  return r;
}

engine_result *engine_next(engine_conn *c, engine_result *r) { return lib.fetch(*(void **)c, r); }
void engine_cancel(engine_conn *c, engine_result *r) { lib.cancel(*(void **)c, r); }
const char *engine_error(engine_result *r) { return lib.error(r); }
const char *engine_bytes(engine_result *r) { return lib.buffer(r); }
size_t engine_length(engine_result *r) { return lib.length(r); }
void engine_free(engine_result *r) { lib.destroy(r); }
