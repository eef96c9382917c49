"""frameworks.py numpy|torch: trains and runs the networks of `peers` in NumPy or PyTorch, asked line by line on standard input.

  train|infer BATCH RATE LOSS TEXT    then, as float32: parameters (layers in order, W [In x Out] then b), x [Batch x In], t [Batch x Out].
                                      Answers, as float32, the parameters after three steps, or the outputs.
  run N                               N steps or inferences more; answers "done".
  clock                               answers the seconds that this process has had a core.
"""
import sys
import time

import numpy

REPLY = sys.stdout.buffer


def layers_of(text):
    """[(inputs, outputs, activation)] of "dense 2 3 sigmoid; dense 3 1 sigmoid"."""
    words = [layer.split() for layer in text.split("; ")]
    return [(int(w[1]), int(w[2]), w[3] if len(w) > 3 else "identity") for w in words]


def softmax(z):
    e = numpy.exp(z - z.max(axis=1, keepdims=True))
    e /= e.sum(axis=1, keepdims=True)
    return e


class Numpy:
    forward_of = {
        "identity": lambda z: z,
        "relu": lambda z: numpy.maximum(z, 0, out=z),
        "sigmoid": lambda z: 1 / (1 + numpy.exp(-z)),
        "tanh": lambda z: numpy.tanh(z, out=z),
        "softmax": softmax,
    }
    derivative_of = {"relu": lambda a: a > 0, "sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a}

    def __init__(self, layers, loss, rate, parameters, x, t):
        self.kinds, self.loss, self.rate, self.x, self.t = [kind for _, _, kind in layers], loss, rate, x, t
        self.W, self.b = map(list, zip(*parameters))

    def forward(self):
        self.a = [self.x]
        for W, b, kind in zip(self.W, self.b, self.kinds):
            z = self.a[-1] @ W
            z += b
            self.a.append(self.forward_of[kind](z))
        return self.a[-1]

    def step(self):
        y, t, m = self.forward(), self.t, len(self.x)
        if self.loss == "MeanSquaredError":
            d = (y - t) * numpy.float32(2 / t.size)
            self.value = numpy.square(y - t).mean()
        elif self.loss == "BinaryCrossEntropy":
            d = (y - t) / numpy.float32(t.size)
            self.value = -(t * numpy.log(y) + (1 - t) * numpy.log(1 - y)).mean()
        else:
            d = (y - t) / numpy.float32(m)
            self.value = -(t * numpy.log(y)).sum() / m
        for l in reversed(range(len(self.W))):
            below = (d @ self.W[l].T) * self.derivative_of[self.kinds[l - 1]](self.a[l]) if l > 0 else None
            d *= -self.rate
            self.W[l] += self.a[l].T @ d
            self.b[l] += d.sum(axis=0)
            d = below

    def parameters(self):
        return numpy.concatenate([array.ravel() for pair in zip(self.W, self.b) for array in pair])

    def infer(self):
        y = self.forward()
        self.x[0, 0] = y[0, 0]
        return y


class Torch:
    def __init__(self, layers, loss, rate, parameters, x, t):
        import torch

        torch.set_num_threads(1)
        self.torch, self.x, self.t = torch, torch.from_numpy(x), torch.from_numpy(t)
        kinds = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "softmax": lambda: torch.nn.Softmax(dim=1)}
        modules = []
        for (inputs, outputs, kind), (W, b) in zip(layers, parameters):
            linear = torch.nn.Linear(inputs, outputs)
            linear.weight.data = torch.from_numpy(W.T.copy())
            linear.bias.data = torch.from_numpy(b.copy())
            modules += [linear] + ([kinds[kind]()] if kind != "identity" else [])
        self.whole = torch.nn.Sequential(*modules)
        functions = torch.nn.functional
        self.loss = {
            "MeanSquaredError": functions.mse_loss,
            "BinaryCrossEntropy": functions.binary_cross_entropy_with_logits,
            "CrossEntropy": functions.cross_entropy,
        }[loss]
        self.logits = torch.nn.Sequential(*(modules if loss == "MeanSquaredError" else modules[:-1]))  # both cross-entropies want z
        self.optimizer = torch.optim.SGD(self.whole.parameters(), lr=rate)

    def step(self):
        self.optimizer.zero_grad()
        self.value = self.loss(self.logits(self.x), self.t)
        self.value.backward()
        self.optimizer.step()

    def parameters(self):
        linears = [m for m in self.whole if isinstance(m, self.torch.nn.Linear)]
        return numpy.concatenate([a.detach().numpy().ravel() for m in linears for a in (m.weight.T, m.bias)])

    def infer(self):
        with self.torch.inference_mode():
            y = self.whole(self.x)
            self.x[0, 0] = y[0, 0]
        return y.numpy()


def floats(count):
    return numpy.frombuffer(sys.stdin.buffer.read(4 * count), dtype="<f4").copy()


def begin(framework, words):
    kind, batch, rate, loss, text = words
    layers, batch = layers_of(text), int(batch)
    parameters = [(floats(i * o).reshape(i, o), floats(o)) for i, o, _ in layers]
    x, t = floats(batch * layers[0][0]).reshape(batch, -1), floats(batch * layers[-1][1]).reshape(batch, -1)
    network = framework(layers, loss, numpy.float32(rate) if framework is Numpy else float(rate), parameters, x, t)
    if kind == "infer":
        return network.infer, network.infer()
    for _ in range(3):
        network.step()
    return network.step, network.parameters()


def main():
    framework = {"numpy": Numpy, "torch": Torch}[sys.argv[1]]
    if framework is Torch:
        import torch  # fails here, before anything is asked
    REPLY.write(b"ready\n")
    REPLY.flush()
    once = None
    for line in sys.stdin.buffer:
        words = line.decode().rstrip("\n").split(" ", 4)
        if words[0] == "run":
            for _ in range(int(words[1])):
                once()
            REPLY.write(b"done\n")
        elif words[0] == "clock":
            REPLY.write(b"%.9f\n" % time.thread_time())
        else:
            once, result = begin(framework, words)
            REPLY.write(numpy.ascontiguousarray(result, dtype="<f4").tobytes())
        REPLY.flush()


main()
