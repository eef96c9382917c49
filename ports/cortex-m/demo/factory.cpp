// factory SEED FOLDER [DATA]: the factory of the fine-tuning demo, on the desktop. Trains 64-32-10 and writes into FOLDER: weights.h, the parameters as
// constants; drifted.bin, what the device's sensor gives; sound.bin, what a sound sensor would have given. DATA is a folder with optdigits.tra and
// optdigits.tes; without it pictures of digits are drawn.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tuning.h"

namespace {

using namespace insitu;
using namespace insitu::demo;

struct Picture {
  float pixels[64];
  int label;
};

[[noreturn]] void fail(const std::string& reason) {
  std::fprintf(stderr, "%s\n", reason.c_str());
  std::exit(2);
}

/// Lines of 64 numbers from 0 to 16 and a label.
std::vector<Picture> read_optdigits(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) fail(path + " cannot be read: DATA is a folder with optdigits.tra and optdigits.tes");
  if (const int first = std::getc(file); first >= '0' && first <= '9') {
    std::ungetc(first, file);
  } else {
    for (int c = first; c != '\n' && c != EOF;) c = std::getc(file);  // names of columns
  }
  std::vector<Picture> pictures;
  for (;;) {
    Picture picture{};
    int number = 0, count = 0;
    for (; count < 65 && std::fscanf(file, "%d%*[,]", &number) == 1; ++count) {
      if (count < 64) picture.pixels[count] = static_cast<float>(number) / 16.0f;
      picture.label = number;
    }
    if (count == 0) break;
    if (count != 65 || picture.label < 0 || picture.label > 9)
      fail(path + ": line " + std::to_string(pictures.size() + 1) + " has no 64 pixels and a digit");
    pictures.push_back(picture);
  }
  std::fclose(file);
  return pictures;
}

/// Ten digits as strokes of a pen, one hex digit of four pixels after the other, two a row.
constexpr const char* Glyphs[10] = {"3c66424242663c00", "0818280808083e00", "3c42020c30407e00", "3c42021c02423c00", "040c14247e040400",
                                    "7e407c0202423c00", "1c20407c42423c00", "7e02040810202000", "3c42423c42423c00", "3c42423e02043800"};

float glyph(int digit, int row, int column) {
  if (row < 0 || row > 7 || column < 0 || column > 7) return 0.0f;
  const char two[3] = {Glyphs[digit][2 * row], Glyphs[digit][2 * row + 1], 0};
  return (std::strtol(two, nullptr, 16) >> (7 - column) & 1) != 0 ? 1.0f : 0.0f;
}

/// A digit moved by up to a pixel, sheared, faint or strong, with noise: about as hard as real ones.
Picture draw(Random& random) {
  Picture picture{};
  picture.label = static_cast<int>(random.below(10));
  const float across = 1.6f * random.uniform() - 0.8f, down = 1.2f * random.uniform() - 0.6f, shear = 0.4f * random.uniform() - 0.2f;
  const float strength = 0.6f + 0.4f * random.uniform();
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column) {
      const float y = static_cast<float>(row) - down, x = static_cast<float>(column) - across + shear * (static_cast<float>(row) - 3.5f);
      const int r = static_cast<int>(std::floor(y)), c = static_cast<int>(std::floor(x));
      const float v = y - static_cast<float>(r), u = x - static_cast<float>(c);
      const float ink = (1 - v) * ((1 - u) * glyph(picture.label, r, c) + u * glyph(picture.label, r, c + 1)) +
                        v * ((1 - u) * glyph(picture.label, r + 1, c) + u * glyph(picture.label, r + 1, c + 1));
      const float noisy = strength * ink + 0.13f * normal(random);
      picture.pixels[8 * row + column] = noisy < 0 ? 0.0f : noisy > 1 ? 1.0f : noisy;
    }
  }
  return picture;
}

/// Years of use: each pixel with a gain and an offset of its own, four of them stuck.
struct Drift {
  float gain[64], offset[64];

  explicit Drift(Random& random) {
    for (float& g : gain) g = 0.2f + 0.8f * random.uniform();
    for (float& o : offset) o = 0.6f * random.uniform();
    for (int stuck = 0; stuck < 4;) {
      const std::uint32_t pixel = random.below(64);
      if (gain[pixel] > 0) ++stuck;
      gain[pixel] = 0;
      offset[pixel] = 1;
    }
  }
  float operator()(int i, float x) const {
    const float seen = fma(x, gain[i], offset[i]);
    return seen > 1 ? 1.0f : seen;
  }
};

