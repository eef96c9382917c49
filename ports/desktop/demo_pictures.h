/// Ten pictures of 64 x 64 pixels in three colours for the demo: drawn here, or read from files.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>

#include "dataset.h"
#include "error.h"
#include "model/insitu.h"
#include "normalisation.h"

namespace insitu::desktop::demo {

inline constexpr int Pictures = 10, Side = 64, Colours = 3, Pixels = Side * Side, Numbers = Pixels * Colours;
inline constexpr Shape PictureShape{Numbers, 1, Task::Binary};

/// 1 inside, 0 outside, and in between over one pixel at the edge of a disc (`round`) or a square.
inline float covered(bool round, int x, int y, float centre_x, float centre_y, float radius) {
  const float dx = static_cast<float>(x) - centre_x, dy = static_cast<float>(y) - centre_y;
  const float distance = round ? sqrt(Scalar(dx) * Scalar(dx) + Scalar(dy) * Scalar(dy)).value : std::max(std::abs(dx), std::abs(dy));
  return std::clamp(radius - distance + 0.5f, 0.0f, 1.0f);
}

/// Discs (label 1) and squares (label 0) in turn, each at a random place, of random size and colour, before a background that changes from left to right and
/// from top to bottom; every number in [0, 1].
inline Dataset draw_pictures(std::uint64_t seed) {
  Random random{seed};
  Dataset dataset{"discs and squares", PictureShape, Pictures, {}, {}, {}, {}};
  for (int picture = 0; picture < Pictures; ++picture) {
    const bool round = picture % 2 == 1;
    const float radius = 8.0f + 14.0f * random.uniform();
    const float centre_x = 24.0f + 16.0f * random.uniform(), centre_y = 24.0f + 16.0f * random.uniform();
    std::array<float, Colours> colour, background, right, down;
    for (float& c : colour) c = random.uniform();
    for (float& c : background) c = 0.25f + 0.5f * random.uniform();
    for (float& c : right) c = uniform(random, 0.25f / Side);
    for (float& c : down) c = uniform(random, 0.25f / Side);
    for (int y = 0; y < Side; ++y) {
      for (int x = 0; x < Side; ++x) {
        const float inside = covered(round, x, y, centre_x, centre_y, radius);
        for (std::size_t c = 0; c < Colours; ++c) {
          const float behind = background[c] + right[c] * static_cast<float>(x - Side / 2) + down[c] * static_cast<float>(y - Side / 2);
          dataset.inputs.push_back(behind + inside * (colour[c] - behind));
        }
      }
    }
    dataset.targets.push_back(round ? 1.0f : 0.0f);
  }
  return dataset;
}

/// The first ten of the user's, brought to [0, 1] where they are bytes. Throws Error.
inline Dataset read_pictures(const std::string& specification) {
  const Dataset all = make_dataset(read_samples(specification, {PictureShape, "", {}}).train, PictureShape);
  if (!all.labelled()) throw Error(all.name, " has no labels, and the demo needs a 0 or a 1 for each picture");
  if (all.rows < Pictures) throw Error(all.name, " holds ", all.rows, " pictures, and the demo needs ", Pictures);
  std::array<std::uint32_t, Pictures> first;
  std::iota(first.begin(), first.end(), 0u);
  Dataset dataset = all.select(first);
  for (const float label : dataset.targets) {
    if (label != 0.0f && label != 1.0f)
      throw Error(dataset.name, " has the label ", label, ", and the demo needs a 0 or a 1 for each picture");
  }
  if (*std::max_element(dataset.inputs.begin(), dataset.inputs.end()) > 1.0f) {
    for (float& x : dataset.inputs) x = x / 255.0f;
  }
  return dataset;
}

/// Each number minus its mean over the pictures, divided by its deviation.
inline Dataset standardised(const Dataset& dataset) {
  Dataset result = dataset;
  Normalisation::of(dataset, "standard").apply(result);
  return result;
}

/// The mean over all pairs of pictures of the cosine of the angle between them: 1 where all point the same way.
inline double mean_cosine(const Dataset& dataset) {
  const auto product = [&](std::size_t s, std::size_t t) {
    return std::inner_product(dataset.input(s), dataset.input(s) + Numbers, dataset.input(t), 0.0, std::plus<>(),
                              [](float a, float b) { return static_cast<double>(a) * static_cast<double>(b); });
  };
  double sum = 0;
  int pairs = 0;
  for (std::size_t s = 0; s < dataset.rows; ++s) {
    for (std::size_t t = 0; t < s; ++t, ++pairs) sum += product(s, t) / std::sqrt(product(s, s) * product(t, t));
  }
  return sum / pairs;
}

/// The share of ones among the labels, and the loss of whoever answers with it whatever the picture: the entropy of the labels.
inline double label_mean(const Dataset& dataset) {
  return std::accumulate(dataset.targets.begin(), dataset.targets.end(), 0.0) / static_cast<double>(dataset.rows);
}
inline double label_entropy(const Dataset& dataset) {
  const double p = label_mean(dataset);
  return p <= 0 || p >= 1 ? 0.0 : -p * std::log(p) - (1 - p) * std::log(1 - p);
}

/// The mean of a picture's numbers in the rectangle [left, right) x [top, bottom).
inline double brightness(const float* picture, int left, int right, int top, int bottom) {
  double sum = 0;
  for (int y = top; y < bottom; ++y) {
    for (int k = (y * Side + left) * Colours; k < (y * Side + right) * Colours; ++k) sum += static_cast<double>(picture[k]);
  }
  return sum / ((bottom - top) * (right - left) * Colours);
}

/// All pictures side by side in characters, each from a blank where it is darkest to @ where it is brightest.
inline std::string thumbnails(const Dataset& dataset) {
  constexpr int Width = 8, Height = 5;
  constexpr char Ramp[] = " .:-=+*#%@";
  std::array<std::string, Height> lines;
  for (std::size_t picture = 0; picture < dataset.rows; ++picture) {
    std::array<double, static_cast<std::size_t>(Width * Height)> cells;
    std::size_t k = 0;
    for (int y = 0; y < Height; ++y) {
      for (int x = 0; x < Width; ++x) {
        cells[k++] =
            brightness(dataset.input(picture), x * Side / Width, (x + 1) * Side / Width, y * Side / Height, (y + 1) * Side / Height);
      }
    }
    const auto [low, high] = std::minmax_element(cells.begin(), cells.end());
    const double step = *high > *low ? 9.0 / (*high - *low) : 0.0;
    k = 0;
    for (std::string& line : lines) {
      for (int x = 0; x < Width; ++x) line += Ramp[std::lround((cells[k++] - *low) * step)];
      line += "  ";
    }
  }
  std::string text;
  for (std::string& line : lines) text += line.erase(line.find_last_not_of(' ') + 1) + "\n";
  return text;
}

}  // namespace insitu::desktop::demo
