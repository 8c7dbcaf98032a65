#include <stdint.h>

extern const uint32_t sk_sequences[];
extern const uint8_t sk_ccc_index[];
extern const uint8_t sk_ccc_blocks[];
extern const uint32_t sk_decomposition_keys[];
extern const uint16_t sk_decomposition_offsets[];
extern const uint32_t sk_decomposition_data[];
extern const uint64_t sk_pair_keys[];
extern const uint32_t sk_pair_values[];
extern const uint32_t sk_accent_keys[];
extern const uint64_t sk_accent_values[];
extern const int sk_decomposition_count;
extern const int sk_pair_count;
extern const int sk_accent_count;
