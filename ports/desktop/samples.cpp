#include "samples.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <utility>

#include "bytes.h"
#include "csv.h"
#include "error.h"
#include "idx.h"
#include "npy.h"
#include "npz.h"

namespace insitu::desktop {
namespace {

namespace fs = std::filesystem;

bool there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// Class names in the order in which `classes` already has them, then in order of first appearance.
Array index_labels(const Table& table, std::vector<std::string>& classes, bool fixed) {
  Array indices{table.inputs.name, {table.inputs.rows()}, {}};
  for (std::size_t row = 0; row < table.labels.size(); ++row) {
    const std::string& label = table.labels[row];
    auto found = std::find(classes.begin(), classes.end(), label);
    if (found == classes.end()) {
      if (fixed)
        throw Error(table.inputs.name, ", line ", table.lines[row], ": the class '", label, "' does not occur in the training set");
      found = classes.insert(classes.end(), label);
    }
    indices.values.push_back(static_cast<float>(found - classes.begin()));
  }
  return indices;
}

std::optional<Array> label_numbers(const Table& table, bool text_allowed) {
  const std::size_t per_row = table.label_columns.size();
  Array numbers{table.inputs.name, {table.inputs.rows(), per_row}, {}};
  for (std::size_t k = 0; k < table.labels.size(); ++k) {
    float value = 0;
    if (parse_number(table.labels[k], value) && std::isfinite(value)) {
      numbers.values.push_back(value);
    } else if (text_allowed && per_row == 1) {
      return std::nullopt;
    } else {
      const std::size_t column = table.label_columns[k % per_row];
      throw Error(table.inputs.name, ", line ", table.lines[k / per_row], ", column ", column + 1, ": '", table.labels[k],
                  "' stands where a finite number belongs");
    }
  }
  return numbers;
}

Samples from_table(Table table, const ReadOptions& options) {
  Samples samples{{}, std::nullopt, options.classes, table.lines};
  if (!table.label_columns.empty()) {
    const auto known = [&](const std::string& label) {
      return std::find(options.classes.begin(), options.classes.end(), label) != options.classes.end();
    };
    const bool named = table.label_columns.size() == 1 && std::all_of(table.labels.begin(), table.labels.end(), known);
    if (!named) samples.targets = label_numbers(table, options.shape.task != Task::Values);
    if (samples.targets) {
      if (samples.classes.empty()) samples.classes = table.classes;
    } else {
      samples.targets = index_labels(table, samples.classes, !options.classes.empty());
    }
  }
  samples.inputs = std::move(table.inputs);
  return samples;
}

/// Any single file but NPZ; CSV yields its labels too.
Samples read_one(const std::string& path, const Bytes& bytes, const ReadOptions& options, const std::string& label) {
  if (is_npy(bytes)) return {read_npy(bytes, path), std::nullopt, options.classes, {}};
  if (is_idx(bytes)) return {read_idx(bytes, path), std::nullopt, options.classes, {}};
  if (is_npz(bytes)) throw Error(path, " is an NPZ file, which stands alone: it holds inputs and targets");
  const std::size_t looked_at = std::min<std::size_t>(bytes.size(), 4096);
  if (std::find(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(looked_at), 0) !=
      bytes.begin() + static_cast<std::ptrdiff_t>(looked_at)) {
    throw Error(path, " is neither CSV, NPY, NPZ nor IDX: it begins like none of the three and is no text");
  }
  return from_table(read_csv(bytes, path, {options.shape.inputs, options.shape.outputs, label}), options);
}

Samples read_pair(const std::string& inputs, const std::string& targets, const ReadOptions& options) {
  Samples samples = read_one(inputs, read_bytes(inputs), options, "none");
  ReadOptions second = options;
  second.shape.inputs = 0;
  Samples labels = read_one(targets, read_bytes(targets), second, "none");
  samples.targets = std::move(labels.inputs);
  if (!labels.lines.empty()) samples.lines = std::move(labels.lines);
  return samples;
}

using Names = std::array<const char*, 4>;  // inputs and targets to train, inputs and targets to test

constexpr Names Sets[] = {
    {"train_x", "train_y", "test_x", "test_y"},
    {"x_train", "y_train", "x_test", "y_test"},
    {"X_train", "y_train", "X_test", "y_test"},
    {"x", "y", nullptr, nullptr},
    {"X", "y", nullptr, nullptr},
    {"inputs", "targets", nullptr, nullptr},
    {"images", "labels", nullptr, nullptr},
    {"data", "target", nullptr, nullptr},
};

Source read_npz(const Bytes& bytes, const std::string& path, const ReadOptions& options) {
  const Npz npz(bytes, path);
  const auto pair = [&](const char* inputs, const char* targets) {
    Samples samples{npz.read(inputs), std::nullopt, options.classes, {}};
    if (npz.contains(targets)) samples.targets = npz.read(targets);
    return samples;
  };
  for (const Names& set : Sets) {
    if (!npz.contains(set[0])) continue;
    Source source{pair(set[0], set[1]), std::nullopt};
    if (set[2] && npz.contains(set[2])) source.test = pair(set[2], set[3]);
    return source;
  }
  std::string names;
  for (const std::string& name : npz.names()) names += (names.empty() ? "" : ", ") + name;
  throw Error(path, " has no arrays x and y (nor inputs and targets, images and labels, x_train and y_train); it holds ",
              names.empty() ? "none" : names);
}

Source read_folder(const fs::path& folder, const ReadOptions& options) {
  const auto find = [&](const std::string& stem) {
    for (const char* ending : {".npy", ".npy.gz", "", ".gz"}) {
      const fs::path path = folder / (stem + ending);
      if (there(path)) return path.string();
    }
    return std::string();
  };
  constexpr Names Mnist = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
  std::vector<Names> sets(std::begin(Sets), std::end(Sets));
  sets.push_back(Mnist);
  for (const Names& set : sets) {
    const std::string inputs = find(set[0]), targets = find(set[1]);
    if (inputs.empty() || targets.empty()) continue;
    Source source{read_pair(inputs, targets, options), std::nullopt};
    const std::string test = set[2] ? find(set[2]) : "", answers = set[3] ? find(set[3]) : "";
    if (!test.empty() && !answers.empty()) source.test = read_pair(test, answers, options);
    return source;
  }
  const std::string train = find("train.csv"), test = find("test.csv");
  if (train.empty()) throw Error(folder.string(), " is a folder without train_x.npy and train_y.npy, train.csv, or the files of MNIST");
  Source source{read_one(train, read_bytes(train), options, options.label), std::nullopt};
  ReadOptions same = options;
  same.classes = source.train.classes;
  if (!test.empty()) source.test = read_one(test, read_bytes(test), same, options.label);
  return source;
}

}  // namespace

std::string Samples::place(std::size_t row) const {
  const std::string& name = targets ? targets->name : inputs.name;
  return lines.empty() ? name + ", sample " + std::to_string(row + 1) : name + ", line " + std::to_string(lines[row]);
}

Source read_samples(const std::string& specification, const ReadOptions& options) {
  std::error_code ignored;
  if (fs::is_directory(specification, ignored)) return read_folder(specification, options);
  const std::size_t comma = specification.find(',');
  if (comma != std::string::npos && !there(specification)) {
    return {read_pair(specification.substr(0, comma), specification.substr(comma + 1), options), std::nullopt};
  }
  const Bytes bytes = read_bytes(specification);
  if (is_npz(bytes)) return read_npz(bytes, specification, options);
  return {read_one(specification, bytes, options, options.label), std::nullopt};
}

}  // namespace insitu::desktop
