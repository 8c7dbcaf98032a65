// The inner loops of non-negative matrix factorisation: sparse times dense, Gram matrices, coordinate descent, multiplicative
// steps, in double and in single precision.
//
// A sparse matrix X is given by the offsets of its rows, columns and values, which are in single precision; a call does rows `start` to `end`. Factors lie row
// after row, `stride` numbers a row: a multiple of 8, and what is beyond `width` is 0. Every sum is taken in an order that no
// instruction set changes, and products are not fused with sums: the bits are the same on every machine. The first argument of
// each function is the instruction set, see `kernels.h`.
#ifndef SECTORKIT_FACTORIZATION_H
#define SECTORKIT_FACTORIZATION_H
#include <stddef.h>
#include <stdint.h>

#include "kernels.h"

/// How many rows of double precision are descended together; twice as many of single precision.
enum { SK_DESCENT_GROUP = 32 };

/// What a pass of coordinate descent adds up over its rows.
struct sk_descent_sums {
    /// The inner product of the new rows with X * other.
    double cross;
    /// The numbers of the new rows.
    double total;
};

#define SK_ROWS const ptrdiff_t *offsets, const int32_t *columns, const float *values, ptrdiff_t start, ptrdiff_t end

#define SK_DECLARE(T, name)                                                                                                    \
    /* product[row - start] = X[row] * other. */                                                                               \
    void sk_multiply_##name(int32_t set, SK_ROWS, const T *other, ptrdiff_t stride, T *product);                              \
    /* product = rows * other for `count` dense rows of `width` numbers, `row_stride` apart. */                                 \
    void sk_multiply_dense_##name(int32_t set, const T *rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t row_stride,            \
                                  const T *other, ptrdiff_t stride, T *product);                                               \
    /* gram = rows' * rows: width * width numbers. `rows` must be readable for 8 numbers beyond its end. */                    \
    void sk_gram_##name(int32_t set, const T *rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t stride, double *gram);               \
    /* old = max(0, point + momentum * (point - old)) for `count` numbers. */                                                     \
    void sk_extrapolate_##name(int32_t set, const T *point, ptrdiff_t count, T momentum, T *old);                               \
    /* Coordinate descent on |X[row] - own[row] * other'|^2 / 2 + l1 * sum(own), over ascending coordinates, for a group of    \
       rows at a time: `sweeps` times, or until none of a group moves by more than `tolerance` times its largest.              \
       gram = other' * other, plus the L2 penalty on its diagonal; a coordinate with 0 there stays as it is.                   \
       blocked[i] for i from blocked_offsets[row] to blocked_offsets[row + 1] are coordinates held at 0; none where            \
       blocked_offsets is null.                                                                                                \
       scratch: (2 * group + 1) * stride numbers. */                                                                           \
    void sk_descend_##name(int32_t set, SK_ROWS, const ptrdiff_t *blocked_offsets, const int32_t *blocked, const T *other,  \
                           const T *gram, T l1, ptrdiff_t width, ptrdiff_t stride, int32_t sweeps, T tolerance, T *own,        \
                           T *scratch, struct sk_descent_sums *sums);                                                          \
    /* A multiplicative step on the generalised Kullback-Leibler divergence:                                                   \
       own *= ((X / (own * other')) * other) / (sums_of_other + l1 + l2 * own). scratch: stride numbers. */                    \
    void sk_scale_##name(int32_t set, SK_ROWS, const T *other, const T *sums_of_other, T l1, T l2, ptrdiff_t width,           \
                         ptrdiff_t stride, T *own, T *scratch);                                                                  \
    /* The sum over positive elements of x * log(x / (own * other')) - x. */                                                   \
    double sk_divergence_##name(int32_t set, SK_ROWS, const T *other, ptrdiff_t stride, const T *own);

/// Folds rows in: the non-negative w that minimises |x - w * topics'|^2 / 2 + l1 * sum(w), one row x at a time, by coordinate
/// descent from 0 with the gradient kept; a row is left once no coordinate moves by more than `tolerance` times the largest, or
/// after `sweeps`. A row's result depends on it alone.
///
/// `gram` (stride * stride) = topics' * topics plus the L2 penalty on its diagonal; a coordinate with 0 there stays 0. `weights`
/// receives `stride` numbers a row, the last ones 0. scratch: stride numbers.
void sk_fold(
    int32_t set, const ptrdiff_t *offsets, const int32_t *columns, const float *values, ptrdiff_t start, ptrdiff_t end,
    const float *topics, const double *gram, double l1, ptrdiff_t width, ptrdiff_t stride, int32_t sweeps, double tolerance,
    double *weights, double *scratch);

SK_DECLARE(double, double)
SK_DECLARE(float, float)
#undef SK_DECLARE
#endif
