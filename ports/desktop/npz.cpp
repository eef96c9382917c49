#include "npz.h"

#include <zip.h>

#include <algorithm>
#include <memory>

#include "bytes.h"
#include "error.h"
#include "npy.h"

namespace insitu::desktop {
namespace {

constexpr std::string_view Ending = ".npy";
constexpr std::size_t Chunk = std::size_t{1} << 20;

struct Close {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

}  // namespace

bool is_npz(std::span<const unsigned char> bytes) {
  return bytes.size() >= 4 && bytes[0] == 'P' && bytes[1] == 'K' && ((bytes[2] == 3 && bytes[3] == 4) || (bytes[2] == 5 && bytes[3] == 6));
}

Npz::Npz(std::span<const unsigned char> bytes, const std::string& name) : name_(name), archive_(nullptr) {
  zip_error_t problem;
  zip_error_init(&problem);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &problem);
  if (source) archive_ = zip_open_from_source(source, ZIP_RDONLY, &problem);
  if (!archive_) {
    const std::string reason = zip_error_strerror(&problem);
    if (source) zip_source_free(source);
    zip_error_fini(&problem);
    throw Error(name, " is not a whole NPZ file: ", reason);
  }
  zip_error_fini(&problem);
  const zip_int64_t entries = zip_get_num_entries(archive_, 0);
  for (zip_int64_t k = 0; k < entries; ++k) {
    const char* entry = zip_get_name(archive_, static_cast<zip_uint64_t>(k), 0);
    std::string text = entry ? entry : "";
    if (text.ends_with(Ending)) names_.push_back(text.substr(0, text.size() - Ending.size()));
  }
}

Npz::~Npz() {
  if (archive_) zip_discard(archive_);
}

bool Npz::contains(const std::string& array) const { return std::find(names_.begin(), names_.end(), array) != names_.end(); }

Array Npz::read(const std::string& array) const { return read_npy(bytes(array), name_ + ": " + array); }

Bytes Npz::bytes(const std::string& array) const {
  const std::string entry = array + std::string(Ending), name = name_ + ": " + array;
  zip_stat_t stat;
  if (zip_stat(archive_, entry.c_str(), 0, &stat) != 0) throw Error(name_, " has no array named ", array);
  if (stat.encryption_method != ZIP_EM_NONE) throw Error(name, " is encrypted, and a plain array belongs here");
  if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE) {
    throw Error(name, " is packed by zip method ", stat.comp_method, ", and methods 0 (stored) and 8 (deflated) are read");
  }
  if (stat.size > LargestFile) throw Error(name, " promises ", stat.size, " bytes, and 4 GiB are the most that is read");
  const std::unique_ptr<zip_file_t, Close> file(zip_fopen_index(archive_, stat.index, 0));
  if (!file) throw Error(name, " cannot be read: ", zip_strerror(archive_));
  Bytes unpacked;
  for (;;) {
    const std::size_t before = unpacked.size();
    const std::size_t room = std::min(Chunk, static_cast<std::size_t>(stat.size) - before + 1);  // one byte more shows a size that lies
    unpacked.resize(before + room);
    const zip_int64_t got = zip_fread(file.get(), unpacked.data() + before, room);
    if (got < 0) throw Error(name, " is damaged: ", zip_file_strerror(file.get()));
    unpacked.resize(before + static_cast<std::size_t>(got));
    if (unpacked.size() > stat.size) throw Error(name, " promises ", stat.size, " bytes, and unpacks to more");
    if (got == 0) break;
  }
  if (unpacked.size() < stat.size) throw Error(name, " promises ", stat.size, " bytes, and unpacks to ", unpacked.size());
  return unpacked;
}

Bytes npz_file(const std::vector<std::pair<std::string, std::string>>& arrays) {
  const auto written = [](bool done) {
    if (!done) throw Error("an NPZ file could not be put together, probably for want of memory");
  };
  zip_source_t* const source = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  written(source != nullptr);
  const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> kept(source, zip_source_free);
  zip_t* const archive = zip_open_from_source(source, ZIP_TRUNCATE, nullptr);
  written(archive != nullptr);
  zip_source_keep(source);
  bool done = true;
  for (const auto& [name, content] : arrays) {
    zip_source_t* const part = zip_source_buffer(archive, content.data(), content.size(), 0);
    done = done && part && zip_file_add(archive, (name + std::string(Ending)).c_str(), part, 0) >= 0;
  }
  if (!done || zip_close(archive) != 0) {
    zip_discard(archive);
    written(false);
  }
  zip_stat_t stat;
  written(zip_source_stat(source, &stat) == 0 && zip_source_open(source) == 0);
  Bytes bytes(stat.size);
  written(zip_source_read(source, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(source);
  return bytes;
}

}  // namespace insitu::desktop
