// The command line from outside: each run is a process of its own, with its exit code and what it prints.
#include <doctest/doctest.h>

#include <cstdlib>
#include <sstream>

#include "model/insitu.h"
#include "outcome.h"

// Sanitizers compile a network for minutes: they see one of the three.
#if defined(__SANITIZE_ADDRESS__)
#define ONE_NETWORK
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_NETWORK
#endif
#endif

namespace insitu::desktop {
namespace {

using Points = StandardTrainer<Network<Dense<2, 8, Relu>, Dense<8, 3, Softmax>>, Adam, 8>;
#ifndef ONE_NETWORK
using Digits = StandardTrainer<Network<Dense<64, 32, Relu>, Dense<32, 10, Softmax>>, Momentum, 32>;
using Xor = Trainer<Network<Dense<2, 3, Sigmoid>, Dense<3, 1, Sigmoid>>, MeanSquaredError, Sgd, Batch<4>>;
#endif

template <class Training = Points>
void refused(const std::vector<std::string>& arguments, const std::string& sentence) {
  const Outcome outcome = run<Training>(arguments);
  CAPTURE(outcome.err);
  CHECK(outcome.code == 2);
  CHECK(outcome.err.starts_with("insitu: "));
  CHECK(outcome.err.find(sentence) != std::string::npos);
}

/// Three clouds of points around (0, 0), (3, 0) and (0, 3), named; a header.
std::string points(int count, std::uint64_t seed) {
  std::ostringstream text;
  Random random(seed);
  text << "x,y,class\n";
  for (int k = 0; k < count; ++k) {
    const char* names[] = {"red", "green", "blue"};
    const float x = normal(random) / 2, y = normal(random) / 2;
    text << (k % 3 == 1 ? x + 3 : x) << "," << (k % 3 == 2 ? y + 3 : y) << "," << names[k % 3] << "\n";
  }
  return text.str();
}

}  // namespace

TEST_CASE("command line: help, version, and what is no command") {
  CHECK(run<Points>({"--help"}).code == 0);
  CHECK(run<Points>({"--help"}).out.find("predict") != std::string::npos);
  CHECK(run<Points>({"--version"}).out == INSITU_VERSION "\n");
  refused({}, "A subcommand is required");
  refused({"fly"}, "A subcommand is required");
  refused({"doctor"}, "A subcommand is required");
  refused({"doctor", "replay"}, "--flight is required");
  refused({"train"}, "--data is required");
  refused({"train", "--data", "a.csv", "--epochs", "none"}, "--epochs");
  refused({"train", "--data", "a.csv", "--normalise", "sometimes"}, "--normalise");
  refused({"train", "--data", "a.csv", "--colour", "red"}, "--colour");
}

TEST_CASE("command line: train, predict, info") {
  const TemporaryFolder folder;
  const std::string data = folder.write("train.csv", points(300, 1)), test = folder.write("test.csv", points(100, 2)), out = folder / "a/b";
  const Outcome trained = run<Points>({"train", "--data", data, "--test", test, "--epochs", "15", "--rate", "0.01", "--out", out});
  CAPTURE(trained.err);
  CHECK(trained.code == 0);
  CHECK(trained.err.empty());
  CHECK(trained.out.starts_with("2-8-3, 51 parameters, cross-entropy, adam, rate 0.01, batch 8, 300 samples\nepoch  1/15  training: loss"));
  CHECK(trained.last_line().starts_with("test accuracy: "));
  CHECK(std::atof(trained.last_line().c_str() + 15) > 95);
  CHECK(trained.out.find("  green") != std::string::npos);  // the confusion table knows names
  CHECK(file_text(out + "/curves.csv").starts_with("epoch,training loss,test loss,training accuracy,test accuracy\n1,"));

  const std::string model = out + "/model.insitu", unlabelled = folder.write("new.csv", "0.1,0.1\n3,0\n0,3\n");
  const Outcome predicted = run<Points>({"predict", "--model", model, "--data", unlabelled});
  CHECK(predicted.code == 0);
  CHECK(predicted.out.starts_with("red 0."));
  CHECK(predicted.out.find("\ngreen ") != std::string::npos);
  CHECK(predicted.last_line().starts_with("blue "));
  const Outcome judged = run<Points>({"predict", "--model", model, "--data", test, "--out", folder / "predictions"});
  CHECK(judged.last_line() == trained.last_line().substr(5));
  const std::string predictions = file_text(folder / "predictions");
  CHECK(std::count(predictions.begin(), predictions.end(), '\n') == 100);

  const Outcome about = run<Points>({"info", "--model", model});
  CHECK(about.code == 0);
  for (const char* line : {"dense 2 8 relu; dense 8 3 softmax\n", "  parameters: 51 numbers\n", "  normalisation: 4 numbers\n",
                           "  at step 570: epoch 15 of 15\n", "  class 1: green\n"}) {
    CAPTURE(line);
    CHECK(about.out.find(line) != std::string::npos);
  }
  CHECK(run<Points>({"info"}).out.find("in all 51 parameters, 204 bytes") != std::string::npos);
}

TEST_CASE("command line: a run that goes on holds the same bits as one that never stopped") {
  const TemporaryFolder folder;
  const std::string data = folder.write("train.csv", points(301, 1));  // 38 steps an epoch, the last with 5 samples
  const std::vector<std::string> common = {"train", "--data", data, "--validation", "0.2", "--clip", "0.5", "--class-weights", "balanced"};
  const auto train = [&](const std::string& out, std::vector<std::string> more, int interrupt = 0) {
    std::vector<std::string> arguments = common;
    arguments.insert(arguments.end(), {"--out", folder / out});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run<Points>(arguments, interrupt);
  };
  SUBCASE("stopped at the end of its epochs") {
    CHECK(train("whole", {"--epochs", "6"}).code == 0);
    CHECK(train("parts", {"--epochs", "3"}).code == 0);
    CHECK(file_text(folder / "parts/model.insitu") != file_text(folder / "whole/model.insitu"));
    CHECK(train("parts", {"--epochs", "6", "--resume", folder / "parts/model.insitu"}).code == 0);
    CHECK(file_text(folder / "parts/model.insitu") == file_text(folder / "whole/model.insitu"));
    CHECK(file_text(folder / "parts/curves.csv") == file_text(folder / "whole/curves.csv"));
  }
  SUBCASE("with early stopping: the state after the last epoch") {
    CHECK(train("whole", {"--epochs", "6", "--patience", "50"}).code == 0);
    CHECK(train("parts", {"--epochs", "3", "--patience", "50"}).code == 0);
    CHECK(train("parts", {"--epochs", "6", "--resume", folder / "parts/last.insitu"}).code == 0);
    CHECK(file_text(folder / "parts/last.insitu") == file_text(folder / "whole/last.insitu"));
  }
  SUBCASE("stopped by Ctrl-C, in the midst of an epoch") {
    const Outcome stopped = train("parts", {"--epochs", "10000000"}, 500);
    CAPTURE(stopped.out);
    CHECK(stopped.code == Interrupted);
    CHECK(stopped.last_line().starts_with("stopped in epoch "));
    CHECK(stopped.last_line().ends_with("parts/model.insitu is saved, and --resume " + (folder / "parts/model.insitu") +
                                        " goes on from there"));
    const std::string epochs = std::to_string(std::atoi(stopped.last_line().c_str() + 17) + 1);
    CHECK(train("parts", {"--epochs", epochs, "--resume", folder / "parts/model.insitu"}).code == 0);
    CHECK(train("whole", {"--epochs", epochs}).code == 0);
    CHECK(file_text(folder / "parts/model.insitu") == file_text(folder / "whole/model.insitu"));
  }
}

TEST_CASE("command line: export knows the compiled network, and import any") {
  const TemporaryFolder folder;
  const std::string data = folder.write("train.csv", points(30, 1)), out = folder / "out", file = folder / "points.safetensors";
  REQUIRE(run<Points>({"train", "--data", data, "--epochs", "1", "--out", out, "--normalise", "none"}).code == 0);
  const Outcome written = run<Points>({"export", "--model", out + "/model.insitu", "--out", file});
  CAPTURE(written.err);
  CHECK(written.out == file + ": dense 2 8 relu; dense 8 3 softmax, 51 parameters\n");
  CHECK(run<Points>({"import", file, "--out", out}).code == 0);
  const Outcome predicted = run<Points>({"predict", "--data", data, "--model", out + "/points.insitu"});
  CHECK(predicted.out == run<Points>({"predict", "--data", data, "--model", out + "/model.insitu"}).out);
  refused({"export", "--model", data, "--out", file}, "expected an insitu record, found something else");
  refused({"export"}, "--out is required");
}

TEST_CASE("command line: early stopping keeps the best epoch") {
  const TemporaryFolder folder;
  // labels without rhyme or reason: the more is learnt, the worse the other samples fare
  std::ostringstream noise;
  Random random(3);
  for (int k = 0; k < 60; ++k) noise << random.uniform() << "," << random.uniform() << "," << random.below(3) << "\n";
  const std::string data = folder.write("noise.csv", noise.str());
  const Outcome outcome = run<Points>(
      {"train", "--data", data, "--validation", "0.5", "--patience", "3", "--epochs", "500", "--rate", "0.05", "--out", folder / "out"});
  CHECK(outcome.code == 0);
  CHECK(outcome.out.find("3 epochs without improvement") != std::string::npos);
  const std::size_t at = outcome.out.find("the best epoch is ");
  REQUIRE(at != std::string::npos);
  const std::string best = std::to_string(std::atoi(outcome.out.c_str() + at + 18));
  const std::string steps = std::to_string(std::stoi(best) * 4);  // 30 samples in batches of 8
  CHECK(run<Points>({"info", "--model", folder / "out/model.insitu"}).out.find("at step " + steps + ": epoch " + best + " of 500") !=
        std::string::npos);
}

TEST_CASE("command line: checkpoints that are refused") {
  const TemporaryFolder folder;
  const std::string data = folder.write("train.csv", points(30, 1)), out = folder / "out", model = out + "/model.insitu";
  REQUIRE(run<Points>({"train", "--data", data, "--epochs", "1", "--out", out}).code == 0);
  const std::string record = file_text(model);
  const auto altered = [&](std::size_t at, char value) {
    std::string copy = record;
    copy[at] = value;
    return folder.write("altered", copy);
  };
  refused({"predict", "--data", data, "--model", folder / "absent"}, "cannot be opened: No such file or directory");
  refused({"predict", "--data", data, "--model", data}, "expected an insitu record, found something else");
  refused({"predict", "--data", data, "--model", altered(100, '~')},
          "expected an undamaged record, found one whose checksum or sizes do not fit");
  refused({"predict", "--data", data, "--model", altered(4, 2)}, "expected a record of this version or an older one, found a newer one");
  refused({"info", "--model", folder.write("part", record.substr(0, record.size() - 8))},
          "expected the whole record, found its end missing");
#ifndef ONE_NETWORK
  refused<Xor>({"info", "--model", model},
               "expected weights of this network (dense 2 3 sigmoid; dense 3 1 sigmoid), found those of another (dense 2 8 relu; dense 8 3 "
               "softmax)");
  refused<Xor>({"train", "--data", data, "--resume", model}, "found those of another");
#endif
  refused({"train", "--data", data, "--resume", model, "--seed", "8"}, "was begun with seed 1, and a run that goes on keeps its seed");
  refused({"train", "--data", folder.write("other.csv", points(30, 2)), "--resume", model, "--out", out},
          "was trained on other samples than");
  std::vector<unsigned char> plain(checkpoint_bytes<Points::Network>);
  REQUIRE(save<Points::Network>({}, plain.data(), static_cast<int>(plain.size())) == Status::Ok);
  const std::string device = folder.write("device", {plain.begin(), plain.end()});
  CHECK(run<Points>({"predict", "--data", data, "--model", device}).code == 0);
  refused({"train", "--data", data, "--resume", device}, "expected a checkpoint of a training run, found parameters alone");
  CHECK(file_text(model) == record);
}

TEST_CASE("command line: samples and options that are refused") {
  const TemporaryFolder folder;
  const std::string data = folder.write("train.csv", points(30, 1)), out = folder / "out";
  const auto train = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"train", "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  refused(train({"--data", folder / "absent.csv"}), "absent.csv cannot be opened: No such file or directory");
  std::filesystem::create_directory(folder / "empty");
  refused(train({"--data", folder / "empty"}), "is a folder without train_x.npy");
  refused(train({"--data", folder.write("a.csv", "1,2,0\n3,4,3\n")}),
          "a.csv, line 2: the label is 3, and the classes of this network are the whole numbers 0 to 2");
  refused(train({"--data", folder.write("a.csv", "1,2,0\n3,nan,1\n")}),
          "a.csv, line 2, column 2: nan stands where a finite number belongs");
  refused(train({"--data", folder.write("a.csv", "1,2\n3,4\n")}), "a.csv has no labels, and training needs them");
  refused(train({"--data", data, "--test", folder.write("t.csv", "1,2,pink\n")}),
          "t.csv, line 1: the class 'pink' does not occur in the training set");
  refused(train({"--data", data, "--class-weights", "1,2"}), "--class-weights has 2 weights, and the network has 3 classes");
  refused(train({"--data", data, "--class-weights", "1,2,heavy"}), "'heavy' stands where 'balanced' or a number above 0 belongs");
  refused(train({"--data", data, "--patience", "3"}), "give --validation or --test");
  refused(train({"--data", data, "--epochs", "1000000000"}), "takes more than 2147483647 steps");
  refused(train({"--data", data, "--rate", "1e30"}), "the loss became");
  refused({"train", "--data", data, "--out", data}, "cannot be made a folder");
#ifndef ONE_NETWORK
  refused<Xor>({"train", "--data", folder.write("x.csv", "0,0,0\n0,1,1\n"), "--class-weights", "balanced", "--out", out},
               "--class-weights needs a network that ends in softmax");
#endif
}

TEST_CASE("command line: a full disk") {
  const TemporaryFolder folder;
  const std::string data = folder.write("train.csv", points(30, 1)), out = folder / "out", model = out + "/model.insitu";
  REQUIRE(run<Points>({"train", "--data", data, "--epochs", "1", "--out", out}).code == 0);
  const std::string old = file_text(model);
  const Outcome full = run<Points>({"train", "--data", data, "--epochs", "2", "--out", out}, 0, 500);
  CHECK(full.code == 2);
  CHECK(full.err == "insitu: " + model + " cannot be written: File too large; the file that was there is as it was\n");
  CHECK(file_text(model) == old);
  if (std::filesystem::exists("/dev/full"))
    refused({"predict", "--data", data, "--model", model, "--out", "/dev/full"}, "/dev/full cannot be written: No space left on device");
}

#ifndef ONE_NETWORK
TEST_CASE("command line: exclusive or, with the trainer that its header declares") {
  const TemporaryFolder folder;
  const std::string data = folder.write("xor.csv", "0,0,0\n0,1,1\n1,0,1\n1,1,0\n");
  const Outcome trained = run<Xor>({"train", "--data", data, "--epochs", "5000", "--rate", "2", "--out", folder / "out"});
  CHECK(trained.out.starts_with("2-3-1, 13 parameters, mean squared error, sgd, rate 2, batch 4, 4 samples\n"));
  CHECK(trained.last_line() == "training accuracy: 100.0 %");
  const Outcome predicted = run<Xor>({"predict", "--data", data, "--model", folder / "out/model.insitu"});
  CHECK(predicted.out.starts_with("0 0."));
  CHECK(predicted.last_line() == "accuracy: 100.0 %");

  // the same run in double, from the checkpoint and the samples alone
  const std::vector<std::string> ask = {"doctor", "curve", "--run", folder / "out/model.insitu", "--data", data, "--loss", "mse"};
  const Outcome curve = run<Xor>(ask);
  CAPTURE(curve.out);
  CAPTURE(curve.err);
  CHECK(curve.code == 0);
  CHECK(
      curve.out.starts_with("2-3-1 sigmoid, sigmoid; mean_squared_error; 4 samples, all in each step; rate 2; 2000 steps run again\n"
                            "the run here follows the observed curve to within 1 % for 2000 of 5000 losses\n"));
  CHECK(run<Xor>({"doctor", "curve", "--run", folder / "out/model.insitu"}).out.find("prescribed: nothing") != std::string::npos);
  refused<Xor>({"doctor", "curve", "--run", folder / "out/model.insitu", "--data", folder.write("less.csv", "0,0,0\n0,1,1\n")},
               "model.insitu was trained on 4 samples, and");
}

TEST_CASE("doctor curve: a run of insitu in batches is run again in its own order; one by Adam is looked at only") {
  using Plain = Trainer<Network<Dense<2, 8, Relu>, Dense<8, 3, Softmax>>, CrossEntropy, Sgd, Batch<8>>;
  const TemporaryFolder folder;
  const std::string data = folder.write("points.csv", points(61, 1));
  const auto arguments = [&](const char* epochs) {
    return std::vector<std::string>{"train", "--data", data,   "--validation", "0.2",         "--epochs",
                                    epochs,  "--rate", "0.02", "--out",        folder / "out"};
  };
  CHECK(run<Plain>(arguments("40")).code == 0);
  const std::vector<std::string> ask = {"doctor", "curve", "--run", folder / "out/model.insitu", "--data", data};
  const Outcome plain = run<Plain>(ask);
  CAPTURE(plain.out);
  CHECK(plain.out.find("for 40 of 40 losses\n") != std::string::npos);
  CHECK(plain.out.find("; 49 samples, 8 a step; rate 0.02; 280 steps run again") != std::string::npos);
  CHECK(run<Points>(arguments("3")).code == 0);
  const Outcome adam = run<Points>(ask);
  CHECK(adam.out.find("note: the run was trained with adam") != std::string::npos);
  CHECK(adam.out.find("nothing was tried, so nothing is prescribed") != std::string::npos);
}

TEST_CASE("command line: digits reach 94 % after 20 epochs") {
  const char* named = std::getenv("INSITU_DATA");
  const std::string folder = named ? named : "../shared/data", train = folder + "/digits/optdigits.tra";
  if (!std::filesystem::exists(train)) {
    MESSAGE("skipped: there is no ", train, " (INSITU_DATA names the folder)");
    return;
  }
  const TemporaryFolder out;
  const Outcome outcome = run<Digits>({"train", "--data", train, "--test", folder + "/digits/optdigits.tes", "--rate", "0.05",
                                       "--normalise", "range", "--out", out.path()});
  CHECK(outcome.code == 0);
  CHECK(outcome.last_line().starts_with("test accuracy: "));
  CHECK(std::atof(outcome.last_line().c_str() + 15) >= 94);
}
#endif

}  // namespace insitu::desktop
