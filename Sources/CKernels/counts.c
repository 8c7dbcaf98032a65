// Known terms, how often they occur in articles, and the rows that these counts give.
#include "variants.h"
#include <math.h>
#include <string.h>

#if SK_X86
#include <immintrin.h>
#endif

static ALWAYS_INLINE size_t keep_body(const uint32_t *nodes, size_t count, uint32_t node_count, uint32_t *kept) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        kept[found] = nodes[i];
        found += nodes[i] - 1 < node_count;
    }
    return found;
}

static size_t keep_plain(const uint32_t *nodes, size_t count, uint32_t node_count, uint32_t *kept) {
    return keep_body(nodes, count, node_count, kept);
}

#if SK_X86
TARGET_AVX2 static size_t keep_avx2(const uint32_t *nodes, size_t count, uint32_t node_count, uint32_t *kept) {
    return keep_body(nodes, count, node_count, kept);
}
TARGET_AVX512 static size_t keep_avx512(const uint32_t *nodes, size_t count, uint32_t node_count, uint32_t *kept) {
    size_t found = 0;
    for (size_t i = 0; i < count; i += 16) {
        __mmask16 within = count - i < 16 ? (__mmask16)((1u << (count - i)) - 1) : 0xFFFF;
        __m512i some = _mm512_maskz_loadu_epi32(within, nodes + i);
        __m512i places = _mm512_sub_epi32(some, _mm512_set1_epi32(1));
        __mmask16 known = _mm512_mask_cmplt_epu32_mask(within, places, _mm512_set1_epi32((int)node_count));
        _mm512_storeu_si512(kept + found, _mm512_maskz_compress_epi32(known, some));
        found += (size_t)__builtin_popcount(known);
    }
    return found;
}
#endif

size_t sk_keep_terms(int32_t set, const uint32_t *nodes, size_t count, uint32_t node_count, uint32_t *kept) {
#if SK_X86
    if (set == SK_AVX512) return keep_avx512(nodes, count, node_count, kept);
    if (set == SK_AVX2) return keep_avx2(nodes, count, node_count, kept);
#endif
    (void)set;
    return keep_plain(nodes, count, node_count, kept);
}

static ALWAYS_INLINE float factor(sk_factors factors, uint32_t term) {
    return factors.values[factors.codes[term - 1] & factors.mask];
}

static ALWAYS_INLINE double frequency(float count, const double *frequencies, int32_t is_sublinear) {
    int32_t small = (int32_t)(count < SK_FREQUENCIES - 1 ? count : SK_FREQUENCIES - 1);
    if (__builtin_expect((float)small == count, 1)) return frequencies[small];
    return is_sublinear && count > 1 ? 1 + log(count) : count;
}

/// Columns and values of the terms from `i` on, and what is added to four sums of squares, those of later terms to the first one.
static ALWAYS_INLINE void weigh_rest(
    size_t i, const uint32_t *terms, const float *counts, size_t count, const double *frequencies, int32_t is_sublinear,
    sk_factors factors, int32_t first_column, int32_t *columns, double *values, double *squares
) {
#pragma STDC FP_CONTRACT OFF
    for (; i + 4 <= count; i += 4) {
        for (size_t k = 0; k < 4; k++) {
            uint32_t term = terms[i + k];
            columns[i + k] = first_column + (int32_t)(term - 1);
            double value = frequency(counts[i + k], frequencies, is_sublinear) * (double)factor(factors, term);
            values[i + k] = value;
            squares[k] += value * value;
        }
    }
    for (; i < count; i++) {
        uint32_t term = terms[i];
        columns[i] = first_column + (int32_t)(term - 1);
        values[i] = frequency(counts[i], frequencies, is_sublinear) * (double)factor(factors, term);
        squares[0] += values[i] * values[i];
    }
}

#define WEIGH_PARAMETERS                                                                                              \
    const uint32_t *terms, const float *counts, size_t count, const double *frequencies, int32_t is_sublinear,        \
        sk_factors factors, int32_t first_column, int32_t *columns, double *values
#define WEIGH_ARGUMENTS terms, counts, count, frequencies, is_sublinear, factors, first_column, columns, values

static double weigh_plain(WEIGH_PARAMETERS) {
    double squares[4] = {0, 0, 0, 0};
    weigh_rest(0, WEIGH_ARGUMENTS, squares);
    return squares[0] + squares[1] + (squares[2] + squares[3]);
}

#if SK_X86
TARGET_AVX2 static double weigh_avx2(WEIGH_PARAMETERS) {
    double squares[4] = {0, 0, 0, 0};
    weigh_rest(0, WEIGH_ARGUMENTS, squares);
    return squares[0] + squares[1] + (squares[2] + squares[3]);
}

