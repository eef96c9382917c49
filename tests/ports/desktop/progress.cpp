#include "ports/desktop/progress.h"

#include <doctest/doctest.h>

#include "temporary_folder.h"

namespace insitu::desktop {

TEST_CASE("Progress: the line") {
  CHECK(Progress::line(0, 100, 0, "samples", 10) == "[>         ]   0 %  0 samples/s");
  CHECK(Progress::line(50, 100, 10, "samples", 10) == "[=====>    ]  50 %  10 samples/s  0:05 left");
  CHECK(Progress::line(999, 1000, 1, "samples", 10) == "[=========>]  99 %  1 samples/s  0:01 left");
  CHECK(Progress::line(100, 100, 10, "samples", 10) == "[==========] 100 %  10 samples/s");
  CHECK(Progress::line(0, 100000, 10, "samples", 10).ends_with("2:46:40 left"));
  CHECK(Progress::line(0, 0, 0, "samples", 10).starts_with("[==========] 100 %"));
}

TEST_CASE("Progress: where there is no terminal, nothing is drawn over") {
  const TemporaryFolder folder;
  std::FILE* file = std::fopen((folder / "log").c_str(), "w");
  {
    Progress progress(100, "samples", 0, file);
    for (std::size_t k = 0; k < 100; ++k) progress.update(k, "");
  }
  std::fclose(file);
  CHECK(file_text(folder / "log").empty());  // 5 seconds have not passed
}

}  // namespace insitu::desktop
