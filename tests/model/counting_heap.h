/// Counts every call of the heap in this program, where the C library lets it be seen. At file scope, once: included by allocation.cpp alone.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INSITU_HEAP_IS_WATCHED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define INSITU_HEAP_IS_WATCHED 1
#endif

inline long heap_calls = 0;

#if defined(__GLIBC__) && !defined(INSITU_HEAP_IS_WATCHED)
// glibc's own names for its heap: with them malloc itself can be replaced, which operator new calls.
#define INSITU_COUNTS_MALLOC 1
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* malloc(std::size_t n) { return ++heap_calls, __libc_malloc(n); }
void* calloc(std::size_t n, std::size_t size) { return ++heap_calls, __libc_calloc(n, size); }
void* realloc(void* p, std::size_t n) { return ++heap_calls, __libc_realloc(p, n); }
void* aligned_alloc(std::size_t alignment, std::size_t n) { return ++heap_calls, __libc_memalign(alignment, n); }
}
#else
#define INSITU_COUNTS_MALLOC 0
[[gnu::noinline]] void* operator new(std::size_t n) {
  ++heap_calls;
  void* p = std::malloc(n != 0 ? n : 1);
  if (p == nullptr) std::abort();
  return p;
}
void* operator new[](std::size_t n) { return operator new(n); }
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { operator delete(p); }
void operator delete(void* p, std::size_t) noexcept { operator delete(p); }
void operator delete[](void* p, std::size_t) noexcept { operator delete(p); }
#endif
