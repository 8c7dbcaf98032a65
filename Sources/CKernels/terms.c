// Keys of terms, and their look-up many at a time.
#include "variants.h"
#include <string.h>

#if SK_X86
#include <immintrin.h>
#elif defined(__SSE2__)
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
        return (sk_key){*hash, SK_SOUGHT_KEY};
    }
    sk_key key = {load(bytes) & masks[count][0], load(bytes + 8) & masks[count][1]};
    *hash = sk_short_hash(key.low, key.high);
    return key;
}

static ALWAYS_INLINE uint32_t slots_with_tag(const uint32_t *line, uint8_t tag) {
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

uint32_t sk_slots_with_tag(const uint32_t *line, uint8_t tag) { return slots_with_tag(line, tag); }

/// Puts a node into the line if there is a free slot; marks the line otherwise.
static ALWAYS_INLINE int fill_slot(uint32_t *line, uint8_t tag, uint32_t node) {
    uint32_t free = slots_with_tag(line, 0);
    if (__builtin_expect(free == 0, 0)) {
        line[SK_LINE_MARK] = UINT32_MAX;
        return 0;
    }
    int slot = __builtin_ctz(free);
    line[slot] = node;
    ((uint8_t *)(line + SK_LINE_MARK + 1))[slot] = tag;
    return 1;
}

VARIANTS(
    void, word_keys,
    (const uint8_t *bytes, const uint32_t *edges, size_t count, sk_key *keys, uint64_t *hashes),
    (bytes, edges, count, keys, hashes)
) {
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

VARIANTS(
    void, ngram_hashes, (const uint64_t *prefix_hashes, const uint64_t *word_hashes, size_t count, uint64_t *restrict hashes),
    (prefix_hashes, word_hashes, count, hashes)
) {
    for (size_t i = 0; i < count; i++) hashes[i] = sk_ngram_hash(prefix_hashes[i], word_hashes[i]);
}

// How many look-ups lie between asking for a line and reading it, and between asking for a key and comparing it.
enum { AHEAD = 40, PIECE = 512 };

/// The node that the line has for a tag, or else the mark, which stands behind the last slot.
static ALWAYS_INLINE uint32_t candidate_of(const uint32_t *line, uint8_t tag) {
    return line[__builtin_ctz(slots_with_tag(line, tag) | 1u << SK_LINE_MARK)];
}

static ALWAYS_INLINE int is_same(const sk_key *a, const sk_key *b) {
#if defined(__SSE2__)
    __m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)a), _mm_loadu_si128((const __m128i *)b));
    return _mm_movemask_epi8(same) == 0xFFFF;
#else
    return ((a->low ^ b->low) | (a->high ^ b->high)) == 0;
#endif
}

/// Whether nothing has a key of which the node found for its tag is not: no other slot of the line, and no line behind it.
static ALWAYS_INLINE int is_nowhere(const uint32_t *line, uint8_t tag, const sk_key *key) {
    uint32_t slots = slots_with_tag(line, tag);
    return (slots & (slots - 1)) == 0 && line[SK_LINE_MARK] == 0 && key->high != SK_SOUGHT_KEY;
}

