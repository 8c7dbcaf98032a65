// From scores to probabilities: the soft-max of rows, and the logistic function.
#include "variants.h"
#include <string.h>

enum { LANES = 4 };
typedef double lanes __attribute__((vector_size(8 * LANES)));
typedef int64_t masks __attribute__((vector_size(8 * LANES)));

// Vectors are passed by address, since there are several ways of passing them.

/// Replaces numbers that are not above 0 by their exponentials; those below -708 give 0.
///
/// x = n ln 2 + r with |r| <= ½ ln 2, e^r by its Taylor polynomial of degree 13 (error 4e-18), and 2^n by its bits. The error is about that
/// of the last rounding, and the bits are the same on every machine, which cannot be said of the C library's.
static ALWAYS_INLINE void exponential(lanes *numbers) {
    _Pragma("STDC FP_CONTRACT OFF");
    lanes x = *numbers;
    masks inside = x >= (lanes){0} - 708;
    x = (lanes)((masks)x & inside);
    // Adding 1.5·2^52 rounds to a whole number, which then stands in the low bits.
    lanes shifted = x * 0x1.71547652b82fep+0 + 0x1.8p52;
    lanes n = shifted - 0x1.8p52;
    lanes r = (x - n * 0x1.62e42fee00000p-1) - n * 0x1.a39ef35793c76p-33;
    lanes p = r * (1.0 / 6227020800) + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    lanes power = (r * r) * p + r + 1;
    *numbers = (lanes)(((masks)power + ((masks)shifted << 52)) & inside);
}

/// Multiplies by the scale; what is not a number counts as the lowest there is, infinite ones as very large ones.
static ALWAYS_INLINE void bring_within_limits(lanes *numbers, double scale) {
    _Pragma("STDC FP_CONTRACT OFF");
    lanes x = *numbers, largest = (lanes){0} + 1e300;
    masks is_number = x == x;
    x = (lanes)(((masks)x & is_number) | ((masks)-largest & ~is_number));
    masks above = x > largest, below = x < -largest;
    x = (lanes)(((masks)largest & above) | ((masks)-largest & below) | ((masks)x & ~(above | below)));
    *numbers = x * scale;
}

static ALWAYS_INLINE void logistic(lanes *numbers) {
    _Pragma("STDC FP_CONTRACT OFF");
    lanes x = *numbers, one = (lanes){0} + 1;
    masks is_negative = x < (lanes){0};
    // The exponential of -|x|.
    lanes e = (lanes)((masks)x | ((masks){0} + INT64_MIN));
    exponential(&e);
    lanes dividend = (lanes)(((masks)e & is_negative) | ((masks)one & ~is_negative));
    *numbers = dividend / (one + e);
}

// Does something to some numbers, four at a time; the last ones among zeros.
#define FOR_LANES(numbers, count, action)                           \
    do {                                                            \
        size_t i_ = 0;                                              \
        lanes some_;                                                \
        for (; i_ + LANES <= (count); i_ += LANES) {                \
            memcpy(&some_, (numbers) + i_, sizeof some_);           \
            action;                                                 \
            memcpy((numbers) + i_, &some_, sizeof some_);           \
        }                                                           \
        if (i_ < (count)) {                                         \
            some_ = (lanes){0};                                     \
            memcpy(&some_, (numbers) + i_, ((count) - i_) * 8);     \
            action;                                                 \
            memcpy((numbers) + i_, &some_, ((count) - i_) * 8);     \
        }                                                           \
    } while (0)

VARIANTS(void, logistic, (double *scores, size_t count, double scale), (scores, count, scale)) {
    FOR_LANES(scores, count, (bring_within_limits(&some_, scale), logistic(&some_)));
}

static ALWAYS_INLINE void subtract_largest(double *row, size_t count) {
    double largest = row[0];
    for (size_t k = 1; k < count; k++) largest = row[k] > largest ? row[k] : largest;
    for (size_t k = 0; k < count; k++) row[k] -= largest;
}

static ALWAYS_INLINE void divide_by_sum(double *row, size_t count) {
    _Pragma("STDC FP_CONTRACT OFF");
    double sum = 0;
    for (size_t k = 0; k < count; k++) sum += row[k];
    double factor = 1 / sum;
    for (size_t k = 0; k < count; k++) row[k] *= factor;
}

VARIANTS(
    void, softmax, (double *scores, size_t row_count, size_t label_count, double scale), (scores, row_count, label_count, scale)
) {
    size_t count = row_count * label_count;
    FOR_LANES(scores, count, bring_within_limits(&some_, scale));
    for (size_t row = 0; row < row_count; row++) subtract_largest(scores + row * label_count, label_count);
    FOR_LANES(scores, count, exponential(&some_));
    for (size_t row = 0; row < row_count; row++) divide_by_sum(scores + row * label_count, label_count);
}
