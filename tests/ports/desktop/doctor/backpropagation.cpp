#include "ports/desktop/doctor/backpropagation.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "model/initialize.h"
#include "ports/desktop/error.h"

namespace insitu::desktop::doctor {
namespace {

Tensor drawn(Random& random, std::size_t rows, std::size_t columns) {
  return map(Tensor(rows, columns), [&](double) { return static_cast<double>(normal(random)); });
}

struct Case {
  std::vector<Activation> activations;
  LossKind loss;
};

/// The largest relative difference of a gradient and central differences of the loss, over all parameters.
double difference(const Architecture& network, Layers parameters, const Batch& batch) {
  const Layers gradient = backward(network, parameters, forward(network, parameters, batch.inputs), batch.targets).gradient;
  const double h = 1e-6;
  double worst = 0;
  const auto compare = [&](Tensor& tensor, const Tensor& g) {
    for (std::size_t k = 0; k < g.values.size(); ++k) {
      const double kept = tensor.values[k];
      const auto at = [&](double value) {
        tensor.values[k] = value;
        return loss(network, forward(network, parameters, batch.inputs), batch.targets);
      };
      const double slope = (at(kept + h) - at(kept - h)) / (2 * h);
      tensor.values[k] = kept;
      worst = std::max(worst, std::fabs(slope - g.values[k]) / (std::fabs(slope) + 1e-2));
    }
  };
  for (std::size_t l = 1; l <= network.layers(); ++l) {
    compare(parameters[l].W, gradient[l].W);
    compare(parameters[l].b, gradient[l].b);
  }
  return worst;
}

}  // namespace

TEST_CASE("doctor: the gradient is that of the loss, for every activation, loss and mean") {
  using enum Activation;
  Random random(3);
  for (const Case& shape :
       {Case{{Identity, Tanh, Relu, Sigmoid}, LossKind::BinaryCrossEntropy}, Case{{Identity, Sigmoid, Softmax}, LossKind::CrossEntropy},
        Case{{Identity, LeakyRelu, Identity}, LossKind::CrossEntropy}, Case{{Identity, LeakyRelu, Tanh}, LossKind::Huber},
        Case{{Identity, Identity, Sigmoid}, LossKind::HalfSquaredError}, Case{{Identity, Tanh, Identity}, LossKind::BinaryCrossEntropy},
        Case{{Identity, Relu, LeakyRelu}, LossKind::SquaredError}}) {
    for (const Mean mean : {Mean::Batch, Mean::BatchAndOutputs, Mean::None}) {
      Architecture network{{5}, shape.activations, shape.loss, mean};
      for (std::size_t l = 1; l < shape.activations.size(); ++l) network.dims.push_back(l + 1 < shape.activations.size() ? 7 - l : 3);
      network.huber_delta = 0.7;
      network.leaky_slope = 0.2;
      check(network);
      Layers parameters(1);
      for (std::size_t l = 1; l <= network.layers(); ++l)
        parameters.push_back({drawn(random, network.dims[l - 1], network.dims[l]), drawn(random, 1, network.dims[l])});
      const Batch batch{drawn(random, 4, 5), map(drawn(random, 4, 3), [](double v) { return std::fabs(v) / 3; })};
      CAPTURE(std::string(name(shape.loss)));
      CAPTURE(std::string(name(mean)));
      CHECK(difference(network, parameters, batch) < 1e-6);
    }
  }
}

TEST_CASE("doctor: the loss is finite where the outputs are 0 and 1 to the last bit") {
  Architecture network{{1, 2}, {Activation::Identity, Activation::Sigmoid}, LossKind::BinaryCrossEntropy, Mean::BatchAndOutputs};
  const Layers parameters = {{}, {Tensor(1, 2, 800), Tensor(1, 2)}};
  Batch batch{Tensor(1, 1, 1), Tensor(1, 2)};
  batch.targets(0, 1) = 1;
  CHECK(loss(network, forward(network, parameters, batch.inputs), batch.targets) == doctest::Approx(400));
  network.loss = LossKind::CrossEntropy;
  network.activations[1] = Activation::Softmax;
  CHECK(loss(network, forward(network, parameters, batch.inputs), batch.targets) == doctest::Approx(std::log(2.0) / 2));
}

TEST_CASE("doctor: names of activations and losses, and what does not fit") {
  CHECK(find_activation("linear") == Activation::Identity);
  CHECK(find_loss(name(LossKind::Huber)) == LossKind::Huber);
  CHECK_THROWS_WITH_AS(find_activation("gelu"), doctest::Contains("'gelu' is no activation that is known: identity, relu,"), Error);
  CHECK_THROWS_WITH_AS(check({{4}, {Activation::Identity}}), doctest::Contains("at least an input and one layer"), Error);
  CHECK_THROWS_WITH_AS(check({{4, 3, 2}, {Activation::Identity, Activation::Softmax, Activation::Softmax}, LossKind::CrossEntropy}),
                       "softmax belongs in the last layer, and layer 1 has it", Error);
  CHECK_THROWS_WITH_AS(check({{4, 3}, {Activation::Identity, Activation::Tanh}, LossKind::CrossEntropy}),
                       "the loss cross_entropy does not take an output of tanh", Error);
}

}  // namespace insitu::desktop::doctor
