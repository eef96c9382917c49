/// insitu: neural networks trained where they run. This header is all of it but gradient_check.h, which is for tests and needs the standard library.
#pragma once

#include "budget.h"
#include "checkpoint.h"
#include "initialize.h"
#include "online_trainer.h"
#include "schedule.h"
#include "version.h"
