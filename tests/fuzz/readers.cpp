#include "tests/fuzz/readers.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "model/insitu.h"
#include "ports/desktop/bytes.h"
#include "ports/desktop/csv.h"
#include "ports/desktop/doctor/losses_file.h"
#include "ports/desktop/doctor/replay.h"
#include "ports/desktop/error.h"
#include "ports/desktop/exchange/checkpoint_file.h"
#include "ports/desktop/exchange/network_file.h"
#include "ports/desktop/idx.h"
#include "ports/desktop/npy.h"
#include "ports/desktop/npz.h"
#include "ports/desktop/run.h"

namespace insitu::fuzz {
namespace {

using namespace desktop;

void require(bool condition, const char* sentence) {
  if (!condition) throw Broken(sentence);
}

/// As many numbers as the shape says, none of which the file does not hold.
void check_array(const desktop::Array& array, std::size_t bytes) {
  std::size_t count = 1;
  for (const std::size_t n : array.shape) count *= n;
  require(!array.shape.empty() && count > 0, "an array without a number");
  require(count == array.values.size(), "the shape of an array is not that of its numbers");
  require(count <= bytes, "an array has more numbers than the file has bytes");
}

bool npy(Content bytes) {
  check_array(read_npy(bytes, "x.npy"), bytes.size());
  return true;
}

bool idx(Content bytes) {
  check_array(read_idx(bytes, "x.idx"), bytes.size());
  return true;
}

bool npz(Content bytes) {
  const Npz archive(bytes, "x.npz");
  for (const std::string& name : archive.names()) check_array(archive.read(name), 1100 * bytes.size());  // deflate packs 1,032 to 1 at most
  return !archive.names().empty();
}

bool gzip(Content bytes) {
  const Bytes packed(bytes.begin(), bytes.end());
  require(gunzip(packed, "x.gz").size() <= 1100 * packed.size(), "gzip data that unpacks to more than it can hold");
  return true;
}

bool csv(Content bytes) {
  const Table table = read_csv(bytes, "x.csv", {});
  check_array(table.inputs, bytes.size());
  require(table.labels.size() == table.inputs.rows() * table.label_columns.size(), "a table with a label for each row but one");
  require(table.lines.size() == table.inputs.rows(), "a table with a row of no line");
  return true;
}

bool losses(Content bytes) {
  const auto read = doctor::read_losses({bytes.begin(), bytes.end()}, "losses.csv");
  require(read.values.size() >= 2 && read.steps.size() == read.values.size(), "a curve without two losses, or with a loss of no step");
  for (std::size_t k = 1; k < read.steps.size(); ++k) require(read.steps[k] > read.steps[k - 1], "steps of a curve that do not rise");
  return true;
}

bool run(Content bytes) {
  const Run read = Run::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, "x.insitu");
  const std::string text = read.text();
  require(Run::parse(text, "x.insitu").text() == text, "a run that is not what it writes");
  return true;
}

using Net = Network<Dense<2, 3, Sigmoid>, Dense<3, 1, Sigmoid>>;

bool checkpoint(Content bytes) {
  Parameters<Net> parameters{}, before = parameters;
  const Status status = load<Net>(parameters, bytes.data(), static_cast<int>(bytes.size()));
  require(status == Status::Ok || std::memcmp(&parameters, &before, sizeof before) == 0, "a record was refused and half of it taken");
  return status == Status::Ok;
}

/// A flash that is as the file says. It cannot be written.
struct Image {
  static constexpr int read_size = 1, program_size = 4, block_size = 128, block_count = 3;
  Content bytes;
  Status read(int block, int offset, unsigned char* to, int count) {
    for (int k = 0; k < count; ++k) {
      const auto at = static_cast<std::size_t>(block * block_size + offset + k);
      to[k] = at < bytes.size() ? bytes[at] : 0xff;
    }
    return Status::Ok;
  }
  Status program(int, int, const unsigned char*, int) { return Status::DeviceFailed; }
  Status erase(int) { return Status::DeviceFailed; }
  Status sync() { return Status::Ok; }
};

bool store(Content bytes) {
  Image image{bytes};
  Store<Net, Image, Slots<3>> flash(image);
  Parameters<Net> loaded{}, factory{};
  const Loaded found = flash.load(loaded, factory);
  const Content weights(reinterpret_cast<const unsigned char*>(&loaded), sizeof loaded);
  require(found.from == LoadedFrom::Record ? std::search(bytes.begin(), bytes.end(), weights.begin(), weights.end()) != bytes.end()
                                           : std::memcmp(&loaded, &factory, sizeof factory) == 0,
          "a store gave weights that it does not hold in one piece");
  return found.from == LoadedFrom::Record;
}

bool flight(Content bytes) {
  using Training = Trainer<Net, MeanSquaredError, Sgd, Batch<2>>;
  static const Parameters<Net> factory{};
  const Replay flown = replay<Training>(bytes, factory);
  require(flown.problem.empty() || flown.steps.empty(), "a flight was refused and half of it flown");
  return flown.problem.empty();
}

/// A file of another library, by the ending of its name: what is taken from it is a network that fits together, and comes back to the bit.
bool imported(Content bytes, const char* name, const TensorRoles& roles) {
  const Mlp mlp = read_network(Bytes(bytes.begin(), bytes.end()), name, roles);
  check(mlp, name);
  require(mlp.parameter_count() <= 1100 * bytes.size(), "a network has more numbers than the file can hold");
  const Bytes record = record_of(mlp);
  require(record_of(read_network(network_file(mlp, "x.safetensors", {}), "x.safetensors", {})) == record,
          "a network is not what it writes");
  return true;
}

bool safetensors(Content bytes) { return imported(bytes, "x.safetensors", {{}, {"relu", "identity"}}); }
bool weights(Content bytes) { return imported(bytes, "x.npz", {{}, {"relu", "identity"}}); }
bool onnx(Content bytes) { return imported(bytes, "x.onnx", {}); }

constexpr Reader all[] = {
    {"npy", false, npy},
    {"npz", false, npz},
    {"idx", false, idx},
    {"gzip", false, gzip},
    {"csv", false, csv},
    {"losses", false, losses},
    {"run", false, run},
    {"checkpoint", true, checkpoint},
    {"store", false, store},
    {"flight", true, flight},
    {"safetensors", false, safetensors},
    {"weights", false, weights},
    {"onnx", false, onnx},
};

}  // namespace

std::span<const Reader> readers() { return all; }

}  // namespace insitu::fuzz
