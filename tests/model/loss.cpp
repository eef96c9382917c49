#include "model/loss.h"

#include <doctest/doctest.h>

#include "model/gradient_check.h"
#include "tests/model/problem.h"

using namespace insitu;

namespace {

constexpr int Samples = 3, Out = 4;
using M = Matrix<Samples, Out>;

struct Numbers {
  M z, targets;
  explicit Numbers(std::uint64_t seed, float scale = 3.0f) {
    Random random{seed};
    problem::fill(z, random, scale), problem::fill(targets, random, 1.0f);
  }
};

/// Every row of the targets a distribution.
void normalise(M& targets) {
  for (int s = 0; s < Samples; ++s) {
    float sum = 0.0f;
    for (int j = 0; j < Out; ++j) sum += targets(s, j) = targets(s, j) * targets(s, j) + 0.1f;
    for (int j = 0; j < Out; ++j) targets(s, j) /= sum;
  }
}

/// The loss and dz in float against a plain loop of reference.h in double, for partial batches as well.
template <class Act, class Loss, class Reference>
void check_loss(const Loss& loss, const Numbers& numbers, const Reference& plain) {
  CAPTURE(Loss::name);
  for (int rows = 1; rows <= Samples; ++rows) {
    CAPTURE(rows);
    M z = numbers.z;
    const float got = loss.template evaluate<Act>(z, numbers.targets, rows);
    auto wide = widen<Matrix<Samples, Out, double>>(numbers.z);
    const auto targets = widen<Matrix<Samples, Out, double>>(numbers.targets);
    Matrix<Samples, Out, double> dz;
    const double want = plain(wide.data, targets.data, dz.data, rows);
    CHECK(static_cast<double>(got) == doctest::Approx(want).epsilon(1e-6));
    for (int k = 0; k < rows * Out; ++k) CHECK(std::fabs(static_cast<double>(z.data[k]) - dz.data[k]) < 3e-7);
    for (int k = rows * Out; k < Samples * Out; ++k) CHECK(z.data[k] == numbers.z.data[k]);
  }
}

}  // namespace

TEST_CASE("losses: value and gradient are those of the plain loops, for whole and for partial batches") {
  check_loss<Identity>(MeanSquaredError{}, Numbers(1),
                       [](auto* z, auto* t, auto* dz, int rows) { return reference::mean_squared_error(z, t, dz, rows, Out); });
  for (float delta : {0.5f, 1.0f, 2.0f}) {
    check_loss<Identity>(Huber{.delta = delta}, Numbers(2), [&](auto* z, auto* t, auto* dz, int rows) {
      return reference::huber(z, t, dz, rows, Out, static_cast<double>(delta));
    });
  }
  Numbers coins(3);
  for (float& t : coins.targets) t = t > 0.0f ? 1.0f : 0.25f;
  check_loss<Sigmoid>(BinaryCrossEntropy{}, coins,
                      [](auto* z, auto* t, auto* dz, int rows) { return reference::binary_cross_entropy(z, t, dz, rows, Out); });
  check_loss<Identity>(BinaryCrossEntropy{}, coins,
                       [](auto* z, auto* t, auto* dz, int rows) { return reference::binary_cross_entropy(z, t, dz, rows, Out); });
  Numbers classes(4);
  normalise(classes.targets);
  check_loss<Softmax>(CrossEntropy{}, classes,
                      [](auto* z, auto* t, auto* dz, int rows) { return reference::cross_entropy(z, t, dz, rows, Out); });
  check_loss<Identity>(CrossEntropy{}, classes,
                       [](auto* z, auto* t, auto* dz, int rows) { return reference::cross_entropy(z, t, dz, rows, Out); });
}

