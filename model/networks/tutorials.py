"""The networks of the tutorials that beginners learn from, built as those describe them.

All take ink as float (B, 1, 28, 28) in 0…1 and give ten logits (B, 10), or log probabilities,
which serve as logits: log-softmax leaves them as they are.
"""

from __future__ import annotations

from collections import OrderedDict

from torch import nn

from model.networks.layers import Scale
from model.reading.scores import DIGITS


class TutorialCNN(nn.Sequential):
    """Two convolutions, two linear layers, dropout between: the network of the first PyTorch tutorials."""

    #: Mean and standard deviation of MNIST's training pixels.
    MEAN, DEVIATION = 0.1307, 0.3081

    def __init__(self) -> None:
        features = nn.Sequential(
            nn.Conv2d(1, 10, 5),  # (B, 10, 24, 24)
            nn.MaxPool2d(2),
            nn.ReLU(),
            nn.Conv2d(10, 20, 5),  # (B, 20, 8, 8)
            nn.Dropout2d(),
            nn.MaxPool2d(2),
            nn.ReLU(),
            nn.Flatten(),  # (B, 320)
        )
        head = nn.Sequential(nn.Linear(320, 50), nn.ReLU(), nn.Dropout(), nn.Linear(50, DIGITS), nn.LogSoftmax(dim=1))
        super().__init__(OrderedDict(scale=Scale(self.MEAN, self.DEVIATION), features=features, head=head))


def multilayer_perceptron() -> nn.Module:
    """784 → 256 → 10 with a ReLU between."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, DIGITS))


def keras_cnn() -> nn.Module:
    """Two 5×5 convolutions that keep the size, each pooled, then a wide hidden layer: "Deep MNIST for experts"."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2),  # (B, 32, 28, 28)
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2),  # (B, 64, 14, 14)
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),  # (B, 3136)
        nn.Linear(3136, 1024),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(1024, DIGITS),
    )


def sigmoid_perceptron() -> nn.Module:
    """One small hidden layer of sigmoids, as in the first lessons on back-propagation."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 30), nn.Sigmoid(), nn.Linear(30, DIGITS))


def logistic_regression() -> nn.Module:
    """Softmax regression: one picture of weights for each digit."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, DIGITS))
