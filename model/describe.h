/// The canonical text of a network, such as "dense 64 32 relu; dense 32 10 softmax", and its hash, by which stored weights know the network they belong to.
#pragma once

#include <cstdint>

#include "network.h"

namespace insitu {

template <class Emit>
constexpr void emit_text(const char* text, Emit&& emit) {
  for (; *text != '\0'; ++text) emit(*text);
}
template <class Emit>
constexpr void emit_number(int n, Emit&& emit) {
  char digits[12] = {};
  int count = 0;
  for (; n > 0 || count == 0; n /= 10) digits[count++] = static_cast<char>('0' + n % 10);
  while (count > 0) emit(digits[--count]);
}

/// emit(char) for each character of the text. What is frozen does not show.
template <class Net, int I = 0, class Emit>
constexpr void describe(Emit&& emit) {
  using L = typename Net::template Whole<I>;
  if constexpr (I > 0) emit_text("; ", emit);
  emit_text(L::name, emit);
  emit(' ');
  emit_number(L::inputs, emit);
  emit(' ');
  emit_number(L::outputs, emit);
  if constexpr (!std::is_same_v<typename L::Activation, Identity>) {
    emit(' ');
    emit_text(L::Activation::name, emit);
  }
  if constexpr (I + 1 < Net::depth) describe<Net, I + 1>(emit);
}

template <class Net>
inline constexpr int text_length = [] {
  int n = 0;
  describe<Net>([&](char) { ++n; });
  return n;
}();

/// The text, closed by a zero.
template <class Net>
struct Text {
  char characters[text_length<Net> + 1] = {};
  constexpr Text() {
    int n = 0;
    describe<Net>([&](char c) { characters[n++] = c; });
  }
};

/// 64-bit FNV-1a of the text.
template <class Net>
inline constexpr std::uint64_t network_hash = [] {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  describe<Net>([&](char c) { hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull; });
  return hash;
}();

}  // namespace insitu
