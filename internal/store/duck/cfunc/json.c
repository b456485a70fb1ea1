// Reading JSON text without building what it says: members and elements by a path, texts, whole numbers, lengths.
//
// Each function knows the plain cases for certain and leaves the others, row by row, to Go (vedette_json), which reads them with kql/value
// as the executor does. Plain is: valid JSON, numbers without exponent, and for texts no \u escape. So both always give the same.
#include "match.h"

#include <stdlib.h>
#include <string.h>

#include "engine.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { MAX_DEPTH = 100, MAX_STEPS = 64, MAX_KEYS = 32 };

// cursor goes through one text. hard is set where Go must look.
typedef struct { const char *p, *end; int hard; } cursor;

static void blank(cursor *c) {
  while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n' || *c->p == '\r')) c->p++;
}

static int give_up(cursor *c) { c->hard = 1; return 0; }

// plain_until gives the first place from p on of a quote, a backslash or a control character.
static const char *plain_until(const char *p, const char *end) {
#if defined(__x86_64__)
  __m128i q = _mm_set1_epi8('"'), b = _mm_set1_epi8('\\'), low = _mm_set1_epi8(0x1F);
  for (; end - p >= 16; p += 16) {
    __m128i x = _mm_loadu_si128((const __m128i *)p);
    __m128i stop = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, q), _mm_cmpeq_epi8(x, b)), _mm_cmpeq_epi8(_mm_min_epu8(x, low), x));
    int mask = _mm_movemask_epi8(stop);
    if (mask) return p + __builtin_ctz(mask);
  }
#endif
  while (p < end && *p != '"' && *p != '\\' && (uint8_t)*p >= ' ') p++;
  return p;
}

