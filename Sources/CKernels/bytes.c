// Scanning bytes: the ASCII that texts begin with, and the plain characters of JSON strings.
#include "variants.h"
#include <string.h>

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

VARIANTS(size_t, copy_plain, (const uint8_t *source, size_t count, uint8_t *target), (source, count, target)) {
    size_t i = 0;
    for (; i + BLOCK <= count; i += BLOCK) {
        block some;
        memcpy(&some, source + i, BLOCK);
        memcpy(target + i, &some, BLOCK);
        some = (block)(some == '"') | (block)(some == '\\') | (block)(some < ' ');
        if (!has_any(&some)) continue;
        words marks = (words)some;
        for (int k = 0; k < BLOCK / 8; k++) {
            if (marks[k] != 0) return i + 8 * (size_t)k + (size_t)__builtin_ctzll(marks[k]) / 8;
        }
    }
    for (; i < count && source[i] != '"' && source[i] != '\\' && source[i] >= ' '; i++) target[i] = source[i];
    return i;
}
