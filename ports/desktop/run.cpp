#include "run.h"

#include <charconv>
#include <sstream>
#include <type_traits>

#include "error.h"

namespace insitu::desktop {
namespace {

/// Calls f(word, value) for each number of the run.
template <class R, class F>
void for_numbers(R& run, F&& f) {
  f("seed", run.seed);
  f("epochs", run.epochs);
  f("warmup", run.warmup);
  f("patience", run.patience);
  f("rate", run.rate);
  f("clip", run.clip);
  f("validation", run.validation);
  f("batch", run.batch);
  f("rows", run.rows);
  f("samples_crc", run.samples_crc);
  f("step", run.step);
  f("loss_sum", run.loss_sum);
  f("best_loss", run.best_loss);
  f("best_epoch", run.best_epoch);
}

template <class T>
std::string exact(T value) {
  char text[64];
  const auto [end, problem] = std::to_chars(text, text + sizeof text, value);
  return problem == std::errc{} ? std::string(text, end) : std::string("0");
}

template <class T>
T parse_exact(const std::string& text, const std::string& name) {
  T value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size())
    throw Error(name, " describes its run wrongly: '", text, "' stands where a number belongs");
  return value;
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

}  // namespace

std::string Run::text() const {
  std::string text;
  for_numbers(*this, [&](const char* word, auto value) { text += std::string(word) + " " + exact(value) + "\n"; });
  text += "network " + network + "\noptimizer " + optimizer + "\nschedule " + schedule + "\n";
  if (!class_weights.empty()) text += "class_weights " + class_weights + "\n";
  for (const std::string& name : classes) text += "class " + one_line(name) + "\n";
  for (const Curve& curve : curves) {
    text += "curve " + one_line(curve.name) + "\n";
    for (const double value : curve.values) text += "point " + exact(value) + "\n";
  }
  return text;
}

Run Run::parse(std::string_view text, const std::string& name) {
  Run run;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    const std::size_t blank = line.find(' ');
    if (blank == std::string::npos) throw Error(name, " describes its run wrongly: '", line, "' stands where a word and a value belong");
    const std::string word = line.substr(0, blank), value = line.substr(blank + 1);
    for_numbers(run, [&](const char* known, auto& number) {
      if (word == known) number = parse_exact<std::remove_reference_t<decltype(number)>>(value, name);
    });
    if (word == "network") run.network = value;
    if (word == "optimizer") run.optimizer = value;
    if (word == "schedule") run.schedule = value;
    if (word == "class_weights") run.class_weights = value;
    if (word == "class") run.classes.push_back(value);
    if (word == "curve") run.curves.push_back({value, {}});
    if (word == "point" && !run.curves.empty()) run.curves.back().values.push_back(parse_exact<double>(value, name));
  }
  if (run.batch == 0 || run.rows == 0) throw Error(name, " describes its run wrongly: it has no batch or no rows");
  return run;
}

}  // namespace insitu::desktop
