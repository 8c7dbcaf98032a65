// The C library lets a program define these functions itself ("Replacing malloc" in the GNU C Library's manual); each one here counts
// and calls the library's own, which glibc also exports under the names that begin with two underscores. Sanitizers replace them, too,
// so that with a sanitizer (or another C library) nothing is counted.
#include "include/allocation_counter.h"

#include <errno.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define SK_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(SK_SANITIZED)

static __thread int64_t count __attribute__((tls_model("initial-exec")));

int64_t sk_allocation_count(void) { return count; }

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t number, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *old);

void *malloc(size_t size) {
    count++;
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count++;
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    count++;
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    count++;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    count++;
    void *found = __libc_memalign(alignment, size);
    if (!found) return ENOMEM;
    *result = found;
    return 0;
}

void free(void *old) { __libc_free(old); }

#else

int64_t sk_allocation_count(void) { return -1; }

#endif
