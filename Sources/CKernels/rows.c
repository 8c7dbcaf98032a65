// Products of sparse rows with rows of weights.
#include "variants.h"

// The memory of large models is far away: with 16 rows in place of 64, 20 labels and 400,000 features take more than twice as long.
enum { AHEAD = 64, LINE_BYTES = 64 };

// `SCORES(name, weight)` defines `sk_name`, which scores rows with weights of the type `weight`.
//
// `name_of` takes the rows of one number of labels: with a constant number, and `local` of the caller's own, the sums stay in
// registers. The product of two numbers in single precision is exact in double precision, so it is fused with the sum where the machine
// can, and gives the same bits where it cannot.
#define SCORES(name, weight)                                                                                                    \
    static ALWAYS_INLINE void name##_row(const weight *row, float value, double *restrict sums, size_t label_count) {           \
        _Pragma("STDC FP_CONTRACT ON");                                                                                         \
        for (size_t k = 0; k < label_count; k++) sums[k] += (double)row[k] * (double)value;                                     \
    }                                                                                                                           \
    static ALWAYS_INLINE void name##_of(                                                                                        \
        size_t label_count, double *local, const ptrdiff_t *row_offsets, size_t row_count, const int32_t *columns,              \
        const float *values, const weight *weights, const double *intercepts, double *scores                                    \
    ) {                                                                                                                         \
        ptrdiff_t last = row_offsets[row_count] - AHEAD;                                                                        \
        for (size_t row = 0; row < row_count; row++) {                                                                          \
            double *restrict sums = local != 0 ? local : scores + row * label_count;                                            \
            for (size_t k = 0; k < label_count; k++) sums[k] = intercepts[k];                                                   \
            ptrdiff_t e = row_offsets[row], end = row_offsets[row + 1], far = end < last ? end : last;                          \
            for (; e < far; e++) {                                                                                              \
                const weight *next = weights + (size_t)columns[e + AHEAD] * label_count;                                        \
                __builtin_prefetch(next);                                                                                       \
                if (LINE_BYTES % (label_count * sizeof(weight)) != 0) __builtin_prefetch(next + label_count - 1);               \
                for (size_t k = LINE_BYTES / sizeof(weight); k < label_count; k += LINE_BYTES / sizeof(weight)) {               \
                    __builtin_prefetch(next + k);                                                                               \
                }                                                                                                               \
                name##_row(weights + (size_t)columns[e] * label_count, values[e], sums, label_count);                           \
            }                                                                                                                   \
            for (; e < end; e++) name##_row(weights + (size_t)columns[e] * label_count, values[e], sums, label_count);          \
            if (local != 0) {                                                                                                   \
                for (size_t k = 0; k < label_count; k++) scores[row * label_count + k] = local[k];                              \
            }                                                                                                                   \
        }                                                                                                                       \
    }                                                                                                                           \
    VARIANTS(                                                                                                                   \
        void, name,                                                                                                             \
        (const ptrdiff_t *row_offsets, size_t row_count, const int32_t *columns, const float *values, const weight *weights,    \
         size_t label_count, const double *intercepts, double *scores),                                                         \
        (row_offsets, row_count, columns, values, weights, label_count, intercepts, scores)                                     \
    ) {                                                                                                                         \
        double local[20];                                                                                                       \
        switch (label_count) {                                                                                                  \
            FIXED(name, 1) FIXED(name, 2) FIXED(name, 3) FIXED(name, 4) FIXED(name, 5) FIXED(name, 6) FIXED(name, 7)            \
            FIXED(name, 8) FIXED(name, 12) FIXED(name, 16) FIXED(name, 20)                                                      \
        default:                                                                                                                \
            name##_of(label_count, 0, row_offsets, row_count, columns, values, weights, intercepts, scores);                    \
        }                                                                                                                       \
    }
#define FIXED(name, number)                                                                                                     \
    case number: name##_of(number, local, row_offsets, row_count, columns, values, weights, intercepts, scores); break;

SCORES(add_rows, float)
SCORES(add_rows_8, int8_t)

VARIANTS(uint32_t, largest, (const uint32_t *numbers, size_t count), (numbers, count)) {
    uint32_t largest = 0;
    for (size_t i = 0; i < count; i++) largest = numbers[i] > largest ? numbers[i] : largest;
    return largest;
}
