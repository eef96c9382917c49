/// TemporaryFolder: a folder that lives as long as a test, and what puts files there.
#pragma once

#include <stdlib.h>
#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "ports/desktop/bytes.h"

namespace insitu::desktop {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "insitu-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return path_.string(); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return *this / name;
  }

  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator()));
  }

 private:
  std::filesystem::path path_;
};

inline Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

inline std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(text.size() + 1000, '\0');
  std::string given = text;
  stream.next_in = reinterpret_cast<Bytef*>(given.data());
  stream.avail_in = static_cast<uInt>(given.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

/// An NPY file of version 1 to 3: `dictionary` such as "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".
inline std::string npy(const std::string& dictionary, const std::string& content, char version = 1) {
  std::string text = dictionary;
  const std::size_t start = version == 1 ? 10 : 12;
  while ((start + text.size() + 1) % 64 != 0) text += ' ';
  text += '\n';
  std::string file = "\x93NUMPY";
  file += version;
  file += '\0';
  for (std::size_t k = 0; k < start - 8; ++k) file += static_cast<char>(text.size() >> (8 * k) & 0xff);
  return file + text + content;
}

inline std::string npy(const std::string& descr, const std::string& shape, const std::string& content, bool fortran) {
  return npy("{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }", content);
}

/// The bytes of numbers in memory (little-endian on the machines where the tests run), or turned around.
template <class T>
std::string raw(std::initializer_list<T> numbers, bool turned = false) {
  std::string text;
  for (T n : numbers) {
    std::string one(reinterpret_cast<const char*>(&n), sizeof n);
    text += turned ? std::string(one.rbegin(), one.rend()) : one;
  }
  return text;
}

/// An IDX file.
inline std::string idx(char type, std::initializer_list<std::uint32_t> sizes, const std::string& content) {
  std::string file{'\0', '\0', type, static_cast<char>(sizes.size())};
  return file + raw(sizes, true) + content;
}

}  // namespace insitu::desktop
