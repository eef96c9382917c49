/// insitu: neural networks trained where they run. This header is all of it but gradient_check.h, which is for tests and needs the standard library.
#pragma once

#include "budget.h"
#include "checkpoint.h"
#include "flight_recorder.h"
#include "initialize.h"
#include "online_trainer.h"
#include "reservoir.h"
#include "safe_trainer.h"
#include "schedule.h"
#include "sliced_trainer.h"
#include "store.h"
#include "version.h"
