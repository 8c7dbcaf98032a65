// Memory in large pages.
#define _DEFAULT_SOURCE
#include "include/kernels.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#if defined(__linux__)
#include <sys/mman.h>

// Below this the call costs about what it saves.
enum { LARGE_PAGE = 2 << 20, SMALLEST = 4 << 20 };

void sk_advise_large_pages(void *memory, size_t count) {
    if (count < SMALLEST || memory == 0) return;
    uintptr_t first = ((uintptr_t)memory + LARGE_PAGE - 1) & ~(uintptr_t)(LARGE_PAGE - 1);
    uintptr_t end = ((uintptr_t)memory + count) & ~(uintptr_t)(LARGE_PAGE - 1);
    // Advice: where the system does not take it, nothing is different.
    if (end > first) (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
}
#else
void sk_advise_large_pages(void *memory, size_t count) {
    (void)memory;
    (void)count;
}
#endif

void sk_give_back_memory(void) {
#if defined(__GLIBC__)
    (void)malloc_trim(0);
#endif
}

void sk_share_memory(void) {
#if defined(__GLIBC__)
    (void)mallopt(M_ARENA_MAX, 1);
#endif
}
