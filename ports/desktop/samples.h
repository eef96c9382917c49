/// Samples: inputs and targets as files hold them, found by what the user wrote on the command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "array.h"
#include "task.h"

namespace insitu::desktop {

struct Samples {
  Array inputs;
  std::optional<Array> targets;      ///< numbers; class indices where the file has class names
  std::vector<std::string> classes;  ///< names of the classes; empty where the file has numbers only
  std::vector<std::size_t> lines;    ///< of each row in a text file; empty otherwise

  /// "iris.csv, line 7" or "train_y.npy, sample 7" (both from 1)
  std::string place(std::size_t row) const;
};

struct Source {
  Samples train;
  std::optional<Samples> test;
};

/// How to read: `label` names the label columns of a CSV file (see csv.h); `classes` are the class names of the training set, so that a test set
/// counts them in the same order.
struct ReadOptions {
  Shape shape;
  std::string label;
  std::vector<std::string> classes;
};

/// `specification` is one of
///   file.csv                   labels in a column
///   inputs.npy,targets.npy     a pair of NPY, IDX or CSV files
///   file.npz                   arrays x and y (or X y, inputs targets, images labels, data target), or x_train y_train x_test y_test
///   folder                     with train_x.npy train_y.npy test_x.npy test_y.npy (or x_train.npy ...), train.csv test.csv, or the four files of MNIST
///   inputs.npy                 inputs without targets
/// The format is told by a file's first bytes, not by its name, and each file may be gzip. Throws Error.
Source read_samples(const std::string& specification, const ReadOptions& options);

}  // namespace insitu::desktop
