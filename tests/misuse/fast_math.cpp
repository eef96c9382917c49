// expects: insitu: -ffast-math changes results and deletes NaN checks: compile this file without -ffast-math
// flags: -ffast-math
#include <insitu/insitu.h>
