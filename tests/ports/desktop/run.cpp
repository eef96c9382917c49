#include "ports/desktop/run.h"

#include <doctest/doctest.h>

#include <cmath>

#include "ports/desktop/error.h"

namespace insitu::desktop {

TEST_CASE("Run: text gives back every bit") {
  Run run;
  run.seed = 0xffffffffffffffffu;
  run.rate = 0.1f;
  run.validation = 1.0 / 3;
  run.loss_sum = 0.1 + 0.2;
  run.batch = 8;
  run.rows = 100;
  run.step = 30;
  run.schedule = "cosine";
  run.network = "dense 2 3 relu";
  run.classes = {"a name with blanks", "two\nlines"};
  run.curves = {{"training loss", {0.1, 1e-300}}, {"test loss", {std::nan(""), 2}}};
  const Run back = Run::parse(run.text() + "\n\n", "x");
  CHECK(back.text() == run.text());
  CHECK(back.seed == run.seed);
  CHECK(back.loss_sum == run.loss_sum);
  CHECK(std::isinf(back.best_loss));
  CHECK(back.classes[1] == "two lines");
  CHECK(std::isnan(back.curves[1].values[0]));
  CHECK(back.network == run.network);
  CHECK(back.steps_per_epoch() == 13);
  CHECK(back.epoch() == 2);
  CHECK(back.step_in_epoch() == 4);
}

TEST_CASE("Run: words of later versions are passed over; what is damaged is refused") {
  CHECK(Run::parse("batch 8\nrows 9\nmood good\n", "x").batch == 8);
  CHECK_THROWS_WITH_AS(Run::parse("batch 8\nrows many\n", "x"), "x describes its run wrongly: 'many' stands where a number belongs", Error);
  CHECK_THROWS_WITH_AS(Run::parse("batch\n", "x"), "x describes its run wrongly: 'batch' stands where a word and a value belong", Error);
  CHECK_THROWS_WITH_AS(Run::parse("seed 1\n", "x"), "x describes its run wrongly: it has no batch or no rows", Error);
}

TEST_CASE("Run: it stops early after `patience` epochs without improvement") {
  Run run;
  run.batch = run.rows = 1;  // a step is an epoch
  run.step = 4;
  run.best_epoch = 2;
  CHECK_FALSE(run.stops_early());
  run.patience = 3;
  CHECK_FALSE(run.stops_early());
  run.patience = 2;
  CHECK(run.stops_early());
}

}  // namespace insitu::desktop
