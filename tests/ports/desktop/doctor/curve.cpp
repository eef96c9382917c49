// insitu doctor curve from outside: files, what is printed, exit codes.
#include "ports/desktop/doctor/curve_command.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "ports/desktop/doctor/check_command.h"
#include "ports/desktop/doctor/probe_file.h"
#include "ports/desktop/guarded.h"
#include "tests/ports/desktop/process.h"

namespace insitu::desktop::doctor {
namespace {

/// The question's own size; a smaller one where sanitizers take ten times as long.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr const char* Inputs = "1200";
#else
constexpr const char* Inputs = "12288";
#endif
#else
constexpr const char* Inputs = "12288";
#endif

/// What the command line reads, and does of it.
Outcome asked(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"insitu", "doctor"});
  std::vector<const char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
  return apart([&] {
    return guarded([&] {
      const Command command = read_command(static_cast<int>(pointers.size()), pointers.data(), "points");
      if (command.verb == Command::Verb::Check) return check_gradients(command.check);
      return command.verb == Command::Verb::Curve ? explain_curve(command.curve) : 0;
    });
  });
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void refused(const Outcome& outcome, const std::string& sentence) {
  CAPTURE(outcome.err);
  CAPTURE(sentence);
  CHECK(outcome.code == 2);
  CHECK(outcome.err.starts_with("insitu: "));
  CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  CHECK(contains(outcome.err, sentence));
  CHECK(outcome.out.empty());
}

int shell(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()); }

/// The Python that has numpy, or "".
std::string numpy() {
  for (const std::string python : {"python3", "/usr/bin/python3"}) {
    if (shell(python + " -c 'import numpy'") == 0) return python;
  }
  return "";
}

/// Tags opened and closed in pairs, one root, no byte that UTF-8 has not: what an XML reader insists on.
bool well_formed(const std::string& xml) {
  std::vector<std::string> open;
  std::size_t roots = 0;
  for (std::size_t at = 0; (at = xml.find('<', at)) != std::string::npos;) {
    const std::size_t end = xml.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = xml.substr(at + 1, end - at - 1);
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return false;
    if (tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    } else if (tag.back() != '/') {
      roots += open.empty();
      open.push_back(tag.substr(0, tag.find(' ')));
    }
    at = end;
  }
  return open.empty() && roots == 1 && !contains(xml, ",nan") && !contains(xml, "nan,") && !contains(xml, ",inf") &&
         xml.ends_with("</svg>\n");
}

/// Two clouds in 2 dimensions, as CSV: x, y, label.
std::string clouds(const char* label_of_second = "1") {
  std::string text;
  Random random(3);
  for (int k = 0; k < 40; ++k) {
    char line[80];
    std::snprintf(line, sizeof line, "%.5f,%.5f,%s\n", static_cast<double>(normal(random)) + (k % 2 ? 2 : -2),
                  static_cast<double>(normal(random)), k % 2 ? label_of_second : "0");
    text += line;
  }
  return text;
}

const std::vector<std::string> Network = {"--dims", "2,6,1", "--activations", "relu,sigmoid", "--loss", "bce"};

