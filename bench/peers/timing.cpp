#include "timing.h"

#include <algorithm>
#include <ctime>

namespace insitu::peers {

double now() {
  std::timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

namespace {
double timed(const Candidate& candidate, long repeats) {
  const double begin = candidate.clock();
  candidate.run(repeats);
  return candidate.clock() - begin;
}
}  // namespace

void time_interleaved(std::vector<Candidate>& candidates, int rounds, double limit) {
  std::vector<long> repeats;
  for (Candidate& candidate : candidates) {
    candidate.seconds.clear();
    long n = 1;
    candidate.run(n);
    while (n < (1L << 40) && timed(candidate, n) < 1e-3) n *= 2;
    repeats.push_back(n);
  }
  const double begin = now();
  for (int round = 0; round < rounds && (round < 5 || now() - begin < limit); ++round) {
    for (std::size_t c = 0; c < candidates.size(); ++c) {
      candidates[c].run(1);
      candidates[c].seconds.push_back(timed(candidates[c], repeats[c]) / (static_cast<double>(repeats[c]) * candidates[c].pieces));
    }
  }
  for (Candidate& candidate : candidates) std::sort(candidate.seconds.begin(), candidate.seconds.end());
}

}  // namespace insitu::peers
