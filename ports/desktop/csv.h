/// CSV: a table of numbers, some of whose columns (the labels) may be text.
///
/// Fields are separated by commas, semicolons or tabs, whichever the first line has; quotes as in RFC 4180; blank lines are skipped. A first line that
/// has text where a number belongs is a header. A first line `samples,features,class names...`, as in scikit-learn's files, is recognised too.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "array.h"

namespace insitu::desktop {

/// Which columns are labels. With `label` empty: the last ones, `columns - inputs` of them where that is 1 or `outputs`, otherwise one; none where the
/// file has exactly `inputs` columns. Otherwise `label` is "none", or names or numbers (from 1) of columns, separated by commas.
struct CsvColumns {
  std::size_t inputs = 0;  ///< 0: unknown
  std::size_t outputs = 1;
  std::string label = {};
};

struct Table {
  Array inputs;                            ///< rows x the columns that are no labels
  std::vector<std::string> labels;         ///< rows x label_columns, row-major, as text without the blanks around it
  std::vector<std::size_t> label_columns;  ///< from 0
  std::vector<std::size_t> lines;          ///< of each row, from 1
  std::vector<std::string> header;         ///< names of all columns; empty where the file has none
  std::vector<std::string> classes;        ///< class names of a scikit-learn file
};

/// Throws Error, which begins with `name` and says line and column, for a wrong number of columns, text where a number belongs, NaN and Inf, a missing
/// number, an open quote, an unknown label column and an empty table.
Table read_csv(std::span<const unsigned char> bytes, const std::string& name, const CsvColumns& columns);

/// A decimal number, the whole of `text`; false where it is none. NaN and Inf are numbers here.
bool parse_number(std::string_view text, float& value);

}  // namespace insitu::desktop