std::vector<std::string> curve(std::vector<std::string> more) {
  std::vector<std::string> all = {"curve"};
  all.insert(all.end(), Network.begin(), Network.end());
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

TEST_CASE("doctor curve: the question's code as posted, by the two commands of the README") {
  const std::string python = numpy();
  if (python.empty()) {
    MESSAGE("numpy is not on this machine: the question's code was not run");
    return;
  }
  const TemporaryFolder folder;
  const std::string probe = folder / "posted.npz", losses = folder / "losses.csv", page = folder / "curve.svg";
  REQUIRE(shell(python + " tests/ports/desktop/doctor/posted.py " + probe + " " + Inputs + " " + losses) == 0);
  const std::string readme = file_text("README.md");
  CHECK(contains(readme, "insitu doctor check --probe posted.npz\n"));
  CHECK(contains(readme, "insitu doctor curve --probe posted.npz --losses losses.csv --rate 0.1"));

  const Outcome check = asked({"check", "--probe", probe});
  CHECK(check.code == 1);
  CHECK(contains(check.out, "W1 is scaled by exactly m: 1/m is missing in dW1 = dZ1 @ X.T\n"));

  const Outcome outcome = asked({"curve", "--probe", probe, "--losses", losses, "--rate", "0.1", "--svg", page});
  CAPTURE(outcome.err);
  CAPTURE(outcome.out);
  CHECK(outcome.code == 1);
  CHECK(contains(outcome.out, "W1 is scaled by exactly m: 1/m is missing in dW1 = dZ1 @ X.T"));
  CHECK(contains(outcome.out, "follows the observed curve to within 1 % for 300 of 300 losses"));
  CHECK(contains(outcome.out, "  mending the gradient alone "));
  CHECK(well_formed(file_text(page)));
  if (Inputs == std::string("12288")) {
    CHECK(contains(outcome.out, "the loss stays at 0.6931: 0.6931 is what the best constant output gives"));
    CHECK(contains(outcome.out, "layer 1: 100 % of its units are dead at the end"));
    CHECK(contains(outcome.out, "\n> rate / 10 "));
    CHECK(contains(outcome.out, "  mending the gradient alone does not cure: all units of a layer dead from step "));
  }
}

TEST_CASE("doctor curve: losses alone, and with samples; text, JSON and a page") {
  const TemporaryFolder folder;
  const std::string losses = folder.write("losses.csv", "step,loss\n0,0.7\n1,0.6\n2,nan\n"), data = folder.write("clouds.csv", clouds()),
                    page = folder / "page.svg";
  const Outcome alone = asked({"curve", "--losses", losses, "--svg", page});
  CHECK(alone.code == 1);
  CHECK(contains(alone.out, "! the loss is NaN from step 2 on"));
  CHECK(contains(alone.out, "prescribed: nothing\n"));
  CHECK(well_formed(file_text(page)));

  const Outcome well = asked(curve({"--data", data, "--rate", "0.1"}));
  CAPTURE(well.out);
  CAPTURE(well.err);
  CHECK(well.code == 0);
  CHECK(contains(well.out, "nothing to cure: the run learns as it is"));

  const Outcome fast = asked(curve({"--data", data, "--rate", "2000", "--svg", page}));
  CHECK(fast.code == 1);
  CHECK(contains(fast.out, "\nprescribed\n"));
  CHECK(well_formed(file_text(page)));
  std::istringstream lines(fast.out);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 120);

  std::string other;
  for (int k = 0; k < 50; ++k) other += "0.9\n";
  const std::vector<std::string> another = {"--data", data, "--rate", "2000", "--losses", folder.write("other.csv", other)};
  CHECK(contains(asked(curve(another)).out, "prescribed: nothing\n  the run here is not the one that was observed"));

  const Outcome json = asked(curve({"--data", data, "--rate", "2000", "--json"}));
  CHECK(json.code == 1);
  const nlohmann::json parsed = nlohmann::json::parse(json.out);
  CHECK(parsed["trials"].size() > 10);
  CHECK(parsed["trials"][0]["change"] == "as it is");
  CHECK(parsed["layers_at_start"].size() == 2);
  const std::string prescribed = parsed["prescription"];
  CHECK(contains(fast.out, "\n  " + prescribed + ": "));
  for (const auto& trial : parsed["trials"]) {
    if (trial["change"] == prescribed) CHECK(trial["outcome"] == "cures");
  }
  CHECK(nlohmann::json::parse(asked({"curve", "--losses", losses, "--json"}).out)["prescription"].is_null());

  const std::string same = folder.write("same.csv", clouds("0"));
  const Outcome one_class = asked(curve({"--data", same, "--rate", "0.1"}));
  CHECK(one_class.code == 1);
  CHECK(contains(one_class.out, "! all 40 samples have the same label"));
  CHECK(contains(one_class.out, "nothing was tried: a constant output is right for these labels"));
}