std::FILE* create(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) fail(path + " cannot be written");
  return file;
}

template <class See>
void write_samples(const std::string& path, const std::vector<Picture>& pictures, See&& see) {
  std::FILE* file = create(path);
  for (int k = 0; k < DeviceSamples + HeldOut; ++k) {
    const Picture& picture = pictures[static_cast<std::size_t>(k)];
    Sample sample{};
    for (int i = 0; i < 64; ++i) sample.pixels[i] = static_cast<unsigned char>(std::lround(255.0f * see(i, picture.pixels[i])));
    sample.label = static_cast<unsigned char>(picture.label);
    std::fwrite(&sample, sizeof sample, 1, file);
  }
  std::fclose(file);
}

void shuffle(std::vector<int>& order, Random& random) {
  for (std::size_t k = order.size(); k-- > 1;) std::swap(order[k], order[random.below(static_cast<std::uint32_t>(k + 1))]);
}

/// Momentum 0.9, rate 0.05, batches of 32, 20 epochs.
void train(Parameters<Digits>& parameters, const std::vector<Picture>& pictures, Random& random) {
  using Training = Trainer<Digits, CrossEntropy, Momentum, Batch<32>>;
  const auto trainer = std::make_unique<Training>(Training{.optimizer = {.learning_rate = 0.05f}});
  const auto inputs = std::make_unique<Training::Inputs>();
  Vector<32, int> labels{};
  initialize(parameters, He{}, random);
  std::vector<int> order(pictures.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<int>(k);
  for (int epoch = 1; epoch <= 20; ++epoch) {
    shuffle(order, random);
    double total = 0;
    int steps = 0;
    for (std::size_t begin = 0; begin < order.size(); begin += 32) {
      const int count = static_cast<int>(order.size() - begin < 32 ? order.size() - begin : 32);
      for (int s = 0; s < count; ++s) {
        const Picture& picture = pictures[static_cast<std::size_t>(order[begin + static_cast<std::size_t>(s)])];
        for (int i = 0; i < 64; ++i) inputs->row(s)[i] = picture.pixels[i];
        labels[s] = picture.label;
      }
      total += static_cast<double>(trainer->step(parameters, *inputs, labels, count));
      ++steps;
    }
    if (epoch % 5 == 0) std::printf("  epoch %2d: loss %.4f\n", epoch, total / steps);
  }
}

/// Hexadecimal: every bit of every number.
void write_weights(const std::string& path, const Parameters<Digits>& parameters) {
  std::FILE* file = create(path);
  const float* w = reinterpret_cast<const float*>(&parameters);
  std::fprintf(
      file,
      "// Made by the demo's factory: 64-32-10, weights and biases in order.\nalignas(8) inline constexpr float FactoryWeights[%d] = {",
      float_count<Parameters<Digits>>);
  for (int k = 0; k < float_count<Parameters<Digits>>; ++k)
    std::fprintf(file, "%s%af,", k % 8 == 0 ? "\n    " : " ", static_cast<double>(w[k]));
  std::fprintf(file, "\n};\n");
  std::fclose(file);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) fail("factory SEED FOLDER [DATA]");
  const auto seed = static_cast<std::uint64_t>(std::strtoull(argv[1], nullptr, 10));
  const std::string folder = argv[2], data = argc > 3 ? argv[3] : "";
  Random random(seed);
  std::vector<Picture> training, device;
  if (data.empty()) {
    for (int k = 0; k < 3000; ++k) training.push_back(draw(random));
    for (int k = 0; k < DeviceSamples + HeldOut; ++k) device.push_back(draw(random));
    std::printf("factory: 3,000 drawn digits (DATA=folder with optdigits.tra and optdigits.tes takes handwritten ones)\n");
  } else {
    training = read_optdigits(data + "/optdigits.tra");
    const std::vector<Picture> test = read_optdigits(data + "/optdigits.tes");
    std::vector<int> order(test.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<int>(k);
    shuffle(order, random);
    for (int k : order) device.push_back(test[static_cast<std::size_t>(k)]);
    if (device.size() < DeviceSamples + HeldOut) fail(data + "/optdigits.tes has fewer than 1,797 digits");
    std::printf("factory: %zu handwritten digits from %s\n", training.size(), data.c_str());
  }
  alignas(Alignment) static Parameters<Digits> parameters;
  train(parameters, training, random);
  write_weights(folder + "/weights.h", parameters);
  write_samples(folder + "/sound.bin", device, [](int, float x) { return x; });
  write_samples(folder + "/drifted.bin", device, Drift(random));
  return 0;
}
