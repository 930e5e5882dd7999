// What the processor gives to C: the same loops as plugins/Cpu/Roofline, for comparison with `hotplug bench --roofline`.
//   gcc -O3 -march=native -pthread benchmarks/Roofline/roofline.c -o roofline && ./roofline 2 [FILE]
// With a FILE only reading is measured: the file as it is mapped, and as much memory in pages of 4 KiB and of 2 MiB, in turn.
// Prints a line for each figure: what, threads, value; the best of many short tries. AVX2 and FMA are needed.
#define _GNU_SOURCE
#include <fcntl.h>
#include <immintrin.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

enum { LINES = 128, TOKENS = 4, FLOAT_TOKENS = 5, TRIES = 120, PHASES = 200, MAX_THREADS = 256 };
static const long READ_BYTES = 256L << 20, STRETCH_BYTES = 32L << 20;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static inline __m256i repeat(const uint8_t *x) { int32_t v; memcpy(&v, x, 4); return _mm256_set1_epi32(v); }

__attribute__((noinline)) static void bytes(const uint8_t *weights, const uint8_t *activations, int passes, uint8_t *sink) {
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i i0 = _mm256_setzero_si256(), i1 = i0, i2 = i0, i3 = i0;
    for (; passes > 0; passes--) {
        const uint8_t *w = weights, *x = activations;
        for (int line = 0; line < LINES; line++, w += 32, x += 4) {
            __m256i v = _mm256_load_si256((const __m256i *)w);
            i0 = _mm256_add_epi32(i0, _mm256_madd_epi16(_mm256_maddubs_epi16(v, repeat(x)), ones));
            i1 = _mm256_add_epi32(i1, _mm256_madd_epi16(_mm256_maddubs_epi16(v, repeat(x + 4 * LINES)), ones));
            i2 = _mm256_add_epi32(i2, _mm256_madd_epi16(_mm256_maddubs_epi16(v, repeat(x + 8 * LINES)), ones));
            i3 = _mm256_add_epi32(i3, _mm256_madd_epi16(_mm256_maddubs_epi16(v, repeat(x + 12 * LINES)), ones));
        }
        __asm__ volatile("" ::: "memory");
    }
    _mm256_store_si256((__m256i *)sink, _mm256_add_epi32(_mm256_add_epi32(i0, i1), _mm256_add_epi32(i2, i3)));
}

__attribute__((noinline)) static void nibbles(const uint8_t *weights, const uint8_t *activations, int passes, uint8_t *sink) {
    const __m256i ones = _mm256_set1_epi16(1), zero = _mm256_setzero_si256();
    __m256i i0 = zero, i1 = zero, i2 = zero, i3 = zero;
    for (; passes > 0; passes--) {
        const uint8_t *w = weights, *x = activations;
        for (int eight = 0; eight < LINES / 8; eight++) {
            __m256i a0 = zero, a1 = zero, a2 = zero, a3 = zero;
            for (int line = 0; line < 8; line++, w += 32, x += 4) {
                __m256i v = _mm256_load_si256((const __m256i *)w);
                a0 = _mm256_add_epi16(a0, _mm256_maddubs_epi16(v, repeat(x)));
                a1 = _mm256_add_epi16(a1, _mm256_maddubs_epi16(v, repeat(x + 4 * LINES)));
                a2 = _mm256_add_epi16(a2, _mm256_maddubs_epi16(v, repeat(x + 8 * LINES)));
                a3 = _mm256_add_epi16(a3, _mm256_maddubs_epi16(v, repeat(x + 12 * LINES)));
            }
            i0 = _mm256_add_epi32(i0, _mm256_madd_epi16(a0, ones));
            i1 = _mm256_add_epi32(i1, _mm256_madd_epi16(a1, ones));
            i2 = _mm256_add_epi32(i2, _mm256_madd_epi16(a2, ones));
            i3 = _mm256_add_epi32(i3, _mm256_madd_epi16(a3, ones));
        }
        __asm__ volatile("" ::: "memory");
    }
    _mm256_store_si256((__m256i *)sink, _mm256_add_epi32(_mm256_add_epi32(i0, i1), _mm256_add_epi32(i2, i3)));
}

