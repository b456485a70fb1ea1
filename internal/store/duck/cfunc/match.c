// Kusto's text operators over DuckDB's vectors: whole terms, prefixes, suffixes and substrings, with or without regard to case.
//
// A term is a maximal run of letters and digits of any script. Text that is ASCII throughout, which is nearly all of it, is searched
// where it lies, many bytes at a time; other text is folded character by character first. Both give what kql/fn's MatchText gives.
#include "match.h"

#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// ---- characters

static inline uint8_t lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
static inline int term_byte(uint8_t c) {
  return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static int ascii(const char *s, uint32_t n) {
  uint8_t all = 0;
  for (uint32_t i = 0; i < n; i++) all |= (uint8_t)s[i];
  return all < 128;
}

static int term_rune(uint32_t r) {
  if (r < 128) return term_byte(r);
  int lo = 0, hi = sizeof term_ranges / sizeof term_ranges[0];
  while (lo < hi) {
    int mid = (lo + hi) / 2;
    if (r > term_ranges[mid][1]) lo = mid + 1; else hi = mid;
  }
  return lo < (int)(sizeof term_ranges / sizeof term_ranges[0]) && r >= term_ranges[lo][0];
}

static uint32_t fold_rune(uint32_t r) {
  if (r < 128) return lower(r);
  int lo = 0, hi = sizeof fold_from / sizeof fold_from[0];
  while (lo < hi) {
    int mid = (lo + hi) / 2;
    if (r > fold_from[mid]) lo = mid + 1; else hi = mid;
  }
  return lo < (int)(sizeof fold_from / sizeof fold_from[0]) && fold_from[lo] == r ? fold_to[lo] : r;
}

// decode reads the character at s (the engine's text is valid UTF-8; a cut one at the end counts byte by byte).
static uint32_t decode(const char *s, uint32_t n, uint32_t *width) {
  const uint8_t *p = (const uint8_t *)s;
  if (p[0] >= 0xF0 && n >= 4) { *width = 4; return (p[0] & 7u) << 18 | (p[1] & 63u) << 12 | (p[2] & 63u) << 6 | (p[3] & 63u); }
  if (p[0] >= 0xE0 && n >= 3) { *width = 3; return (p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u); }
  if (p[0] >= 0xC0 && n >= 2) { *width = 2; return (p[0] & 31u) << 6 | (p[1] & 63u); }
  *width = 1;
  return p[0];
}

static uint32_t encode(uint32_t r, char *o) {
  if (r < 0x80) { o[0] = r; return 1; }
  if (r < 0x800) { o[0] = 0xC0 | r >> 6; o[1] = 0x80 | (r & 63); return 2; }
  if (r < 0x10000) { o[0] = 0xE0 | r >> 12; o[1] = 0x80 | (r >> 6 & 63); o[2] = 0x80 | (r & 63); return 3; }
  o[0] = 0xF0 | r >> 18; o[1] = 0x80 | (r >> 12 & 63); o[2] = 0x80 | (r >> 6 & 63); o[3] = 0x80 | (r & 63);
  return 4;
}

static int term_before(const char *s, uint32_t i) {
  if (i == 0) return 0;
  if ((uint8_t)s[i - 1] < 128) return term_byte(s[i - 1]);
  uint32_t k = i - 1, w;
  while (k > 0 && i - k < 4 && ((uint8_t)s[k] & 0xC0) == 0x80) k--;
  return term_rune(decode(s + k, i - k, &w));
}

static int term_at(const char *s, uint32_t n, uint32_t i) {
  if (i >= n) return 0;
  if ((uint8_t)s[i] < 128) return term_byte(s[i]);
  uint32_t w;
  return term_rune(decode(s + i, n - i, &w));
}

// A buffer that grows and is used again from row to row.
typedef struct { char *p; uint32_t cap; } buffer;

// fold writes s with every character folded; the result is never longer than s. It gives 0 where there is no memory.
static int fold(buffer *b, const char *s, uint32_t n, uint32_t *m) {
  if (b->cap < n + 4) {
    char *p = realloc(b->p, (size_t)n * 2 + 64);
    if (!p) return 0;
    b->p = p;
    b->cap = n * 2 + 64;
  }
  uint32_t k = 0;
  for (uint32_t i = 0; i < n;) {
    if ((uint8_t)s[i] < 128) { b->p[k++] = lower(s[i++]); continue; }
    uint32_t w, r = decode(s + i, n - i, &w);
    k += encode(fold_rune(r), b->p + k);
    i += w;
  }
  *m = k;
  return 1;
}

// ---- searching

// same compares m bytes; with ci, h's ASCII capitals count as small ones (t is folded already).
static inline int same(const char *h, const char *t, uint32_t m, int ci) {
  if (!ci) return memcmp(h, t, m) == 0;
  for (uint32_t j = 0; j < m; j++)
    if (lower(h[j]) != (uint8_t)t[j]) return 0;
  return 1;
}

#define NOT_FOUND UINT32_MAX

static uint32_t find_plain(const char *h, uint32_t n, const char *t, uint32_t m, uint32_t i, int ci) {
  for (; i + m <= n; i++) {
    uint8_t a = h[i];
    if ((ci ? lower(a) : a) == (uint8_t)t[0] && same(h + i, t, m, ci)) return i;
  }
  return NOT_FOUND;
}

#if defined(__x86_64__)
// The first and the last byte are compared at 32 places at once; what fits both is compared whole.
__attribute__((target("avx2"))) static uint32_t find_avx2(const char *h, uint32_t n, const char *t, uint32_t m, uint32_t i, int ci) {
  uint8_t f = t[0], l = t[m - 1];
  uint8_t fu = ci && f >= 'a' && f <= 'z' ? f - 32 : f, lu = ci && l >= 'a' && l <= 'z' ? l - 32 : l;
  __m256i f1 = _mm256_set1_epi8(f), f2 = _mm256_set1_epi8(fu), l1 = _mm256_set1_epi8(l), l2 = _mm256_set1_epi8(lu);
  for (; i + m - 1 + 32 <= n; i += 32) {
    __m256i a = _mm256_loadu_si256((const __m256i *)(h + i)), b = _mm256_loadu_si256((const __m256i *)(h + i + m - 1));
    __m256i x = _mm256_and_si256(_mm256_or_si256(_mm256_cmpeq_epi8(a, f1), _mm256_cmpeq_epi8(a, f2)),
                                 _mm256_or_si256(_mm256_cmpeq_epi8(b, l1), _mm256_cmpeq_epi8(b, l2)));
    for (uint32_t mask = _mm256_movemask_epi8(x); mask; mask &= mask - 1) {
      uint32_t k = i + __builtin_ctz(mask);
      if (same(h + k, t, m, ci)) return k;
    }
  }
  return find_plain(h, n, t, m, i, ci);
}

static uint32_t find_sse2(const char *h, uint32_t n, const char *t, uint32_t m, uint32_t i, int ci) {
  uint8_t f = t[0], l = t[m - 1];
  uint8_t fu = ci && f >= 'a' && f <= 'z' ? f - 32 : f, lu = ci && l >= 'a' && l <= 'z' ? l - 32 : l;
  __m128i f1 = _mm_set1_epi8(f), f2 = _mm_set1_epi8(fu), l1 = _mm_set1_epi8(l), l2 = _mm_set1_epi8(lu);
  for (; i + m - 1 + 16 <= n; i += 16) {
    __m128i a = _mm_loadu_si128((const __m128i *)(h + i)), b = _mm_loadu_si128((const __m128i *)(h + i + m - 1));
    __m128i x = _mm_and_si128(_mm_or_si128(_mm_cmpeq_epi8(a, f1), _mm_cmpeq_epi8(a, f2)),
                              _mm_or_si128(_mm_cmpeq_epi8(b, l1), _mm_cmpeq_epi8(b, l2)));
    for (uint32_t mask = _mm_movemask_epi8(x); mask; mask &= mask - 1) {
      uint32_t k = i + __builtin_ctz(mask);
      if (same(h + k, t, m, ci)) return k;
    }
  }
  return find_plain(h, n, t, m, i, ci);
}
#endif

// find gives the first place from i on where t occurs in h. m is not 0.
static uint32_t find(const char *h, uint32_t n, const char *t, uint32_t m, uint32_t i, int ci) {
  if (n < m || i > n - m) return NOT_FOUND;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return find_avx2(h, n, t, m, i, ci);
  return find_sse2(h, n, t, m, i, ci);
#else
  return find_plain(h, n, t, m, i, ci);
#endif
}

// ---- one needle

enum { TERM_START = 1, TERM_END = 2, AT_START = 4, AT_END = 8, FOLDED = 16 };

// needle is the right side, ready to be searched for.
typedef struct {
  const char *t;
  uint32_t m;
  int start, end; // it begins, it ends with a letter or digit and must stand at a term's edge there
  int ascii;
} needle;

static void needle_of(needle *d, const char *t, uint32_t m, int how) {
  d->t = t;
  d->m = m;
  d->start = (how & TERM_START) && term_at(t, m, 0);
  d->end = (how & TERM_END) && term_before(t, m);
  d->ascii = ascii(t, m);
}

// in looks for d in h. ci is set where h may hold ASCII capitals that count as small letters.
static int in(const needle *d, const char *h, uint32_t n, int how, int ci) {
  if (d->m > n) return 0;
  if (how & AT_START) return ((how & AT_END) == 0 || n == d->m) && same(h, d->t, d->m, ci);
  if (how & AT_END) return same(h + n - d->m, d->t, d->m, ci);
  if (d->m == 0) return 1;
  for (uint32_t i = 0;; i++) {
    i = find(h, n, d->t, d->m, i, ci);
    if (i == NOT_FOUND) return 0;
    if (!(d->start && term_before(h, i)) && !(d->end && term_at(h, n, i + d->m))) return 1;
  }
}

// match folds h where that is needed and looks for d.
static int match(const needle *d, const char *h, uint32_t n, int how, buffer *b) {
  if (!(how & FOLDED)) return in(d, h, n, how, 0);
  if (ascii(h, n)) return d->ascii && in(d, h, n, how, 1);
  uint32_t m;
  return fold(b, h, n, &m) && in(d, b->p, m, how, 0);
}

static void run(void *chunk, void *out, int how) {
  idx_t n = duckdb_data_chunk_get_size(chunk);
  void *hv = duckdb_data_chunk_get_vector(chunk, 0), *tv = duckdb_data_chunk_get_vector(chunk, 1);
  text_t *hs = duckdb_vector_get_data(hv), *ts = duckdb_vector_get_data(tv);
  uint64_t *hn = duckdb_vector_get_validity(hv), *tn = duckdb_vector_get_validity(tv);
  uint8_t *o = duckdb_vector_get_data(out);
  buffer hb = {0}, tb = {0};
  needle d = {0};
  const char *last = NULL;
  uint32_t last_n = 0;
  for (idx_t i = 0; i < n; i++) {
    o[i] = 0;
    if ((hn && !(hn[i / 64] >> (i % 64) & 1)) || (tn && !(tn[i / 64] >> (i % 64) & 1))) continue;
    uint32_t h_n, t_n;
    const char *h = text_of(&hs[i], &h_n), *t = text_of(&ts[i], &t_n);
    // the needle is nearly always the same constant: short ones lie in the vector itself, so their addresses differ
    if (!last || t_n != last_n || (t != last && memcmp(t, last, t_n) != 0)) {
      const char *use = t;
      uint32_t m = t_n;
      if (how & FOLDED) {
        if (!fold(&tb, t, t_n, &m)) continue;
        use = tb.p;
      }
      needle_of(&d, use, m, how);
    }
    last = t;
    last_n = t_n;
    if (!(how & FOLDED)) d.t = t;
    o[i] = match(&d, h, h_n, how, &hb);
  }
  free(hb.p);
  free(tb.p);
}

// ---- lists of needles

// terms is a list of needles. Those that are one ASCII term lie in a hash table too, so that a text's terms are each looked up once.
typedef struct {
  char *key;           // the list as it was given
  uint32_t key_n;
  char *texts;         // the needles, folded
  needle *all;
  uint32_t n, others;  // all[0 .. others) are not in the table
  uint32_t *slot, mask; // index into all, plus 1
  uint32_t shortest, longest;
} terms;

static uint32_t hash_of(const char *s, uint32_t n, int ci) {
  uint32_t h = 2166136261u;
  for (uint32_t i = 0; i < n; i++) h = (h ^ (ci ? lower(s[i]) : (uint8_t)s[i])) * 16777619u;
  return h ^ h >> 15;
}

static void terms_free(terms *l) {
  free(l->key);
  free(l->texts);
  free(l->all);
  free(l->slot);
  memset(l, 0, sizeof *l);
}

static int one_term(const char *s, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (!term_byte(s[i])) return 0;
  return n > 0;
}

// terms_build reads a list of the form <length>:<bytes><length>:<bytes>… It gives 0 for anything else.
static int terms_build(terms *l, const char *s, uint32_t n) {
  terms_free(l);
  uint32_t count = 0, at = 0;
  for (int pass = 0; pass < 2; pass++) {
    if (pass == 1) {
      l->key = malloc(n ? n : 1);
      l->texts = malloc((size_t)n + 4);
      l->all = calloc(count ? count : 1, sizeof *l->all);
      uint32_t size = 8;
      while (size < count * 2) size *= 2;
      l->mask = size - 1;
      l->slot = calloc(size, sizeof *l->slot);
      if (!l->key || !l->texts || !l->all || !l->slot) return 0;
      memcpy(l->key, s, n);
      l->key_n = n;
    }
    char *w = l->texts;
    uint32_t words = count; // words are put at the end, others at the start
    l->shortest = UINT32_MAX;
    for (at = 0; at < n;) {
      uint64_t len = 0;
      while (at < n && s[at] >= '0' && s[at] <= '9' && len < UINT32_MAX) len = len * 10 + (s[at++] - '0');
      if (at >= n || s[at] != ':' || len > n - at - 1) return 0;
      at++;
      if (pass == 0) {
        count++;
      } else {
        buffer b = {w, UINT32_MAX};
        uint32_t m;
        fold(&b, s + at, len, &m);
        needle *d = one_term(w, m) ? &l->all[--words] : &l->all[l->others++];
        needle_of(d, w, m, TERM_START | TERM_END);
        if (one_term(w, m)) {
          uint32_t k = hash_of(w, m, 0) & l->mask;
          while (l->slot[k]) k = (k + 1) & l->mask;
          l->slot[k] = (uint32_t)(d - l->all) + 1;
          if (m < l->shortest) l->shortest = m;
          if (m > l->longest) l->longest = m;
        }
        w += m;
      }
      at += len;
    }
  }
  l->n = count;
  return 1;
}

static int any_term(const terms *l, const char *h, uint32_t n) {
  for (uint32_t i = 0; i < n;) {
    while (i < n && !term_byte(h[i])) i++;
    uint32_t s = i, x = 2166136261u;
    while (i < n && term_byte(h[i])) x = (x ^ lower(h[i++])) * 16777619u;
    uint32_t m = i - s;
    if (m < l->shortest || m > l->longest) continue;
    for (uint32_t k = (x ^ x >> 15) & l->mask; l->slot[k]; k = (k + 1) & l->mask) {
      const needle *d = &l->all[l->slot[k] - 1];
      if (d->m == m && same(h + s, d->t, m, 1)) return 1;
    }
  }
  return 0;
}

static int has_any(const terms *l, const char *h, uint32_t n, buffer *b) {
  if (!ascii(h, n)) {
    uint32_t m;
    if (!fold(b, h, n, &m)) return 0;
    for (uint32_t i = 0; i < l->n; i++)
      if (in(&l->all[i], b->p, m, TERM_START | TERM_END, 0)) return 1;
    return 0;
  }
  for (uint32_t i = 0; i < l->others; i++)
    if (l->all[i].ascii && in(&l->all[i], h, n, TERM_START | TERM_END, 1)) return 1;
  if (l->n - l->others > 1) return any_term(l, h, n);
  return l->n > l->others && in(&l->all[l->others], h, n, TERM_START | TERM_END, 1);
}

static int has_all(const terms *l, const char *h, uint32_t n, buffer *b) {
  int ci = ascii(h, n);
  if (!ci) {
    uint32_t m;
    if (!fold(b, h, n, &m)) return 0;
    h = b->p;
    n = m;
  }
  for (uint32_t i = 0; i < l->n; i++)
    if ((ci && !l->all[i].ascii) || !in(&l->all[i], h, n, TERM_START | TERM_END, ci)) return 0;
  return 1;
}

// may_have tells of a JSON text whether it, or a text taken out of it, may have all needles as terms: those that have them as they stand
// there, and those with escapes.
static int may_have(const terms *l, const char *h, uint32_t n, buffer *b) {
  return (n > 0 && memchr(h, '\\', n)) || has_all(l, h, n, b);
}

// The list that a thread used last: it is the same constant from chunk to chunk, and may hold thousands of needles.
static __thread terms cached;

static void run_list(void *chunk, void *out, int (*test)(const terms *, const char *, uint32_t, buffer *)) {
  idx_t n = duckdb_data_chunk_get_size(chunk);
  void *hv = duckdb_data_chunk_get_vector(chunk, 0), *tv = duckdb_data_chunk_get_vector(chunk, 1);
  text_t *hs = duckdb_vector_get_data(hv), *ts = duckdb_vector_get_data(tv);
  uint64_t *hn = duckdb_vector_get_validity(hv), *tn = duckdb_vector_get_validity(tv);
  uint8_t *o = duckdb_vector_get_data(out);
  buffer b = {0};
  const char *last = NULL;
  for (idx_t i = 0; i < n; i++) {
    o[i] = 0;
    if ((hn && !(hn[i / 64] >> (i % 64) & 1)) || (tn && !(tn[i / 64] >> (i % 64) & 1))) continue;
    uint32_t h_n, t_n;
    const char *h = text_of(&hs[i], &h_n), *t = text_of(&ts[i], &t_n);
    int known = cached.key && t_n == cached.key_n && ((t == last && t_n > 12) || memcmp(t, cached.key, t_n) == 0);
    if (!known && !terms_build(&cached, t, t_n)) {
      terms_free(&cached);
      continue;
    }
    last = t;
    o[i] = test(&cached, h, h_n, &b);
  }
  free(b.p);
}

// ---- the functions

#define FUNCTION(name, how) \
  static void name(void *info, void *chunk, void *out) { (void)info; run(chunk, out, how); }
FUNCTION(f_has, TERM_START | TERM_END | FOLDED)
FUNCTION(f_has_cs, TERM_START | TERM_END)
FUNCTION(f_hasprefix, TERM_START | FOLDED)
FUNCTION(f_hasprefix_cs, TERM_START)
FUNCTION(f_hassuffix, TERM_END | FOLDED)
FUNCTION(f_hassuffix_cs, TERM_END)
FUNCTION(f_contains, FOLDED)
FUNCTION(f_startswith, AT_START | FOLDED)
FUNCTION(f_endswith, AT_END | FOLDED)
FUNCTION(f_eq_ci, AT_START | AT_END | FOLDED)
static void f_has_any(void *info, void *chunk, void *out) { (void)info; run_list(chunk, out, has_any); }
static void f_has_all(void *info, void *chunk, void *out) { (void)info; run_list(chunk, out, has_all); }
static void f_may_have(void *info, void *chunk, void *out) { (void)info; run_list(chunk, out, may_have); }

// kql_wrap keeps the lower 64 bits of whole numbers of 128.
void kql_wrap(void *info, void *chunk, void *out) {
  (void)info;
  void *v = duckdb_data_chunk_get_vector(chunk, 0);
  const struct { uint64_t lower; int64_t upper; } *x = duckdb_vector_get_data(v);
  int64_t *o = duckdb_vector_get_data(out);
  const uint64_t *valid = duckdb_vector_get_validity(v);
  duckdb_vector_ensure_validity_writable(out);
  uint64_t *given = duckdb_vector_get_validity(out);
  for (idx_t i = 0, n = duckdb_data_chunk_get_size(chunk); i < n; i++) {
    o[i] = (int64_t)x[i].lower;
    if (valid && !(valid[i / 64] >> (i % 64) & 1)) given[i / 64] &= ~(1ull << (i % 64));
    else given[i / 64] |= 1ull << (i % 64);
  }
}

kql_function kql_function_at(int i) {
  static const kql_function all[] = {f_has, f_has_cs, f_hasprefix, f_hasprefix_cs, f_hassuffix, f_hassuffix_cs,
                                     f_contains, f_startswith, f_endswith, f_eq_ci, f_has_any, f_has_all, f_may_have};
  return i >= 0 && i < (int)(sizeof all / sizeof all[0]) ? all[i] : 0;
}
