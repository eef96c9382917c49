#include "probe_file.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "../array.h"
#include "../error.h"
#include "fields.h"

namespace insitu::desktop::doctor {
namespace {

constexpr double LargestLayer = 1 << 24;
constexpr std::size_t MostLayers = 100;

std::string numbered(const char* what, std::size_t l) { return what + std::to_string(l); }
std::string of_batch(const std::string& what, std::size_t k) { return what + "_" + std::to_string(k); }

Field numbers(const Fields& fields, const std::string& name) {
  Field field = fields.get(name);
  if (field.numbers.empty()) throw Error(field.name, " holds text, and numbers belong here");
  return field;
}
std::string text(const Fields& fields, const std::string& name) {
  const Field field = fields.get(name);
  if (field.texts.size() != 1) throw Error(field.name, " is no text");
  return field.texts[0];
}
double number(const Fields& fields, const std::string& name) {
  const Field field = numbers(fields, name);
  if (field.numbers.size() != 1) throw Error(field.name, " is not one number");
  return field.numbers[0];
}
bool choice(const Fields& fields, const std::string& name, const std::string& yes, const std::string& no) {
  const std::string word = text(fields, name);
  if (word != yes && word != no)
    throw Error(fields.name(), ": ", name, " is '", word.substr(0, 40), "', and ", yes, " or ", no, " belongs here");
  return word == yes;
}

Architecture read_architecture(const Fields& fields) {
  Architecture network;
  const Field dims = numbers(fields, "dims");
  if (dims.numbers.size() > MostLayers + 1) throw Error(dims.name, " has more than ", MostLayers, " layers");
  for (const double n : dims.numbers) {
    if (!(n >= 1 && n <= LargestLayer && n == std::floor(n))) throw Error(dims.name, " holds ", n, ", and sizes of layers belong here");
    network.dims.push_back(static_cast<std::size_t>(n));
  }
  network.activations = {Activation::Identity};
  for (const std::string& name : fields.get("activations").texts) network.activations.push_back(find_activation(name));
  network.loss = find_loss(text(fields, "loss"));
  network.mean = fields.has("mean") ? find_mean(text(fields, "mean")) : usual_mean(network.loss);
  if (fields.has("leaky_slope")) network.leaky_slope = number(fields, "leaky_slope");
  if (fields.has("huber_delta")) network.huber_delta = number(fields, "huber_delta");
  check(network);
  return network;
}

/// A matrix of the file, [rows x columns], or turned where it lies so.
Tensor matrix(const Field& field, std::size_t rows, std::size_t columns) {
  Tensor result(rows, columns);
  result.values = field.numbers;
  return result;
}

bool is_shape(const Field& field, std::size_t rows, std::size_t columns) { return field.shape == std::vector<std::size_t>{rows, columns}; }

[[noreturn]] void wrong_shape(const Field& field, const std::string& expected) {
  throw Error(field.name, " is ", field.shape.empty() ? "one number" : shape_text(field.shape), ", and ", expected, " belongs here");
}

std::string by(std::size_t rows, std::size_t columns) { return std::to_string(rows) + " x " + std::to_string(columns); }

Tensor read_weights(const Fields& fields, const std::string& name, std::size_t in, std::size_t out, Layout layout) {
  const Field field = numbers(fields, name);
  const bool in_out = layout == Layout::InOut;
  if (in_out && is_shape(field, in, out)) return matrix(field, in, out);
  if (!in_out && is_shape(field, out, in)) return transposed(matrix(field, out, in));
  wrong_shape(field, in_out ? by(in, out) + " in the layout in_out" : by(out, in) + " in the layout out_in");
}

Tensor read_bias(const Fields& fields, const std::string& name, std::size_t out) {
  const Field field = numbers(fields, name);
  std::size_t sizes_above_one = 0;
  for (const std::size_t n : field.shape) sizes_above_one += n > 1;
  if (field.numbers.size() != out || sizes_above_one > 1) wrong_shape(field, std::to_string(out));
  return matrix(field, 1, out);
}

/// Whether samples are rows; where X and Y can be read either way, `samples` must say.
bool samples_are_rows(const Fields& fields, const Architecture& network) {
  if (fields.has("samples")) return choice(fields, "samples", "rows", "columns");
  const auto fits = [](const Field& field, std::size_t n, std::size_t axis) { return field.shape.size() == 2 && field.shape[axis] == n; };
  const Field x = numbers(fields, "X_1"), y = numbers(fields, "Y_1");
  const bool flat = y.shape.size() < 2;
  const bool rows = fits(x, network.dims[0], 1) && (flat || fits(y, network.outputs(), 1));
  const bool columns = fits(x, network.dims[0], 0) && (flat || fits(y, network.outputs(), 0));
  if (rows && columns)
    throw Error(fields.name(), ": the shapes do not tell whether a sample is a row or a column: samples must say rows or columns");
  return rows || !columns;
}

Tensor read_samples(const Fields& fields, const std::string& name, std::size_t n, bool rows) {
  const Field field = numbers(fields, name);
  if (field.shape.size() != 2 || field.shape[rows ? 1 : 0] != n)
    wrong_shape(field, rows ? "samples x " + std::to_string(n) : std::to_string(n) + " x samples");
  const Tensor given = matrix(field, field.shape[0], field.shape[1]);
  return rows ? given : transposed(given);
}

Tensor read_targets(const Fields& fields, const std::string& name, const Architecture& network, std::size_t m, bool rows) {
  const Field field = numbers(fields, name);
  const std::size_t n = network.outputs();
  Tensor y(m, n);
  if (field.shape.size() != 1) {
    y = read_samples(fields, name, n, rows);
  } else if (n == 1) {
    y.values = field.numbers;
  } else {
    if (network.loss != LossKind::CrossEntropy) wrong_shape(field, rows ? by(m, n) : by(n, m));
    for (std::size_t s = 0; s < std::min(m, field.numbers.size()); ++s) {
      const double k = field.numbers[s];
      if (!(k >= 0 && k < static_cast<double>(n) && k == std::floor(k)))
        throw Error(field.name, " holds ", k, ", and class indices from 0 to ", n - 1, " belong here");
      y(s, static_cast<std::size_t>(k)) = 1;
    }
  }
  if (y.rows != m || (field.shape.size() == 1 && field.numbers.size() != m))
    wrong_shape(field, "a target for each of " + std::to_string(m) + " samples");
  return y;
}

/// Of a gradient dW the transposed shape may be a mistake to be named; so may m columns in place of one output.
Tensor read_gradient(const Fields& fields, const std::string& name, std::size_t in, std::size_t out, std::size_t m, Layout layout,
                     std::string& slip) {
  const Field field = numbers(fields, name);
  const bool in_out = layout == Layout::InOut;
  const std::size_t rows = in_out ? in : out, columns = in_out ? out : in;
  if (is_shape(field, rows, columns)) return in_out ? matrix(field, in, out) : transposed(matrix(field, out, in));
  if (is_shape(field, columns, rows)) return in_out ? matrix(field, out, in) : transposed(matrix(field, in, out));
  if (!(out == 1 && field.numbers.size() == in * m)) wrong_shape(field, by(rows, columns));
  if (slip.empty()) slip = name + " is " + shape_text(field.shape) + ", and " + by(rows, columns) + " belongs here";
  return Tensor(in, out);
}

Layers read_gradients(const Fields& fields, const Architecture& network, std::size_t k, std::size_t m, Layout layout, std::string& slip) {
  Layers gradient(1);
  for (std::size_t l = 1; l <= network.layers(); ++l) {
    const std::string w = of_batch(numbered("dW", l), k), b = of_batch(numbered("db", l), k);
    for (const std::string& name : {w, b}) {
      if (!fields.has(name))
        throw Error(fields.name(), " has no ", name, ": your code's gradient of ", name.substr(1, 1), l, " for batch ", k);
    }
    const std::size_t in = network.dims[l - 1], out = network.dims[l];
    std::string own;
    const Tensor dw = read_gradient(fields, w, in, out, m, layout, own);
    if (slip.empty()) slip = own;
    gradient.push_back({dw, own.empty() ? read_bias(fields, b, out) : Tensor(1, out)});
  }
  return gradient;
}

Layers read_parameters(const Fields& fields, const Architecture& network, Layout layout) {
  Layers parameters(1);
  for (std::size_t l = 1; l <= network.layers(); ++l) {
    const std::size_t in = network.dims[l - 1], out = network.dims[l];
    Layer layer{read_weights(fields, numbered("W", l), in, out, layout), read_bias(fields, numbered("b", l), out)};
    parameters.push_back(std::move(layer));
  }
  return parameters;
}

}  // namespace

Layers read_parameters(Bytes bytes, const std::string& name, const Architecture& network, Layout layout) {
  const Fields fields(std::move(bytes), name);
  if (fields.has("layout")) layout = choice(fields, "layout", "in_out", "out_in") ? Layout::InOut : Layout::OutIn;
  return read_parameters(fields, network, layout);
}

ProbeFile read_probe(Bytes bytes, const std::string& name, Gradients gradients) {
  const Fields fields(std::move(bytes), name);
  ProbeFile file;
  Probe& probe = file.probe;
  probe.network = read_architecture(fields);
  if (!fields.has("layout"))
    throw Error(name, " has no layout: in_out for W [In x Out], out_in for W [Out x In]; the shape of a square W does not tell");
  file.convention.layout = choice(fields, "layout", "in_out", "out_in") ? Layout::InOut : Layout::OutIn;
  probe.parameters = read_parameters(fields, probe.network, file.convention.layout);
  file.convention.rows = samples_are_rows(fields, probe.network);
  const bool with_gradients = gradients == Gradients::Needed || fields.has("dW1_1");
  for (std::size_t k = 1; k <= (fields.has("X_2") ? 2u : 1u); ++k) {
    Tensor x = read_samples(fields, of_batch("X", k), probe.network.dims[0], file.convention.rows);
    Tensor y = read_targets(fields, of_batch("Y", k), probe.network, x.rows, file.convention.rows);
    if (with_gradients) file.gradients.push_back(read_gradients(fields, probe.network, k, x.rows, file.convention.layout, file.slip));
    probe.batches.push_back({std::move(x), std::move(y)});
  }
  return file;
}

void write_probe(const std::string& path, const Probe& probe, Convention convention, const std::vector<Layers>& gradients) {
  const Architecture& network = probe.network;
  std::vector<Field> fields;
  const auto add = [&](const std::string& name, const Tensor& t) { fields.push_back({name, {t.rows, t.columns}, t.values, {}}); };
  const auto say = [&](const std::string& name, const std::string& word) { fields.push_back({name, {}, {}, {word}}); };
  fields.push_back({"dims", {network.dims.size()}, {network.dims.begin(), network.dims.end()}, {}});
  Field activations{"activations", {network.layers()}, {}, {}};
  for (std::size_t l = 1; l <= network.layers(); ++l) activations.texts.push_back(name(network.activations[l]));
  fields.push_back(activations);
  say("loss", name(network.loss));
  say("mean", name(network.mean));
  if (network.loss == LossKind::Huber) fields.push_back({"huber_delta", {}, {network.huber_delta}, {}});
  if (network.leaky_slope != Architecture().leaky_slope) fields.push_back({"leaky_slope", {}, {network.leaky_slope}, {}});
  say("layout", convention.layout == Layout::InOut ? "in_out" : "out_in");
  say("samples", convention.rows ? "rows" : "columns");
  const auto add_layers = [&](const Layers& layers, const char* w, const char* b, const std::string& ending) {
    for (std::size_t l = 1; l < layers.size(); ++l) {
      add(numbered(w, l) + ending, convention.layout == Layout::InOut ? layers[l].W : transposed(layers[l].W));
      add(numbered(b, l) + ending, convention.rows ? layers[l].b : transposed(layers[l].b));
    }
  };
  add_layers(probe.parameters, "W", "b", "");
  for (std::size_t k = 0; k < probe.batches.size(); ++k) {
    const Batch& batch = probe.batches[k];
    add(of_batch("X", k + 1), convention.rows ? batch.inputs : transposed(batch.inputs));
    add(of_batch("Y", k + 1), convention.rows ? batch.targets : transposed(batch.targets));
    if (!gradients.empty()) add_layers(gradients[k], "dW", "db", of_batch("", k + 1));
  }
  write_fields(path, fields);
}

}  // namespace insitu::desktop::doctor
