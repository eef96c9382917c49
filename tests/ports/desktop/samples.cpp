#include "ports/desktop/samples.h"

#include <doctest/doctest.h>
#include <zip.h>

#include "ports/desktop/error.h"
#include "temporary_folder.h"

namespace insitu::desktop {
namespace {

using Values = std::vector<float>;
using Texts = std::vector<std::string>;

constexpr Shape Classes = {2, 3, Task::Classes};

const std::string X = npy("<f4", "(2, 2)", raw<float>({1, 2, 3, 4}), false);
const std::string Y = npy("|u1", "(2,)", raw<unsigned char>({0, 2}), false);

void same(const Samples& samples) {
  CHECK(samples.inputs.values == Values{1, 2, 3, 4});
  REQUIRE(samples.targets);
  CHECK(samples.targets->values == Values{0, 2});
}

}  // namespace

TEST_CASE("read_samples: the format is told by the first bytes, whatever the name, also inside gzip") {
  const TemporaryFolder folder;
  same(read_samples(folder.write("a.txt", "1,2,0\n3,4,2\n"), {Classes, "", {}}).train);
  same(read_samples(folder.write("a", gzip("1,2,0\n3,4,2\n")), {Classes, "", {}}).train);
  const std::string x = folder.write("x", gzip(X)), y = folder.write("y", Y),
                    labels = folder.write("labels", gzip(idx(8, {2}, raw<unsigned char>({0, 2}))));
  same(read_samples(x + "," + y, {Classes, "", {}}).train);
  same(read_samples(x + "," + labels, {Classes, "", {}}).train);
  const std::string inputs = folder.write("x.csv", "a,b\n1,2\n3,4\n"), targets = folder.write("y.csv", "y\n0\n2\n");
  same(read_samples(inputs + "," + targets, {Classes, "", {}}).train);
  CHECK_FALSE(read_samples(x, {Classes, "", {}}).train.targets);
  CHECK_FALSE(read_samples(inputs, {Classes, "", {}}).train.targets);
}

TEST_CASE("read_samples: a comma that belongs to the name of a file") {
  const TemporaryFolder folder;
  same(read_samples(folder.write("a,b.csv", "1,2,0\n3,4,2\n"), {Classes, "", {}}).train);
}

TEST_CASE("read_samples: folders") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH_AS(read_samples(folder.path(), {Classes, "", {}}),
                       (folder.path() + " is a folder without train_x.npy and train_y.npy, train.csv, or the files of MNIST").c_str(),
                       Error);
  SUBCASE("train_x.npy ...") {
    folder.write("train_x.npy", X);
    folder.write("train_y.npy.gz", gzip(Y));
    same(read_samples(folder.path(), {Classes, "", {}}).train);
    CHECK_FALSE(read_samples(folder.path(), {Classes, "", {}}).test);
    folder.write("test_x.npy", X);
    folder.write("test_y.npy", Y);
    same(*read_samples(folder.path(), {Classes, "", {}}).test);
  }
  SUBCASE("MNIST") {
    folder.write("train-images-idx3-ubyte.gz", gzip(idx(8, {2, 2, 1}, raw<unsigned char>({1, 2, 3, 4}))));
    folder.write("train-labels-idx1-ubyte.gz", gzip(idx(8, {2}, raw<unsigned char>({0, 2}))));
    folder.write("t10k-images-idx3-ubyte", idx(8, {2, 2, 1}, raw<unsigned char>({1, 2, 3, 4})));
    folder.write("t10k-labels-idx1-ubyte", idx(8, {2}, raw<unsigned char>({0, 2})));
    same(read_samples(folder.path(), {Classes, "", {}}).train);
    same(*read_samples(folder.path(), {Classes, "", {}}).test);
  }
  SUBCASE("train.csv and test.csv share their class names") {
    folder.write("train.csv", "1,2,b\n3,4,a\n");
    folder.write("test.csv", "1,2,a\n");
    const Source source = read_samples(folder.path(), {Classes, "", {}});
    CHECK(source.train.classes == Texts{"b", "a"});
    CHECK(source.test->targets->values == Values{1});
    const std::string test = folder.write("test.csv", "1,2,a\n3,4,c\n");
    CHECK_THROWS_WITH_AS(read_samples(folder.path(), {Classes, "", {}}),
                         (test + ", line 2: the class 'c' does not occur in the training set").c_str(), Error);
  }
}

TEST_CASE("read_samples: NPZ") {
  const TemporaryFolder folder;
  const auto zip = [&](const std::string& name, const Texts& names, const Texts& contents) {
    const std::string path = folder / name;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
    for (std::size_t k = 0; k < names.size(); ++k) {
      zip_file_add(archive, (names[k] + ".npy").c_str(), zip_source_buffer(archive, contents[k].data(), contents[k].size(), 0), 0);
    }
    REQUIRE(zip_close(archive) == 0);
    return path;
  };
  for (const Texts& names :
       {Texts{"x", "y"}, Texts{"X", "y"}, Texts{"inputs", "targets"}, Texts{"images", "labels"}, Texts{"data", "target"}}) {
    same(read_samples(zip(names[0] + names[1], names, {X, Y}), {Classes, "", {}}).train);
  }
  same(*read_samples(zip("four", {"x_train", "y_train", "x_test", "y_test"}, {X, Y, X, Y}), {Classes, "", {}}).test);
  CHECK_FALSE(read_samples(zip("inputs only", {"x"}, {X}), {Classes, "", {}}).train.targets);
  const std::string other = zip("other", {"p", "q"}, {X, Y});
  CHECK_THROWS_WITH_AS(read_samples(other, {Classes, "", {}}), doctest::Contains("; it holds p, q"), Error);
  CHECK_THROWS_WITH_AS(read_samples(other + "," + other, {Classes, "", {}}), doctest::Contains("is an NPZ file, which stands alone"),
                       Error);
}

TEST_CASE("read_samples: text labels become indices in order of first appearance, and are refused for values") {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.csv", "1,2,dog\n3,4,cat\n5,6,dog\n");
  const Samples samples = read_samples(path, {Classes, "", {}}).train;
  CHECK(samples.classes == Texts{"dog", "cat"});
  CHECK(samples.targets->values == Values{0, 1, 0});
  CHECK(read_samples(path, {Classes, "", {"cat", "dog"}}).train.targets->values == Values{1, 0, 1});
  CHECK_THROWS_WITH_AS(read_samples(path, {{2, 1, Task::Values}, "", {}}),
                       (path + ", line 1, column 3: 'dog' stands where a finite number belongs").c_str(), Error);
  CHECK(samples.place(1) == path + ", line 2");
}

TEST_CASE("read_samples: what is no file of samples") {
  const TemporaryFolder folder;
  const std::string absent = folder / "absent.csv", binary = folder.write("binary", std::string("\x7f"
                                                                                                "ELF\0\1\2",
                                                                                                7));
  CHECK_THROWS_WITH_AS(read_samples(absent, {Classes, "", {}}), (absent + " cannot be opened: No such file or directory").c_str(), Error);
  CHECK_THROWS_WITH_AS(read_samples(binary, {Classes, "", {}}), doctest::Contains(" is neither CSV, NPY, NPZ nor IDX"), Error);
}

}  // namespace insitu::desktop
