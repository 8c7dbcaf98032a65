// The inner loops: scanning bytes, cutting ASCII into words, looking terms up in a hash table many at a time, weighing and scoring them.
//
// Every function that exists for several instruction sets takes the set as its first argument, so that tests can compare
// them; `sk_instruction_set()` is the best one of this machine. All numbers are little-endian in memory. None of the functions
// allocates.
#ifndef SECTORKIT_KERNELS_H
#define SECTORKIT_KERNELS_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Sets of instructions, each of which includes those before it.
enum {
    SK_PLAIN = 0,  ///< C that every machine can run
    SK_AVX2 = 1,
    SK_AVX512 = 2, ///< with BW, VL and VBMI2
};

/// The best set that this machine has. O(1).
int32_t sk_instruction_set(void);

/// How many of the bytes are ASCII before the first other one.
size_t sk_ascii_count(int32_t set, const uint8_t *bytes, size_t count);

/// Writes where a byte occurs, with the base added, and returns how often that is. `places` has room for `count`.
size_t sk_find_all(int32_t set, const uint8_t *bytes, size_t count, uint8_t byte, ptrdiff_t base, ptrdiff_t *places);

/// How many bytes behind those it has written `sk_decode_string` may overwrite.
enum { SK_DECODE_SLACK = 32 };

/// Writes what the characters of a JSON string stand for, up to the first quotation mark, control character, or escape that is wrong or
/// of the form \u; returns where that is, or `count`. `readable` bytes, `count` or more, may be read.
///
/// No more is written than was read.
/// @param written how many bytes that gave.
size_t sk_decode_string(
    int32_t set, const uint8_t *source, size_t count, size_t readable, uint8_t *target, size_t *written);

/// How many bytes may be read behind pieces, and written behind what is put.
enum { SK_PIECE_SLACK = 32 };

/// Puts the pieces of the labels that are given one behind the other, and returns how many bytes they are. Piece k ends at `ends[k]`, where the
/// next one begins; each begins with a separator of so many bytes, which the first that is put goes without.
size_t sk_put_given(
    const uint8_t *given, size_t count, const uint8_t *pieces, const uint32_t *ends, size_t separator, uint8_t *target);

/// Puts numbers within 0...1 as decimals, each behind its piece, and returns how many bytes that is, up to ten a number beside the pieces; `SIZE_MAX` where a
/// number is not within 0...1.
///
/// As many decimals as the power of ten, 10^8 at most, has zeros: the nearest to the number's exact value, ties to the even digit,
/// without zeros at the end, but one at least.
size_t sk_put_shares(
    int32_t set, const double *numbers, size_t count, uint32_t power, const uint8_t *pieces, const uint32_t *ends,
    uint8_t *target);

/// Replaces rows of scores by the soft-max of `scale` times them. What is not a number counts as the lowest there is, infinite scores as very large ones.
void sk_softmax(int32_t set, double *scores, size_t row_count, size_t label_count, double scale);

/// Replaces scores by the logistic function of `scale` times them, with the same exceptions.
void sk_logistic(int32_t set, double *scores, size_t count, double scale);

/// How many bytes behind those it has written, and entries behind the last edge, `sk_cut_words` may overwrite.
enum { SK_CUT_SLACK = 64 };

/// Cuts ASCII into words: letters, digits and `_`; everything else separates.
///
/// Takes the bytes of `text` up to the first that is not ASCII and returns how many those are. Writes as many to `folded`:
/// letters in lower case, a space for every separator. Where a word begins, and where one ends, `position` plus its place is
/// appended to `edges`.
/// @param edge_count the number of edges, which is increased.
/// @param in_word whether a word has begun before the text, and afterwards whether one has not ended.
size_t sk_cut_words(
    int32_t set, const uint8_t *text, size_t count, uint8_t *folded, uint32_t position, uint32_t *edges, size_t *edge_count,
    uint8_t *in_word);

