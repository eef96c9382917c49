#include "ports/desktop/exchange/exact_sum.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "model/insitu.h"

namespace insitu::desktop {
namespace {

struct Part {
  float weight;
  std::uint64_t samples;
};

float mean(const std::vector<Part>& parts) {
  ExactSum sum;
  std::uint64_t total = 0;
  for (const Part& part : parts) {
    sum.add(part.weight, part.samples);
    total += part.samples;
  }
  return sum.mean(total);
}

bool same(float a, float b) { return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b); }

}  // namespace

TEST_CASE("ExactSum: the mean of one number is that number, to the bit, whatever its weight") {
  Random random(1);
  for (int k = 0; k < 20000; ++k) {
    const auto bits = static_cast<std::uint32_t>(random.next());
    const float w = std::bit_cast<float>(bits);
    if (!std::isfinite(w)) continue;
    REQUIRE(same(mean({{w, 1 + random.next() % 1000000000}}), w));
  }
  constexpr float Largest = std::numeric_limits<float>::max(), Least = std::numeric_limits<float>::denorm_min();
  CHECK(same(mean({{-0.0f, 1}, {-0.0f, 2}}), -0.0f));
  CHECK(same(mean({{-0.0f, 1}, {0.0f, 2}}), 0.0f));
  for (const float w : {Largest, -Largest, Least, -Least, std::numeric_limits<float>::min(), 1.0f}) {
    CHECK(same(mean({{w, ExactSum::CountLimit - 1}, {w, 1}, {w, ExactSum::CountLimit - 1}}), w));
    CHECK(same(mean({{w, 7}, {-w, 7}}), 0.0f));
  }
}

TEST_CASE("ExactSum: nothing is lost between the largest and the smallest float") {
  constexpr float Largest = std::numeric_limits<float>::max(), Least = std::numeric_limits<float>::denorm_min();
  CHECK(same(mean({{Largest, 1}, {Least, 1}, {-Largest, 1}}), 0.0f));            // a third of the least rounds to 0
  CHECK(same(mean({{Largest, 1}, {Least, 2}, {-Largest, 1}}), 0.0f));            // half of it to the even one, 0
  CHECK(same(mean({{Largest, 1}, {Least, 3}, {-Largest, 1}}), Least));           // three fifths to the least
  CHECK(same(mean({{Largest, 3}, {3.0f, 1}, {-Largest, 3}, {5.0f, 1}}), 1.0f));  // 8 / 8
}

TEST_CASE("ExactSum: rounded once, as arithmetic with whole numbers says") {
  // weights k / 2^10 and small counts: the mean is a fraction of whole numbers, which double rounds far beyond float; where double is halfway, the test knows better
  Random random(2);
  for (int k = 0; k < 20000; ++k) {
    std::int64_t sum = 0, total = 0;
    std::vector<Part> parts;
    for (int p = 0; p < 3; ++p) {
      const auto numerator = static_cast<std::int64_t>(random.next() % 16777216) - 8388608;
      const auto samples = static_cast<std::int64_t>(1 + random.next() % 1000);
      parts.push_back({static_cast<float>(numerator) / 1024, static_cast<std::uint64_t>(samples)});
      sum += numerator * samples;
      total += samples;
    }
    const float found = mean(parts);
    // |found - sum / total| <= |next - sum / total| for both neighbours, all times total, in whole numbers of 2^-34
    const auto distance = [&](float w) {
      return std::abs(static_cast<long double>(w) * 1024 * static_cast<long double>(total) - static_cast<long double>(sum));
    };
    REQUIRE(distance(found) <= distance(std::nextafter(found, 1e30f)));
    REQUIRE(distance(found) <= distance(std::nextafter(found, -1e30f)));
  }
  CHECK(same(mean({{1.0f, 1}, {1.0f + 0x1p-23f, 1}}), 1.0f));                        // halfway: to the even one
  CHECK(same(mean({{1.0f + 0x1p-23f, 1}, {1.0f + 0x1p-22f, 1}}), 1.0f + 0x1p-22f));  // and up
  CHECK(same(mean({{0x1.fffffep0f, 1}, {2.0f, 1}}), 2.0f));                          // into the next power of two
}

TEST_CASE("ExactSum: the same bits in any order") {
  Random random(3);
  std::vector<Part> parts;
  for (int k = 0; k < 200; ++k)
    parts.push_back({std::ldexp(normal(random), static_cast<int>(random.below(60)) - 30), 1 + random.next() % 100000});
  const float forth = mean(parts);
  for (int k = 0; k < 20; ++k) {
    for (std::size_t i = parts.size(); i-- > 1;) std::swap(parts[i], parts[random.next() % (i + 1)]);
    CHECK(same(mean(parts), forth));
  }
}

}  // namespace insitu::desktop
