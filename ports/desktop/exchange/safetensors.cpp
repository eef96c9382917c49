#include "safetensors.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "../error.h"
#include "half.h"

namespace insitu::desktop {
namespace {

using Json = nlohmann::json;

constexpr std::size_t LengthBytes = 8;
constexpr int DeepestJson = 3;  // {"tensor": {"shape": [...]}}
const std::string Metadata = "__metadata__", NetworkKey = "insitu";

/// The object of the header. Names that occur twice, which a JSON reader passes over in silence, and nesting that the format has not are refused.
Json parse_header(std::span<const unsigned char> text, const std::string& name) {
  std::vector<std::set<std::string>> names;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth >= DeepestJson && (event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start))
      throw Error(name, " has a JSON header that is nested too deeply");
    if (event == Json::parse_event_t::object_start) names.emplace_back();
    if (event == Json::parse_event_t::object_end) names.pop_back();
    if (event == Json::parse_event_t::key && !names.back().insert(value.get<std::string>()).second)
      throw Error(name, " has '", value.get<std::string>(), "' twice in its header");
    return true;
  };
  try {
    Json header = Json::parse(text.begin(), text.end(), watch);
    if (!header.is_object()) throw Error(name, " has a header that is no JSON object");
    return header;
  } catch (const Json::exception&) {
    throw Error(name, " is no safetensors file: its header is no JSON");
  }
}

std::vector<float> numbers(std::span<const unsigned char> bytes, const std::string& type) {
  if (type == "F16") return decode_halves(bytes, half);
  if (type == "BF16") return decode_halves(bytes, brain);
  return decode({'f', type == "F64" ? std::size_t{8} : std::size_t{4}, false}, bytes);
}

std::vector<std::uint64_t> whole_numbers(const Json& tensor, const char* key, std::size_t most, const std::string& name) {
  const auto found = tensor.find(key);
  bool good = found != tensor.end() && found->is_array() && found->size() <= most;
  std::vector<std::uint64_t> result;
  for (std::size_t k = 0; good && k < found->size(); ++k) {
    good = (*found)[k].is_number_unsigned();
    if (good) result.push_back((*found)[k].get<std::uint64_t>());
  }
  if (!good) throw Error(name, " has no '", key, "' that is a list of at most ", most, " whole numbers");
  return result;
}

}  // namespace

Safetensors read_safetensors(std::span<const unsigned char> bytes, const std::string& name) {
  if (bytes.size() < LengthBytes) throw Error(name, " is cut off: it ends within the length of its header");
  std::uint64_t length = 0;
  for (std::size_t k = LengthBytes; k-- > 0;) length = length << 8 | bytes[k];
  if (length > bytes.size() - LengthBytes) {
    throw Error(name, " promises a header of ", length, " bytes, and only ", bytes.size() - LengthBytes, " follow");
  }
  if (length > LargestHeader) throw Error(name, " has a header of ", length, " bytes, and ", LargestHeader, " are the most that is read");
  const std::span<const unsigned char> content = bytes.subspan(LengthBytes + static_cast<std::size_t>(length));
  const Json header = parse_header(bytes.subspan(LengthBytes, static_cast<std::size_t>(length)), name);

  Safetensors file;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  for (const auto& [key, tensor] : header.items()) {
    if (!tensor.is_object()) throw Error(name, ": '", key, "' is not described by a JSON object");
    if (key == Metadata) {
      if (const auto found = tensor.find(NetworkKey); found != tensor.end() && found->is_string()) file.network = found->get<std::string>();
      continue;
    }
    const std::string what = name + ": '" + key + "'";
    const auto dtype = tensor.find("dtype");
    const std::string type = dtype != tensor.end() && dtype->is_string() ? dtype->get<std::string>() : "";
    if (type != "F32" && type != "F64" && type != "F16" && type != "BF16") {
      throw Error(what, " holds numbers of type '", type, "', and F32, F64, F16 and BF16 are read");
    }
    const std::vector<std::uint64_t> shape = whole_numbers(tensor, "shape", 8, what),
                                     place = whole_numbers(tensor, "data_offsets", 2, what);
    if (place.size() != 2 || place[0] > place[1] || place[1] > content.size()) {
      throw Error(what, " lies at data_offsets that are not within the ", content.size(), " bytes of numbers");
    }
    const std::span<const unsigned char> own =
        content.subspan(static_cast<std::size_t>(place[0]), static_cast<std::size_t>(place[1] - place[0]));
    check_shape(what, shape, type == "F32" ? 4 : type == "F64" ? 8 : 2, own.size());
    places.emplace_back(place[0], place[1]);
    file.tensors[key] = Array{what, {shape.begin(), shape.end()}, numbers(own, type)};
  }
  std::sort(places.begin(), places.end());
  std::uint64_t end = 0;
  for (const auto& [from, to] : places) {
    if (from != end)
      throw Error(name, " has tensors that overlap, or a gap between them, at byte ", std::min(from, end), " of its numbers");
    end = to;
  }
  if (end != content.size()) throw Error(name, " has ", content.size() - end, " bytes behind its last tensor");
  return file;
}

Bytes write_safetensors(const Safetensors& file) {
  Json header = Json::object();
  header[Metadata] = {{"format", "pt"}, {NetworkKey, file.network}};
  std::size_t at = 0;
  for (const auto& [name, array] : file.tensors) {
    header[name] = {{"dtype", "F32"}, {"shape", array.shape}, {"data_offsets", {at, at + 4 * array.values.size()}}};
    at += 4 * array.values.size();
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const Json::exception&) {
    throw Error("the name of a layer is no UTF-8, and safetensors has no other");
  }
  while (text.size() % 8 != 0) text += ' ';
  std::string before;
  for (std::size_t k = 0; k < LengthBytes; ++k) before += static_cast<char>(text.size() >> (8 * k) & 255);
  before += text;
  Bytes bytes(before.begin(), before.end());
  for (const auto& [name, array] : file.tensors) append(bytes, array.values);
  return bytes;
}

}  // namespace insitu::desktop
