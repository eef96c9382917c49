// demo: the job that insitu was made for, from a fresh clone. Trains the answer's XOR and the question's [12288, 64, 1], and says what was wrong with it.
#include <CLI/CLI.hpp>
#include <filesystem>

#include "demo_curves.h"
#include "demo_story.h"
#include "model/version.h"
#include "progress.h"

namespace insitu::desktop::demo {
namespace {

struct Options {
  std::string data, out = "build/demo";
  int steps = 2000, seeds = 10;
  std::uint64_t seed = 3;
};

void show_xor(const Options& options, Findings& findings, Files& files) {
  heading("1. The answer's network: XOR by 2-3-1, sigmoid twice, 50,000 epochs of all four rows");
  say("The answer's loss is half the sum of (t - o)^2, its rate 0.1. Here a loss is a mean: over four rows it has half the gradient, so "
      "the rate is 0.2. Start values: "
      "seed 1 of the generator that the reference figures were made with.");
  Progress progress(50000, "epochs");
  const XorCourse course = train_xor([&](int epoch, double loss) {
    if (epoch % 500 == 0) progress.update(static_cast<std::size_t>(epoch), "XOR, loss " + fitting(loss, 0));
  });
  progress.clear();
  const Plot all{"XOR, mean of (t - o)^2", true, {{"loss", course.losses}}};
  std::printf("\n%s\n", text_plot(all, 96, 13).c_str());
  print_xor(course);
  const bool held = std::all_of(course.checkpoints.begin(), course.checkpoints.end(), [](const XorCheckpoint& c) { return c.holds(); });
  findings.push_back({text_of("XOR follows the reference at all 7 checkpoints, to a mean |error| of %.4f", course.last_error), held});
  Plot thinned = all;
  thin(thinned.curves[0], 50, 0);
  draw(options.out + "/xor", {&all, 1}, {&thinned, 1}, files);
}

std::vector<Course> train_question(const Options& options, const Dataset& pictures) {
  const Version versions[] = {{"as posted", true, false, 0.1f},
                              {"fixed", false, false, 0.1f},
                              {"fixed, rate 0.01", false, false, 0.01f},
                              {"fixed, standardised", false, true, 0.1f}};
  QuestionRun plain(pictures, options.seed), even(standardised(pictures), options.seed);
  std::vector<Course> courses;
  print_course_header();
  for (const Version& version : versions) {
    std::fflush(stdout);
    Progress progress(static_cast<std::size_t>(options.steps), "steps");
    courses.push_back(train(version.standardised ? even : plain, version, options.steps, false, [&](int k, const Moment& now) {
      progress.update(static_cast<std::size_t>(k),
                      version.name + ", loss " + fitting(now.loss, 0) + ", " + std::to_string(now.alive()) + " units alive");
    }));
    progress.clear();
    print_course(courses.back(), label_entropy(pictures));
  }
  return courses;
}

/// The posted run, for comparison with other seeds.
Course show_question(const Options& options, const Dataset& pictures, Findings& findings, Files& files) {
  const bool drawn = options.data.empty();
  heading("2. The question's network: [12288, 64, 1], ReLU and sigmoid, on ten pictures");
  std::printf(
      "%s of 64 x 64 pixels in three colours, %s:\n\n%s\n", drawn ? "Discs (label 1) and squares (label 0)" : "The first ten pictures",
      drawn ? text_of("drawn from seed %llu", static_cast<unsigned long long>(options.seed)).c_str() : ("from " + options.data).c_str(),
      thumbnails(pictures).c_str());
  say("W ~ 0.01 randn, b = 0, binary cross-entropy, rate 0.1 where no other is named, %d steps. As posted, dW1 = dZ1 X^T lacks the 1/m: "
      "the demo asks trainer.gradient, "
      "multiplies dW1 by m, and hands it to trainer.apply. ln 2 is 0.6931, the entropy of the labels %.4f.",
      options.steps, label_entropy(pictures));
  std::printf("\n");
  const std::vector<Course> courses = train_question(options, pictures);
  plot_question(courses, options.out + "/question", files);
  std::printf("\nPredictions at the end, picture by picture:\n\n");
  print_predictions(pictures, courses);
  std::printf("\n");
  for (const Course& course : courses) tell_end(course, pictures);
  if (std::any_of(courses.begin(), courses.end(), [](const Course& course) { return course.all_dead >= 0; }))
    tell_plateau(pictures, courses[0].moments[0].loss);
  const Course &posted = courses[0], &cured = courses[3];
  if (posted.all_dead >= 0) {
    std::printf("\nHow the units of the posted run died, step by step:\n\n");
    print_trace(posted);
    std::printf("\n");
    tell_death(posted, pictures);
  }
  findings.push_back({posted.not_finite >= 0 ? text_of("as posted, the loss is not finite at step %d", posted.not_finite)
                                             : text_of("as posted, all %d units die (step %s), loss %.4f", Units,
                                                       step_text(posted.all_dead).c_str(), posted.last()),
                      posted.failed(), drawn});
  findings.push_back(
      {text_of("fixed and standardised, the loss is below 0.01 (step %s) and ends at %.0e", step_text(cured.learned).c_str(), cured.last()),
       cured.learned >= 0 && cured.last() < Learned, drawn});
  return posted;
}

void show_gradient(const Options& options, const Dataset& pictures, Findings& findings) {
  heading("3. Which gradient is wrong: the posted one against central differences in double");
  QuestionRun run(pictures, options.seed);
  run.begin({"as posted", true});
  const GradientTable ten = check_gradient(run, Pictures, 16, options.seed), five = check_gradient(run, Pictures / 2, 16, options.seed);
  std::printf("All ten pictures, before the first step; entries drawn at random:\n\n");
  print_gradient(ten, Pictures);
  std::printf("\nThe first five of them:\n\n");
  print_gradient(five, Pictures / 2);
  std::printf("\n");
  tell_gradient(ten, five);
  findings.push_back({text_of("the gradient check names W1, and no other: ratio %.3f", ten[0].ratio),
                      lacks_mean(ten, Pictures) && lacks_mean(five, Pictures / 2)});
}

void show_survey(const Options& options, const Dataset& pictures, const Course& shown) {
  if (options.seeds == 0) return;
  heading("4. What cures it: the same run with one thing changed");
  const bool drawn = options.data.empty();
  say("%s from seeds 1 to %d; up to %d steps, but a run ends where all units are dead or the loss is below 0.01:",
      drawn ? "Weights and pictures" : "Weights", options.seeds, options.steps);
  std::printf("\n");
  std::fflush(stdout);
  const auto runs = static_cast<std::size_t>(options.seeds) * versions_to_try().size();
  Progress progress(runs, "runs");
  const auto outcomes = survey(drawn ? nullptr : &pictures, options.seeds, options.steps,
                               [&](int done) { progress.update(static_cast<std::size_t>(done), "one thing changed"); });
  progress.clear();
  print_survey(outcomes);
  std::printf("\n");
  tell_survey(outcomes, shown);
}

void show_memory() {
  heading("5. What it takes");
  print_memory();
  std::printf("\n");
  say("The trainer holds one activation for each unit and sample and one layer's scaled deltas, but no gradient: the weights are updated "
      "where it arises. The posted run "
      "asks for its gradient as a value, which is %s bytes more.",
      grouped(sizeof(Parameters<Question>)).c_str());
}

/// False where only help was asked for.
bool read_options(int argc, char** argv, Options& options) {
  CLI::App app("insitu " INSITU_VERSION " demo: two networks are trained on the spot, and what is wrong with the second is found", "demo");
  app.add_option(
      "data,--data", options.data,
      "the first ten pictures of 64 x 64 x 3 of a folder with train_x.npy and train_y.npy, or of file.npz (default: drawn here)");
  app.add_option("--out", options.out, "folder for the curves")->capture_default_str();
  app.add_option("--steps", options.steps, "of each run of the question's network")->check(CLI::Range(100, 1000000))->capture_default_str();
  app.add_option("--seed", options.seed, "of the weights, and of the pictures drawn here")->capture_default_str();
  app.add_option("--seeds", options.seeds, "how many are tried with one thing changed; 0: none")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    app.exit(asked);
    return false;
  } catch (const CLI::ParseError& problem) {
    throw Error(problem.what(), " (demo --help lists what there is)");
  }
  return true;
}

int run(int argc, char** argv) {
  Options options;
  if (!read_options(argc, argv, options)) return 0;
  const Dataset pictures = options.data.empty() ? draw_pictures(options.seed) : read_pictures(options.data);
  std::error_code failed;
  std::filesystem::create_directories(options.out, failed);
  if (failed) throw Error("the folder ", options.out, " cannot be made: ", failed.message());
  const auto start = std::chrono::steady_clock::now();
  Findings findings;
  Files files;
  std::printf("insitu %s: neural networks that are trained where they run\n", INSITU_VERSION);
  show_xor(options, findings, files);
  const Course posted = show_question(options, pictures, findings, files);
  show_gradient(options, pictures, findings);
  show_survey(options, pictures, posted);
  show_memory();
  heading("Summary");
  print_summary(findings, files, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return all_hold(findings) ? 0 : 1;
}

}  // namespace
}  // namespace insitu::desktop::demo

int main(int argc, char** argv) {
  try {
    return insitu::desktop::demo::run(argc, argv);
  } catch (const std::exception& problem) {
    std::fflush(stdout);
    std::fprintf(stderr, "insitu: %s\n", problem.what());
    return 2;
  }
}
