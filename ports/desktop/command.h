/// Command: what the user asks for on the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "exchange/exchange.h"

namespace insitu::desktop {

/// What is left out has the value of the checkpoint to resume from, otherwise that of RunSettings.
struct TrainOptions {
  std::string data, test, label, normalise = "standard", out, resume;
  double validation = 0;  ///< the part of the training set that is split off; 0: none
  std::optional<std::uint64_t> seed, epochs, warmup, patience;
  std::optional<float> rate, clip;
  std::optional<std::string> schedule, class_weights;
};

struct PredictOptions {
  std::string model, data, label, out;
};

struct InfoOptions {
  std::string model;
};

struct ReplayOptions {
  std::string flight, factory;
};

struct CheckOptions {
  std::string probe;
  bool json = false;
};

struct ProbeOptions {
  std::string dims, activations, loss, mean, layout, samples, out = "probe.npz";
  std::uint64_t seed = 1;
};

struct CurveOptions {
  std::string losses, run, probe, data, label, start, init, dims, activations, loss, mean, svg;
  std::optional<double> rate, goal;
  std::optional<std::uint64_t> batch, steps;
  std::uint64_t seed = 1;
  bool json = false;
};

struct Command {
  enum class Verb { Help, Train, Predict, Info, Check, Probe, Curve, Replay, Exchange } verb = Verb::Help;
  TrainOptions train;
  PredictOptions predict;
  InfoOptions info;
  CheckOptions check;
  ProbeOptions probe;
  CurveOptions curve;
  ReplayOptions replay;
  ExchangeCommand exchange;
};

/// Reads the command line of a program for the network `network`, by whose name the default files are called. Prints the help where it is asked for,
/// and returns Verb::Help. Throws Error for what is no command.
Command read_command(int argc, const char* const* argv, const std::string& network);

}  // namespace insitu::desktop