TEST_CASE("losses: the reference's gradients against central differences") {
  const auto check = [](auto&& loss, std::uint64_t seed) {
    Numbers numbers(seed);
    normalise(numbers.targets);
    auto z = widen<Matrix<Samples, Out, double>>(numbers.z);
    const auto t = widen<Matrix<Samples, Out, double>>(numbers.targets);
    Matrix<Samples, Out, double> dz, unused;
    loss(z.data, t.data, dz.data);
    for (int k = 0; k < Samples * Out; ++k) {
      const double middle = z.data[k], h = 1e-5;
      z.data[k] = middle + h;
      const double above = loss(z.data, t.data, unused.data);
      z.data[k] = middle - h;
      const double below = loss(z.data, t.data, unused.data);
      z.data[k] = middle;
      CHECK(std::fabs((above - below) / (2 * h) - dz.data[k]) < 1e-9);
    }
  };
  check([](auto* z, auto* t, auto* dz) { return reference::mean_squared_error(z, t, dz, Samples, Out); }, 5);
  check([](auto* z, auto* t, auto* dz) { return reference::huber(z, t, dz, Samples, Out, 1.0); }, 6);
  check([](auto* z, auto* t, auto* dz) { return reference::binary_cross_entropy(z, t, dz, Samples, Out); }, 7);
  check([](auto* z, auto* t, auto* dz) { return reference::cross_entropy(z, t, dz, Samples, Out); }, 8);
}

TEST_CASE("losses: figures by hand, as PyTorch defines the mean") {
  Matrix<2, 2> z = {{1, 2, 3, 5}};
  const Matrix<2, 2> t = {{0, 2, 1, 1}};
  Matrix<2, 2> dz = z;
  CHECK(MeanSquaredError{}.evaluate<Identity>(dz, t, 2) == 5.25f);  // (1 + 0 + 4 + 16) / 4
  CHECK(dz(1, 1) == 2.0f);                                          // 2 * 4 / 4
  dz = z;
  CHECK(Huber{}.evaluate<Identity>(dz, t, 2) == 1.375f);  // (0.5 + 0 + 1.5 + 3.5) / 4
  CHECK(dz(1, 1) == 0.25f);
  Matrix<2, 2> zero = {{0, 0, 0, 0}};
  const Matrix<2, 2> first = {{1, 0, 1, 0}};
  CHECK(static_cast<double>(BinaryCrossEntropy{}.evaluate<Sigmoid>(zero, first, 2)) ==
        doctest::Approx(0.69314718056).epsilon(1e-7));  // mean over 4
  CHECK(zero(0, 0) == -0.125f);
  zero = {{0, 0, 0, 0}};
  CHECK(static_cast<double>(CrossEntropy{}.evaluate<Softmax>(zero, first, 2)) ==
        doctest::Approx(0.69314718056).epsilon(1e-7));  // mean over 2
  CHECK(zero(0, 0) == -0.25f);
}

TEST_CASE("losses: class indices give the bits of one-hot rows; an index outside stands for no class") {
  const Numbers numbers(9);
  const Vector<Samples, int> labels = {{2, 0, 3}};
  M one_hot = {};
  for (int s = 0; s < Samples; ++s) one_hot(s, labels[s]) = 1.0f;
  M by_row = numbers.z, by_label = numbers.z;
  const float a = CrossEntropy{}.evaluate<Softmax>(by_row, one_hot, Samples),
              b = CrossEntropy{}.evaluate<Softmax>(by_label, labels, Samples);
  CHECK(a == b);
  CHECK(problem::same_bytes(by_row, by_label));
  for (int outside : {-1, 4, 1000000, -2147483647}) {
    M z = numbers.z;
    const Vector<Samples, int> wrong = {{outside, outside, outside}};
    CHECK(CrossEntropy{}.evaluate<Softmax>(z, wrong, Samples) == 0.0f);
    for (float d : z) CHECK((d >= 0.0f && d <= 1.0f));
  }
}

