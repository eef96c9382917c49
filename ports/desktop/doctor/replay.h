/// replay: a flight that a device has recorded, flown again with the same network: each loss and gradient norm, and the parameters at the end, must be the same
/// bits. `doctor replay` is replay_command, a template on the training of the network.
#pragma once

#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/flight_recorder.h"

namespace insitu::desktop {

enum class Replayed {
  Same,
  Different,
  Before,  ///< before the copy that the flight begins at
  No,      ///< without its samples, or after such a step
  Unseen,  ///< ended by what the record does not hold: the judge's own samples, or a weight that changed by itself; nothing was updated
};

struct ReplayedStep {
  Event event;
  int samples;
  float loss, norm_squared;  ///< here
  Replayed replayed;
};

struct Replay {
  std::string problem;  ///< what is wrong with the record; then the rest is empty
  std::vector<ReplayedStep> steps;
  int replayed = 0;
  std::uint32_t kept_at = 0, crc_there = 0, crc_here = 0;
  bool whole = false;  ///< from the copy to the end: then the checksums must be the same too
  bool same() const {
    for (const ReplayedStep& step : steps) {
      if (step.replayed == Replayed::Different) return false;
    }
    return problem.empty() && replayed > 0 && (!whole || crc_there == crc_here);
  }
};

/// The same bits; a NaN has no payload that all processors agree on.
inline bool same_number(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) || (a != a && b != b);
}

/// Flies the record of a FlightRecorder<SafeTrainer<Training, ...>>. `factory` is read where layers are frozen. Believes no number in the record but after checking.
template <class Training>
Replay replay(std::span<const unsigned char> bytes, const Parameters<typename Training::Network>& factory) {
  using Net = typename Training::Network;
  using Optimizer = decltype(Training::optimizer);
  using Loss = typename Training::Loss;
  constexpr int Batch = Training::batch;
  Replay result;
  const auto refuse = [&](std::string problem) { return result.problem = std::move(problem), result; };
  RecordReader reader;
  if (const Status status = reader.open(bytes.data(), static_cast<int>(bytes.size()), network_hash<Net>); status != Status::Ok)
    return refuse(text(status));
  const auto base = std::make_unique<Trained<Net>>(), p = std::make_unique<Trained<Net>>();
  const auto trainer = std::make_unique<Training>();
  std::vector<std::uint32_t> flight(static_cast<std::size_t>(FlightWords + word_count<Loss>));
  std::vector<std::uint32_t> settings(static_cast<std::size_t>(word_count<Optimizer>));
  for (const Status status :
       {reader.read(FlightSection, flight.data(), static_cast<int>(flight.size())),
        reader.read(Section::Optimizer, settings.data(), static_cast<int>(settings.size())), read_trained<Net>(reader, *base)}) {
    if (status != Status::Ok) return refuse(text(status));
  }
  const std::uint32_t target = flight[4], words = flight[6], entries = flight[8], in = static_cast<std::uint32_t>(Batch * Net::inputs);
  const bool labels = flight[5] == 1;
  if (flight[0] != 1) return refuse("expected a flight of version 1, found another");
  if (flight[2] != Batch || flight[3] != Net::inputs)
    return refuse("expected a flight with the batch of this program's trainer, found another");
  if (target != (labels ? 1u : static_cast<std::uint32_t>(Net::outputs))) return refuse(text(Status::WrongSize));
  const bool samples_kept = words == EntryWords + in + static_cast<std::uint32_t>(Batch) * target;
  if (!samples_kept && words != EntryWords) return refuse(text(Status::WrongSize));
  if (entries > 1u << 20 || reader.length(StepsSection) != static_cast<int>(entries * words)) return refuse(text(Status::WrongSize));
  std::vector<std::uint32_t> steps(entries * words + 1);
  if (const Status status = reader.read(StepsSection, steps.data(), static_cast<int>(entries * words)); status != Status::Ok)
    return refuse(text(status));
  std::memcpy(static_cast<void*>(&trainer->optimizer), settings.data(), sizeof(Optimizer));
  if constexpr (word_count < Loss >> 0) std::memcpy(static_cast<void*>(&trainer->loss), flight.data() + FlightWords, sizeof(Loss));
  result.kept_at = flight[1];
  result.crc_there = flight[9];

  const auto inputs = std::make_unique<typename Training::Inputs>();
  const auto values = std::make_unique<Matrix<Batch, Net::outputs>>();
  const auto classes = std::make_unique<Vector<Batch, int>>();
  bool flying = false, ended = false;
  for (std::uint32_t k = 0; k < entries; ++k) {
    const std::uint32_t* entry = steps.data() + k * words;
    const bool probed = (entry[5] & ProbedStep) != 0;
    const Event event = {static_cast<Reason>(entry[0]),  entry[1], std::bit_cast<float>(entry[2]), std::bit_cast<float>(entry[3]),
                         std::bit_cast<float>(entry[4]), probed};
    ReplayedStep step = {event, static_cast<int>(entry[5] & ~ProbedStep), 0.0f, 0.0f, Replayed::No};
    if (event.step == result.kept_at && !ended) {
      flying = true;
      *p = *base;
    }
    if (!flying && event.step < result.kept_at) step.replayed = Replayed::Before;
    if (flying && (!samples_kept || step.samples < 1 || step.samples > Batch)) flying = false, ended = true;
    if (flying) {
      std::memcpy(inputs->data, entry + EntryWords, in * 4);
      if (labels) {
        std::memcpy(classes->data, entry + EntryWords + in, sizeof *classes);
      } else {
        std::memcpy(values->data, entry + EntryWords + in, sizeof *values);
      }
      const bool nothing = event.reason == Reason::InputNotFinite || (event.reason == Reason::Stopped && entry[2] == 0);
      bool ok = true;
      const bool unseen = probed || event.reason == Reason::WeightsChanged;
      if (unseen) {
        *p = *base;
      } else if (!nothing) {
        const auto evaluate = [&](const auto& targets) {
          if constexpr (requires { trainer->evaluate(*p, factory, *inputs, targets, step.samples); })
            step.loss = trainer->evaluate(*p, factory, *inputs, targets, step.samples);
        };
        if (labels) {
          if constexpr (requires(Matrix<Batch, Net::outputs> z) {
                          trainer->loss.template evaluate<typename Training::OutputActivation>(z, *classes, 1);
                        })
            evaluate(*classes);
        } else {
          evaluate(*values);
        }
        ok = same_number(step.loss, event.loss);
        const bool updated = event.reason == Reason::Ok || event.reason == Reason::GradientNotFinite ||
                             event.reason == Reason::GradientTooLarge || (event.reason == Reason::Stopped && entry[3] != 0);
        if (updated) {
          unclipped(trainer->optimizer).learning_rate = event.rate;
          step.norm_squared = trainer->template learn<true>(*p, factory, *inputs, step.samples);
          ok = ok && same_number(step.norm_squared, event.norm_squared);
        }
        if (event.reason != Reason::Ok) *p = *base;
      }
      step.replayed = unseen ? Replayed::Unseen : ok ? Replayed::Same : Replayed::Different;
      result.replayed += !unseen;
    }
    result.steps.push_back(step);
  }
  result.whole = flying;
  result.crc_here = crc32c(reinterpret_cast<const unsigned char*>(p.get()), float_count<Trained<Net>> * 4);
  return result;
}

