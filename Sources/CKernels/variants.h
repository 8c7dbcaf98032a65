// One body, compiled for several sets of instructions.
//
// `VARIANTS(result, name, (parameters), (arguments)) { body }` defines `sk_name(set, parameters)`, which runs the variant that was
// asked for. The instructions differ and the results do not: products and sums of floating-point numbers are never fused
// (`FP_CONTRACT OFF` where there are any) unless the product is exact, and the compiler does not change their order.
#ifndef SECTORKIT_VARIANTS_H
#define SECTORKIT_VARIANTS_H
#include "include/kernels.h"

#define ALWAYS_INLINE inline __attribute__((always_inline))
#define STRIP(...) __VA_ARGS__

#if defined(__x86_64__)
#define SK_X86 1
#define TARGET_AVX2 __attribute__((target("avx2,fma,bmi,bmi2,popcnt")))
#define TARGET_AVX512 \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,prefer-256-bit,bmi,bmi2,popcnt")))
#define VARIANTS(result, name, parameters, arguments)                                                        \
    static ALWAYS_INLINE result name##_body parameters;                                                      \
    static result name##_plain parameters { return name##_body arguments; }                                  \
    TARGET_AVX2 static result name##_avx2 parameters { return name##_body arguments; }                       \
    TARGET_AVX512 static result name##_avx512 parameters { return name##_body arguments; }                   \
    result sk_##name(int32_t set, STRIP parameters) {                                                        \
        if (set == SK_AVX512) return name##_avx512 arguments;                                                \
        if (set == SK_AVX2) return name##_avx2 arguments;                                                    \
        return name##_plain arguments;                                                                       \
    }                                                                                                        \
    static ALWAYS_INLINE result name##_body parameters
#else
#define VARIANTS(result, name, parameters, arguments)                                                        \
    static ALWAYS_INLINE result name##_body parameters;                                                      \
    result sk_##name(int32_t set, STRIP parameters) {                                                        \
        (void)set;                                                                                           \
        return name##_body arguments;                                                                        \
    }                                                                                                        \
    static ALWAYS_INLINE result name##_body parameters
#endif
#endif
