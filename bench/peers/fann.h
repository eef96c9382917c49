/// FANN. It has no ReLU, softmax or cross-entropy: where a network has them it gets linear hidden layers and sigmoid outputs of the same sizes, trained on the
/// squared error, and its results are not compared. Networks of tanh are compared.
#pragma once

#if __has_include(<floatfann.h>)
#include <floatfann.h>
#define INSITU_PEER_FANN 1

#include <memory>

#include "model/insitu.h"

namespace insitu::peers {

template <class Net, int Batch>
class Fann {
 public:
  explicit Fann(float learning_rate) {
    unsigned layers[Net::depth + 1] = {static_cast<unsigned>(Net::inputs)};
    unroll<Net::depth>([&](auto l) { layers[l + 1] = static_cast<unsigned>(Net::template Layer<l>::outputs); });
    net.reset(fann_create_standard_array(Net::depth + 1, layers));
    unroll<Net::depth>([&](auto l) {
      using Act = typename Net::template Layer<l>::Activation;
      const auto function = std::is_same_v<Act, Tanh>                                      ? FANN_SIGMOID_SYMMETRIC
                            : std::is_same_v<Act, Sigmoid> || std::is_same_v<Act, Softmax> ? FANN_SIGMOID
                                                                                           : FANN_LINEAR;
      fann_set_activation_function_layer(net.get(), function, l + 1);
      fann_set_activation_steepness_layer(net.get(), std::is_same_v<Act, Tanh> ? 1.0f : 0.5f, l + 1);
    });
    fann_set_training_algorithm(net.get(), Batch == 1 ? FANN_TRAIN_INCREMENTAL : FANN_TRAIN_BATCH);
    fann_set_learning_rate(net.get(), learning_rate);
    data.reset(fann_create_train(Batch, Net::inputs, Net::outputs));
  }

  /// Its weights lie by neuron, those of its inputs and then its bias.
  void set(const Parameters<Net>& parameters) {
    float* w = net->weights;
    unroll<Net::depth>([&](auto l) {
      using L = typename Net::template Layer<l>;
      const auto& layer = get<l>(parameters);
      for (int j = 0; j < L::outputs; ++j) {
        for (int i = 0; i < L::inputs; ++i) *w++ = layer.weights(i, j);
        *w++ = layer.bias[j];
      }
    });
  }
  void set(const float* x, const float* t) {
    for (int s = 0; s < Batch; ++s) {
      for (int i = 0; i < Net::inputs; ++i) data->input[s][i] = x[s * Net::inputs + i];
      for (int j = 0; j < Net::outputs; ++j) data->output[s][j] = t[s * Net::outputs + j];
    }
  }
  void train() { fann_train_epoch(net.get(), data.get()); }
  /// The outputs of each sample, the first of which is the next call's first input.
  void predict(float* y) {
    for (int s = 0; s < Batch; ++s) {
      const float* row = fann_run(net.get(), data->input[s]);
      for (int j = 0; j < Net::outputs; ++j) y[s * Net::outputs + j] = row[j];
    }
    data->input[0][0] = y[0];
  }

 private:
  struct Destroy {
    void operator()(fann* n) const { fann_destroy(n); }
    void operator()(fann_train_data* d) const { fann_destroy_train(d); }
  };
  std::unique_ptr<fann, Destroy> net;
  std::unique_ptr<fann_train_data, Destroy> data;
};

}  // namespace insitu::peers
#endif
