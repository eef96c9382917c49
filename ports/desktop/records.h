/// Records: the lines of a CSV file, field by field (RFC 4180 quotes).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "error.h"

namespace insitu::desktop {

class Records {
 public:
  Records(std::string_view text, char separator, const std::string& name) : text_(text), separator_(separator), name_(&name) {}

  /// Line, from 1, on which the last record began.
  std::size_t line() const { return begin_; }

  /// Reads the next record that is not blank; false at the end. Blanks around a field are dropped.
  bool next(std::vector<std::string>& fields) {
    while (at_ < text_.size()) {
      begin_ = line_;
      std::size_t count = 0;
      bool more = true;
      while (more) {
        if (count == fields.size()) fields.emplace_back();
        more = field(fields[count++]);
      }
      fields.resize(count);
      if (count > 1 || !fields[0].empty()) return true;
    }
    return false;
  }

 private:
  std::string_view text_;
  char separator_;
  const std::string* name_;
  std::size_t at_ = 0, line_ = 1, begin_ = 1;

  static bool blank(char c) { return c == ' ' || c == '\r' || c == '\t'; }

  /// Reads one field and the separator or line end behind it; true when a separator follows, and so another field.
  bool field(std::string& result) {
    result.clear();
    while (at_ < text_.size() && blank(text_[at_]) && text_[at_] != separator_) ++at_;
    if (at_ < text_.size() && text_[at_] == '"') quoted(result);
    while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n') result += text_[at_++];
    while (!result.empty() && blank(result.back())) result.pop_back();
    if (at_ == text_.size()) return false;
    if (text_[at_++] == separator_) return true;
    ++line_;
    return false;
  }

  void quoted(std::string& result) {
    const std::size_t opened = line_;
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') {
        if (at_ == text_.size() || text_[at_] != '"') return;
        ++at_;
      }
      if (c == '\n') ++line_;
      result += c;
    }
    throw Error(*name_, ", line ", opened, ": a quote is opened and never closed");
  }
};

}  // namespace insitu::desktop
