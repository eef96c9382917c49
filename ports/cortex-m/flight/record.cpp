// record FILE: flies on whatever machine this is, and writes the record.
#include <cstdio>

#include "flight.h"

using namespace insitu;
using namespace insitu::flight;

alignas(Alignment) static Parameters<Net> parameters;
alignas(Alignment) static Safe safe;
static Recorder recorder;
static unsigned char record[Recorder::bytes];

int main(int argc, char** argv) {
  const int size = fly(parameters, safe, recorder, record, static_cast<int>(sizeof record));
  std::FILE* file = argc > 1 && size > 0 ? std::fopen(argv[1], "wb") : nullptr;
  if (file == nullptr) return 1;
  const bool written = std::fwrite(record, 1, static_cast<std::size_t>(size), file) == static_cast<std::size_t>(size);
  return std::fclose(file) == 0 && written ? 0 : 1;
}
