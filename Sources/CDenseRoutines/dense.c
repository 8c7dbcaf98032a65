#include "dense.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/// A library under the name of its interface, which Debian's alternatives link to whichever is installed.
struct library {
    const char *name;
    const char *package;
    _Atomic(void *) handle;
};

static struct library blas = {"libblas.so.3", "libblas3", NULL};
static struct library lapack = {"liblapack.so.3", "liblapack3", NULL};

static void *opened(struct library *library) {
    void *handle = atomic_load_explicit(&library->handle, memory_order_acquire);
    if (handle) return handle;
    // Threads that come here at once get the same handle.
    handle = dlopen(library->name, RTLD_LAZY | RTLD_LOCAL);
    if (!handle) {
        fprintf(stderr, "error: cannot load a library: %s; is %s installed?\n", dlerror(), library->package);
        exit(1);
    }
    atomic_store_explicit(&library->handle, handle, memory_order_release);
    return handle;
}

static void *function(struct library *library, const char *name) {
    void *found = dlsym(opened(library), name);
    if (!found) {
        fprintf(stderr, "error: %s lacks %s\n", library->name, name);
        exit(1);
    }
    return found;
}

void *sk_blas_function(const char *name) { return dlsym(opened(&blas), name); }

/// Declares `routine`, a function pointer of the type given, looked up the first time only.
#define ROUTINE(library, name, ...)                                                             \
    static _Atomic(void *) known;                                                               \
    void *address = atomic_load_explicit(&known, memory_order_acquire);                         \
    if (!address) {                                                                             \
        address = function(&library, #name);                                                    \
        atomic_store_explicit(&known, address, memory_order_release);                           \
    }                                                                                           \
    __VA_ARGS__ = address

// The values of CBLAS's enumerations, which are the same in every library.
enum { ROW_MAJOR = 101, NO_TRANSPOSE = 111, TRANSPOSE = 112, UPPER = 121, NON_UNIT = 131, RIGHT = 142 };

static int transposition(bool transposed) { return transposed ? TRANSPOSE : NO_TRANSPOSE; }

double sk_ddot(int32_t count, const double *x, const double *y) {
    ROUTINE(blas, cblas_ddot, double (*routine)(int, const double *, int, const double *, int));
    return routine(count, x, 1, y, 1);
}

void sk_daxpy(int32_t count, double alpha, const double *x, double *y) {
    ROUTINE(blas, cblas_daxpy, void (*routine)(int, double, const double *, int, double *, int));
    routine(count, alpha, x, 1, y, 1);
}

double sk_dnrm2(int32_t count, const double *x) {
    ROUTINE(blas, cblas_dnrm2, double (*routine)(int, const double *, int));
    return routine(count, x, 1);
}

void sk_dscal(int32_t count, double alpha, double *x) {
    ROUTINE(blas, cblas_dscal, void (*routine)(int, double, double *, int));
    routine(count, alpha, x, 1);
}

void sk_dgemm(
    bool a_transposed, bool b_transposed, int32_t rows, int32_t columns, int32_t inner, const double *a, int32_t a_stride,
    const double *b, int32_t b_stride, double *c, int32_t c_stride) {
    ROUTINE(
        blas, cblas_dgemm,
        void (*routine)(
            int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int));
    routine(
        ROW_MAJOR, transposition(a_transposed), transposition(b_transposed), rows, columns, inner, 1, a, a_stride, b, b_stride, 0,
        c, c_stride);
}

void sk_dsyrk(int32_t rows, int32_t columns, const double *a, double *c) {
    ROUTINE(
        blas, cblas_dsyrk, void (*routine)(int, int, int, int, int, double, const double *, int, double, double *, int));
    routine(ROW_MAJOR, UPPER, TRANSPOSE, columns, rows, 1, a, columns, 0, c, columns);
}

void sk_dgemv(bool transposed, int32_t rows, int32_t columns, const double *a, const double *x, double *y) {
    ROUTINE(
        blas, cblas_dgemv,
        void (*routine)(int, int, int, int, double, const double *, int, const double *, int, double, double *, int));
    routine(ROW_MAJOR, transposition(transposed), rows, columns, 1, a, columns, x, 1, 0, y, 1);
}

void sk_dtrsm(int32_t order, const double *r, double *b) {
    ROUTINE(
        blas, cblas_dtrsm,
        void (*routine)(int, int, int, int, int, int, int, double, const double *, int, double *, int));
    routine(ROW_MAJOR, RIGHT, UPPER, NO_TRANSPOSE, NON_UNIT, order, order, 1, r, order, b, order);
}

// Fortran takes every argument by reference, and behind them, by value, the length of every CHARACTER argument (gfortran). Where LAPACK
// says "U", it is the lower triangle of rows.

int32_t sk_dpotrf(int32_t order, double *a) {
    ROUTINE(lapack, dpotrf_, void (*routine)(const char *, const int *, double *, const int *, int *, size_t));
    int info = 0;
    routine("U", &order, a, &order, &info, 1);
    return info;
}

int32_t sk_dpotrs(int32_t order, int32_t right_hand_sides, const double *a, double *b) {
    ROUTINE(
        lapack, dpotrs_,
        void (*routine)(
            const char *, const int *, const int *, const double *, const int *, double *, const int *, int *, size_t));
    int info = 0;
    routine("U", &order, &right_hand_sides, a, &order, b, &order, &info, 1);
    return info;
}

int32_t sk_dsyevd(
    int32_t order, double *a, double *values, double *work, int32_t work_length, int32_t *integers, int32_t integer_length) {
    ROUTINE(
        lapack, dsyevd_,
        void (*routine)(
            const char *, const char *, const int *, double *, const int *, double *, double *, const int *, int *, const int *,
            int *, size_t, size_t));
    int info = 0;
    routine("V", "U", &order, a, &order, values, work, &work_length, integers, &integer_length, &info, 1, 1);
    return info;
}

int32_t sk_dgesdd(
    int32_t rows, int32_t columns, double *a, double *singular, double *u, double *v_transposed, double *work, int32_t work_length,
    int32_t *integers) {
    ROUTINE(
        lapack, dgesdd_,
        void (*routine)(
            const char *, const int *, const int *, double *, const int *, double *, double *, const int *, double *, const int *,
            double *, const int *, int *, int *, size_t));
    int32_t smaller = rows < columns ? rows : columns;
    int info = 0;
    routine(
        "S", &rows, &columns, a, &rows, singular, u, &rows, v_transposed, &smaller, work, &work_length, integers, &info, 1);
    return info;
}
