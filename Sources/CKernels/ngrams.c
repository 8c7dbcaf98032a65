// Counting terms while a vocabulary is fitted: strings one after another, n-grams of words by shards of their hashes.
#include "variants.h"
#include <string.h>

#if SK_X86
#include <immintrin.h>
#endif

static ALWAYS_INLINE uint64_t parts_hash(uint64_t parts) { return sk_mixed(parts ^ SK_FACTOR_1, SK_FACTOR_2); }

/// So many positions are looked at together.
enum { BLOCK = 512 };

/// The shards of the n-grams at some positions, UINT32_MAX where a part is none. Their hashes are of 32 bits, of which several are computed at once.
static ALWAYS_INLINE void find_shards(
    const uint32_t *prefixes, const uint32_t *words, size_t count, uint32_t shard_count, uint32_t *restrict shards
) {
    for (size_t i = 0; i < count; i++) {
        uint32_t prefix = prefixes[i] & ~SK_REPEATED, word = words[i] & ~SK_REPEATED;
        uint32_t hash = prefix * (uint32_t)SK_FACTOR_1 + word * (uint32_t)SK_FACTOR_2;
        hash = (hash ^ hash >> 16) * (uint32_t)SK_FACTOR_1;
        uint32_t shard = (uint32_t)((uint64_t)(hash ^ hash >> 15) * shard_count >> 32);
        shards[i] = prefix != 0 && word != 0 ? shard : UINT32_MAX;
    }
}

/// The number of a term, with its mark unless it has none.
static ALWAYS_INLINE uint32_t marked_number(const uint32_t *numbers, uint32_t term) {
    uint32_t number = numbers[term & ~SK_REPEATED];
    return number | (number != 0 ? term & SK_REPEATED : 0);
}

void sk_note_terms(const uint32_t *nodes, size_t count, int32_t article, sk_term_record *records, uint32_t *terms) {
    for (size_t i = 0; i < count; i++) {
        sk_term_record *record = records + nodes[i];
        uint32_t is_repeated = record->article == article;
        *record = (sk_term_record){article, record->document_frequency + 1 - (int32_t)is_repeated};
        terms[i] = nodes[i] | is_repeated << 31;
    }
}

VARIANTS(
    void, number_terms, (const uint32_t *terms, size_t count, const uint32_t *numbers, uint32_t *result),
    (terms, count, numbers, result)
) {
    for (size_t i = 0; i < count; i++) result[i] = marked_number(numbers, terms[i]);
}

VARIANTS(
    void, renumber_terms, (uint32_t *restrict terms, size_t count, const uint32_t *restrict numbers), (terms, count, numbers)
) {
    for (size_t i = 0; i < count; i++) terms[i] = marked_number(numbers, terms[i]);
}

VARIANTS(
    void, count_shards,
    (const uint32_t *prefixes, const uint32_t *words, size_t count, uint32_t shard_count, uint32_t *counts),
    (prefixes, words, count, shard_count, counts)
) {
    uint32_t shards[BLOCK];
    for (size_t first = 0; first < count; first += BLOCK) {
        size_t block = count - first < BLOCK ? count - first : BLOCK;
        find_shards(prefixes + first, words + first, block, shard_count, shards);
        for (size_t i = 0; i < block; i++) {
            uint32_t is_there = shards[i] != UINT32_MAX;
            counts[is_there ? shards[i] : 0] += is_there;
        }
    }
}

VARIANTS(
    void, divide_ngrams,
    (const uint32_t *prefixes, const uint32_t *words, size_t count, uint32_t first_position, const uint32_t *article_ends,
     uint32_t first_article, uint32_t shard_count, uint32_t first_shard, uint32_t end_shard, uint32_t first_place,
     uint32_t *places, sk_occurrence *occurrences),
    (prefixes, words, count, first_position, article_ends, first_article, shard_count, first_shard, end_shard, first_place,
     places, occurrences)
) {
    uint32_t article = 0, shards[BLOCK], own[BLOCK];
    for (size_t first = 0; first < count; first += BLOCK) {
        size_t block = count - first < BLOCK ? count - first : BLOCK, own_count = 0;
        find_shards(prefixes + first, words + first, block, shard_count, shards);
        for (size_t i = 0; i < block; i++) {
            own[own_count] = (uint32_t)i;
            own_count += shards[i] - first_shard < end_shard - first_shard;
        }
        for (size_t k = 0; k < own_count; k++) {
            size_t i = first + own[k];
            uint32_t position = first_position + (uint32_t)i;
            while (position >= article_ends[article]) article++;
            uint64_t prefix = prefixes[i] & ~SK_REPEATED, word = words[i] & ~SK_REPEATED;
            sk_occurrence *to = occurrences + (places[shards[own[k]]]++ - first_place);
            // The next line of the shard, which is written some thousand n-grams later; asking for memory that is not there does no harm.
            __builtin_prefetch((const char *)to + 64, 1);
            *to = (sk_occurrence){word << 32 | prefix, position, first_article + article + 1};
        }
    }
}

