from __future__ import annotations

import hashlib
import io
import json
import math
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import save

from model.errors import WeightsError
from model.networks.layers import layers_of
from model.networks.registry import build
from model.networks.weights import load_network
from model.reading.store import (
    Card,
    Mistake,
    load_card,
    load_file,
    load_forward,
    load_mistakes,
    save_model,
    tiles,
    trained_models,
)
from model.reading.versions import VERSIONS

CARD = Card(
    model="cnn",
    about="A network to test with.",
    sha256={},
    parameters=476_011,
    temperature=1.5,
    unsure_below=0.75,
    no_digit_below=-0.5,
    settings={"model": "cnn", "epochs": 1, "lr": 0.004, "augment": True},
    epochs=[{"epoch": 0, "validation_accuracy": 0.1}, {"epoch": 1, "loss": 0.1 + 0.2}],
    log=[(250, 2.25), (500, 0.1 + 0.2)],
    dataset={"train-images-idx3-ubyte": "12ab"},
    metrics={"test": {"right": 198, "total": 200, "accuracy": 0.99}},
    confusion=[[1] * 10] * 10,
    mistakes=[
        Mistake(3, "7", [("1", 0.5), ("7", 0.25), ("9", 0.125)], disputed=True),
        Mistake(9, "0", [("6", 0.9), ("0", 0.05), ("8", 0.01)], disputed=False),
    ],
    machine={"cores": 2, "torch": "2.0", "minutes": 1.5, "milliseconds": 0.25},
    layers=layers_of(build("cnn")),
)
TILES: NDArray[np.uint8] = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)
INK = torch.linspace(0, 1, 784).view(1, 1, 28, 28)


def weights(seed: int) -> bytes:
    torch.manual_seed(seed)
    return save(build("cnn").state_dict())


def files(seed: int = 1, images: NDArray[np.uint8] = TILES) -> dict[str, bytes]:
    return {".safetensors": weights(seed), ".mistakes.png": tiles(images)}


def save_again(folder: Path) -> Card:
    return save_model(folder, replace(CARD, temperature=0.5), files(2, 255 - TILES))


