// replay FILE: flies the record of flight.h again; 0 where every step and the end have the same bits.
#include "ports/desktop/doctor/replay.h"

#include "flight.h"

int main(int argc, char** argv) {
  using namespace insitu;
  std::vector<unsigned char> bytes(1u << 20);
  std::FILE* file = argc > 1 ? std::fopen(argv[1], "rb") : nullptr;
  if (file == nullptr) return 2;
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file));
  std::fclose(file);
  const desktop::Replay replay = desktop::replay<flight::Training>(bytes, Parameters<flight::Net>{});
  std::printf("%s", desktop::replay_report(replay).c_str());
  return replay.same() && replay.whole ? 0 : 1;
}
