#include "include/unicode.h"
#include "tables.h"

uint32_t sk_sequence_count(uint32_t sequence) { return sk_sequences[sequence]; }

uint32_t sk_sequence_scalar(uint32_t sequence, uint32_t position) { return sk_sequences[sequence + 1 + position]; }

uint8_t sk_combining_class(uint32_t scalar) {
    return sk_ccc_blocks[(uint32_t)sk_ccc_index[scalar >> 7] << 7 | (scalar & 127)];
}

// The position of a key in an ascending table, or -1.
#define SK_FIND(keys, count, key)                     \
    int low = 0, high = (count) - 1;                  \
    while (low <= high) {                             \
        int middle = (low + high) / 2;                \
        if ((keys)[middle] == (key)) return middle;   \
        if ((keys)[middle] < (key)) low = middle + 1; \
        else high = middle - 1;                       \
    }                                                 \
    return -1;

int32_t sk_decomposition_find(uint32_t scalar) { SK_FIND(sk_decomposition_keys, sk_decomposition_count, scalar) }

static int find_pair(uint64_t key) { SK_FIND(sk_pair_keys, sk_pair_count, key) }

static int find_accent(uint32_t key) { SK_FIND(sk_accent_keys, sk_accent_count, key) }

uint32_t sk_decomposition_count_at(int32_t found) {
    return sk_decomposition_offsets[found + 1] - sk_decomposition_offsets[found];
}

uint32_t sk_decomposition_scalar(int32_t found, uint32_t position) {
    return sk_decomposition_data[sk_decomposition_offsets[found] + position];
}

uint32_t sk_composite(uint32_t first, uint32_t second) {
    int found = find_pair((uint64_t)first << 21 | second);
    return found < 0 ? 0 : sk_pair_values[found];
}

uint64_t sk_without_accent(uint32_t scalar) {
    int found = find_accent(scalar);
    return found < 0 ? SK_KEPT : sk_accent_values[found];
}