TEST_CASE("doctor curve: a mistake that is not known is named as such, and what the right gradient does is shown") {
  const TemporaryFolder folder;
  Probe probe = golden_network('B');
  std::vector<Layers> user = inject<double>(probe.network, probe.parameters, probe.batches, {});
  for (Layers& gradient : user) gradient[2].W.values[3] += 0.5;
  write_probe(folder / "probe.npz", probe, {}, user);
  const Outcome outcome = asked({"curve", "--probe", folder / "probe.npz", "--rate", "0.1", "--steps", "50"});
  CAPTURE(outcome.err);
  CAPTURE(outcome.out);
  CHECK(outcome.code == 1);
  CHECK(contains(outcome.out, "! the gradient is wrong\n"));
  CHECK(contains(outcome.out, "  with the right gradient"));
  CHECK_FALSE(contains(outcome.out, "gradient mended"));
  // and one that is known, in the middle of the library, is done in the run
  write_probe(folder / "probe.npz", probe, {}, inject<double>(probe.network, probe.parameters, probe.batches, {"act_deriv_missing", 2}));
  CHECK(contains(asked({"curve", "--probe", folder / "probe.npz", "--rate", "0.1", "--steps", "50"}).out, "\n  gradient mended "));
  // without gradients it is a network and samples
  write_probe(folder / "probe.npz", probe, {});
  CHECK(asked({"curve", "--probe", folder / "probe.npz", "--rate", "0.1", "--steps", "50"}).code != 2);
}

TEST_CASE("doctor curve: a loss that became NaN where the same run, with a loss computed from z, does not") {
  const TemporaryFolder folder;
  const std::string data = folder.write("clouds.csv", clouds());
  const nlohmann::json run = nlohmann::json::parse(asked(curve({"--data", data, "--rate", "0.1", "--steps", "200", "--json"})).out);
  std::string losses;
  for (std::size_t k = 0; k < 200; ++k) losses += k < 150 ? run["trials"][0]["losses"][k].dump() + "\n" : std::string("nan\n");
  const std::vector<std::string> arguments = curve({"--data", data, "--rate", "0.1", "--losses", folder.write("losses.csv", losses)});
  const Outcome outcome = asked(arguments);
  CAPTURE(outcome.out);
  CHECK(outcome.code == 1);
  CHECK(contains(outcome.out, "for 150 of 200 losses"));
  CHECK(contains(outcome.out, "\nprescribed\n  compute the loss from z"));
}

TEST_CASE("doctor curve: --start, --init, --batch, --goal") {
  const TemporaryFolder folder;
  const std::string data = folder.write("clouds.csv", clouds());
  const std::string start = folder.write(
      "start.json", R"({"W1": [[1,2,3,4,5,6],[1,2,3,4,5,6]], "b1": [0,0,0,0,0,0], "W2": [[1],[1],[1],[1],[1],[1]], "b2": [0]})");
  const Outcome given = asked(curve({"--data", data, "--rate", "0.1", "--start", start, "--json"}));
  CAPTURE(given.err);
  CHECK(nlohmann::json::parse(given.out)["layers_at_start"][0]["weight_norm"].get<double>() == doctest::Approx(std::sqrt(182.0)));
  const auto first_loss = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = {"--data", data, "--rate", "0.1", "--json", "--steps", "20"};
    all.insert(all.end(), more.begin(), more.end());
    return nlohmann::json::parse(asked(curve(all)).out)["trials"][0]["losses"][0].get<double>();
  };
  CHECK(first_loss({"--init", "0.0001"}) == doctest::Approx(std::log(2.0)).epsilon(1e-3));
  CHECK(first_loss({"--seed", "1"}) != first_loss({"--seed", "2"}));
  CHECK(first_loss({"--batch", "4"}) != first_loss({}));
  CHECK(contains(asked(curve({"--data", data, "--rate", "0.1", "--goal", "0.123"})).out, "at most 0.123"));
  refused(asked(curve({"--data", data, "--rate", "0.1", "--start", folder.write("bad.json", R"({"W1": [[1]]})")})),
          "W1 is 1 x 1, and 2 x 6 in the layout in_out belongs here");
}