static int hex(char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f'); }

// string skips a string whose opening quote is at p. escapes is set when it has one, odd when one that only Go reads or writes so.
static int string(cursor *c, int *escapes, int *odd) {
  c->p++;
  for (;;) {
    c->p = plain_until(c->p, c->end);
    if (c->p >= c->end || (uint8_t)*c->p < ' ') return give_up(c);
    if (*c->p++ == '"') return 1;
    if (c->p >= c->end) return give_up(c);
    *escapes = 1;
    char e = *c->p++;
    if (e == '/' || e == 'u') *odd = 1;
    if (e == 'u') {
      if (c->end - c->p < 4 || !hex(c->p[0]) || !hex(c->p[1]) || !hex(c->p[2]) || !hex(c->p[3])) return give_up(c);
      c->p += 4;
    } else if (e == 0 || !strchr("\"\\/bfnrt", e)) {
      return give_up(c);
    }
  }
}

// number skips a number without exponent; whole is set when it is written as Kusto writes a long.
static int number(cursor *c, int *whole) {
  const char *from = c->p;
  if (*c->p == '-') c->p++;
  const char *first = c->p;
  while (c->p < c->end && *c->p >= '0' && *c->p <= '9') c->p++;
  long n = c->p - first;
  if (n == 0 || n > 200 || (*first == '0' && n > 1)) return give_up(c);
  *whole = n <= 18 && !(*first == '0' && first > from);
  if (c->p < c->end && *c->p == '.') {
    const char *dot = ++c->p;
    *whole = 0;
    while (c->p < c->end && *c->p >= '0' && *c->p <= '9') c->p++;
    if (c->p == dot || c->p - dot > 200) return give_up(c);
  }
  if (c->p < c->end && (*c->p == 'e' || *c->p == 'E' || *c->p == '.')) return give_up(c);
  return 1;
}

static int word(cursor *c, const char *w, long n) {
  if (c->end - c->p < n || memcmp(c->p, w, n) != 0) return give_up(c);
  c->p += n;
  return 1;
}

typedef struct { const char *p; uint32_t n; } slice;

// skip skips a value. With canonical it gives up on what kql/value would write in another way.
static int skip(cursor *c, int depth, int canonical) {
  int escapes = 0, odd = 0, whole = 0;
  if (!canonical) blank(c);
  if (c->p >= c->end || depth > MAX_DEPTH) return give_up(c);
  switch (*c->p) {
    case '"':
      return string(c, &escapes, &odd) && (!canonical || !odd || give_up(c));
    case 't':
      return word(c, "true", 4);
    case 'f':
      return word(c, "false", 5);
    case 'n':
      return word(c, "null", 4);
    case '[':
    case '{':
      break;
    default:
      return number(c, &whole) && (!canonical || whole || give_up(c));
  }
  int bag = *c->p++ == '{';
  char close = bag ? '}' : ']';
  slice keys[MAX_KEYS];
  int n = 0;
  if (!canonical) blank(c);
  if (c->p < c->end && *c->p == close) { c->p++; return 1; }
  for (;;) {
    if (bag) {
      if (!canonical) blank(c);
      if (c->p >= c->end || *c->p != '"') return give_up(c);
      slice key = {c->p, 0};
      if (!string(c, &escapes, &odd) || (canonical && odd)) return give_up(c);
      if (canonical) {
        key.n = c->p - key.p;
        if (n == MAX_KEYS) return give_up(c);
        for (int i = 0; i < n; i++)
          if (keys[i].n == key.n && memcmp(keys[i].p, key.p, key.n) == 0) return give_up(c);
        keys[n++] = key;
      } else {
        blank(c);
      }
      if (c->p >= c->end || *c->p++ != ':') return give_up(c);
    }
    if (!skip(c, depth + 1, canonical)) return 0;
    if (!canonical) blank(c);
    if (c->p >= c->end) return give_up(c);
    char x = *c->p++;
    if (x == close) return 1;
    if (x != ',') return give_up(c);
  }
}

// ---- paths

// step is a key (p is set) or an index.
typedef struct { const char *p; uint32_t n; int64_t index; } step;
typedef struct { step s[MAX_STEPS]; int n; } path;

// path_of reads k<length>:<bytes> and i<number>; one after another.
static int path_of(path *to, const char *s, uint32_t n) {
  to->n = 0;
  for (uint32_t i = 0; i < n;) {
    if (to->n == MAX_STEPS) return 0;
    step *t = &to->s[to->n++];
    char kind = s[i++];
    int minus = i < n && s[i] == '-';
    if (minus) i++;
    int64_t x = 0;
    while (i < n && s[i] >= '0' && s[i] <= '9' && x < INT32_MAX) x = x * 10 + (s[i++] - '0');
    if (i >= n || s[i] != (kind == 'k' ? ':' : ';')) return 0;
    i++;
    *t = (step){0, 0, minus ? -x : x};
    if (kind == 'k') {
      if (x > n - i) return 0;
      t->p = s + i;
      t->n = x;
      i += x;
    }
  }
  return 1;
}

// walk goes through a value and sets found to what the path from step k on leads to, found->p 0 where it leads nowhere.
static int walk(cursor *c, const path *way, int k, slice *found) {
  found->p = 0;
  blank(c);
  if (c->p >= c->end) return give_up(c);
  if (k == way->n) {
    const char *from = c->p;
    if (!skip(c, k, 0)) return 0;
    found->p = from;
    found->n = c->p - from;
    return 1;
  }
  const step *t = &way->s[k];
  char open = *c->p;
  if ((open != '{' || !t->p) && (open != '[' || t->p)) return skip(c, k, 0);
  int64_t index = t->index, i = 0;
  if (index < 0) { // from the end: count first
    cursor ahead = {c->p + 1, c->end, 0};
    blank(&ahead);
    while (ahead.p < ahead.end && *ahead.p != ']') {
      if (!skip(&ahead, k + 1, 0)) return give_up(c);
      i++;
      blank(&ahead);
      if (ahead.p < ahead.end && *ahead.p == ',') ahead.p++;
    }
    index += i;
    i = 0;
  }
  char close = open == '{' ? '}' : ']';
  c->p++;
  blank(c);
  if (c->p < c->end && *c->p == close) { c->p++; return 1; }
  for (;; i++) {
    int here = i == index;
    if (open == '{') {
      blank(c);
      if (c->p >= c->end || *c->p != '"') return give_up(c);
      const char *from = c->p + 1;
      int escapes = 0, odd = 0;
      if (!string(c, &escapes, &odd) || escapes) return give_up(c);
      here = c->p - 1 - from == t->n && memcmp(from, t->p, t->n) == 0;
      blank(c);
      if (c->p >= c->end || *c->p++ != ':') return give_up(c);
    }
    if (here ? !walk(c, way, k + 1, found) : !skip(c, k + 1, 0)) return 0; // of equal keys the last counts
    blank(c);
    if (c->p >= c->end) return give_up(c);
    char x = *c->p++;
    if (x == close) return 1;
    if (x != ',') return give_up(c);
  }
}

// ---- the functions, for one row: 1 when done, 0 when Go must look

// answer is a text (p, n), a number, or null.
typedef struct { const char *p; uint32_t n; int64_t number; int null; } answer;

typedef struct { char *p; uint32_t cap; } buffer;

static int ended(cursor *c) {
  blank(c);
  return c->p == c->end;
}

static int is(slice s, const char *w) { return s.n == strlen(w) && memcmp(s.p, w, s.n) == 0; }

// at finds what the path leads to in a whole text; found->p is 0 where that is nothing or null.
static int at(const char *s, uint32_t n, const path *way, slice *found) {
  cursor c = {s, s + n, 0};
  found->p = 0;
  if (n == 0) return 1;
  if (!walk(&c, way, 0, found) || !ended(&c)) return 0;
  if (found->p && is(*found, "null")) found->p = 0;
  return 1;
}

// one finds the value that the text is; with blanks around it.
static int one(const char *s, uint32_t n, int canonical, slice *v) {
  cursor c = {s, s + n, 0};
  blank(&c);
  v->p = c.p;
  if (!skip(&c, 0, canonical)) return 0;
  v->n = c.p - v->p;
  return ended(&c);
}

static int text_value(const char *s, uint32_t n, answer *a, buffer *b) {
  slice v;
  if (n == 0) { a->p = ""; a->n = 0; return 1; } // stored so, it is an empty string
  if (!one(s, n, 1, &v)) return 0;
  if (is(v, "null")) { a->p = ""; a->n = 0; return 1; }
  a->p = v.p;
  a->n = v.n;
  if (*v.p != '"') return 1;
  a->p++;
  a->n -= 2;
  if (!memchr(a->p, '\\', a->n)) return 1;
  if (b->cap < a->n) {
    char *p = realloc(b->p, (size_t)a->n * 2);
    if (!p) return 0;
    b->p = p;
    b->cap = a->n * 2;
  }
  uint32_t m = 0;
  for (uint32_t i = 0; i < a->n; i++) {
    char x = a->p[i];
    if (x == '\\') {
      x = a->p[++i];
      switch (x) {
        case 'b': x = '\b'; break;
        case 'f': x = '\f'; break;
        case 'n': x = '\n'; break;
        case 'r': x = '\r'; break;
        case 't': x = '\t'; break;
      }
    }
    b->p[m++] = x;
  }
  a->p = b->p;
  a->n = m;
  return 1;
}

static int long_value(const char *s, uint32_t n, answer *a) {
  slice v;
  if (n == 0 || !one(s, n, 1, &v)) return 0;
  if ((a->null = is(v, "null"))) return 1;
  if (*v.p == '"') { // digits in quotes
    v.p++;
    v.n -= 2;
    if (v.n == 0 || v.n > 18 || (*v.p == '0' && v.n > 1)) return 0;
  }
  uint32_t i = *v.p == '-' && v.n > 1;
  int64_t x = 0;
  for (uint32_t k = i; k < v.n; k++) {
    if (v.p[k] < '0' || v.p[k] > '9') return 0;
    x = x * 10 + (v.p[k] - '0');
  }
  a->number = i ? -x : x;
  return 1;
}

static int length_value(const char *s, uint32_t n, answer *a) {
  cursor c = {s, s + n, 0};
  blank(&c);
  if (c.p >= c.end || *c.p != '[') {
    slice v;
    a->null = 1;
    return n > 0 && one(s, n, 0, &v);
  }
  c.p++;
  blank(&c);
  if (c.p < c.end && *c.p == ']') { c.p++; return ended(&c); }
  for (;;) {
    if (!skip(&c, 1, 0)) return 0;
    a->number++;
    blank(&c);
    if (c.p >= c.end) return 0;
    char x = *c.p++;
    if (x == ']') return ended(&c);
    if (x != ',') return 0;
  }
}

static int parsed(const char *s, uint32_t n, answer *a) {
  slice v;
  if (n == 0) { a->null = 1; return 1; }
  if (!one(s, n, 0, &v)) return 0;
  a->null = is(v, "null");
  a->p = v.p;
  a->n = v.n;
  return 1;
}

enum { GET, TEXT, LONG, LENGTH, PARSE, ELEMENTS };

static void run_json(void *chunk, void *out, int what) {
  idx_t n = duckdb_data_chunk_get_size(chunk);
  void *xv = duckdb_data_chunk_get_vector(chunk, 0);
  text_t *xs = duckdb_vector_get_data(xv);
  uint64_t *valid = duckdb_vector_get_validity(xv);
  duckdb_vector_ensure_validity_writable(out);
  uint64_t *given = duckdb_vector_get_validity(out);
  int64_t *numbers = duckdb_vector_get_data(out);
  path way = {.n = 0};
  const char *steps = 0;
  uint32_t steps_n = 0;
  int known = 1;
  if (what != PARSE && n > 0) { // a constant
    text_t *ps = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 1));
    steps = text_of(&ps[0], &steps_n);
    known = path_of(&way, steps, steps_n);
  }
  buffer b = {0};
  for (idx_t i = 0; i < n; i++) {
    answer a = {0};
    char *made = 0;
    if (valid && !(valid[i / 64] >> (i % 64) & 1)) {
      a.null = what != TEXT;
      a.p = "";
    } else {
      uint32_t m;
      const char *s = text_of(&xs[i], &m);
      int done = known, missing = 0;
      if (done && way.n > 0) {
        slice found;
        done = at(s, m, &way, &found);
        missing = done && !found.p;
        a.null = missing && what != TEXT;
        if (done && !missing) {
          a.p = s = found.p;
          a.n = m = found.n;
        }
      }
      if (done && !missing) {
        switch (what) {
          case TEXT: done = text_value(s, m, &a, &b); break;
          case LONG: done = long_value(s, m, &a); break;
          case LENGTH: done = length_value(s, m, &a); break;
          case PARSE: done = parsed(s, m, &a); break;
        }
      }
      if (!done) {
        a = (answer){0};
        s = text_of(&xs[i], &m);
        made = vedette_json(what, (char *)s, m, (char *)steps, steps_n, &a.n, &a.number, &a.null);
        a.p = made;
      }
    }
    if (a.null) {
      given[i / 64] &= ~(1ull << (i % 64));
    } else {
      given[i / 64] |= 1ull << (i % 64);
      if (what == LONG || what == LENGTH) numbers[i] = a.number;
      else duckdb_vector_assign_string_element_len(out, i, a.p ? a.p : "", a.n);
    }
    free(made);
  }
  free(b.p);
}