/// The replay as a table, and its verdict in the last line.
inline std::string replay_report(const Replay& replay) {
  if (!replay.problem.empty()) return replay.problem + "\n";
  std::string text = "    step samples            loss           |g|^2        rate\n";
  char line[200];
  for (const ReplayedStep& step : replay.steps) {
    constexpr const char* Words[] = {"same bits", "DIFFERENT", "before the copy", "not replayed", "ended by what is not in the record"};
    std::snprintf(line, sizeof line, "%8u %7d %15.9g %15.9g %11.5g  %s%s%s\n", static_cast<unsigned>(step.event.step), step.samples,
                  static_cast<double>(step.event.loss), static_cast<double>(step.event.norm_squared), static_cast<double>(step.event.rate),
                  Words[static_cast<int>(step.replayed)], step.event.reason == Reason::Ok ? "" : "; ",
                  step.event.reason == Reason::Ok ? "" : insitu::text(step.event.reason));
    text += line;
  }
  std::snprintf(line, sizeof line, "%d of %d steps replayed from the copy at step %u; parameters at the end: %08x there, %08x here: %s\n",
                replay.replayed, static_cast<int>(replay.steps.size()), static_cast<unsigned>(replay.kept_at),
                static_cast<unsigned>(replay.crc_there), static_cast<unsigned>(replay.crc_here),
                replay.same() ? replay.whole ? "the same bits" : "the same as far as it goes" : "NOT the same");
  return text + line;
}

}  // namespace insitu::desktop