size_t sk_count_shard(
    sk_occurrence *occurrences, size_t count, int32_t minimum_frequency, uint32_t favoured_end, sk_ngram_slot *slots,
    uint32_t slot_count, sk_ngram *ngrams
) {
    uint32_t mask = slot_count - 1;
    size_t found = 0, kept = 0;
    memset(slots, 0, slot_count * sizeof *slots);
    for (size_t i = 0; i < count; i++) {
        uint64_t key = occurrences[i].parts;
        uint32_t place = (uint32_t)parts_hash(key) & mask;
        while (slots[place].parts != key && slots[place].parts != 0) place = (place + 1) & mask;
        sk_ngram_slot *slot = slots + place;
        // The last one that is written is not counted unless it is new.
        ngrams[found] = (sk_ngram){place, occurrences[i].position, 0};
        found += slot->parts == 0;
        uint32_t is_repeated = slot->article == occurrences[i].article;
        *slot = (sk_ngram_slot){key, occurrences[i].article, slot->document_frequency + 1 - (int32_t)is_repeated};
        occurrences[i].parts = place;
        occurrences[i].article = is_repeated << 31;
    }
    // What was the last article of an n-gram becomes its number.
    for (size_t i = 0; i < found; i++) {
        sk_ngram_slot *slot = slots + ngrams[i].parts;
        uint32_t first = ngrams[i].first_position;
        int is_kept = slot->document_frequency >= minimum_frequency || first < favoured_end;
        ngrams[kept] = (sk_ngram){slot->parts, first, slot->document_frequency};
        kept += (size_t)is_kept;
        slot->article = is_kept ? (uint32_t)kept : 0;
    }
    for (size_t i = 0; i < count; i++) occurrences[i].article |= slots[occurrences[i].parts].article;
    return kept;
}

void sk_place_ngrams(const sk_occurrence *occurrences, size_t count, uint32_t base, uint32_t first_position, uint32_t *terms) {
    for (size_t i = 0; i < count; i++) terms[occurrences[i].position - first_position] = base + occurrences[i].article;
}

void sk_number_ngrams(
    const sk_ngram *ngrams, const uint32_t *order, size_t count, uint32_t first_number, uint64_t *parts,
    int32_t *document_frequencies, uint32_t *numbers
) {
    enum { AHEAD = 32 };
    for (size_t i = 0; i < count; i++) {
        uint32_t place = order[i], later = order[i + AHEAD < count ? i + AHEAD : i];
        __builtin_prefetch(ngrams + later);
        __builtin_prefetch(numbers + later, 1);
        parts[i] = ngrams[place].parts;
        document_frequencies[i] = ngrams[place].document_frequency;
        numbers[place] = first_number + (uint32_t)i;
    }
}

size_t sk_nonzero(const uint32_t *numbers, size_t count, uint32_t *result) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        result[found] = numbers[i];
        found += numbers[i] != 0;
    }
    return found;
}

VARIANTS(
    void, take_numbers,
    (uint32_t *restrict terms, uint32_t first_position, const uint32_t *article_ends, size_t article_count,
     const uint32_t *restrict numbers, uint32_t *new_counts),
    (terms, first_position, article_ends, article_count, numbers, new_counts)
) {
    size_t i = 0;
    for (size_t article = 0; article < article_count; article++) {
        size_t end = article_ends[article] - first_position;
        uint32_t new_count = 0;
        for (; i < end; i++) {
            uint32_t number = numbers[terms[i] & ~SK_REPEATED];
            new_count += (uint32_t)(number != 0) & ~terms[i] >> 31;
            terms[i] = number;
        }
        new_counts[article] = new_count;
    }
}