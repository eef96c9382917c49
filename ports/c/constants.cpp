// Compiled to assembly, never assembled: each constant of the network as the target's compiler sees it, for header.sh to read.
#include <utility>

#include "network.h"

#define CONSTANT(name, value) asm volatile(".ascii \"insitu-constant " #name " %c0\"" : : "i"(value))

namespace insitu::c {

template <char C>
[[gnu::always_inline]] inline void character() {
  CONSTANT(text, static_cast<int>(C));
}

template <int... I>
[[gnu::always_inline]] inline void characters(std::integer_sequence<int, I...>) {
  constexpr Text<Net> Name;
  (character<Name.characters[I]>(), ...);
}

void constants();
void constants() {
  CONSTANT(inputs, Net::inputs);
  CONSTANT(outputs, Net::outputs);
  CONSTANT(parameters, float_count<Parameters<Net>>);
  CONSTANT(trained, float_count<Trained<Net>>);
  CONSTANT(stored_record, trained_bytes<Net>);
  CONSTANT(frozen, int{!Net::all_trained});
  CONSTANT(labels, int{takes_labels<Training::Loss>});
  CONSTANT(batch, Training::batch);
  CONSTANT(trainer, static_cast<int>(sizeof(Training)));
  CONSTANT(alignment, Alignment);
  CONSTANT(hash_high, static_cast<int>(network_hash<Net> >> 32));
  CONSTANT(hash_low, static_cast<int>(network_hash<Net> & 0xffffffffu));
  characters(std::make_integer_sequence<int, text_length<Net>>{});
}

}  // namespace insitu::c
