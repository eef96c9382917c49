// embed: a checkpoint as C, to lie in flash.
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "../atomic_file.h"
#include "../error.h"
#include "../record_file.h"
#include "exchange.h"
#include "network_header.h"

namespace insitu::desktop {
namespace {

/// The record without what only a training run needs: the parameters first, as the C library's view wants them.
Bytes inference_part(const RecordFile& file) {
  Bytes bytes(file.bytes());
  RecordWriter writer(bytes.data(), static_cast<int>(bytes.size()), file.hash());
  for (const Section section : {Section::Parameters, Section::Layers, Section::Trained, Section::Normalisation}) {
    if (file.length(section) < 0) continue;
    const std::vector<std::uint32_t> words = file.words(section);
    writer.add(section, words.data(), static_cast<int>(words.size()));
  }
  if (const Status status = writer.end(); status != Status::Ok) throw Error("a record: ", text(status));
  bytes.resize(static_cast<std::size_t>(writer.size()));
  return bytes;
}

std::string capitals(const std::string& name) {
  std::string text;
  for (const char c : name) text += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string numbers(const Bytes& bytes) {
  constexpr std::size_t PerLine = 28;
  std::string text;
  for (std::size_t k = 0; k < bytes.size(); ++k) {
    text.append(k % PerLine == 0 ? "\n  " : " ").append(std::to_string(bytes[k])).append(",");
  }
  return text + "\n";
}

// 32 bytes: the parameters begin 32 bytes into the record, and so are aligned as the widest vectors of AVX2 want them
constexpr const char* InC = " __attribute__((aligned(32)))";

std::string header(const std::string& name, const std::string& comment, std::size_t size, const std::string& declaration) {
  const std::string guard = "INSITU_" + capitals(name) + "_H";
  return comment + "#ifndef " + guard + "\n#define " + guard + "\n\n#define " + capitals(name) + "_SIZE " + std::to_string(size) + "\n\n" +
         declaration + "\n#endif\n";
}

/// One header with everything, for C and for C++ from 2017 on, where it is constexpr.
std::string whole_header(const std::string& name, const std::string& comment, const Bytes& bytes) {
  const std::string array = "const unsigned char " + name + "[" + capitals(name) + "_SIZE]";
  return header(name, comment, bytes.size(),
                "#ifdef __cplusplus\nalignas(32) inline constexpr unsigned char " + name + "[" + capitals(name) +
                    "_SIZE] = {\n#else\nstatic " + array + InC + " = {\n#endif" + numbers(bytes) + "};\n");
}

/// The header of an object file.
std::string declaring_header(const std::string& name, const std::string& comment, std::size_t size) {
  return header(name, comment, size,
                "#ifdef __cplusplus\nextern \"C\" {\n#endif\nextern const unsigned char " + name + "[" + capitals(name) +
                    "_SIZE];\n#ifdef __cplusplus\n}\n#endif\n");
}

}  // namespace

int embed_checkpoint(const EmbedOptions& options) {
  const std::string& network = options.network;
  const std::filesystem::path out(options.out);
  const std::string name = (options.name.empty() ? identifier(options.model) : options.name) + "_checkpoint";
  check_identifier(name);
  const RecordFile file = network.empty() ? RecordFile(options.model) : RecordFile(options.model, hash_of(network), network);
  const Bytes bytes = options.whole ? file.content() : inference_part(file);
  std::string shown;  // a file's name may hold what ends a comment
  for (const char c : std::filesystem::path(options.model).filename().string())
    shown += c == '*' || static_cast<unsigned char>(c) < ' ' ? '?' : c;
  const std::string comment = "/* " + shown + (network.empty() ? "" : ", " + network) + ": a record of insitu, for its load and view. */\n";
  if (out.extension() == ".c") {
    std::filesystem::path beside = out;
    beside.replace_extension(".h");
    write_atomically(beside.string(), declaring_header(name, comment, bytes.size()));
    write_atomically(options.out, comment + "#include \"" + beside.filename().string() + "\"\n\nconst unsigned char " + name + "[" +
                                      capitals(name) + "_SIZE]" + InC + " = {" + numbers(bytes) + "};\n");
  } else if (out.extension() == ".h" || out.extension() == ".hpp") {
    write_atomically(options.out, whole_header(name, comment, bytes));
  } else {
    throw Error(options.out, " ends in '", out.extension().string(), "', and .h (or .hpp) and .c are written");
  }
  std::printf("%s: %s[%zu]", options.out.c_str(), name.c_str(), bytes.size());
  if (bytes.size() < file.bytes()) std::printf(", without %zu bytes of the training run (--whole keeps them)", file.bytes() - bytes.size());
  std::printf("\n");
  return 0;
}

}  // namespace insitu::desktop
