#include "ports/desktop/doctor/replay.h"

#include <doctest/doctest.h>

#include "ports/cortex-m/flight/flight.h"
#include "tests/ports/desktop/outcome.h"

namespace insitu::desktop {
namespace {

/// A record of flight.h: 32 steps, the copy at step 96, the alarm at 108.
std::vector<unsigned char> flown() {
  const auto p = std::make_unique<Parameters<flight::Net>>();
  const auto safe = std::make_unique<flight::Safe>();
  const auto recorder = std::make_unique<flight::Recorder>();
  std::vector<unsigned char> record(flight::Recorder::bytes);
  record.resize(static_cast<std::size_t>(flight::fly(*p, *safe, *recorder, record.data(), static_cast<int>(record.size()))));
  return record;
}
Replay replayed(std::span<const unsigned char> record) { return replay<flight::Training>(record, Parameters<flight::Net>{}); }

void put(std::vector<unsigned char>& record, std::size_t at, std::uint32_t word) {
  for (std::size_t k = 0; k < 4; ++k) record[at + k] = static_cast<unsigned char>(word >> (8 * k));
  const std::uint32_t crc = crc32c(record.data(), static_cast<int>(record.size()) - 4);
  for (std::size_t k = 0; k < 4; ++k) record[record.size() - 4 + k] = static_cast<unsigned char>(crc >> (8 * k));
}

}  // namespace

TEST_CASE("replay: from the copy to the alarm and back, the same bits") {
  const Replay replay = replayed(flown());
  CHECK(replay.problem.empty());
  CHECK(replay.steps.size() == 32);
  CHECK(replay.replayed == 13);
  CHECK(replay.kept_at == 96);
  CHECK(replay.whole);
  CHECK(replay.crc_there == replay.crc_here);
  CHECK(replay.same());
  CHECK(replay.steps.front().replayed == Replayed::Before);
  CHECK(replay.steps.back().event.reason == Reason::GradientNotFinite);
  CHECK(replay_report(replay).ends_with("the same bits\n"));
}

namespace {

/// 21 steps of a guarded training and what goes wrong before the last of them: upset(); the record of it.
template <class Safe, class P, class Upset>
std::vector<unsigned char> failed(Safe& safe, P& p, const Parameters<typename Safe::Network>& factory, Upset&& upset) {
  using Net = typename Safe::Network;
  const auto recorder = std::make_unique<FlightRecorder<Safe, 32, Vector<2, int>>>();
  Random random{3};
  for (int step = 1; step <= 21; ++step) {
    Matrix<2, Net::inputs> inputs;
    for (float& x : inputs) x = random.uniform();
    const Vector<2, int> labels{{static_cast<int>(random.below(4)), static_cast<int>(random.below(4))}};
    if (step == 20) upset();
    recorder->record(safe.step(p, factory, inputs, labels), inputs, labels);
  }
  std::vector<unsigned char> record(std::remove_cvref_t<decltype(*recorder)>::bytes);
  int size = 0;
  CHECK(recorder->dump(safe, p, record.data(), static_cast<int>(record.size()), size) == Status::Ok);
  record.resize(static_cast<std::size_t>(size));
  return record;
}

}  // namespace

TEST_CASE("replay: where a probe ended the step, its loss is not compared with that of the step's samples") {
  using Probing = SafeTrainer<flight::Training, Probe<Matrix<3, 12>, Vector<3, int>>>;
  Matrix<3, 12> own;
  for (int k = 0; k < 36; ++k) own.data[k] = static_cast<float>(k % 5);
  const Vector<3, int> labels{{0, 1, 2}};
  Parameters<flight::Net> p;
  initialize(p, He{}, Random{12});
  Probing safe{.trainer = {.optimizer = {.learning_rate = 0.05f}}, .judge = {&own, &labels, 5}};
  const Replay replay = replayed(failed(safe, p, p, [&] { safe.trainer.optimizer.learning_rate = 1e30f; }));
  CHECK(replay.problem.empty());
  CHECK(replay.steps.size() == 21);
  CHECK(replay.kept_at == 16);  // the probe is due in steps 1, 6, 11, 16 and 21
  CHECK(replay.steps.back().event.reason == Reason::LossNotFinite);
  CHECK(replay.steps.back().replayed == Replayed::Unseen);
  CHECK(replay.replayed == 5);
  CHECK(replay.whole);
  CHECK(replay.same());
}

TEST_CASE("replay: of a network with frozen layers, and of none that freezes others") {
  using First = Network<Frozen<Dense<4, 4, Tanh>>, Dense<4, 4>>;
  using Second = Network<Dense<4, 4, Tanh>, Frozen<Dense<4, 4>>>;
  using Training = Trainer<First, CrossEntropy, Sgd, Batch<2>>;
  Parameters<First> factory;
  initialize(factory, He{}, Random{2});
  Trained<First> trained;
  copy_factory<First>(factory, trained);
  SafeTrainer<Training> safe{.trainer = {.optimizer = {.learning_rate = 0.05f}}, .judge = {.rise = 10.0f, .keep_every = 6}};
  const std::vector<unsigned char> record = failed(safe, trained, factory, [&] { safe.trainer.optimizer.learning_rate = 1e30f; });
  const Replay same = replay<Training>(record, factory);
  CHECK(same.problem.empty());
  CHECK(same.steps.back().event.reason != Reason::Ok);
  CHECK(same.replayed >= 3);
  CHECK(same.whole);
  CHECK(same.same());
  CHECK(replay<Trainer<Second, CrossEntropy, Sgd, Batch<2>>>(record, {}).problem == text(Status::OtherLayers));
  using Whole = Network<Dense<4, 4, Tanh>, Dense<4, 4>>;
  CHECK(replay<Trainer<Whole, CrossEntropy, Sgd, Batch<2>>>(record, {}).problem == text(Status::MissingSection));
}

TEST_CASE("replay: another loss, input, rate or copy, checksums made right, is not the same") {
  const std::vector<unsigned char> record = flown();
  using Recorder = flight::Recorder;
  const std::size_t entry = static_cast<std::size_t>(Recorder::words) * 4, last = record.size() - 4 - entry;
  const auto other = [&](std::size_t at) {
    std::vector<unsigned char> changed = record;
    put(changed, at,
        static_cast<std::uint32_t>(changed[at] ^ 1u) | static_cast<std::uint32_t>(changed[at + 1]) << 8 |
            static_cast<std::uint32_t>(changed[at + 2]) << 16 | static_cast<std::uint32_t>(changed[at + 3]) << 24);
    const Replay replay = replayed(changed);
    CAPTURE(at);
    CHECK(replay.problem.empty());
    CHECK_FALSE(replay.same());
  };
  other(32);                          // the copy's first weight
  other(last - 5 * entry + 8);        // a loss
  other(last - 5 * entry + 12);       // |g|^2
  other(last - 5 * entry + 16 + 2);   // the rate: its last bit may be lost in rounding
  other(last - 5 * entry + 28 + 11);  // an input, in its exponent
}

TEST_CASE("replay: what is damaged, cut, of another network or lies about its sizes is refused") {
  const std::vector<unsigned char> record = flown();
  for (std::size_t size = 0; size < record.size(); size += 37) CHECK_FALSE(replayed(std::span(record).first(size)).same());
  const std::size_t flight = 32 + 4 * static_cast<std::size_t>(float_count<Parameters<flight::Net>>) + 8 + 4 + 8;
  for (std::size_t word : {0u, 2u, 3u, 4u, 5u, 6u, 8u}) {
    for (std::uint32_t value : {0u, 7u, 0x7fffffffu, 0xffffffffu}) {
      std::vector<unsigned char> changed = record;
      put(changed, flight + 4 * word, value);
      CHECK_FALSE(replayed(changed).problem.empty());
    }
  }
  using Other = Trainer<Network<Dense<12, 16, Tanh>, Dense<16, 4, Softmax>>, CrossEntropy, Sgd, Batch<2>>;
  CHECK(replay<Other>(record, {}).problem == text(Status::OtherNetwork));
  using Larger = Trainer<flight::Net, CrossEntropy, Sgd, Batch<3>>;
  CHECK(replay<Larger>(record, {}).problem.find("batch") != std::string::npos);
}

TEST_CASE("command line: doctor replay") {
  const TemporaryFolder folder;
  const std::vector<unsigned char> record = flown();
  const std::string file = folder.write("flight.insitu", std::string(record.begin(), record.end()));
  const Outcome same = run<flight::Training>({"doctor", "replay", "--flight", file});
  CAPTURE(same.err);
  CHECK(same.code == 0);
  CHECK(same.last_line().ends_with("the same bits"));
  const Outcome cut =
      run<flight::Training>({"doctor", "replay", "--flight", folder.write("cut", std::string(record.begin(), record.begin() + 900))});
  CHECK(cut.code == 2);
  CHECK(cut.err.find(text(Status::Truncated)) != std::string::npos);
}

}  // namespace insitu::desktop
