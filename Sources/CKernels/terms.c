// Keys of terms, and their look-up many at a time.
#include "include/kernels.h"
#include <math.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static inline uint64_t load(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

// Which bytes of a key belong to a string of so many.
#define B(n) (n >= 8 ? UINT64_MAX : ((uint64_t)1 << 8 * (n & 7)) - 1)
static const uint64_t masks[17][2] = {
    {0, 0}, {B(1), 0}, {B(2), 0}, {B(3), 0}, {B(4), 0}, {B(5), 0}, {B(6), 0}, {B(7), 0}, {B(8), 0},
    {B(8), B(1)}, {B(8), B(2)}, {B(8), B(3)}, {B(8), B(4)}, {B(8), B(5)}, {B(8), B(6)}, {B(8), B(7)}, {B(8), B(8)},
};

uint64_t sk_long_hash(const uint8_t *bytes, size_t count) {
    uint64_t hash = (uint64_t)count * SK_FACTOR_2;
    size_t position = 0;
    for (; count - position >= 8; position += 8) hash = sk_mixed(hash ^ load(bytes + position), SK_FACTOR_1);
    // The last eight bytes, of which some have been taken already; there are more than 16 in all.
    if (position < count) hash = sk_mixed(hash ^ load(bytes + count - 8), SK_FACTOR_2);
    hash = sk_mixed(hash, SK_FACTOR_1);
    return hash + (hash == 0);
}

sk_key sk_string_key(const uint8_t *bytes, size_t count, uint64_t *hash) {
    if (count > 16) {
        *hash = sk_long_hash(bytes, count);
        return (sk_key){*hash, SK_LONG_KEY};
    }
    sk_key key = {load(bytes) & masks[count][0], load(bytes + 8) & masks[count][1]};
    *hash = sk_short_hash(key.low, key.high);
    return key;
}

void sk_word_keys(const uint8_t *bytes, const uint32_t *edges, size_t count, sk_key *keys, uint64_t *hashes) {
    for (size_t i = 0; i < count; i++) {
        const uint8_t *word = bytes + edges[2 * i];
        size_t length = edges[2 * i + 1] - edges[2 * i];
        if (__builtin_expect(length <= 16, 1)) {
            uint64_t low = load(word) & masks[length][0], high = load(word + 8) & masks[length][1];
            keys[i] = (sk_key){low, high};
            hashes[i] = sk_short_hash(low, high);
        } else {
            keys[i] = sk_string_key(word, length, hashes + i);
        }
    }
}

size_t sk_ngram_keys(
    const uint32_t *prefixes, const uint32_t *words, size_t stride, const uint64_t *prefix_hashes, const uint64_t *word_hashes,
    size_t count, sk_key *keys, uint64_t *hashes, uint32_t *positions
) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t prefix = prefixes[i * stride], word = words[i * stride];
        keys[found] = (sk_key){(uint64_t)word << 32 | prefix, SK_NGRAM_KEY};
        hashes[found] = sk_ngram_hash(prefix_hashes[i], word_hashes[i]);
        positions[found] = (uint32_t)i;
        found += (prefix != 0) & (word != 0);
    }
    return found;
}

uint32_t sk_slots_with_tag(const uint32_t *line, uint8_t tag) {
#if defined(__SSE2__)
    __m128i tags = _mm_loadu_si128((const __m128i *)(line + SK_LINE_MARK));
    // The four bytes before the tags are the mark.
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(tags, _mm_set1_epi8((char)tag))) >> 4;
#else
    const uint8_t *tags = (const uint8_t *)(line + SK_LINE_MARK + 1);
    uint32_t slots = 0;
    for (int slot = 0; slot < SK_LINE_SLOTS; slot++) slots |= (uint32_t)(tags[slot] == tag) << slot;
    return slots;
#endif
}

enum { AHEAD = 20 };

void sk_candidates(const uint32_t *lines, uint32_t line_count, const uint64_t *hashes, size_t count, uint32_t *nodes) {
    size_t first = count < AHEAD ? count : AHEAD;
    for (size_t i = 0; i < first; i++) {
        __builtin_prefetch(lines + (size_t)sk_line(hashes[i], line_count) * SK_LINE_WORDS);
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t next = hashes[i + AHEAD < count ? i + AHEAD : i];
        __builtin_prefetch(lines + (size_t)sk_line(next, line_count) * SK_LINE_WORDS);
        const uint32_t *line = lines + (size_t)sk_line(hashes[i], line_count) * SK_LINE_WORDS;
        // Without a slot the mark is taken, which stands behind the last one.
        nodes[i] = line[__builtin_ctz(sk_slots_with_tag(line, sk_tag(hashes[i])) | 1u << SK_LINE_MARK)];
    }
}

size_t sk_confirm(
    const sk_key *known, uint32_t known_count, const sk_key *keys, size_t count, uint32_t *nodes, uint32_t *unsure
) {
    size_t unsure_count = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t next = nodes[i + AHEAD < count ? i + AHEAD : i];
        __builtin_prefetch(known + (next < known_count ? next : 0));
        uint32_t candidate = nodes[i];
        uint32_t node = candidate < known_count ? candidate : 0;
        uint64_t differences = (known[node].low ^ keys[i].low) | (known[node].high ^ keys[i].high);
        nodes[i] = differences == 0 ? node : 0;
        unsure[unsure_count] = (uint32_t)i;
        unsure_count += (differences != 0) & (candidate != 0);
    }
    return unsure_count;
}

size_t sk_add_terms(
    const uint32_t *nodes, size_t rows, size_t stride, size_t skipped, uint32_t node_count, float weight, float *sums,
    uint32_t *list, size_t *list_count
) {
    size_t found = *list_count, known = 0;
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = skipped; i < stride; i++) {
            uint32_t node = nodes[row * stride + i];
            node = node <= node_count ? node : 0;
            float sum = sums[node];
            list[found] = node;
            found += sum == 0;
            known += sum < INFINITY;
            sums[node] = sum + weight;
        }
    }
    *list_count = found;
    return known;
}

void sk_count_terms(
    const uint32_t *nodes, size_t rows, size_t stride, size_t skipped, float weight, int32_t article, sk_term_record *records,
    uint32_t *row_terms, float *row_counts, size_t *row_count
) {
    size_t count = *row_count;
    for (size_t row = 0; row < rows; row++) {
        size_t ahead = row + AHEAD < rows ? row + AHEAD : row;
        for (size_t i = skipped; i < stride; i++) {
            __builtin_prefetch(records + nodes[ahead * stride + i], 1);
            uint32_t node = nodes[row * stride + i];
            if (node == 0) continue;
            sk_term_record *record = records + node;
            int is_new = record->article != article;
            uint32_t place = is_new ? (uint32_t)count : record->place;
            row_terms[place] = node;
            row_counts[place] = (is_new ? 0 : row_counts[place]) + weight;
            *record = (sk_term_record){article, place, record->document_frequency + is_new};
            count += (size_t)is_new;
        }
    }
    *row_count = count;
}
