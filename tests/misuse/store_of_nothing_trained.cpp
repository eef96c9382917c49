// expects: a Store keeps what training changes, and here everything is frozen
#include <insitu/insitu.h>
using namespace insitu;

struct Flash {
  static constexpr int read_size = 4, program_size = 8, block_size = 512, block_count = 4;
  Status read(int, int, unsigned char*, int) { return Status::Ok; }
  Status program(int, int, const unsigned char*, int) { return Status::Ok; }
  Status erase(int) { return Status::Ok; }
  Status sync() { return Status::Ok; }
};

Flash flash;
#ifdef FIXED
Store<Network<Dense<4, 3>>, Flash, Slots<2>> store{flash};
#else
Store<Network<Frozen<Dense<4, 3>>>, Flash, Slots<2>> store{flash};
#endif
