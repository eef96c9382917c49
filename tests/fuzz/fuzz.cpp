// libFuzzer's program for one reader, which INSITU_READER names: `make fuzz`.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "ports/desktop/error.h"
#include "tests/fuzz/readers.h"

namespace {

const insitu::fuzz::Reader* chosen() {
  const char* wanted = std::getenv("INSITU_READER");
  for (const auto& reader : insitu::fuzz::readers()) {
    if (wanted && std::strcmp(reader.name, wanted) == 0) return &reader;
  }
  std::fprintf(stderr, "INSITU_READER is one of:");
  for (const auto& reader : insitu::fuzz::readers()) std::fprintf(stderr, " %s", reader.name);
  std::fprintf(stderr, "\n");
  std::exit(2);
}

}  // namespace

/// Ends the program with a report of the sanitizers, or of an exception that is no refusal. What is refused is worth keeping too: 0, not -1.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const auto* const reader = chosen();
  try {
    reader->accepts({data, size});
  } catch (const insitu::desktop::Error& refused) {
    if (std::strlen(refused.what()) == 0 || std::strchr(refused.what(), '\n')) std::abort();  // one sentence
  }
  return 0;
}
