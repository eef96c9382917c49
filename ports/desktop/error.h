/// Error: what the desktop port throws. The message is one sentence: what was expected, and what was found.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace insitu::desktop {

/// Error("x.npy holds ", 12, " samples, and y.npy 13"): the parts are put together as by a stream. main() prints `insitu: ` and the sentence, and exits with 2.
/// Control characters, which only what was quoted from a file can have, become '?': one line, and nothing that a terminal would obey.
struct Error : std::runtime_error {
  template <class... Parts>
  explicit Error(const Parts&... parts) : std::runtime_error(sentence(parts...)) {}

 private:
  template <class... Parts>
  static std::string sentence(const Parts&... parts) {
    std::ostringstream text;
    (text << ... << parts);
    std::string line = text.str();
    for (char& c : line) {
      if (static_cast<unsigned char>(c) < ' ' || c == 127) c = '?';
    }
    return line;
  }
};

}  // namespace insitu::desktop
