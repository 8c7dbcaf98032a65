// The inner loops of text features: cutting ASCII into words, and looking terms up in a hash table many at a time.
//
// Every function that is written for several instruction sets takes the set as its first argument, so that tests can compare
// them; `sk_instruction_set()` is the best one of this machine. All numbers are little-endian in memory. None of the functions
// allocates.
#ifndef SECTORKIT_KERNELS_H
#define SECTORKIT_KERNELS_H
#include <stddef.h>
#include <stdint.h>

/// Sets of instructions, each of which includes those before it.
enum {
    SK_PLAIN = 0,  ///< C that every machine can run
    SK_AVX2 = 1,
    SK_AVX512 = 2, ///< with BW, VL and VBMI2
};

/// The best set that this machine has. O(1).
int32_t sk_instruction_set(void);

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

/// 16 bytes that tell a term from all others of a vocabulary.
///
/// Of a string of up to 16 bytes they are the string, with zeros behind it. Of a longer one: its hash, and `SK_LONG_KEY` with its
/// number among the long strings (0 while it is looked for). Of an n-gram of words: the nodes of its first n - 1 words (low half)
/// and of its last one, and `SK_NGRAM_KEY`. Strings are UTF-8, in which the highest bytes of the two marks do not occur, and hold
/// no NUL.
typedef struct {
    uint64_t low, high;
} sk_key;

static const uint64_t SK_LONG_KEY = 0xFF00000000000000;
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

/// The hash of an n-gram of words, from those of its first n - 1 words and of its last one.
static inline uint64_t sk_ngram_hash(uint64_t prefix, uint64_t word) {
    return sk_mixed(prefix + 0x9E3779B97F4A7C15, word ^ SK_FACTOR_1);
}

/// The hash of a string of more than 16 bytes, which is not 0.
uint64_t sk_long_hash(const uint8_t *bytes, size_t count);

/// The key of a string, and its hash. 16 bytes must be readable, however short it is.
sk_key sk_string_key(const uint8_t *bytes, size_t count, uint64_t *hash);

/// Keys and hashes of the words `bytes[edges[2 i]] ..< bytes[edges[2 i + 1]]`; both are 0 for an empty word.
/// 16 bytes must be readable from the beginning of every word.
void sk_word_keys(const uint8_t *bytes, const uint32_t *edges, size_t count, sk_key *keys, uint64_t *hashes);

/// Keys and hashes of the n-grams of words that begin at each of `count` words, of those whose parts are known.
///
/// `nodes[i * stride]` is the node of the first n - 1 words from word i on, `words[i * stride]` of the n-th; 0 is an unknown one.
/// The hashes are of the same. Returns the number of n-grams; `positions` gets the word at which each begins.
size_t sk_ngram_keys(
    const uint32_t *prefixes, const uint32_t *words, size_t stride, const uint64_t *prefix_hashes, const uint64_t *word_hashes,
    size_t count, sk_key *keys, uint64_t *hashes, uint32_t *positions);

// The table: lines of 64 bytes, each of 12 nodes of 4 bytes, a mark of 4 bytes that is not 0 when terms of the line had to be put
// into the next ones, and 12 tags of one byte. Slots are filled from the first; an empty one has node and tag 0.
enum { SK_LINE_WORDS = 16, SK_LINE_SLOTS = 12, SK_LINE_MARK = 12 };

/// The line at which the search for a hash begins.
static inline uint32_t sk_line(uint64_t hash, uint32_t line_count) { return (uint32_t)(((hash >> 32) * line_count) >> 32); }

/// The tag of a hash, which is not 0.
static inline uint8_t sk_tag(uint64_t hash) { return (uint8_t)hash + ((uint8_t)hash == 0); }

/// For each hash the node in the first slot of its line that has its tag, or else the mark of the line.
void sk_candidates(const uint32_t *lines, uint32_t line_count, const uint64_t *hashes, size_t count, uint32_t *nodes);

/// Replaces each candidate by itself where its key is the one looked for, and by 0 elsewhere.
///
/// Returns the number of those that have to be looked for slowly, since there was a candidate and it was another term; `unsure`
/// gets their positions. `known[0]` must be all zeros.
size_t sk_confirm(
    const sk_key *known, uint32_t known_count, const sk_key *keys, size_t count, uint32_t *nodes, uint32_t *unsure);

/// The slots of a line, one bit each, that have a tag.
uint32_t sk_slots_with_tag(const uint32_t *line, uint8_t tag);

/// Adds `weight` to the sums of the nodes, and appends to `list` those whose sum was 0.
///
/// The sums of nodes that do not count are infinite, among them that of 0, which stands also for nodes above `node_count`. Nodes
/// are added in the order of `rows` rows of `stride` nodes each, of which the first `skipped` are left out. Returns how many
/// counted; `list_count` is increased.
size_t sk_add_terms(
    const uint32_t *nodes, size_t rows, size_t stride, size_t skipped, uint32_t node_count, float weight, float *sums,
    uint32_t *list, size_t *list_count);

/// What counting knows of a term: the article in which it was seen last, its place in that article's row, and in how many
/// articles it was.
typedef struct {
    int32_t article;
    uint32_t place;
    int32_t document_frequency;
} sk_term_record;

/// Counts the terms of a field into the row of an article: a known one `weight` more, a new one `weight` at the end of the row.
///
/// Nodes come as in `sk_add_terms`; 0 is none. `row_count` is the number of entries of all rows, which is increased.
void sk_count_terms(
    const uint32_t *nodes, size_t rows, size_t stride, size_t skipped, float weight, int32_t article, sk_term_record *records,
    uint32_t *row_terms, float *row_counts, size_t *row_count);

#endif
