#include "ports/desktop/npz.h"

#include <doctest/doctest.h>
#include <zip.h>

#include "ports/desktop/error.h"
#include "temporary_folder.h"

namespace insitu::desktop {
namespace {

struct Entry {
  std::string name, content;
  zip_int32_t method;
};

/// The bytes of a zip file with these entries.
Bytes zipped(const std::vector<Entry>& entries) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.npz";
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
  REQUIRE(archive);
  for (const Entry& entry : entries) {
    const zip_int64_t index =
        zip_file_add(archive, entry.name.c_str(), zip_source_buffer(archive, entry.content.data(), entry.content.size(), 0), 0);
    REQUIRE(index >= 0);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), entry.method, 0);
  }
  REQUIRE(zip_close(archive) == 0);
  return read_stored(path);
}

const std::string Ones = npy("<f4", "(3, 100)", std::string(1200, '\1'), false);

}  // namespace

TEST_CASE("Npz: stored and deflated arrays; other files in it are passed over") {
  const Bytes bytes = zipped({{"x.npy", Ones, ZIP_CM_DEFLATE},
                              {"y.npy", npy("<i8", "(2,)", raw<std::int64_t>({4, 5}), false), ZIP_CM_STORE},
                              {"readme.txt", "hello", ZIP_CM_STORE}});
  REQUIRE(is_npz(bytes));
  const Npz npz(bytes, "a.npz");
  CHECK(npz.names() == std::vector<std::string>{"x", "y"});
  CHECK(npz.contains("x"));
  CHECK_FALSE(npz.contains("readme"));
  CHECK(npz.read("x").shape == std::vector<std::size_t>{3, 100});
  CHECK(npz.read("y").values == std::vector<float>{4, 5});
  CHECK(npz.read("y").name == "a.npz: y");
  CHECK_THROWS_WITH_AS(npz.read("z"), "a.npz has no array named z", Error);
}

TEST_CASE("Npz: an array that is no NPY, cut off, with a wrong checksum, packed otherwise") {
  const Bytes other = zipped({{"x.npy", "hello", ZIP_CM_STORE}});
  CHECK_THROWS_WITH_AS(Npz(other, "a.npz").read("x"), "a.npz: x is not an NPY file: it does not begin with \\x93NUMPY", Error);

  const Bytes whole = zipped({{"x.npy", Ones, ZIP_CM_STORE}});
  for (std::size_t kept = 4; kept < whole.size(); kept += 7) {
    const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(kept));
    CHECK_THROWS_AS(Npz(part, "a.npz").read("x"), Error);
  }
  CHECK_THROWS_WITH_AS(Npz(bytes_of("PK\3\4"), "a.npz"), doctest::Contains("a.npz is not a whole NPZ file"), Error);

  Bytes damaged = whole;
  damaged[1000] = 7;
  CHECK_THROWS_WITH_AS(Npz(damaged, "a.npz").read("x"), doctest::Contains("a.npz: x is damaged"), Error);

  Bytes odd = whole;  // the method, in the local header (offset 8) and in the directory (signature PK 1 2, offset 10)
  odd[8] = 97;
  for (std::size_t k = 0; k + 11 < odd.size(); ++k) {
    if (odd[k] == 'P' && odd[k + 1] == 'K' && odd[k + 2] == 1 && odd[k + 3] == 2) odd[k + 10] = 97;
  }
  CHECK_THROWS_WITH_AS(Npz(odd, "a.npz").read("x"), "a.npz: x is packed by zip method 97, and methods 0 (stored) and 8 (deflated) are read",
                       Error);
}

TEST_CASE("Npz: a size that lies") {
  const Bytes whole = zipped({{"x.npy", Ones, ZIP_CM_DEFLATE}});
  for (const unsigned char size : {std::uint8_t{3}, std::uint8_t{255}}) {
    Bytes lying = whole;  // the unpacked size, in the directory (offset 24) and in the local header (offset 22)
    lying[23] = size;
    for (std::size_t k = 0; k + 27 < lying.size(); ++k) {
      if (lying[k] == 'P' && lying[k + 1] == 'K' && lying[k + 2] == 1 && lying[k + 3] == 2) lying[k + 25] = size;
    }
    CHECK_THROWS_AS(Npz(lying, "a.npz").read("x"), Error);
  }
}

}  // namespace insitu::desktop
