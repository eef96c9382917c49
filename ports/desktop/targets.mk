# What is done at the desktop for every port: the demo, training, data sets, benchmarks.
.PHONY: saved demo train predict info doctor-check doctor-probe doctor-curve doctor-replay import export embed fleet-merge data bench tune growth peers
native_flags := -O3 $(this_machine) -DNDEBUG $(generated)

NETWORK ?=
BATCH ?=
OPTIMIZER ?=
cli_flags := $(if $(NETWORK),'-DINSITU_NETWORK="$(abspath $(NETWORK))"') $(if $(BATCH),-DINSITU_BATCH=$(BATCH)) $(if $(OPTIMIZER),-DINSITU_OPTIMIZER=$(OPTIMIZER))
# one folder for each network and its choices, so that each is compiled once; the sources that do not know the network are compiled for all
cli := build/desktop/cli-$(firstword $(shell printf '%s' "$(subst ",,$(cli_flags))" | cksum))
# $(1): VARIABLES of make's command line, as the program's options
options = $(foreach o,$(1),$(if $($(o)),--$(shell echo $(o) | tr A-Z_ a-z-) $($(o))))

ifeq ($(filter cortex-m%,$(PORT)),)# there it is another: ports/cortex-m/firmware.mk
demo: ## the main job, from a fresh clone: trains, shows progress, plots, diagnosis, predictions, memory [DATA= STEPS= SEED= SEEDS= OUT=]
	@ports/packages.sh $(cli_packages) gnuplot-nox
	+@$(MAKE) -s PORT=desktop build/desktop/demo
	+@build/desktop/demo $(call options,DATA STEPS SEED SEEDS OUT)
endif

train: ## trains NETWORK= (a header) on DATA= [TEST VALIDATION LABEL EPOCHS BATCH OPTIMIZER RATE SCHEDULE WARMUP SEED NORMALISE CLASS_WEIGHTS PATIENCE CLIP RESUME OUT]
predict: ## predicts with a trained NETWORK= [MODEL= DATA= LABEL= OUT=]
info: ## says what NETWORK= is: shapes, parameters, memory, and what a checkpoint holds [MODEL=]
doctor-check: ## says which of your gradients are wrong, and how [PROBE= JSON=1]
doctor-probe: ## writes a network and two batches for doctor-check, and numpy code that fills in your gradients [DIMS= ACTIVATIONS= LOSS= LAYOUT= MEAN SAMPLES SEED OUT]
doctor-curve: ## says why a loss does what it does, and what was tried that cures it [LOSSES= PROBE= RUN= DIMS= ACTIVATIONS= LOSS= MEAN DATA LABEL START INIT SEED RATE BATCH_SIZE STEPS GOAL SVG JSON=1]
doctor-replay: ## flies the record of a device's FlightRecorder again with its NETWORK= and compares the bits [FLIGHT= FACTORY=]
train predict info doctor-check doctor-probe doctor-curve doctor-replay:
	@ports/packages.sh $(cli_packages) $(if $(filter train,$@),gnuplot-nox)
	+@$(MAKE) -s PORT=desktop $(cli)/insitu
	+@$(cli)/insitu $(subst -, ,$@) $(call options,DATA TEST VALIDATION LABEL EPOCHS RATE SCHEDULE WARMUP SEED NORMALISE CLASS_WEIGHTS PATIENCE CLIP RESUME MODEL OUT FLIGHT FACTORY PROBE DIMS ACTIVATIONS LOSS LAYOUT MEAN SAMPLES LOSSES RUN START INIT STEPS GOAL SVG) $(if $(BATCH_SIZE),--batch $(BATCH_SIZE)) $(if $(JSON),--json) $(if $(filter doctor-check doctor-curve,$@),|| [ $$? = 1 ])

export: ## writes the weights of a trained NETWORK= for another library, as OUT= ends: .safetensors, .npz, .onnx [MODEL FACTORY LAYERS]
export:
	@ports/packages.sh $(cli_packages)
	+@$(MAKE) -s PORT=desktop $(cli)/insitu
	+@$(cli)/insitu $@ $(call options,MODEL FACTORY LAYERS OUT)

# what learns the network from the file
import: ## makes a network header and a checkpoint of FILE=, model.onnx, .safetensors or .npz [OUT=folder NAME= ACTIVATIONS= LAYERS=]
import:
	@ports/packages.sh $(cli_packages)
	+@$(MAKE) -s PORT=desktop build/desktop/insitu
	+@build/desktop/insitu $@ $(call options,FILE OUT ACTIVATIONS LAYERS) $(given_name)

embed: ## a checkpoint MODEL= in flash for PORT=: build/<port>/<name>_checkpoint.o and .h, or OUT=name.h or .c [NAME=]
given_name = $(if $(filter command,$(origin NAME)),--name $(NAME))
embedded := build/$(PORT)/$(or $(if $(filter command,$(origin NAME)),$(NAME)),$(notdir $(basename $(MODEL))))_checkpoint
embed:
	@ports/packages.sh $(cli_packages) $(library_packages)
	+@$(MAKE) -s PORT=desktop build/desktop/insitu
	@mkdir -p build/$(PORT)
	@build/desktop/insitu $@ $(call options,MODEL) --out $(or $(OUT),$(embedded).c) $(given_name)
	@$(if $(OUT),,$(library_compiler) $(library_flags) -x c++ -c $(embedded).c -o $(embedded).o && echo $(embedded).o)

fleet-merge: ## averages what devices have learnt, FILES="a=120 b=80" or LIST=file, weighted by samples; LIKE= is a checkpoint of the network [BATCH=] OUT=
fleet-merge:
	@ports/packages.sh $(cli_packages)
	+@$(MAKE) -s PORT=desktop build/desktop/insitu
	+@build/desktop/insitu fleet merge $(FILES) $(call options,LIST LIKE BATCH OUT)

# what is made of onnx.proto, before those that include it are compiled
onnx_folders := build/desktop/native build/desktop/command-line build/desktop/command-line-sanitize build/fuzz
onnx_objects := $(foreach folder,$(onnx_folders),$(patsubst %.cpp,$(folder)/%.o,$(wildcard ports/desktop/exchange/onnx*.cpp tests/ports/desktop/exchange/*.cpp)))
$(onnx_objects): build/desktop/generated/onnx.pb.h
build/desktop/generated/onnx.pb.h: ports/desktop/exchange/onnx.proto
	@mkdir -p $(@D)
	protoc --proto_path=$(<D) --cpp_out=$(@D) $<

cli_objects := $(patsubst %.cpp,build/desktop/native/%.o,$(cli_sources))
$(cli)/insitu: $(cli)/ports/desktop/main.o $(cli_objects)
	$(GXX) $^ $(cli_libraries) -o $@
build/desktop/insitu: build/desktop/native/ports/desktop/exchange/main.o $(cli_objects)
	$(GXX) $^ $(cli_libraries) -o $@
build/desktop/demo: build/desktop/native/ports/desktop/demo.o $(cli_objects)
	$(GXX) $^ $(cli_libraries) -o $@
$(cli)/%.o: %.cpp $(port_files) $(NETWORK) | build/include/insitu/insitu.h
	@mkdir -p $(@D)
	$(GXX) $(common) $(native_flags) $(cli_flags) -MMD -MP -c $< -o $@
build/desktop/native/%.o: %.cpp $(port_files) | build/include/insitu/insitu.h
	@mkdir -p $(@D)
	$(GXX) $(common) $(native_flags) $(native_extra) -MMD -MP -c $< -o $@

data: ## brings digits, iris, wine and breast cancer into build/data/
	@ports/desktop/data.sh

saved: ## the question's network, its bug and raw pixels, 12288-64-1, 50 seeds under SafeTrainer: how many learn (two minutes)
	@ports/packages.sh g++ libxsimd-dev doctest-dev
	+@$(MAKE) -s PORT=desktop shared build/desktop/field/suite
	@build/desktop/field/suite --no-skip --test-case='*12288*'

bench: ## Google Benchmark on this machine, then make growth; on the Linux ports cross-compiled; on Cortex-M instructions, counted [FILTER=regex or words: no growth, OUT=file.json]
# the sweep of sizes is a program of its own: it compiles every kernel many times
bench_program := $(if $(findstring sweep,$(FILTER)),sweep,benchmarks)
bench_sources := $(if $(findstring sweep,$(FILTER)),bench/sweep.cpp,$(wildcard bench/kernels/*.cpp bench/model/*.cpp))
ifeq ($(PORT),desktop)
bench:
	@ports/packages.sh g++ libxsimd-dev libbenchmark-dev
	+@$(MAKE) -s build/desktop/$(bench_program)
	+@build/desktop/$(bench_program) $(if $(FILTER),'--benchmark_filter=$(FILTER)') $(if $(OUT),'--benchmark_out=$(OUT)' --benchmark_out_format=json)
	+@$(if $(FILTER),,$(MAKE) growth)
build/desktop/$(bench_program): $(bench_sources:%.cpp=build/desktop/native/%.o)
	$(GXX) $^ -lbenchmark_main -lbenchmark -lpthread -o $@
else ifneq ($(bench_packages),)
# under an emulator a smoke test; the same program runs on a board that has the library
bench: build/include/insitu/insitu.h
	@ports/packages.sh $(packages) $(bench_packages)
	+@$(MAKE) -s PORT=$(PORT) build/$(PORT)/$(bench_program)
	+@$(run) build/$(PORT)/$(bench_program) $(if $(FILTER),'--benchmark_filter=$(FILTER)') $(if $(OUT),'--benchmark_out=$(OUT)' --benchmark_out_format=json) \
	  $(if $(run),--benchmark_min_time=0.0001)
	@echo 'build/$(PORT)/$(bench_program) runs on a board with libbenchmark1debian, or where it is built; times under an emulator mean nothing' >&2
bench_variant := $(firstword $(variants))
build/$(PORT)/$(bench_program): $(bench_sources:%.cpp=build/$(PORT)/bench/%.o)
	$($(bench_variant).cxx) $^ -lbenchmark_main -lbenchmark -lpthread -o $@
build/$(PORT)/bench/%.o: %.cpp $(port_files) $(link_needs) build/cross/include/benchmark
	@mkdir -p $(@D)
	$($(bench_variant).cxx) $(common) $($(bench_variant).flags) -O2 -DNDEBUG -MMD -MP -c $< -o $@
else
bench: build/include/insitu/insitu.h
	@ports/packages.sh $(packages) g++
	+@$(MAKE) -s PORT=$(PORT) build/$(PORT)/$(bench_program)
	+@ports/cortex-m/counted/table.sh $(if $(OUT),-o '$(OUT)') $(run) build/$(PORT)/$(bench_program) $(FILTER)
counted_variant := $(firstword $(variants))
build/$(PORT)/$(bench_program): $(bench_sources:%.cpp=build/$(PORT)/counted/%.o) build/$(PORT)/counted/ports/cortex-m/counted/main.o \
  $(bits_sources:%.cpp=build/$(PORT)/main/%.o) $(link_needs)
	$($(counted_variant).cxx) $(common) -O2 $(filter %.o,$^) $(link_flags) -o $@
build/$(PORT)/counted/%.o: %.cpp $(port_files) $(link_needs)
	@mkdir -p $(@D)
	$($(counted_variant).cxx) $(common) $($(counted_variant).flags) -O2 -DNDEBUG -isystem ports/cortex-m/counted -MMD -MP -c $< -o $@
endif

tune: ## times other tiles of gemm and ger on this machine and prints new lines for kernels/tiles.h
	@ports/packages.sh g++ libxsimd-dev
	+@$(MAKE) -s PORT=desktop build/desktop/tune
	+@build/desktop/tune
timing_objects := $(patsubst %,build/desktop/native/bench/peers/%.o,limits report timing)
build/desktop/native/bench/tune/%.o: native_extra := -O2# 60 tiles of each kernel: less to compile
build/desktop/tune: $(patsubst %.cpp,build/desktop/native/%.o,$(wildcard bench/tune/*.cpp)) $(timing_objects)
	$(GXX) $^ -o $@

growth: ## how time grows with width, depth and batch from L1 to memory, beside the floor; compile time and code with layers and networks
	@ports/packages.sh g++ libxsimd-dev gnuplot-nox
	+@$(MAKE) -s PORT=desktop build/desktop/growth
	@build/desktop/growth -o build
	@bench/growth/compile.sh $(GXX) -std=c++20 -O2 $(vectors) $(exact) -Ibuild/include
build/desktop/growth: $(patsubst %.cpp,build/desktop/native/%.o,$(wildcard bench/growth/*.cpp)) $(timing_objects)
	$(GXX) $^ -o $@

peers: ## the same work in Eigen, OpenBLAS, oneDNN, libxsmm, FANN and, where installed, PyTorch and NumPy, interleaved in one run, with ratios [FILTER=part of a name]
	@ports/packages.sh g++ libxsimd-dev gnuplot-nox libeigen3-dev libopenblas-dev libdnnl-dev libxsmm-dev libfann-dev python3-numpy
	+@$(MAKE) -s PORT=desktop build/desktop/peers
	+@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 build/desktop/peers -o build $(FILTER)
build/desktop/native/bench/peers/frameworks.o: native_extra = '-DINSITU_FRAMEWORKS_PY="$(CURDIR)/bench/peers/frameworks.py"'
build/desktop/native/bench/peers/%.o: native_extra = $(shell CXX=$(GXX) bench/peers/flags.sh compile)
build/desktop/peers: $(patsubst %.cpp,build/desktop/native/%.o,$(wildcard bench/peers/*.cpp))
	$(GXX) $^ $$(CXX=$(GXX) bench/peers/flags.sh link) -o $@

# --- The manual ---------------------------------------------------------------------------------------------------------------------------
.PHONY: docs
docs: ## the manual as pages, build/docs/index.html, by Doxygen: README.md of each folder, and what the headers say; no warning is let pass
	@ports/packages.sh doxygen
	@mkdir -p build/docs
	@(cat ports/desktop/docs/Doxyfile; echo 'PROJECT_NUMBER = $(version)'; echo 'OUTPUT_DIRECTORY = build/docs'; echo 'USE_MDFILE_AS_MAINPAGE = $(CURDIR)/README.md') | doxygen -
	@echo build/docs/index.html

# --- Fuzzing: libFuzzer over every reader of tests/fuzz/readers.cpp ----------------------------------------------------------------------
fuzzed := $(or $(READER),$(notdir $(wildcard tests/fuzz/corpus/*)))
fuzz_flags := -O1 -g1 $(exact) $(vectors) $(generated) -fsanitize=address,undefined -fno-sanitize-recover=all
.PHONY: fuzz
fuzz: build/include/insitu/insitu.h ## libFuzzer over every reader of files, each for a bounded time [READER=npy SECONDS=60]
	@ports/packages.sh clang $(cli_packages)
	+@$(MAKE) -s PORT=desktop build/fuzz/fuzz
	@tests/fuzz/fuzz.sh $(or $(SECONDS),60) $(fuzzed)
build/fuzz/fuzz: $(patsubst %.cpp,build/fuzz/%.o,$(wildcard tests/fuzz/*.cpp) $(cli_sources))
	$(CLANGXX) $^ $(fuzz_flags) -fsanitize=fuzzer $(cli_libraries) -o $@
build/fuzz/%.o: %.cpp
	@mkdir -p $(@D)
	$(CLANGXX) $(common) $(fuzz_flags) -fsanitize=fuzzer-no-link -MMD -MP -c $< -o $@
-include $(shell find build/fuzz -name '*.d' 2>/dev/null)
