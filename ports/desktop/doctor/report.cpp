#include "report.h"

#include <nlohmann/json.hpp>

namespace insitu::desktop::doctor {
namespace {

using Json = nlohmann::ordered_json;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

std::string tensor_name(const Diagnosis& diagnosis, std::size_t t) {
  return std::string(is_bias(t) ? "b" : "W") + std::to_string(diagnosis.tensors.size() / 2 - t / 2);
}

bool untested(const Diagnosis& diagnosis, std::size_t t) {
  for (const std::size_t one : diagnosis.untested) {
    if (one == t) return true;
  }
  return false;
}

std::string letter_text(const Comparison& one, const Probe& probe) {
  switch (one.letter) {
    case '=':
      return "right";
    case '0':
      return "zero";
    case 'T':
      return "transposed";
    case 'c':
      break;
    default:
      return "other";
  }
  std::string text = "scaled by ";
  for (std::size_t k = 0; k < one.scale.size(); ++k) {
    char scale[32];
    std::snprintf(scale, sizeof scale, "%.7g", one.scale[k]);
    text += (k ? ", and by " : "") + std::string(scale) + (k ? " of " : " in the batch of ") + std::to_string(probe.batches[k].samples());
  }
  return text;
}

std::string sure(const Diagnosis& diagnosis) {
  const bool single = diagnosis.noise > InDouble.tolerance;
  std::string text =
      "the gradients agree with this to " + number(std::max(diagnosis.noise, 1e-16)) + (single ? ", as in single precision" : "");
  if (diagnosis.verdict != Diagnosis::Verdict::Named) return text;
  // within ten times the noise causes cannot be told apart, and are all named
  const bool surely = diagnosis.next > 100 * std::max(diagnosis.noise, 1e-16);
  return text + "; the next cause in the library is off by " + number(diagnosis.next) + (surely ? "" : ": this is not quite sure");
}

const char* verdict(const Diagnosis& diagnosis) {
  switch (diagnosis.verdict) {
    case Diagnosis::Verdict::Right:
      return "right";
    case Diagnosis::Verdict::Named:
      return "named";
    case Diagnosis::Verdict::Unknown:
      break;
  }
  return "unknown";
}

std::string summary(const Probe& probe, Convention convention) {
  std::string text;
  for (const std::size_t n : probe.network.dims) text.append(text.empty() ? "" : "-").append(std::to_string(n));
  for (std::size_t l = 1; l <= probe.network.layers(); ++l) text += std::string(", ") + name(probe.network.activations[l]);
  text += std::string("; ") + name(probe.network.loss) + "; W " + (convention.layout == Layout::InOut ? "[In x Out]" : "[Out x In]") + "; ";
  text += probe.batches.size() == 1 ? "one batch of " : "batches of ";
  for (std::size_t k = 0; k < probe.batches.size(); ++k) text.append(k ? " and " : "").append(std::to_string(probe.batches[k].samples()));
  return text + "\n";
}

std::string block(const Wording& words) { return words.cause + "\n    is         " + words.is + "\n    should be  " + words.should + "\n"; }

}  // namespace

std::string report(const Diagnosis& diagnosis, const Probe& probe, Convention convention) {
  const Formulas formulas(probe.network, convention);
  std::string text = summary(probe, convention);
  for (std::size_t t = 0; t < diagnosis.tensors.size(); ++t) {
    text += "  d" + tensor_name(diagnosis, t) + "  " + letter_text(diagnosis.tensors[t], probe);
    text += untested(diagnosis, t) ? " (it is zero for these batches: they do not test it)\n" : "\n";
  }
  if (diagnosis.verdict == Diagnosis::Verdict::Right) return text + "right: " + sure(diagnosis) + "\n";
  text += "first wrong layer, from the output: " + std::to_string(diagnosis.first_wrong) + "\n\n";
  if (diagnosis.verdict == Diagnosis::Verdict::Unknown)
    return text + "unknown, first wrong at layer " + std::to_string(diagnosis.first_wrong) +
           ": no mistake in the library gives these gradients\n";
  if (diagnosis.explanations.size() > 1) text += "one of these, which give the same gradients here:\n";
  for (const Explanation& one : diagnosis.explanations) {
    for (const Cause& cause : one.causes) text += block(words(cause, formulas));
  }
  if (probe.batches.size() == 1 || (probe.batches[0].samples() == probe.batches[1].samples()))
    text += "two batches of different size would tell a missing 1/m from a constant\n";
  return text + sure(diagnosis) + "\n";
}

std::string report_json(const Diagnosis& diagnosis, const Probe& probe, Convention convention) {
  const Formulas formulas(probe.network, convention);
  Json json;
  json["verdict"] = verdict(diagnosis);
  json["first_wrong_layer"] = diagnosis.first_wrong;
  json["tensors"] = Json::array();
  for (std::size_t t = 0; t < diagnosis.tensors.size(); ++t) {
    const Comparison& one = diagnosis.tensors[t];
    Json tensor;
    tensor["name"] = tensor_name(diagnosis, t);
    tensor["letter"] = std::string(1, one.letter);
    if (one.letter == 'c') tensor["scale"] = one.scale;
    if (untested(diagnosis, t)) tensor["untested"] = true;
    json["tensors"].push_back(tensor);
  }
  json["explanations"] = Json::array();
  for (const Explanation& one : diagnosis.explanations) {
    Json causes = Json::array();
    for (const Cause& cause : one.causes) {
      Json entry;
      constexpr const char* Types[] = {"", "scaled", "zero", "transposed"};
      const Wording said = words(cause, formulas);
      entry["id"] = cause.type == Cause::Type::Fault ? cause.fault.kind->id : Types[static_cast<int>(cause.type)];
      if (cause.type == Cause::Type::Fault) entry["layer"] = cause.fault.layer;
      for (const std::size_t t : cause.tensors) entry["tensors"].push_back(tensor_name(diagnosis, t));
      for (const Reading& reading : cause.readings) entry["factor"].push_back(reading.id);
      entry["cause"] = said.cause;
      entry["is"] = said.is;
      entry["should_be"] = said.should;
      causes.push_back(entry);
    }
    json["explanations"].push_back({{"causes", causes}, {"distance", one.distance}});
  }
  json["distance"] = diagnosis.noise;
  json["next_distance"] = diagnosis.next;
  return json.dump(2) + "\n";
}

std::string report_slip(const std::string& slip, const Probe& probe, Convention convention, bool json) {
  const Formulas formulas(probe.network, convention);
  const Wording words{"the labels have one dimension: A - Y is m x m, every output with every label (" + slip + ")", formulas.output(),
                      formulas.output() + ", with Y = Y.reshape(A.shape)"};
  if (!json) return summary(probe, convention) + block(words);
  const Json cause = {{"id", "labels_of_one_dimension"},
                      {"layer", probe.network.layers()},
                      {"cause", words.cause},
                      {"is", words.is},
                      {"should_be", words.should}};
  return Json{{"verdict", "named"}, {"first_wrong_layer", probe.network.layers()}, {"explanations", {{{"causes", {cause}}}}}}.dump(2) +
         "\n";
}

}  // namespace insitu::desktop::doctor