def save_with(folder: Path, name: str, accuracy: float) -> None:
    save_model(folder, replace(CARD, model=name, metrics={"test": {"accuracy": accuracy}}), {".safetensors": b"1"})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


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
    """A model as it is in a checkout, in which no files but the named ones are."""
    save_model(tmp_path / "weights", CARD, files())
    shutil.rmtree(tmp_path / "weights" / VERSIONS)
    return tmp_path / "weights"


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


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"3",
        b"{}",
        b'{"mistakes": 3, "log": []}',
        b'{"mistakes": [], "log": []}',
        b'{"mistakes": [{}], "log": []}',
        b'{"mistakes": [], "log": 3}',
        b'{"mistakes": [], "log": [1]}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_damaged_card_is_named(folder: Path, content: bytes) -> None:
    (folder / "cnn.json").write_bytes(content)
    with pytest.raises(WeightsError) as caught:
        load_card("cnn", folder)
    assert str(caught.value).startswith(f"{folder / 'cnn.json'} is damaged: train it anew")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("temperature",), math.nan),
        (("temperature",), 0),
        (("temperature",), "1.5"),
        (("temperature",), True),
        (("unsure_below",), 1.01),
        (("no_digit_below",), -math.inf),
        (("parameters",), -1),
        (("parameters",), 10**30),
        (("about",), ["a network"]),
        (("sha256", "cnn.safetensors"), "/dev/zero"),
        (("sha256", "cnn.safetensors"), 3),
        (("sha256",), []),
        (("settings", "epochs"), "2"),
        (("settings",), [1]),
        (("epochs", 0, "epoch"), "x"),
        (("log", 0), [1, 2, 3]),
        (("metrics", "test", "accuracy"), math.nan),
        (("metrics", "test"), None),
        (("confusion", 3), [1] * 9),
        (("confusion", 3, 3), -1),
        (("confusion", 3, 3), 0.5),
        (("mistakes", 0, "top"), [["1", math.inf]]),
        (("mistakes", 0, "label"), 7),
        (("machine", "milliseconds"), None),
        (("layers", 0), "convolution"),
        (("dataset",), {"train": 7}),
    ],
)
def test_a_card_with_a_value_of_the_wrong_kind_is_named(
    folder: Path, place: tuple[str | int, ...], value: object
) -> None:
    card: Any = json.loads((folder / "cnn.json").read_bytes())
    inner = card
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    (folder / "cnn.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        load_card("cnn", folder)


def test_a_number_too_large_for_one_is_damage(folder: Path) -> None:
    text = (folder / "cnn.json").read_text(encoding="utf-8")
    (folder / "cnn.json").write_text(text.replace('"temperature": 1.5', '"temperature": 1e999'), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        load_card("cnn", folder)


def test_a_card_without_end_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_card("cnn", folder)
    monkeypatch.setattr("model.reading.store.MAX_BYTES", 1000)
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        load_card("cnn", folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_weights_that_are_a_pipe_are_not_waited_for(folder: Path) -> None:
    (folder / "cnn.safetensors").unlink()
    os.mkfifo(folder / "cnn.safetensors")
    with pytest.raises(WeightsError, match=r"cnn\.safetensors is damaged or doesn't belong"):
        load_file(load_card("cnn", folder), ".safetensors", folder)


def test_a_truncated_card_is_named(folder: Path) -> None:
    text = (folder / "cnn.json").read_bytes()
    (folder / "cnn.json").write_bytes(text[: len(text) // 2])
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        load_card("cnn", folder)


def test_a_card_with_an_unknown_field_is_damaged(folder: Path) -> None:
    text = (folder / "cnn.json").read_text(encoding="utf-8")
    (folder / "cnn.json").write_text(text.replace('"parameters"', '"parametres"'), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        load_card("cnn", folder)


@pytest.mark.parametrize(
    "name", ["nothing", "", ".", "CNN", "../weights/cnn", "../x", "/cnn", "cnn.json", "cnn\n", "cnn\0", "c" * 300, "*"]
)
def test_there_is_no_model_of_another_name(folder: Path, name: str) -> None:
    with pytest.raises(WeightsError) as caught:
        load_card(name, folder)
    assert str(caught.value) == f"there are no weights of a model {name!r} in {folder}: there is cnn"


def test_a_folder_without_models_says_so(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="there is none at all"):
        load_card("cnn", tmp_path / "nothing")


def test_weights_of_an_architecture_that_is_gone_are_refused(folder: Path) -> None:
    with pytest.raises(WeightsError, match="there is no model 'old'"):
        load_network(replace(load_card("cnn", folder), model="old"), folder)


# Which models there are


def test_the_default_model_comes_first_then_the_most_accurate(tmp_path: Path) -> None:
    for name, accuracy in (("mlp", 0.98), ("logistic", 0.92), ("cnn", 0.95), ("keras-cnn", 0.99)):
        save_with(tmp_path, name, accuracy)
    assert trained_models(tmp_path) == ("cnn", "keras-cnn", "mlp", "logistic")


def test_without_the_default_model_the_most_accurate_comes_first(tmp_path: Path) -> None:
    save_with(tmp_path, "logistic", 0.92)
    save_with(tmp_path, "mlp", 0.98)
    assert trained_models(tmp_path) == ("mlp", "logistic")


def test_models_as_accurate_as_each_other_stand_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mlp", "logistic", "keras-cnn"):
        save_with(tmp_path, name, 0.98)
    paths = [tmp_path / f"{name}.json" for name in ("mlp", "keras-cnn", "logistic")]
    monkeypatch.setattr("pathlib.Path.glob", lambda *_: iter(paths))
    assert trained_models(tmp_path) == ("keras-cnn", "logistic", "mlp")


def test_a_folder_that_is_not_there_has_no_models(tmp_path: Path) -> None:
    assert trained_models(tmp_path / "nothing") == ()


@pytest.mark.parametrize("metrics", [{}, {"test": {}}, {"test": None}])
def test_a_model_of_unknown_accuracy_has_a_damaged_card(tmp_path: Path, metrics: dict[str, object]) -> None:
    save_model(tmp_path, replace(CARD, metrics=metrics), {})
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        trained_models(tmp_path)


def test_one_damaged_card_is_named(folder: Path) -> None:
    (folder / "mlp.json").write_text(json.dumps({"model": "mlp"}), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"mlp\.json is damaged"):
        trained_models(folder)
