/// FileDevice: a block device over a file, so that a store (model/store.h) keeps its records on a disk, or in a picture of a flash.
#pragma once

#include <string>

#include "model/block_device.h"

namespace insitu::desktop {

/// An open file of at least so many bytes, made if it is not there, for one process at a time. What it gives is a Status, as from flash; only opening throws.
class BlockFile {
 public:
  /// Throws Error where it cannot be opened, locked or made long enough.
  BlockFile(const std::string& path, long long bytes);
  ~BlockFile();
  BlockFile(const BlockFile&) = delete;
  BlockFile& operator=(const BlockFile&) = delete;

  Status read(long long at, unsigned char* to, int count) const;
  Status write(long long at, const unsigned char* from, int count);
  /// fsync: returns when the disk has it.
  Status sync();

 private:
  int descriptor_;
};

/// Blocks of `Block` bytes, a multiple of 512: the sector that disks write as a whole. Nothing needs to be erased.
template <int Block, int Blocks>
class FileDevice {
 public:
  static constexpr int read_size = 512, program_size = 512, block_size = Block, block_count = Blocks;

  /// Throws Error, as BlockFile.
  explicit FileDevice(const std::string& path) : file_(path, static_cast<long long>(Block) * Blocks) {}

  Status read(int block, int offset, unsigned char* to, int count) { return file_.read(at(block, offset), to, count); }
  Status program(int block, int offset, const unsigned char* from, int count) { return file_.write(at(block, offset), from, count); }
  Status erase(int) { return Status::Ok; }
  Status sync() { return file_.sync(); }

 private:
  BlockFile file_;

  static long long at(int block, int offset) { return static_cast<long long>(block) * Block + offset; }
};

}  // namespace insitu::desktop
