#include "fields.h"

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "../atomic_file.h"
#include "../error.h"
#include "../npy.h"
#include "../npz.h"

namespace insitu::desktop::doctor {
namespace {

using Json = nlohmann::ordered_json;

/// `depth` lists down; the shape is that of the first lists, and the others must have it too.
void flatten(const Json& json, std::size_t depth, Field& field) {
  if (json.is_array()) {
    if (depth == 3) throw Error(field.name, " has lists within lists within lists within lists, and a matrix belongs here");
    if (json.empty()) throw Error(field.name, " has an empty list");
    if (field.shape.size() == depth && field.size() == 0) field.shape.push_back(json.size());
    if (field.shape.size() <= depth || field.shape[depth] != json.size()) throw Error(field.name, " has rows of different lengths");
    for (const Json& part : json) flatten(part, depth + 1, field);
    return;
  }
  if (field.shape.size() != depth) throw Error(field.name, " has numbers beside lists");
  if (json.is_number()) {
    field.numbers.push_back(json.get<double>());
  } else if (json.is_string()) {
    field.texts.push_back(json.get<std::string>());
  } else {
    throw Error(field.name, " holds ", json.type_name(), ", and numbers or texts belong here");
  }
}

Json nested(const Field& field, std::size_t depth, std::size_t& at) {
  if (depth == field.shape.size()) {
    const std::size_t k = at++;
    return field.texts.empty() ? Json(field.numbers[k]) : Json(field.texts[k]);
  }
  Json list = Json::array();
  for (std::size_t k = 0; k < field.shape[depth]; ++k) list.push_back(nested(field, depth + 1, at));
  return list;
}

}  // namespace

struct Fields::Content {  // NOLINT(bugprone-exception-escape): what nlohmann::json leaves open
  Bytes bytes;
  std::unique_ptr<Npz> npz;
  Json json;
};

Fields::Fields(Bytes bytes, const std::string& name) : name_(name) {
  auto content = std::make_unique<Content>();
  content->bytes = std::move(bytes);
  if (is_npz(content->bytes)) {
    content->npz = std::make_unique<Npz>(content->bytes, name);
  } else {
    try {
      content->json = Json::parse(content->bytes.begin(), content->bytes.end());
    } catch (const Json::parse_error& problem) {
      throw Error(name, " is neither an NPZ file nor JSON: at byte ", problem.byte, " it is no JSON any more");
    } catch (const Json::exception&) {
      throw Error(name, " is neither an NPZ file nor JSON");
    }
    if (!content->json.is_object()) throw Error(name, " is JSON, but no object with the fields of a probe: {\"dims\": [4, 3], ...}");
  }
  content_ = std::move(content);
}

Fields::~Fields() = default;

bool Fields::has(const std::string& field) const { return content_->npz ? content_->npz->contains(field) : content_->json.contains(field); }

Field Fields::get(const std::string& name) const {
  if (!has(name)) throw Error(name_, " has no field named ", name);
  Field field{name_ + ": " + name, {}, {}, {}};
  if (content_->npz) {
    const Bytes bytes = content_->npz->bytes(name);
    const Npy npy = split_npy(bytes, field.name);
    if (npy.holds_text())
      field.texts = texts(npy);
    else
      field.numbers = doubles(npy);
    field.shape.assign(npy.shape.begin(), npy.shape.end());
  } else {
    flatten(content_->json[name], 0, field);
    if (!field.numbers.empty() && !field.texts.empty()) throw Error(field.name, " holds numbers and texts");
  }
  for (const double number : field.numbers) {
    if (!std::isfinite(number)) throw Error(field.name, " holds NaN or Inf, and says nothing so");
  }
  return field;
}

void write_fields(const std::string& path, const std::vector<Field>& fields) {
  if (path.ends_with(".json")) {
    Json json;
    for (const Field& field : fields) {
      std::size_t at = 0;
      json[field.name] = nested(field, 0, at);
    }
    return write_atomically(path, json.dump() + "\n");
  }
  std::vector<std::pair<std::string, std::string>> arrays;
  arrays.reserve(fields.size());
  for (const Field& field : fields)
    arrays.emplace_back(field.name, field.texts.empty() ? npy_file(field.numbers, field.shape) : npy_file(field.texts, field.shape));
  write_atomically(path, npz_file(arrays));
}

}  // namespace insitu::desktop::doctor
