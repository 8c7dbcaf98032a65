#define _GNU_SOURCE
#include "sectorkit_plugin.h"

#include <dlfcn.h>
#include <string.h>

int32_t sectorkit_host_abi(void) { return SECTORKIT_PLUGIN_ABI; }

const char *sectorkit_host_toolchain(void) { return SECTORKIT_PLUGIN_TOOLCHAIN; }

int32_t sectorkit_host_shares_runtime(void) {
    void *function = dlsym(RTLD_DEFAULT, "swift_retain");
    Dl_info information;
    return function && dladdr(function, &information) && information.dli_fname && strstr(information.dli_fname, "libswiftCore");
}
