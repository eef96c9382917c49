// expects: program_size and read_size are powers of two: take what the flash's data sheet gives as the unit
#include <insitu/insitu.h>
using namespace insitu;

#ifdef FIXED
constexpr int Unit = 8;
#else
constexpr int Unit = 6;
#endif

struct Flash {
  static constexpr int read_size = 4, program_size = Unit, block_size = 512, block_count = 4;
  Status read(int, int, unsigned char*, int) { return Status::Ok; }
  Status program(int, int, const unsigned char*, int) { return Status::Ok; }
  Status erase(int) { return Status::Ok; }
  Status sync() { return Status::Ok; }
};

Flash flash;
Store<Network<Dense<4, 3>>, Flash, Slots<2>> store{flash};
