// Writing predictions: labels that are given, and probabilities as decimals.
#include "variants.h"
#include <math.h>
#include <string.h>

/// Copies a piece, with up to `SK_PIECE_SLACK` bytes behind it; returns where it ends.
static ALWAYS_INLINE uint8_t *copied(const uint8_t *piece, size_t count, uint8_t *target) {
    for (size_t i = 0; i < count; i += SK_PIECE_SLACK) memcpy(target + i, piece + i, SK_PIECE_SLACK);
    return target + count;
}

size_t sk_put_given(
    const uint8_t *given, size_t count, const uint8_t *pieces, const uint32_t *ends, size_t separator, uint8_t *target
) {
    uint8_t *next = target;
    for (size_t k = 0; k < count; k++) {
        if (!given[k]) continue;
        size_t start = (k == 0 ? 0 : ends[k - 1]) + (next == target ? separator : 0);
        next = copied(pieces + start, ends[k] - start, next);
    }
    return (size_t)(next - target);
}

enum { LANES = 4 };
typedef double shares __attribute__((vector_size(8 * LANES)));
typedef uint64_t words __attribute__((vector_size(8 * LANES)));
typedef uint32_t halves __attribute__((vector_size(8 * LANES)));
typedef uint16_t quarters __attribute__((vector_size(8 * LANES)));

static ALWAYS_INLINE uint64_t any(const words *marks) { return (*marks)[0] | (*marks)[1] | (*marks)[2] | (*marks)[3]; }

/// The nearest integer to the exact product, the even one of two: what it lost when it was rounded decides.
static uint64_t rounded_near_tie(double number, double factor) {
    double product = number * factor;
    uint64_t whole = (uint64_t)product;
    // Exact, as both are below 2^53.
    double excess = product - (double)whole - 0.5, exact = excess + fma(number, factor, -product);
    return exact > 0 || (exact == 0 && (whole & 1)) ? whole + 1 : whole;
}

/// The integers nearest to the exact products of numbers within 0...1 and a power of ten.
static ALWAYS_INLINE void round_products(const shares *numbers, double power, words *result) {
    _Pragma("STDC FP_CONTRACT OFF");
    shares product = *numbers * power;
    // Numbers from 2^52 on are whole: the sum is rounded, and its lowest bits are the integer.
    shares sum = product + 0x1p52, excess = product - (sum - 0x1p52);
    *result = (words)sum & (((words){0} + 1) << 52) - 1;
    words is_near_tie = (words)(excess > (shares){0} + (0.5 - 1e-6)) | (words)(excess < (shares){0} - (0.5 - 1e-6));
    if (!any(&is_near_tie)) return;
    for (int k = 0; k < LANES; k++) {
        if (is_near_tie[k]) (*result)[k] = rounded_near_tie((*numbers)[k], power);
    }
}

/// The digits of numbers below 10^8 in eight bytes each, the first one in the lowest byte.
static ALWAYS_INLINE void replace_by_digits(words *numbers) {
    // Four digits in each half, then two in each quarter, then one in each byte; the products are those of divisions by powers of ten.
    words number = *numbers & 0xFFFFFFFF;
    words high = (number * 109951163) >> 40;
    halves fours = (halves)(high | (words)((halves)number - (halves)high * 10000) << 32);
    halves hundreds = (fours * 10486) >> 20;
    quarters twos = (quarters)(hundreds | (fours - hundreds * 100) << 16);
    quarters tens = (twos * 103) >> 10;
    *numbers = (words)(tens | (twos - tens * 10) << 8);
}

VARIANTS(
    size_t, put_shares,
    (const double *numbers, size_t count, uint32_t power, const uint8_t *pieces, const uint32_t *ends, uint8_t *target),
    (numbers, count, power, pieces, ends, target)
) {
    uint8_t *next = target;
    size_t start = 0;
    for (size_t i = 0; i < count; i += LANES) {
        shares some = {0};
        size_t rest = count - i < LANES ? count - i : LANES;
        if (rest == LANES) memcpy(&some, numbers + i, sizeof some);
        else memcpy(&some, numbers + i, rest * sizeof(double));
        words is_other = ~((words)(some >= (shares){0}) & (words)(some <= (shares){0} + 1));
        if (any(&is_other)) return SIZE_MAX;
        words scaled;
        round_products(&some, power, &scaled);
        words is_whole = (words)(scaled >= (words){0} + power);
        words digits = (words)((halves)(scaled - (is_whole & power)) * (100000000 / power));
        replace_by_digits(&digits);
        for (size_t k = 0; k < rest; k++) {
            size_t end = ends[i + k];
            next = copied(pieces + start, end - start, next);
            start = end;
            uint64_t decimals = digits[k] | 0x3030303030303030;
            next[0] = (uint8_t)('0' - is_whole[k]);
            next[1] = '.';
            memcpy(next + 2, &decimals, 8);
            // At least one decimal, and none behind the last one that is not 0.
            next += 10 - (size_t)__builtin_clzll(digits[k] | 1) / 8;
        }
    }
    return (size_t)(next - target);
}
