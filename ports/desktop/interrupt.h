/// Interrupt: Ctrl-C as a question that the training loop asks between two steps.
#pragma once

#include <csignal>

namespace insitu::desktop {

/// While it lives, the first SIGINT or SIGTERM is noted only; the second ends the program as ever.
class Interrupt {
 public:
  Interrupt() {
    requested_ = 0;
    struct sigaction action {};
    action.sa_handler = [](int) { requested_ = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, &interrupt_);
    sigaction(SIGTERM, &action, &terminate_);
  }
  ~Interrupt() {
    sigaction(SIGINT, &interrupt_, nullptr);
    sigaction(SIGTERM, &terminate_, nullptr);
  }
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool requested() const { return requested_ != 0; }

 private:
  static inline volatile std::sig_atomic_t requested_ = 0;
  struct sigaction interrupt_, terminate_;
};

}  // namespace insitu::desktop
