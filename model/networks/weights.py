"""Trained weights back into their network, in torch."""

from __future__ import annotations

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load
from torch import nn

from model.networks.registry import build
from model.reading.store import WEIGHTS, Card, foreign, load_file


def load_network(card: Card, folder: Path = WEIGHTS) -> nn.Module:
    """The trained network in float32, ready to predict.

    Raises:
        WeightsError: the file is missing, damaged or of another network.
    """
    network = build(card.model)
    try:
        network.load_state_dict(load(load_file(card, ".safetensors", folder)))
    except (SafetensorError, RuntimeError) as error:
        raise foreign(card, folder) from error
    return network.float().eval().requires_grad_(False)
