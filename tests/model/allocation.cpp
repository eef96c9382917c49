#include <doctest/doctest.h>

#include "model/insitu.h"
#include "tests/model/counting_heap.h"
#include "tests/model/problem.h"

using namespace insitu;

namespace {

using Net = Network<Dense<3, 4, Tanh>, Dense<4, 4, Softmax>>;

template <class Optimizer>
void train() {
  static Trainer<Net, CrossEntropy, Optimizer, Batch<2>> trainer{};
  static Parameters<Net> p, gradient;
  const problem::Data<Net, 2> data(1);
  initialize(p, He{}, Random{1});
  trainer.step(p, data.inputs, data.labels);
  trainer.gradient(p, data.inputs, data.labels, gradient);
  trainer.apply(p, gradient);
  trainer.evaluate(p, data.inputs, data.targets, 1);
}

}  // namespace

TEST_CASE("allocation: the counter counts") {
  const long before = heap_calls;
  delete new int;
  // A compiler may leave the pair out; it may not leave out one that is seen from outside.
  int* volatile seen = new int[3];
  delete[] seen;
  if (INSITU_COUNTS_MALLOC) {
    void* volatile p = std::malloc(8);
    std::free(p);
    CHECK(heap_calls >= before + 2);
  }
  CHECK(heap_calls > before);
}

TEST_CASE("allocation: initialize, predict, step, gradient, apply, evaluate, save and load never call the heap") {
  static unsigned char record[checkpoint_bytes<Net>];
  static Parameters<Net> p;
  const long before = heap_calls;
  train<Sgd>();
  train<ClipNorm<Adam>>();
  initialize(p, GlorotNormal{}, Random{2});
  const Vector<4> y = predict<Net>(p, Vector<3>{{1, 2, 3}});
  const Status saved = save<Net>(p, record, static_cast<int>(sizeof record));
  const Status restored = load<Net>(p, record, static_cast<int>(sizeof record));
  const float rate = CosineSchedule{.rate = 0.1f, .total = 10}(3);
  const long after = heap_calls;
  CHECK(after == before);
  CHECK((y[0] > 0.0f && rate > 0.0f && saved == Status::Ok && restored == Status::Ok));
}
