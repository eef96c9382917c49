// fleet merge: the average of what many devices have learnt, weighted by their samples (FedAvg).
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "../atomic_file.h"
#include "../error.h"
#include "../record_file.h"
#include "../records.h"
#include "exact_sum.h"
#include "exchange.h"
#include "mlp.h"

namespace insitu::desktop {
namespace {

struct Device {
  std::string path;
  std::optional<std::uint64_t> samples;  ///< where the user says it
};

std::optional<std::uint64_t> whole_number(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// "node7.insitu=1200", or without a number.
Device device_of(const std::string& argument) {
  const std::size_t at = argument.rfind('=');
  const std::optional<std::uint64_t> samples = at == std::string::npos ? std::nullopt : whole_number(argument.substr(at + 1));
  return samples ? Device{argument.substr(0, at), samples} : Device{argument, std::nullopt};
}

std::vector<Device> devices_of(const FleetOptions& options) {
  std::vector<Device> devices;
  for (const std::string& file : options.files) devices.push_back(device_of(file));
  if (options.list.empty()) return devices;
  const Bytes bytes = read_stored(options.list);
  Records lines({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, ',', options.list);
  for (std::vector<std::string> fields; lines.next(fields);) {
    const std::optional<std::uint64_t> samples = fields.size() == 2 ? whole_number(fields[1]) : std::nullopt;
    if (fields.size() > 2 || (fields.size() == 2 && !samples)) {
      throw Error(options.list, ", line ", lines.line(), ": a line is a file, and after a comma the number of its samples");
    }
    devices.push_back({fields[0], samples});
  }
  return devices;
}

/// What records must have in common, to the bit, to have an average: the part of the network that they hold, and the normalisation of its inputs.
struct Kind {
  Section section;
  std::size_t count;  ///< of the numbers in it
  std::vector<std::uint32_t> layers, normalisation;

  explicit Kind(const RecordFile& file)
      : section(file.length(Section::Parameters) >= 0 ? Section::Parameters : Section::Trained),
        count(static_cast<std::size_t>(std::max(file.length(section), 0))),
        layers(file.words(Section::Layers)),
        normalisation(file.words(Section::Normalisation)) {}
  bool operator==(const Kind&) const = default;
  const char* difference(const Kind& other) const {
    if (section != other.section) return "one a whole network, and one a part";
    if (layers != other.layers) return "different trained layers";
    return count != other.count ? "different numbers of weights" : "different normalisations of the inputs";
  }
};

/// Ends the whole merge, where refusing one record would let their order say which.
struct Unmergeable : Error {
  using Error::Error;
};

class Merge {
 public:
  Merge(const FleetOptions& options, std::uint64_t hash, const std::string& network) : options_(options), hash_(hash), network_(network) {
    if (!options.like.empty()) be_like(Kind(RecordFile(options.like, hash, network)), options.like);
  }

  /// Throws Error for a record that is damaged, foreign or not like --like; nothing of it has then been added.
  void add(const Device& device) {
    const RecordFile file(device.path, hash_, network_);
    const Kind kind(file);
    if (kind.count == 0) throw Error(device.path, " holds no weights");
    const std::vector<std::uint32_t> words = file.words(kind.section);
    constexpr std::uint32_t Exponent = 0x7f800000u;
    if (std::any_of(words.begin(), words.end(), [](std::uint32_t w) { return (w & Exponent) == Exponent; })) {
      throw Error(device.path, " holds a weight that is NaN or infinite");
    }
    const std::uint64_t samples = samples_of(device, file);
    if (kind_ && kind != *kind_ && !options_.like.empty()) throw Error(device.path, " and ", like_, " hold ", kind.difference(*kind_));
    if (kind_ && kind != *kind_) {
      throw Unmergeable(device.path, " and ", like_, " hold ", kind.difference(*kind_),
                        ", and nothing says which is right: say --like and a checkpoint that is");
    }
    if (samples >= ExactSum::TotalLimit - total_) throw Unmergeable("the records have learnt from more than 2^62 samples together");
    if (!kind_) be_like(kind, device.path);
    sums_.resize(kind.count);
    for (std::size_t k = 0; k < words.size(); ++k) sums_[k].add(std::bit_cast<float>(words[k]), samples);
    total_ += samples;
  }

  std::uint64_t total() const { return total_; }

  Bytes record() const {
    std::vector<float> means;
    means.reserve(sums_.size());
    for (const ExactSum& sum : sums_) means.push_back(sum.mean(total_));
    const std::vector<std::uint32_t>&layers = kind_->layers, &normalisation = kind_->normalisation;
    Bytes bytes(64 + 4 * (means.size() + layers.size() + normalisation.size()));
    RecordWriter writer(bytes.data(), static_cast<int>(bytes.size()), hash_);
    if (!layers.empty()) writer.add(Section::Layers, layers.data(), static_cast<int>(layers.size()));
    writer.add(kind_->section, means.data(), static_cast<int>(means.size()));
    if (!normalisation.empty()) writer.add(Section::Normalisation, normalisation.data(), static_cast<int>(normalisation.size()));
    if (const Status status = writer.end(); status != Status::Ok) throw Error(options_.out, ": ", text(status));
    bytes.resize(static_cast<std::size_t>(writer.size()));
    return bytes;
  }

 private:
  const FleetOptions& options_;
  std::uint64_t hash_;
  std::string network_;
  std::optional<Kind> kind_;
  std::string like_;  // the record that kind_ is of
  std::vector<ExactSum> sums_;
  std::uint64_t total_ = 0;

  void be_like(const Kind& kind, const std::string& path) {
    kind_ = kind;
    like_ = path;
  }

  std::uint64_t samples_of(const Device& device, const RecordFile& file) const {
    const std::vector<std::uint32_t> step = file.words(Section::Step);
    if (!device.samples && step.size() != 1)
      throw Error(device.path, " does not say how many samples it has learnt from: say ", device.path, "=COUNT");
    const std::uint64_t samples = device.samples ? *device.samples : step[0] * options_.batch;
    if (samples == 0 || samples >= ExactSum::CountLimit)
      throw Error(device.path, " has learnt from ", samples, " samples, and 1 to 2^40 give it a weight");
    return samples;
  }
};

}  // namespace

int merge_fleet(const FleetOptions& options) {
  if (options.network.empty() && options.like.empty())
    throw Error("nothing says which network is merged: say --like and a checkpoint of it, or --network and its text");
  const std::uint64_t hash = options.network.empty() ? RecordFile(options.like).hash() : hash_of(options.network);
  const std::vector<Device> devices = devices_of(options);
  Merge merge(options, hash, options.network.empty() ? "that of " + options.like : options.network);
  std::size_t refused = 0;
  for (const Device& device : devices) {
    try {
      merge.add(device);
    } catch (const Unmergeable&) {
      throw;
    } catch (const Error& problem) {
      ++refused;
      std::fprintf(stderr, "insitu: refused: %s\n", problem.what());
    }
  }
  if (refused == devices.size()) throw Error("there is nothing to merge: ", refused, " records are refused, and there are no others");
  write_atomically(options.out, merge.record());
  std::printf("%s: the average of %zu records, %llu samples", options.out.c_str(), devices.size() - refused,
              static_cast<unsigned long long>(merge.total()));
  std::printf(refused > 0 ? "; %zu refused\n" : "\n", refused);
  return refused > 0 ? 1 : 0;
}

}  // namespace insitu::desktop
