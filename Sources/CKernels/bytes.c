// Scanning bytes: the ASCII that texts begin with, the ends of lines, and the strings of JSON.
#include "variants.h"
#include <string.h>

#if SK_X86
#include <immintrin.h>
#endif

enum { BLOCK = 32 };
typedef uint8_t block __attribute__((vector_size(BLOCK)));
typedef uint64_t words __attribute__((vector_size(BLOCK)));

// Blocks are passed by address, since there are several ways of passing such vectors.
static ALWAYS_INLINE int has_any(const block *marks) {
    words parts = (words)*marks;
    return (parts[0] | parts[1] | parts[2] | parts[3]) != 0;
}

static ALWAYS_INLINE int is_ascii(const uint8_t *bytes) {
    block some;
    memcpy(&some, bytes, BLOCK);
    some &= (block){0} + 0x80;
    return !has_any(&some);
}

VARIANTS(size_t, ascii_count, (const uint8_t *bytes, size_t count), (bytes, count)) {
    size_t i = 0;
    for (; i + BLOCK <= count && is_ascii(bytes + i); i += BLOCK) {}
    for (; i < count && bytes[i] < 0x80; i++) {}
    return i;
}

static ALWAYS_INLINE size_t find_all_rest(
    const uint8_t *bytes, size_t start, size_t count, uint8_t byte, ptrdiff_t base, ptrdiff_t *places, size_t found
) {
    for (size_t i = start; i < count; i++) {
        if (bytes[i] == byte) places[found++] = base + (ptrdiff_t)i;
    }
    return found;
}

#if SK_X86
TARGET_AVX2 static size_t find_all_avx2(
    const uint8_t *bytes, size_t count, uint8_t byte, ptrdiff_t base, ptrdiff_t *places
) {
    size_t found = 0, i = 0;
    __m256i wanted = _mm256_set1_epi8((char)byte);
    for (; i + 64 <= count; i += 64) {
        __m256i first = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(bytes + i)), wanted);
        __m256i second = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(bytes + i + 32)), wanted);
        uint64_t marks = (uint32_t)_mm256_movemask_epi8(first) | (uint64_t)(uint32_t)_mm256_movemask_epi8(second) << 32;
        for (; marks != 0; marks &= marks - 1) places[found++] = base + (ptrdiff_t)(i + _tzcnt_u64(marks));
    }
    return find_all_rest(bytes, i, count, byte, base, places, found);
}
#endif

size_t sk_find_all(int32_t set, const uint8_t *bytes, size_t count, uint8_t byte, ptrdiff_t base, ptrdiff_t *places) {
#if SK_X86
    if (set >= SK_AVX2) return find_all_avx2(bytes, count, byte, base, places);
#endif
    (void)set;
    return find_all_rest(bytes, 0, count, byte, base, places, 0);
}

/// What a backslash and a byte stand for; 0 where that is not one byte.
static const uint8_t unescaped[256] = {
    ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t',
};

/// The bytes before the first quotation mark, backslash or control character of a block, which is copied.
static ALWAYS_INLINE size_t copy_block(const uint8_t *source, uint8_t *target) {
    block some;
    memcpy(&some, source, BLOCK);
    memcpy(target, &some, BLOCK);
    some = (block)(some == '"') | (block)(some == '\\') | (block)(some < ' ');
    if (!has_any(&some)) return BLOCK;
    words marks = (words)some;
    size_t k = 0;
    while (marks[k] == 0) k++;
    return 8 * k + (size_t)__builtin_ctzll(marks[k]) / 8;
}

#if SK_X86
TARGET_AVX2 static inline size_t copy_block_avx2(const uint8_t *source, uint8_t *target) {
    __m256i some = _mm256_loadu_si256((const __m256i *)source);
    _mm256_storeu_si256((__m256i *)target, some);
    __m256i control = _mm256_cmpeq_epi8(_mm256_min_epu8(some, _mm256_set1_epi8(0x1F)), some);
    __m256i ends = _mm256_or_si256(
        _mm256_cmpeq_epi8(some, _mm256_set1_epi8('"')), _mm256_cmpeq_epi8(some, _mm256_set1_epi8('\\')));
    return _tzcnt_u32((uint32_t)_mm256_movemask_epi8(_mm256_or_si256(control, ends)));
}
#endif

// `copy` copies a block and counts its plain bytes.
#define DECODE(copy)                                                                                                            \
    size_t i = 0, o = 0;                                                                                                        \
    for (;;) {                                                                                                                  \
        size_t plain = BLOCK;                                                                                                   \
        while (i < count && i + BLOCK <= readable && (plain = copy(source + i, target + o)) == BLOCK) i += BLOCK, o += BLOCK;   \
        if (i + BLOCK <= readable) {                                                                                            \
            if (plain < BLOCK) i += plain, o += plain;                                                                          \
        } else {                                                                                                                \
            while (i < count && source[i] != '"' && source[i] != '\\' && source[i] >= ' ') target[o++] = source[i++];           \
        }                                                                                                                       \
        if (i >= count) {                                                                                                       \
            /* What lies behind the end was copied, but does not count. */                                                      \
            o -= i - count;                                                                                                     \
            i = count;                                                                                                          \
            break;                                                                                                              \
        }                                                                                                                       \
        if (source[i] != '\\' || i + 1 == count || unescaped[source[i + 1]] == 0) break;                                        \
        target[o++] = unescaped[source[i + 1]];                                                                                 \
        i += 2;                                                                                                                 \
    }                                                                                                                           \
    *written = o;                                                                                                               \
    return i;

static size_t decode_string_plain(const uint8_t *source, size_t count, size_t readable, uint8_t *target, size_t *written) {
    DECODE(copy_block)
}

#if SK_X86
TARGET_AVX2 static size_t decode_string_avx2(
    const uint8_t *source, size_t count, size_t readable, uint8_t *target, size_t *written
) {
    DECODE(copy_block_avx2)
}
#endif

size_t sk_decode_string(
    int32_t set, const uint8_t *source, size_t count, size_t readable, uint8_t *target, size_t *written
) {
#if SK_X86
    if (set >= SK_AVX2) return decode_string_avx2(source, count, readable, target, written);
#endif
    (void)set;
    return decode_string_plain(source, count, readable, target, written);
}
