#include "ports/desktop/doctor/diagnosis.h"

#include <doctest/doctest.h>

#include "golden.h"
#include "mistakes.h"
#include "ports/desktop/error.h"

namespace insitu::desktop::doctor {
namespace {

/// Sanitizers take ten times as long: they see every tenth mistake.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr std::size_t Stride = 10;
#else
constexpr std::size_t Stride = 1;
#endif
#else
constexpr std::size_t Stride = 1;
#endif

/// A network of 2 to 5 layers with every activation in turn.
Probe random_network(std::size_t number, Random& random) {
  using enum Activation;
  const Activation hidden[] = {Tanh, Relu, Sigmoid, LeakyRelu, Identity};
  const std::size_t depth = 2 + number % 4;
  const auto size = [&] { return 3 + static_cast<std::size_t>(std::fabs(static_cast<double>(normal(random))) * 1.5); };
  Architecture network{{size()}, {Identity}, LossKind::CrossEntropy, Mean::Batch};
  for (std::size_t l = 1; l <= depth; ++l) {
    network.dims.push_back(l % 2 == 0 ? network.dims.back() : size());
    network.activations.push_back(hidden[(number + 2 * l) % 5]);
  }
  const std::pair<LossKind, Activation> outputs[] = {{LossKind::CrossEntropy, Softmax},
                                                     {LossKind::SquaredError, Sigmoid},
                                                     {LossKind::BinaryCrossEntropy, Sigmoid},
                                                     {LossKind::HalfSquaredError, Tanh},
                                                     {LossKind::Huber, Identity},
                                                     {LossKind::CrossEntropy, Identity},
                                                     {LossKind::SquaredError, LeakyRelu},
                                                     {LossKind::BinaryCrossEntropy, Identity}};
  std::tie(network.loss, network.activations.back()) = outputs[number % 8];
  network.dims.back() = number % 8 == 2 ? 1 : 3 + number % 3;
  network.mean = usual_mean(network.loss);
  return draw(network, batch_sizes(network), random);
}

struct Count {
  int injected = 0, named = 0, wrong = 0, unknown = 0, elsewhere = 0, invisible = 0;
};

std::string text(const Mistake& m) {
  return m.kind + " layer " + std::to_string(m.layer) + " other " + std::to_string(m.other) + " value " + std::to_string(m.value) + " " +
         name(m.activation);
}
std::string text(const Diagnosis& d) {
  std::string text;
  for (const Explanation& one : d.explanations) {
    for (const Cause& cause : one.causes) {
      text += cause.type == Cause::Type::Fault ? std::string(cause.fault.kind->id) + " " + std::to_string(cause.fault.layer)
                                               : std::to_string(static_cast<int>(cause.type));
      for (const std::size_t t : cause.tensors) text += "." + std::to_string(t);
      for (const Reading& reading : cause.readings) text += std::string(" ") + reading.id;
      text += " + ";
    }
    text += " | ";
  }
  return text + " noise " + std::to_string(d.noise * 1e9) + "e-9";
}

/// The layer nearest to the output where these gradients are not right; 0: none.
std::size_t first_wrong(const std::vector<Layers>& user, const std::vector<Layers>& right, double tolerance) {
  for (std::size_t t = 0; t < tensors(right[0]); ++t) {
    for (std::size_t k = 0; k < right.size(); ++k) {
      if (distance(tensor(user[k], t), tensor(right[k], t), 1e-13) > tolerance) return layer_of(right[0], t);
    }
  }
  return 0;
}

template <class T>
void count(const Examination& examination, const Probe& probe, const Mistake& mistake, Count& count) {
  const std::vector<Layers> user = inject<T>(probe.network, probe.parameters, probe.batches, mistake);
  const double visible = sizeof(T) == 8 ? 1e-10 : 2e-5;
  const std::size_t first = first_wrong(user, examination.right(), visible);
  if (first == 0) {
    ++count.invisible;  // the derivative of relu at z is that at a, ...
    return;
  }
  const Diagnosis diagnosis = examination.diagnose(user);
  const std::size_t layers = probe.network.layers();
  ++count.injected;
  if (diagnosis.verdict == Diagnosis::Verdict::Unknown) {
    ++count.unknown;
    count.elsewhere += diagnosis.first_wrong != first;
    MESSAGE("unknown ", sizeof(T), ": ", text(mistake));
  } else if (names(diagnosis, mistake, layers)) {
    ++count.named;
  } else {
    ++count.wrong;
    MESSAGE("wrong ", sizeof(T), ": ", text(mistake), " was named ", text(diagnosis));
  }
}

}  // namespace

TEST_CASE("doctor: the 84 golden faults are named, by two batches and by one") {
  int named = 0, wrong = 0;
  for (const char tag : {'A', 'B'}) {
    const Probe probe = golden_network(tag);
    const Examination examination(probe.network, probe.parameters, probe.batches);
    const Examination single(probe.network, probe.parameters, {probe.batches[0]});
    Layers right;
    for (const GoldenFault& fault : GoldenFaults) {
      if (fault.network != tag) continue;
      const Layers golden = golden_gradient(fault, right.empty() ? nullptr : &right);
      const Mistake mistake = mistake_of(fault);
      CAPTURE(text(mistake));
      std::vector<Layers> user = inject<double>(probe.network, probe.parameters, probe.batches, mistake);
      if (right.empty()) {
        right = golden;
        CHECK(examination.diagnose({golden, user[1]}).verdict == Diagnosis::Verdict::Right);
        continue;
      }
      for (std::size_t t = 0; t < tensors(right); ++t) CHECK(distance(tensor(golden, t), tensor(user[0], t), 1e-12) < 1e-12);
      user[0] = golden;
      for (const Diagnosis& diagnosis : {examination.diagnose(user), single.diagnose({golden})}) {
        CAPTURE(text(diagnosis));
        std::string letters;
        for (const Comparison& one : diagnosis.tensors) letters += std::string(letters.size() % 3 == 2 ? " " : "") + one.letter;
        CHECK(letters == fault.pattern);
        CHECK(diagnosis.verdict == Diagnosis::Verdict::Named);
        CHECK(names(diagnosis, mistake, 3));
      }
      (names(examination.diagnose(user), mistake, 3) ? named : wrong)++;
    }
  }
  CHECK(named == 84);
  CHECK(wrong == 0);
}

TEST_CASE("doctor: the same kinds of faults in 20 random networks, from double and from single precision") {
  Random random(11);
  Count exact, noisy;
  std::size_t turn = 0;
  for (std::size_t k = 0; k < 20; ++k) {
    const Probe probe = random_network(k, random);
    const Examination examination(probe.network, probe.parameters, probe.batches);
    std::vector<Mistake> all = mistakes(probe.network);
    double largest = 0;
    for (const double g : examination.right()[0].back().W.values) largest = std::max(largest, std::fabs(g));
    all.push_back({"clip_elem", 0, 0, static_cast<double>(static_cast<float>(0.6 * largest))});
    for (const Mistake& mistake : all) {
      if (turn++ % Stride != 0) continue;
      count<double>(examination, probe, mistake, exact);
      count<float>(examination, probe, mistake, noisy);
    }
  }
  MESSAGE("faults in double precision: ", exact.injected, " tried, ", exact.named, " named");
  MESSAGE("faults in single precision: ", noisy.injected, " tried, ", noisy.named, " named");
  CHECK(exact.wrong == 0);
  CHECK(noisy.wrong == 0);
  CHECK(exact.elsewhere == 0);
  CHECK(noisy.elsewhere == 0);
  CHECK(exact.named >= 0.99 * exact.injected);
  CHECK(noisy.named >= 0.95 * noisy.injected);
}

TEST_CASE("doctor: what is not in the library is never named, and its first wrong layer is found") {
  Random random(5);
  const auto noise = [&] { return static_cast<double>(normal(random)); };
  int tried = 0;
  for (std::size_t k = 0; k < 20; k += Stride) {
    const Probe probe = random_network(k, random);
    const Examination examination(probe.network, probe.parameters, probe.batches);
    for (std::size_t l = 1; l <= probe.network.layers(); ++l) {
      const auto w = [&](auto change) {
        std::vector<Layers> user = examination.right();
        for (Layers& gradient : user) gradient[l].W = change(gradient[l].W);
        return user;
      };
      const auto element = [&](auto f) { return w([f](const Tensor& g) { return map(g, f); }); };
      const Tensor& weights = probe.parameters[l].W;
      const std::vector<std::vector<Layers>> strange = {element([](double g) { return g > 0 ? 1.0 : -1.0; }),          // its sign
                                                        element([](double g) { return g * g; }),                       // squared
                                                        element([](double g) { return std::fabs(g); }),                // without its sign
                                                        element([](double g) { return g + 0.01; }),                    // an offset
                                                        element([&](double g) { return g * (1 + 0.1 * noise()); }),    // noise
                                                        element([&](double g) { return noise() > 0 ? 2 * g : 0.0; }),  // dropout
                                                        element([](double g) { return std::tanh(g); }),
                                                        w([&](const Tensor& g) { return g * weights; }),  // times the weights
                                                        w([](Tensor g) {                                  // one wrong number
                                                          g.values[0] += 0.1;
                                                          return g;
                                                        }),
                                                        w([](Tensor g) {  // two rows exchanged
                                                          std::swap_ranges(g.row(0), g.row(0) + g.columns, g.row(1));
                                                          return g;
                                                        }),
                                                        w([](Tensor g) {  // a forgotten row
                                                          std::fill(g.row(1), g.row(1) + g.columns, 0.0);
                                                          return g;
                                                        })};
      const bool one_sign = distance(strange[2][0][l].W, -1.0 * examination.right()[0][l].W, 0) == 0;
      for (std::size_t kind = 0; kind < strange.size(); ++kind) {
        if (kind == 2 && one_sign) continue;  // that is in the library
        const Diagnosis diagnosis = examination.diagnose(strange[kind]);
        CAPTURE(k);
        CAPTURE(l);
        CAPTURE(kind);
        CAPTURE(text(diagnosis));
        CHECK(diagnosis.verdict == Diagnosis::Verdict::Unknown);
        CHECK(diagnosis.first_wrong == l);
        ++tried;
      }
    }
  }
  MESSAGE("faults outside of the library: ", tried, " tried, 0 named");
}

TEST_CASE("doctor: noise of 1e-6 in the gradients, and how sure it is") {
  const Probe probe = golden_network('B');
  const Examination examination(probe.network, probe.parameters, probe.batches);
  Random random(3);
  const auto noisy = [&](std::vector<Layers> user) {
    for (Layers& gradient : user) {
      for (Layer& layer : gradient) {
        const auto shaken = [&](double g) { return g * (1 + 1e-6 * static_cast<double>(normal(random))); };
        layer = {map(layer.W, shaken), map(layer.b, shaken)};
      }
    }
    return user;
  };
  const Diagnosis right = examination.diagnose(noisy(examination.right()));
  CHECK(right.verdict == Diagnosis::Verdict::Right);
  CHECK(right.noise > 1e-7);
  CHECK(right.noise < 2e-6);
  for (const GoldenFault& fault : GoldenFaults) {
    if (fault.network != 'B' || !*fault.kind) continue;
    const Mistake mistake = mistake_of(fault);
    const Diagnosis diagnosis = examination.diagnose(noisy(inject<double>(probe.network, probe.parameters, probe.batches, mistake)));
    CAPTURE(text(mistake));
    CAPTURE(text(diagnosis));
    CHECK(names(diagnosis, mistake, 3));
    if (mistake.value != .001) CHECK(diagnosis.next > 100 * diagnosis.noise);
  }
}

TEST_CASE("doctor: two mistakes at once, a fault of the library and a factor") {
  int tried = 0;
  for (const char tag : {'A', 'B'}) {
    const Probe probe = golden_network(tag);
    const Examination examination(probe.network, probe.parameters, probe.batches);
    for (const Mistake& first :
         {Mistake{"act_deriv_missing", 1}, Mistake{"preact_input", 2}, Mistake{"labels_shifted"}, Mistake{"W_not_transposed", 2}}) {
      for (std::size_t at = 1; at <= 3; ++at) {
        std::vector<Layers> user = inject<double>(probe.network, probe.parameters, probe.batches, first);
        for (std::size_t k = 0; k < 2; ++k) user[k][at].W = static_cast<double>(probe.batches[k].samples()) * user[k][at].W;
        const Diagnosis diagnosis = examination.diagnose(user);
        CAPTURE(text(first));
        CAPTURE(text(diagnosis));
        bool both = false;
        for (const Explanation& one : diagnosis.explanations)
          both = both || (one.causes.size() == 2 && is_cause(one.causes[0], first, 3) && is_cause(one.causes[1], {"scale_W", at, 1, 1}, 3));
        CHECK(both);
        ++tried;
      }
    }
  }
  CHECK(tried == 24);
}

TEST_CASE("doctor: two batches of one size leave 1/m and a constant both open; the size of the first batch is recognised") {
  Probe probe = golden_network('A');
  const auto scaled = [&](double first, double second) {
    const Examination examination(probe.network, probe.parameters, probe.batches);
    std::vector<Layers> user = examination.right();
    user[0][1].W = first * user[0][1].W;
    user[1][1].W = second * user[1][1].W;
    const Diagnosis diagnosis = examination.diagnose(user);
    REQUIRE(diagnosis.explanations.size() == 1);
    std::string ids;
    for (const Reading& reading : diagnosis.explanations[0].causes[0].readings) ids += std::string(reading.id) + " ";
    return ids;
  };
  CHECK(scaled(7, 11) == "missing_mean ");
  CHECK(scaled(7, 7) == "constant ");
  CHECK(scaled(1, 11 / 7.0) == "batch_size_of_first ");
  CHECK(scaled(3, 3) == "summed_over_outputs ");
  probe.batches[1] = probe.batches[0];
  CHECK(scaled(7, 7) == "missing_mean constant ");
}

TEST_CASE("doctor: gradients that are no numbers of a sane size are unknown, not named") {
  const Probe probe = golden_network('A');
  const Examination examination(probe.network, probe.parameters, probe.batches);
  for (const double huge : {1e200, -1e308}) {
    std::vector<Layers> user = examination.right();
    user[0][2].W.values[3] = huge;
    const Diagnosis diagnosis = examination.diagnose(user);
    CAPTURE(text(diagnosis));
    CHECK(diagnosis.verdict == Diagnosis::Verdict::Unknown);
  }
  Layers large = probe.parameters;
  large[3].W = 1e300 * large[3].W;
  CHECK_THROWS_WITH_AS(Examination(probe.network, large, probe.batches), doctest::Contains("too large for a number"), Error);
}

}  // namespace insitu::desktop::doctor
