#pragma once

/// The version of the library, as major.minor.patch; `make install`, the packages and the command line read it here.
#define INSITU_VERSION "0.1.0"
