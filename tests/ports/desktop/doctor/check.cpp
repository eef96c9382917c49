// insitu doctor check and insitu doctor probe from outside: files, what is printed, exit codes.
#include "ports/desktop/doctor/check_command.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "golden.h"
#include "ports/desktop/doctor/compare.h"
#include "ports/desktop/doctor/library.h"
#include "ports/desktop/doctor/probe_file.h"
#include "ports/desktop/guarded.h"
#include "tests/ports/desktop/process.h"

namespace insitu::desktop::doctor {
namespace {

Outcome checked(const std::string& probe, bool json = false) {
  return apart([&] { return guarded([&] { return check_gradients({probe, json}); }); });
}
Outcome made(const ProbeOptions& options) {
  return apart([&] { return guarded([&] { return make_probe(options); }); });
}

void refused(const Outcome& outcome, const std::string& sentence) {
  CAPTURE(outcome.err);
  CAPTURE(sentence);
  CHECK(outcome.code == 2);
  CHECK(outcome.err.starts_with("insitu: "));
  CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  CHECK(outcome.err.find(sentence) != std::string::npos);
  CHECK(outcome.out.empty());
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The question's own size; a smaller one where sanitizers take ten times as long.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr const char* Inputs = " 1200";
#else
constexpr const char* Inputs = "";
#endif
#else
constexpr const char* Inputs = "";
#endif

/// The Python that has numpy, or "".
std::string numpy() {
  for (const std::string python : {"python3", "/usr/bin/python3"}) {
    if (std::system((python + " -c 'import numpy' 2>/dev/null").c_str()) == 0) return python;
  }
  MESSAGE("numpy is not on this machine: its gradients were not tried");
  return "";
}
int shell(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()); }

/// A probe of a golden network with the gradients of a mistake.
std::string probe_with(const TemporaryFolder& folder, const std::string& name, const Mistake& mistake, Convention convention) {
  const Probe probe = golden_network('A');
  write_probe(folder / name, probe, convention, inject<double>(probe.network, probe.parameters, probe.batches, mistake));
  return folder / name;
}

/// A small probe in JSON: a network of one layer, whose gradients are not right.
const std::string Small =
    R"({"dims": [2, 1], "activations": ["sigmoid"], "loss": "bce", "layout": "in_out", "W1": [[0.5], [-1]], "b1": [0.1],
"X_1": [[1, 2], [0, 1], [1, 1]], "Y_1": [1, 0, 1], "dW1_1": [[0.3], [0.4]], "db1_1": [0.2]})";

