/// Run: what a training run is and how far it is; kept in the checkpoint, so that the run can go on as if it had never stopped.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "plot.h"

namespace insitu::desktop {

struct Run {
  // what the user chose
  std::uint64_t seed = 1, epochs = 20, warmup = 0, patience = 0;
  float rate = 0, clip = 0;  ///< clip 0: no clipping
  double validation = 0;
  std::string schedule = "constant", class_weights;
  // what it trains, how and on what
  std::string network, optimizer;                      ///< canonical text of the network; name of the optimizer
  std::uint64_t batch = 0, rows = 0, samples_crc = 0;  ///< rows and CRC-32 of the training set as it is given to the network
  std::vector<std::string> classes;
  // how far it is
  std::uint64_t step = 0;
  double loss_sum = 0;  ///< of the samples of this epoch so far
  double best_loss = std::numeric_limits<double>::infinity();
  std::uint64_t best_epoch = 0;
  std::vector<Curve> curves;

  std::uint64_t steps_per_epoch() const { return (rows + batch - 1) / batch; }
  std::uint64_t epoch() const { return step / steps_per_epoch(); }  ///< from 0
  std::uint64_t step_in_epoch() const { return step % steps_per_epoch(); }
  bool stops_early() const { return patience > 0 && epoch() >= best_epoch + patience && epoch() > 0; }

  /// Lines of a word and its value; numbers with as many digits as give them back exactly.
  std::string text() const;
  /// The run that text() wrote; words that are not known are passed over, for the sake of later versions. Throws Error, which begins with `name`.
  static Run parse(std::string_view text, const std::string& name);
};

}  // namespace insitu::desktop
