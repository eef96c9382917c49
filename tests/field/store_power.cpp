#include <doctest/doctest.h>

#include "tests/field/stored.h"

using namespace insitu;
using problem::Flash, problem::Manner, problem::State, problem::Tear, problem::Tears;

namespace {

struct Counted {
  long tried = 0, recovered = 0;
  void add(bool right) { ++tried, recovered += right; }
};

/// Cuts the power once, in every operation of a save and in every way, after none, one, two... saves; and then in every operation of the next save as well.
/// After each restart there is the version that the last complete save wrote, or the one that was being written, whole, and this one if it had been synced; and the
/// next save works.
/// `every`: of the second cuts one in so many is tried.
template <class Device, int N>
void sweep(Manner manner, int every, Counted& once, Counted& twice) {
  using S = Store<problem::StoredNet, Device, Slots<N>, problem::StoredPieces>;
  static Device before, first, second;
  before = Device();
  before.manner = manner;
  std::uint64_t seed = 0;
  int turn = 0;
  for (int saves = 0; saves <= N; ++saves) {
    if (saves > 0) {
      S store{before};
      State state(saves);
      REQUIRE(state.save(store) == Status::Ok);
    }
    first = before;
    first.operations = 0;
    {
      S store{first};
      State state(saves + 1);
      REQUIRE(state.save(store) == Status::Ok);
    }
    const int mark = first.operations - 2;  // programming it and the last sync come when the record has been synced
    bool cut = true;
    for (int operation = 0; cut; ++operation) {
      for (int how = 0; how < Tears; ++how) {
        first = before;
        first.cut_at(operation, static_cast<Tear>(how), ++seed);
        S store{first};
        State state(saves + 1);
        const Status status = state.save(store);
        cut = first.dead;
        if (!cut) break;
        const int version = problem::restarted<S>(first);
        second = first;
        S again{second};
        State next(saves + 2);
        once.add(status != Status::Ok && version >= (operation < mark ? saves : saves + 1) && version <= saves + 1 &&
                 next.save(again) == Status::Ok && problem::restarted<S>(second) == saves + 2);

        // and once more, in the save that follows
        bool cut_again = true;
        for (int later = 0; cut_again; ++later) {
          for (int way = 0; way < Tears && cut_again; ++way) {
            if (++turn % every != 0) continue;
            second = first;
            second.cut_at(later, static_cast<Tear>(way), ++seed);
            S third{second};
            const Status failed = next.save(third);
            cut_again = second.dead;
            if (!cut_again) continue;
            const int found = problem::restarted<S>(second);
            const int least = N > 2 && !manner.fading ? version : saves;
            bool right = failed != Status::Ok && found >= least && found <= saves + 2;
            if (right) {
              S last{second};
              State more(saves + 3);
              right = more.save(last) == Status::Ok && problem::restarted<S>(second) == saves + 3;
            }
            twice.add(right);
          }
          if (later > 200) break;
        }
      }
    }
  }
}

}  // namespace

TEST_CASE("store: the power goes in every operation, once and twice, and nothing is lost") {
#if defined(INSITU_SMALL_MEMORY) || defined(INSITU_SLOW_TARGET)
  constexpr int Every = 19;
#else
  constexpr int Every = 1;
#endif
  Counted once, twice;
  // flash that programs 8 bytes at a time, blocks of 64: a slot is several blocks
  using Small = Flash<4, 8, 64, 9>;
  sweep<Small, 3>({}, Every, once, twice);
  sweep<Small, 2>({}, Every, once, twice);
  sweep<Small, 3>({.cached = true}, Every, once, twice);
  sweep<Small, 2>({.cached = true, .fading = true}, Every, once, twice);
  sweep<Small, 2>({.fading = true}, Every, once, twice);
  sweep<Small, 3>({.fading = true}, Every, once, twice);
  sweep<Small, 2>({.corrected = true}, Every, once, twice);
  // pages of 32 bytes, read by 16; a byte at a time
  sweep<Flash<16, 32, 256, 3>, 3>({.cached = true}, Every, once, twice);
  sweep<Flash<16, 32, 256, 3>, 3>({.corrected = true}, Every, once, twice);
  sweep<Flash<1, 1, 128, 4>, 2>({.fading = true}, Every, once, twice);
  CHECK(once.tried >= 1000);
  CHECK(twice.tried >= 2000);
  CHECK(once.recovered == once.tried);
  CHECK(twice.recovered == twice.tried);
  MESSAGE("power cuts: ", once.tried + twice.tried, " tried, ", once.recovered + twice.recovered, " recovered");
}
