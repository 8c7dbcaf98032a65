// Counting terms while a vocabulary is fitted: strings one after another, n-grams of words by shards of their hashes.
#include "variants.h"

#if SK_X86
#include <immintrin.h>
#endif

/// The two parts of an n-gram as one number, which is 0 where one of them is none.
static ALWAYS_INLINE uint64_t parts(uint32_t prefix, uint32_t word) {
    uint64_t first = prefix & ~SK_REPEATED, last = word & ~SK_REPEATED;
    return first != 0 && last != 0 ? last << 32 | first : 0;
}

static ALWAYS_INLINE uint64_t parts_hash(uint64_t parts) { return sk_mixed(parts ^ SK_FACTOR_1, SK_FACTOR_2); }

/// The shard, from the upper half of a hash; slots are from the lower one.
static ALWAYS_INLINE uint32_t shard(uint64_t hash, uint32_t shard_count) {
    return (uint32_t)((hash >> 32) * shard_count >> 32);
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
    for (size_t i = 0; i < count; i++) {
        uint64_t key = parts(prefixes[i], words[i]);
        counts[shard(parts_hash(key), shard_count)] += key != 0;
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
    uint32_t article = 0;
    sk_occurrence other;
    for (size_t i = 0; i < count; i++) {
        uint64_t key = parts(prefixes[i], words[i]);
        uint32_t position = first_position + (uint32_t)i;
        while (position >= article_ends[article]) article++;
        uint32_t own_shard = shard(parts_hash(key), shard_count);
        // Without a branch, which nothing foretells: what belongs to other shards is written to where nobody reads it.
        uint32_t is_own = (uint32_t)(key != 0) & (uint32_t)(own_shard - first_shard < end_shard - first_shard);
        uint32_t place = places[own_shard] - first_place;
        places[own_shard] += is_own;
        sk_occurrence *to = __builtin_unpredictable(is_own) ? occurrences + place : &other;
        *to = (sk_occurrence){key, position, first_article + article + 1};
    }
}

size_t sk_count_shard(
    sk_occurrence *occurrences, size_t count, int32_t minimum_frequency, uint32_t favoured_end, sk_ngram_slot *slots,
    uint32_t slot_count, sk_ngram *ngrams
) {
    uint32_t mask = slot_count - 1;
    size_t found = 0, kept = 0;
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

size_t sk_nonzero(const uint32_t *numbers, size_t count, uint32_t *result) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        result[found] = numbers[i];
        found += numbers[i] != 0;
    }
    return found;
}

VARIANTS(size_t, count_new, (const uint32_t *terms, size_t count), (terms, count)) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += terms[i] >> 31 == 0;
    return found;
}

static ALWAYS_INLINE size_t keep_numbers_body(const uint32_t *terms, size_t count, const uint32_t *numbers, uint32_t *result) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t number = numbers[terms[i] & ~SK_REPEATED];
        result[found] = number | (terms[i] & SK_REPEATED);
        found += number != 0;
    }
    return found;
}

#if SK_X86
TARGET_AVX512 static size_t keep_numbers_avx512(const uint32_t *terms, size_t count, const uint32_t *numbers, uint32_t *result) {
    size_t found = 0;
    const __m512i repeated = _mm512_set1_epi32((int)SK_REPEATED);
    for (size_t i = 0; i < count; i += 16) {
        __mmask16 within = count - i < 16 ? (__mmask16)((1u << (count - i)) - 1) : 0xFFFF;
        __m512i some = _mm512_maskz_loadu_epi32(within, terms + i);
        __m512i number = _mm512_i32gather_epi32(_mm512_andnot_si512(repeated, some), numbers, 4);
        __mmask16 kept = _mm512_mask_test_epi32_mask(within, number, number);
        number = _mm512_or_si512(number, _mm512_and_si512(some, repeated));
        _mm512_mask_compressstoreu_epi32(result + found, kept, number);
        found += (size_t)__builtin_popcount(kept);
    }
    return found;
}
#endif

size_t sk_keep_numbers(int32_t set, const uint32_t *terms, size_t count, const uint32_t *numbers, uint32_t *result) {
#if SK_X86
    if (set == SK_AVX512) return keep_numbers_avx512(terms, count, numbers, result);
#endif
    (void)set;
    return keep_numbers_body(terms, count, numbers, result);
}

size_t sk_count_terms(
    const uint32_t *terms, size_t count, float weight, const double *factors, uint32_t *places, uint32_t *row_terms,
    float *row_counts, size_t row_count
) {
    for (size_t i = 0; i < count; i++) {
        uint32_t term = terms[i] & ~SK_REPEATED, is_repeated = terms[i] >> 31;
        size_t place = is_repeated ? places[term] : row_count;
        // Asking for memory that is not there does no harm.
        __builtin_prefetch(factors + term - 1);
        row_terms[place] = term;
        row_counts[place] = (is_repeated ? row_counts[place] : 0) + weight;
        places[term] = (uint32_t)place;
        row_count += !is_repeated;
    }
    return row_count;
}
