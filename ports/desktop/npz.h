/// NPZ, numpy's file of several arrays: a zip file of NPY files, stored or deflated.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "array.h"

struct zip;

namespace insitu::desktop {

bool is_npz(std::span<const unsigned char> bytes);

/// An open NPZ file. The bytes must live as long as it does.
class Npz {
 public:
  /// Throws Error, which begins with `name`, for whatever is not a zip file.
  Npz(std::span<const unsigned char> bytes, const std::string& name);
  ~Npz();
  Npz(const Npz&) = delete;
  Npz& operator=(const Npz&) = delete;

  /// Names of the arrays, without the ending .npy.
  const std::vector<std::string>& names() const { return names_; }
  bool contains(const std::string& array) const;
  Array read(const std::string& array) const;
  /// The NPY file of this array.
  std::vector<unsigned char> bytes(const std::string& array) const;

 private:
  std::string name_;
  zip* archive_;
  std::vector<std::string> names_;
};

/// The bytes of an NPZ file of these arrays, by name, each the bytes of an NPY file; deflated.
std::vector<unsigned char> npz_file(const std::vector<std::pair<std::string, std::string>>& arrays);

}  // namespace insitu::desktop
