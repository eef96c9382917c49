/// Budget<Network, Training>: what a network and its training take, in bytes and floating-point operations, known to the compiler. Beside it stands the stack of
/// the calls themselves, which depends on the compiler: `make stack` prints it.
#pragma once

#include "online_trainer.h"
#include "sliced_trainer.h"

namespace insitu {

/// Multiply-adds of one sample's forward product; a layer of the user's counts its parameters.
template <class Net, int I = 0>
constexpr long long multiply_adds() {
  using L = typename Net::template Layer<I>;
  long long n = is_dense<typename Net::template Whole<I>> ? static_cast<long long>(L::inputs) * L::outputs
                                                          : float_count<typename L::template Tensors<float>>;
  if constexpr (I + 1 < Net::depth) n += multiply_adds<Net, I + 1>();
  return n;
}

/// The two buffers in which hidden layers take turns.
template <class Net, int Samples>
inline constexpr int workspace_bytes = [] {
  if constexpr (Net::depth == 1)
    return 0;
  else
    return static_cast<int>(sizeof(Turn<Net, 0, Net::depth - 1, Samples, float>) + sizeof(Turn<Net, 1, Net::depth - 1, Samples, float>));
}();

template <class Net, class Training = void>
struct Budget {
  static_assert(std::is_void_v<Training>,
                "insitu: Budget counts a trainer for the network it trains: write Budget<Network, Trainer<Network, ...>>");
};

/// Inference alone.
template <class Net>
struct Budget<Net, void> {
  static constexpr int parameters = float_count<Parameters<Net>> * 4;  ///< weights and biases
  static constexpr int flash = parameters;                             ///< where they stay constant
  static constexpr int workspace = workspace_bytes<Net, 1>;            ///< of predict, on the stack, beside input and output
  static constexpr int ram = workspace;
  static constexpr long long flops = 2 * multiply_adds<Net>();  ///< a sample, forward
};

/// With training: RAM holds what training changes and the trainer; flash holds a factory copy only where something is frozen.
template <class Net, class L, class O, class B>
struct Budget<Net, Trainer<Net, L, O, B>> {
  using Training = Trainer<Net, L, O, B>;
  static constexpr int parameters = float_count<Parameters<Net>> * 4;
  static constexpr int trained = float_count<Trained<Net>> * 4;
  static constexpr int flash = Net::all_trained ? 0 : parameters;
  static constexpr int trainer = static_cast<int>(sizeof(Training));  ///< activations, optimizer state, one scaled delta
  static constexpr int workspace = workspace_bytes<Net, 1>;
  static constexpr int ram = trained + trainer;
  static constexpr long long flops = 6 * multiply_adds<Net>();  ///< a sample, forward, backward and update, where all layers are trained
};

/// Online: the weights are the trainer's own.
template <class Net, class L>
struct Budget<Net, OnlineTrainer<Net, L>> : Budget<Net, Trainer<Net, L, Sgd, Batch<1>>> {
  static constexpr int ram = static_cast<int>(sizeof(OnlineTrainer<Net, L>));
  static constexpr int trainer = ram - Budget<Net, Trainer<Net, L, Sgd, Batch<1>>>::trained;
};

/// With a guard: its copy of what training changes, where it keeps one, is part of the trainer's bytes.
template <class Training, class Judge, class Keep>
struct Budget<typename Training::Network, SafeTrainer<Training, Judge, Keep>> : Budget<typename Training::Network, Training> {
  using Net = typename Training::Network;
  using Base = Budget<Net, Training>;
  static constexpr int trainer = static_cast<int>(sizeof(SafeTrainer<Training, Judge, Keep>));
  static constexpr int copy = Keep::copies ? Base::trained : 0;
  static constexpr int flash = Keep::copies ? Base::flash : Base::parameters;
  static constexpr int ram = Base::trained + trainer;
  static constexpr int own_gradient = Base::trained;  ///< the caller's, for apply; not in ram
};

/// In slices: the same and the state of the step at hand.
template <class Training>
struct Budget<typename Training::Network, SlicedTrainer<Training>> : Budget<typename Training::Network, Training> {
  using Base = Budget<typename Training::Network, Training>;
  static constexpr int trainer = static_cast<int>(sizeof(SlicedTrainer<Training>));
  static constexpr int ram = Base::trained + trainer;
};

template <class Training, class Judge, class Keep>
struct Budget<typename Training::Network, SafeSlicedTrainer<Training, Judge, Keep>>
    : Budget<typename Training::Network, SafeTrainer<Training, Judge, Keep>> {
  using Base = Budget<typename Training::Network, SafeTrainer<Training, Judge, Keep>>;
  static constexpr int trainer = static_cast<int>(sizeof(SafeSlicedTrainer<Training, Judge, Keep>));
  static constexpr int ram = Base::trained + trainer;
};

}  // namespace insitu
