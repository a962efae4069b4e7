from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from model.data.digits import Digits
from model.data.idx import write_idx
from model.reading.digit_map import COUNT, MOST, TESTED, load_map, load_tested
from model.reading.store import WEIGHTS
from model.training import digit_map
from tests.helpers.running import ROOT


def clouds() -> np.ndarray:
    """Features in two directions, fifty of each."""
    rng = np.random.default_rng(3)
    return np.asarray(rng.normal(0, 0.1, (100, 8)) + np.eye(8)[np.arange(100) // 50], np.float32)


def test_what_is_alike_lies_together() -> None:
    places = digit_map.embed(clouds(), steps=250)
    first, second = places[:50], places[50:]
    apart = np.linalg.norm(first.mean(axis=0) - second.mean(axis=0))
    assert apart > 2 * max(np.linalg.norm(cloud - cloud.mean(axis=0), axis=1).mean() for cloud in (first, second))


def test_the_same_features_lie_at_the_same_places() -> None:
    assert np.array_equal(digit_map.embed(clouds(), steps=30), digit_map.embed(clouds(), steps=30))


def test_too_few_digits_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert digit_map.main(["--data", str(ROOT / "tests" / "data"), "--out", str(tmp_path)]) == 2
    assert "error" in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


def test_a_map_is_made_of_the_digits_that_there_are(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    for suffix in (".json", ".safetensors"):
        shutil.copy(WEIGHTS / f"cnn{suffix}", weights)
    numbers = torch.arange(240)
    images = torch.zeros((240, 28, 28), dtype=torch.uint8)
    images[:, 4:24, 10] = 255
    images[:, 6, 6:20] = (numbers % 10 * 25).to(torch.uint8)[:, None]
    write_idx(tmp_path, Digits(images, numbers % 10), Digits(images, numbers % 10))
    made, tested = digit_map.make(tmp_path, weights, count=60, steps=5)
    assert (len(made.labels), len(tested.labels)) == (60, 200)
    assert made.features.max() == MOST
    assert (made.places.min(axis=0) == 0).all()


def test_the_shipped_files_are_what_the_command_says() -> None:
    assert len(load_map().labels) == COUNT
    assert len(load_tested().labels) == TESTED
