// Properties of Unicode scalars for tokenising, as small functions over constant tables (see scripts/unicode-tables).
#ifndef SECTORKIT_UNICODE_H
#define SECTORKIT_UNICODE_H
#include <stdint.h>

/// How a scalar takes part in words.
enum {
    SK_SEPARATOR = 0,   ///< ends a word
    SK_WORD = 1,        ///< letter, number, connector
    SK_MARK = 2,        ///< continues a word, never begins one
    SK_IDEOGRAPHIC = 3, ///< a word of its own
    SK_IGNORABLE = 4,   ///< invisible: as if it were not there
    SK_CLASS_MASK = 7,
    SK_UNSTABLE = 8,    ///< normalisation has to look at it: it is not composed, or continues
    SK_SEQUENCE = 16,   ///< folds to several scalars
    SK_CONTINUES = 32,  ///< may compose or change places with what stands before it, or is ignorable
    SK_VALUE_SHIFT = 8
};

extern const uint16_t sk_class_index[];
extern const uint32_t sk_class_blocks[];

/// Class, flags and case folding of a scalar below 0x110000: `entry >> SK_VALUE_SHIFT` is the folded scalar (0: itself), or the
/// number of its sequence.
static inline uint32_t sk_unicode_entry(uint32_t scalar) {
    return sk_class_blocks[(uint32_t)sk_class_index[scalar >> 7] << 7 | (scalar & 127)];
}

/// The number of scalars of a folding sequence, and the scalars.
uint32_t sk_sequence_count(uint32_t sequence);
uint32_t sk_sequence_scalar(uint32_t sequence, uint32_t position);

/// The canonical combining class.
uint8_t sk_combining_class(uint32_t scalar);

/// The full canonical decomposition (Hangul excepted): its position in the table, or -1; then its length and scalars.
int32_t sk_decomposition_find(uint32_t scalar);
uint32_t sk_decomposition_count_at(int32_t found);
uint32_t sk_decomposition_scalar(int32_t found, uint32_t position);

/// The primary composite of two scalars (Hangul excepted), or 0.
uint32_t sk_composite(uint32_t first, uint32_t second);

/// What accent folding makes of a normalised scalar: up to three scalars of 21 bits each, the first one lowest; 0 where nothing
/// is left of it, `SK_KEPT` where it stays.
uint64_t sk_without_accent(uint32_t scalar);
static const uint64_t SK_KEPT = UINT64_MAX;

#endif
