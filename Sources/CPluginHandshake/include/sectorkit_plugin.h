// What host and plugin library tell each other before any Swift type crosses the border between them.
#pragma once
#include <stdint.h>

// The version of the binary interface: one more whenever a public declaration of LinearAlgebra or TextClassification changes.
#define SECTORKIT_PLUGIN_ABI 5

// The compiler this was built with. Swift's C compiler names the very revision, and goes with one toolchain.
#define SECTORKIT_PLUGIN_TOOLCHAIN __VERSION__

// The values of the host.
int32_t sectorkit_host_abi(void);
const char *sectorkit_host_toolchain(void);

// Whether the Swift runtime is a library beside the host, as it has to be for a second user of it.
int32_t sectorkit_host_shares_runtime(void);