__attribute__((noinline)) static void words(const uint8_t *weights, const uint8_t *activations, int passes, uint8_t *sink) {
    __m256i i0 = _mm256_setzero_si256(), i1 = i0, i2 = i0, i3 = i0;
    for (; passes > 0; passes--) {
        const uint8_t *w = weights, *x = activations;
        for (int line = 0; line < LINES; line++, w += 32, x += 4) {
            __m256i v = _mm256_load_si256((const __m256i *)w);
            i0 = _mm256_add_epi32(i0, _mm256_madd_epi16(v, repeat(x)));
            i1 = _mm256_add_epi32(i1, _mm256_madd_epi16(v, repeat(x + 4 * LINES)));
            i2 = _mm256_add_epi32(i2, _mm256_madd_epi16(v, repeat(x + 8 * LINES)));
            i3 = _mm256_add_epi32(i3, _mm256_madd_epi16(v, repeat(x + 12 * LINES)));
        }
        __asm__ volatile("" ::: "memory");
    }
    _mm256_store_si256((__m256i *)sink, _mm256_add_epi32(_mm256_add_epi32(i0, i1), _mm256_add_epi32(i2, i3)));
}

__attribute__((noinline)) static void floats(const uint8_t *weights, const uint8_t *activations, int passes, uint8_t *sink) {
    __m256 a[FLOAT_TOKENS], b[FLOAT_TOKENS];
    for (int t = 0; t < FLOAT_TOKENS; t++) a[t] = b[t] = _mm256_setzero_ps();
    for (; passes > 0; passes--) {
        const float *w = (const float *)weights, *x = (const float *)activations;
        for (int line = 0; line < LINES; line++, w += 16, x++) {
            __m256 low = _mm256_load_ps(w), high = _mm256_load_ps(w + 8);
#pragma GCC unroll 8
            for (int t = 0; t < FLOAT_TOKENS; t++) {
                __m256 v = _mm256_set1_ps(x[t * LINES]);
                a[t] = _mm256_fmadd_ps(low, v, a[t]);
                b[t] = _mm256_fmadd_ps(high, v, b[t]);
            }
        }
        __asm__ volatile("" ::: "memory");
    }
    for (int t = 1; t < FLOAT_TOKENS; t++) { a[0] = _mm256_add_ps(a[0], a[t]); b[0] = _mm256_add_ps(b[0], b[t]); }
    _mm256_store_ps((float *)sink, _mm256_add_ps(a[0], b[0]));
}

__attribute__((noinline)) static void read_memory(const uint8_t *memory, long lines, uint8_t *sink) {
    __m256 s[8];
    for (int i = 0; i < 8; i++) s[i] = _mm256_setzero_ps();
    for (; lines > 0; lines -= 4, memory += 256)
        for (int i = 0; i < 8; i++) s[i] = _mm256_add_ps(s[i], _mm256_load_ps((const float *)(memory + 32 * i)));
    for (int i = 1; i < 8; i++) s[0] = _mm256_add_ps(s[0], s[i]);
    _mm256_store_ps((float *)sink, s[0]);
}

// --- threads that spin for work, as the workers of a step do ---

typedef void (*Sequence)(const uint8_t *, const uint8_t *, int, uint8_t *);
enum { WEIGHT_BYTES = LINES * 64, ACTIVATION_BYTES = FLOAT_TOKENS * LINES * 4 + 64, OWN_BYTES = WEIGHT_BYTES + ACTIVATION_BYTES + 128 };

static int threads, active, passes;
static enum { SEQUENCE, READ, PHASES_TASK } kind;
static Sequence sequence;
static uint8_t *own, *memory, *stretch;
static struct { _Alignas(128) atomic_long value; } epoch, pending, claimed[PHASES], done[PHASES];