void kql_json_get(void *info, void *chunk, void *out) { (void)info; run_json(chunk, out, GET); }
void kql_json_text(void *info, void *chunk, void *out) { (void)info; run_json(chunk, out, TEXT); }
void kql_json_long(void *info, void *chunk, void *out) { (void)info; run_json(chunk, out, LONG); }
void kql_json_length(void *info, void *chunk, void *out) { (void)info; run_json(chunk, out, LENGTH); }
void kql_json_parse(void *info, void *chunk, void *out) { (void)info; run_json(chunk, out, PARSE); }

// kql_give writes texts that lie one after another in all, row i from offsets[i] on, into a vector of the engine.
void kql_give(void *out, const char *all, const uint32_t *offsets, idx_t n) {
  for (idx_t i = 0; i < n; i++) duckdb_vector_assign_string_element_len(out, i, all + offsets[i], offsets[i + 1] - offsets[i]);
}

// ---- the elements of a value, as mv-expand makes rows of them

// elements are the rows of one list vector so far.
typedef struct { void *list, *child; idx_t n, cap; } elements;

// add adds an element, null where s is 0.
static int add(elements *e, const char *s, idx_t n) {
  if (e->n == e->cap) {
    e->cap = e->cap ? e->cap * 2 : 4096;
    duckdb_list_vector_set_size(e->list, e->n); // what is there is kept
    if (duckdb_list_vector_reserve(e->list, e->cap)) return 0;
    e->child = duckdb_list_vector_get_child(e->list);
  }
  if (s) {
    uint64_t *valid = duckdb_vector_get_validity(e->child);
    if (valid) valid[e->n / 64] |= 1ull << (e->n % 64);
    duckdb_vector_assign_string_element_len(e->child, e->n, s, n);
  } else {
    duckdb_vector_ensure_validity_writable(e->child);
    duckdb_vector_get_validity(e->child)[e->n / 64] &= ~(1ull << (e->n % 64));
  }
  e->n++;
  return 1;
}

