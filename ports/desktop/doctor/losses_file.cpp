#include "losses_file.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "../records.h"

namespace insitu::desktop::doctor {
namespace {

using Row = std::vector<std::string>;

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// A decimal number, or NaN or Inf as Python, C and others write them.
bool parse(const std::string& text, double& value) {
  if (text.empty() || lower(text).find('x') != std::string::npos) return false;
  char* end = nullptr;
  value = std::strtod(text.c_str(), &end);
  return *end == '\0';
}

struct Columns {
  std::size_t loss = 0;
  std::optional<std::size_t> step;
  bool epochs = false;
};

Columns columns_of(const Row& header, const std::string& name) {
  Columns columns;
  std::optional<std::size_t> loss, training;
  for (std::size_t c = 0; c < header.size(); ++c) {
    const std::string word = lower(header[c]);
    if (word == "step" || word == "epoch" || word == "iteration") columns.step = c, columns.epochs = word == "epoch";
    if (word.find("loss") == std::string::npos && word.find("cost") == std::string::npos) continue;
    if (!loss) loss = c;
    if (!training && word.find("train") != std::string::npos) training = c;
  }
  if (!loss && header.size() > 1) throw Error(name, " has no column with 'loss' in its name on its first line");
  columns.loss = training ? *training : loss.value_or(0);
  return columns;
}

}  // namespace

Losses read_losses(const Bytes& bytes, const std::string& name) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (text.find('\0') != std::string_view::npos) throw Error(name, " is no CSV of losses: it is no text");
  const std::string_view first_line = text.substr(0, text.find('\n'));
  const auto has = [&](char c) { return first_line.find(c) != std::string_view::npos; };
  Records records(text, has('\t') ? '\t' : has(';') ? ';' : ',', name);
  Losses losses{name, {}, {}, false};
  Columns columns;
  Row row;
  std::size_t width = 0;
  for (bool first = true; records.next(row); first = false) {
    double value = 0, step = static_cast<double>(losses.values.size());
    const auto place = [&](std::size_t c) -> std::string {
      return Error(name, ", line ", records.line(), ", column ", c + 1, ": ").what();
    };
    if (first) {
      width = row.size();
      if (std::none_of(row.begin(), row.end(), [&](const std::string& field) { return parse(field, value); })) {
        columns = columns_of(row, name);
        continue;
      }
      if (width > 2) throw Error(name, " has ", width, " columns and no header that says which holds the losses");
      if (width == 2) columns = {1, 0, false};
    }
    if (row.size() != width) throw Error(name, ", line ", records.line(), ": ", row.size(), " columns, and line 1 has ", width);
    if (!parse(row[columns.loss], value))
      throw Error(place(columns.loss), "'", row[columns.loss].substr(0, 40), "' stands where a loss belongs");
    if (columns.step && (!parse(row[*columns.step], step) || !std::isfinite(step)))
      throw Error(place(*columns.step), "'", row[*columns.step].substr(0, 40), "' stands where the number of a step belongs");
    if (!losses.steps.empty() && !(step > losses.steps.back()))
      throw Error(place(*columns.step), "step ", step, " does not come after step ", losses.steps.back());
    losses.steps.push_back(step);
    losses.values.push_back(value);
  }
  if (losses.values.size() < 2) throw Error(name, " holds ", losses.values.size(), " losses, and a curve has at least two");
  losses.epochs = columns.epochs;
  return losses;
}

}  // namespace insitu::desktop::doctor
