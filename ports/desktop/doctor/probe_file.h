/// A probe: a network, its parameters, one or two batches, and the gradients that a user's code computed of them; one file, NPZ or JSON with the same fields.
///
///   dims         [inputs, outputs of each layer]
///   activations  of each layer; loss, and where wanted mean (batch, batch_and_outputs, none), leaky_slope, huber_delta: as in architecture.h
///   layout       in_out or out_in: W [In x Out] or [Out x In]. Required: the shape of a square W does not tell
///   samples      rows or columns, of X and Y; may be left out where their shapes tell
///   W1 b1 ...    the parameters
///   X_1 Y_1      the first batch; X_2 Y_2 the second, of another size. Y of classes one-hot, or a list of class indices
///   dW1_1 db1_1  the user's gradients of W1 and b1 for the first batch; and so on
#pragma once

#include <string>

#include "../bytes.h"
#include "draw.h"
#include "words.h"

namespace insitu::desktop::doctor {

struct ProbeFile {
  Probe probe;
  Convention convention;
  std::vector<Layers> gradients;  ///< of each batch, W as [In x Out]; a dW of the transposed shape as [Out x In]
  std::string slip;               ///< a dW of the output with a column for each sample, described: labels of one dimension make it so
};

enum class Gradients { Needed, WhereThere };

/// Throws Error in one sentence, which begins with `name`, for whatever is no whole probe. Without gradients it is whole only where they are not `Needed`.
ProbeFile read_probe(Bytes bytes, const std::string& name, Gradients gradients = Gradients::Needed);

/// W1 b1 ... of an NPZ or JSON file with these fields; `layout` where the file does not say it. Throws Error as above.
Layers read_parameters(Bytes bytes, const std::string& name, const Architecture& network, Layout layout);

/// NPZ, or JSON where the path ends so; with a gradient for each batch, or without any.
void write_probe(const std::string& path, const Probe& probe, Convention convention, const std::vector<Layers>& gradients = {});

}  // namespace insitu::desktop::doctor