VARIANTS(
    size_t, find_terms,
    (const uint32_t *lines, uint32_t line_count, const sk_key *known, uint32_t known_count, const sk_key *keys,
     const uint64_t *hashes, size_t count, uint32_t *nodes, uint32_t *unsure),
    (lines, line_count, known, known_count, keys, hashes, count, nodes, unsure)
) {
    // Behind the last one some are looked up that do not count, so that the loop has one form.
    uint32_t places[PIECE + 2 * AHEAD], found[PIECE + AHEAD];
    uint8_t tags[PIECE + AHEAD];
    size_t unsure_count = 0;
    for (size_t first = 0; first < count; first += PIECE) {
        size_t piece = count - first < PIECE ? count - first : PIECE;
        for (size_t i = 0; i < piece; i++) places[i] = sk_line(hashes[first + i], line_count) * SK_LINE_WORDS;
        for (size_t i = 0; i < piece; i++) tags[i] = sk_tag(hashes[first + i]);
        for (size_t i = piece; i < piece + 2 * AHEAD; i++) places[i] = 0;
        for (size_t i = piece; i < piece + AHEAD; i++) tags[i] = 1;
        for (size_t i = 0; i < AHEAD; i++) __builtin_prefetch(lines + places[i]);
        for (size_t i = 0; i < AHEAD; i++) {
            __builtin_prefetch(lines + places[i + AHEAD]);
            found[i] = candidate_of(lines + places[i], tags[i]);
            // Asking for memory that is not there does no harm.
            __builtin_prefetch(known + found[i]);
        }
        for (size_t i = 0; i < piece; i++) {
            __builtin_prefetch(lines + places[i + 2 * AHEAD]);
            uint32_t next = candidate_of(lines + places[i + AHEAD], tags[i + AHEAD]);
            found[i + AHEAD] = next;
            __builtin_prefetch(known + next);
            uint32_t candidate = found[i], place = __builtin_unpredictable(candidate < known_count) ? candidate : 0;
            uint32_t node = __builtin_unpredictable(is_same(known + place, keys + first + i)) ? place : 0;
            nodes[first + i] = node;
            // Seldom: a term with the tag of another one, or a line that was full.
            if (__builtin_expect(node != candidate, 0)) {
                if (!is_nowhere(lines + places[i], tags[i], keys + first + i)) unsure[unsure_count++] = (uint32_t)(first + i);
            }
        }
    }
    return unsure_count;
}

void sk_place_terms(uint32_t *lines, uint32_t line_count, const uint64_t *hashes, size_t first, size_t end) {
    for (size_t node = first; node < end; node++) {
        size_t later = node + AHEAD < end ? node + AHEAD : node;
        __builtin_prefetch(lines + (size_t)sk_line(hashes[later], line_count) * SK_LINE_WORDS, 1);
        uint32_t line = sk_line(hashes[node], line_count);
        while (!fill_slot(lines + (size_t)line * SK_LINE_WORDS, sk_tag(hashes[node]), (uint32_t)node)) {
            line = line + 1 == line_count ? 0 : line + 1;
        }
    }
}

size_t sk_insert_terms(
    uint32_t *lines, uint32_t line_count, const sk_key *known, uint32_t known_count, const sk_key *keys, const uint64_t *hashes,
    size_t first, size_t count, uint32_t *nodes, uint32_t *added, size_t *added_count
) {
    size_t new_count = 0, i = first;
    for (; i < count; i++) {
        if (nodes[i] != 0 || keys[i].low == 0) continue;
        if (__builtin_expect(keys[i].high >> 56 == SK_LONG_KEY >> 56, 0)) break;
        uint8_t tag = sk_tag(hashes[i]);
        uint32_t place = sk_line(hashes[i], line_count), node = 0;
        while (node == 0) {
            uint32_t *line = lines + (size_t)place * SK_LINE_WORDS;
            for (uint32_t slots = slots_with_tag(line, tag); slots != 0 && node == 0; slots &= slots - 1) {
                uint32_t candidate = line[__builtin_ctz(slots)];
                size_t is_new = candidate >= known_count;
                if (is_new && candidate - known_count >= new_count) continue;
                const sk_key *key = is_new ? keys + added[candidate - known_count] : known + candidate;
                if (key->low == keys[i].low && key->high == keys[i].high) node = candidate;
            }
            // A line with a free slot is the last one that the term could be in.
            if (node == 0 && fill_slot(line, tag, known_count + (uint32_t)new_count)) {
                node = known_count + (uint32_t)new_count;
                added[new_count++] = (uint32_t)i;
            }
            place = place + 1 == line_count ? 0 : place + 1;
        }
        nodes[i] = node;
    }
    *added_count = new_count;
    return i;
}
