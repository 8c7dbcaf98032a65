// N-grams of words as pairs of nodes, and their look-up many at a time.
#include "variants.h"
#include <string.h>

#if SK_X86
#include <immintrin.h>
#endif

// How many look-ups lie between asking for a line and reading it.
enum { AHEAD = 48, PIECE = 512 };

enum { TAGS = 8 };
typedef uint32_t tags __attribute__((ext_vector_type(TAGS)));
typedef _Bool slots __attribute__((ext_vector_type(TAGS)));

/// The slots of the line that have the tag, one bit each, and always the one of the mark.
static ALWAYS_INLINE uint32_t slots_with_tag(const uint32_t *line, uint32_t tag) {
    tags own;
    memcpy(&own, line, sizeof own);
    slots same = __builtin_convertvector(own == (tags)tag, slots);
    uint8_t bits;
    memcpy(&bits, &same, sizeof bits);
    return bits | 1u << SK_PAIR_SLOTS;
}

#define FIND_PARAMETERS                                                                                              \
    const uint32_t *lines, uint32_t line_count, uint32_t bits, const uint32_t *filter, uint32_t filter_shift,        \
        const uint32_t *prefixes, const uint32_t *words, size_t count, uint32_t *nodes, uint32_t *unsure
#define FIND_ARGUMENTS lines, line_count, bits, filter, filter_shift, prefixes, words, count, nodes, unsure

/// Pairs that may be there.
typedef struct {
    size_t count;
    /// Behind them as many more as are asked for ahead are written.
    uint32_t positions[PIECE + AHEAD], places[PIECE + AHEAD], tags[PIECE + AHEAD];
} candidates;

/// Looks up what the filter lets through; nodes are 0.
static ALWAYS_INLINE size_t find_candidates(
    const uint32_t *lines, candidates *found, size_t first, uint32_t *nodes, uint32_t *unsure, size_t unsure_count
) {
    for (size_t i = found->count; i < found->count + AHEAD; i++) found->places[i] = 0;
    for (size_t i = 0; i < AHEAD; i++) __builtin_prefetch(lines + found->places[i]);
    for (size_t i = 0; i < found->count; i++) {
        __builtin_prefetch(lines + found->places[i + AHEAD]);
        const uint32_t *line = lines + found->places[i];
        uint32_t node = line[TAGS + __builtin_ctz(slots_with_tag(line, found->tags[i]))];
        nodes[first + found->positions[i]] = node;
        if (__builtin_expect(node == UINT32_MAX, 0)) unsure[unsure_count++] = (uint32_t)first + found->positions[i];
    }
    return unsure_count;
}

static ALWAYS_INLINE size_t find_pairs_body(FIND_PARAMETERS) {
    candidates found;
    uint32_t places[PIECE], tags[PIECE];
    size_t unsure_count = 0;
    memset(nodes, 0, count * sizeof *nodes);
    for (size_t first = 0; first < count; first += PIECE) {
        size_t piece = count - first < PIECE ? count - first : PIECE;
        for (size_t i = 0; i < piece; i++) {
            uint64_t place = sk_pair_place(prefixes[first + i], words[first + i], bits, line_count);
            places[i] = (uint32_t)(place >> 32) * SK_LINE_WORDS;
            tags[i] = (uint32_t)place;
        }
        found.count = 0;
        for (size_t i = 0; i < piece; i++) {
            found.positions[found.count] = (uint32_t)i;
            found.places[found.count] = places[i];
            found.tags[found.count] = tags[i];
            int is_known = (prefixes[first + i] != 0) & (words[first + i] != 0);
            found.count += (size_t)(is_known & (int)sk_passes(filter[tags[i] >> filter_shift], tags[i]));
        }
        unsure_count = find_candidates(lines, &found, first, nodes, unsure, unsure_count);
    }
    return unsure_count;
}

static size_t find_pairs_plain(FIND_PARAMETERS) { return find_pairs_body(FIND_ARGUMENTS); }

#if SK_X86
TARGET_AVX2 static size_t find_pairs_avx2(FIND_PARAMETERS) { return find_pairs_body(FIND_ARGUMENTS); }

