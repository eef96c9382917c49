#include "snippet.h"

#include <filesystem>

namespace insitu::desktop::doctor {
namespace {

constexpr const char* Lines = R"(# Fills the gradients of your code into PROBE. Then: insitu doctor check --probe PROBE
IMPORTS

def your_gradients(W, b, X, Y):
    """W[0] is W1 WSHAPE, b[0] is b1 BSHAPE, and so on; X is XSHAPE, Y is YSHAPE.
    Layers: ACTIVATIONS. Loss: LOSS.
    Returns the gradients of W and of b, each a list as W and b are. W and b must not be updated."""
    raise NotImplementedError('your backward pass goes here')

file = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'NAME')
LOAD
layers = len(probe['dims']) - 1
W, b = ([np.array(probe[f'{t}{l}']) for l in range(1, layers + 1)] for t in 'Wb')
for k in (1, 2):
    dW, db = your_gradients(W, b, np.array(probe[f'X_{k}']), np.array(probe[f'Y_{k}']))
    for l in range(layers):
        probe[f'dW{l + 1}_{k}'], probe[f'db{l + 1}_{k}'] = VALUES
STORE
)";

void replace(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) text.replace(at, what.size(), with);
}

std::string shape(const std::string& rows, const std::string& columns, bool turned) {
  return std::string("[") + (turned ? columns : rows) + " x " + (turned ? rows : columns) + "]";
}

/// A file's name within quotes of Python
std::string quoted(const std::string& name) {
  std::string text;
  for (const char c : name) text += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return text;
}

}  // namespace

std::string snippet(const Architecture& network, Convention convention, const std::string& probe) {
  const bool json = probe.ends_with(".json"), in_out = convention.layout == Layout::InOut;
  const auto text = [](std::size_t n) { return std::to_string(n); };
  const std::string in = text(network.dims[0]), first = text(network.dims[1]), out = text(network.outputs());
  std::string activations;
  for (std::size_t l = 1; l <= network.layers(); ++l) activations += (l > 1 ? ", " : "") + std::string(name(network.activations[l]));
  const std::string over = network.mean == Mean::None    ? ", summed"
                           : network.mean == Mean::Batch ? ", mean over the batch"
                                                         : ", mean over batch and outputs";
  std::string code = Lines;
  replace(code, "IMPORTS", json ? "import json, os\nimport numpy as np" : "import os\nimport numpy as np");
  replace(code, "LOAD", json ? "probe = json.load(open(file))" : "probe = dict(np.load(file))");
  replace(code, "VALUES", json ? "np.array(dW[l]).tolist(), np.array(db[l]).tolist()" : "dW[l], db[l]");
  replace(code, "STORE", json ? "json.dump(probe, open(file, 'w'))" : "np.savez(file, **probe)");
  replace(code, "WSHAPE", shape(in, first, !in_out));
  replace(code, "BSHAPE", shape("1", first, !convention.rows));
  replace(code, "XSHAPE", shape("m", in, !convention.rows));
  replace(code, "YSHAPE", shape("m", out, !convention.rows));
  replace(code, "ACTIVATIONS", activations);
  replace(code, "LOSS", name(network.loss) + over);
  replace(code, "NAME", quoted(std::filesystem::path(probe).filename().string()));
  std::string line = probe;
  replace(line, "\n", " ");
  replace(code, "PROBE", line);
  return code;
}

}  // namespace insitu::desktop::doctor
