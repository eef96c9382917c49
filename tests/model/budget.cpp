#include "model/budget.h"

#include <doctest/doctest.h>

using namespace insitu;

namespace {

using Digits = Network<Dense<64, 32, Relu>, Dense<32, 10, Softmax>>;
using Tuning = Trainer<Digits, CrossEntropy, Sgd, Batch<8>>;
using Tail = Network<Frozen<Dense<64, 32, Relu>>, Dense<32, 10, Softmax>>;
using TailTuning = Trainer<Tail, CrossEntropy, Sgd, Batch<8>>;
using Deep = Network<Dense<4, 50, Relu>, Dense<50, 3, Relu>, Dense<3, 20, Relu>, Dense<20, 7, Relu>, Dense<7, 2>>;

// Inference: parameters may stay in flash; the workspace holds hidden layers in two turns.
static_assert(Budget<Digits>::parameters == 2410 * 4 && Budget<Digits>::flash == 2410 * 4);
static_assert(Budget<Digits>::flops == 2 * (64 * 32 + 32 * 10));
static_assert(Budget<Digits>::workspace >= 32 * 4 && Budget<Digits>::ram == Budget<Digits>::workspace);
static_assert(Budget<Network<Dense<64, 10>>>::workspace == 0);
static_assert(Budget<Deep>::workspace == (50 + 7) * 4, "the widest of layers 0 and 2, and the widest of 1 and 3");

// Training: what an object takes is what the budget says.
static_assert(Budget<Digits, Tuning>::ram == static_cast<int>(sizeof(Parameters<Digits>) + sizeof(Tuning)));
static_assert(Budget<Digits, Tuning>::flash == 0 && Budget<Digits, Tuning>::flops == 6 * (64 * 32 + 32 * 10));
static_assert(Budget<Digits, Tuning>::ram <= 16 * 1024);
static_assert(Budget<Tail, TailTuning>::trained == 330 * 4 && Budget<Tail, TailTuning>::flash == 2410 * 4);
static_assert(Budget<Tail, TailTuning>::ram < Budget<Digits, Tuning>::ram - 2000 * 4);
static_assert(Budget<Digits, OnlineTrainer<Digits, CrossEntropy>>::ram == sizeof(OnlineTrainer<Digits, CrossEntropy>));
static_assert(Budget<Digits, OnlineTrainer<Digits, CrossEntropy>>::trained == 2410 * 4);
static_assert(Budget<Network<Dense<12288, 64, Relu>, Dense<64, 1, Sigmoid>>>::flops == 2ll * (12288 * 64 + 64));

}  // namespace

TEST_CASE("Budget: adam keeps two numbers for each parameter, momentum one, sgd none") {
  constexpr auto Ram = [](auto optimizer) { return Budget<Digits, Trainer<Digits, CrossEntropy, decltype(optimizer), Batch<8>>>::ram; };
  CHECK(Ram(Momentum{}) - Ram(SgdDecay{}) == doctest::Approx(2410 * 4).epsilon(0.01));
  CHECK(Ram(Adam{}) - Ram(Momentum{}) == doctest::Approx(2410 * 4).epsilon(0.01));
}
