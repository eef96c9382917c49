/// What the demo found, as plain text of at most 100 columns.
#pragma once

#include "demo_gradient.h"
#include "demo_survey.h"
#include "demo_xor.h"

namespace insitu::desktop::demo {

/// A number in `width` columns: as many digits as fit, whatever its size.
inline std::string fitting(double value, int width = 9) {
  char text[40];
  const double size = std::abs(value);
  std::snprintf(text, sizeof text, size != 0 && (size < 1e-3 || size >= 1e4) ? "%*.1e" : "%*.4f", width, value);
  return text;
}

/// "12", or "-" for never.
inline std::string step_text(int step) { return step < 0 ? "-" : std::to_string(step); }

inline void heading(const char* text) { std::printf("\n%s\n%s\n", text, std::string(std::string_view(text).size(), '-').c_str()); }

inline void print_xor(const XorCourse& course) {
  std::printf("          mean of |t - o|                              half the sum of (t - o)^2\n");
  std::printf("  epoch   expected    found           off  allowed     expected   found         off  allowed\n");
  for (const XorCheckpoint& c : course.checkpoints) {
    std::printf("  %5d   %.7f   %.7f   %.1e  %7.0e    %.7f  %.7f   %.1e  %7.0e%s\n", c.epoch, c.error, c.found_error, c.error_off(),
                c.error_tolerance, c.half_squares, c.found_half_squares, c.half_squares_off(), c.half_squares_tolerance,
                c.holds() ? "" : "  <-");
  }
  std::printf("\n  input    target   output\n");
  for (int s = 0; s < 4; ++s) {
    std::printf("   %.0f %.0f       %.0f      %.4f\n", static_cast<double>(XorInputs(s, 0)), static_cast<double>(XorInputs(s, 1)),
                static_cast<double>(XorTargets.data[s]), static_cast<double>(course.outputs.data[s]));
  }
}

inline void print_course_header() {
  std::printf("                        loss at                       at the   over the   units  all dead    < 0.01\n");
  std::printf("  version                step 0    highest  at step      end    entropy   alive   at step   at step\n");
}
inline void print_course(const Course& course, double entropy) {
  std::printf("  %-20s %s  %s  %7zu%s  %s  %6d  %8s  %8s\n", course.version.name.c_str(), fitting(course.moments[0].loss).c_str(),
              fitting(course.moments[course.peak()].loss).c_str(), course.peak(), fitting(course.last()).c_str(),
              fitting(course.last() - entropy).c_str(), course.moments.back().alive(), step_text(course.all_dead).c_str(),
              step_text(course.learned).c_str());
}

/// The first steps one by one, to the one at which the last unit died and a little further.
inline void print_trace(const Course& course) {
  std::printf("  step       loss   outputs: lowest  highest   living units that push the output up   and down\n");
  const int last = std::min(course.steps(), course.all_dead >= 0 ? course.all_dead + 1 : 12);
  for (int k = 0; k <= last; ++k) {
    if (last > 20 && k == 10) std::printf("   ...\n");
    if (last > 20 && k >= 10 && k < last - 7) continue;
    const Moment& m = course.moments[static_cast<std::size_t>(k)];
    std::printf("  %4d  %s            %.4f   %.4f %36d %10d\n", k, fitting(m.loss).c_str(), static_cast<double>(m.lowest),
                static_cast<double>(m.highest), m.pushing_up, m.pushing_down);
  }
}

inline void print_predictions(const Dataset& pictures, const std::vector<Course>& courses) {
  std::printf("  %-20s", "label");
  for (const float t : pictures.targets) std::printf("%5.0f ", static_cast<double>(t));
  std::printf("    right\n");
  for (const Course& course : courses) {
    int right = 0;
    std::printf("  %-20s", course.version.name.c_str());
    for (int s = 0; s < Pictures; ++s) {
      const float p = course.outputs.data[s];
      std::printf("%.3f ", static_cast<double>(p));
      right += (p >= 0.5f) == (pictures.targets[static_cast<std::size_t>(s)] >= 0.5f);
    }
    std::printf("  %2d of %d\n", right, Pictures);
  }
}

inline void print_gradient(const GradientTable& table, int samples) {
  std::printf("  tensor  entries  left out  posted / numeric  largest rest   verdict\n");
  for (const TensorCheck& t : table) {
    char verdict[64] = "another direction: the formula is wrong";
    if (t.right())
      std::snprintf(verdict, sizeof verdict, "right");
    else if (t.rest <= TensorCheck::Tolerance)
      std::snprintf(verdict, sizeof verdict, "%.1f times too large", t.ratio);
    std::printf("  d%-6s %7d %9d %17.6f %13.0e   %s%s\n", t.name, t.compared, t.skipped, t.ratio, t.rest, verdict,
                !t.right() && t.scaled_by(samples) ? ": by m" : "");
  }
}

inline void print_survey(const std::vector<Outcome>& outcomes) {
  std::printf("                                                               median of\n");
  std::printf("  version                   learned   all dead   not finite   peak / start   steps to 0.01\n");
  for (const Outcome& o : outcomes) {
    char learned[32], steps[32] = "-";
    std::snprintf(learned, sizeof learned, "%zu of %d", o.learned.size(), o.runs);
    if (!o.learned.empty()) std::snprintf(steps, sizeof steps, "%d", median(o.learned));
    std::printf("  %-25s %8s %10d %12d %14.2f %15s\n", o.version.name.c_str(), learned, o.all_dead, o.not_finite, median(o.peaks), steps);
  }
}

/// 3,146,244
inline std::string grouped(long long n) {
  std::string text = std::to_string(n);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), 1, ',');
  return text;
}

template <class Net, class Training>
void print_budget(const char* name, const char* shape) {
  using B = Budget<Net, Training>;
  std::printf("  %-8s  %-11s %11s %12s %9s %12s %21s\n", name, shape, grouped(Net::parameter_count).c_str(), grouped(B::parameters).c_str(),
              grouped(B::trainer).c_str(), grouped(B::ram).c_str(), grouped(B::flops).c_str());
}
inline void print_memory() {
  std::printf("                                          bytes:                            operations\n");
  std::printf("  network   layers       parameters   parameters   trainer   RAM in all     a training sample\n");
  print_budget<Xor, XorTrainer>("XOR", "2-3-1");
  print_budget<Question, QuestionTrainer>("question", "12288-64-1");
}

}  // namespace insitu::desktop::demo
