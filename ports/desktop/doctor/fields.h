/// Fields: the named arrays and texts of an NPZ file or of a JSON object.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../bytes.h"

namespace insitu::desktop::doctor {

/// Numbers of any shape in C order, or texts.
struct Field {
  std::string name;  ///< with the file's, for messages
  std::vector<std::size_t> shape;
  std::vector<double> numbers;
  std::vector<std::string> texts;

  std::size_t size() const { return numbers.size() + texts.size(); }
};

class Fields {
 public:
  /// NPZ or JSON, by the first bytes. Throws Error, which begins with `name`, for anything else.
  Fields(Bytes bytes, const std::string& name);
  ~Fields();

  bool has(const std::string& field) const;
  /// Throws Error where it is missing, damaged, holds NaN or Inf, or is no array: lists in JSON are of numbers or of texts, as deep and as long everywhere.
  Field get(const std::string& field) const;
  const std::string& name() const { return name_; }

 private:
  struct Content;
  std::string name_;
  std::unique_ptr<const Content> content_;
};

/// Writes NPZ, or JSON where the path ends so.
void write_fields(const std::string& path, const std::vector<Field>& fields);

}  // namespace insitu::desktop::doctor