// elements_of adds what a text expands to. Of what is not plain, and of bags, Go gives a list.
static int elements_of(elements *e, const char *s, uint32_t n) {
  cursor c = {s, s + n, 0};
  blank(&c);
  if (c.p >= c.end || *c.p == '{') return 0;
  if (*c.p != '[') {
    slice v;
    return one(s, n, 0, &v) && (is(v, "null") ? add(e, 0, 0) : add(e, v.p, v.n));
  }
  c.p++;
  blank(&c);
  if (c.p < c.end && *c.p == ']') { c.p++; return ended(&c); }
  for (;;) {
    blank(&c);
    slice v = {c.p, 0};
    if (!skip(&c, 1, 0)) return 0;
    v.n = c.p - v.p;
    if (!(is(v, "null") ? add(e, 0, 0) : add(e, v.p, v.n))) return 0;
    blank(&c);
    if (c.p >= c.end) return 0;
    char x = *c.p++;
    if (x == ']') return ended(&c);
    if (x != ',') return 0;
  }
}

// listed adds texts that Go wrote one after another with their lengths; the length - is a null.
static void listed(elements *e, const char *s, uint32_t n) {
  for (uint32_t i = 0; i < n;) {
    if (s[i] == '-') {
      i += 2;
      add(e, 0, 0);
      continue;
    }
    uint32_t m = 0;
    while (i < n && s[i] != ':') m = m * 10 + (s[i++] - '0');
    i++;
    add(e, s + i, m);
    i += m;
  }
}

