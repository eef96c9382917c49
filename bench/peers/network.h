/// Training and inference of one network by insitu and by each peer. The peers' network is written here once, over their products (borrowed.h).
#pragma once

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <cmath>
#include <cstdlib>
#include <memory>
#include <new>

#include "eigen.h"
#include "fann.h"
#include "floor.h"
#include "frameworks.h"
#include "libxsmm.h"
#include "onednn.h"
#include "openblas.h"
#include "workload.h"

namespace insitu::peers {

/// A T in pages of its own, so that no way of doing the work has luckier pages than another: large ones start at a huge page.
template <class T>
std::shared_ptr<T> placed() {
  constexpr std::size_t Page = sizeof(T) > (1u << 20) ? 1u << 21 : 1u << 12;
  void* room = std::aligned_alloc(Page, (sizeof(T) + Page - 1) / Page * Page);
  if (room == nullptr) throw std::bad_alloc();
#if defined(__linux__)
  if (Page > 4096) madvise(room, sizeof(T), MADV_HUGEPAGE);  // many systems give huge pages only on request
#endif
  return {new (room) T, [](T* object) {
            object->~T();
            std::free(object);
          }};
}

/// What every way is given: the same parameters, inputs and targets.
template <class Net, int Batch>
struct alignas(64) Task {
  alignas(64) Parameters<Net> parameters;
  alignas(64) Matrix<Batch, Net::inputs> x;
  alignas(64) Matrix<Batch, Net::outputs> t;
  /// A mean over outputs has a small gradient: three steps must change the weights by much more than their rounding.
  static constexpr bool squared = std::is_same_v<typename Net::template Layer<Net::depth - 1>::Activation, Identity>;
  float learning_rate = squared ? 0.01f * Net::outputs : 0.01f;

  Task() {
    Random random{7};
    initialize(parameters, Glorot{}, random);
    for (float& number : x) number = random.uniform();
    for (int s = 0; s < Batch; ++s) {  // rows that sum to 1: soft targets, so that the gradient does not vanish
      float sum = 0;
      for (int j = 0; j < Net::outputs; ++j) sum += t(s, j) = random.uniform() + 0.1f;
      if (Net::outputs > 1) {
        for (int j = 0; j < Net::outputs; ++j) t(s, j) /= sum;
      }
    }
  }
};

template <class Net, class Loss, int Size>
struct alignas(64) Insitu {
  static constexpr bool online = Size == 1;
  using Training = std::conditional_t<online, OnlineTrainer<Net, Loss>, Trainer<Net, Loss, Sgd, Batch<Size>>>;
  Task<Net, Size> task;
  alignas(64) Training trainer;
  alignas(64) Matrix<Size, Net::outputs> y;
  float loss = 0;

  Insitu() {
    trainer.optimizer.learning_rate = task.learning_rate;
    if constexpr (online) trainer.set(task.parameters);
  }
  void train(long n) {
    for (long k = 0; k < n; ++k) {
      if constexpr (online) {
        loss += trainer.step(task.x, task.t);
      } else {
        loss += trainer.step(task.parameters, task.x, task.t);
      }
    }
  }
  void infer(long n) {
    const Parameters<Net>& weights = task.parameters;
    for (long k = 0; k < n; ++k) {
      y = predict<Net, Size>(weights, task.x);
      asm volatile("" : : "r"(&y) : "memory");
      task.x.data[0] = y.data[0];  // one after the other, as a controller would
    }
  }
  void copy_to(float* all) {
    if constexpr (online) task.parameters = trainer.parameters();
    std::copy_n(reinterpret_cast<const float*>(&task.parameters), Net::parameter_count, all);
  }
};

/// A layer's memory, every array where a peer likes it best.
template <class Net, int Batch, int I = 0>
struct Layers {
  using L = typename Net::template Layer<I>;
  static constexpr bool last = I + 1 == Net::depth;
  struct Nothing {};
  alignas(64) Array<float, L::inputs * L::outputs> W;
  alignas(64) Array<float, L::outputs> b;
  alignas(64) Array<float, Batch * L::outputs> a;
  alignas(64) Array<float, Batch * L::outputs> d;
  std::conditional_t<last, Nothing, Layers<Net, Batch, last ? I : I + 1>> next;
};
template <class Net, int Batch, int I>
requires(I >= Net::depth) struct Layers<Net, Batch, I> {
};

template <class Peer, class Net, class Loss, int Batch>
struct alignas(64) Other {
  Task<Net, Batch> task;
  Layers<Net, Batch> layers;
  float loss = 0;

  Other() { load<0>(layers); }

