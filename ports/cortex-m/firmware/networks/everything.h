/// Whatever insitu has that the others have not: tanh, leaky ReLU, Huber's loss, Adam, clipping, batches. For the proofs of what is not linked.
#pragma once

#include <insitu/insitu.h>

using Model =
    insitu::Network<insitu::Dense<5, 9, insitu::Tanh>, insitu::Dense<9, 17, insitu::LeakyRelu>, insitu::BiasOnly<insitu::Dense<17, 4>>>;
using Training = insitu::Trainer<Model, insitu::Huber, insitu::ClipNorm<insitu::AdamW>, insitu::Batch<3>>;
