// The question's network with its bug, on raw pixels, where everything else fails: 50 seeds, most of them saved, to the same bits on every port.
#include "tests/field/question.h"

#include <doctest/doctest.h>

namespace {

/// CRC-32C over the parameters of runs that follow one another.
std::uint32_t mixed(std::uint32_t crc, std::uint32_t next) {
  const unsigned char bytes[4] = {static_cast<unsigned char>(next), static_cast<unsigned char>(next >> 8),
                                  static_cast<unsigned char>(next >> 16), static_cast<unsigned char>(next >> 24)};
  return insitu::crc32c(bytes, 4, crc);
}

}  // namespace

TEST_CASE("SafeTrainer: the question's network, its bug and raw pixels, at 192-32-1: the bits of the first steps") {
  static question::Run<8, 32> run;
  std::uint32_t crc = 0, rollbacks = 0;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const question::Outcome outcome = run.train(seed, 14);
    CHECK(outcome.finite);
    rollbacks += outcome.rollbacks;
    crc = mixed(crc, outcome.crc);
  }
  CHECK(rollbacks == 13u);
  CHECK(crc == 0x35ecc5e8u);
}

#if !defined(INSITU_SLOW_TARGET) && defined(INSITU_HARDWARE_FMA) && (defined(__ARM_FP) || !defined(INSITU_SMALL_MEMORY))
TEST_CASE("SafeTrainer: 50 seeds of it, at 192-32-1") {
  static question::Run<8, 32> run;
  int learnt = 0;
  std::uint32_t crc = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const question::Outcome outcome = run.train(seed, 4000);
    CHECK(outcome.finite);
    learnt += outcome.learnt;
    crc = mixed(crc, outcome.crc);
  }
  MESSAGE("saved: ", learnt, " of 50");
  CHECK(learnt >= 48);
  CHECK(crc == 0x5e7e2f04u);
}
#endif

#if !defined(INSITU_SLOW_TARGET) && defined(INSITU_HARDWARE_FMA) && !defined(INSITU_SMALL_MEMORY)
TEST_CASE("SafeTrainer: 50 seeds of it, at 768-64-1, with the guard and without") {
  static question::Run<16, 64> run;
  int learnt = 0, alone = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const question::Outcome outcome = run.train(seed, 4000);
    CHECK(outcome.finite);
    learnt += outcome.learnt;
    if (seed <= 10) alone += run.train(seed, 400, false).learnt;
  }
  MESSAGE("saved: ", learnt, " of 50; without the guard ", alone, " of 10");
  CHECK(learnt >= 48);
  CHECK(alone == 0);
}

// a minute and a half: `make saved` runs it
TEST_CASE("SafeTrainer: 50 seeds of it at full size, 12288-64-1" * doctest::skip()) {
  static question::Run<64, 64> run;
  int learnt = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const question::Outcome outcome = run.train(seed, 4000);
    CHECK(outcome.finite);
    learnt += outcome.learnt;
  }
  MESSAGE("saved: ", learnt, " of 50");
  CHECK(learnt >= 48);
}
#endif
