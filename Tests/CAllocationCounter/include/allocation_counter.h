// Counts the calls of malloc and its kin by each thread, so that a test can tell that something allocates nothing.
#ifndef SECTORKIT_ALLOCATION_COUNTER_H
#define SECTORKIT_ALLOCATION_COUNTER_H
#include <stdint.h>

/// How many times the calling thread has allocated so far; -1 where that cannot be counted.
int64_t sk_allocation_count(void);

#endif
