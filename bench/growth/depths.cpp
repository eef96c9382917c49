// Networks of one width, deeper and deeper.
#include <memory>
#include <utility>

#include "bench/peers/floor.h"
#include "bench/peers/timing.h"
#include "growth.h"

namespace insitu::growth {
namespace {

constexpr int Width = 64, Samples = 8;

template <int>
struct Hidden {
  using type = Dense<Width, Width, Relu>;
};
template <int... I>
auto deep(std::integer_sequence<int, I...>) -> Network<typename Hidden<I>::type..., Dense<Width, 10, Softmax>>;

template <class Net>
struct alignas(64) Memory {
  alignas(64) Parameters<Net> parameters = {};
  alignas(64) Trainer<Net, CrossEntropy, Sgd, Batch<Samples>> trainer{.optimizer = {.learning_rate = 1e-3f}};
  alignas(64) Matrix<Samples, Width> x = {};
  Vector<Samples, int> classes = {};
  Vector<Width> one = {};
  Vector<10> answer = {};
  float loss = 0;
};

template <int Depth>
void network(std::vector<Point>& points) {
  using Net = decltype(deep(std::make_integer_sequence<int, Depth - 1>{}));
  const auto memory = std::make_shared<Memory<Net>>();
  Random random{7};
  initialize(memory->parameters, He{}, random);
  for (float& number : memory->x) number = random.uniform();
  for (int s = 0; s < Samples; ++s) memory->classes[s] = s;
  const auto infer = [memory](long n) {
    for (; n > 0; --n) {
      memory->answer = predict<Net>(std::as_const(memory->parameters), memory->one);
      memory->one[0] = memory->answer[0];  // one after the other, as a controller would
    }
  };
  const auto train = [memory](long n) {
    for (; n > 0; --n) memory->loss += memory->trainer.step(memory->parameters, memory->x, memory->classes);
  };
  std::vector<peers::Candidate> candidates = {{"inference 1", infer}, {"train " + std::to_string(Samples), train}};
  peers::time_interleaved(candidates, 15, 1.0);
  constexpr double Square = 1.0 * Width * Width, Weights = (Depth - 1) * Square + 10.0 * Width;
  constexpr double First = Depth > 1 ? Square : 10.0 * Width;  // no dX below the first layer
  const double count[] = {Weights, Samples * (3 * Weights - First)};
  const double floor[] = {peers::forward_floor<Net, 1>(), peers::training_floor<Net, Samples>()};
  for (std::size_t k = 0; k < 2; ++k)
    points.push_back({"depth", candidates[k].name, Depth, 4 * Weights, candidates[k].median() / count[k], floor[k] / count[k]});
}

}  // namespace

std::vector<Point> depths() {
  std::vector<Point> points;
  network<1>(points), network<2>(points), network<5>(points), network<10>(points), network<20>(points);
  return points;
}

}  // namespace insitu::growth
