#include <doctest/doctest.h>

#include "tests/field/stored.h"
#include "tests/model/counting_heap.h"

using namespace insitu;

namespace {

using Net = Network<Dense<3, 4, Tanh>, Dense<4, 4, Softmax>>;
using Training = Trainer<Net, CrossEntropy, Sgd, Batch<2>>;
using Safe = SafeTrainer<Training, Smoothed<4>>;
using Recorder = FlightRecorder<Safe, 4, Vector<2, int>>;

}  // namespace

TEST_CASE("allocation: a guard, a gate, slices, a reservoir, a recorder and a store never call the heap") {
  static Parameters<Net> p, old;
  static Safe safe{.trainer = {.optimizer = {.learning_rate = 0.1f}}};
  static SlicedTrainer<Training> sliced{.trainer = {.optimizer = {.learning_rate = 0.1f}}};
  static Recorder recorder;
  static Reservoir<Vector<3>, 4> reservoir{1};
  static unsigned char record[Recorder::bytes];
  static problem::Flash<4, 8, 512, 2> flash;
  const problem::Data<Net, 2> data(1);
  initialize(p, He{}, Random{1});
  old = p;

  const long before = heap_calls;
  for (int k = 0; k < 6; ++k) recorder.record(safe.step(p, data.inputs, data.labels), data.inputs, data.labels);
  p.layer.bias[0] = __builtin_nanf("");
  const Event alarm = safe.step(p, data.inputs, data.labels);
  int size = 0;
  const Status dumped = recorder.dump(safe, p, record, static_cast<int>(sizeof record), size);
  const Comparison verdict = CommitGate{}.commit(safe.trainer, p, old, p, data.inputs, data.labels);
  sliced.begin();
  while (sliced.run(p, data.inputs, data.labels, 10) != Progress::Done) {}
  const bool held = reservoir.offer(Vector<3>{{1, 2, 3}}) && reservoir.draw()[2] == 3.0f;
  Store<Net, problem::Flash<4, 8, 512, 2>, Slots<2>> store{flash};
  const Status stored = store.save(p);
  const Loaded loaded = store.load(p, p);
  const long after = heap_calls;

  CHECK(after == before);
  CHECK(alarm.reason == Reason::LossNotFinite);
  CHECK((dumped == Status::Ok && size > 0));
  CHECK((verdict.reason == Reason::Ok && held));
  CHECK((stored == Status::Ok && loaded.from == LoadedFrom::Record));
}
