// Products of sparse rows with rows of weights.
#include "variants.h"

enum { AHEAD = 16, LINE_FLOATS = 16 };

static ALWAYS_INLINE void prefetch_row(const float *row, size_t label_count) {
    __builtin_prefetch(row);
    for (size_t k = LINE_FLOATS; k < label_count; k += LINE_FLOATS) __builtin_prefetch(row + k);
}

static ALWAYS_INLINE void add_row(const float *row, double value, double *restrict sums, size_t label_count) {
#pragma STDC FP_CONTRACT OFF
    for (size_t k = 0; k < label_count; k++) sums[k] += (double)row[k] * value;
}

/// Rows of one number of labels. With a constant number, and `sums` of the caller's own, the sums stay in registers.
static ALWAYS_INLINE void add_rows_of(
    size_t label_count, double *local, const ptrdiff_t *row_offsets, size_t row_count, const int32_t *columns, const double *values,
    const float *weights, const double *intercepts, double *scores
) {
#pragma STDC FP_CONTRACT OFF
    ptrdiff_t last = row_offsets[row_count] - AHEAD;
    for (size_t row = 0; row < row_count; row++) {
        double *restrict sums = local != 0 ? local : scores + row * label_count;
        for (size_t k = 0; k < label_count; k++) sums[k] = intercepts[k];
        ptrdiff_t e = row_offsets[row], end = row_offsets[row + 1], far = end < last ? end : last;
        for (; e < far; e++) {
            prefetch_row(weights + (size_t)columns[e + AHEAD] * label_count, label_count);
            add_row(weights + (size_t)columns[e] * label_count, values[e], sums, label_count);
        }
        for (; e < end; e++) add_row(weights + (size_t)columns[e] * label_count, values[e], sums, label_count);
        if (local != 0) {
            for (size_t k = 0; k < label_count; k++) scores[row * label_count + k] = local[k];
        }
    }
}

VARIANTS(
    void, add_rows,
    (const ptrdiff_t *row_offsets, size_t row_count, const int32_t *columns, const double *values, const float *weights,
     size_t label_count, const double *intercepts, double *scores),
    (row_offsets, row_count, columns, values, weights, label_count, intercepts, scores)
) {
    double local[20];
#define FIXED(K) \
    case K: add_rows_of(K, local, row_offsets, row_count, columns, values, weights, intercepts, scores); break;
    switch (label_count) {
        FIXED(1) FIXED(2) FIXED(3) FIXED(4) FIXED(5) FIXED(6) FIXED(7) FIXED(8) FIXED(12) FIXED(16) FIXED(20)
    default:
        add_rows_of(label_count, 0, row_offsets, row_count, columns, values, weights, intercepts, scores);
    }
#undef FIXED
}

VARIANTS(uint32_t, largest, (const uint32_t *numbers, size_t count), (numbers, count)) {
    uint32_t largest = 0;
    for (size_t i = 0; i < count; i++) largest = numbers[i] > largest ? numbers[i] : largest;
    return largest;
}
