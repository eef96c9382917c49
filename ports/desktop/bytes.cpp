#include "bytes.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>

#include "error.h"

namespace insitu::desktop {
namespace {

constexpr std::size_t Chunk = std::size_t{1} << 20;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

struct Inflation {
  z_stream stream{};
  Inflation() {
    if (inflateInit2(&stream, 15 + 16) != Z_OK) throw Error("zlib could not be started, probably for want of memory");
  }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;
  ~Inflation() { inflateEnd(&stream); }
};

}  // namespace

Bytes read_stored(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw Error(path, " is a folder, and a file belongs here");
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) throw Error(path, " cannot be opened: ", std::strerror(errno));
  Bytes bytes;
  for (;;) {
    const std::size_t before = bytes.size();
    const std::size_t room = before == 0 ? Chunk : before;
    bytes.resize(before + room);
    const std::size_t got = std::fread(bytes.data() + before, 1, room, file.get());
    bytes.resize(before + got);
    if (std::ferror(file.get())) throw Error(path, " cannot be read: ", std::strerror(errno));
    if (bytes.size() > LargestFile) throw Error(path, " is larger than 4 GiB, the most that is read");
    if (got < room) break;
  }
  if (bytes.empty()) throw Error(path, " is empty: it has no bytes");
  return bytes;
}

Bytes gunzip(const Bytes& packed, const std::string& name) {
  Inflation inflation;
  z_stream& stream = inflation.stream;
  Bytes bytes;
  std::size_t consumed = 0, filled = 0;
  for (;;) {
    if (filled == bytes.size()) {
      if (filled > LargestFile) throw Error(name, " unpacks to more than 4 GiB, the most that is read");
      bytes.resize(std::max(Chunk, filled * 2));
    }
    const std::size_t limit = std::numeric_limits<uInt>::max();
    const auto given = static_cast<uInt>(std::min(packed.size() - consumed, limit));
    const auto room = static_cast<uInt>(std::min(bytes.size() - filled, limit));
    stream.next_in = const_cast<Bytef*>(packed.data() + consumed);  // zlib reads it only
    stream.avail_in = given;
    stream.next_out = bytes.data() + filled;
    stream.avail_out = room;
    const int status = inflate(&stream, Z_NO_FLUSH);
    consumed += given - stream.avail_in;
    filled += room - stream.avail_out;
    if (status == Z_STREAM_END) {
      const auto rest = packed.begin() + static_cast<std::ptrdiff_t>(consumed);
      if (std::all_of(rest, packed.end(), [](unsigned char byte) { return byte == 0; })) break;  // the end, or padding as tar writes it
      inflateReset(&stream);
    } else if (status == Z_BUF_ERROR || (status == Z_OK && consumed == packed.size() && stream.avail_out > 0)) {
      throw Error(name, " is cut off: its gzip data ends early, after ", filled, " unpacked bytes");
    } else if (status != Z_OK) {
      throw Error(name, " is damaged: its gzip data cannot be unpacked (", stream.msg ? stream.msg : "unknown reason", ")");
    }
  }
  bytes.resize(filled);
  if (bytes.empty()) throw Error(name, " is empty: it unpacks to no bytes");
  return bytes;
}

Bytes read_bytes(const std::string& path) {
  Bytes bytes = read_stored(path);
  const bool packed = bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
  return packed ? gunzip(bytes, path) : bytes;
}

}  // namespace insitu::desktop
