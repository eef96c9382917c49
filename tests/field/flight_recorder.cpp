#include "model/flight_recorder.h"

#include <doctest/doctest.h>

#include "ports/cortex-m/flight/flight.h"
#include "tests/model/problem.h"

using namespace insitu;

TEST_CASE("FlightRecorder: the ring holds the last K steps, oldest first") {
  using Net = Network<Dense<3, 4, Tanh>, Dense<4, 2>>;
  using Safe = SafeTrainer<Trainer<Net, MeanSquaredError, Sgd, Batch<2>>>;
  const problem::Data<Net, 2> data{1};
  Safe safe{.trainer = {.optimizer = {.learning_rate = 0.1f}}};
  FlightRecorder<Safe, 5> recorder;
  Parameters<Net> p;
  initialize(p, Glorot{}, Random{1});
  Event last;
  for (int k = 1; k <= 12; ++k) {
    last = safe.step(p, data.inputs, data.targets);
    recorder.record(last, data.inputs, data.targets);
    CHECK(recorder.size() == (k < 5 ? k : 5));
    CHECK(recorder.event(0).step == static_cast<std::uint32_t>(k < 5 ? 1 : k - 4));
    CHECK(recorder.event(recorder.size() - 1).loss == last.loss);
  }
  unsigned char record[FlightRecorder<Safe, 5>::bytes];
  int size = -1;
  CHECK(recorder.dump(safe, p, record, static_cast<int>(sizeof record) - 1, size) == Status::BufferTooSmall);
  CHECK(size == 0);
  CHECK(recorder.dump(safe, p, record, static_cast<int>(sizeof record), size) == Status::Ok);
  CHECK(size == static_cast<int>(sizeof record));
  CHECK(recorder.event(4).step == 12u);
  CHECK(recorder.event(4).norm_squared == last.norm_squared);
  RecordReader reader;
  REQUIRE(reader.open(record, size, network_hash<Net>) == Status::Ok);
  std::uint32_t flight[FlightWords];
  REQUIRE(reader.read(FlightSection, flight, FlightWords) == Status::Ok);
  CHECK(flight[1] == 12u);
  CHECK(flight[8] == 5u);
  CHECK(reader.length(StepsSection) == 5 * (EntryWords + 2 * 3 + 2 * 2));
  static_assert(FlightRecorder<Safe, 5, Matrix<2, 2>, false>::words == EntryWords);
}

TEST_CASE("FlightRecorder: a flight that fails has one record on every port") {
  alignas(Alignment) static Parameters<flight::Net> p;
  alignas(Alignment) static flight::Safe safe;
  static flight::Recorder recorder;
  static unsigned char record[flight::Recorder::bytes];
  const int size = flight::fly(p, safe, recorder, record, static_cast<int>(sizeof record));
  REQUIRE(size == flight::Recorder::bytes);
  CHECK(safe.last_alarm.reason == Reason::GradientNotFinite);
  CHECK(safe.last_alarm.step == 108u);
  CHECK(safe.kept_at == 96u);
  // the failing step's |g|^2 is a NaN, whose payload is the processor's: the checksum is that of the copy and the parameters
  CHECK(crc32c(reinterpret_cast<const unsigned char*>(&safe.last_good()), static_cast<int>(sizeof p)) == 0x0ef44de4u);
  CHECK(problem::same_bytes(safe.last_good(), p));
}
