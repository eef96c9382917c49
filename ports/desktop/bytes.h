/// Bytes: a file in memory, unpacked where it is gzip.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace insitu::desktop {

using Bytes = std::vector<unsigned char>;

/// No file, unpacked, may be larger: a small gzip or zip file can unpack to a thousand times its size.
inline constexpr std::size_t LargestFile = std::size_t{1} << 32;

/// The content of a file as it is stored. Throws Error for a missing file, a folder, one that cannot be read and one that is empty.
Bytes read_stored(const std::string& path);

/// The content of a file, unpacked when its first bytes are those of gzip, whatever its name. Throws Error, too, when the packed data is cut off or damaged.
Bytes read_bytes(const std::string& path);

/// Unpacks gzip data of one or several members; `name` is for messages.
Bytes gunzip(const Bytes& packed, const std::string& name);

}  // namespace insitu::desktop