void kql_json_elements(void *info, void *chunk, void *out) {
  (void)info;
  idx_t n = duckdb_data_chunk_get_size(chunk);
  void *xv = duckdb_data_chunk_get_vector(chunk, 0);
  text_t *xs = duckdb_vector_get_data(xv);
  uint64_t *valid = duckdb_vector_get_validity(xv);
  list_entry *lists = duckdb_vector_get_data(out);
  elements e = {out, duckdb_list_vector_get_child(out), 0, 0};
  if (n == 0) return;
  path way;
  uint32_t steps_n;
  const char *steps = text_of(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 1)), &steps_n);
  int known = path_of(&way, steps, steps_n);
  for (idx_t i = 0; i < n; i++) {
    idx_t from = e.n;
    if (valid && !(valid[i / 64] >> (i % 64) & 1)) {
      add(&e, 0, 0);
    } else {
      uint32_t m;
      const char *s = text_of(&xs[i], &m);
      slice found = {s, m};
      int done = known;
      if (done && way.n > 0) done = at(s, m, &way, &found);
      if (done) done = found.p ? elements_of(&e, found.p, found.n) : add(&e, 0, 0);
      if (!done) {
        e.n = from;
        uint32_t made_n = 0;
        int64_t number;
        int null = 0;
        char *made = vedette_json(ELEMENTS, (char *)s, m, (char *)steps, steps_n, &made_n, &number, &null);
        listed(&e, made ? made : "", made_n);
        free(made);
      }
    }
    lists[i] = (list_entry){from, e.n - from};
  }
  duckdb_list_vector_set_size(out, e.n);
}

extern void vedette_call(void *info, void *chunk, void *out);

void kql_call(void *info, void *chunk, void *out) { vedette_call(info, chunk, out); }
