// The routines of BLAS and LAPACK in use, in double precision and rows one after the other, from the system's libraries.
//
// The libraries are loaded when the first routine of theirs is called: together with the Fortran library that the reference ones
// need this takes a millisecond, and a program that only tags articles calls none. One that cannot be loaded ends the program with
// exit code 1 and says so, as the dynamic linker would have done at its start.
#ifndef SECTORKIT_DENSE_H
#define SECTORKIT_DENSE_H
#include <stdbool.h>
#include <stdint.h>

/// A function of the library behind BLAS, or NULL where it has none of that name.
void *sk_blas_function(const char *name);

/// Σ x_i y_i.
double sk_ddot(int32_t count, const double *x, const double *y);

/// y ← y + α x.
void sk_daxpy(int32_t count, double alpha, const double *x, double *y);

/// √Σ x_i².
double sk_dnrm2(int32_t count, const double *x);

/// x ← α x.
void sk_dscal(int32_t count, double alpha, double *x);

/// C = A·B, each transposed first if asked; C is rows × columns, and the sums are over `inner` products. The strides are those from
/// row to row.
void sk_dgemm(
    bool a_transposed, bool b_transposed, int32_t rows, int32_t columns, int32_t inner, const double *a, int32_t a_stride,
    const double *b, int32_t b_stride, double *c, int32_t c_stride);

/// The upper triangle of C = AᵀA, for A of rows × columns.
void sk_dsyrk(int32_t rows, int32_t columns, const double *a, double *c);

/// y = A·x, or Aᵀ·x, for A of rows × columns.
void sk_dgemv(bool transposed, int32_t rows, int32_t columns, const double *a, const double *x, double *y);

/// B ← B·R⁻¹ for an upper triangular R, both order × order.
void sk_dtrsm(int32_t order, const double *r, double *b);

// LAPACK counts in columns: what is a row here is a column there.

/// Cholesky factorisation of a symmetric positive definite matrix, in its lower triangle; the value of `info`.
int32_t sk_dpotrf(int32_t order, double *a);

/// Solves A·X = B with the Cholesky factor of A; the value of `info`.
int32_t sk_dpotrs(int32_t order, int32_t right_hand_sides, const double *a, double *b);

/// Eigenvalues, ascending, and eigenvectors of a symmetric matrix (divide and conquer); the value of `info`. With a length of -1 the
/// first element of either work area is set to the length it wants.
int32_t sk_dsyevd(
    int32_t order, double *a, double *values, double *work, int32_t work_length, int32_t *integers, int32_t integer_length);

/// Thin singular value decomposition (divide and conquer) of a matrix of `rows` × `columns`, as LAPACK counts them; the value of
/// `info`. With a length of -1 the first element of `work` is set to the length it wants.
int32_t sk_dgesdd(
    int32_t rows, int32_t columns, double *a, double *singular, double *u, double *v_transposed, double *work, int32_t work_length,
    int32_t *integers);

#endif
