// The kernels for one number type T, with LANES numbers in 64 bytes.

// Eight numbers, the unit of a factor's rows, aligned like a number; and two units, which one register may hold.
typedef T NAME(eight) __attribute__((vector_size(8 * sizeof(T)), aligned(sizeof(T))));
typedef T NAME(sixteen) __attribute__((vector_size(16 * sizeof(T)), aligned(sizeof(T))));
// LANES rows at one coordinate.
typedef T NAME(lanes) __attribute__((vector_size(64), aligned(sizeof(T))));

enum { NAME(GROUP) = 4 * LANES };

// sums[0..<count] = row times `other`, columns from `first` on, `count` units wide; the sums stay in registers.
#define GATHER(count)                                                                                                          \
    {                                                                                                                          \
        NAME(sixteen) sums[count / 2 + 1];                                                                                     \
        NAME(eight) last = {0};                                                                                                \
        for (int v = 0; v < count / 2; v++) sums[v] = (NAME(sixteen)){0};                                                      \
        for (ptrdiff_t e = from; e < to; e++) {                                                                                \
            const T value = numbers ? numbers[e] : values[e];                                                                  \
            const ptrdiff_t later = e + AHEAD < to ? e + AHEAD : e;                                                            \
            const char *ahead = (const char *)(other + (numbers ? later : columns[later]) * stride + first);                   \
            for (size_t b = 0; b < count * sizeof(NAME(eight)); b += 64) __builtin_prefetch(ahead + b);                        \
            const T *source = other + (numbers ? e : columns[e]) * stride + first;                                             \
            for (int v = 0; v < count / 2; v++) sums[v] += value * ((const NAME(sixteen) *)source)[v];                         \
            if (count % 2) last += value * ((const NAME(eight) *)source)[count - 1];                                           \
        }                                                                                                                      \
        for (int v = 0; v < count / 2; v++) ((NAME(sixteen) *)(product + first))[v] = sums[v];                                 \
        if (count % 2) ((NAME(eight) *)(product + first))[count - 1] = last;                                                   \
        break;                                                                                                                 \
    }

// The elements of the row are those of a sparse row or, where there are `numbers`, these: one for every row of `other`. Callers say which
// with a constant, so each gets a loop of its own.
SK_INLINE void NAME(multiply_row)(ptrdiff_t from, ptrdiff_t to, const int32_t *columns, const float *values, const T *numbers,
                                  const T *other, ptrdiff_t stride, T *product) {
    for (ptrdiff_t first = 0; first < stride;) {
        ptrdiff_t left = (stride - first) / 8;
        // Two parts of about equal width are better than a wide and a narrow one.
        ptrdiff_t count = left <= 8 ? left : left <= 16 ? (left + 1) / 2 : 8;
        switch (count) {
        case 1: GATHER(1)
        case 2: GATHER(2)
        case 3: GATHER(3)
        case 4: GATHER(4)
        case 5: GATHER(5)
        case 6: GATHER(6)
        case 7: GATHER(7)
        default: GATHER(8)
        }
        first += 8 * count;
    }
}
#undef GATHER

SK_INLINE void NAME(multiply)(SK_ROWS, const T *other, ptrdiff_t stride, T *product) {
    for (ptrdiff_t row = start; row < end; row++)
        NAME(multiply_row)(offsets[row], offsets[row + 1], columns, values, 0, other, stride,
                           product + (row - start) * stride);
}

SK_INLINE void NAME(multiply_dense)(const T *rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t row_stride, const T *other,
                                    ptrdiff_t stride, T *product) {
    for (ptrdiff_t row = 0; row < count; row++)
        NAME(multiply_row)(0, width, 0, 0, rows + row * row_stride, other, stride, product + row * stride);
}

