// Square products in the two forms that training needs: C += A^T B (the update of a batch) and C = b + A B (the forward product).
#include "network.h"

namespace insitu::peers {
namespace {

template <int N>
struct alignas(64) Squares {
  alignas(64) Matrix<N, N> A, B, C;
  alignas(64) Vector<N> b;

  Squares() {
    Random random{5};
    for (float& number : A) number = uniform(random, 1e-3f);  // so small that C stays finite over all rounds
    for (float& number : B) number = uniform(random, 1e-3f);
    for (float& number : C) number = uniform(random, 1e-3f);
    for (float& number : b) number = uniform(random, 1.0f);
  }
};

struct InsituProducts {
  static constexpr char name[] = "insitu";
  template <int Batch, int In, int Out>
  static void forward(const float* x, const float* W, const float* b, float* y) {
    gemm(*reinterpret_cast<const Matrix<Batch, In>*>(x), *reinterpret_cast<const Matrix<In, Out>*>(W),
         *reinterpret_cast<const Vector<Out>*>(b), *reinterpret_cast<Matrix<Batch, Out>*>(y));
  }
  template <int Batch, int In, int Out>
  static void update(const float* x, const float* d, float* W) {
    ger<Batch, Out>(x, In, d, W, Batch, In);
  }
};

template <int N>
using Small = Network<Dense<N, N>>;

template <int N, bool Update>
Plan square() {
  const std::string name = (Update ? "C += A^T B, n = " : "C = b + A B, n = ") + std::to_string(N);
  return {name, [name] {
            Workload work{name, 2.0 * N * N * N / peak()};
            std::vector<float> expected, moved;
            const auto add = [&]<class Peer>() {
              auto squares = std::make_shared<Squares<N>>();
              const std::vector<float> before(squares->C.begin(), squares->C.end());
              const auto once = [](Squares<N>& s) {
                if constexpr (Update) {
                  Peer::template update<N, N, N>(s.A.data, s.B.data, s.C.data);
                } else {
                  Peer::template forward<N, N, N>(s.A.data, s.B.data, s.b.data, s.C.data);
                }
                asm volatile("" : : "r"(&s) : "memory");
              };
              once(*squares);
              if (expected.empty()) {
                expected.assign(squares->C.begin(), squares->C.end());
                for (std::size_t k = 0; k < expected.size(); ++k) moved.push_back(expected[k] - before[k]);
              } else {
                work.differences.push_back({Peer::name, difference(expected.data(), squares->C.data, moved)});
              }
              work.candidates.push_back({Peer::name, [squares, once](long n) {
                                           for (long k = 0; k < n; ++k) once(*squares);
                                         }});
            };
            add.template operator()<InsituProducts>();
            for_peers<Small<N>>(add);
            return work;
          }};
}

template <int... N>
void squares(std::vector<Plan>& plans) {
  (plans.push_back(square<N, true>()), ...);
  (plans.push_back(square<N, false>()), ...);
}

}  // namespace

std::vector<Plan> products() {
  std::vector<Plan> plans;
  squares<3, 4, 6, 8, 12, 16, 17, 24, 32, 33, 48, 64>(plans);
  return plans;
}

}  // namespace insitu::peers
