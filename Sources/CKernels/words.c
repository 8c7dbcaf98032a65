// Cutting ASCII into words: the same loop for several instruction sets.
#include "variants.h"
#include <string.h>

#if SK_X86
#include <immintrin.h>
#endif

// What follows in memory is asked for so far ahead, since the text of the next articles comes after look-ups that take long.
enum { AHEAD = 2048 };

#define NONASCII 0x80
#define S4 ' ', ' ', ' ', ' '
#define S16 S4, S4, S4, S4
#define N16 NONASCII, NONASCII, NONASCII, NONASCII, NONASCII, NONASCII, NONASCII, NONASCII, \
            NONASCII, NONASCII, NONASCII, NONASCII, NONASCII, NONASCII, NONASCII, NONASCII
#define LETTERS 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', \
                'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z'

/// What becomes of each byte: a letter, digit or `_`, or a space.
static const uint8_t folding[256] = {
    S16, S16, S16,                                                                                      // 00 ..< 30
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ' ', ' ', S4,                                     // 30 ..< 40
    ' ', LETTERS, S4, '_',                                                                              // 40 ..< 60
    ' ', LETTERS, ' ', ' ', ' ', ' ', ' ',                                                              // 60 ..< 80
    N16, N16, N16, N16, N16, N16, N16, N16,
};

static size_t cut_plain(
    const uint8_t *text, size_t count, uint8_t *folded, uint32_t position, uint32_t *edges, size_t *edge_count, uint8_t *in_word
) {
    size_t edge = *edge_count, i = 0;
    uint8_t was_word = *in_word;
    for (; i < count; i++) {
        uint8_t byte = folding[text[i]];
        if (byte == NONASCII) break;
        folded[i] = byte;
        uint8_t is_word = byte != ' ';
        edges[edge] = position + (uint32_t)i;
        edge += was_word ^ is_word;
        was_word = is_word;
    }
    *edge_count = edge;
    *in_word = was_word;
    return i;
}

#if SK_X86
/// The bits of `word` below the first of `others` and below `count`, and how many there are.
static inline size_t taken(uint64_t others, size_t count) {
    size_t ascii = others ? (size_t)__builtin_ctzll(others) : 64;
    return ascii < count ? ascii : count;
}

/// Where a bit of `word` differs from the one before it, of the first `count`.
static inline uint64_t changes(uint64_t word, uint8_t was_word, size_t count) {
    uint64_t changed = word ^ (word << 1 | was_word);
    return count < 64 ? changed & (((uint64_t)1 << count) - 1) : changed;
}

TARGET_AVX2 static inline uint64_t fold_avx2(__m256i bytes, uint8_t *folded) {
    __m256i lower = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
    __m256i from_a = _mm256_sub_epi8(lower, _mm256_set1_epi8('a'));
    __m256i letter = _mm256_cmpeq_epi8(_mm256_min_epu8(from_a, _mm256_set1_epi8(25)), from_a);
    __m256i from_0 = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
    __m256i other = _mm256_or_si256(
        _mm256_cmpeq_epi8(_mm256_min_epu8(from_0, _mm256_set1_epi8(9)), from_0),
        _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('_')));
    __m256i result = _mm256_blendv_epi8(_mm256_set1_epi8(' '), bytes, other);
    _mm256_storeu_si256((__m256i *)folded, _mm256_blendv_epi8(result, lower, letter));
    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(letter, other));
}

