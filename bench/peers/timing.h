/// Times several ways of doing the same work against each other: in rounds, so that what else the machine does hits them alike.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace insitu::peers {

/// Seconds that this thread has had a core: what others run in between does not count. Work is one thread that waits for nothing.
double now();

/// One way of doing the work, ready to run: `run(n)` does it n times.
struct Candidate {
  std::string name;
  std::function<void(long)> run;
  std::function<double()> clock = now;  ///< of whoever does the work
  double pieces = 1;                    ///< of work that one run does
  std::vector<double> seconds = {};     ///< of one piece of work, one entry a round, sorted when timed
  double median() const { return seconds[seconds.size() / 2]; }
  double minimum() const { return seconds.front(); }
};

/// In each round every candidate runs once untimed, then for at least a millisecond. `rounds` of them, or as many as fit into `limit` seconds but 5.
void time_interleaved(std::vector<Candidate>& candidates, int rounds, double limit);

}  // namespace insitu::peers