TEST_CASE("doctor curve: what is missing or wrong is said in one sentence, with exit code 2") {
  const TemporaryFolder folder;
  const std::string data = folder.write("clouds.csv", clouds()), losses = folder.write("losses.csv", "1\n2\n");
  refused(asked({"curve"}), "there is nothing to look at: give --losses, --run, or a network");
  refused(asked({"curve", "--losses", folder / "none.csv"}), "none.csv cannot be opened");
  refused(asked({"curve", "--losses", folder.write("a.csv", "1\nx\n")}), "a.csv, line 2, column 1: 'x' stands where a loss belongs");
  refused(asked({"curve", "--data", data}), "--data needs a network");
  refused(asked({"curve", "--probe", "a", "--run", "b"}), "--probe, --run and --dims each say the network: give one of them");
  refused(asked({"curve", "--run", losses}), "losses.csv");
  refused(asked({"curve", "--probe", losses}), "is neither an NPZ file nor JSON");
  refused(asked(curve({})), "--data is missing");
  refused(asked(curve({"--data", data})), "--rate is missing: the learning rate of the run");
  for (const char* rate : {"0", "-1", "nan", "inf"}) refused(asked(curve({"--data", data, "--rate", rate})), "--rate is ");
  refused(asked(curve({"--data", data, "--rate", "fast"})), "--rate");
  refused(asked(curve({"--data", data, "--rate", "0.1", "--goal", "-1"})), "--goal is -1");
  refused(asked(curve({"--data", data, "--rate", "0.1", "--batch", "0"})), "--batch is 0, and a step takes at least one sample");
  refused(asked(curve({"--data", data, "--rate", "0.1", "--steps", "3"})), "--steps is 3, and 10 to 1000000 can be run again");
  refused(asked(curve({"--data", data, "--rate", "0.1", "--init", "she"})), "--init takes he, glorot, or a deviation");
  refused(asked(curve({"--data", folder / "none.csv", "--rate", "0.1"})), "none.csv cannot be opened");
  refused(asked(curve({"--data", folder.write("b.csv", "1,2,3,0\n"), "--rate", "0.1"})),
          "b.csv has 3 features per sample, and the network takes 2");
  refused(asked(curve({"--data", folder.write("b.csv", "1,nan,0\n"), "--rate", "0.1"})), "nan stands where a finite number belongs");
  refused(asked(curve({"--data", folder.write("b.csv", "1,2,7\n"), "--rate", "0.1"})),
          "the target is 7, and those of a sigmoid output lie between 0 and 1");
  refused(asked(curve({"--data", folder.write("b.csv", "1,2\n"), "--rate", "0.1"})), "has no labels, and a training needs them");
  refused(asked({"curve", "--dims", "2,x", "--activations", "relu", "--loss", "bce", "--data", data}), "'x' is none");
  refused(asked({"curve", "--dims", "2,1", "--activations", "gelu", "--loss", "bce", "--data", data}), "'gelu' is no activation");
  refused(
      asked({"curve", "--dims", "2,99999,99999,1", "--activations", "relu,relu,sigmoid", "--loss", "bce", "--data", data, "--rate", "1"}),
      "parameters, and");
  refused(asked(curve({"--data", data, "--rate", "0.1", "--svg", folder / "no/such/page.svg"})), "no/such/page.svg");
  const Probe probe = golden_network('A');
  write_probe(folder / "probe.npz", probe, {}, inject<double>(probe.network, probe.parameters, probe.batches, {}));
  const std::string whole = file_text(folder / "probe.npz");
  for (std::size_t kept = 0; kept < whole.size(); kept += whole.size() / 7)
    refused(asked({"curve", "--probe", folder.write("cut.npz", whole.substr(0, kept)), "--rate", "0.1"}), "cut.npz");
}

}  // namespace insitu::desktop::doctor
