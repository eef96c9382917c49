#include "frameworks.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace insitu::peers {

Framework::Framework(std::string name, const char* module) : name_(std::move(name)) {
  int down[2], up[2];
  if (pipe(down) != 0 || pipe(up) != 0) return;
  std::signal(SIGPIPE, SIG_IGN);  // a process that has ended is noticed when it is read from
  process_ = fork();
  if (process_ == 0) {
    dup2(down[0], 0);
    dup2(up[1], 1);
    for (const int end : {down[0], down[1], up[0], up[1]}) close(end);
    if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(1);
    const char* python = std::getenv("PYTHON");
    if (python == nullptr) python = "/usr/bin/python3";  // the one that the distribution's modules are installed for
    execlp(python, python, INSITU_FRAMEWORKS_PY, module, nullptr);
    _exit(127);
  }
  close(down[0]);
  close(up[1]);
  to_ = fdopen(down[1], "w");
  from_ = fdopen(up[0], "r");
  running_ = process_ > 0 && line() == "ready";
}

Framework::~Framework() {
  if (to_ != nullptr) std::fclose(to_);
  if (from_ != nullptr) std::fclose(from_);
  if (process_ > 0) waitpid(process_, nullptr, 0);
}

std::string Framework::line() {
  std::string text;
  for (int c = std::fgetc(from_); c != '\n'; c = std::fgetc(from_)) {
    if (c == EOF) return "";
    text += static_cast<char>(c);
  }
  return text;
}

std::vector<float> Framework::begin(const Request& request) {
  std::fprintf(to_, "%s %d %.9g %s %s\n", request.training ? "train" : "infer", request.batch, static_cast<double>(request.learning_rate),
               request.loss, request.text);
  for (const std::vector<float>* floats : {&request.parameters, &request.x, &request.t})
    std::fwrite(floats->data(), sizeof(float), floats->size(), to_);
  std::fflush(to_);
  std::vector<float> result(request.answers);
  if (std::fread(result.data(), sizeof(float), result.size(), from_) != result.size()) throw std::runtime_error(name_ + " gave no result");
  return result;
}

void Framework::run(long n) {
  std::fprintf(to_, "run %ld\n", n);
  std::fflush(to_);
  if (line() != "done") throw std::runtime_error(name_ + " ended while it ran");
}

double Framework::clock() {
  std::fputs("clock\n", to_);
  std::fflush(to_);
  const std::string seconds = line();
  if (seconds.empty()) throw std::runtime_error(name_ + " ended while it ran");
  return std::strtod(seconds.c_str(), nullptr);
}

namespace {
std::array<Framework, 2>& all() {
  static std::array<Framework, 2> both{{{"NumPy", "numpy"}, {"PyTorch", "torch"}}};
  return both;
}
}  // namespace

std::vector<Framework*> frameworks() {
  std::vector<Framework*> found;
  for (Framework& framework : all()) {
    if (framework.installed()) found.push_back(&framework);
  }
  return found;
}

void print_absent_frameworks() {
  for (const Framework& framework : all()) {
    if (!framework.installed()) std::printf("%s is not installed: left out\n", framework.name().c_str());
  }
}

}  // namespace insitu::peers
