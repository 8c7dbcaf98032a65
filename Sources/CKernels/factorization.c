#include "factorization.h"

#include <math.h>

// Sums and products stay apart, so that every instruction set gives the same bits.
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define SK_WIDE
#endif
#define SK_INLINE static inline __attribute__((always_inline))

// How many elements before its use a row of the other factor is asked for.
enum { AHEAD = 8 };

#define T double
#define NAME(stem) stem##_double
#define LANES 8
#include "factorization_template.h"
#undef T
#undef NAME
#undef LANES

#define T float
#define NAME(stem) stem##_float
#define LANES 16
#include "factorization_template.h"

typedef double eight_doubles __attribute__((vector_size(64), aligned(8)));
typedef float eight_floats __attribute__((vector_size(32), aligned(4)));

SK_INLINE void fold(
    const ptrdiff_t *offsets, const int32_t *columns, const float *values, ptrdiff_t start, ptrdiff_t end, const float *topics,
    const double *gram, double l1, ptrdiff_t width, ptrdiff_t stride, int32_t sweeps, double tolerance, double *weights,
    double *gradient) {
    for (ptrdiff_t row = start; row < end; row++) {
        double *w = weights + (row - start) * stride;
        for (ptrdiff_t c = 0; c < stride; c++) {
            w[c] = 0;
            gradient[c] = l1;
        }
        for (ptrdiff_t e = offsets[row]; e < offsets[row + 1]; e++) {
            const float *source = topics + columns[e] * stride;
            const double value = values[e];
            for (ptrdiff_t c = 0; c < stride; c += 8)
                *(eight_doubles *)(gradient + c) -=
                    value * __builtin_convertvector(*(const eight_floats *)(source + c), eight_doubles);
        }
        for (int32_t sweep = 0; sweep < sweeps; sweep++) {
            double farthest = 0, largest = 0;
            for (ptrdiff_t a = 0; a < width; a++) {
                const double *g = gram + a * stride;
                if (!(g[a] > 0)) continue;
                double next = w[a] - gradient[a] / g[a];
                if (!(next > 0)) next = 0;
                const double step = next - w[a];
                if (step != 0) {
                    w[a] = next;
                    for (ptrdiff_t c = 0; c < stride; c += 8)
                        *(eight_doubles *)(gradient + c) += step * *(const eight_doubles *)(g + c);
                }
                if (next > largest) largest = next;
                if (fabs(step) > farthest) farthest = fabs(step);
            }
            if (!(farthest > tolerance * largest)) break;
        }
    }
}

#define SK_FOLD(attributes, suffix)                                                                                            \
    attributes static void fold_##suffix(                                                                                      \
        const ptrdiff_t *offsets, const int32_t *columns, const float *values, ptrdiff_t start, ptrdiff_t end,                \
        const float *topics, const double *gram, double l1, ptrdiff_t width, ptrdiff_t stride, int32_t sweeps,                 \
        double tolerance, double *weights, double *scratch) {                                                                  \
        fold(offsets, columns, values, start, end, topics, gram, l1, width, stride, sweeps, tolerance, weights, scratch);      \
    }
SK_FOLD(, plain)
#ifdef SK_WIDE
SK_FOLD(__attribute__((target("avx2"))), avx2)
SK_FOLD(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw"))), avx512)
#endif

void sk_fold(
    int32_t set, const ptrdiff_t *offsets, const int32_t *columns, const float *values, ptrdiff_t start, ptrdiff_t end,
    const float *topics, const double *gram, double l1, ptrdiff_t width, ptrdiff_t stride, int32_t sweeps, double tolerance,
    double *weights, double *scratch) {
#ifdef SK_WIDE
    if (set >= SK_AVX512)
        return fold_avx512(
            offsets, columns, values, start, end, topics, gram, l1, width, stride, sweeps, tolerance, weights, scratch);
    if (set >= SK_AVX2)
        return fold_avx2(
            offsets, columns, values, start, end, topics, gram, l1, width, stride, sweeps, tolerance, weights, scratch);
#endif
    fold_plain(offsets, columns, values, start, end, topics, gram, l1, width, stride, sweeps, tolerance, weights, scratch);
}
