#include "model/four_samples.h"

#include <doctest/doctest.h>

#include "tests/model/problem.h"

using namespace insitu;

namespace {

/// Four samples as a whole batch, and as the beginning of a larger one, which goes through memory.
template <class Net, class Loss>
void same_as_part_of_a_batch() {
  const problem::Data<Net, 8> data{11};
  Matrix<4, Net::inputs> x;
  Matrix<4, 1> t;
  for (int k = 0; k < 4 * Net::inputs; ++k) x.data[k] = data.inputs.data[k];
  for (int s = 0; s < 4; ++s) t(s, 0) = data.targets(s, 0);
  Parameters<Net> whole, part;
  initialize(whole, Glorot{}, Random{12});
  part = whole;
  const Parameters<Net> start = whole;
  Trainer<Net, Loss, Sgd, Batch<4>> four{.optimizer = {.learning_rate = 0.3f}};
  Trainer<Net, Loss, Sgd, Batch<8>> eight{.optimizer = {.learning_rate = 0.3f}};
  int same = 0;
  for (int step = 0; step < 30; ++step) {
    const float loss = four.step(whole, x, t);
    same += loss == eight.step(part, data.inputs, data.targets, 4) && problem::same_bytes(whole, part);
  }
  CHECK(same == 30);
  CHECK_FALSE(problem::same_bytes(whole, start));
}

}  // namespace

TEST_CASE("FourSamples: the bits that four samples of a larger batch have") {
  same_as_part_of_a_batch<Network<Dense<2, 3, Sigmoid>, Dense<3, 1, Sigmoid>>, BinaryCrossEntropy>();
  same_as_part_of_a_batch<Network<Dense<2, 3, Sigmoid>, Dense<3, 1, Sigmoid>>, MeanSquaredError>();
  same_as_part_of_a_batch<Network<Dense<4, 8, Tanh>, Dense<8, 1>>, Huber>();
  same_as_part_of_a_batch<Network<Dense<7, 5, Relu>, Dense<5, 6, LeakyRelu>, Dense<6, 1, Sigmoid>>, BinaryCrossEntropy>();
  same_as_part_of_a_batch<Network<Dense<1, 1, Tanh>, Dense<1, 1>>, MeanSquaredError>();
  same_as_part_of_a_batch<Network<Dense<8, 1, Sigmoid>>, BinaryCrossEntropy>();
}

#if !defined(__OPTIMIZE_SIZE__)
TEST_CASE("FourSamples: taken where there are vectors, for networks of at most 8 units a layer and one output") {
  constexpr bool vectors = !std::is_void_v<Vec4>;
  CHECK(fits_four_samples<Network<Dense<8, 8, Relu>, Dense<8, 1>>, MeanSquaredError>() == vectors);
  CHECK_FALSE(fits_four_samples<Network<Dense<9, 8, Relu>, Dense<8, 1>>, MeanSquaredError>());
  CHECK_FALSE(fits_four_samples<Network<Dense<8, 9, Relu>, Dense<9, 1>>, MeanSquaredError>());
  CHECK_FALSE(fits_four_samples<Network<Dense<8, 8, Relu>, Dense<8, 2>>, MeanSquaredError>());
  CHECK_FALSE(fits_four_samples<Network<Frozen<Dense<8, 8, Relu>>, Dense<8, 1>>, MeanSquaredError>());
}
#endif
