// expects: a Store needs a block device: a struct with read, program, erase, sync and their sizes, as in block_device.h
#include <insitu/insitu.h>
using namespace insitu;

struct Flash {
  static constexpr int read_size = 4, program_size = 8, block_size = 512, block_count = 4;
  Status read(int, int, unsigned char*, int) { return Status::Ok; }
  Status program(int, int, const unsigned char*, int) { return Status::Ok; }
  Status erase(int) { return Status::Ok; }
#ifdef FIXED
  Status sync() { return Status::Ok; }
#endif
};

Flash flash;
Store<Network<Dense<4, 3>>, Flash, Slots<2>> store{flash};
