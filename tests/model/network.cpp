#include "model/network.h"

#include <doctest/doctest.h>

#include "tests/model/problem.h"

using namespace insitu;

namespace {

using Digits = Network<Dense<64, 32, Relu>, Dense<32, 10, Softmax>>;
static_assert(sizeof(Parameters<Digits>) == 2410 * sizeof(float) && Digits::parameter_count == 2410, "exactly its floats");
static_assert(std::is_trivially_copyable_v<Parameters<Digits>> && std::is_standard_layout_v<Parameters<Digits>> &&
              std::is_aggregate_v<Parameters<Digits>>);
static_assert(alignof(Parameters<Digits>) == alignof(float), "no more alignment than a float's: whoever places it decides");
static_assert(std::is_trivially_default_constructible_v<Parameters<Digits>>);
static_assert(Digits::inputs == 64 && Digits::outputs == 10 && Digits::depth == 2 && Digits::widest == 32);
static_assert(Digits::all_trained && Digits::first_trained == 0);
static_assert(std::is_same_v<Parameters<Digits>, Trained<Digits>>, "nothing frozen: one block serves for both");
static_assert(sizeof(Parameters<Digits, double>) == 2410 * sizeof(double));

using One = Network<Dense<3, 1>>;
static_assert(sizeof(Parameters<One>) == 4 * sizeof(float) && One::depth == 1);

using Deep = Network<Dense<2, 3, Tanh>, Dense<3, 5, Relu>, Dense<5, 4, Sigmoid>, Dense<4, 1>>;
static_assert(Deep::parameter_count == 9 + 20 + 24 + 5 && Deep::widest == 5);

using Tail = Network<Frozen<Dense<64, 32, Relu>>, Dense<32, 10, Softmax>>;
static_assert(std::is_same_v<Parameters<Tail>, Parameters<Digits>>, "freezing does not change the parameters");
static_assert(sizeof(Trained<Tail>) == 330 * sizeof(float), "only what training changes");
static_assert(!Tail::all_trained && Tail::first_trained == 1);

using Biases = Network<BiasOnly<Dense<2, 3, Tanh>>, Dense<3, 2>>;
static_assert(sizeof(Trained<Biases>) == (3 + 8) * sizeof(float) && Biases::first_trained == 0 && !Biases::all_trained);

using Middle = Network<Dense<2, 3, Tanh>, Frozen<Dense<3, 5, Relu>>, Dense<5, 1>>;
static_assert(sizeof(Trained<Middle>) == (9 + 6) * sizeof(float) && Middle::first_trained == 0);

using Head = Network<Dense<2, 3, Tanh>, Frozen<Dense<3, 1>>>;
static_assert(sizeof(Trained<Head>) == 9 * sizeof(float));

using Nothing = Network<Frozen<Dense<2, 3, Tanh>>, Frozen<Dense<3, 1>>>;
static_assert(Nothing::first_trained == Nothing::depth && float_count<Trained<Nothing>> == 0);

template <class Net>
bool in_order(Parameters<Net>& p) {
  // get<I> is layer I, weights then bias, one after the other without gaps.
  const float* at = problem::floats(p);
  bool good = true;
  unroll<Net::depth>([&](auto layer) {
    auto& tensors = get<layer>(p);
    good = good && tensors.weights.data == at;
    at += tensors.weights.size;
    good = good && tensors.bias.data == at;
    at += tensors.bias.size;
  });
  return good && at == problem::floats(p) + Net::parameter_count;
}

}  // namespace

TEST_CASE("Parameters: layers in order, weights then bias, nothing between") {
  static Parameters<Digits> digits;
  CHECK(in_order<Digits>(digits));
  Parameters<Deep> deep;
  CHECK(in_order<Deep>(deep));
  CHECK(&get<2>(deep) == &deep.next.next.layer);
  Parameters<One> one = {{{{1, 2, 3}}, {{4}}}};
  CHECK(in_order<One>(one));
  CHECK(get<0>(one).bias[0] == 4.0f);
}

TEST_CASE("Parameters: copied as bytes, equal as bytes") {
  Random random{1};
  Parameters<Deep> p, copy;
  problem::fill(p, random);
  unsigned char bytes[sizeof p];
  std::memcpy(bytes, &p, sizeof p);
  std::memcpy(&copy, bytes, sizeof copy);
  CHECK(problem::same_bytes(p, copy));
  CHECK(get<3>(copy).bias[0] == get<3>(p).bias[0]);
}

TEST_CASE("Trained: frozen parts take no room wherever they are") {
  Trained<Middle> middle;
  CHECK(static_cast<void*>(&get<0>(middle)) == static_cast<void*>(&middle));
  CHECK(static_cast<void*>(&get<2>(middle)) == static_cast<void*>(problem::floats(middle) + 9));
  Trained<Tail> tail;
  CHECK(static_cast<void*>(&get<1>(tail)) == static_cast<void*>(&tail));
  Trained<Biases> biases;
  CHECK(static_cast<void*>(&get<1>(biases)) == static_cast<void*>(problem::floats(biases) + 3));
}
