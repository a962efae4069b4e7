"""This project's own convolutional networks: the default one, and one that learns in seconds."""

from __future__ import annotations

from collections import OrderedDict

from torch import nn

from model.reading.scores import DIGITS


def _convolution(channels_in: int, channels_out: int, size: int, stride: int = 1) -> nn.Sequential:
    """Convolution without bias (the normalisation has one), normalisation, ReLU."""
    padding = size // 2 if stride > 1 else 0
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, size, stride, padding, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(inplace=True),
    )


class StridedCNN(nn.Sequential):
    """Two stages of 3×3, 3×3 and a strided 5×5 convolution, then one hidden layer.

    The stride is learned where pooling would be fixed; after C. Deotte's published
    MNIST network, whose 1,500 runs average 99.64 %. Both widths are multiples of 32: with
    40 and 80 channels the same parameters take half as long again to train.
    """

    def __init__(self, width: int = 32, wide: int = 96, hidden: int = 64) -> None:
        features = nn.Sequential(
            _convolution(1, width, 3),  # (B, 32, 26, 26)
            _convolution(width, width, 3),  # (B, 32, 24, 24)
            _convolution(width, width, 5, stride=2),  # (B, 32, 12, 12)
            _convolution(width, wide, 3),  # (B, 96, 10, 10)
            _convolution(wide, wide, 3),  # (B, 96, 8, 8)
            _convolution(wide, wide, 5, stride=2),  # (B, 96, 4, 4)
        )
        head = nn.Sequential(
            nn.Flatten(),  # (B, 1536)
            nn.Linear(16 * wide, hidden, bias=False),
            nn.BatchNorm1d(hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(0.1),
            nn.Linear(hidden, DIGITS + 1),
        )
        super().__init__(OrderedDict(features=features, head=head))


class QuickCNN(nn.Sequential):
    """Four small convolutions, the first of which strides already: what learns most in a few seconds."""

    def __init__(self) -> None:
        features = nn.Sequential(
            _convolution(1, 16, 5, stride=2),  # (B, 16, 14, 14)
            _convolution(16, 32, 3),  # (B, 32, 12, 12)
            _convolution(32, 32, 5, stride=2),  # (B, 32, 6, 6)
            _convolution(32, 64, 3),  # (B, 64, 4, 4)
        )
        head = nn.Sequential(
            nn.Flatten(),  # (B, 1024)
            nn.Linear(1024, 32, bias=False),
            nn.BatchNorm1d(32),
            nn.ReLU(inplace=True),
            nn.Linear(32, DIGITS),
        )
        super().__init__(OrderedDict(features=features, head=head))