  void train(long n) {
    for (long k = 0; k < n; ++k) {
      forward<true>(layers, task.x.data);
      backward(layers, task.x.data);
    }
  }
  void infer(long n) {
    for (long k = 0; k < n; ++k) {
      const float* y = forward<false>(layers, task.x.data);
      asm volatile("" : : "r"(y) : "memory");
      task.x.data[0] = y[0];
    }
  }
  const float* outputs() { return forward<false>(layers, task.x.data); }
  void copy_to(float* all) const { store(layers, all); }

 private:
  template <int I>
  void load(Layers<Net, Batch, I>& layer) {
    std::copy_n(get<I>(task.parameters).weights.data, std::size(layer.W), layer.W);
    std::copy_n(get<I>(task.parameters).bias.data, std::size(layer.b), layer.b);
    if constexpr (!layer.last) load<I + 1>(layer.next);
  }
  template <int I>
  static void store(const Layers<Net, Batch, I>& layer, float* all) {
    all = std::copy_n(layer.W, std::size(layer.W), all);
    all = std::copy_n(layer.b, std::size(layer.b), all);
    if constexpr (!layer.last) store(layer.next, all);
  }
  template <bool Training, int I>
  [[gnu::always_inline]] const float* forward(Layers<Net, Batch, I>& layer, const float* x) {
    using L = typename Net::template Layer<I>;
    constexpr int In = L::inputs, Out = L::outputs;
    Peer::template forward<Batch, In, Out>(x, layer.W, layer.b, layer.a);
    if constexpr (!layer.last) {
      Peer::template activate<typename L::Activation, Batch, Out>(layer.a);
      return forward<Training>(layer.next, layer.a);
    } else if constexpr (Training) {
      loss += Peer::template output<Loss, typename L::Activation, Batch, Out>(layer.a, task.t.data);
      for (int k = 0; k < Batch * Out; ++k)
        layer.d[k] = -task.learning_rate * layer.a[k];  // the rate once, here: all gradients are linear in it
    } else {
      Peer::template activate<typename L::Activation, Batch, Out>(layer.a);
    }
    return layer.a;
  }
  template <int I>
  [[gnu::always_inline]] void backward(Layers<Net, Batch, I>& layer, const float* x) {
    using L = typename Net::template Layer<I>;
    constexpr int In = L::inputs, Out = L::outputs;
    if constexpr (!layer.last) {
      using Next = typename Net::template Layer<I + 1>;
      backward(layer.next, layer.a);
      Peer::template deactivate<typename L::Activation, Batch * Out>(layer.a, layer.d);
      static_assert(Next::inputs == Out);
    }
    if constexpr (I > 0) below(layer);
    Peer::template update<Batch, In, Out>(x, layer.d, layer.W);
    Peer::template add_rows<Batch, Out>(layer.d, layer.b);
  }
  /// dX, into the delta of the layer below.
  template <int I>
  [[gnu::always_inline]] void below(Layers<Net, Batch, I>& layer) {
    using L = typename Net::template Layer<I>;
    Peer::template dx<Batch, L::inputs, L::outputs>(layer.d, layer.W, delta<I - 1>(layers));
  }
  template <int Wanted, int I>
  static float* delta(Layers<Net, Batch, I>& layer) {
    if constexpr (Wanted == I) {
      return layer.d;
    } else {
      return delta<Wanted>(layer.next);
    }
  }
};

/// The largest difference between two arrays, relative to the largest of `scale`.
inline double difference(const float* a, const float* b, const std::vector<float>& scale) {
  double most = 0, largest = 0;
  for (std::size_t k = 0; k < scale.size(); ++k) {
    const double distance = std::abs(static_cast<double>(a[k]) - static_cast<double>(b[k]));
    most = distance > most || std::isnan(distance) ? distance : most;
    largest = std::max(largest, std::abs(static_cast<double>(scale[k])));
  }
  return most / largest;
}

/// Calls f.operator()<Peer>() for each peer that multiplies and is installed. Lazy products are for small networks.
template <class Net, class F>
void for_peers(F&& f) {
#if INSITU_PEER_EIGEN
  f.template operator()<EigenProduct>();
  if constexpr (Net::parameter_count < 10000) f.template operator()<EigenLazy>();
#endif
#if INSITU_PEER_OPENBLAS
  f.template operator()<OpenBlas>();
#endif
#if INSITU_PEER_ONEDNN
  f.template operator()<OneDnn>();
#endif
#if INSITU_PEER_LIBXSMM
  f.template operator()<Libxsmm>();
#endif
}

template <class Loss>
constexpr const char* loss_name = std::is_same_v<Loss, MeanSquaredError>     ? "MeanSquaredError"
                                  : std::is_same_v<Loss, BinaryCrossEntropy> ? "BinaryCrossEntropy"
                                                                             : "CrossEntropy";

/// NumPy and PyTorch do the same task. Of a workload that repeats its step, they do a hundredth.
template <class Net, class Loss, int Batch>
void add_frameworks(Workload& work, bool training, int unit, const std::vector<float>& expected, const std::vector<float>& scale) {
  static constexpr Text<Net> text;
  const auto task = placed<Task<Net, Batch>>();
  const float* first = reinterpret_cast<const float*>(&task->parameters);
  const Request request{training,
                        Batch,
                        task->learning_rate,
                        loss_name<Loss>,
                        text.characters,
                        {first, first + Net::parameter_count},
                        {task->x.begin(), task->x.end()},
                        {task->t.begin(), task->t.end()},
                        expected.size()};
  const long steps = unit > 1 ? unit / 100 : 1;
  for (Framework* framework : frameworks()) {
    const std::vector<float> found = framework->begin(request);
    work.differences.push_back({framework->name(), difference(expected.data(), found.data(), scale)});
    work.candidates.push_back({framework->name(), [=](long n) { framework->run(n * steps); }});
    work.candidates.back().clock = [framework] { return framework->clock(); };
    work.candidates.back().pieces = static_cast<double>(steps) / unit;
  }
}

/// Three steps, compared; then steps, timed.
template <class Net, class Loss, int Batch>
Plan training(const std::string& name, int unit = 1) {
  return {name, [name, unit] {
            constexpr int Count = Net::parameter_count;
            Workload work{name, training_floor<Net, Batch>() * unit};
            std::vector<float> before(Count), expected(Count), moved(Count), found(Count);
            auto insitu = placed<Insitu<Net, Loss, Batch>>();
            insitu->copy_to(before.data());
            insitu->train(3);
            insitu->copy_to(expected.data());
            for (std::size_t k = 0; k < Count; ++k) moved[k] = expected[k] - before[k];
            work.candidates.push_back({"insitu", [insitu, unit](long n) { insitu->train(n * unit); }});
            for_peers<Net>([&]<class Peer>() {
              auto other = placed<Other<Peer, Net, Loss, Batch>>();
              other->train(3);
              other->copy_to(found.data());
              work.differences.push_back({Peer::name, difference(expected.data(), found.data(), moved)});
              work.candidates.push_back({Peer::name, [other, unit](long n) { other->train(n * unit); }});
            });
#if INSITU_PEER_FANN
            const Task<Net, Batch>& task = insitu->task;
            auto fann = std::make_shared<Fann<Net, Batch>>(task.learning_rate);
            fann->set(task.parameters);
            fann->set(task.x.data, task.t.data);
            work.candidates.push_back({"FANN", [fann, unit](long n) {
                                         for (long k = 0; k < n * unit; ++k) fann->train();
                                       }});
#endif
            add_frameworks<Net, Loss, Batch>(work, true, unit, expected, moved);
            return work;
          }};
}

template <class Net, int Batch>
Plan inference(const std::string& name) {
  return {name, [name] {
            using Loss = MeanSquaredError;  // never used
            using AnyLoss =
                std::conditional_t<std::is_same_v<typename Net::template Layer<Net::depth - 1>::Activation, Softmax>, CrossEntropy, Loss>;
            Workload work{name, forward_floor<Net, Batch>()};
            auto insitu = placed<Insitu<Net, AnyLoss, Batch>>();
            const auto expected = std::make_shared<Matrix<Batch, Net::outputs>>(
                predict<Net, Batch>(static_cast<const Parameters<Net>&>(insitu->task.parameters), insitu->task.x));
            const std::vector<float> scale(expected->begin(), expected->end());
            work.candidates.push_back({"insitu", [insitu](long n) { insitu->infer(n); }});
            for_peers<Net>([&]<class Peer>() {
              auto other = placed<Other<Peer, Net, AnyLoss, Batch>>();
              work.differences.push_back({Peer::name, difference(expected->data, other->outputs(), scale)});
              work.candidates.push_back({Peer::name, [other](long n) { other->infer(n); }});
            });
#if INSITU_PEER_FANN
            auto fann = std::make_shared<Fann<Net, Batch>>(1e-3f);
            auto y = std::make_shared<Matrix<Batch, Net::outputs>>();
            fann->set(insitu->task.parameters);
            fann->set(insitu->task.x.data, insitu->task.t.data);
            if constexpr (std::is_same_v<typename Net::template Layer<0>::Activation, Tanh>) {
              fann->predict(y->data);
              work.differences.push_back({"FANN", difference(expected->data, y->data, scale)});
            }
            work.candidates.push_back({"FANN", [fann, y](long n) {
                                         for (long k = 0; k < n; ++k) fann->predict(y->data);
                                       }});
#endif
            add_frameworks<Net, AnyLoss, Batch>(work, false, 1, scale, scale);
            return work;
          }};
}

}  // namespace insitu::peers
