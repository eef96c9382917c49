/// Keep<...>: what a store keeps beside the tensors, on request. Each is a view of memory of the caller's, one section of the record.
#pragma once

#include <cstdint>
#include <type_traits>

#include "checkpoint.h"
#include "trainer.h"

namespace insitu {

/// A stretch of 32-bit numbers of a section. Stretches of one kind that follow each other are one section.
struct Stretch {
  Section kind;
  int words;
};

/// The number of steps taken.
struct StepCount {
  std::uint32_t* step;

  static constexpr Stretch stretches[] = {{Section::Step, 1}};
  void* memory(int) const { return step; }
};

/// Offset and scale of each input: x' = (x - offset) * scale.
template <class Net>
struct InputNormalisation {
  Vector<Net::inputs>* offset;
  Vector<Net::inputs>* scale;

  static constexpr Stretch stretches[] = {{Section::Normalisation, Net::inputs}, {Section::Normalisation, Net::inputs}};
  void* memory(int k) const { return k == 0 ? offset : scale; }
};

/// What the optimizer of a Trainer knows: its settings and counts (the learning rate, Adam's powers), then its slots. The record does not say which optimizer it
/// was; a trainer with another number of floats is refused it.
template <class Training>
struct OptimizerState {
  using Inner = typename Training::Inner;
  static_assert(std::is_trivially_copyable_v<Inner> && sizeof(Inner) % 4 == 0, "insitu: an optimizer that is kept consists of floats");
  Training* trainer;

  static constexpr Stretch stretches[] = {{Section::Optimizer, static_cast<int>(sizeof(Inner) / 4)},
                                          {Section::Optimizer, Inner::slots* float_count<Trained<typename Training::Network>>}};
  void* memory(int k) const {
    if (k == 0) return &unclipped(trainer->optimizer);
    return &trainer->state;
  }
};

/// `Count` numbers of the user's, section User + I.
template <int I, int Count>
struct UserWords {
  static_assert(I >= 0 && Count > 0, "insitu: a section of yours has a number from 0 on and holds at least one word");
  std::uint32_t* words;

  static constexpr Stretch stretches[] = {{static_cast<Section>(static_cast<std::uint32_t>(Section::User) + I), Count}};
  void* memory(int) const { return words; }
};

template <class Piece>
inline constexpr int stretch_count = static_cast<int>(sizeof(Piece::stretches) / sizeof(Stretch));

/// The list. A record that lacks one of them is refused as a whole; one that has more is read.
template <class... Pieces>
struct Keep {
  /// Stretches of the record: the tensors, then the pieces.
  template <class Net>
  struct Layout {
    static constexpr int count = 1 + (stretch_count<Pieces> + ... + 0);
    Stretch stretch[static_cast<unsigned>(count)] = {};
    int sections = 1, words = float_count<Trained<Net>>;

    constexpr Layout() {
      int n = 0;
      stretch[n++] = {Net::all_trained ? Section::Parameters : Section::Trained, float_count<Trained<Net>>};
      (
          [&] {
            for (const Stretch& s : Pieces::stretches) {
              if (s.kind != stretch[n - 1].kind) ++sections;
              words += s.words;
              stretch[n++] = s;
            }
          }(),
          ...);
    }
    /// Each piece is a section of its own.
    constexpr bool distinct() const {
      if (sections != 1 + static_cast<int>(sizeof...(Pieces))) return false;
      for (int a = 1; a < count; ++a) {
        for (int b = 0; b + 1 < a; ++b) {
          if (stretch[a].kind == stretch[b].kind && stretch[a - 1].kind != stretch[b].kind) return false;
        }
      }
      return true;
    }
  };
};

}  // namespace insitu
