// Every file of tests/fuzz/corpus, damaged in every way that can be listed: cut off at each byte, each bit flipped, each place where a length or an offset may
// stand replaced by extremes. It is read with the right content, or refused in one sentence.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <new>

#include "ports/desktop/bytes.h"
#include "ports/desktop/error.h"
#include "tests/fuzz/readers.h"

namespace {
std::atomic<std::size_t> largest{0};  // block of memory asked for
}

// Every allocation of this program is seen. malloc, which libraries call, is left to the sanitizers.
[[gnu::noinline]] void* operator new(std::size_t size) {  // inlined, GCC takes it for a mismatch of new and free
  if (size > largest) largest = size;
  if (void* block = std::malloc(size)) return block;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {  // the sanitizer's own would not fit delete
  if (size > largest) largest = size;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* block) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { std::free(block); }

namespace insitu::fuzz {
namespace {

struct Damage {
  const Reader& reader;
  std::string file;
  desktop::Bytes whole;
  int tried = 0, refused = 0;

  bool accepted(const desktop::Bytes& bytes) {
    largest = 0;
    bool result = false;
    try {
      result = reader.accepts(bytes);
    } catch (const desktop::Error& sentence) {
      const std::string text = sentence.what();
      if (text.empty() || text.find('\n') != std::string::npos)
        FAIL_CHECK(file, ": refused by ", text.size(), " letters that are no sentence: ", text);
    } catch (const std::exception& other) {
      FAIL_CHECK(file, ", damaged: ", std::string(other.what()));
    }
    if (largest > largest_block(bytes.size())) FAIL_CHECK(file, ": ", bytes.size(), " bytes, damaged, asked for ", largest.load());
    ++tried;
    refused += !result;
    return result;
  }

  void cut() {
    for (std::size_t kept = 0; kept < whole.size(); ++kept) {
      const bool taken = accepted({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(kept)});
      if (taken && reader.sealed) FAIL_CHECK(file, ": accepted with ", kept, " of its ", whole.size(), " bytes");
    }
  }

  void flip() {
    desktop::Bytes bytes = whole;
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
      bytes[bit / 8] ^= static_cast<unsigned char>(1u << bit % 8);
      if (accepted(bytes) && reader.sealed) FAIL_CHECK(file, ": accepted with bit ", bit % 8, " of byte ", bit / 8, " flipped");
      bytes[bit / 8] = whole[bit / 8];
    }
  }

  /// Lengths and offsets have 2, 4 or 8 bytes, of either order, and stand anywhere.
  void replace() {
    constexpr unsigned char extremes[][8] = {{0, 0, 0, 0, 0, 0, 0, 0},
                                             {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
                                             {0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f},
                                             {0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff},
                                             {0, 0, 0, 0x80, 0, 0, 0, 0x80},
                                             {'9', '9', '9', '9', '9', '9', '9', '9'}};
    for (const std::size_t width : {2u, 4u, 8u}) {
      for (std::size_t at = 0; at + width <= whole.size(); ++at) {
        for (const auto& extreme : extremes) {
          desktop::Bytes bytes = whole;
          std::copy(extreme, extreme + width, bytes.begin() + static_cast<std::ptrdiff_t>(at));
          if (bytes != whole && accepted(bytes) && reader.sealed)
            FAIL_CHECK(file, ": accepted with bytes ", at, " to ", at + width, " replaced");
        }
      }
    }
  }
};

}  // namespace

TEST_CASE("Every sample file, cut off, with bits flipped and lengths replaced, is read or refused in a sentence") {
  int tried = 0, refused = 0;
  for (const Reader& reader : readers()) {
    const std::filesystem::path folder = std::filesystem::path("tests/fuzz/corpus") / reader.name;
    REQUIRE_MESSAGE(std::filesystem::is_directory(folder), folder.string());
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      Damage damage{reader, entry.path().string(), desktop::read_stored(entry.path().string())};
      ++files;
      CHECK_MESSAGE(damage.accepted(damage.whole), damage.file, " itself is refused");
      damage.refused = damage.tried = 0;
      damage.cut();
      damage.flip();
      damage.replace();
      CHECK_MESSAGE(damage.refused > 0, damage.file);
      tried += damage.tried;
      refused += damage.refused;
    }
    CHECK_MESSAGE(files > 0, folder.string());
  }
  MESSAGE("damaged files: ", tried, " tried, ", refused, " refused");
}

TEST_CASE("Error: what a sentence quotes from a file stays on its line") {
  CHECK(std::string(desktop::Error("x.npy: '", "a\nb\x1b[2J\x7f", "' is no type").what()) == "x.npy: 'a?b?[2J?' is no type");
  CHECK(std::string(desktop::Error("\xc3\xa4.csv").what()) == "\xc3\xa4.csv");
}

}  // namespace insitu::fuzz