// Faster than one instruction that gathers eight.
TARGET_AVX512 static ALWAYS_INLINE __m512d load_eight(sk_factors factors, const uint32_t *terms) {
#define FACTOR(k) factor(factors, terms[k])
    return _mm512_cvtps_pd(
        _mm256_setr_ps(FACTOR(0), FACTOR(1), FACTOR(2), FACTOR(3), FACTOR(4), FACTOR(5), FACTOR(6), FACTOR(7)));
#undef FACTOR
}

TARGET_AVX512 static double weigh_avx512(WEIGH_PARAMETERS) {
#pragma STDC FP_CONTRACT OFF
    double squares[4];
    __m256d sums = _mm256_setzero_pd();
    __m512d small = _mm512_loadu_pd(frequencies);
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        __m256i places = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(terms + i)), _mm256_set1_epi32(1));
        __m256 eight = _mm256_loadu_ps(counts + i);
        // Nearly all counts are small and whole: their frequencies are in one register.
        __m256i whole = _mm256_cvttps_epi32(eight);
        __m512d tf = _mm512_permutexvar_pd(_mm512_cvtepu32_epi64(whole), small);
        __mmask8 usual = _mm256_cmplt_epu32_mask(whole, _mm256_set1_epi32(8))
                         & _mm256_cmp_ps_mask(_mm256_cvtepi32_ps(whole), eight, _CMP_EQ_OQ);
        if (__builtin_expect(usual != 0xFF, 0)) {
            double several[8];
            for (int k = 0; k < 8; k++) several[k] = frequency(counts[i + (size_t)k], frequencies, is_sublinear);
            tf = _mm512_loadu_pd(several);
        }
        __m512d weighed = _mm512_mul_pd(tf, load_eight(factors, terms + i));
        _mm256_storeu_si256((__m256i *)(columns + i), _mm256_add_epi32(places, _mm256_set1_epi32(first_column)));
        _mm512_storeu_pd(values + i, weighed);
        __m512d squared = _mm512_mul_pd(weighed, weighed);
        sums = _mm256_add_pd(sums, _mm512_castpd512_pd256(squared));
        sums = _mm256_add_pd(sums, _mm512_extractf64x4_pd(squared, 1));
    }
    _mm256_storeu_pd(squares, sums);
    weigh_rest(i, WEIGH_ARGUMENTS, squares);
    return squares[0] + squares[1] + (squares[2] + squares[3]);
}
#endif

double sk_weigh_terms(int32_t set, WEIGH_PARAMETERS) {
#if SK_X86
    if (set == SK_AVX512) return weigh_avx512(WEIGH_ARGUMENTS);
    if (set == SK_AVX2) return weigh_avx2(WEIGH_ARGUMENTS);
#endif
    (void)set;
    return weigh_plain(WEIGH_ARGUMENTS);
}

// By how many bits what comes first in memory is shifted in a number.
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
enum { FIRST_HALF = 32 };
#else
enum { FIRST_HALF = 0 };
#endif

VARIANTS(void, scale, (double factor, const double *values, size_t count, float *scaled), (factor, values, count, scaled)) {
    for (size_t i = 0; i < count; i++) scaled[i] = (float)(values[i] * factor);
}

/// Counts the terms of a field into the entries of their article; returns the place of the next one.
///
/// A slot says at which place its term stands. Places of later articles are higher ones, so that what is left of articles before is below
/// `first`, and nothing has to be cleared; `entries` is where place 0 would be. Mostly the slot is such an empty one, or its term is the one: both
/// take the same way, which has no branch.
static ALWAYS_INLINE uint32_t count_field(
    const uint32_t *terms, size_t count, float weight, const uint16_t *codes, uint32_t *slots, uint32_t mask, uint32_t first,
    sk_counted *entries, uint32_t end
) {
    for (size_t i = 0; i < count; i++) {
        uint32_t term = terms[i], slot = term & mask, place = slots[slot];
        // Asking for memory that is not there does no harm. In the first cache there is no room for the codes of long articles.
        __builtin_prefetch(codes + terms[i + SK_KEEP_SLACK] - 1, 0, 2);
        // A term that did not occur yet, all eight bytes at once.
        uint64_t fresh = (uint64_t)term << FIRST_HALF;
        memcpy(entries + end, &fresh, sizeof fresh);
        place = __builtin_unpredictable(place < first) ? end : place;
        if (__builtin_expect(entries[place].term != term, 0)) {
            // The slot is another term's. Terms have steps of their own through the slots, since many a text has runs of neighbours.
            uint32_t hash = term, step = term >> 10 | 1;
            do {
                hash += step;
                slot = hash & mask;
                place = slots[slot] < first ? end : slots[slot];
            } while (entries[place].term != term);
        }
        entries[place].count += weight;
        slots[slot] = place;
        end += place >= end;
    }
    return end;
}

