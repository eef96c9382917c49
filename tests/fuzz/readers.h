/// Everything that reads bytes from outside, as functions of bytes: for the fuzzer (fuzz.cpp) and for the damage that `make test` does (tests/ports/desktop/hostile.cpp).
#pragma once

#include <span>
#include <stdexcept>
#include <string>

namespace insitu::fuzz {

using Content = std::span<const unsigned char>;

/// Thrown where bytes were accepted and what was read of them cannot be right.
struct Broken : std::logic_error {
  using std::logic_error::logic_error;
};

struct Reader {
  const char* name;          ///< and its folder of corpus/
  bool sealed;               ///< a checksum covers the file: whatever is changed in it is refused
  bool (*accepts)(Content);  ///< false, or desktop::Error, where they are refused; Broken where they should have been
};

std::span<const Reader> readers();

/// The largest block of memory that a reader may ask for at once: a buffer of its own, and some room for a file that unpacks.
inline constexpr std::size_t largest_block(std::size_t file) { return (std::size_t{4} << 20) + 1100 * file; }

}  // namespace insitu::fuzz
