/// safetensors, Hugging Face's file of named arrays: a 64-bit length, that many bytes of JSON, the numbers.
#pragma once

#include <span>
#include <string>

#include "../bytes.h"
#include "tensors.h"

namespace insitu::desktop {

struct Safetensors {
  Tensors tensors;
  std::string network;  ///< the text of the network, which insitu writes into the metadata; empty in the files of others
};

/// The header of a network of dense layers is short. The format allows 100 MB of JSON, which in memory become many times that.
inline constexpr std::size_t LargestHeader = std::size_t{1} << 20;

/// Reads F32, and F16, BF16 and F64, the last rounded to float. Throws Error, which begins with `name`, for whatever is not a whole file of this format: the
/// numbers of the tensors must fill the rest of the file, without gap or overlap.
Safetensors read_safetensors(std::span<const unsigned char> bytes, const std::string& name);

Bytes write_safetensors(const Safetensors& file);

}  // namespace insitu::desktop
