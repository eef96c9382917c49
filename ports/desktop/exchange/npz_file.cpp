#include "npz_file.h"

#include <zip.h>

#include <memory>
#include <vector>

#include "../error.h"
#include "../npz.h"

namespace insitu::desktop {
namespace {

Bytes npy_of(const Array& array) {
  std::string shape;
  for (const std::size_t n : array.shape) shape += std::to_string(n) + ", ";
  if (array.shape.size() > 1) shape.resize(shape.size() - 2);
  if (array.shape.size() == 1) shape.pop_back();  // (3,)
  std::string dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
  constexpr std::size_t Before = 10;  // magic, version, length
  while ((Before + dictionary.size() + 1) % 64 != 0) dictionary += ' ';
  dictionary += '\n';
  std::string header = "\x93NUMPY";
  for (const std::size_t byte : {std::size_t{1}, std::size_t{0}, dictionary.size() & 255, dictionary.size() >> 8})
    header += static_cast<char>(byte);
  header += dictionary;
  Bytes bytes(header.begin(), header.end());
  append(bytes, array.values);
  return bytes;
}

/// A zip file in memory, made by libzip.
class Archive {
 public:
  Archive() {
    zip_error_init(&problem_);
    source_ = zip_source_buffer_create(nullptr, 0, 0, &problem_);
    archive_ = source_ ? zip_open_from_source(source_, ZIP_CREATE | ZIP_TRUNCATE, &problem_) : nullptr;
    if (!archive_) fail();
    zip_source_keep(source_);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  ~Archive() {
    if (archive_) zip_discard(archive_);
    zip_source_free(source_);
    zip_error_fini(&problem_);
  }

  /// `content` must live until the archive is closed.
  void add(const std::string& name, const Bytes& content) {
    zip_source_t* from = zip_source_buffer(archive_, content.data(), content.size(), 0);
    const zip_int64_t index = from ? zip_file_add(archive_, name.c_str(), from, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
      if (from) zip_source_free(from);
      throw Error("'", name, "' could not be put into a zip file: ", zip_strerror(archive_));
    }
    zip_set_file_compression(archive_, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
    constexpr zip_uint16_t Midnight = 0, FirstOf1980 = 1 << 5 | 1;  // what numpy writes: the same tensors make the same bytes
    zip_file_set_dostime(archive_, static_cast<zip_uint64_t>(index), Midnight, FirstOf1980, 0);
  }

  Bytes close() {
    if (zip_close(archive_) != 0) throw Error("the zip file could not be made: ", zip_strerror(archive_));
    archive_ = nullptr;
    Bytes bytes;
    zip_stat_t about;
    if (zip_source_stat(source_, &about) == 0 && zip_source_open(source_) == 0) {
      bytes.resize(static_cast<std::size_t>(about.size));
      const zip_int64_t got = zip_source_read(source_, bytes.data(), about.size);
      zip_source_close(source_);
      if (got == static_cast<zip_int64_t>(about.size)) return bytes;
    }
    throw Error("the zip file could not be made: ", zip_error_strerror(zip_source_error(source_)));
  }

 private:
  zip_error_t problem_{};
  zip_source_t* source_ = nullptr;
  zip_t* archive_ = nullptr;

  [[noreturn]] void fail() {
    const std::string reason = zip_error_strerror(&problem_);
    if (source_) zip_source_free(source_);
    zip_error_fini(&problem_);
    throw Error("the zip file could not be made: ", reason);
  }
};

}  // namespace

Tensors read_npz(std::span<const unsigned char> bytes, const std::string& name) {
  const Npz npz(bytes, name);
  Tensors tensors;
  std::size_t count = 0;  // many entries can share the same packed bytes
  for (const std::string& array : npz.names()) {
    if (tensors.contains(array)) throw Error(name, " has '", array, "' twice");
    count += (tensors[array] = npz.read(array)).values.size();
    if (count > LargestNetwork) throw Error(name, " unpacks to more than ", LargestNetwork, " numbers, the most that a record holds");
  }
  return tensors;
}

Bytes write_npz(const Tensors& tensors) {
  std::vector<Bytes> contents;
  contents.reserve(tensors.size());
  Archive archive;
  for (const auto& [name, array] : tensors) {
    contents.push_back(npy_of(array));
    archive.add(name + ".npy", contents.back());
  }
  return archive.close();
}

}  // namespace insitu::desktop
