from __future__ import annotations

import re
import subprocess
import sys

import pytest

from model.describe import describe, main
from model.errors import WeightsError
from model.networks.registry import MODELS, build
from tests.helpers.running import ROOT


def row(text: str, start: str) -> list[str]:
    """The cells of the table's row that begins so."""
    (line,) = (line for line in text.splitlines() if line.lstrip("├─│└ ").startswith(start))
    return re.split(r"\s{2,}", line.lstrip("├─│└ "))


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        ("Conv2d: 2-1", "[5, 10, 24, 24]"),
        ("MaxPool2d: 2-2", "[5, 10, 12, 12]"),
        ("Conv2d: 2-4", "[5, 20, 8, 8]"),
        ("MaxPool2d: 2-6", "[5, 20, 4, 4]"),
        ("Flatten: 2-8", "[5, 320]"),
        ("Linear: 2-9", "[5, 50]"),
        ("Linear: 2-12", "[5, 10]"),
    ],
)
def test_a_batch_of_five_has_these_shapes(layer: str, shape: str) -> None:
    assert row(describe("tutorial-cnn"), layer)[1] == shape


@pytest.mark.parametrize(("name", "outputs"), [("cnn", 11), ("keras-cnn", 10), ("mlp", 10), ("perceptron", 10)])
def test_the_last_layer_answers_for_each_of_the_five(name: str, outputs: int) -> None:
    linear = [line for line in describe(name).splitlines() if "Linear" in line]
    assert f" [5, {outputs}] " in linear[-1]


def test_each_parameter_has_its_shape_and_its_count() -> None:
    assert [line.split() for line in describe("tutorial-cnn").splitlines()[-10:-2]] == [
        ["features.0.weight", "10×1×5×5", "250"],
        ["features.0.bias", "10", "10"],
        ["features.3.weight", "20×10×5×5", "5,000"],
        ["features.3.bias", "20", "20"],
        ["head.0.weight", "50×320", "16,000"],
        ["head.0.bias", "50", "50"],
        ["head.3.weight", "10×50", "500"],
        ["head.3.bias", "10", "10"],
    ]


@pytest.mark.parametrize("name", MODELS)
def test_no_parameter_of_any_model_is_left_out(name: str) -> None:
    counts = {parameter: value.numel() for parameter, value in build(name).named_parameters()}
    lines = [line.split() for line in describe(name).splitlines()[-len(counts) - 2 : -2]]
    assert {parameter: int(count.replace(",", "")) for parameter, _, count in lines} == counts


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("cnn", "476,011"),
        ("keras-cnn", "3,274,634"),
        ("tutorial-cnn", "21,840"),
        ("mlp", "203,530"),
        ("perceptron", "23,860"),
        ("logistic", "7,850"),
    ],
)
def test_a_model_has_so_many_parameters(name: str, parameters: str) -> None:
    assert describe(name).splitlines()[-1].startswith(f"{name}: {parameters} parameters, ")


@pytest.mark.parametrize(
    ("name", "macs"),
    [
        ("logistic", 784 * 10 + 10),
        ("perceptron", 784 * 30 + 30 + 30 * 10 + 10),
        ("tutorial-cnn", (25 + 1) * 10 * 24 * 24 + (250 + 1) * 20 * 8 * 8 + 321 * 50 + 51 * 10),
    ],
)
def test_multiplications_and_additions_are_of_one_digit(name: str, macs: int) -> None:
    assert describe(name).endswith(f", {macs:,} multiplications and additions a digit")


def test_there_is_no_description_of_an_unknown_name() -> None:
    with pytest.raises(WeightsError, match="there is no model 'nothing': choose one of cnn, quick, "):
        describe("nothing")


def test_the_command_prints_the_description(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["logistic"])
    captured = capsys.readouterr()
    assert (status, captured.out, captured.err) == (0, describe("logistic") + "\n", "")


def test_an_unknown_name_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["nothing"])
    captured = capsys.readouterr()
    assert (status, captured.out, captured.err.count("\n")) == (2, "", 1)
    assert captured.err.startswith("error: there is no model 'nothing': ")


@pytest.mark.server
def test_the_command_runs_as_a_module() -> None:
    command = [sys.executable, "-W", "error", "-m", "model.describe", "logistic"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("a digit\n")
