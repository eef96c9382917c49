#include "ports/desktop/csv.h"

#include <doctest/doctest.h>

#include "ports/desktop/error.h"
#include "temporary_folder.h"

namespace insitu::desktop {
namespace {

using Values = std::vector<float>;
using Texts = std::vector<std::string>;

Table read(const std::string& text, const CsvColumns& columns = {}) { return read_csv(bytes_of(text), "a.csv", columns); }

void refused(const std::string& text, const char* sentence, const CsvColumns& columns = {}) {
  CHECK_THROWS_WITH_AS(read(text, columns), sentence, Error);
}

}  // namespace

TEST_CASE("read_csv: the last column is the label; a header is told from numbers") {
  const Table plain = read("1,2,0\n3,4,1\n");
  CHECK(plain.inputs.values == Values{1, 2, 3, 4});
  CHECK(plain.inputs.shape == std::vector<std::size_t>{2, 2});
  CHECK(plain.labels == Texts{"0", "1"});
  CHECK(plain.header.empty());
  const Table headed = read("a,b,class\n1,2,0\n3,4,1\n");
  CHECK(headed.inputs.values == plain.inputs.values);
  CHECK(headed.header == Texts{"a", "b", "class"});
  CHECK(headed.lines == std::vector<std::size_t>{2, 3});
}

TEST_CASE("read_csv: semicolons, tabs, quotes, line ends of Windows, blanks, blank lines, a byte order mark, no line end at the end") {
  const Values expected = {1, -2.5f, 0.003f, 40};
  CHECK(read("1;-2.5;0\n3e-3;+40;1").inputs.values == expected);
  CHECK(read("1\t-2.5\t0\r\n3e-3\t+40\t1\r\n").inputs.values == expected);
  CHECK(read("\xef\xbb\xbf\n 1 , -2.5 ,0\n\n  \n3e-3,40,1\n\n").inputs.values == expected);
  const Table quoted = read("\"a, \"\"b\"\"\",c,d\n\"1\",\"-2.5\",\"first\nsecond\"\n3e-3,40,x\n");
  CHECK(quoted.header == Texts{"a, \"b\"", "c", "d"});
  CHECK(quoted.inputs.values == expected);
  CHECK(quoted.labels == Texts{"first\nsecond", "x"});
  CHECK(quoted.lines == std::vector<std::size_t>{2, 4});
}

TEST_CASE("read_csv: text labels in a file without header; scikit-learn's first line") {
  CHECK(read("5.1,3.5,setosa\n6,3,virginica\n").labels == Texts{"setosa", "virginica"});
  const Table iris = read("3,2,setosa,virginica\n5.1,3.5,0\n6,3,1\n6,2,1\n");
  CHECK(iris.classes == Texts{"setosa", "virginica"});
  CHECK(iris.inputs.shape == std::vector<std::size_t>{3, 2});
  CHECK(iris.labels == Texts{"0", "1", "1"});
  refused("4,2,setosa,virginica\n5.1,3.5,0\n6,3,1\n6,2,1\n", "a.csv promises 4 samples on its first line, and 3 follow");
}

TEST_CASE("read_csv: label columns by name, by number, several, none") {
  const std::string text = "y,a,b\n0,1,2\n1,3,4\n";
  CHECK(read(text, {.label = "y"}).inputs.values == Values{1, 2, 3, 4});
  CHECK(read(text, {.label = "1"}).labels == Texts{"0", "1"});
  CHECK(read(text, {.label = "b,y"}).labels == Texts{"2", "0", "4", "1"});
  CHECK(read(text, {.label = "none"}).inputs.shape == std::vector<std::size_t>{2, 3});
  CHECK(read("setosa,1,2\nvirginica,3,4\n", {.label = "1"}).inputs.values == Values{1, 2, 3, 4});
  CHECK(read(text, {.inputs = 3}).labels.empty());
  CHECK(read(text, {.inputs = 1, .outputs = 2}).labels == Texts{"1", "2", "3", "4"});
  CHECK(read("a,b,y\n1,2,yes\n", {.label = "y"}).labels == Texts{"yes"});
  CHECK(read("10,20,y\n1,2,0\n", {.label = "y"}).inputs.values == Values{1, 2});  // a name makes a header of numbers, too
  refused(text, "a.csv has no column named 'colour' on its first line", {.label = "colour"});
  refused(text, "a.csv has columns 1 to 3, and the label column is to be 4", {.label = "4"});
  refused(text, "a.csv has columns 1 to 3, and the label column is to be 0", {.label = "0"});
  refused(text, "a.csv has no features: all of its 3 columns are labels", {.label = "y,a,b"});
}

TEST_CASE("read_csv: what is wrong is named with line and column") {
  refused("1,2,0\n3,x4,1\n", "a.csv, line 2, column 2: 'x4' stands where a number belongs");
  refused("1,2,0\n3,0x10,1\n", "a.csv, line 2, column 2: '0x10' stands where a number belongs");
  refused("1;2;0\n3;4,5;1\n", "a.csv, line 2, column 2: '4,5' stands where a number belongs");
  refused("1;2;0\n3,5;4,5;1\n", "a.csv, line 2, column 1: '3,5' stands where a number belongs");
  refused("1,5;2;0\n", "a.csv holds no samples: it has a header and nothing below it");  // not a comma file
  refused("a,b,y\n1,2,0\n\n3,four,1\n", "a.csv, line 4, column 2 (b): 'four' stands where a number belongs");
  refused("1,2,0\n3,,1\n", "a.csv, line 2, column 2: nothing stands where a number belongs");
  refused("1,2,0\n3,4,\n", "a.csv, line 2, column 3: nothing stands where a label belongs");
  refused("1,2,0\nnan,4,1\n", "a.csv, line 2, column 1: nan stands where a finite number belongs");
  refused("1,2,0\n3,-inf,1\n", "a.csv, line 2, column 2: -inf stands where a finite number belongs");
  refused("1,2,0\n3,1e39,1\n", "a.csv, line 2, column 2: 1e39 stands where a finite number belongs");
  refused("1,2,0\n3,1e999,1\n", "a.csv, line 2, column 2: 1e999 stands where a finite number belongs");
  refused("1,2,0\n3,4\n", "a.csv, line 2: 2 columns, and line 1 has 3");
  refused("1,2,0\n3,4,1,5\n", "a.csv, line 2: 4 columns, and line 1 has 3");
  refused("1,2,0\n\"3,4,1\n5,6,7\n", "a.csv, line 2: a quote is opened and never closed");
  refused("\n \n", "a.csv holds no samples: all its lines are blank");
  refused("a,b,y\n", "a.csv holds no samples: it has a header and nothing below it");
}

TEST_CASE("parse_number: the whole text, or nothing") {
  float value = 0;
  CHECK(parse_number("1e-400", value));
  CHECK(value == 0);
  CHECK(parse_number("0.1", value));
  CHECK(value == 0.1f);
  CHECK(parse_number(".5", value));
  for (const char* text : {"", "+", "1 2", "1,5", "abc", "1e", "--1"}) CHECK_FALSE(parse_number(text, value));
}

}  // namespace insitu::desktop
