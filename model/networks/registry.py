"""Every recogniser, by name: its network, its training settings, what it is.

A model is one entry here. From it come training, evaluation, description, the tests that run
for every model and, once it is trained, its place on the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from torch import nn

from model.errors import WeightsError
from model.networks.cnn import QuickCNN, StridedCNN
from model.networks.tutorials import (
    TutorialCNN,
    keras_cnn,
    logistic_regression,
    multilayer_perceptron,
    sigmoid_perceptron,
)
from model.settings import Settings


@dataclass(frozen=True)
class Entry:
    """A recogniser.

    Attributes:
        network: makes a fresh network, float (B, 1, 28, 28) in 0…1 to logits (B, 10 or 11): a sequence of layers
            that ``model.reading.forward`` knows.
        about: what it is, in a sentence for a learner.
        preset: the settings in which its training differs from the default network's.
        early: batches of the first epoch after which the weights are kept, so that its training can be replayed; with
            any, the weights before training and after each epoch are kept, too.
    """

    network: Callable[[], nn.Module]
    about: str
    preset: dict[str, Any] = field(default_factory=dict)
    early: tuple[int, ...] = ()


#: MNIST as it is and a plain loop, as in the tutorials.
PLAIN: dict[str, Any] = {
    "styles": 0,
    "pens": 0,
    "degraded": 0,
    "outliers": 0,
    "augment": False,
    "average": 0.0,
    "schedule": "constant",
    "weight_decay": 0.0,
    "bf16": False,
}

MODELS: dict[str, Entry] = {
    "cnn": Entry(
        StridedCNN,
        "This project's own: a small convolutional network, trained on redrawn, degraded and synthetic digits.",
    ),
    "quick": Entry(
        QuickCNN,
        "A small convolutional network that learns MNIST as it is in seconds, by a cycle of learning rates.",
        {
            **PLAIN,
            "schedule": "one-cycle",
            "lr": 0.01,
            "weight_decay": 0.02,
            "average": 0.99,
            "bf16": True,
            "epochs": 2,
        },
        early=(2, 5, 10, 20, 50, 100),
    ),
    "keras-cnn": Entry(
        keras_cnn,
        "The convolutional network of the TensorFlow and Keras tutorials, wide and trained on MNIST as it is.",
        {**PLAIN, "optimizer": "adam", "lr": 0.001, "batch_size": 100, "epochs": 10, "bf16": True},
    ),
    "tutorial-cnn": Entry(
        TutorialCNN,
        "The small convolutional network of the first PyTorch tutorials, with dropout.",
        {
            **PLAIN,
            "optimizer": "sgd",
            "lr": 0.01,
            "momentum": 0.5,
            "batch_size": 64,
            "epochs": 3,
            "log_interval": 10,
            "hold_out": False,  # the tutorial learns from all 60,000: 97.0 % after three epochs, with 55,000 96.6 %
            "watch_test": True,
        },
    ),
    "mlp": Entry(
        multilayer_perceptron,
        "A multilayer perceptron: every pixel is joined to each of 256 hidden units, whatever lies beside it.",
        {**PLAIN, "optimizer": "adam", "lr": 0.001, "batch_size": 64, "epochs": 10, "log_interval": 100},
        early=(2, 5, 10, 30, 100, 300),
    ),
    "perceptron": Entry(
        sigmoid_perceptron,
        "Thirty hidden sigmoids, learned by back-propagation and plain gradient descent.",
        {**PLAIN, "optimizer": "sgd", "lr": 0.5, "momentum": 0.0, "batch_size": 10, "epochs": 20},
    ),
    "logistic": Entry(
        logistic_regression,
        "Softmax regression: a digit is what its ten pictures of weights add up to.",
        {**PLAIN, "optimizer": "sgd", "lr": 0.1, "momentum": 0.0, "batch_size": 100, "epochs": 20},
        early=(1, 2, 5, 10, 20, 50, 100, 200),
    ),
}


def entry(name: str) -> Entry:
    """The recogniser of that name.

    Raises:
        WeightsError: there is none.
    """
    try:
        return MODELS[name]
    except KeyError:
        raise WeightsError("no-model", name=name, known=", ".join(MODELS)) from None


def build(name: str) -> nn.Module:
    """A fresh network of that name.

    Raises:
        WeightsError: there is no architecture of that name.
    """
    return entry(name).network()


def preset(name: str) -> Settings:
    """The settings that a model is trained with unless told otherwise.

    Raises:
        WeightsError: there is none of that name.
    """
    return replace(Settings(), model=name, **entry(name).preset)
