#include "model/optimizer.h"

#include <doctest/doctest.h>

#include <cmath>

#include "model/initialize.h"

using namespace insitu;

namespace {

constexpr int N = 13;  // vectors, and a tail

/// The rules again in double, as PyTorch states them. m and v are an optimizer's slots, k the step from 1 on.
using Rule = void (*)(double& w, double g, double& m, double& v, int k);

template <class O>
void check_rule(O optimizer, Rule rule) {
  CAPTURE(O::name);
  float w[N], g[N], slots[2 * N] = {};
  double want[N], m[N] = {}, v[N] = {};
  Random random{6};
  for (int p = 0; p < N; ++p) want[p] = static_cast<double>(w[p] = uniform(random, 1.0f));
  for (int k = 1; k <= 12; ++k) {
    for (float& x : g) x = uniform(random, 2.0f);
    optimizer.begin_step();
    update(optimizer, w, g, slots, N, N);
    for (int p = 0; p < N; ++p) {
      rule(want[p], static_cast<double>(g[p]), m[p], v[p], k);
      // What float holds: settings to 2^-24, and a few roundings a step.
      CHECK(std::fabs(static_cast<double>(w[p]) - want[p]) <= 2e-6);
    }
  }
}

}  // namespace

TEST_CASE("optimizers: twelve steps follow PyTorch's rules in double") {
  check_rule(Sgd{.learning_rate = 0.1f}, [](double& w, double g, double&, double&, int) { w -= 0.1 * g; });
  check_rule(SgdDecay{.learning_rate = 0.1f, .weight_decay = 0.2f},
             [](double& w, double g, double&, double&, int) { w -= 0.1 * (g + 0.2 * w); });
  check_rule(Momentum{.learning_rate = 0.1f, .momentum = 0.8f, .weight_decay = 0.2f}, [](double& w, double g, double& m, double&, int k) {
    g += 0.2 * w;
    m = k == 1 ? g : 0.8 * m + g;
    w -= 0.1 * m;
  });
  check_rule(Nesterov{.learning_rate = 0.1f, .momentum = 0.8f, .weight_decay = 0.2f}, [](double& w, double g, double& m, double&, int k) {
    g += 0.2 * w;
    m = k == 1 ? g : 0.8 * m + g;
    w -= 0.1 * (g + 0.8 * m);
  });
  check_rule(RmsProp{.learning_rate = 0.05f, .alpha = 0.9f, .epsilon = 1e-3f, .weight_decay = 0.2f},
             [](double& w, double g, double&, double& v, int) {
               g += 0.2 * w;
               v = 0.9 * v + 0.1 * g * g;
               w -= 0.05 * g / (std::sqrt(v) + 1e-3);
             });
  check_rule(Adam{.learning_rate = 0.05f, .beta1 = 0.8f, .beta2 = 0.95f, .epsilon = 1e-3f, .weight_decay = 0.2f},
             [](double& w, double g, double& m, double& v, int k) {
               g += 0.2 * w;
               m = 0.8 * m + 0.2 * g;
               v = 0.95 * v + 0.05 * g * g;
               w -= 0.05 / (1 - std::pow(0.8, k)) * m / (std::sqrt(v) / std::sqrt(1 - std::pow(0.95, k)) + 1e-3);
             });
  check_rule(AdamW{.learning_rate = 0.05f, .beta1 = 0.8f, .beta2 = 0.95f, .epsilon = 1e-3f, .weight_decay = 0.2f},
             [](double& w, double g, double& m, double& v, int k) {
               w -= 0.05 * 0.2 * w;
               m = 0.8 * m + 0.2 * g;
               v = 0.95 * v + 0.05 * g * g;
               w -= 0.05 / (1 - std::pow(0.8, k)) * m / (std::sqrt(v) / std::sqrt(1 - std::pow(0.95, k)) + 1e-3);
             });
}

TEST_CASE("optimizers: PyTorch's defaults") {
  CHECK(Momentum{}.momentum == 0.9f);
  CHECK(RmsProp{}.alpha == 0.99f);
  CHECK(RmsProp{}.epsilon == 1e-8f);
  CHECK(RmsProp{}.learning_rate == 0.01f);
  CHECK(Adam{}.learning_rate == 0.001f);
  CHECK(Adam{}.beta1 == 0.9f);
  CHECK(Adam{}.beta2 == 0.999f);
  CHECK(Adam{}.epsilon == 1e-8f);
  CHECK(Adam{}.weight_decay == 0.0f);
  CHECK(AdamW{}.weight_decay == 0.01f);
}

TEST_CASE("optimizers: the first step of adam is the learning rate, whatever the gradient's scale") {
  for (float g : {1e-3f, 1.0f, 1e3f}) {
    Adam adam{.learning_rate = 0.01f};
    float w = 1.0f, slots[2] = {};
    adam.begin_step();
    update(adam, &w, &g, slots, 1, 1);
    CHECK(std::fabs(static_cast<double>(w) - 0.99) < 2e-6);
  }
}

TEST_CASE("optimizers: no gradient, no movement, and nothing that is not a number") {
  const float g[2] = {0.0f, 0.0f};
  float w[2] = {1.5f, -2.0f}, slots[4] = {};
  Adam adam;
  for (int k = 0; k < 100; ++k) adam.begin_step(), update(adam, w, g, slots, 2, 2);
  CHECK(w[0] == 1.5f);
  CHECK(w[1] == -2.0f);
}