// Tiles of 4 coordinates by 8 or 16, as the registers of a set allow; lanes are coordinates, so each sum runs over the rows in their
// order, whatever the tile.
SK_INLINE void NAME(gram)(const T *rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t stride, double *gram, const int parts) {
    for (ptrdiff_t a = 0; a < width; a += 4) {
        for (ptrdiff_t b = a / 8 * 8; b < width; b += 8 * parts) {
            NAME(eight) sums[4][2];
            for (int i = 0; i < 4; i++)
                for (int v = 0; v < parts; v++) sums[i][v] = (NAME(eight)){0};
            for (ptrdiff_t row = 0; row < count; row++) {
                const T *x = rows + row * stride;
                const NAME(eight) *y = (const NAME(eight) *)(x + b);
                for (int i = 0; i < 4; i++)
                    for (int v = 0; v < parts; v++) sums[i][v] += x[a + i] * y[v];
            }
            for (int i = 0; i < 4 && a + i < width; i++) {
                for (int j = 0; j < 8 * parts && b + j < width; j++) {
                    if (b + j < a + i) continue;
                    gram[(a + i) * width + b + j] = sums[i][j / 8][j % 8];
                    gram[(b + j) * width + a + i] = sums[i][j / 8][j % 8];
                }
            }
        }
    }
}

SK_INLINE void NAME(extrapolate)(const T *point, ptrdiff_t count, T momentum, T *old) {
    for (ptrdiff_t i = 0; i < count; i++) {
        const T next = point[i] + momentum * (point[i] - old[i]);
        old[i] = next > 0 ? next : 0;
    }
}

// target[c][r] = rows[r][c] for `count` rows, and 0 for the other lanes of the group.
SK_INLINE void NAME(transpose_in)(const T *rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t stride, T *target) {
    for (ptrdiff_t r = 0; r < count; r++)
        for (ptrdiff_t c = 0; c < width; c++) target[c * NAME(GROUP) + r] = rows[r * stride + c];
    for (ptrdiff_t r = count; r < NAME(GROUP); r++)
        for (ptrdiff_t c = 0; c < width; c++) target[c * NAME(GROUP) + r] = 0;
}

SK_INLINE void NAME(transpose_out)(const T *source, ptrdiff_t count, ptrdiff_t width, ptrdiff_t stride, T *rows) {
    for (ptrdiff_t r = 0; r < count; r++)
        for (ptrdiff_t c = 0; c < width; c++) rows[r * stride + c] = source[c * NAME(GROUP) + r];
}

SK_INLINE void NAME(descend)(SK_ROWS, const ptrdiff_t *blocked_offsets, const int32_t *blocked, const T *other, const T *gram, T l1,
                             ptrdiff_t width, ptrdiff_t stride, int32_t sweeps, T tolerance, T *own, T *scratch,
                             struct sk_descent_sums *sums) {
    const int group = NAME(GROUP);
    T *product = scratch;                   // stride numbers
    T *p = scratch + stride;                // [width][group]
    T *w = p + stride * group;              // [width][group]
    double cross = 0, total = 0;
    for (ptrdiff_t first = start; first < end; first += group) {
        const ptrdiff_t count = end - first < group ? end - first : group;
        for (ptrdiff_t r = 0; r < count; r++) {
            NAME(multiply_row)(offsets[first + r], offsets[first + r + 1], columns, values, 0, other, stride, product);
            // Whatever else a coordinate would gain, this keeps it at 0.
            if (blocked_offsets)
                for (ptrdiff_t b = blocked_offsets[first + r]; b < blocked_offsets[first + r + 1]; b++) product[blocked[b]] = -1e30f;
            for (ptrdiff_t c = 0; c < width; c++) p[c * group + r] = product[c];
        }
        for (ptrdiff_t r = count; r < group; r++)
            for (ptrdiff_t c = 0; c < width; c++) p[c * group + r] = 0;
        NAME(transpose_in)(own + first * stride, count, width, stride, w);
        for (int32_t sweep = 0; sweep < sweeps; sweep++) {
            const NAME(lanes) zero = {0};
            NAME(lanes) largest = zero, moved = zero;
            for (ptrdiff_t a = 0; a < width; a++) {
                const T *g = gram + a * width;
                const NAME(lanes) *q = (const NAME(lanes) *)(p + a * group);
                NAME(lanes) *own_a = (NAME(lanes) *)(w + a * group);
                NAME(lanes) d0 = l1 - q[0], d1 = l1 - q[1], d2 = l1 - q[2], d3 = l1 - q[3];
                for (ptrdiff_t b = 0; b < width; b++) {
                    const NAME(lanes) *x = (const NAME(lanes) *)(w + b * group);
                    const T factor = g[b];
                    d0 += factor * x[0];
                    d1 += factor * x[1];
                    d2 += factor * x[2];
                    d3 += factor * x[3];
                }
                const T curvature = g[a];
                if (!(curvature > 0)) continue;
                const T inverse = 1 / curvature;
#define STEP(i, d)                                                                                                             \
    {                                                                                                                          \
        const NAME(lanes) old = own_a[i];                                                                                      \
        NAME(lanes) new = old - d * inverse;                                                                                   \
        new = __builtin_elementwise_max(new, zero);                                                                            \
        moved = __builtin_elementwise_max(moved, __builtin_elementwise_abs(new - old));                                        \
        largest = __builtin_elementwise_max(largest, new);                                                                     \
        own_a[i] = new;                                                                                                        \
    }
                STEP(0, d0)
                STEP(1, d1)
                STEP(2, d2)
                STEP(3, d3)
#undef STEP
            }
            T farthest = 0, size = 0;
            for (int i = 0; i < LANES; i++) {
                if (moved[i] > farthest) farthest = moved[i];
                if (largest[i] > size) size = largest[i];
            }
            if (!(farthest > tolerance * size)) break;
        }
        NAME(lanes) crosses = {0}, totals = {0};
        for (ptrdiff_t i = 0; i < width * 4; i++) {
            const NAME(lanes) x = ((const NAME(lanes) *)w)[i];
            crosses += x * ((const NAME(lanes) *)p)[i];
            totals += x;
        }
        for (int i = 0; i < LANES; i++) {
            cross += crosses[i];
            total += totals[i];
        }
        NAME(transpose_out)(w, count, width, stride, own + first * stride);
    }
    sums->cross = cross;
    sums->total = total;
}

