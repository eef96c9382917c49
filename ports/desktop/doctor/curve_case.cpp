#include "curve_case.h"

#include <algorithm>
#include <cmath>

#include "../dataset.h"
#include "../error.h"
#include "../exchange/mlp.h"
#include "../record_file.h"
#include "command_parts.h"
#include "probe_file.h"
#include "report.h"
#include "turned_inputs.h"

namespace insitu::desktop::doctor {
namespace {

constexpr std::size_t MostSteps = 2000;  // where the user does not say how many
constexpr double Work = 1e9;             // multiply-adds of one run, likewise
constexpr double MostParameters = 5e7;   // a run holds several copies of them, in double

Task task_of(const Architecture& network) {
  if (network.loss == LossKind::CrossEntropy) return Task::Classes;
  return network.loss == LossKind::BinaryCrossEntropy ? Task::Binary : Task::Values;
}

LossKind usual_loss(Activation output) {
  if (output == Activation::Softmax) return LossKind::CrossEntropy;
  return output == Activation::Sigmoid ? LossKind::BinaryCrossEntropy : LossKind::SquaredError;
}

/// The network of a checkpoint's run. Which loss it was trained with the record does not say.
Architecture architecture_of(const Run& run, const CurveOptions& options, std::vector<std::string>& notes) {
  const Mlp mlp = parse_network(run.network);
  Architecture network{{static_cast<std::size_t>(mlp.inputs())}, {Activation::Identity}};
  for (const DenseLayer& layer : mlp.layers) {
    network.dims.push_back(static_cast<std::size_t>(layer.outputs));
    const float slope = leaky_slope(layer.activation);
    network.activations.push_back(slope != 0 ? Activation::LeakyRelu : find_activation(layer.activation));
    if (slope != 0) network.leaky_slope = static_cast<double>(slope);
  }
  network.loss = options.loss.empty() ? usual_loss(network.activations.back()) : find_loss(options.loss);
  network.mean = options.mean.empty() ? usual_mean(network.loss) : find_mean(options.mean);
  if (options.loss.empty())
    notes.push_back(std::string("the checkpoint does not say its loss: ") + name(network.loss) +
                    " is taken, by its output; --loss names another");
  check(network);
  return network;
}

Tensor tensor_of(const std::vector<float>& values, std::size_t rows) {
  Tensor result(rows, values.size() / rows);
  std::copy(values.begin(), values.end(), result.values.begin());
  return result;
}

Batch read_batch(const CurveOptions& options, const Architecture& network, const Run* run) {
  const Shape shape{network.dims[0], network.outputs(), task_of(network)};
  const Source source = read_samples(options.data, {shape, options.label, run ? run->classes : std::vector<std::string>()});
  Dataset set = make_dataset(source.train, shape);
  if (!set.labelled())
    throw Error(set.name, " has no labels, and a training needs them: a label column, a pair inputs,labels, or a folder with both");
  if (run) {
    if (run->validation > 0) set = split(set, run->validation, run->seed).first;
    if (set.rows != run->rows) throw Error(options.run, " was trained on ", run->rows, " samples, and ", options.data, " has ", set.rows);
    RecordFile(options.run).normalisation(static_cast<int>(network.dims[0])).apply(set);
  }
  return {tensor_of(set.inputs, set.rows), tensor_of(set.targets, set.rows)};
}

/// What of a run of insitu is not done again here.
void note_settings(const Run& run, CurveCase& result) {
  std::vector<std::string>& notes = result.notes;
  if (run.optimizer != "sgd") {
    result.again = false;
    notes.push_back("the run was trained with " + run.optimizer +
                    ", and what is run again here is plain gradient descent: no change was tried");
  }
  if (run.schedule != "constant" || run.warmup > 0) notes.push_back("the run's schedule of the learning rate is left out");
  if (run.clip > 0) notes.push_back("the run's clipping is left out");
  if (!run.class_weights.empty()) notes.push_back("the run's class weights are left out");
}

void take_mistake(const ProbeFile& file, CurveCase& result) {
  const Formulas formulas(file.probe.network, file.convention);
  if (!file.slip.empty()) {
    result.unknown_mistake = true;
    result.mistakes.push_back({"the labels have one dimension: A - Y is m x m (" + file.slip + ")", formulas.output(), formulas.output()});
    return;
  }
  const Diagnosis diagnosis = Examination(file.probe.network, file.probe.parameters, file.probe.batches).diagnose(file.gradients);
  if (diagnosis.verdict == Diagnosis::Verdict::Right) return;
  result.unknown_mistake = diagnosis.verdict == Diagnosis::Verdict::Unknown;
  if (result.unknown_mistake) return;
  for (const Cause& cause : diagnosis.explanations[0].causes) result.mistakes.push_back(words(cause, formulas));
  try {
    result.run->posted = FaultyGradient(diagnosis.explanations[0], file.probe.network);
  } catch (const Error& problem) {
    result.unknown_mistake = true;
    result.notes.push_back(problem.what());
  }
}

/// So many that a run takes about a second, at most as many as were observed.
std::size_t usual_steps(const TrainingRun& run, const Losses& observed) {
  std::size_t steps = MostSteps;
  if (!observed.empty()) {
    const double span =
        (observed.steps.back() - observed.steps.front() + 1) * (observed.epochs ? static_cast<double>(run.steps_per_epoch()) : 1);
    if (span < static_cast<double>(steps)) steps = std::max<std::size_t>(20, static_cast<std::size_t>(span));
  }
  const bool turned = run.posted.only_scales() && 2 * run.samples.samples() <= run.network.dims[0];
  double work = 0;
  for (std::size_t l = 1; l <= run.network.layers(); ++l)
    work += 3.0 * static_cast<double>((l == 1 && turned ? run.samples.samples() : run.network.dims[l - 1]) * run.network.dims[l]);
  return std::min(steps, std::max<std::size_t>(100, static_cast<std::size_t>(Work / (work * static_cast<double>(run.batch)))));
}

}  // namespace

CurveCase read_case(const CurveOptions& options) {
  if (options.rate && !(*options.rate > 0 && std::isfinite(*options.rate)))
    throw Error("--rate is ", *options.rate, ", and a learning rate is above zero");
  if (options.goal && !(*options.goal > 0 && std::isfinite(*options.goal)))
    throw Error("--goal is ", *options.goal, ", and a loss to reach is above zero");
  const int networks = !options.probe.empty() + !options.run.empty() + !options.dims.empty();
  if (networks > 1) throw Error("--probe, --run and --dims each say the network: give one of them");
  if (networks == 0 && !options.data.empty())
    throw Error("--data needs a network: give --probe, --run, or --dims, --activations and --loss");
  CurveCase result;
  if (!options.losses.empty()) result.observed = read_losses(read_bytes(options.losses), options.losses);
  if (networks == 0) {
    if (result.observed.empty())
      throw Error("there is nothing to look at: give --losses, --run, or a network and samples by --probe or --dims and --data");
    return result;
  }
  TrainingRun run;
  std::optional<Run> record;
  std::optional<ProbeFile> probe;
  result.again = true;
  if (!options.run.empty()) {
    record = RecordFile(options.run).run();
    if (!record) throw Error(options.run, ": expected a checkpoint of a training run, found parameters alone");
    run.network = architecture_of(*record, options, result.notes);
    note_settings(*record, result);
    for (const Curve& curve : record->curves) {
      if (curve.name != "training loss" || !result.observed.empty() || curve.values.size() < 2) continue;
      result.observed = {options.run, {}, curve.values, true};
      for (std::size_t k = 0; k < curve.values.size(); ++k) result.observed.steps.push_back(static_cast<double>(k + 1));
    }
    if (options.data.empty() && result.observed.empty())
      throw Error(options.run, " holds no curve of two epochs, and --data with its samples is missing");
    if (options.data.empty()) return result;
  } else if (!options.probe.empty()) {
    probe = read_probe(read_bytes(options.probe), options.probe, Gradients::WhereThere);
    run.network = probe->probe.network;
  } else {
    run.network = architecture(options.dims, options.activations, options.loss, options.mean);
    if (options.data.empty()) throw Error("--data is missing: the samples that the network was trained on");
  }
  double parameters = 0;
  for (std::size_t l = 1; l <= run.network.layers(); ++l)
    parameters += static_cast<double>(run.network.dims[l - 1] + 1) * static_cast<double>(run.network.dims[l]);
  if (parameters > MostParameters)
    throw Error("the network has ", parameters, " parameters, and ", MostParameters, " are the most that are run again");
  run.samples = options.data.empty() ? probe->probe.batches[0] : read_batch(options, run.network, record ? &*record : nullptr);
  run.seed = record ? record->seed : options.seed;
  run.start = !options.start.empty()
                  ? read_parameters(read_bytes(options.start), options.start, run.network, probe ? probe->convention.layout : Layout::InOut)
              : probe && options.init.empty() ? probe->probe.parameters
                                              : initial_parameters(run.network, options.init, run.seed);
  if (!options.rate && !record) throw Error("--rate is missing: the learning rate of the run");
  run.rate = options.rate ? *options.rate : static_cast<double>(record->rate);
  run.batch = std::min<std::size_t>(options.batch.value_or(record ? record->batch : run.samples.samples()), run.samples.samples());
  if (run.batch == 0) throw Error("--batch is 0, and a step takes at least one sample");
  result.run = std::move(run);
  if (probe && (!probe->gradients.empty() || !probe->slip.empty())) take_mistake(*probe, result);
  if (options.steps && (*options.steps < 10 || *options.steps > 1000000))
    throw Error("--steps is ", *options.steps, ", and 10 to 1000000 can be run again");
  result.run->steps = options.steps ? *options.steps : usual_steps(*result.run, result.observed);
  return result;
}

}  // namespace insitu::desktop::doctor
