/// AtomicFile: a file that is either wholly new or still the old one, whatever happens in between.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace insitu::desktop {

/// Written beside its name, forced to the disk (fsync), then renamed by commit(). Without commit() the new file vanishes and the old one stays.
/// What is no regular file (a pipe, a terminal, /dev/full) is written directly. Throws Error where opening, writing, forcing or renaming fails.
class AtomicFile {
 public:
  explicit AtomicFile(const std::string& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const unsigned char> bytes);
  void write(std::string_view text);
  void commit();

 private:
  std::string path_, target_, written_;  // as the user named it; behind symbolic links; the file that is open
  int descriptor_ = -1;
  bool direct_ = false;

  [[noreturn]] void fail(const char* what);
  void discard();
};

/// All at once.
void write_atomically(const std::string& path, std::span<const unsigned char> bytes);
void write_atomically(const std::string& path, std::string_view text);

}  // namespace insitu::desktop
