#include "ports/desktop/bytes.h"

#include <doctest/doctest.h>

#include "ports/desktop/error.h"
#include "temporary_folder.h"

namespace insitu::desktop {

TEST_CASE("read_bytes: a plain file, and gzip told by its bytes, not by its name") {
  const TemporaryFolder folder;
  CHECK(read_bytes(folder.write("plain.gz", "hello")) == bytes_of("hello"));
  const std::string large(3 << 20, 'a');  // larger than one chunk
  CHECK(read_bytes(folder.write("packed", gzip(large))) == bytes_of(large));
  CHECK(read_stored(folder.write("packed", gzip("x"))) == bytes_of(gzip("x")));
}

TEST_CASE("read_bytes: gzip of several members, and with zeros behind it") {
  const TemporaryFolder folder;
  CHECK(read_bytes(folder.write("two", gzip("one ") + gzip("two"))) == bytes_of("one two"));
  CHECK(read_bytes(folder.write("padded", gzip("one") + std::string(512, '\0'))) == bytes_of("one"));
}

TEST_CASE("read_bytes: missing file, folder, empty file") {
  const TemporaryFolder folder;
  const std::string absent = folder / "absent", empty = folder.write("empty", "");
  CHECK_THROWS_WITH_AS(read_bytes(absent), (absent + " cannot be opened: No such file or directory").c_str(), Error);
  CHECK_THROWS_WITH_AS(read_bytes(folder.path()), (folder.path() + " is a folder, and a file belongs here").c_str(), Error);
  CHECK_THROWS_WITH_AS(read_bytes(empty), (empty + " is empty: it has no bytes").c_str(), Error);
}

TEST_CASE("gunzip: cut off, damaged, empty, rubbish behind it") {
  const std::string packed = gzip("0123456789 0123456789 something else entirely");
  for (const std::size_t kept : {std::size_t{2}, std::size_t{11}, packed.size() - 9, packed.size() - 1}) {
    CHECK_THROWS_WITH_AS(gunzip(bytes_of(packed.substr(0, kept)), "x"), doctest::Contains("x is cut off: its gzip data ends early"), Error);
  }
  std::string damaged = packed;
  damaged[packed.size() - 6] = static_cast<char>(damaged[packed.size() - 6] ^ 1);  // in the checksum
  CHECK_THROWS_WITH_AS(gunzip(bytes_of(damaged), "x"), "x is damaged: its gzip data cannot be unpacked (incorrect data check)", Error);
  CHECK_THROWS_WITH_AS(gunzip(bytes_of(gzip("")), "x"), "x is empty: it unpacks to no bytes", Error);
  CHECK_THROWS_WITH_AS(gunzip(bytes_of(packed + "rubbish"), "x"), doctest::Contains("x is damaged"), Error);
}

}  // namespace insitu::desktop
