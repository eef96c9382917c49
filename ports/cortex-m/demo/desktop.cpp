// desktop DRIFTED SOUND CRC: the device's run again on this machine, which must end with the same CRC; what it costs in the factory's task; and what a
// network without a factory makes of the same samples.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "tuning.h"
#include "weights.h"

namespace {

using namespace insitu;
using namespace insitu::demo;

class Source {
 public:
  explicit Source(const char* path) : file(std::fopen(path, "rb")) {
    if (file == nullptr) {
      std::fprintf(stderr, "%s cannot be read\n", path);
      std::exit(2);
    }
  }
  ~Source() { std::fclose(file); }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  void rewind() { std::rewind(file); }
  void next(Sample& sample) {
    if (std::fread(&sample, sizeof sample, 1, file) != 1) std::exit(3);
  }

 private:
  std::FILE* file;
};

double percent(int right) { return 100.0 * right / HeldOut; }

/// The best of three rates, so that the comparison is fair.
double without_factory(Source& source) {
  double best = 0;
  for (float rate : {0.01f, 0.02f, 0.05f}) {
    const auto device = std::make_unique<Device<Digits>>();
    initialize(device->trained, He{}, Random{5});
    device->keep(source);
    device->tune(device->trained, rate, 1);
    const double here = percent(device->recognised(source, device->trained));
    if (here > best) best = here;
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  Source drifted(argv[1]), sound(argv[2]);
  const auto& factory = *reinterpret_cast<const Parameters<Tuned>*>(FactoryWeights);
  const auto device = std::make_unique<Device<Tuned>>();
  copy_factory<Tuned>(factory, device->trained);
  device->keep(drifted);
  const double sound_before = percent(device->recognised(sound, factory)), before = percent(device->recognised(drifted, factory));
  device->tune(factory, Rate, 1);
  const double after = percent(device->recognised(drifted, factory)), random = without_factory(drifted);
  std::printf("this machine: %.1f %% before, %.1f %% after; CRC %x\n", before, after, static_cast<unsigned>(device->checksum()));
  std::printf("with a sound sensor: %.1f %% from the factory, %.1f %% after tuning to the drifted one\n", sound_before,
              percent(device->recognised(sound, factory)));
  if (argc < 4) return 0;
  const bool same = static_cast<std::uint32_t>(std::strtoul(argv[3], nullptr, 16)) == device->checksum();
  std::printf(same ? "device and desktop hold the same bits\n" : "device and desktop DIFFER\n");
  std::printf("tuning %s a random start trained on the same samples: %.1f %% against %.1f %%\n", after > random ? "beats" : "does NOT beat",
              after, random);
  return same && after > random ? 0 : 1;
}
