"""Files that are missing, damaged or another model's."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from model.errors import WeightsError
from model.networks.registry import build
from model.networks.weights import load_network
from model.reading.store import (
    load_card,
    load_file,
    load_forward,
    load_mistakes,
    save_model,
)
from tests.helpers.stored import CARD, checkout, files, save_again


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model as it is in a checkout."""
    return checkout(tmp_path)


@pytest.mark.parametrize("count", [1, 2])
def test_an_old_card_refuses_new_files(folder: Path, tmp_path: Path, count: int) -> None:
    save_again(tmp_path / "new")
    for name in ["cnn.safetensors", "cnn.mistakes.png"][:count]:  # and the power fails
        (tmp_path / "new" / name).replace(folder / name)
    with pytest.raises(WeightsError, match=r"cnn\.safetensors is damaged or doesn't belong to cnn\.json"):
        load_network(load_card("cnn", folder), folder)


def test_a_new_card_refuses_old_files(folder: Path, tmp_path: Path) -> None:
    save_again(tmp_path / "new")
    with pytest.raises(WeightsError, match="damaged or doesn't belong"):
        load_network(load_card("cnn", tmp_path / "new"), folder)
    with pytest.raises(WeightsError, match=r"cnn\.mistakes\.png is damaged or doesn't belong"):
        load_mistakes(load_card("cnn", tmp_path / "new"), folder)


@pytest.mark.parametrize(
    ("name", "load"),
    [("cnn.safetensors", load_network), ("cnn.safetensors", load_forward), ("cnn.mistakes.png", load_mistakes)],
)
def test_a_missing_file_is_named(folder: Path, name: str, load: Callable[..., object]) -> None:
    (folder / name).unlink()
    with pytest.raises(WeightsError) as caught:
        load(load_card("cnn", folder), folder)
    assert str(caught.value).startswith(f"{folder / name} is missing: train it anew")


@pytest.mark.parametrize("length", [0, 1, 8, 5000, -1])
def test_truncated_weights_are_named(folder: Path, length: int) -> None:
    path = folder / "cnn.safetensors"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(WeightsError) as caught:
        load_network(load_card("cnn", folder), folder)
    assert str(caught.value).startswith(f"{path} is damaged")


def test_one_flipped_bit_is_noticed(folder: Path) -> None:
    content = bytearray((folder / "cnn.safetensors").read_bytes())
    content[-100] ^= 1
    (folder / "cnn.safetensors").write_bytes(content)
    with pytest.raises(WeightsError, match=r"cnn\.safetensors is damaged"):
        load_network(load_card("cnn", folder), folder)


@pytest.mark.parametrize(
    "content",
    [
        save({}),
        save({"weight": torch.zeros(3)}),
        save({name: value[:1] for name, value in build("cnn").state_dict().items() if value.ndim}),
        save({**build("cnn").state_dict(), "more": torch.zeros(3)}),
        b"",
        b"\x80\x04\x95 a pickle",
        b"\xff" * 100,
    ],
    ids=["empty", "other names", "other shapes", "more", "no bytes", "a pickle", "no header"],
)
@pytest.mark.parametrize("load", [load_network, load_forward])
def test_weights_of_another_network_are_refused_whatever_the_card_says(
    tmp_path: Path, load: Callable[..., object], content: bytes
) -> None:
    save_model(tmp_path, CARD, {**files(), ".safetensors": content})
    with pytest.raises(WeightsError) as caught:
        load(load_card("cnn", tmp_path), tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'cnn.safetensors'} holds weights of another network")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_weights_that_are_a_pipe_are_not_waited_for(folder: Path) -> None:
    (folder / "cnn.safetensors").unlink()
    os.mkfifo(folder / "cnn.safetensors")
    with pytest.raises(WeightsError, match=r"cnn\.safetensors is damaged or doesn't belong"):
        load_file(load_card("cnn", folder), ".safetensors", folder)


def test_weights_of_an_architecture_that_is_gone_are_refused(folder: Path) -> None:
    with pytest.raises(WeightsError, match="there is no model 'old'"):
        load_network(replace(load_card("cnn", folder), model="old"), folder)
