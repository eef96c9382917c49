// The demo's building blocks, and what it must find: XOR on its way, the posted run dead, the cure, the wrong gradient.
#include <doctest/doctest.h>

#include <cmath>

#include "ports/desktop/demo_findings.h"
#include "ports/desktop/demo_gradient.h"
#include "ports/desktop/demo_survey.h"
#include "ports/desktop/demo_xor.h"
#include "temporary_folder.h"

namespace insitu::desktop::demo {
namespace {

constexpr auto quietly = [](int, const auto&) {};

}  // namespace

TEST_CASE("demo: XOR is within tolerance of the reference at all checkpoints, and the comparison sees a deviation") {
  const XorCourse course = train_xor(quietly);
  for (const XorCheckpoint& checkpoint : course.checkpoints) {
    CAPTURE(checkpoint.epoch);
    CAPTURE(checkpoint.found_error);
    CAPTURE(checkpoint.found_half_squares);
    CHECK(checkpoint.holds());
  }
  CHECK(course.losses.size() == 50000);
  CHECK(course.learned > 10000);
  CHECK(course.learned < 50000);
  CHECK(course.last_error < 0.02);
  for (int s = 0; s < 4; ++s) CHECK((course.outputs.data[s] > 0.5f) == (XorTargets.data[s] > 0.5f));

  XorCheckpoint off = course.checkpoints[4];
  off.found_error *= 1 + 2e-6;
  CHECK(!off.holds());
  off.found_error = std::nan("");
  CHECK(!off.holds());
}

TEST_CASE("demo: pictures are the same for the same seed, from 0 to 1, half of them discs; standardised they are centred") {
  const Dataset pictures = draw_pictures(3), again = draw_pictures(3), others = draw_pictures(4);
  REQUIRE(pictures.inputs.size() == Pictures * Numbers);
  CHECK(pictures.inputs == again.inputs);
  CHECK(pictures.inputs != others.inputs);
  CHECK(*std::min_element(pictures.inputs.begin(), pictures.inputs.end()) >= 0.0f);
  CHECK(*std::max_element(pictures.inputs.begin(), pictures.inputs.end()) <= 1.0f);
  CHECK(label_mean(pictures) == 0.5);
  CHECK(label_entropy(pictures) == doctest::Approx(std::log(2.0)).epsilon(1e-12));
  CHECK(mean_cosine(pictures) > 0.8);
  CHECK(std::abs(mean_cosine(standardised(pictures)) + 1.0 / 9) < 0.02);
  const std::string text = thumbnails(pictures);
  CHECK(std::count(text.begin(), text.end(), '\n') == 5);
  CHECK(text.size() <= 5 * 100);
}

TEST_CASE("demo: as posted all units die and the loss stays at the labels' entropy; fixed and standardised it learns") {
  const Dataset pictures = draw_pictures(3);
  QuestionRun plain(pictures, 3), even(standardised(pictures), 3);
  const Course posted = train(plain, {"as posted", true, false, 0.1f}, 14, false, quietly);
  CHECK(posted.not_finite < 0);
  CHECK(posted.all_dead > 0);
  CHECK(posted.learned < 0);
  CHECK(posted.moments[0].loss == doctest::Approx(std::log(2.0)).epsilon(0.01));
  CHECK(posted.moments[0].alive() > Units / 2);
  CHECK(posted.moments[posted.peak()].loss > 2 * posted.moments[0].loss);
  for (std::size_t k = static_cast<std::size_t>(posted.all_dead); k < posted.moments.size(); ++k) CHECK(posted.moments[k].alive() == 0);
  CHECK(std::abs(posted.last() - label_entropy(pictures)) < 1e-4);
  CHECK(posted.failed());

  const Course cured = train(even, {"fixed, standardised", false, true, 0.1f}, 40, true, quietly);
  CHECK(cured.learned > 0);
  CHECK(cured.last() < Learned);
  CHECK(cured.moments.back().alive() == Units);
  for (int s = 0; s < Pictures; ++s) CHECK((cured.outputs.data[s] > 0.5f) == (pictures.target(static_cast<std::size_t>(s))[0] > 0.5f));
}

TEST_CASE("demo: a run ends at the step at which its loss is not finite") {
  Dataset pictures = draw_pictures(3);
  for (float& x : pictures.inputs) x = x * 1e20f;
  QuestionRun run(pictures, 3);
  const Course course = train(run, {"as posted", true, false, 0.1f}, 60, false, quietly);
  CHECK(course.not_finite >= 0);
  CHECK(course.not_finite == course.steps());
  CHECK(course.failed());
}

TEST_CASE("demo: the gradient check names W1, off by the number of samples, and clears the others") {
  QuestionRun run(draw_pictures(3), 3);
  run.begin({"as posted", true, false, 0.1f});
  for (const int samples : {Pictures, Pictures / 2}) {
    GradientTable table = check_gradient(run, samples, 3, 1);
    CAPTURE(samples);
    CHECK(lacks_mean(table, samples));
    CHECK(table[0].ratio == doctest::Approx(samples).epsilon(1e-5));
    for (int t = 1; t < 4; ++t) CHECK(table[static_cast<std::size_t>(t)].ratio == doctest::Approx(1).epsilon(1e-4));
    CHECK(!lacks_mean(table, samples - 1));
    table[2].ratio = 1.01;
    CHECK(!lacks_mean(table, samples));
  }
}

TEST_CASE("demo: the survey counts what became of each version") {
  Course dead, lost, learned;
  dead.moments = {{.loss = 0.7}, {.loss = 2.1}, {.loss = 0.7}};
  dead.all_dead = 2;
  lost.moments = {{.loss = 0.7}, {.loss = std::nan("")}};
  lost.not_finite = 1;
  learned.moments = {{.loss = 0.7}, {.loss = 0.005}};
  learned.learned = 1;
  Outcome outcome;
  outcome.add(learned);
  CHECK(outcome.always());
  outcome.add(dead);
  outcome.add(lost);
  CHECK(!outcome.always());
  CHECK(outcome.runs == 3);
  CHECK(outcome.all_dead == 1);
  CHECK(outcome.not_finite == 1);
  CHECK(outcome.learned == std::vector<int>{1});
  REQUIRE(outcome.peaks.size() == 2);
  CHECK(outcome.peaks[1] == doctest::Approx(3));

  int told = 0;
  const auto outcomes = survey(nullptr, 1, 1, [&](int runs) { told = runs; });
  CHECK(told == 6);
  REQUIRE(outcomes.size() == 6);
  CHECK(outcomes[0].version.name == "as posted");
  CHECK(outcomes[5].version.name == "fixed, standardised");
  CHECK(outcomes[5].runs == 1);
  CHECK(median(std::vector<int>{3, 1, 2, 9}) == 2);
  CHECK(median(std::vector<int>{}) == 0);
}

TEST_CASE("demo: a finding that does not hold fails, unless it was not needed") {
  CHECK(all_hold({{"a", true}, {"b", false, false}}));
  CHECK(!all_hold({{"a", true}, {"b", false}}));
}

TEST_CASE("demo: the user's pictures are the first ten, from 0 to 1; what does not fit is named in a sentence") {
  const TemporaryFolder folder;
  std::string labels;
  for (int s = 0; s < 12; ++s) labels += static_cast<char>(s % 2);
  folder.write("train_x.npy", npy("|u1", "(12, 64, 64, 3)", std::string(12 * Numbers, '\x33'), false));
  folder.write("train_y.npy", npy("|u1", "(12,)", labels, false));
  const Dataset pictures = read_pictures(folder.path());
  CHECK(pictures.rows == Pictures);
  CHECK(pictures.inputs.size() == Pictures * Numbers);
  CHECK(pictures.inputs[0] == 51.0f / 255.0f);
  CHECK(pictures.targets[1] == 1.0f);

  folder.write("train_x.npy", npy("|u1", "(9, 64, 64, 3)", std::string(9 * Numbers, '\x33'), false));
  folder.write("train_y.npy", npy("|u1", "(9,)", labels.substr(0, 9), false));
  CHECK_THROWS_WITH_AS(read_pictures(folder.path()), doctest::Contains("9 pictures, and the demo needs 10"), Error);
  folder.write("train_x.npy", npy("|u1", "(12, 32, 32, 3)", std::string(12 * 32 * 32 * 3, '\x33'), false));
  CHECK_THROWS_AS(read_pictures(folder.path()), Error);
  CHECK_THROWS_AS(read_pictures(folder / "nowhere"), Error);
}

}  // namespace insitu::desktop::demo
