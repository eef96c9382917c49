"""The network of the question, its backward pass with the mistake that it was posted with, its gradients in a probe, and its training:

    python3 posted.py probe.npz [inputs [losses.csv]]
    insitu doctor check --probe probe.npz
    insitu doctor curve --probe probe.npz --losses losses.csv --rate 0.1

12288-64-1, relu and sigmoid, mean binary cross-entropy; W [Out x In], a sample a column; pictures of 64 x 64 x 3 drawn from a seed.
"""
import sys

import numpy as np


def relu(z):
    return np.maximum(z, 0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(parameters, X):
    Z1 = parameters['W1'] @ X + parameters['b1']
    A1 = relu(Z1)
    Z2 = parameters['W2'] @ A1 + parameters['b2']
    return Z1, A1, sigmoid(Z2)


def backward(parameters, X, Y):
    m = X.shape[1]
    Z1, A1, A2 = forward(parameters, X)
    dA2 = -(Y / A2 - (1 - Y) / (1 - A2))
    dZ2 = dA2 * A2 * (1 - A2)
    dW2 = dZ2 @ A1.T / m
    db2 = dZ2.sum(axis=1, keepdims=True) / m
    dA1 = parameters['W2'].T @ dZ2
    dZ1 = dA1 * (Z1 > 0)
    dW1 = dZ1 @ X.T  # the mistake: no / m
    db1 = dZ1.sum(axis=1, keepdims=True) / m
    return {'dW1': dW1, 'db1': db1, 'dW2': dW2, 'db2': db2}


def picture(random, inputs):
    """Bright blobs on a dark ground, every number from 0 to 1."""
    x = np.linspace(0, 6, inputs)
    return 0.3 + 0.2 * np.sin(x * random.uniform(1, 9)) + 0.3 * random.uniform(0, 1, inputs)


def train(parameters, X, Y, rate=0.1, steps=300):
    """The loss before each step, computed as it was posted: of A2, not of Z2."""
    parameters, losses = {name: p.copy() for name, p in parameters.items()}, []
    for _ in range(steps):
        A2 = forward(parameters, X)[2]
        losses.append(-np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)))
        for name, gradient in backward(parameters, X, Y).items():
            parameters[name[1:]] -= rate * gradient
    return losses


def main(file, inputs=12288, losses=None):
    random = np.random.RandomState(1)
    parameters = {'W1': 0.01 * random.randn(64, inputs), 'b1': np.zeros((64, 1)), 'W2': 0.01 * random.randn(1, 64), 'b2': np.zeros((1, 1))}
    probe = {'dims': [inputs, 64, 1], 'activations': ['relu', 'sigmoid'], 'loss': 'binary_cross_entropy', 'layout': 'out_in', 'samples': 'columns', **parameters}
    for k, m in ((1, 10), (2, 7)):
        X = np.stack([picture(random, inputs) for _ in range(m)], axis=1)
        Y = (np.arange(m) % 2 == 0).astype(float).reshape(1, m)
        probe.update({f'X_{k}': X, f'Y_{k}': Y})
        probe.update({f'{name}_{k}': gradient for name, gradient in backward(parameters, X, Y).items()})
    np.savez(file, **probe)
    if losses:
        np.savetxt(losses, train(parameters, probe['X_1'], probe['Y_1']))


if __name__ == '__main__':
    main(sys.argv[1], *map(int, sys.argv[2:3]), *sys.argv[3:])
