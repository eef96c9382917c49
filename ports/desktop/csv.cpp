#include "csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "error.h"
#include "records.h"

namespace insitu::desktop {
namespace {

using Fields = std::vector<std::string>;

bool parse_index(std::string_view text, std::size_t& value) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc{} && end == text.data() + text.size();
}

bool is_number(const std::string& text) {
  float ignored;
  return parse_number(text, ignored);
}

char separator_of(std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n', std::min(text.size(), text.find_first_not_of("\r\n \t"))));
  for (const char c : {'\t', ';', ','}) {
    bool quoted = false;
    for (const char here : first) {
      if (here == '"') quoted = !quoted;
      if (here == c && !quoted) return c;
    }
  }
  return ',';
}

/// `150,4,setosa,versicolor,virginica`, followed by a record of 5 numbers
bool is_scikit_learn(const Fields& first, const Fields& second) {
  std::size_t samples, features;
  if (first.size() < 3 || !parse_index(first[0], samples) || !parse_index(first[1], features) || features + 1 != second.size())
    return false;
  return std::none_of(first.begin() + 2, first.end(), is_number) && is_number(second.back());
}

std::vector<std::size_t> label_columns(const Fields& first, const CsvColumns& wanted, const std::string& name, bool& by_name) {
  std::vector<std::size_t> columns;
  by_name = false;
  if (wanted.label == "none") return columns;
  if (wanted.label.empty()) {
    const std::size_t beyond = first.size() > wanted.inputs ? first.size() - wanted.inputs : 0;
    if (wanted.inputs > 0 && first.size() == wanted.inputs) return columns;
    const std::size_t count = wanted.inputs > 0 && beyond == wanted.outputs ? beyond : 1;
    for (std::size_t k = 0; k < count; ++k) columns.push_back(first.size() - count + k);
    return columns;
  }
  Fields labels;
  Records(wanted.label, ',', name).next(labels);
  for (const std::string& label : labels) {
    const auto named = std::find(first.begin(), first.end(), label);
    std::size_t number = 0;
    if (named != first.end() && !is_number(label)) {
      columns.push_back(static_cast<std::size_t>(named - first.begin()));
      by_name = true;
    } else if (parse_index(label, number)) {
      if (number < 1 || number > first.size())
        throw Error(name, " has columns 1 to ", first.size(), ", and the label column is to be ", label);
      columns.push_back(number - 1);
    } else {
      throw Error(name, " has no column named '", label, "' on its first line");
    }
  }
  return columns;
}

bool contains(const std::vector<std::size_t>& columns, std::size_t column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

}  // namespace

bool parse_number(std::string_view text, float& value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || text.empty()) return false;
  if (problem == std::errc::result_out_of_range) {  // also 1e-400, which is no error for anyone
    const std::size_t exponent = text.find_first_of("eE");
    number =
        exponent != std::string_view::npos && text.substr(exponent + 1).starts_with('-') ? 0.0 : std::numeric_limits<double>::infinity();
  } else if (problem != std::errc{}) {
    return false;
  }
  value = std::abs(number) > static_cast<double>(std::numeric_limits<float>::max()) ? std::numeric_limits<float>::infinity()
                                                                                    : static_cast<float>(number);
  return true;
}

Table read_csv(std::span<const unsigned char> bytes, const std::string& name, const CsvColumns& wanted) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  Records records(text, separator_of(text), name);
  Fields fields, second;
  Records ahead = records;
  if (!ahead.next(fields)) throw Error(name, " holds no samples: all its lines are blank");
  const std::size_t first_line = ahead.line();
  Records after = ahead;

  Table table;
  std::size_t promised = 0;
  if (after.next(second) && is_scikit_learn(fields, second)) {
    table.classes.assign(fields.begin() + 2, fields.end());
    parse_index(fields[0], promised);
    records = ahead;
    fields = second;
  }
  bool by_name = false;
  const std::vector<std::size_t> labels = label_columns(fields, wanted, name, by_name);
  const std::size_t columns = fields.size();
  bool header = by_name;
  for (std::size_t c = 0; c < columns; ++c) header = header || (!contains(labels, c) && !is_number(fields[c]) && !fields[c].empty());
  if (header && table.classes.empty()) {
    table.header = fields;
    records = ahead;
  }

  const auto place = [&](std::size_t c) {
    return Error(name, ", line ", records.line(), ", column ", c + 1, table.header.empty() ? "" : " (" + table.header[c] + ")").what() +
           std::string(": ");
  };
  while (records.next(fields)) {
    if (fields.size() != columns) {
      throw Error(name, ", line ", records.line(), ": ", fields.size(), fields.size() == 1 ? " column" : " columns", ", and line ",
                  first_line, " has ", columns);
    }
    for (std::size_t c = 0; c < columns; ++c) {
      float value = 0;
      if (contains(labels, c)) continue;
      if (fields[c].empty()) throw Error(place(c), "nothing stands where a number belongs");
      if (!parse_number(fields[c], value)) throw Error(place(c), "'", fields[c], "' stands where a number belongs");
      if (!std::isfinite(value)) throw Error(place(c), fields[c], " stands where a finite number belongs");
      table.inputs.values.push_back(value);
    }
    for (const std::size_t c : labels) {
      if (fields[c].empty()) throw Error(place(c), "nothing stands where a label belongs");
      table.labels.push_back(fields[c]);
    }
    table.lines.push_back(records.line());
  }
  const std::size_t rows = table.lines.size();
  if (rows == 0) throw Error(name, " holds no samples: it has a header and nothing below it");
  if (promised > 0 && promised != rows) throw Error(name, " promises ", promised, " samples on its first line, and ", rows, " follow");
  if (labels.size() >= columns) throw Error(name, " has no features: all of its ", columns, " columns are labels");
  table.inputs.name = name;
  table.inputs.shape = {rows, columns - labels.size()};
  table.label_columns = labels;
  return table;
}

}  // namespace insitu::desktop
