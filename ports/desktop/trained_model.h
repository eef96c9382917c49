/// TrainedModel: parameters, trainer, normalisation and run, together in memory and in a checkpoint.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "atomic_file.h"
#include "error.h"
#include "record_file.h"

namespace insitu::desktop {

/// The network's canonical text.
template <class Net>
std::string network_text() {
  return Text<Net>().characters;
}

/// What prediction needs of a checkpoint; Run is empty where it comes from a device.
template <class Net>
struct Weights {
  alignas(Alignment) Parameters<Net> parameters{};
  Normalisation normalisation;
  std::optional<Run> run;

  void load(const std::string& path) {
    const RecordFile file(path, network_hash<Net>, network_text<Net>());
    normalisation = file.normalisation(Net::inputs);
    run = file.run();
    file.floats(Section::Parameters, reinterpret_cast<float*>(&parameters), float_count<Parameters<Net>>);
  }
};

template <class T>
struct TrainedModel {
  using Net = typename T::Network;
  using Optimizer = typename T::Inner;
  static_assert(std::is_trivially_copyable_v<Optimizer> && sizeof(Optimizer) % sizeof(float) == 0,
                "insitu: an optimizer that is saved consists of floats");
  static constexpr int settings = static_cast<int>(sizeof(Optimizer) / sizeof(float));
  static constexpr int slots = Optimizer::slots * float_count<Trained<Net>>;

  alignas(Alignment) Parameters<Net> parameters{};
  alignas(Alignment) T trainer{};
  Normalisation normalisation;
  Run run;
  std::vector<float> best;  ///< parameters of the best epoch so far, where training stops early; otherwise empty

  /// Throws Error where it cannot be written; an older file of that name is then as it was.
  void save(const std::string& path) {
    const std::vector<float> optimizer = optimizer_state();
    const std::size_t capacity =
        1024 +
        4 * (static_cast<std::size_t>(float_count<Parameters<Net>>) + optimizer.size() + 2 * normalisation.offset.size() + best.size()) +
        run.text().size();
    Bytes bytes(capacity);
    RecordWriter writer(bytes.data(), static_cast<int>(capacity), network_hash<Net>);
    const auto step = static_cast<std::uint32_t>(run.step);
    writer.add(Section::Parameters, reinterpret_cast<const float*>(&parameters), float_count<Parameters<Net>>);
    add_normalisation(writer, normalisation);
    writer.add(Section::Optimizer, optimizer.data(), static_cast<int>(optimizer.size()));
    writer.add(Section::Step, &step, 1);
    add_run(writer, run);
    if (!best.empty()) writer.add(BestSection, best.data(), static_cast<int>(best.size()));
    const Status status = writer.end();
    if (status != Status::Ok) throw Error(path, ": ", text(status));
    write_atomically(path, std::span<const unsigned char>(bytes).first(static_cast<std::size_t>(writer.size())));
  }

  /// Everything, so that training goes on as if it had not stopped.
  void load(const std::string& path) {
    const RecordFile file(path, network_hash<Net>, network_text<Net>());
    const std::optional<Run> read = file.run();
    if (!read) throw Error(path, ": expected a checkpoint of a training run, found parameters alone");
    if (read->optimizer != Optimizer::name)
      throw Error(path, " was trained with ", read->optimizer, ", and this program trains with ", Optimizer::name);
    if (read->batch != static_cast<std::uint64_t>(T::batch))
      throw Error(path, " was trained with batches of ", read->batch, ", and this program trains with ", T::batch);
    std::vector<float> optimizer(static_cast<std::size_t>(settings + slots));
    file.floats(Section::Optimizer, optimizer.data(), static_cast<int>(optimizer.size()));
    file.floats(Section::Parameters, reinterpret_cast<float*>(&parameters), float_count<Parameters<Net>>);
    normalisation = file.normalisation(Net::inputs);
    run = *read;
    if (file.length(BestSection) > 0) {
      best.resize(static_cast<std::size_t>(float_count<Parameters<Net>>));
      file.floats(BestSection, best.data(), static_cast<int>(best.size()));
    }
    std::copy_n(optimizer.data(), settings, reinterpret_cast<float*>(&unclipped(trainer.optimizer)));
    if constexpr (slots > 0) std::copy_n(optimizer.data() + settings, slots, reinterpret_cast<float*>(&trainer.state));
  }

 private:
  std::vector<float> optimizer_state() {
    const float* begin = reinterpret_cast<const float*>(&unclipped(trainer.optimizer));
    std::vector<float> state(begin, begin + settings);
    if constexpr (slots > 0)
      state.insert(state.end(), reinterpret_cast<const float*>(&trainer.state), reinterpret_cast<const float*>(&trainer.state) + slots);
    return state;
  }
};

}  // namespace insitu::desktop
