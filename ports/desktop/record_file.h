/// RecordFile: a checkpoint in a file, checked whole before anything is taken from it.
///
/// Sections of the record (model/checkpoint.h) and what the desktop puts into them:
///   Parameters      the network's floats
///   Normalisation   offset of each input, then scale of each: x' = (x - offset) * scale
///   Optimizer       the optimizer's settings and counts, then its slots, all floats
///   Step            steps taken so far, one word
///   User            text of the training run (run.h), closed by line ends to full words
///   User + 1        parameters of the best epoch so far, where training stops early
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bytes.h"
#include "model/checkpoint.h"
#include "normalisation.h"
#include "run.h"

namespace insitu::desktop {

inline constexpr Section BestSection = static_cast<Section>(static_cast<std::uint32_t>(Section::User) + 1);

class RecordFile {
 public:
  /// Throws Error where the file is missing, damaged, of a newer version or of a network whose hash is not `hash`; `network` is that network's text.
  RecordFile(const std::string& path, std::uint64_t hash, const std::string& network);
  /// Of whatever network it is.
  explicit RecordFile(const std::string& path);

  /// Throws Error where the section is missing or has another size.
  void floats(Section kind, float* to, int count) const;
  /// All 32-bit words of a section; none where it is missing.
  std::vector<std::uint32_t> words(Section kind) const;
  /// Empty where the record has none; throws Error where it is for another number of features.
  Normalisation normalisation(int features) const;
  /// Nothing where the record comes from elsewhere, a device say.
  std::optional<Run> run() const;
  int length(Section kind) const { return reader_.length(kind); }
  std::size_t bytes() const { return bytes_.size(); }
  const Bytes& content() const { return bytes_; }
  /// Of the network's text.
  std::uint64_t hash() const { return hash_; }

 private:
  std::string path_;
  Bytes bytes_;
  std::uint64_t hash_;
  RecordReader reader_;
};

/// Adds the two sections to a record; nothing for an empty normalisation.
void add_normalisation(RecordWriter& writer, const Normalisation& normalisation);
void add_run(RecordWriter& writer, const Run& run);

}  // namespace insitu::desktop