/// How many slots are used for so many terms, less one: 16 times as many, or up to twice that, if there are so many.
static ALWAYS_INLINE uint32_t slot_mask(size_t count, size_t slot_count) {
    uint64_t wanted = UINT64_MAX >> __builtin_clzll(16 * (uint64_t)count | 0xFF);
    return (uint32_t)(wanted < slot_count ? wanted : slot_count - 1);
}

/// What the values of a row are multiplied by.
static ALWAYS_INLINE double scale_of(const sk_weighting *weighting, const double *values, size_t count, double squares) {
    if (weighting->normalization == SK_L2) return squares > 0 ? weighting->weight / sqrt(squares) : 0;
    if (weighting->normalization != SK_L1) return weighting->weight;
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += fabs(values[i]);
    return sum > 0 ? weighting->weight / sum : 0;
}

#define FILL_PARAMETERS                                                                                               \
    const sk_weighting *weighting, const double *frequencies, sk_factors factors, const uint32_t *terms,              \
        size_t first_term, const sk_field *fields, size_t first_field, const size_t *article_ends,                    \
        size_t article_count, uint32_t *slots, size_t slot_count, uint32_t *slot_base, sk_counted *entries,           \
        size_t filled, int32_t *columns, float *values, ptrdiff_t *row_ends, float *shares
#define FILL_ARGUMENTS                                                                                                \
    weighting, frequencies, factors, terms, first_term, fields, first_field, article_ends, article_count, slots,      \
        slot_count, slot_base, entries, filled, columns, values, row_ends, shares

/// The body of `sk_fill_rows`, with a function of a set of instructions.
static ALWAYS_INLINE size_t fill_rows(double (*weigh)(WEIGH_PARAMETERS), FILL_PARAMETERS) {
    uint32_t first = *slot_base;
    size_t term = first_term, field = first_field;
    for (size_t article = 0; article < article_count; article++) {
        size_t field_end = article_ends[article], seen = 0;
        size_t known = field_end > field ? fields[field_end - 1].end - term : 0;
        if (__builtin_expect(UINT32_MAX - first <= known, 0)) {
            memset(slots, 0, slot_count * sizeof *slots);
            first = 1;
        }
        uint32_t mask = slot_mask(known, slot_count), end = first;
        sk_counted *zero = (sk_counted *)((uintptr_t)entries - first * sizeof *entries);
        for (; field < field_end; field++) {
            size_t count = fields[field].end - term;
            end = count_field(terms + term, count, fields[field].weight, factors.codes, slots, mask, first, zero, end);
            term += count;
            seen += fields[field].seen;
        }
        size_t found = end - first;
        first = end;
        // The terms stand where their columns will, the counts where their values will, and these, before they are normalised, where the
        // terms and counts were.
        uint32_t *row = (uint32_t *)columns + filled;
        float *counts = values + filled;
        double *weighed = &entries->value;
        for (size_t i = 0; i < found; i++) {
            row[i] = entries[i].term;
            counts[i] = entries[i].count;
        }
        double squares = weigh(
            row, counts, found, frequencies, weighting->is_sublinear, factors, weighting->first_column, columns + filled, weighed);
        scale_body(scale_of(weighting, weighed, found, squares), weighed, found, values + filled);
        filled += found;
        row_ends[article] = (ptrdiff_t)filled;
        shares[article] = seen == 0 ? 0 : (float)known / (float)seen;
    }
    *slot_base = first;
    return filled;
}

static size_t fill_plain(FILL_PARAMETERS) { return fill_rows(weigh_plain, FILL_ARGUMENTS); }

#if SK_X86
TARGET_AVX2 static size_t fill_avx2(FILL_PARAMETERS) { return fill_rows(weigh_avx2, FILL_ARGUMENTS); }
TARGET_AVX512 static size_t fill_avx512(FILL_PARAMETERS) { return fill_rows(weigh_avx512, FILL_ARGUMENTS); }
#endif

size_t sk_fill_rows(int32_t set, FILL_PARAMETERS) {
#if SK_X86
    if (set == SK_AVX512) return fill_avx512(FILL_ARGUMENTS);
    if (set == SK_AVX2) return fill_avx2(FILL_ARGUMENTS);
#endif
    (void)set;
    return fill_plain(FILL_ARGUMENTS);
}