static void share(int worker) {
    if (kind == PHASES_TASK) {
        for (int p = 0; p < PHASES; p++) {
            long count = 0;
            while (atomic_load_explicit(&claimed[p].value, memory_order_acquire) < threads && atomic_fetch_add(&claimed[p].value, 1) < threads) count++;
            if (count) atomic_fetch_add(&done[p].value, count);
            while (atomic_load_explicit(&done[p].value, memory_order_acquire) < threads) _mm_pause();
        }
        return;
    }
    if (worker >= active) return;
    uint8_t *mine = own + (size_t)worker * OWN_BYTES;
    if (kind == SEQUENCE) { if (sequence) sequence(mine, mine + WEIGHT_BYTES, passes, mine + WEIGHT_BYTES + ACTIVATION_BYTES); return; }
    long part = STRETCH_BYTES / active / 256 * 256;
    read_memory(stretch + worker * part, part / 64, mine + WEIGHT_BYTES + ACTIVATION_BYTES);
}

static void *work(void *argument) {
    int worker = (int)(intptr_t)argument;
    for (long seen = 0;; seen++) {
        while (atomic_load_explicit(&epoch.value, memory_order_acquire) == seen) _mm_pause();
        share(worker);
        atomic_fetch_sub(&pending.value, 1);
    }
    return NULL;
}

static double seconds(void) {
    double start = now();
    atomic_store(&pending.value, threads - 1);
    atomic_fetch_add(&epoch.value, 1);
    share(0);
    while (atomic_load_explicit(&pending.value, memory_order_acquire) > 0) _mm_pause();
    return now() - start;
}

static int next(int count) { return count >= threads ? threads + 1 : count * 2 > threads ? threads : count * 2; }

static void measure(const char *name, Sequence what, double products) {
    kind = SEQUENCE;
    sequence = what;
    active = 1;
    passes = 16;
    double first = 1e9;
    for (int i = 0; i < 8; i++) { double s = seconds(); if (s < first) first = s; }
    passes = (int)(passes * 0.0005 / first) + 1;
    for (active = 1; active <= threads; active = next(active)) {
        double best = 1e9;
        for (int i = 0; i < TRIES; i++) { double s = seconds(); if (s < best) best = s; }
        printf("%s\t%d\t%.1f G products/s\n", name, active, 1e-9 * products * passes * active / best);
    }
}

// Reads all of it, and says how fast its best stretch was and how fast the whole.
static void read_once(uint8_t *from, long bytes, double *best, double *whole) {
    double shortest = 1e9, sum = 0;
    kind = READ;
    for (long at = 0; at + STRETCH_BYTES <= bytes; at += STRETCH_BYTES) { stretch = from + at; double s = seconds(); sum += s; if (s < shortest) shortest = s; }
    *best = 1e-9 * STRETCH_BYTES / shortest;
    *whole = 1e-9 * bytes / sum;
}

static double median(double *figures, int count) {
    for (int i = 1; i < count; i++) for (int j = i; j > 0 && figures[j - 1] > figures[j]; j--) { double t = figures[j]; figures[j] = figures[j - 1]; figures[j - 1] = t; }
    return figures[count / 2];
}