/// 16 bytes that tell a string from all others of a vocabulary.
///
/// Of one of up to 16 bytes they are the string, with zeros behind it. Of a longer one: its hash, and `SK_LONG_KEY` with its number
/// among the long strings (`SK_SOUGHT_KEY` while it is looked for, which no known one has). Strings are UTF-8, in which the highest byte of
/// the mark does not occur, and hold no NUL. In files of format 1 n-grams of words have keys as well: the nodes of their first n - 1 words (low
/// half) and of their last one, and `SK_NGRAM_KEY`.
typedef struct {
    uint64_t low, high;
} sk_key;

static const uint64_t SK_LONG_KEY = 0xFF00000000000000;
static const uint64_t SK_SOUGHT_KEY = 0xFFFFFFFFFFFFFFFF;
static const uint64_t SK_NGRAM_KEY = 0xFE00000000000000;

static const uint64_t SK_FACTOR_1 = 0xA0761D6478BD642F;
static const uint64_t SK_FACTOR_2 = 0xE7037ED1A0B428DB;

/// Both halves of the product, folded into one (as in wyhash).
static inline uint64_t sk_mixed(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/// The hash of a string of up to 16 bytes, given as its key.
static inline uint64_t sk_short_hash(uint64_t low, uint64_t high) { return sk_mixed(low ^ SK_FACTOR_1, high ^ SK_FACTOR_2); }

/// The hash of an n-gram of words, from those of its first n - 1 words and of its last one, where it is hashed instead of looked up.
///
/// Both are hashes already, so one multiplication is enough, and several n-grams are hashed at once.
static inline uint64_t sk_ngram_hash(uint64_t prefix, uint64_t word) { return prefix * SK_FACTOR_1 + word; }

/// The hash of a string of more than 16 bytes, which is not 0.
uint64_t sk_long_hash(const uint8_t *bytes, size_t count);

/// The key of a string, and its hash. 16 bytes must be readable, however short it is.
sk_key sk_string_key(const uint8_t *bytes, size_t count, uint64_t *hash);

/// Keys and hashes of the words `bytes[edges[2 i]] ..< bytes[edges[2 i + 1]]`; both are 0 for an empty word.
/// 16 bytes must be readable from the beginning of every word.
void sk_word_keys(
    int32_t set, const uint8_t *bytes, const uint32_t *edges, size_t count, sk_key *keys, uint64_t *hashes);

/// Hashes of n-grams of words, from those of their first n - 1 words and of their last one.
void sk_ngram_hashes(
    int32_t set, const uint64_t *prefix_hashes, const uint64_t *word_hashes, size_t count, uint64_t *hashes);

// The table: lines of 64 bytes, each of 12 nodes of 4 bytes, a mark of 4 bytes that is not 0 when terms of the line had to be put
// into the next ones, and 12 tags of one byte. Slots are filled from the first; an empty one has node and tag 0.
enum { SK_LINE_WORDS = 16, SK_LINE_SLOTS = 12, SK_LINE_MARK = 12 };

/// The line at which the search for a hash begins.
static inline uint32_t sk_line(uint64_t hash, uint32_t line_count) { return (uint32_t)(((hash >> 32) * line_count) >> 32); }

/// The tag of a hash, which is not 0.
static inline uint8_t sk_tag(uint64_t hash) { return (uint8_t)hash + ((uint8_t)hash == 0); }

/// The node of each key, or 0.
///
/// Returns the number of those that have to be looked for slowly, since another term was found in the line of the hash, or the line
/// was full; `unsure` gets their positions. `known` has the key of each node; `known[0]` must be all zeros.
size_t sk_find_terms(
    int32_t set, const uint32_t *lines, uint32_t line_count, const sk_key *known, uint32_t known_count, const sk_key *keys,
    const uint64_t *hashes, size_t count, uint32_t *nodes, uint32_t *unsure);

/// The slots of a line, one bit each, that have a tag.
uint32_t sk_slots_with_tag(const uint32_t *line, uint8_t tag);

/// Puts the nodes `first ..< end` into the first free slots on from the lines of their hashes, which are `hashes[first ..< end]`.
/// There must be free slots for all of them.
void sk_place_terms(uint32_t *lines, uint32_t line_count, const uint64_t *hashes, size_t first, size_t end);

/// Takes up those of the keys `first ..< count` that have no node yet, in their order: each gets the node of an equal key, or the next
/// one from `known_count` on, and `added` gets the positions of those keys that got a new one.
///
/// Stops before the first long string without a node, and returns where. There must be free slots for all keys.
size_t sk_insert_terms(
    uint32_t *lines, uint32_t line_count, const sk_key *known, uint32_t known_count, const sk_key *keys, const uint64_t *hashes,
    size_t first, size_t count, uint32_t *nodes, uint32_t *added, size_t *added_count);

// N-grams of words are pairs of nodes, those of their first n - 1 words and of their last one, and have a table of their own: lines of
// 64 bytes, each of seven tags of 4 bytes and a 0, then of seven nodes, then of a mark, which is UINT32_MAX where a pair of the line had no
// room, and 0 elsewhere. Slots are filled from the first; an empty one has tag and node 0. Tag and line tell a pair from all others, so
// nothing else is compared (quotienting: Knuth, The Art of Computer Programming 3, 6.4, exercise 13).
enum { SK_PAIR_SLOTS = 7 };

/// The line of a pair (upper half) and its tag (lower half).
///
/// The pair is a number of 2 `bits` bits, which are mixed so that no two numbers become the same; the upper 32 are the tag, and what is
/// left is how far the line lies behind the one that the tag alone gives, in a circle. Nodes are below 2^`bits`; 16 <= `bits` <= 29;
/// there are 2^(2 `bits` - 32) lines at least.
static inline uint64_t sk_pair_place(uint32_t prefix, uint32_t word, uint32_t bits, uint32_t line_count) {
    uint64_t all = ((uint64_t)1 << 2 * bits) - 1;
    uint64_t number = ((uint64_t)word << bits | prefix) * SK_FACTOR_1 & all;
    number = (number ^ number >> bits) * SK_FACTOR_2 & all;
    uint64_t tag = number >> (2 * bits - 32), distance = number & (((uint64_t)1 << (2 * bits - 32)) - 1);
    uint64_t line = (tag * line_count >> 32) + distance;
    return (line < line_count ? line : line - line_count) << 32 | tag;
}

/// The pair (prefix in the lower half) that has a tag in a line, or 0 if none has it there: the inverse of `sk_pair_place`.
static inline uint64_t sk_pair_at(uint32_t line, uint32_t tag, uint32_t bits, uint32_t line_count) {
    // Of the factors modulo 2^64.
    const uint64_t inverse_1 = 0x939C72E4AF1E62CF, inverse_2 = 0x2E1B9953F3B39353;
    uint64_t all = ((uint64_t)1 << 2 * bits) - 1;
    uint64_t first = (uint64_t)tag * line_count >> 32, distance = line >= first ? line - first : line + (uint64_t)line_count - first;
    if (distance >> (2 * bits - 32) != 0) return 0;
    uint64_t number = ((uint64_t)tag << (2 * bits - 32) | distance) * inverse_2 & all;
    number = (number ^ number >> bits) * inverse_1 & all;
    return number >> bits << 32 | (number & (((uint64_t)1 << bits) - 1));
}

// Before its line is read, a pair has to pass a filter, which is small enough for the second cache: two bits of one word of it, which its tag
// chooses, must be set (Putze, Sanders & Singler 2009). Most pairs that are not there do not pass. The word is the one that the upper 32 -
// `filter_shift` bits of the tag give; the filter has 2^(32 - `filter_shift`) words, and the shift is 1 ... 31.

/// The bits of a tag in its word of the filter.
static inline uint32_t sk_filter_bits(uint32_t tag) { return (uint32_t)1 << (tag & 31) | (uint32_t)1 << (tag >> 5 & 31); }

/// Whether the bits of a tag are set.
static inline uint32_t sk_passes(uint32_t word, uint32_t tag) { return word >> (tag & 31) & word >> (tag >> 5 & 31) & 1; }

/// The node of each pair, 0 where there is none or a part is 0, or UINT32_MAX where the line was full.
///
/// Returns the number of the last ones; `unsure` gets their positions.
size_t sk_find_pairs(
    int32_t set, const uint32_t *lines, uint32_t line_count, uint32_t bits, const uint32_t *filter, uint32_t filter_shift,
    const uint32_t *prefixes, const uint32_t *words, size_t count, uint32_t *nodes, uint32_t *unsure);

/// Puts the nodes 0 ..< count whose pairs (first part in the lower half) have a first part into the lines and the filter, which were all 0;
/// returns for how many there was no room. `rest` gets these.
size_t sk_place_pairs(
    uint32_t *lines, uint32_t line_count, uint32_t bits, uint32_t *filter, uint32_t filter_shift, const uint64_t *pairs,
    size_t count, uint32_t *rest);

/// Sets the pairs of the nodes below `count` that stand in the lines.
void sk_take_pairs(const uint32_t *lines, uint32_t line_count, uint32_t bits, uint64_t *pairs, size_t count);

/// Replaces each number n by `replacements[n]`.
void sk_replace_numbers(int32_t set, uint32_t *numbers, size_t count, const uint32_t *replacements);

/// How many entries behind the last one that counts `sk_keep_terms` may overwrite and `sk_fill_rows` may read.
enum { SK_KEEP_SLACK = 32 };

/// Copies those nodes that are within 1 ... node_count; returns how many they are.
size_t sk_keep_terms(int32_t set, const uint32_t *nodes, size_t count, uint32_t node_count, uint32_t *kept);

/// How many counts have their frequency in a table.
enum { SK_FREQUENCIES = 64 };

/// A factor for each term: that of term t is `values[codes[t - 1] & mask]`.
typedef struct {
    const uint16_t *codes;
    const float *values;
    uint32_t mask; ///< a power of two less one; there is one value more at least
} sk_factors;

/// The columns and values of terms: `first_column` + term - 1, and the frequency of the count times the factor of the term. Terms are 1 or
/// more. The frequencies of the counts 0, 1, … below `SK_FREQUENCIES` come from the table; that of another count c is 1 + ln c where counts
/// are sublinear and c > 1, or else c. Returns the sum of the squares of the values. Columns may take the place of the terms.
double sk_weigh_terms(
    int32_t set, const uint32_t *terms, const float *counts, size_t count, const double *frequencies, int32_t is_sublinear,
    sk_factors factors, int32_t first_column, int32_t *columns, double *values);

/// Multiplies values by a factor, and rounds the products to single precision.
void sk_scale(int32_t set, double factor, const double *values, size_t count, float *scaled);

/// What the values of a row are divided by: nothing, the sum of their sizes, or the root of the sum of their squares.
enum { SK_NO_NORM = 0, SK_L1 = 1, SK_L2 = 2 };

/// From counts of terms to the values of a row: as in `sk_weigh_terms`, then normalised and multiplied by the weight.
typedef struct {
    double weight;
    int32_t is_sublinear;
    int32_t normalization;
    int32_t first_column;
} sk_weighting;

/// The known terms of a field of an article, which follow those of the field before.
typedef struct {
    size_t end;   ///< behind its known terms
    size_t seen;  ///< how many terms it has, known or not
    float weight; ///< what an occurrence counts, which is above 0
} sk_field;

/// A term of an article, and how often it has occurred; in its place, when all are counted, the value of a term before it is normalised.
typedef union {
    struct {
        uint32_t term;
        float count;
    };
    double value;
} sk_counted;

/// Writes the rows of articles behind each other, from the element `filled` on, and returns where the last one ends. The elements of a row are in
/// the order in which their terms occur for the first time.
///
/// Terms are 1 or more. Those of the first article begin at `first_term`, and its fields at `first_field`; the fields of each article end at
/// `article_ends`. The factors of later terms are asked for, and need not be valid.
/// @param slots a power of two of them, zeros at first, in which terms are found again: more than an article has known terms, a third more at least.
/// @param slot_base what tells articles apart in the slots: 1 at first.
/// @param entries these have room for the known terms of an article and one more.
/// @param columns these and `values` have room for all known terms of the articles.
/// @param row_ends the end of each row.
/// @param shares the share of the terms of each article that is known, 0 where there are none.
size_t sk_fill_rows(
    int32_t set, const sk_weighting *weighting, const double *frequencies, sk_factors factors, const uint32_t *terms,
    size_t first_term, const sk_field *fields, size_t first_field, const size_t *article_ends, size_t article_count,
    uint32_t *slots, size_t slot_count, uint32_t *slot_base, sk_counted *entries, size_t filled, int32_t *columns, float *values,
    ptrdiff_t *row_ends, float *shares);

/// What counting knows of a string: the article in which it was seen last, and in how many articles it was.
typedef struct {
    int32_t article;
    int32_t document_frequency;
} sk_term_record;

/// The bit of a term in a sequence that says that the same term stands further to the front in the same article; 0 is no term.
static const uint32_t SK_REPEATED = 0x80000000;

/// Counts the nodes of a field of an article, and writes them as terms, with the bit of those that are repeated.
void sk_note_terms(const uint32_t *nodes, size_t count, int32_t article, sk_term_record *records, uint32_t *terms);

/// The numbers of terms, of which some are 0, with the bit of those that are repeated.
void sk_number_terms(int32_t set, const uint32_t *terms, size_t count, const uint32_t *numbers, uint32_t *result);

/// The same, in the place of the terms.
void sk_renumber_terms(int32_t set, uint32_t *terms, size_t count, const uint32_t *numbers);

/// An n-gram in an article, whose number is above 0: the numbers of its first n - 1 words (low half) and of its last one, and where in
/// the sequence of all articles it begins.
typedef struct {
    uint64_t parts;
    uint32_t position;
    uint32_t article;
} sk_occurrence;

/// A slot of the hash table of a shard; an empty one is all zeros.
typedef struct {
    uint64_t parts;
    uint32_t article;
    int32_t document_frequency;
} sk_ngram_slot;

/// An n-gram that was counted.
typedef struct {
    uint64_t parts;
    uint32_t first_position;
    int32_t document_frequency;
} sk_ngram;

/// Adds to `counts` how many n-grams belong to each shard. Both parts of an n-gram are terms of a sequence; where one is 0 there is none.
void sk_count_shards(
    int32_t set, const uint32_t *prefixes, const uint32_t *words, size_t count, uint32_t shard_count, uint32_t *counts);

/// Writes the n-grams of the shards from `first_shard` to before `end_shard` to the places of their shards, less `first_place`; the places
/// increase. The articles from `first_article` on end before the positions `article_ends`.
void sk_divide_ngrams(
    int32_t set, const uint32_t *prefixes, const uint32_t *words, size_t count, uint32_t first_position,
    const uint32_t *article_ends, uint32_t first_article, uint32_t shard_count, uint32_t first_shard, uint32_t end_shard,
    uint32_t first_place, uint32_t *places, sk_occurrence *occurrences);

/// Counts the n-grams of a shard, which are ordered by position. Those are kept that occur in so many articles, or before the position
/// `favoured_end`: they are written to `ngrams`, in the order of their first occurrences, and their number is returned.
///
/// The article of each occurrence is replaced by the place of its n-gram among them, from 1, or 0, and the bit of those that are
/// repeated. The slots are a power of two, and more than there are occurrences; what they hold is overwritten. `ngrams` has room for all
/// occurrences and one more.
size_t sk_count_shard(
    sk_occurrence *occurrences, size_t count, int32_t minimum_frequency, uint32_t favoured_end, sk_ngram_slot *slots,
    uint32_t slot_count, sk_ngram *ngrams);

/// Writes n-grams that were counted to their positions in a sequence, which begins at a position: `base` and their places in the shard.
void sk_place_ngrams(const sk_occurrence *occurrences, size_t count, uint32_t base, uint32_t first_position, uint32_t *terms);

/// Gives n-grams, which stand at the places `order`, numbers from `first_number` on: appends their parts and frequencies, and writes the numbers
/// to their places.
void sk_number_ngrams(
    const sk_ngram *ngrams, const uint32_t *order, size_t count, uint32_t first_number, uint64_t *parts,
    int32_t *document_frequencies, uint32_t *numbers);

/// Copies those that are not 0, and returns how many they are. Writes one behind them.
size_t sk_nonzero(const uint32_t *numbers, size_t count, uint32_t *result);

/// Replaces the terms of articles by their numbers, without the bit of those that are repeated; counts for each article those that have a
/// number and are not repeated. The articles end before the positions `article_ends`, the first one begins at `first_position`.
void sk_take_numbers(
    int32_t set, uint32_t *terms, uint32_t first_position, const uint32_t *article_ends, size_t article_count,
    const uint32_t *numbers, uint32_t *new_counts);

/// Asks for the line of cache at an address, which need not be valid.
static inline void sk_prefetch(const void *address) { __builtin_prefetch(address); }

/// Asks the system to map memory in pages of 2 MB when it is touched for the first time; does nothing to little memory, or where the
/// system knows no such pages.
void sk_advise_large_pages(void *memory, size_t count);

/// Gives the allocator's free memory back to the system; does nothing where the C library cannot.
void sk_give_back_memory(void);

/// Has all threads take memory from one heap from now on; does nothing where the C library cannot.
void sk_share_memory(void);

/// The largest of some numbers, or 0.
uint32_t sk_largest(int32_t set, const uint32_t *numbers, size_t count);

/// A finite number of half precision (IEEE 754 binary16), times 2^-112: so it is one of single precision with the same bits shifted.
static inline double sk_small_half(uint16_t bits) {
    uint32_t wide = ((uint32_t)(int16_t)bits << 13) & 0x8FFFFFFF;
    float number;
    memcpy(&number, &wide, sizeof number);
    return number;
}

/// The scores of sparse rows: for each row the intercepts, and for each of its elements value × weights[column].
///
/// Row r has the elements `row_offsets[r] ..< row_offsets[r + 1]`. Weights are [column][label], scores [row][label]. Elements are
/// added one after another.
void sk_add_rows(
    int32_t set, const ptrdiff_t *row_offsets, size_t row_count, const int32_t *columns, const float *values,
    const float *weights, size_t label_count, const double *intercepts, double *scores);

/// The same with weights of half precision, each of which counts as `sk_small_half` gives it.
void sk_add_rows_half(
    int32_t set, const ptrdiff_t *row_offsets, size_t row_count, const int32_t *columns, const float *values,
    const uint16_t *weights, size_t label_count, const double *intercepts, double *scores);

/// The same with weights of 8 bits.
void sk_add_rows_8(
    int32_t set, const ptrdiff_t *row_offsets, size_t row_count, const int32_t *columns, const float *values,
    const int8_t *weights, size_t label_count, const double *intercepts, double *scores);

/// The largest finite absolute value of each column, or 0.
void sk_largest_sizes(int32_t set, const float *numbers, size_t row_count, size_t column_count, float *sizes);

/// Rounds numbers, times the factor of their column, to the nearest ones of half precision, ties to even; what is not a number becomes
/// 0, and what is too large the largest number, 65504.
void sk_halve(
    int32_t set, const float *numbers, size_t row_count, size_t column_count, const float *factors, uint16_t *halves);

#endif
