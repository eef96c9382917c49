// expects: insitu: -ffast-math changes results and deletes NaN checks: compile this file without -ffast-math
// flags: -ffinite-math-only
#include <insitu/insitu.h>
