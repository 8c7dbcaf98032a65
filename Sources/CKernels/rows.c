// Products of sparse rows with rows of weights.
#include "variants.h"
#include <float.h>
#include <math.h>
#include <string.h>

// The memory of large models is far away: with 16 rows in place of 64, 20 labels and 400,000 features take more than twice as long.
enum { AHEAD = 64, LINE_BYTES = 64 };

static ALWAYS_INLINE double of_single(float number) { return number; }
static ALWAYS_INLINE double of_8_bits(int8_t number) { return number; }

// `SCORES(name, weight, value_of)` defines `sk_name`, which scores rows with weights of the type `weight`, numbers by `value_of`.
//
// `name_of` takes the rows of one number of labels: with a constant number, and `local` of the caller's own, the sums stay in
// registers. The product of two numbers in single precision is exact in double precision, so it is fused with the sum where the machine
// can, and gives the same bits where it cannot.
#define SCORES(name, weight, value_of)                                                                                          \
    static ALWAYS_INLINE void name##_row(const weight *row, float value, double *restrict sums, size_t label_count) {           \
        _Pragma("STDC FP_CONTRACT ON");                                                                                         \
        for (size_t k = 0; k < label_count; k++) sums[k] += value_of(row[k]) * (double)value;                                   \
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

SCORES(add_rows, float, of_single)
SCORES(add_rows_half, uint16_t, sk_small_half)
SCORES(add_rows_8, int8_t, of_8_bits)

VARIANTS(
    void, largest_sizes, (const float *numbers, size_t row_count, size_t column_count, float *restrict sizes),
    (numbers, row_count, column_count, sizes)
) {
    for (size_t k = 0; k < column_count; k++) sizes[k] = 0;
    for (size_t row = 0; row < row_count; row++, numbers += column_count) {
        for (size_t k = 0; k < column_count; k++) {
            float size = fabsf(numbers[k]);
            size = size <= FLT_MAX ? size : 0;
            sizes[k] = size > sizes[k] ? size : sizes[k];
        }
    }
}

/// The nearest number of half precision, ties to even; what is not a number becomes 0, and what is too large the largest one.
static ALWAYS_INLINE uint16_t half_of(float number) {
    const float largest = 65504, smallest_normal = 0x1p-14f, step = 0.5f;
    float size = fabsf(number);
    size = size < largest ? size : largest;
    size = number == number ? size : 0;
    // Below the normal ones halves lie 2^-24 apart, as numbers of single precision do from 0.5 on.
    float shifted = size + step;
    uint32_t bits, low, first, sign;
    memcpy(&bits, &size, sizeof bits);
    memcpy(&low, &shifted, sizeof low);
    memcpy(&first, &step, sizeof first);
    memcpy(&sign, &number, sizeof sign);
    bits = (bits - (112u << 23) + 0xFFF + (bits >> 13 & 1)) >> 13;
    bits = size < smallest_normal ? low - first : bits;
    return (uint16_t)(bits | (sign >> 16 & 0x8000));
}

VARIANTS(
    void, halve, (const float *numbers, size_t row_count, size_t column_count, const float *factors, uint16_t *restrict halves),
    (numbers, row_count, column_count, factors, halves)
) {
    for (size_t row = 0; row < row_count; row++, numbers += column_count, halves += column_count) {
        for (size_t k = 0; k < column_count; k++) halves[k] = half_of(numbers[k] * factors[k]);
    }
}

VARIANTS(uint32_t, largest, (const uint32_t *numbers, size_t count), (numbers, count)) {
    uint32_t largest = 0;
    for (size_t i = 0; i < count; i++) largest = numbers[i] > largest ? numbers[i] : largest;
    return largest;
}
