// The C interface of BLAS as Debian's libblas-dev (or libopenblas-dev, through the alternatives) installs it.
#include <cblas.h>
