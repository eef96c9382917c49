// expects: load needs the factory's weights: give a Parameters<Net>, or a function that fills a Trained<Net>
#include <insitu/insitu.h>
using namespace insitu;

using Net = Network<Frozen<Dense<4, 3>>, Dense<3, 3>>;
struct Flash {
  static constexpr int read_size = 4, program_size = 8, block_size = 512, block_count = 4;
  Status read(int, int, unsigned char*, int) { return Status::Ok; }
  Status program(int, int, const unsigned char*, int) { return Status::Ok; }
  Status erase(int) { return Status::Ok; }
  Status sync() { return Status::Ok; }
};

Flash flash;
Store<Net, Flash, Slots<2>> store{flash};
Trained<Net> trained;
#ifdef FIXED
Parameters<Net> factory;
#else
Trained<Net> factory;
#endif
Loaded loaded = store.load(trained, factory);