std::string changed(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("doctor check: right gradients, in every layout and both formats") {
  const TemporaryFolder folder;
  for (const Convention convention : {Convention{Layout::InOut, true}, Convention{Layout::OutIn, false}, Convention{Layout::OutIn, true},
                                      Convention{Layout::InOut, false}}) {
    for (const char* name : {"probe.npz", "probe.json"}) {
      const Outcome outcome = checked(probe_with(folder, name, {}, convention));
      CAPTURE(outcome.err);
      CAPTURE(outcome.out);
      CHECK(outcome.code == 0);
      CHECK(outcome.last_line().starts_with("right: the gradients agree with this to "));
    }
  }
}

TEST_CASE("doctor check: the formula as it is and as it should be, in the user's layout") {
  const TemporaryFolder folder;
  const auto said = [&](const Mistake& mistake, Convention convention) {
    const Outcome outcome = checked(probe_with(folder, "probe.npz", mistake, convention));
    CHECK(outcome.code == 1);
    return outcome.out;
  };
  const Convention in_out{Layout::InOut, true}, out_in{Layout::OutIn, false}, torch{Layout::OutIn, true};
  const Mistake missing{"scale_W", 1, 1, 1}, transposed{"W_not_transposed", 2}, slope{"act_deriv_on_z", 1}, bias{"bias_zero", 2};
  CHECK(contains(said(missing, in_out),
                 "W1 is scaled by exactly m: 1/m is missing in dW1 = X.T @ dZ1\n    is         dW1 = X.T @ dZ1\n"
                 "    should be  dW1 = X.T @ dZ1 / m\n"));
  CHECK(contains(said(missing, in_out), "  dW1  scaled by 7 in the batch of 7, and by 11 of 11\n"));
  CHECK(contains(said(missing, out_in), "    should be  dW1 = dZ1 @ X.T / m\n"));
  CHECK(contains(said(missing, torch), "    should be  dW1 = dZ1.T @ X / m\n"));
  CHECK(contains(said(transposed, in_out), "    is         dA1 = dZ2 @ W2\n    should be  dA1 = dZ2 @ W2.T\n"));
  CHECK(contains(said(transposed, out_in), "    is         dA1 = W2 @ dZ2\n    should be  dA1 = W2.T @ dZ2\n"));
  CHECK(contains(said(transposed, torch), "    is         dA1 = dZ2 @ W2.T\n    should be  dA1 = dZ2 @ W2\n"));
  CHECK(contains(said(slope, in_out), "    is         dZ1 = dA1 * (1 - Z1**2)\n    should be  dZ1 = dA1 * (1 - A1**2)\n"));
  CHECK(contains(said(bias, out_in), "    should be  db2 = dZ2.sum(axis=1, keepdims=True) / m\n"));
  CHECK(contains(said({"scale_all", 0, 0, -1}, in_out), "every tensor is of the wrong sign"));
  CHECK(contains(said({"scale_from", 2, 0, 2}, in_out), "every tensor from layer 2 down is scaled by exactly 2"));
  CHECK(contains(said({"delta_detached", 2}, in_out), "the delta is detached: nothing arrives at layer 2"));
  CHECK(contains(said({"W_transposed", 2}, in_out), "    is         dW2 = dZ2.T @ A1 / m\n"));
  CHECK(contains(said({"labels_shifted"}, in_out), "    is         dZ3 = A3 - np.roll(Y, 1, axis=0)\n    should be  dZ3 = A3 - Y\n"));
  CHECK(contains(said({"stale_W", 0, 0, .1}, in_out), "(rate 0.1)"));
}

TEST_CASE("doctor check: every kind has words, and JSON that says the same") {
  const TemporaryFolder folder;
  for (const char tag : {'A', 'B'}) {
    const Probe probe = golden_network(tag);
    const Formulas formulas(probe.network, {});
    for (const Fault& fault : faults(probe.network)) {
      const Wording words = fault.kind->words(fault, formulas);
      CAPTURE(words.cause);
      CAPTURE(words.is);
      CHECK_FALSE(words.cause.empty());
      CHECK_FALSE(words.is.empty());
      if (!std::isnan(fault.value)) {
        const Question question(probe.network, probe.parameters, probe.batches[0]);
        const Layers right = gradient(question), wrong = gradient(question, fault.kind->change(fault));
        bool same = true;
        for (std::size_t t = 0; t < tensors(right); ++t) same = same && distance(tensor(wrong, t), tensor(right, t), 0) < 1e-12;
        if (same) continue;  // relu's derivative is the same function of Z and A
      }
      CHECK(words.is != words.should);
    }
  }
  const Outcome outcome = checked(probe_with(folder, "probe.json", {"act_deriv_missing", 2}, {}), true);
  CHECK(outcome.code == 1);
  CHECK(contains(outcome.out, "\"verdict\": \"named\""));
  CHECK(contains(outcome.out, "\"id\": \"derivative_missing\""));
  CHECK(contains(outcome.out, "\"should_be\": \"dZ2 = dA2 * A2 * (1 - A2)\""));
  CHECK(contains(checked(probe_with(folder, "probe.json", {}, {}), true).out, "\"verdict\": \"right\""));
}

TEST_CASE("doctor check: a dW with a column for each sample is what labels of one dimension make") {
  const TemporaryFolder folder;
  const Outcome outcome = checked(folder.write("probe.json", changed(Small, "[[0.3], [0.4]]", "[[1, 2, 3], [4, 5, 6]]")));
  CHECK(outcome.code == 1);
  CHECK(contains(outcome.out,
                 "the labels have one dimension: A - Y is m x m, every output with every label (dW1_1 is 2 x 3, and 2 x 1 belongs here)"));
}

TEST_CASE("doctor check: what is no probe is refused in one sentence, with exit code 2") {
  const TemporaryFolder folder;
  CHECK(checked(folder.write("small.json", Small)).code == 1);
  const auto with = [&](const std::string& what, const std::string& text) {
    return checked(folder.write("a.json", changed(Small, what, text)));
  };
  refused(checked(folder / "none.npz"), "none.npz cannot be opened");
  refused(checked(folder.write("a.json", "not JSON")), "is neither an NPZ file nor JSON: at byte 2");
  refused(checked(folder.write("a.json", "[1, 2]")), "is JSON, but no object");
  refused(checked(folder.write("a.json", std::string(1000000, '['))), "is neither an NPZ file nor JSON");
  refused(checked(folder.write("a.json", Small.substr(0, 200))), "is neither an NPZ file nor JSON: at byte 201");
  refused(with("\"layout\": \"in_out\", ", ""), "has no layout: in_out for W [In x Out], out_in for W [Out x In]");
  refused(with("in_out", "sideways"), "layout is 'sideways', and in_out or out_in belongs here");
  refused(with("in_out", "out_in"), "W1 is 2 x 1, and 1 x 2 in the layout out_in belongs here");
  refused(with("[2, 1]", "[2]"), "a network has at least an input and one layer");
  refused(with("[2, 1]", "[2, 1, 1]"), "a network of 2 layers has 2 activations");
  refused(with("[2, 1]", "[2, -1]"), "dims holds -1, and sizes of layers belong here");
  refused(with("[2, 1]", "[4e9, 4e9]"), "dims holds 4e+09");
  refused(with("[2, 1]", "[16777216, 16777216]"), "W1 is 2 x 1, and 16777216 x 16777216");
  refused(with("[2, 1]", "\"two\""), "dims holds text, and numbers belong here");
  refused(with("[\"sigmoid\"]", "[\"gelu\"]"), "'gelu' is no activation that is known");
  refused(with("[\"sigmoid\"]", "[1]"), "a network of 1 layers has 1 activations");
  refused(with("\"bce\"", "\"hinge\""), "'hinge' is no loss that is known");
  refused(with("\"bce\"", "\"ce\""), "the loss cross_entropy does not take an output of sigmoid");
  refused(with("\"bce\"", "7"), "loss is no text");
  refused(with("[[0.5], [-1]]", "[[0.5], [-1, 2]]"), "W1 has rows of different lengths");
  refused(with("[[0.5], [-1]]", "[[0.5], -1]"), "W1 has numbers beside lists");
  refused(with("[[0.5], [-1]]", "[[0.5], [null]]"), "W1 holds null, and numbers or texts belong here");
  refused(with("[[0.5], [-1]]", "[[[[1]]]]"), "lists within lists");
  refused(with("[[0.5], [-1]]", "[]"), "W1 has an empty list");
  refused(with("[[0.5], [-1]]", "[[0.5], [NaN]]"), "it is no JSON any more");
  refused(with("[[0.5], [-1]]", "[[0.5], [1e999]]"), "is neither an NPZ file nor JSON");
  refused(with("[0.1]", "[0.1, 2]"), "b1 is 2, and 1 belongs here");
  refused(with("[1, 0, 1]", "[1, 0]"), "Y_1 is 2, and a target for each of 3 samples belongs here");
  refused(with("[[1, 2], [0, 1], [1, 1]]", "[[1, 2, 3]]"), "X_1 is 1 x 3, and samples x 2 belongs here");
  refused(with("[[1, 2], [0, 1], [1, 1]]", "[[1, 2], [0, 1]]"), "samples must say rows or columns");
  refused(with("\"dW1_1\": [[0.3], [0.4]], ", ""), "has no dW1_1: your code's gradient of W1 for batch 1");
  refused(with("[[0.3], [0.4]]", "[[0.3], [0.4], [0.5]]"), "dW1_1 is 3 x 1, and 2 x 1 belongs here");
  refused(with("[0.2]", "[0.2, 1]"), "db1_1 is 2, and 1 belongs here");
}

TEST_CASE("doctor check: an NPZ that is cut off, or holds NaN, is refused") {
  const TemporaryFolder folder;
  const std::string whole = file_text(probe_with(folder, "probe.npz", {}, {}));
  for (std::size_t kept = 0; kept < whole.size(); kept += whole.size() / 7)
    refused(checked(folder.write("cut.npz", whole.substr(0, kept))), "cut.npz");
  Probe probe = golden_network('A');
  std::vector<Layers> user = inject<double>(probe.network, probe.parameters, probe.batches, {});
  user[1][2].b(0, 1) = std::nan("");
  write_probe(folder / "nan.npz", probe, {}, user);
  refused(checked(folder / "nan.npz"), "db2_2 holds NaN or Inf");
}

TEST_CASE("doctor probe: a probe without gradients, screened, and code that fills them in") {
  const TemporaryFolder folder;
  const auto options = [&](const char* dims, const char* activations, const char* loss, const char* layout, const char* file) {
    ProbeOptions result;
    result.dims = dims, result.activations = activations, result.loss = loss, result.layout = layout, result.out = folder / file;
    return result;
  };
  const Outcome done = made(options("4,6,5,3", "relu,tanh,softmax", "cross_entropy", "out_in", "probe.npz"));
  CAPTURE(done.err);
  CHECK(done.code == 0);
  CHECK(contains(done.out, "insitu doctor check --probe"));
  refused(checked(folder / "probe.npz"), "has no dW1_1: your code's gradient of W1 for batch 1");
  const std::string code = file_text(folder / "probe_fill.py");
  CHECK(contains(code, "W[0] is W1 [6 x 4], b[0] is b1 [6 x 1], and so on; X is [4 x m], Y is [3 x m]"));
  CHECK(contains(code, "Loss: cross_entropy, mean over the batch."));
  CHECK(std::count(code.begin(), code.end(), '\n') <= 24);

  refused(made(options("4", "tanh", "mse", "in_out", "a.npz")), "at least an input and one layer");
  refused(made(options("4,x", "tanh", "mse", "in_out", "a.npz")), "--dims takes sizes of layers such as 4,5,3, and 'x' is none");
  refused(made(options("4,3", "softmax", "mse", "in_out", "a.npz")), "does not take an output of softmax");
  refused(made(options("99999,99999", "tanh", "mse", "in_out", "a.npz")), "is too large");
  refused(made(options("4,3", "tanh", "mse", "in_out", "no/such/folder.npz")), "no/such/folder.npz");

  const std::string python = numpy();
  if (python.empty()) return;
  const std::string backward =
      "A = 1 / (1 + np.exp(-(X @ W[0] + b[0]))); d = 2 * (A - Y) * A * (1 - A); return [X.T @ d / d.size], [d.sum(axis=0) / len(d)]";
  for (const char* file : {"one.npz", "one.json"}) {
    CHECK(made(options("3,2", "sigmoid", "mean_squared_error", "in_out", file)).code == 0);
    const std::string fill = folder / "one_fill.py";
    CHECK(shell(python + " " + fill) != 0);
    folder.write("one_fill.py", changed(file_text(fill), "raise NotImplementedError('your backward pass goes here')", backward));
    CHECK(shell(python + " " + fill) == 0);
    const Outcome outcome = checked(folder / file);
    CAPTURE(outcome.err);
    CAPTURE(outcome.out);
    CHECK(outcome.code == 1);
    CHECK(contains(outcome.out, "b1 is scaled by exactly 2: "));
  }
}

TEST_CASE("doctor check: the question's code, as posted") {
  const TemporaryFolder folder;
  const std::string python = numpy();
  if (python.empty()) return;
  REQUIRE(shell(python + " tests/ports/desktop/doctor/posted.py " + (folder / "posted.npz") + Inputs) == 0);
  const Outcome outcome = checked(folder / "posted.npz");
  CAPTURE(outcome.err);
  CAPTURE(outcome.out);
  CHECK(outcome.code == 1);
  CHECK(contains(outcome.out, "  dW2  right\n  db2  right\n  dW1  scaled by 10 in the batch of 10, and by 7 of 7\n  db1  right\n"));
  CHECK(contains(outcome.out, "W1 is scaled by exactly m: 1/m is missing in dW1 = dZ1 @ X.T\n"));
}

}  // namespace insitu::desktop::doctor
