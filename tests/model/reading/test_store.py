from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from model.errors import WeightsError
from model.networks.registry import build
from model.networks.weights import load_network
from model.reading.store import (
    load_card,
    load_file,
    load_forward,
    load_mistakes,
    save_model,
    tiles,
)
from tests.helpers.stored import CARD, TILES, checkout, contents, files, save_again

INK = torch.linspace(0, 1, 784).view(1, 1, 28, 28)


def full_after(count: int) -> Callable[[int], None]:
    """An ``os.fsync`` for whose disk ``count`` files are enough."""
    files: list[int] = []

    def fsync(handle: int) -> None:
        files.append(handle)
        if len(files) > count:
            raise OSError(28, "No space left on device")

    return fsync


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model as it is in a checkout."""
    return checkout(tmp_path)


def test_a_model_is_three_files(folder: Path) -> None:
    assert sorted(contents(folder)) == ["cnn.json", "cnn.mistakes.png", "cnn.safetensors"]


def test_a_card_comes_back_with_the_checksums_of_its_files(folder: Path) -> None:
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents(folder).items()}
    del sums["cnn.json"]
    assert load_card("cnn", folder) == replace(CARD, sha256=sums)


def test_the_card_that_was_written_is_given_back(tmp_path: Path) -> None:
    card = save_again(tmp_path)
    assert load_card("cnn", tmp_path) == card
    assert sorted(card.sha256) == ["cnn.mistakes.png", "cnn.safetensors"]


def test_a_model_is_named_by_its_card_and_its_files_by_what_they_are(tmp_path: Path) -> None:
    save_model(tmp_path, replace(CARD, model="mlp"), {".curves.png": b"1", ".weights.png": b"2"})
    assert sorted(contents(tmp_path)) == ["mlp.curves.png", "mlp.json", "mlp.weights.png"]


@pytest.mark.parametrize("suffix", [".safetensors", ".mistakes.png"])
def test_a_file_comes_back(folder: Path, suffix: str) -> None:
    assert load_file(load_card("cnn", folder), suffix, folder) == files()[suffix]


def test_a_file_that_the_card_does_not_know_is_refused(folder: Path) -> None:
    (folder / "cnn.curves.png").write_bytes(b"of an older run")
    with pytest.raises(WeightsError, match=r"cnn\.curves\.png is damaged or doesn't belong to cnn\.json"):
        load_file(load_card("cnn", folder), ".curves.png", folder)


def test_a_network_comes_back(folder: Path) -> None:
    torch.manual_seed(1)
    expected = build("cnn").eval()(INK)
    assert torch.equal(load_network(load_card("cnn", folder), folder)(INK), expected)


def test_a_network_comes_back_without_torch(folder: Path) -> None:
    logits = load_forward(load_card("cnn", folder), folder)(INK[:, 0].numpy())
    np.testing.assert_allclose(logits, load_network(load_card("cnn", folder), folder)(INK).numpy(), atol=1e-5)


def test_a_loaded_network_is_ready_to_predict(folder: Path) -> None:
    network = load_network(load_card("cnn", folder), folder)
    assert not network.training
    assert {(value.dtype, value.requires_grad) for value in network.parameters()} == {(torch.float32, False)}


def test_the_mistakes_tiles_come_back(folder: Path) -> None:
    np.testing.assert_array_equal(load_mistakes(load_card("cnn", folder), folder), TILES)


def test_tiles_are_a_strip_of_digits() -> None:
    strip = Image.open(io.BytesIO(tiles(TILES)), formats=["PNG"])
    assert (strip.mode, strip.size) == ("L", (28, 56))
    np.testing.assert_array_equal(np.asarray(strip)[28:], TILES[1])


def test_there_may_be_no_mistakes(tmp_path: Path) -> None:
    save_model(tmp_path, replace(CARD, mistakes=[]), files(images=TILES[:0]))
    assert load_mistakes(load_card("cnn", tmp_path), tmp_path).shape == (0, 28, 28)


def test_a_newer_model_replaces_the_older(folder: Path) -> None:
    save_again(folder)
    card = load_card("cnn", folder)
    assert card.temperature == 0.5
    assert len(contents(folder)) == 3
    np.testing.assert_array_equal(load_mistakes(card, folder), 255 - TILES)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_full_disk_leaves_the_old_model_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    before = contents(folder)
    monkeypatch.setattr("os.fsync", full_after(count))
    with pytest.raises(OSError, match="No space left"):
        save_again(folder)
    assert contents(folder) == before
