#include <cmath>
#include <nlohmann/json.hpp>

#include "curve_report.h"

namespace insitu::desktop::doctor {
namespace {

using Json = nlohmann::ordered_json;

Json step(std::size_t k) { return k == Never ? Json(nullptr) : Json(k); }
Json finite(double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); }
Json finite(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double v : values) list.push_back(finite(v));
  return list;
}

Json of(const Trial& trial, const CurveExamination& examination) {
  constexpr const char* Endings[] = {"learns", "not_finite", "dead", "slow", "stuck"};
  Json json;
  json["change"] = title(trial, examination);
  json["outcome"] = outcome(trial);
  json["ending"] = Endings[static_cast<int>(trial.ending)];
  json["learned_at_step"] = step(trial.learned);
  json["not_finite_at_step"] = step(trial.course.not_finite);
  json["dead_at_step"] = step(trial.course.all_dead);
  json["rollbacks"] = trial.course.rollbacks;
  json["rate"] = finite(trial.course.rate);
  json["peak"] = finite(trial.course.losses[trial.course.peak()]);
  json["end"] = finite(trial.end);
  json["losses"] = finite(trial.course.losses);
  return json;
}

Json of(const LayerState& state) {
  return {{"units", state.units},
          {"dead", finite(state.dead)},
          {"saturated", finite(state.saturated)},
          {"gradient_norm", finite(state.gradient)},
          {"weight_norm", finite(state.weights)},
          {"update", finite(state.update)}};
}

Json of(const std::vector<LayerState>& states) {
  Json list = Json::array();
  for (std::size_t l = 1; l < states.size(); ++l) list.push_back(of(states[l]));
  return list;
}

}  // namespace

std::string report_json(const CurveExamination& examination) {
  Json json;
  json["subject"] = subject(examination);
  json["notes"] = examination.given.notes;
  json["findings"] = Json::array();
  for (const Finding& f : examination.findings)
    json["findings"].push_back(
        {{"id", f.id}, {"alarm", f.alarm}, {"figure", finite(f.figure)}, {"seen", f.seen}, {"means", f.means}, {"do", f.todo}});
  if (!examination.given.observed.empty()) {
    json["observed"] = {{"name", examination.given.observed.name},
                        {"steps", examination.given.observed.steps},
                        {"losses", finite(examination.given.observed.values)}};
    json["followed_for"] = step(examination.follows);
  }
  if (!examination.start.empty()) {
    json["layers_at_start"] = of(examination.start);
    if (!examination.end.empty()) json["layers_at_end"] = of(examination.end);
    json["rate_times_eigenvalue_over_2"] = finite(examination.stability);
  }
  if (examination.trials) {
    json["constant_loss"] = examination.trials->constant;
    json["goal"] = examination.trials->goal;
    json["trials"] = Json::array({of(examination.trials->as_it_is, examination)});
    for (const Trial& trial : examination.trials->changes) json["trials"].push_back(of(trial, examination));
  }
  const std::string chosen = prescribed(examination);
  json["prescription"] = chosen.empty() ? Json(nullptr) : Json(chosen);
  json["advice"] = advice(examination);
  // names of files may be in any encoding
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace insitu::desktop::doctor
