// The prescriptions of `doctor curve` against exhaustive trial in plain loops.
#include "ports/desktop/doctor/cure.h"

#include <doctest/doctest.h>

#include <map>

#include "plain_run.h"
#include "ports/desktop/doctor/curve_report.h"
#include "ports/desktop/doctor/turned_inputs.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FEWER_SETS
#endif
#endif

namespace insitu::desktop::doctor {
namespace {

constexpr std::size_t Steps = 200;

#ifdef FEWER_SETS
constexpr int SetsOfAKind = 2;
#else
constexpr int SetsOfAKind = 10;
#endif

/// What is wrong with a set that is drawn: the rate is `rate` times one that is right for its inputs, two features are `wide`, all lie around `offset`.
struct Recipe {
  bool lacks_mean;
  double rate, wide, offset;
};

PlainSet drawn(const Recipe& recipe, std::uint64_t seed) {
  Random random(seed);
  const auto noise = [&] { return static_cast<double>(normal(random)); };
  PlainSet set;
  set.n = 24 + 8 * random.below(3), set.h = 12, set.m = 8 + 2 * random.below(3);
  for (std::size_t s = 0; s < set.m; ++s) {
    Row row(set.n);
    for (double& v : row) v = recipe.offset + noise();
    row[0] *= recipe.wide, row[1] *= recipe.wide;
    set.x.push_back(row);
    set.y.push_back(s % 2 == 0);
  }
  set.w1.assign(set.n, Row(set.h)), set.w2.assign(set.h, 0);
  plain_start(set, seed);
  set.lacks_mean = recipe.lacks_mean;
  set.rate = recipe.rate;
  return set;
}

/// The set as the doctor is given it.
TrainingRun run_of(const PlainSet& set) {
  TrainingRun run;
  run.network = {
      {set.n, set.h, 1}, {Activation::Identity, Activation::Relu, Activation::Sigmoid}, LossKind::BinaryCrossEntropy, Mean::Batch};
  run.samples = {Tensor(set.m, set.n), Tensor(set.m, 1)};
  for (std::size_t s = 0; s < set.m; ++s) {
    std::copy(set.x[s].begin(), set.x[s].end(), run.samples.inputs.row(s));
    run.samples.targets(s, 0) = set.y[s];
  }
  run.start = {Layer(), {Tensor(set.n, set.h), Tensor(1, set.h)}, {Tensor(set.h, 1), Tensor(1, 1)}};
  for (std::size_t j = 0; j < set.n; ++j) std::copy(set.w1[j].begin(), set.w1[j].end(), run.start[1].W.row(j));
  run.start[1].b.values = set.b1, run.start[2].W.values = set.w2, run.start[2].b.values = {set.b2};
  run.rate = set.rate, run.batch = set.m, run.steps = Steps, run.seed = 1;
  if (set.lacks_mean) {
    Cause cause{Cause::Type::Scaled, {}, {2}, {static_cast<double>(set.m)}, {{"missing_mean", 1, 1}}};
    run.posted = FaultyGradient({{cause}, 0}, run.network);
  }
  return run;
}

PlainChange plain(const Change& change) {
  return {change.mended, change.rate, static_cast<int>(change.scaling), change.clipped, change.guarded, change.fresh};
}

bool cures(const PlainSet& set, const Change& change, std::size_t steps = Steps) {
  return plain_cured(set, plain_run(set, plain(change), steps));
}

/// From this start, and from others a thousandth away, which are not the doctor's.
bool cures_surely(const PlainSet& set, const Change& change) {
  if (!cures(set, change)) return false;
  for (const std::uint64_t seed : {101u, 102u}) {
    PlainSet moved = set;
    if (change.fresh) plain_start(moved, 2);
    Random random(seed);
    for (Row& row : moved.w1) {
      for (double& w : row) w *= 1 + 1e-3 * static_cast<double>(normal(random));
    }
    Change rest = change;
    rest.fresh = false;
    if (!cures(moved, rest)) return false;
  }
  return true;
}

/// By exhaustive trial of every single change and, where none cures, of every pair: what the least invasive cure changes.
std::string kind_by_trial(const PlainSet& set) {
  if (cures_surely(set, {})) return "none needed";
  const TrainingRun run = run_of(set);
  for (const Change& change : single_changes(run)) {
    if (!cures_surely(set, change)) continue;
    return change.mended ? "mended" : change.rate < 1 ? "rate" : change.scaling != Scaling::None ? "scaling" : "other";
  }
  for (const Change& change : pairs_of_changes(run)) {
    if (cures_surely(set, change)) return "both";
  }
  return "nothing cures";
}

std::string kind_of(const Change& change) {
  if (change.count() > 1) return "both";
  return change.mended ? "mended" : change.rate < 1 ? "rate" : change.scaling != Scaling::None ? "scaling" : "other";
}

}  // namespace

TEST_CASE("doctor curve: 40 sets whose cure is known by exhaustive trial: it is prescribed, and nothing that does not cure") {
  std::map<std::string, int> wanted = {{"mended", SetsOfAKind}, {"rate", SetsOfAKind}, {"scaling", SetsOfAKind}, {"both", SetsOfAKind}},
                             seen;
  const Recipe recipes[] = {{true, 0.5, 1, 0.5}, {false, 3, 1, 2}, {true, 0.05, 300, 0}, {true, 30, 300, 0}};
  int sets = 0, prescribed = 0, cured = 0, right_kind = 0;
  for (std::uint64_t seed = 1; seed <= 400 && sets < 4 * SetsOfAKind; ++seed) {
    const PlainSet set = drawn(recipes[seed % 4], seed);
    const std::string kind = kind_by_trial(set);
    ++seen[kind];
    if (wanted[kind] == 0) continue;
    --wanted[kind], ++sets;
    const Trials trials = try_changes(run_of(set));
    CAPTURE(seed);
    CAPTURE(kind);
    const Trial* chosen = trials.prescription();
    if (!chosen) continue;
    ++prescribed;
    CAPTURE(name(chosen->change));
    CHECK(cures(set, chosen->change));
    // not by the end of these steps alone
    cured += cures(set, chosen->change, 4 * Steps);
    right_kind += kind_of(chosen->change) == kind;
  }
  std::string kinds;
  for (const auto& [kind, count] : seen) kinds += kind + " " + std::to_string(count) + ", ";
  MESSAGE(kinds, sets, " sets, prescribed ", prescribed, ", cured ", cured, ", of the kind found by trial ", right_kind);
  CHECK(sets == 4 * SetsOfAKind);
  CHECK(cured == prescribed);
  CHECK(100 * cured >= 95 * sets);
  CHECK(100 * right_kind >= 95 * sets);
}

}  // namespace insitu::desktop::doctor