TARGET_AVX512 static size_t find_pairs_avx512(FIND_PARAMETERS) {
    candidates found;
    size_t unsure_count = 0;
    const __m512i one = _mm512_set1_epi32(1), five_bits = _mm512_set1_epi32(31);
    const __m128i shift = _mm_cvtsi32_si128((int)filter_shift);
    memset(nodes, 0, count * sizeof *nodes);
    for (size_t first = 0; first < count; first += PIECE) {
        size_t piece = count - first < PIECE ? count - first : PIECE;
        found.count = 0;
        for (size_t i = 0; i < piece; i += 16) {
            __mmask16 within = piece - i < 16 ? (__mmask16)((1u << (piece - i)) - 1) : 0xFFFF;
            uint32_t places[16], tags[16];
            __m512i prefix = _mm512_maskz_loadu_epi32(within, prefixes + first + i);
            __m512i word = _mm512_maskz_loadu_epi32(within, words + first + i);
            uint32_t own_prefixes[16], own_words[16];
            _mm512_storeu_si512(own_prefixes, prefix);
            _mm512_storeu_si512(own_words, word);
            for (size_t k = 0; k < 16; k++) {
                uint64_t place = sk_pair_place(own_prefixes[k], own_words[k], bits, line_count);
                places[k] = (uint32_t)(place >> 32) * SK_LINE_WORDS;
                tags[k] = (uint32_t)place;
            }
            __m512i tag = _mm512_loadu_si512(tags);
            __m512i bit = _mm512_or_si512(
                _mm512_sllv_epi32(one, _mm512_and_si512(tag, five_bits)),
                _mm512_sllv_epi32(one, _mm512_and_si512(_mm512_srli_epi32(tag, 5), five_bits)));
            __mmask16 known = _mm512_test_epi32_mask(prefix, prefix) & _mm512_test_epi32_mask(word, word);
            __m512i seen = _mm512_mask_i32gather_epi32(bit, known, _mm512_srl_epi32(tag, shift), filter, 4);
            known &= _mm512_cmpeq_epi32_mask(_mm512_and_si512(seen, bit), bit);
            __m512i position = _mm512_add_epi32(
                _mm512_set1_epi32((int)i), _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
            _mm512_storeu_si512(found.positions + found.count, _mm512_maskz_compress_epi32(known, position));
            _mm512_storeu_si512(found.places + found.count, _mm512_maskz_compress_epi32(known, _mm512_loadu_si512(places)));
            _mm512_storeu_si512(found.tags + found.count, _mm512_maskz_compress_epi32(known, tag));
            found.count += (size_t)__builtin_popcount(known);
        }
        unsure_count = find_candidates(lines, &found, first, nodes, unsure, unsure_count);
    }
    return unsure_count;
}
#endif

size_t sk_find_pairs(int32_t set, FIND_PARAMETERS) {
#if SK_X86
    if (set == SK_AVX512) return find_pairs_avx512(FIND_ARGUMENTS);
    if (set == SK_AVX2) return find_pairs_avx2(FIND_ARGUMENTS);
#endif
    (void)set;
    return find_pairs_plain(FIND_ARGUMENTS);
}

size_t sk_place_pairs(
    uint32_t *lines, uint32_t line_count, uint32_t bits, uint32_t *filter, uint32_t filter_shift, const uint64_t *pairs,
    size_t count, uint32_t *rest
) {
    size_t rest_count = 0;
    for (size_t node = 0; node < count; node++) {
        size_t later = node + AHEAD < count ? node + AHEAD : node;
        uint64_t next = sk_pair_place((uint32_t)pairs[later], (uint32_t)(pairs[later] >> 32), bits, line_count);
        __builtin_prefetch(lines + (size_t)(next >> 32) * SK_LINE_WORDS, 1);
        if ((uint32_t)pairs[node] == 0) continue;
        uint64_t place = sk_pair_place((uint32_t)pairs[node], (uint32_t)(pairs[node] >> 32), bits, line_count);
        filter[(uint32_t)place >> filter_shift] |= sk_filter_bits((uint32_t)place);
        uint32_t *line = lines + (size_t)(place >> 32) * SK_LINE_WORDS;
        size_t slot = 0;
        while (slot < SK_PAIR_SLOTS && line[TAGS + slot] != 0) slot++;
        if (slot < SK_PAIR_SLOTS) {
            line[slot] = (uint32_t)place;
            line[TAGS + slot] = (uint32_t)node;
        } else {
            line[TAGS + SK_PAIR_SLOTS] = UINT32_MAX;
            rest[rest_count++] = (uint32_t)node;
        }
    }
    return rest_count;
}

void sk_take_pairs(const uint32_t *lines, uint32_t line_count, uint32_t bits, uint64_t *pairs, size_t count) {
    for (uint32_t line = 0; line < line_count; line++) {
        const uint32_t *tags = lines + (size_t)line * SK_LINE_WORDS, *nodes = tags + TAGS;
        for (size_t slot = 0; slot < SK_PAIR_SLOTS; slot++) {
            if (nodes[slot] != 0 && nodes[slot] < count) pairs[nodes[slot]] = sk_pair_at(line, tags[slot], bits, line_count);
        }
    }
}

VARIANTS(
    void, replace_numbers, (uint32_t *numbers, size_t count, const uint32_t *restrict replacements),
    (numbers, count, replacements)
) {
    for (size_t i = 0; i < count; i++) numbers[i] = replacements[numbers[i]];
}
