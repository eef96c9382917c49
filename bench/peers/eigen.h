/// Eigen with everything that its documentation recommends: sizes fixed, maps aligned, rows contiguous, noalias. `EigenLazy` takes lazyProduct, which is
/// faster for small matrices.
#pragma once

#if __has_include(<Eigen/Dense>)
#include <Eigen/Dense>
#define INSITU_PEER_EIGEN 1

#include "borrowed.h"

namespace insitu::peers {

template <bool Lazy>
struct EigenForm {
  static constexpr const char* name = Lazy ? "Eigen lazy" : "Eigen";

  template <int Rows, int Cols>
  using Dense = Eigen::Matrix<float, Rows, Cols, (Cols == 1 && Rows > 1 ? Eigen::ColMajor : Eigen::RowMajor)>;
  template <int Rows, int Cols>
  static constexpr int aligned = Rows* Cols % 8 == 0 ? Eigen::Aligned32 : Eigen::Unaligned;
  template <int Rows, int Cols>
  using Map = Eigen::Map<Dense<Rows, Cols>, aligned<Rows, Cols>>;
  template <int Rows, int Cols>
  using ConstMap = Eigen::Map<const Dense<Rows, Cols>, aligned<Rows, Cols>>;

  /// to += a b
  template <class To, class A, class B>
  static void add_product(To&& to, const A& a, const B& b) {
    if constexpr (Lazy) {
      to.noalias() += a.lazyProduct(b);
    } else {
      to.noalias() += a * b;
    }
  }
  template <int Batch, int In, int Out>
  static void forward(const float* x, const float* W, const float* b, float* y) {
    Map<Batch, Out> Y(y);
    Y = Eigen::Map<const Dense<1, Out>>(b).template replicate<Batch, 1>();
    add_product(Y, ConstMap<Batch, In>(x), ConstMap<In, Out>(W));
  }
  template <int Batch, int In, int Out>
  static void update(const float* x, const float* d, float* W) {
    add_product(Map<In, Out>(W), ConstMap<Batch, In>(x).transpose(), ConstMap<Batch, Out>(d));
  }
  template <int Batch, int In, int Out>
  static void dx(const float* d, const float* W, float* out) {
    if constexpr (Lazy) {
      Map<Batch, In>(out).noalias() = ConstMap<Batch, Out>(d).lazyProduct(ConstMap<In, Out>(W).transpose());
    } else {
      Map<Batch, In>(out).noalias() = ConstMap<Batch, Out>(d) * ConstMap<In, Out>(W).transpose();
    }
  }
  template <int Batch, int Out>
  static void add_rows(const float* d, float* b) {
    Eigen::Map<Dense<1, Out>>{b} += ConstMap<Batch, Out>(d).colwise().sum();
  }

  template <class Act, int Batch, int Out>
  static void activate(float* z) {
    Map<Batch, Out> Z(z);
    auto a = Z.array();
    if constexpr (std::is_same_v<Act, Relu>) a = a.max(0.0f);
    if constexpr (std::is_same_v<Act, Sigmoid>) a = (1.0f + (-a).exp()).inverse();
    if constexpr (std::is_same_v<Act, Tanh>) a = a.tanh();
    if constexpr (std::is_same_v<Act, Softmax>) {
      for (int s = 0; s < Batch; ++s) {
        auto row = a.row(s);
        row = (row - row.maxCoeff()).exp();
        row *= 1.0f / row.sum();
      }
    }
  }
  template <class Act, int N>
  static void deactivate(const float* a, float* d) {
    auto A = ConstMap<1, N>(a).array();
    Map<1, N> D(d);
    if constexpr (std::is_same_v<Act, Relu>) D.array() = (A > 0.0f).select(D.array(), 0.0f);
    if constexpr (std::is_same_v<Act, Sigmoid>) D.array() *= A * (1.0f - A);
    if constexpr (std::is_same_v<Act, Tanh>) D.array() *= 1.0f - A * A;
  }
  template <class Loss, class Act, int Batch, int Out>
  static float output(float* z, const float* t) {
    Map<Batch, Out> Z(z);
    const ConstMap<Batch, Out> T(t);
    if constexpr (std::is_same_v<Loss, BinaryCrossEntropy>) {
      const float loss = (Z.array().max(0.0f) - T.array() * Z.array() + (1.0f + (-Z.array().abs()).exp()).log()).sum() / (Batch * Out);
      activate<Sigmoid, Batch, Out>(z);
      Z = (Z - T) * (1.0f / (Batch * Out));
      return loss;
    } else if constexpr (std::is_same_v<Loss, CrossEntropy>) {
      activate<Softmax, Batch, Out>(z);
      const float loss = -(T.array() * Z.array().log()).sum() / Batch;
      Z = (Z - T) * (1.0f / Batch);
      return loss;
    } else {
      activate<Act, Batch, Out>(z);
      alignas(64) insitu::Array<float, Batch * Out> a;
      Map<Batch, Out> A(a);
      A = Z;
      Z -= T;
      const float loss = Z.squaredNorm() / (Batch * Out);
      Z *= 2.0f / (Batch * Out);
      deactivate<Act, Batch * Out>(a, z);
      return loss;
    }
  }

  /// The network of three hidden units by hand, everything in local matrices: training through the members above would go through memory.
  struct Xor {
    Eigen::Matrix<float, 2, 3, Eigen::RowMajor> W;
    Eigen::Matrix<float, 1, 3> b;
    Eigen::Matrix<float, 3, 1> v;
    float c;

    float step(const float* x, const float* t, float rate) {
      using namespace Eigen;
      const Eigen::Map<const Eigen::Matrix<float, 4, 2, Eigen::RowMajor>> X(x);
      const Eigen::Map<const Eigen::Matrix<float, 4, 1>> T(t);
      Eigen::Matrix<float, 4, 3> h;
      h.noalias() = X.lazyProduct(W);
      h.rowwise() += b;
      h = (1.0f + (-h.array()).exp()).inverse();
      Eigen::Matrix<float, 4, 1> z;
      z.noalias() = h.lazyProduct(v);
      z.array() += c;
      const float loss = 0.25f * (z.array().max(0.0f) - T.array() * z.array() + (1.0f + (-z.array().abs()).exp()).log()).sum();
      const Eigen::Matrix<float, 4, 1> d = (-0.25f * rate * ((1.0f + (-z.array()).exp()).inverse() - T.array())).matrix();
      Eigen::Matrix<float, 4, 3> g;
      g.noalias() = d.lazyProduct(v.transpose());
      g = g.array() * h.array() * (1.0f - h.array());
      v.noalias() += h.transpose().lazyProduct(d);
      c += d.sum();
      W.noalias() += X.transpose().lazyProduct(g);
      b += g.colwise().sum();
      return loss;
    }
  };
};

using EigenProduct = EigenForm<false>;
using EigenLazy = EigenForm<true>;

}  // namespace insitu::peers
#endif
