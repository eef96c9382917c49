#include "model/judge.h"

#include <doctest/doctest.h>

using namespace insitu;

TEST_CASE("EveryStep: 5% above the lowest is a rise; after a rollback the copy's loss counts again") {
  EveryStep judge{.keep_every = 3};
  CHECK(judge.see(1.0f) == Judgement::Best);
  CHECK(judge.see(1.05f) == Judgement::Wait);
  CHECK(judge.see(0.5f) == Judgement::Wait);
  CHECK(judge.see(0.52f) == Judgement::Good);
  CHECK(judge.see(0.2f) == Judgement::Wait);
  CHECK(judge.see(0.22f) == Judgement::Rose);
  judge.rolled_back();
  CHECK(judge.see(0.52f) == Judgement::Wait);
  CHECK(judge.see(0.55f) == Judgement::Rose);
  EveryStep negative{};
  CHECK(negative.see(-2.0f) == Judgement::Best);
  CHECK(negative.see(-1.91f) == Judgement::Good);
  CHECK(negative.see(-1.89f) == Judgement::Rose);
}

TEST_CASE("Smoothed: one loss is noise, a window of them is not") {
  Smoothed<4> judge{};
  for (int k = 0; k < 3; ++k) CHECK(judge.see(k == 1 ? 4.0f : 0.0f) == Judgement::Wait);
  CHECK(judge.see(0.0f) == Judgement::Best);  // their mean is 1
  for (int k = 0; k < 3; ++k) CHECK(judge.see(100.0f) == Judgement::Wait);
  judge.rolled_back();  // for another reason: the window begins anew
  for (int k = 0; k < 3; ++k) CHECK(judge.see(1.5f) == Judgement::Wait);
  CHECK(judge.see(1.5f) == Judgement::Good);
  for (int k = 0; k < 3; ++k) CHECK(judge.see(7.0f) == Judgement::Wait);
  CHECK(judge.see(7.0f) == Judgement::Rose);
}

TEST_CASE("Trend: follows slowly, remembers how far values lie apart") {
  Trend trend{.rise = 0.5f, .spread = 2.0f, .slack = 0.0f};
  CHECK(trend.see(1.0f) == Judgement::Best);  // distance 0.5: bad above 2.5
  CHECK(trend.see(2.6f) == Judgement::Rose);
  CHECK(trend.see(2.0f) == Judgement::Good);
  CHECK(trend.mean == 1.125f);
  CHECK(trend.distance == 0.625f);
  CHECK(trend.see(1.0f) == Judgement::Best);
}
