#include "report.h"

namespace insitu::desktop::doctor {
namespace {

std::size_t layer_of_tensor(std::size_t t, const Formulas& f) { return f.layers() - t / 2; }
std::string name_of(std::size_t t, const Formulas& f) { return f.of(is_bias(t) ? "b" : "W", layer_of_tensor(t, f)); }

/// "W1", "W1 and b1", "every tensor", "every W", "every tensor from layer 2 down"
std::string place(const std::vector<std::size_t>& tensors, const Formulas& f) {
  const std::size_t all = 2 * f.layers();
  if (tensors.size() == 1) return name_of(tensors[0], f);
  if (tensors.size() == 2 && tensors[0] / 2 == tensors[1] / 2) return name_of(tensors[0], f) + " and " + name_of(tensors[1], f);
  if (tensors.size() == all) return "every tensor";
  if (tensors[1] == tensors[0] + 2) return is_bias(tensors[0]) ? "every b" : "every W";
  return "every tensor from layer " + std::to_string(layer_of_tensor(tensors[0], f)) + " down";
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

/// "dW1 = X.T @ dZ1 / m" with a factor
std::string times(const std::string& formula, const std::string& factor) {
  const std::size_t at = formula.find(" = ") + 3;
  return formula.substr(0, at) + factor + " * (" + formula.substr(at) + ")";
}

std::string factor_text(const Reading& reading) {
  if (reading.power == 0) return number(reading.factor);
  std::string m = reading.power > 0 ? "m" : "1/m";
  if (reading.factor == 1) return m;
  return (reading.factor == -1 ? "-" : number(reading.factor) + " * ") + m;
}

/// What a factor says of a formula: "scaled by exactly m: 1/m is missing in dW1 = dZ1 @ X.T"
std::string meaning(const Reading& reading, const Fault&) {
  const std::string id = reading.id, by = "scaled by exactly " + factor_text(reading) + ": ";
  if (id == "missing_mean") return by + "1/m is missing";
  if (id == "divided_twice") return by + "it is divided by m twice";
  if (id == "sign") return "of the wrong sign";
  if (id == "doubled") return by + "a factor 2 too many (the loss without its 1/2)";
  if (id == "halved") return by + "a factor 1/2 too many";
  if (id == "missing_mean_and_sign") return by + "1/m is missing, and the sign is wrong";
  if (id == "missing_mean_and_doubled") return by + "1/m is missing, and there is a factor 2 too many";
  if (id == "missing_mean_and_halved") return by + "1/m is missing, and there is a factor 1/2 too many";
  if (id == "summed_over_outputs") return by + "the sum over the outputs stands where their mean belongs";
  if (id == "averaged_over_outputs") return by + "it is divided by the number of outputs as well";
  if (id == "missing_mean_over_all") return by + "the sum over samples and outputs stands where their mean belongs";
  if (id == "divided_twice_over_all") return by + "it is divided by samples and outputs twice";
  if (id == "batch_size_of_first") return by + "it is divided by the size of the first batch, not by that of its own";
  if (id == "clipped_by_norm") return "clipped: its norm is " + number(reading.factor) + " whatever it should be";
  return "scaled by " + number(reading.factor) + ", whatever the batch";
}

/// The formula in which a factor on these tensors would stand.
std::string formula(const std::vector<std::size_t>& tensors, const Formulas& f, bool divided) {
  const std::size_t l = layer_of_tensor(tensors[0], f);
  const auto of = [&](std::size_t t) {
    const std::size_t k = layer_of_tensor(t, f);
    return is_bias(t) ? (divided ? f.db(k) : f.db_sum(k)) : (divided ? f.dW(k) : f.dW_sum(k));
  };
  if (tensors.size() == 1) return of(tensors[0]);
  if (tensors.size() == 2 && tensors[0] / 2 == tensors[1] / 2) return of(tensors[0]) + " and " + of(tensors[1]);
  if (tensors.size() == 2 * f.layers() || tensors[1] == tensors[0] + 2) {
    std::string all;
    for (const std::size_t t : tensors) all.append(all.empty() ? "" : ", ").append(of(t));
    return all;
  }
  return f.dZ(l);
}

Wording scaled(const Cause& cause, const Formulas& f) {
  Wording words;
  for (const Reading& reading : cause.readings) words.cause += (words.cause.empty() ? "" : "; or ") + meaning(reading, cause.fault);
  const Reading& first = cause.readings[0];
  const bool missing = first.id == std::string("missing_mean") && f.over_terms() == " / m";
  words.should = formula(cause.tensors, f, true);
  const bool delta = words.should.starts_with("dZ");
  if (missing && !delta) {
    words.is = formula(cause.tensors, f, false);
    words.cause += " in " + words.is;
  } else if (cause.tensors.size() == 1 || delta) {
    words.is = times(words.should, factor_text(first));
  } else {
    words.is = factor_text(first) + " times that";
  }
  words.cause = place(cause.tensors, f) + (cause.tensors.size() == 2 && cause.tensors[0] / 2 == cause.tensors[1] / 2 ? " are " : " is ") +
                words.cause;
  return words;
}

Wording zero(const Cause& cause, const Formulas& f) {
  const std::vector<std::size_t>& t = cause.tensors;
  const std::string should = formula(t, f, true);
  if (t.size() == 1) {
    const std::string what = is_bias(t[0]) ? "the bias is forgotten" : "the weights' gradient is forgotten";
    return {name_of(t[0], f) + " is zero: " + what, f.of(is_bias(t[0]) ? "db" : "dW", layer_of_tensor(t[0], f)) + " = 0", should};
  }
  if (t.size() == 2 * f.layers()) return {"every tensor is zero", "no gradient at all", should};
  if (t[1] == t[0] + 2) return {place(t, f) + " is zero: they are forgotten", "no gradient of them", should};
  const std::size_t l = layer_of_tensor(t[0], f);
  // every tensor from here down: no delta arrives
  if (t.back() + 1 == 2 * f.layers())
    return {"the delta is detached: nothing arrives at layer " + std::to_string(l), f.of("dZ", l) + " = 0", f.dA(l) + ", " + f.dZ(l)};
  return {place(t, f) + " are zero", "no gradient of them", should};
}

}  // namespace

Wording words(const Cause& cause, const Formulas& f) {
  switch (cause.type) {
    case Cause::Type::Fault:
      return cause.fault.kind->words(cause.fault, f);
    case Cause::Type::Scaled:
      return scaled(cause, f);
    case Cause::Type::Zero:
      return zero(cause, f);
    case Cause::Type::Transposed:
      break;
  }
  const std::size_t l = layer_of_tensor(cause.tensors[0], f);
  return {place(cause.tensors, f) + " is transposed: the product is taken the other way round", f.dW_transposed(l), f.dW(l)};
}

}  // namespace insitu::desktop::doctor
