"""Digits to test with: the whole of MNIST where there is a copy, a small extract of it everywhere."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from model.data import RAW_FILES, Mnist, load_mnist

ROOT = Path(__file__).parent.parent

torch.set_num_threads(1)  # the tests' batches are too small to share


@pytest.fixture(scope="session")
def mnist() -> Mnist:
    """The whole of MNIST. Tests that use it carry the marker ``mnist``; nothing is downloaded for them."""
    named = os.environ.get("DIGITS_DATA")
    folders = [*([Path(named)] if named else []), ROOT.parent / "shared" / "data", ROOT / "data"]
    for folder in folders:
        if all((folder / "MNIST" / "raw" / name).exists() for name in RAW_FILES):
            return load_mnist(folder)
    pytest.skip("there is no copy of MNIST in $DIGITS_DATA, ../shared/data or data")


@pytest.fixture(scope="session")
def extract() -> Mnist:
    """600 training and 200 test digits of MNIST."""
    return load_mnist(ROOT / "tests" / "data")


@pytest.fixture(scope="session")
def digit(extract: Mnist) -> NDArray[np.uint8]:
    """MNIST's first test digit, a 7: uint8 (28, 28), ink 255 on 0. Not to be written to."""
    pixels: NDArray[np.uint8] = extract.test.images[0].numpy().copy()
    pixels.setflags(write=False)
    return pixels