// Sum of products over a row, the eight partial sums added pairwise.
SK_INLINE T NAME(dot)(const T *a, const T *b, ptrdiff_t stride) {
    NAME(eight) s = {0};
    for (ptrdiff_t c = 0; c < stride; c += 8) s += *(const NAME(eight) *)(a + c) * *(const NAME(eight) *)(b + c);
    return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

SK_INLINE void NAME(scale)(SK_ROWS, const T *other, const T *sums_of_other, T l1, T l2, ptrdiff_t width, ptrdiff_t stride, T *own, T *scratch) {
    const T least = 1.1920928955078125e-07f;
    for (ptrdiff_t row = start; row < end; row++) {
        T *w = own + row * stride;
        for (ptrdiff_t c = 0; c < stride; c++) scratch[c] = 0;
        for (ptrdiff_t e = offsets[row]; e < offsets[row + 1]; e++) {
            const T *h = other + columns[e] * stride;
            T fitted = NAME(dot)(w, h, stride);
            if (fitted < least) fitted = least;
            const T ratio = values[e] / fitted;
            for (ptrdiff_t c = 0; c < stride; c += 8) *(NAME(eight) *)(scratch + c) += ratio * *(const NAME(eight) *)(h + c);
        }
        for (ptrdiff_t c = 0; c < width; c++) {
            T denominator = sums_of_other[c] + l1 + l2 * w[c];
            if (denominator == 0) denominator = least;
            w[c] = w[c] * (scratch[c] / denominator);
        }
    }
}

SK_INLINE double NAME(divergence)(SK_ROWS, const T *other, ptrdiff_t stride, const T *own) {
    const double least = 1.1920928955078125e-07;
    double sum = 0;
    for (ptrdiff_t row = start; row < end; row++) {
        for (ptrdiff_t e = offsets[row]; e < offsets[row + 1]; e++) {
            const double x = values[e];
            if (!(x > 0)) continue;
            double fitted = NAME(dot)(own + row * stride, other + columns[e] * stride, stride);
            if (fitted < least) fitted = least;
            sum += x * log(x / fitted) - x;
        }
    }
    return sum;
}

#define SK_FOR_SET(attributes, suffix, parts)                                                                                       \
    attributes static void NAME(multiply##suffix)(SK_ROWS, const T *other, ptrdiff_t stride, T *product) {                    \
        NAME(multiply)(offsets, columns, values, start, end, other, stride, product);                                          \
    }                                                                                                                          \
    attributes static void NAME(multiply_dense##suffix)(const T *rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t row_stride, const T *other,  \
                                                        ptrdiff_t stride, T *product) {                                        \
        NAME(multiply_dense)(rows, count, width, row_stride, other, stride, product);                                          \
    }                                                                                                                          \
    attributes static void NAME(gram##suffix)(const T *rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t stride, double *gram) {     \
        NAME(gram)(rows, count, width, stride, gram, parts);                                                                   \
    }                                                                                                                          \
    attributes static void NAME(extrapolate##suffix)(const T *point, ptrdiff_t count, T momentum, T *old) {                      \
        NAME(extrapolate)(point, count, momentum, old);                                                                          \
    }                                                                                                                          \
    attributes static void NAME(descend##suffix)(SK_ROWS, const ptrdiff_t *blocked_offsets, const int32_t *blocked, const T *other,  \
                                                 const T *gram, T l1, ptrdiff_t width, ptrdiff_t stride, int32_t sweeps,       \
                                                 T tolerance, T *own, T *scratch, struct sk_descent_sums *sums) {              \
        NAME(descend)(offsets, columns, values, start, end, blocked_offsets, blocked, other, gram, l1, width, stride, sweeps, tolerance, own, scratch,   \
                      sums);                                                                                                   \
    }                                                                                                                          \
    attributes static void NAME(scale##suffix)(SK_ROWS, const T *other, const T *sums_of_other, T l1, T l2, ptrdiff_t width,  \
                                               ptrdiff_t stride, T *own, T *scratch) {                                           \
        NAME(scale)(offsets, columns, values, start, end, other, sums_of_other, l1, l2, width, stride, own, scratch);          \
    }                                                                                                                          \
    attributes static double NAME(divergence##suffix)(SK_ROWS, const T *other, ptrdiff_t stride, const T *own) {              \
        return NAME(divergence)(offsets, columns, values, start, end, other, stride, own);                                     \
    }
SK_FOR_SET(, _plain, 1)
#ifdef SK_WIDE
SK_FOR_SET(__attribute__((target("avx2"))), _avx2, 1)
SK_FOR_SET(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw"))), _avx512, 2)
#endif
#undef SK_FOR_SET

#ifdef SK_WIDE
#define SK_CALL(stem, ...)                                                                                                     \
    if (set >= SK_AVX512) return NAME(stem##_avx512)(__VA_ARGS__);                                                             \
    if (set >= SK_AVX2) return NAME(stem##_avx2)(__VA_ARGS__);                                                                 \
    return NAME(stem##_plain)(__VA_ARGS__);
#else
#define SK_CALL(stem, ...) return NAME(stem##_plain)(__VA_ARGS__);
#endif

void NAME(sk_multiply)(int32_t set, SK_ROWS, const T *other, ptrdiff_t stride, T *product) {
    SK_CALL(multiply, offsets, columns, values, start, end, other, stride, product)
}

void NAME(sk_multiply_dense)(int32_t set, const T *rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t row_stride, const T *other,
                             ptrdiff_t stride, T *product) {
    SK_CALL(multiply_dense, rows, count, width, row_stride, other, stride, product)
}

void NAME(sk_gram)(int32_t set, const T *rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t stride, double *gram) {
    SK_CALL(gram, rows, count, width, stride, gram)
}

void NAME(sk_extrapolate)(int32_t set, const T *point, ptrdiff_t count, T momentum, T *old) {
    SK_CALL(extrapolate, point, count, momentum, old)
}

void NAME(sk_descend)(int32_t set, SK_ROWS, const ptrdiff_t *blocked_offsets, const int32_t *blocked, const T *other, const T *gram,
                      T l1, ptrdiff_t width, ptrdiff_t stride, int32_t sweeps, T tolerance, T *own, T *scratch,
                      struct sk_descent_sums *sums) {
    SK_CALL(descend, offsets, columns, values, start, end, blocked_offsets, blocked, other, gram, l1, width, stride, sweeps, tolerance,
            own, scratch, sums)
}

void NAME(sk_scale)(int32_t set, SK_ROWS, const T *other, const T *sums_of_other, T l1, T l2, ptrdiff_t width,
                    ptrdiff_t stride, T *own, T *scratch) {
    SK_CALL(scale, offsets, columns, values, start, end, other, sums_of_other, l1, l2, width, stride, own, scratch)
}

double NAME(sk_divergence)(int32_t set, SK_ROWS, const T *other, ptrdiff_t stride, const T *own) {
    SK_CALL(divergence, offsets, columns, values, start, end, other, stride, own)
}
#undef SK_CALL
