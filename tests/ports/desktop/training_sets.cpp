#include "ports/desktop/training_sets.h"

#include <doctest/doctest.h>

#include "ports/desktop/error.h"
#include "temporary_folder.h"

namespace insitu::desktop {

TEST_CASE("read_sets: test set from a file of its own, or from the folder; validation split off by the run's seed") {
  const TemporaryFolder folder;
  folder.write("train.csv", "0,0,no\n1,1,yes\n2,2,yes\n3,3,no\n");
  folder.write("test.csv", "5,5,yes\n");
  const Shape shape = {2, 1, Task::Binary};
  TrainOptions options;
  options.data = folder.path();
  Run run;
  const TrainingSets sets = read_sets(options, shape, run);
  CHECK(sets.training.rows == 4);
  CHECK(sets.training.classes == std::vector<std::string>{"no", "yes"});
  REQUIRE(sets.test);
  CHECK(sets.test->targets == std::vector<float>{1});
  CHECK(sets.watched() == &*sets.test);
  run.validation = 0.25;
  options.test = folder / "train.csv";
  const TrainingSets others = read_sets(options, shape, run);
  CHECK(others.training.rows == 3);
  CHECK(others.validation->rows == 1);
  CHECK(others.test->rows == 4);
  CHECK(others.watched() == &*others.validation);
}

TEST_CASE("settle: the command line over the checkpoint over the defaults") {
  TrainOptions options;
  CHECK(settle(options, std::nullopt).epochs == 20);
  Run old;
  old.epochs = 7;
  old.rate = 0.5f;
  old.seed = 9;
  old.step = 11;
  CHECK(settle(options, old).epochs == 7);
  options.epochs = 9;
  options.resume = "m";
  const Run run = settle(options, old);
  CHECK(run.epochs == 9);
  CHECK(run.rate == 0.5f);
  CHECK(run.step == 11);
  CHECK(run.seed == 9);
  options.validation = 0.5;
  CHECK_THROWS_WITH_AS(settle(options, old), "m was begun with a validation set of 0, and a run that goes on keeps it", Error);
}

TEST_CASE("rate_at: schedules over the whole run, after a warm-up") {
  Run run;
  run.batch = 1;
  run.rows = 3;
  run.epochs = 10;
  CHECK(rate_at(run, 0.5f, 0) == 0.5f);
  CHECK(rate_at(run, 0.5f, 29) == 0.5f);
  run.warmup = 4;
  CHECK(rate_at(run, 0.5f, 0) == 0.125f);
  CHECK(rate_at(run, 0.5f, 3) == 0.5f);
  run.schedule = "cosine";
  CHECK(rate_at(run, 0.5f, 4) == 0.5f);
  CHECK(rate_at(run, 0.5f, 17) == doctest::Approx(0.25));
  CHECK(rate_at(run, 0.5f, 29) < 0.01f);
  run.schedule = "step";
  run.warmup = 0;
  CHECK(rate_at(run, 0.5f, 9) == 0.5f);
  CHECK(rate_at(run, 0.5f, 10) == doctest::Approx(0.05));
  CHECK(rate_at(run, 0.5f, 29) == doctest::Approx(0.005));
}

TEST_CASE("crc_of: inputs and targets both count") {
  Dataset dataset{"x", {1, 1, Task::Values}, 2, {1, 2}, {3, 4}, {}, {}};
  const std::uint32_t crc = crc_of(dataset);
  CHECK(crc_of(dataset) == crc);
  dataset.targets[1] = 5;
  CHECK(crc_of(dataset) != crc);
  dataset.targets[1] = 4;
  dataset.inputs[0] = -1;
  CHECK(crc_of(dataset) != crc);
}

}  // namespace insitu::desktop
