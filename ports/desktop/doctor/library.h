/// The library of faults: every mistake in a backward pass that the doctor knows by name, each with the change of a factor that simulates it.
#pragma once

#include <span>
#include <string>

#include "factors.h"
#include "words.h"

namespace insitu::desktop::doctor {

struct Kind;

/// One mistake in one place. What a kind does not need is 0.
struct Fault {
  const Kind* kind = nullptr;
  std::size_t layer = 0;  ///< 0: everywhere
  std::size_t other = 0;  ///< the other of two layers
  double value = 0;       ///< a shift, a rate, a bound
  Activation activation = Activation::Identity;
};

/// The cause in a sentence, and the formula as it is and as it should be.
struct Wording {
  std::string cause, is, should;
};

/// What the value of a fault is fitted to: the right gradients and the user's, a batch each.
struct Evidence {
  std::span<const Question> questions;
  std::span<const Layers> right, user;
};

struct Kind {
  const char* id;
  std::vector<Fault> (*places)(const Architecture& network);  ///< all faults of this kind in a network, without the kind
  Factors (*change)(const Fault& fault);
  Wording (*words)(const Fault& fault, const Formulas& formulas);
  double (*fit)(const Evidence& evidence) = nullptr;  ///< where the value must be found; NaN where there is none
};

std::span<const Kind> library();
// its parts: faults of the delta dZ, by the loss and by the activation; of the products dW, db and dA; of what is done to the gradient afterwards
std::vector<Kind> faults_of_targets();
std::vector<Kind> faults_of_slope();
std::vector<Kind> faults_of_product();
std::vector<Kind> faults_of_finish();

/// All faults of all kinds in this network; those with a value that must be fitted have NaN there.
std::vector<Fault> faults(const Architecture& network);

}  // namespace insitu::desktop::doctor
