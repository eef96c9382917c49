#include "ports/desktop/curves.h"

#include <doctest/doctest.h>

#include <cmath>

#include "temporary_folder.h"

namespace insitu::desktop {

TEST_CASE("add_point: epochs without a value are NaN") {
  std::vector<Curve> curves;
  add_point(curves, "training loss", 1, 0.5);
  add_point(curves, "training loss", 2, 0.25);
  add_point(curves, "test loss", 2, 0.75);
  REQUIRE(curves.size() == 2);
  CHECK(curves[0].values == std::vector<double>{0.5, 0.25});
  CHECK(std::isnan(curves[1].values[0]));
  CHECK(curves[1].values[1] == 0.75);
}

TEST_CASE("plots_of: losses in one plot, the rest in another") {
  const std::vector<Curve> curves = {{"training loss", {1}}, {"training accuracy", {50}}, {"test loss", {2}}};
  const std::vector<Plot> plots = plots_of(curves);
  REQUIRE(plots.size() == 2);
  CHECK(plots[0].curves.size() == 2);
  CHECK(plots[0].logarithmic);
  CHECK(plots[1].title == "accuracy, %");
  CHECK(plots_of({{"training loss", {1}}}).size() == 1);
}

TEST_CASE("write_curves: says what it wrote") {
  const TemporaryFolder folder;
  const std::string sentence = write_curves(folder.path(), {{"training loss", {1, 0.5}}});
  CHECK(sentence.starts_with("wrote " + folder.path() + "/curves.csv"));
  CHECK(file_text(folder / "curves.csv") == "epoch,training loss\n1,1\n2,0.5\n");
}

}  // namespace insitu::desktop