TARGET_AVX2 static size_t cut_avx2(
    const uint8_t *text, size_t count, uint8_t *folded, uint32_t position, uint32_t *edges, size_t *edge_count, uint8_t *in_word
) {
    size_t edge = *edge_count, i = 0;
    uint8_t was_word = *in_word;
    while (i < count) {
        const uint8_t *block = text + i;
        __builtin_prefetch(block + AHEAD);
        uint8_t tail[64];
        if (count - i < 64) {
            memset(tail, 0, 64);
            memcpy(tail, block, count - i);
            block = tail;
        }
        __m256i first = _mm256_loadu_si256((const __m256i *)block), second = _mm256_loadu_si256((const __m256i *)(block + 32));
        uint64_t others = (uint32_t)_mm256_movemask_epi8(first) | (uint64_t)(uint32_t)_mm256_movemask_epi8(second) << 32;
        uint64_t word = fold_avx2(first, folded + i) | fold_avx2(second, folded + i + 32) << 32;
        size_t length = taken(others, count - i);
        uint64_t changed = changes(word, was_word, length);
        size_t found = (size_t)__builtin_popcountll(changed);
        uint32_t base = position + (uint32_t)i;
        // Eight at a time, whether there are so many or not.
        for (size_t done = 0; done < found; done += 8) {
            for (int k = 0; k < 8; k++) {
                edges[edge + done + k] = base + (uint32_t)_tzcnt_u64(changed);
                changed &= changed - 1;
            }
        }
        edge += found;
        i += length;
        if (length > 0) was_word = word >> (length - 1) & 1;
        if (length < 64) break;
    }
    *edge_count = edge;
    *in_word = was_word;
    return i;
}

TARGET_AVX512 static size_t cut_avx512(
    const uint8_t *text, size_t count, uint8_t *folded, uint32_t position, uint32_t *edges, size_t *edge_count, uint8_t *in_word
) {
    static const uint8_t numbers[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i places = _mm512_loadu_si512(numbers);
    size_t edge = *edge_count, i = 0;
    uint8_t was_word = *in_word;
    while (i < count) {
        size_t rest = count - i;
        __builtin_prefetch(text + i + AHEAD);
        __m512i bytes = _mm512_maskz_loadu_epi8(rest < 64 ? ((uint64_t)1 << rest) - 1 : ~(uint64_t)0, text + i);
        __m512i lower = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
        uint64_t letter = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lower, _mm512_set1_epi8('a')), _mm512_set1_epi8(26));
        uint64_t other = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8('0')), _mm512_set1_epi8(10))
                         | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('_'));
        __m512i result = _mm512_mask_blend_epi8(other, _mm512_set1_epi8(' '), bytes);
        _mm512_storeu_si512(folded + i, _mm512_mask_blend_epi8(letter, result, lower));
        uint64_t word = letter | other;
        size_t length = taken(_mm512_movepi8_mask(bytes), rest);
        uint64_t changed = changes(word, was_word, length);
        size_t found = (size_t)__builtin_popcountll(changed);
        __m512i packed = _mm512_maskz_compress_epi8(changed, places);
        __m512i base = _mm512_set1_epi32((int)(position + (uint32_t)i));
        // Half of all blocks have more than 16 edges, too many for a branch; hardly any have more than 32.
        _mm512_storeu_si512(edges + edge, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed))));
        _mm512_storeu_si512(
            edges + edge + 16, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1))));
        if (__builtin_expect(found > 32, 0)) {
            _mm512_storeu_si512(
                edges + edge + 32, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 2))));
            _mm512_storeu_si512(
                edges + edge + 48, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 3))));
        }
        edge += found;
        i += length;
        if (length > 0) was_word = word >> (length - 1) & 1;
        if (length < 64) break;
    }
    *edge_count = edge;
    *in_word = was_word;
    return i;
}
#endif

static int32_t best_set(void) {
#if SK_X86
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2")) {
        return SK_AVX512;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")) return SK_AVX2;
#endif
    return SK_PLAIN;
}

static int32_t known_set = SK_PLAIN;

__attribute__((constructor)) static void find_set(void) { known_set = best_set(); }

int32_t sk_instruction_set(void) { return known_set; }

size_t sk_cut_words(
    int32_t set, const uint8_t *text, size_t count, uint8_t *folded, uint32_t position, uint32_t *edges, size_t *edge_count,
    uint8_t *in_word
) {
#if SK_X86
    if (set == SK_AVX512) return cut_avx512(text, count, folded, position, edges, edge_count, in_word);
    if (set == SK_AVX2) return cut_avx2(text, count, folded, position, edges, edge_count, in_word);
#endif
    (void)set;
    return cut_plain(text, count, folded, position, edges, edge_count, in_word);
}