TEST_CASE("WeightedCrossEntropy: PyTorch's mean over weights; equal weights change nothing but the rounding") {
  const Numbers numbers(10);
  const Vector<Samples, int> labels = {{1, 1, 3}};
  M plain = numbers.z, equal = numbers.z, weighted = numbers.z;
  const float want = CrossEntropy{}.evaluate<Softmax>(plain, labels, Samples);
  CHECK(WeightedCrossEntropy<Out>{{{3, 3, 3, 3}}}.evaluate<Softmax>(equal, labels, Samples) ==
        doctest::Approx(static_cast<double>(want)).epsilon(1e-6));
  CHECK(problem::distance(equal, plain) < 1e-6);

  // Weights 2 for class 1 and 0.5 for class 3: (2 l0 + 2 l1 + 0.5 l2) / 4.5.
  double each[Samples], sum = 0.0;
  const double w[Samples] = {2.0, 2.0, 0.5};
  for (int s = 0; s < Samples; ++s) {
    double z[Out], t[Out] = {}, dz[Out];
    for (int j = 0; j < Out; ++j) z[j] = static_cast<double>(numbers.z(s, j));
    t[labels[s]] = 1.0;
    each[s] = reference::cross_entropy(z, t, dz, 1, Out);
    sum += w[s] * each[s] / 4.5;
    for (int j = 0; j < Out; ++j) plain(s, j) = static_cast<float>(w[s] * dz[j] / 4.5);
  }
  CHECK(static_cast<double>(WeightedCrossEntropy<Out>{{{9, 2, 9, 0.5f}}}.evaluate<Softmax>(weighted, labels, Samples)) ==
        doctest::Approx(sum).epsilon(1e-6));
  CHECK(problem::distance(weighted, plain) < 1e-6);
}

TEST_CASE("losses: finite at saturation, where the textbook's form is NaN") {
  for (float size : {17.0f, 90.0f, 1e4f, 1e30f}) {
    CAPTURE(size);
    Matrix<1, 2> z = {{size, -size}};
    const Matrix<1, 2> right = {{1, 0}}, wrong = {{0, 1}};
    Matrix<1, 2> dz = z;
    const float good = BinaryCrossEntropy{}.evaluate<Sigmoid>(dz, right, 1);
    CHECK((good >= 0.0f && good < 1e-6f));
    CHECK((std::fabs(dz.data[0]) < 1e-6f && std::fabs(dz.data[1]) < 1e-6f));
    dz = z;
    CHECK(BinaryCrossEntropy{}.evaluate<Sigmoid>(dz, wrong, 1) == doctest::Approx(static_cast<double>(size)));
    CHECK(dz.data[0] == doctest::Approx(0.5));
    dz = z;
    const float fine = CrossEntropy{}.evaluate<Softmax>(dz, right, 1);
    CHECK((fine >= 0.0f && fine < 1e-6f));
    dz = z;
    CHECK(CrossEntropy{}.evaluate<Softmax>(dz, wrong, 1) == doctest::Approx(2.0 * static_cast<double>(size)));
    CHECK(dz.data[0] == doctest::Approx(1.0));
    CHECK(dz.data[1] == doctest::Approx(-1.0));
    dz = z;
    CHECK(Huber{}.evaluate<Identity>(dz, right, 1) < 2 * size);
    CHECK(dz.data[0] == 0.5f);
  }
}

TEST_CASE("losses: NaN in the outputs is seen in the loss") {
  Matrix<2, 2> z = {{0, 1, __builtin_nanf(""), 0}};
  const Matrix<2, 2> t = {{1, 0, 1, 0}};
  const auto nan = [](float x) { return (std::bit_cast<std::uint32_t>(x) << 1) > 0xff000000u; };
  for (int k = 0; k < 1; ++k) {
    Matrix<2, 2> dz = z;
    CHECK(nan(MeanSquaredError{}.evaluate<Identity>(dz, t, 2)));
    dz = z;
    CHECK(nan(BinaryCrossEntropy{}.evaluate<Sigmoid>(dz, t, 2)));
    dz = z;
    CHECK(nan(CrossEntropy{}.evaluate<Softmax>(dz, t, 2)));
    dz = z;
    CHECK(nan(Huber{}.evaluate<Identity>(dz, t, 2)));
  }
}

TEST_CASE("losses: which outputs they take") {
  static_assert(CrossEntropy::fits<Softmax> && CrossEntropy::fits<Identity> && !CrossEntropy::fits<Sigmoid>);
  static_assert(BinaryCrossEntropy::fits<Sigmoid> && BinaryCrossEntropy::fits<Identity> && !BinaryCrossEntropy::fits<Softmax>);
  static_assert(MeanSquaredError::fits<Relu> && MeanSquaredError::fits<Identity> && !MeanSquaredError::fits<Softmax>);
  static_assert(!Huber::fits<Softmax> && WeightedCrossEntropy<3>::fits<Softmax>);
}
