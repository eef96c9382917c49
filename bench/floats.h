/// An array of numbers on the heap, where it is measured best: large ones at a huge page, so that no array has luckier pages than another.
#pragma once

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <cstdlib>
#include <memory>
#include <new>

#include "model/initialize.h"

namespace insitu::bench {

class Floats {
 public:
  /// Numbers in [-limit, limit) from the seed. Throws std::bad_alloc where there is not enough memory.
  Floats(long count, float limit, unsigned seed) : size_(count) {
    const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(float), page = bytes > (1u << 20) ? 1u << 21 : 1u << 12;
    room_.reset(static_cast<float*>(std::aligned_alloc(page, (bytes + page - 1) / page * page)));
    if (room_ == nullptr) throw std::bad_alloc();
#if defined(__linux__)
    if (page > 4096) madvise(room_.get(), bytes, MADV_HUGEPAGE);  // many systems give huge pages only on request
#endif
    Random random{seed};
    for (long k = 0; k < count; ++k) room_.get()[k] = uniform(random, limit);
  }
  float* data() { return room_.get(); }
  long size() const { return size_; }
  /// The first T of it.
  template <class T>
  T& as() {
    return *reinterpret_cast<T*>(room_.get());
  }

 private:
  struct Free {
    void operator()(float* p) const { std::free(p); }
  };
  std::unique_ptr<float, Free> room_;
  long size_;
};

}  // namespace insitu::bench
