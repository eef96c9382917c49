// exp, sigmoid, tanh and softmax over 1,024 numbers, from one array into another.
#include <cstring>

#include "eigen.h"
#include "network.h"
#if __has_include(<oneapi/dnnl/dnnl.hpp>)
#include <oneapi/dnnl/dnnl.hpp>
#endif

namespace insitu::peers {
namespace {

constexpr int Count = 1024;
enum class Function { Exp, Sigmoid, Tanh, Softmax };
constexpr const char* names[] = {"exp", "sigmoid", "tanh", "softmax"};

struct alignas(64) Arrays {
  alignas(64) Vector<Count> x;
  alignas(64) Vector<Count> y;
  Arrays() {
    Random random{3};
    for (float& number : x) number = uniform(random, 6.0f);
  }
};

template <Function F>
struct InsituFunction {
  static constexpr char name[] = "insitu";
  Arrays arrays;
  void run() {
    const float* x = arrays.x.data;
    float* y = arrays.y.data;
    if constexpr (F == Function::Softmax) {
      std::memcpy(y, x, sizeof arrays.y);
      softmax_row<Count>(y);
    } else {
      for_lanes<Count>([&]<class V>(int k) INSITU_INLINE_LAMBDA {
        const V v = V::load(x + k);
        (F == Function::Exp ? exp(v) : F == Function::Sigmoid ? sigmoid(v) : tanh(v)).store(y + k);
      });
    }
  }
};

#if INSITU_PEER_EIGEN
template <Function F>
struct EigenFunction {
  static constexpr char name[] = "Eigen";
  Arrays arrays;
  void run() {
    using Numbers = Eigen::Array<float, Count, 1>;
    const Eigen::Map<const Numbers, Eigen::Aligned64> x(arrays.x.data);
    Eigen::Map<Numbers, Eigen::Aligned64> y(arrays.y.data);
    if constexpr (F == Function::Exp) y = x.exp();
    if constexpr (F == Function::Sigmoid) y = (1.0f + (-x).exp()).inverse();
    if constexpr (F == Function::Tanh) y = x.tanh();
    if constexpr (F == Function::Softmax) {
      y = (x - x.maxCoeff()).exp();
      y *= 1.0f / y.sum();
    }
  }
};
#endif

#if __has_include(<oneapi/dnnl/dnnl.hpp>)
template <Function F>
struct OneDnnFunction {
  static constexpr char name[] = "oneDNN";
  Arrays arrays;
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  dnnl::memory::desc shape{{1, Count}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::ab};
  dnnl::memory x{shape, engine, arrays.x.data}, y{shape, engine, arrays.y.data};
  dnnl::primitive primitive = make();

  dnnl::primitive make() {
    constexpr auto kind = dnnl::prop_kind::forward_inference;
    constexpr auto algorithm = F == Function::Exp       ? dnnl::algorithm::eltwise_exp
                               : F == Function::Sigmoid ? dnnl::algorithm::eltwise_logistic
                                                        : dnnl::algorithm::eltwise_tanh;
#if DNNL_VERSION_MAJOR < 3
    if constexpr (F == Function::Softmax)
      return dnnl::softmax_forward({{kind, shape, 1}, engine});
    else
      return dnnl::eltwise_forward({{kind, algorithm, shape, 0.0f, 0.0f}, engine});
#else
    if constexpr (F == Function::Softmax)
      return dnnl::softmax_forward({engine, kind, dnnl::algorithm::softmax_accurate, shape, shape, 1});
    else
      return dnnl::eltwise_forward({engine, kind, algorithm, shape, shape, 0.0f, 0.0f});
#endif
  }
  void run() {
    primitive.execute(stream, {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}});
    stream.wait();
  }
};
#endif

template <Function F>
Plan plan() {
  const std::string name = std::string(names[static_cast<int>(F)]) + ", 1,024 numbers";
  return {name, [name] {
            Workload work{name, 2.0 * 4 * Count / read_bandwidth(8.0 * Count)};
            std::vector<float> expected;
            const auto add = [&]<class Way>() {
              auto way = std::make_shared<Way>();
              way->run();
              const float* y = way->arrays.y.data;
              if (expected.empty())
                expected.assign(y, y + Count);
              else
                work.differences.push_back({Way::name, difference(expected.data(), y, expected)});
              work.candidates.push_back({Way::name, [way](long n) {
                                           for (long k = 0; k < n; ++k) {
                                             way->run();
                                             asm volatile("" : : "r"(way.get()) : "memory");
                                           }
                                         }});
            };
            add.template operator()<InsituFunction<F>>();
#if INSITU_PEER_EIGEN
            add.template operator()<EigenFunction<F>>();
#endif
#if __has_include(<oneapi/dnnl/dnnl.hpp>)
            add.template operator()<OneDnnFunction<F>>();
#endif
            return work;
          }};
}

}  // namespace

std::vector<Plan> elementwise() {
  return {plan<Function::Exp>(), plan<Function::Sigmoid>(), plan<Function::Tanh>(), plan<Function::Softmax>()};
}

}  // namespace insitu::peers
