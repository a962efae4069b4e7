"""The default network, and what holds for every network.

A network takes ink as float (B, 1, 28, 28) in 0…1 and gives logits (B, 10), or (B, 11)
when it also learned what is no digit; how it likes its input scaled is its own affair, so
no caller has to know.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from model.scores import DIGITS


def _convolution(channels_in: int, channels_out: int, size: int, stride: int = 1) -> nn.Sequential:
    """Convolution without bias (the normalisation has one), normalisation, ReLU."""
    padding = size // 2 if stride > 1 else 0
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, size, stride, padding, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(inplace=True),
    )


class StridedCNN(nn.Module):
    """Two stages of 3×3, 3×3 and a strided 5×5 convolution, then one hidden layer.

    The stride is learned where pooling would be fixed; after C. Deotte's published
    MNIST network, whose 1,500 runs average 99.64 %.
    """

    def __init__(self, width: int = 40, hidden: int = 128) -> None:
        super().__init__()
        self.features = nn.Sequential(
            _convolution(1, width, 3),  # (B, w, 26, 26)
            _convolution(width, width, 3),  # (B, w, 24, 24)
            _convolution(width, width, 5, stride=2),  # (B, w, 12, 12)
            nn.Dropout2d(0.1),
            _convolution(width, 2 * width, 3),  # (B, 2w, 10, 10)
            _convolution(2 * width, 2 * width, 3),  # (B, 2w, 8, 8)
            _convolution(2 * width, 2 * width, 5, stride=2),  # (B, 2w, 4, 4)
            nn.Dropout2d(0.1),
        )
        self.head = nn.Sequential(
            nn.Flatten(),  # (B, 32w)
            nn.Linear(32 * width, hidden, bias=False),
            nn.BatchNorm1d(hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(0.3),
            nn.Linear(hidden, DIGITS + 1),
        )

    def forward(self, ink: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(ink))
        return logits


class QuickCNN(nn.Module):
    """Four small convolutions, the first of which strides already: what learns most in a few seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            _convolution(1, 16, 5, stride=2),  # (B, 16, 14, 14)
            _convolution(16, 32, 3),  # (B, 32, 12, 12)
            _convolution(32, 32, 5, stride=2),  # (B, 32, 6, 6)
            _convolution(32, 64, 3),  # (B, 64, 4, 4)
        )
        self.head = nn.Sequential(
            nn.Flatten(),  # (B, 1024)
            nn.Linear(1024, 32, bias=False),
            nn.BatchNorm1d(32),
            nn.ReLU(inplace=True),
            nn.Linear(32, DIGITS),
        )

    def forward(self, ink: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(ink))
        return logits


def count_parameters(network: nn.Module) -> int:
    """How many numbers training may change."""
    return sum(parameter.numel() for parameter in network.parameters())


def without_last_layer(network: nn.Module) -> nn.Module:
    """A copy that gives what the last linear layer, which must stand in a sequence, would be given."""
    shortened = copy.deepcopy(network)
    name = [name for name, layer in shortened.named_modules() if isinstance(layer, nn.Linear)][-1]
    parent, _, last = name.rpartition(".")
    sequence = shortened.get_submodule(parent)
    for index in range(int(last), len(list(sequence.children()))):
        setattr(sequence, str(index), nn.Identity())
    return shortened


@torch.inference_mode()
def logits_of(network: nn.Module, ink: Tensor, batch_size: int = 1000) -> Tensor:
    """Logits (N, 10 or 11) in float32 of any number of inputs (N, 1, 28, 28), in evaluation mode."""
    network.eval()
    return torch.cat([network(batch).float() for batch in torch.split(ink, batch_size)])
