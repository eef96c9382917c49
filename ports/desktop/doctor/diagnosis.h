/// Diagnosis: what is wrong with a gradient, as data; report.h says it in words.
#pragma once

#include <string>

#include "compare.h"
#include "library.h"

namespace insitu::desktop::doctor {

/// What a factor c between a gradient and the right one comes from.
struct Reading {
  const char* id;     ///< "missing_mean", "divided_twice", "sign", "constant", ...
  double factor = 1;  ///< what of c is no power of m
  int power = 0;      ///< c = factor m^power
};

/// One mistake: a fault of the library, or tensors that are scaled, zero or transposed.
struct Cause {
  enum class Type { Fault, Scaled, Zero, Transposed } type;
  Fault fault = {};                    ///< of the library
  std::vector<std::size_t> tensors;    ///< of the others: which, from the output down as in compare.h
  std::vector<double> scale = {};      ///< c, for each batch
  std::vector<Reading> readings = {};  ///< of c: several where the batches cannot tell them apart
};

/// Causes that together give exactly the user's gradient.
struct Explanation {
  std::vector<Cause> causes;
  double distance = 0;
};

struct Diagnosis {
  enum class Verdict { Right, Named, Unknown } verdict = Verdict::Unknown;
  std::vector<Comparison> tensors;         ///< against the right gradient, from the output down
  std::size_t first_wrong = 0;             ///< the layer nearest to the output that has a wrong tensor; 0: none
  std::vector<Explanation> explanations;   ///< several give the same gradients: one of them is the mistake
  double noise = 0;                        ///< distance of the gradients from what they are explained by
  double next = 1;                         ///< distance of the nearest cause that does not explain them
  std::vector<std::size_t> untested = {};  ///< tensors whose right gradient is zero here: nothing can be said of them
};

/// The readings of a factor c; empty where the batches contradict each other.
std::vector<Reading> readings(std::span<const double> scale, std::span<const std::size_t> samples, std::size_t outputs, double tolerance);

/// A network and its batches, examined once; the gradients of any number of users are compared with it.
class Examination {
 public:
  Examination(const Architecture& network, const Layers& parameters, const std::vector<Batch>& batches);
  Examination(const Examination&) = delete;
  Examination& operator=(const Examination&) = delete;

  /// `user`: a gradient for each batch, of the shapes of the parameters; a W may be of the transposed shape.
  Diagnosis diagnose(const std::vector<Layers>& user) const;
  const std::vector<Layers>& right() const { return right_; }

 private:
  struct Hypothesis {
    Fault fault;
    std::vector<Layers> prediction;  // kept where it is small
  };
  Architecture network_;
  Layers parameters_;
  std::vector<Batch> batches_;
  std::vector<Question> questions_;
  std::vector<Layers> right_;
  std::vector<double> size_;
  std::vector<std::size_t> samples_;
  std::vector<Hypothesis> hypotheses_;
  bool keep_;

  std::vector<Layers> predict(const Fault& fault) const;
  bool changes_nothing(const std::vector<Layers>& prediction) const;
  std::vector<Hypothesis> fitted(const std::vector<Layers>& user) const;
  bool explain(const std::vector<Layers>& user, const std::vector<Layers>& prediction, const Fault* fault, Precision precision,
               Explanation& explanation) const;
  std::vector<Explanation> explanations(const std::vector<Layers>& user, Precision precision, double& next) const;
};

}  // namespace insitu::desktop::doctor