static uint8_t *anonymous(long bytes, int advice, const uint8_t *content) {
    const size_t huge = 2 << 20;
    uint8_t *range = mmap(NULL, (size_t)bytes + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (range == MAP_FAILED) return NULL;
    range = (uint8_t *)(((uintptr_t)range + huge - 1) & ~(uintptr_t)(huge - 1));
    madvise(range, (size_t)bytes, advice);
    memcpy(range, content, (size_t)bytes);
    return range;
}

// Every stretch once in a round, so that nothing is in a cache. Of each round its whole, which is what a program that reads everything once per token can be measured by, and its best stretch, which other
// programs on the machine disturb least; of the rounds the median.
static int read_file(const char *path) {
    enum { ROUNDS = 7, KINDS = 3 };
    static const char *const names[KINDS] = { "mapped file, read once", "memory in small pages, read once", "memory in huge pages, read once" };
    int file = open(path, O_RDONLY);
    struct stat facts;
    if (file < 0 || fstat(file, &facts) != 0 || facts.st_size < STRETCH_BYTES) { fprintf(stderr, "roofline: '%s' cannot be read or has less than %ld bytes.\n", path, STRETCH_BYTES); return 1; }
    long bytes = facts.st_size / STRETCH_BYTES * STRETCH_BYTES;
    uint8_t *from[KINDS] = { mmap(NULL, (size_t)bytes, PROT_READ, MAP_SHARED, file, 0) };
    if (from[0] == MAP_FAILED || !(from[1] = anonymous(bytes, MADV_NOHUGEPAGE, from[0])) || !(from[2] = anonymous(bytes, MADV_HUGEPAGE, from[0]))) { fprintf(stderr, "roofline: no memory.\n"); return 1; }
    double best[KINDS][ROUNDS], whole[KINDS][ROUNDS];
    active = threads;
    for (int round = 0; round < ROUNDS; round++) for (int k = 0; k < KINDS; k++) read_once(from[k], bytes, &best[k][round], &whole[k][round]);
    for (int k = 0; k < KINDS; k++) printf("%s\t%d\t%.1f GB/s\t%.1f GB/s in the best %ld MiB\n", names[k], threads, median(whole[k], ROUNDS), median(best[k], ROUNDS), STRETCH_BYTES >> 20);
    return 0;
}

int main(int count, char **arguments) {
    threads = count > 1 ? atoi(arguments[1]) : 2;
    if (threads < 1 || threads > MAX_THREADS) { fprintf(stderr, "roofline: '%s' is no number of threads; give 1 to %d.\n", arguments[1], MAX_THREADS); return 2; }
    own = aligned_alloc(64, ((size_t)threads * OWN_BYTES + 63) / 64 * 64);
    memory = mmap(NULL, READ_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!own || memory == MAP_FAILED) { fprintf(stderr, "roofline: no memory.\n"); return 1; }
    memset(own, 0, (size_t)threads * OWN_BYTES);
    if (count > 2) {
        for (int i = 1; i < threads; i++) { pthread_t thread; pthread_create(&thread, NULL, work, (void *)(intptr_t)i); pthread_detach(thread); }
        return read_file(arguments[2]);
    }
    double start = now();
    for (long at = 0; at < READ_BYTES; at += 4096) memory[at] = 1;
    printf("page of fresh memory, first touch\t1\t%.0f ns\n", 1e9 * (now() - start) / (READ_BYTES / 4096));
    for (int i = 1; i < threads; i++) { pthread_t thread; pthread_create(&thread, NULL, work, (void *)(intptr_t)i); pthread_detach(thread); }

    for (active = 1; active <= threads; active = next(active)) {
        double best = 1e9;
        kind = READ;
        for (int round = 0; round < 3; round++)
            for (long at = 0; at < READ_BYTES; at += STRETCH_BYTES) { stretch = memory + at; double s = seconds(); if (s < best) best = s; }
        printf("memory, read once\t%d\t%.1f GB/s\n", active, 1e-9 * STRETCH_BYTES / best);
    }
    measure("bytes, widened at once", bytes, LINES * TOKENS * 32.0);
    measure("bytes, eight summed in int16", nibbles, LINES * TOKENS * 32.0);
    measure("int16 by int16", words, LINES * TOKENS * 16.0);
    measure("float by float, fused", floats, LINES * FLOAT_TOKENS * 16.0);
    double dispatch = 1e9, phases = 1e9;
    for (int i = 0; i < TRIES; i++) {
        kind = SEQUENCE; sequence = NULL; active = threads;
        double s = seconds(); if (s < dispatch) dispatch = s;
        for (int p = 0; p < PHASES; p++) { atomic_store(&claimed[p].value, 0); atomic_store(&done[p].value, 0); }
        kind = PHASES_TASK;
        s = seconds(); if (s < phases) phases = s;
    }
    printf("all workers called, and back\t%d\t%.0f ns\nbarrier between two phases\t%d\t%.0f ns\n", threads, 1e9 * dispatch, threads, 1e9 * phases / PHASES);
    return 0;
}
