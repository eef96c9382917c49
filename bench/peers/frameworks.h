/// NumPy and PyTorch: in a process of their own (frameworks.py), which is told what to do line by line.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "workload.h"

namespace insitu::peers {

/// What a framework is asked to do: the text of the network (model/describe.h) and what every other way is given.
struct Request {
  bool training = false;
  int batch = 0;
  float learning_rate = 0;
  const char* loss = "";
  const char* text = "";
  std::vector<float> parameters, x, t;
  std::size_t answers = 0;  ///< floats of the result: the parameters after three steps, or the outputs
};

class Framework {
 public:
  /// "NumPy" or "PyTorch"; looks for the modules in `PYTHON`, or in the system's python3.
  Framework(std::string name, const char* module);
  ~Framework();
  Framework(const Framework&) = delete;
  Framework& operator=(const Framework&) = delete;

  const std::string& name() const { return name_; }
  bool installed() const { return running_; }
  /// Makes the network and returns the result of its first three steps or first inference. Empty when the process has ended.
  std::vector<float> begin(const Request& request);
  /// Does the work of the last request n times more.
  void run(long n);
  /// Seconds that the process has had a core.
  double clock();

 private:
  std::string line();
  std::string name_;
  int process_ = -1;
  std::FILE *to_ = nullptr, *from_ = nullptr;
  bool running_ = false;
};

/// Those that are installed, each started once.
std::vector<Framework*> frameworks();
/// Says which are not.
void print_absent_frameworks();

}  // namespace insitu::peers
