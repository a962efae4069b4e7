from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

from model import export
from model.data.digits import DataSet
from model.errors import PackageError, WeightsError
from model.reading.store import WEIGHTS, load_card, load_forward, trained_models
from tests.helpers.running import ROOT

#: Torch takes a second or more for each file that it writes.
pytestmark = pytest.mark.slow

Ink = NDArray[np.float32]


def as_ink(data: DataSet) -> Ink:
    return data.test.images.numpy().astype(np.float32) / np.float32(255)


@lru_cache
def exported(name: str, half: bool = False) -> bytes:
    return export.to_onnx(load_card(name), half=half)


@pytest.fixture(scope="module")
def ink(extract: DataSet) -> Ink:
    return as_ink(extract)


@pytest.mark.parametrize("half", [False, True], ids=["full", "half"])
@pytest.mark.parametrize("name", trained_models())
def test_onnx_runtime_gives_the_pages_logits_whatever_the_number_of_digits(name: str, half: bool, ink: Ink) -> None:
    own = load_forward(load_card(name))(ink)
    for count in (1, 7, len(ink)):
        given = export.session_of(exported(name, half))(ink[:count])
        np.testing.assert_allclose(given, own[:count], rtol=0, atol=export.TOLERANCE)
        np.testing.assert_array_equal(given[:, :10].argmax(1), own[:count, :10].argmax(1))


@pytest.mark.mnist
def test_all_of_the_test_set_is_read_as_the_card_says(mnist: DataSet) -> None:
    card, ink = load_card("cnn"), as_ink(mnist)
    assert len(ink) == 10_000
    assert export.check(exported("cnn", True), card, ink) <= export.TOLERANCE
    run = export.session_of(exported("cnn", True))
    answers = np.concatenate([run(batch)[:, :10].argmax(1) for batch in np.split(ink, 10)])
    assert int((answers == mnist.test.labels.numpy()).sum()) == card.metrics["test"]["right"]


def test_half_precision_takes_at_most_a_megabyte_and_loses_nothing(ink: Ink) -> None:
    assert len(exported("cnn", True)) <= 1_000_000 < len(exported("cnn"))
    stored = {tensor.name: tensor for tensor in onnx.load_from_string(exported("cnn", True)).graph.initializer}
    assert stored["head.1.weight.half"].data_type == TensorProto.FLOAT16
    assert stored["features.0.1.weight.half"].dims == [32]
    own = load_forward(load_card("cnn"))(ink)
    np.testing.assert_array_equal(
        export.session_of(exported("cnn", True))(ink)[:, :10].argmax(1), own[:, :10].argmax(1)
    )


def test_a_weight_that_half_precision_would_change_stays_as_it_is() -> None:
    exact, other = np.full(20, 0.5, np.float32), np.full(20, 0.1, np.float32)
    few = np.full(export.FEW - 1, 0.5, np.float32)
    tensors = [
        numpy_helper.from_array(value, name) for name, value in (("exact", exact), ("other", other), ("few", few))
    ]
    graph = onnx.helper.make_graph([], "weights", [], [], tensors)
    export.halve(graph)
    assert [(tensor.name, tensor.data_type) for tensor in graph.initializer] == [
        ("exact.half", TensorProto.FLOAT16),
        ("other", TensorProto.FLOAT),
        ("few", TensorProto.FLOAT),
    ]
    assert [(*node.input, *node.output) for node in graph.node] == [("exact.half", "exact")]


def test_the_metadata_tells_how_to_read_with_it() -> None:
    card = load_card("cnn")
    told = {entry.key: entry.value for entry in onnx.load_from_string(exported("cnn")).metadata_props}
    assert json.loads(told["labels"]) == [*"0123456789", "none"]
    assert json.loads(export.metadata(load_card("mlp"))["labels"]) == [*"0123456789"]
    assert [float(told[key]) for key in ("temperature", "unsure_below", "no_digit_below")] == [
        card.temperature,
        card.unsure_below,
        card.no_digit_below,
    ]
    assert "20x20" in told["preprocessing"]
    assert told["weights"] == card.sha256["cnn.safetensors"]


def test_the_file_tells_nothing_of_the_machine_that_it_was_made_on() -> None:
    for half in (False, True):
        assert str(ROOT).encode() not in exported("cnn", half)
        assert b"site-packages" not in exported("cnn", half)


def test_a_file_that_reads_otherwise_is_refused() -> None:
    quick, other = load_card("quick"), exported("tutorial-cnn")
    with pytest.raises(WeightsError, match="of 200 digits otherwise than quick does") as caught:
        export.check(other, quick, export.ink_of())
    most = caught.value.values["most"]
    assert isinstance(most, float)
    assert most > export.TOLERANCE
    assert export.check(exported("tutorial-cnn"), load_card("tutorial-cnn"), export.ink_of()) <= export.TOLERANCE


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    mlp = load_card("mlp")
    (tmp_path / "logistic.safetensors").write_bytes((WEIGHTS / "mlp.safetensors").read_bytes())
    card = replace(mlp, model="logistic", sha256={"logistic.safetensors": mlp.sha256["mlp.safetensors"]})
    with pytest.raises(WeightsError, match="holds weights of another network"):
        export.to_onnx(card, tmp_path)


def test_the_command_writes_a_file_and_says_how_large_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "logistic.onnx"
    assert export.main(["logistic", str(out)]) == 0
    assert capsys.readouterr().out.startswith(f"{out}: 0.03 MB; 200 digits have the page's labels, and its ")
    assert out.read_bytes() == exported("logistic")


def test_it_is_compared_on_the_test_digits_of_a_data_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.onnx"
    for digit in range(10):
        for part in ("train", "test"):
            folder = tmp_path / "set" / part / str(digit)
            folder.mkdir(parents=True)
            shutil.copy(ROOT / "examples" / "7-mnist.png", folder)
    assert export.main(["logistic", str(out), "--data", str(tmp_path / "set")]) == 0
    assert "; 10 digits have the page's labels" in capsys.readouterr().out
    out.write_bytes(b"mine")
    assert export.main(["logistic", str(out), "--data", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {tmp_path} holds no digits")
    assert out.read_bytes() == b"mine"


def test_digits_that_compare_ill_anywhere_are_counted(ink: Ink, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last batch counts as the first one does."""
    right = export.session_of(exported("logistic"))
    monkeypatch.setattr(export, "BATCH", 64)
    monkeypatch.setattr(export, "session_of", lambda _: lambda part: right(part) * np.where(len(part) == 7, -1, 1))
    with pytest.raises(WeightsError, match="reads 7 of 200 digits otherwise"):
        export.check(b"", load_card("logistic"), ink)


def test_an_unknown_model_or_a_place_that_cannot_be_written_is_one_line_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    for arguments, begin in (
        (["nothing", "out.onnx"], "error: there are no weights of a model 'nothing'"),
        (["logistic", str(tmp_path / "file" / "out.onnx")], "error: can't write "),
    ):
        assert export.main(arguments) == 2
        captured = capsys.readouterr()
        assert captured.err.startswith(begin)
        assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "PACKAGES", ("onnx", "no_such_package"))
    with pytest.raises(PackageError, match="this needs no_such_package"):
        export.to_onnx(load_card("logistic"))


@pytest.mark.server
def test_the_command_runs_as_a_module_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "model.export", "mlp", str(tmp_path / "mlp.onnx"), "--half"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert onnx.load(tmp_path / "mlp.onnx").graph.output[0].name == "logits"
