#include "record_file.h"

#include <algorithm>
#include <limits>

#include "error.h"

namespace insitu::desktop {
namespace {

std::optional<Run> read_run(const RecordReader& reader, const std::string& path) {
  const int words = reader.length(Section::User);
  if (words < 0) return std::nullopt;
  std::vector<std::uint32_t> content(static_cast<std::size_t>(words));
  if (reader.read(Section::User, content.data(), words) != Status::Ok) return std::nullopt;
  std::string text;
  for (const std::uint32_t word : content) {
    for (int k = 0; k < 4; ++k) text += static_cast<char>(word >> (8 * k) & 0xff);
  }
  return Run::parse(text, path);
}

std::uint64_t hash_in(const Bytes& bytes) {
  std::uint64_t hash = 0;
  for (std::size_t at = 16; at-- > 8 && bytes.size() >= 16;) hash = hash << 8 | bytes[at];
  return hash;
}

/// " (dense 2 3 sigmoid; dense 3 1 sigmoid)", where a record says to which network it belongs.
std::string network_in(const Bytes& bytes, int size, const std::string& path) {
  RecordReader reader;
  if (reader.open(bytes.data(), size, hash_in(bytes)) != Status::Ok) return "";
  const std::optional<Run> run = read_run(reader, path);
  return run && !run->network.empty() ? " (" + run->network + ")" : "";
}

int size_of(const Bytes& bytes, const std::string& path) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw Error(path, " is larger than 2 GiB, the most that a checkpoint has");
  return static_cast<int>(bytes.size());
}

}  // namespace

RecordFile::RecordFile(const std::string& path, std::uint64_t hash, const std::string& network)
    : path_(path), bytes_(read_stored(path)), hash_(hash) {
  const int size = size_of(bytes_, path);
  const Status status = reader_.open(bytes_.data(), size, hash);
  if (status == Status::OtherNetwork) {
    throw Error(path, ": expected weights of this network (", network, "), found those of another", network_in(bytes_, size, path));
  }
  if (status != Status::Ok) throw Error(path, ": ", text(status));
}

RecordFile::RecordFile(const std::string& path) : path_(path), bytes_(read_stored(path)), hash_(hash_in(bytes_)) {
  const Status status = reader_.open(bytes_.data(), size_of(bytes_, path), hash_);
  if (status != Status::Ok) throw Error(path, ": ", text(status));
}

void RecordFile::floats(Section kind, float* to, int count) const {
  const Status status = reader_.read(kind, to, count);
  if (status == Status::MissingSection)
    throw Error(path_, ": expected a section of kind ", static_cast<unsigned>(kind), ", found none (",
                kind == Section::Parameters ? "it holds no parameters" : "it holds no state of a training run to go on from", ")");
  if (status != Status::Ok)
    throw Error(path_, ": expected a section of ", count, " numbers of kind ", static_cast<unsigned>(kind), ", found ",
                reader_.length(kind));
}

std::vector<std::uint32_t> RecordFile::words(Section kind) const {
  std::vector<std::uint32_t> result(static_cast<std::size_t>(std::max(reader_.length(kind), 0)));
  if (!result.empty() && reader_.read(kind, result.data(), static_cast<int>(result.size())) != Status::Ok) result.clear();
  return result;
}

Normalisation RecordFile::normalisation(int features) const {
  Normalisation result;
  if (reader_.length(Section::Normalisation) < 0) return result;
  std::vector<float> both(2 * static_cast<std::size_t>(features));
  floats(Section::Normalisation, both.data(), static_cast<int>(both.size()));
  result.offset.assign(both.begin(), both.begin() + features);
  result.scale.assign(both.begin() + features, both.end());
  return result;
}

std::optional<Run> RecordFile::run() const { return read_run(reader_, path_); }

void add_normalisation(RecordWriter& writer, const Normalisation& normalisation) {
  if (normalisation.offset.empty()) return;
  std::vector<float> both = normalisation.offset;
  both.insert(both.end(), normalisation.scale.begin(), normalisation.scale.end());
  writer.add(Section::Normalisation, both.data(), static_cast<int>(both.size()));
}

void add_run(RecordWriter& writer, const Run& run) {
  std::string text = run.text();
  while (text.size() % 4 != 0) text += '\n';
  std::vector<std::uint32_t> words(text.size() / 4, 0);
  for (std::size_t k = 0; k < text.size(); ++k)
    words[k / 4] |= static_cast<std::uint32_t>(static_cast<unsigned char>(text[k])) << (8 * (k % 4));
  writer.add(Section::User, words.data(), static_cast<int>(words.size()));
}

}  // namespace insitu::desktop
