// Trains small networks from a seed and prints `network checkpoint crc` for three steps of each: the CRC-32C of all losses up to there and of the
// parameters; at the end `all 1 crc`, `all 2 crc`, `all 3 crc`, over the first, second and third checkpoints of all networks. `make bits` runs this on
// every variant of every port; every line must be the same. Inputs are exact in float, from an LCG of its own.
// With the argument `steps` it prints `network step tensor crc` for the loss and each tensor after every step: where two builds part.
#include <cstdio>
#include <cstring>

#include "model/insitu.h"

using namespace insitu;

namespace {

/// CRC-32C (Castagnoli), bit by bit.
struct Crc {
  std::uint32_t state = 0xFFFFFFFFu;
  void add(const void* bytes, unsigned size) {
    for (const auto *p = static_cast<const unsigned char*>(bytes), *end = p + size; p != end; ++p) {
      state ^= *p;
      for (int bit = 0; bit < 8; ++bit) state = (state >> 1) ^ (0x82F63B78u & (0u - (state & 1u)));
    }
  }
};

/// Numerical Recipes' LCG; the upper 24 bits as a float in [-1, 1).
struct Lcg {
  std::uint32_t state;
  std::uint32_t next() { return state = state * 1664525u + 1013904223u; }
  float uniform() { return static_cast<float>(static_cast<std::int32_t>(next() >> 8) - (1 << 23)) * 0x1p-23f; }
  int below(int n) { return static_cast<int>((next() >> 16) % static_cast<std::uint32_t>(n)); }
};

unsigned long value(const Crc& crc) { return static_cast<unsigned long>(~crc.state); }

bool every_step = false;
Crc checkpoints[3];

void print_tensor(const char* network, int step, int layer, const char* tensor, const void* bytes, unsigned size) {
  Crc crc;
  crc.add(bytes, size);
  std::printf("%s %d layer%d.%s %08lx\n", network, step, layer, tensor, value(crc));
}
template <class Chain>
void print_tensors(const char* network, int step, const Chain& parameters, int layer = 1) {
  print_tensor(network, step, layer, "weights", &parameters.layer.weights, sizeof parameters.layer.weights);
  print_tensor(network, step, layer, "bias", &parameters.layer.bias, sizeof parameters.layer.bias);
  if constexpr (requires { parameters.next; }) print_tensors(network, step, parameters.next, layer + 1);
}

/// Prints the CRC after `first`, `second` and `third` steps. fill(step, inputs, targets) makes the batch and returns its samples.
template <class Tuning, class Targets, class Initial, class Fill>
void train(const char* name, const decltype(Tuning::optimizer)& optimizer, const Initial& initial, int first, int second, int third,
           Fill fill) {
  using Net = typename Tuning::Network;
  alignas(Alignment) static Parameters<Net> parameters;
  alignas(Alignment) static Tuning trainer{};
  alignas(Alignment) static typename Tuning::Inputs inputs;
  static Targets targets;
  trainer.optimizer = optimizer;
  initialize(parameters, initial, Random{7});
  Crc losses;
  for (int step = 1; step <= third; ++step) {
    const int samples = fill(step, inputs, targets);
    const float loss = trainer.step(parameters, inputs, targets, samples);
    losses.add(&loss, sizeof loss);
    if (every_step) {
      Crc crc;
      crc.add(&loss, sizeof loss);
      std::printf("%s %d loss %08lx\n", name, step, value(crc));
      print_tensors(name, step, parameters);
    } else if (step == first || step == second || step == third) {
      Crc crc = losses;
      crc.add(&parameters, sizeof parameters);
      std::printf("%s %d %08lx\n", name, step, value(crc));
      checkpoints[step == third ? 2 : step == second ? 1 : 0].add(&crc.state, sizeof crc.state);
    }
  }
}

template <class Tensor>
void fill_uniform(Lcg& lcg, Tensor& tensor) {
  for (float& x : tensor) x = lcg.uniform();
}

void learn_xor() {
  using Net = Network<Dense<2, 3, Sigmoid>, Dense<3, 1, Sigmoid>>;
  train<Trainer<Net, MeanSquaredError, Sgd, Batch<4>>, Matrix<4, 1>>("xor", {.learning_rate = 0.5f}, Glorot{}, 1, 20, 500,
                                                                     [](int, Matrix<4, 2>& x, Matrix<4, 1>& t) {
                                                                       x = {{0, 0, 0, 1, 1, 0, 1, 1}};
                                                                       t = {{0, 1, 1, 0}};
                                                                       return 4;
                                                                     });
}

void learn_two_classes() {
  using Net = Network<Dense<48, 8, Relu>, Dense<8, 1, Sigmoid>>;
  Lcg lcg{1};
  train<Trainer<Net, BinaryCrossEntropy, Sgd, Batch<10>>, Matrix<10, 1>>("48-8-1", {.learning_rate = 0.1f}, He{}, 1, 20, 60,
                                                                         [&](int, Matrix<10, 48>& x, Matrix<10, 1>& t) {
                                                                           fill_uniform(lcg, x);
                                                                           for (int s = 0; s < 10; ++s)
                                                                             t(s, 0) = x(s, 3) > x(s, 40) ? 1.0f : 0.0f;
                                                                           return 10;
                                                                         });
}

/// One-hot targets: the class is the largest of the first four inputs.
template <class Optimizer>
void learn_four_classes(const char* name, const Optimizer& optimizer) {
  using Net = Network<Dense<20, 16, Tanh>, Dense<16, 8, Relu>, Dense<8, 4, Softmax>>;
  Lcg lcg{2};
  train<Trainer<Net, CrossEntropy, Optimizer, Batch<5>>, Matrix<5, 4>>(name, optimizer, GlorotNormal{}, 1, 20, 60,
                                                                       [&](int, Matrix<5, 20>& x, Matrix<5, 4>& t) {
                                                                         fill_uniform(lcg, x);
                                                                         for (int s = 0; s < 5; ++s) {
                                                                           int best = 0;
                                                                           for (int j = 1; j < 4; ++j)
                                                                             best = x(s, j) > x(s, best) ? j : best;
                                                                           for (int j = 0; j < 4; ++j) t(s, j) = j == best ? 1.0f : 0.0f;
                                                                         }
                                                                         return 5;
                                                                       });
}

/// Ten patterns of 8 x 8 pixels of 0 to 16 sixteenths, with noise of up to 3 sixteenths; labels as indices; the last batch is a partial one.
void learn_digits() {
  using Net = Network<Dense<64, 32, Relu>, Dense<32, 10, Softmax>>;
  Lcg lcg{3};
  static Matrix<10, 64> patterns;
  for (float& pixel : patterns) pixel = static_cast<float>(lcg.below(17)) / 16.0f;
  train<Trainer<Net, CrossEntropy, Nesterov, Batch<8>>, Vector<8, int>>(
      "digits", {.learning_rate = 0.05f, .weight_decay = 0.001f}, He{}, 1, 10, 30, [&](int step, Matrix<8, 64>& x, Vector<8, int>& t) {
        for (int s = 0; s < 8; ++s) {
          t[s] = lcg.below(10);
          for (int i = 0; i < 64; ++i) x(s, i) = patterns(t[s], i) + static_cast<float>(lcg.below(7) - 3) / 16.0f;
        }
        return step == 30 ? 5 : 8;
      });
}

template <class Optimizer, class Loss>
void learn_odd_sizes(const char* name, const Optimizer& optimizer) {
  using Net = Network<Dense<7, 5, LeakyRelu>, Dense<5, 3>>;
  Lcg lcg{4};
  train<Trainer<Net, Loss, Optimizer, Batch<3>>, Matrix<3, 3>>(name, optimizer, HeNormal{}, 1, 20, 60,
                                                               [&](int, Matrix<3, 7>& x, Matrix<3, 3>& t) {
                                                                 fill_uniform(lcg, x);
                                                                 for (int s = 0; s < 3; ++s)
                                                                   for (int j = 0; j < 3; ++j) t(s, j) = x(s, 2 * j) - x(s, j + 4);
                                                                 return 3;
                                                               });
}

/// Driven into saturation: weights so large that activations reach 0, 1 and -1 exactly or nearly, and deltas shrink layer by layer towards the subnormals,
/// which half of the ports flush. Weights and inputs are normal numbers throughout.
template <class Activation, class Optimizer>
void saturate(const char* name, const Optimizer& optimizer, float limit) {
  using Net = Network<Dense<6, 9, Activation>, Dense<9, 6, Activation>, Dense<6, 5, Activation>, Dense<5, 3, Activation>>;
  Lcg lcg{5};
  train<Trainer<Net, MeanSquaredError, Optimizer, Batch<4>>, Matrix<4, 3>>(name, optimizer, Uniform{limit}, 1, 50, 400,
                                                                           [&](int, Matrix<4, 6>& x, Matrix<4, 3>& t) {
                                                                             fill_uniform(lcg, x);
                                                                             for (int s = 0; s < 4; ++s)
                                                                               for (int j = 0; j < 3; ++j)
                                                                                 t(s, j) = x(s, j) > 0 ? 1.0f : 0.0f;
                                                                             return 4;
                                                                           });
}

/// Not in main, which asks first whether vectors are as long as their code expects.
[[gnu::noinline]] void learn_all() {
  learn_xor();
  learn_two_classes();
  learn_four_classes<Momentum>("momentum", {.learning_rate = 0.05f});
  learn_four_classes<Adam>("adam", {.learning_rate = 0.01f});
  learn_four_classes<ClipNorm<Sgd>>("clip", {.optimizer = {.learning_rate = 0.1f}, .max_norm = 0.5f});
  learn_digits();
  learn_odd_sizes<RmsProp, Huber>("rmsprop", {});
  learn_odd_sizes<AdamW, MeanSquaredError>("adamw", {.learning_rate = 0.01f});
  saturate<Sigmoid, Sgd>("saturated", {.learning_rate = 20.0f}, 40.0f);
  saturate<Tanh, Momentum>("flat", {.learning_rate = 0.5f}, 8.0f);
}

}  // namespace

int main(int argc, char** argv) {
  if (!vectors_fit()) {
    std::fprintf(stderr, "this processor's vectors have another length than these were compiled for\n");
    return 3;
  }
  every_step = argc > 1 && std::strcmp(argv[1], "steps") == 0;
  learn_all();
  if (every_step) return 0;
  for (int k = 0; k < 3; ++k) std::printf("all %d %08lx\n", k + 1, value(checkpoints[k]));
}
