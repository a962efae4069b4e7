from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from model.evaluate import DISPUTED, Evaluation, calibration_error, main, report, wilson_interval
from model.store import Mistake
from tests.conftest import ROOT

EXTRACT = str(ROOT / "tests" / "data")


def scores(*answers: tuple[int, float]) -> Tensor:
    """One row for each (digit, confidence); the digit after it gets two thirds of the rest."""
    rows = torch.zeros(len(answers), 10)
    for row, (digit, confidence) in zip(rows, answers, strict=True):
        rest = 1 - confidence
        row[digit], row[(digit + 1) % 10], row[(digit + 2) % 10] = confidence, rest * 2 / 3, rest / 3
    return rows


@pytest.fixture
def evaluation() -> Evaluation:
    """A 7 read right, a 2 read as 4, a 2 read right, a 9 read surely as 0."""
    return Evaluation(scores((7, 0.9), (4, 0.7), (2, 0.8), (0, 0.97)), torch.tensor([7, 2, 2, 9]))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [
        (9963, 10_000, 0.9949, 0.9973),
        (5, 10, 0.2366, 0.7634),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 1, 0.2065, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson_s_interval(right: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(right, total) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("total", [1, 3, 10, 77, 200, 10_000])
def test_an_interval_of_shares_holds_no_other_numbers(total: int) -> None:
    for right in (0, 1, total // 2, total):
        low, high = wilson_interval(right, total)
        assert 0 <= low < high <= 1


@pytest.mark.parametrize(
    ("answers", "labels", "error"),
    [
        ([(1, 1.0), (2, 1.0)], [1, 2], 0.0),
        ([(1, 1.0), (2, 1.0)], [0, 0], 1.0),
        ([(1, 0.75)] * 4, [1, 1, 1, 0], 0.0),
        ([(1, 0.75)] * 4, [1, 1, 1, 1], 0.25),
        ([(1, 0.75)] * 2 + [(1, 0.5)] * 2, [1, 1, 0, 0], 0.375),  # two bins: 0.25 over, 0.5 under
        ([(1, 0.5), (1, 0.5), (1, 1.0), (1, 1.0)], [1, 0, 1, 0], 0.25),
    ],
)
def test_calibration_error(answers: list[tuple[int, float]], labels: list[int], error: float) -> None:
    assert calibration_error(scores(*answers), torch.tensor(labels)) == pytest.approx(error, abs=1e-6)


def test_the_right_ones_are_counted(evaluation: Evaluation) -> None:
    assert evaluation.answers.tolist() == [7, 4, 2, 0]
    assert evaluation.right == 2


def test_confusion_has_a_row_for_each_truth(evaluation: Evaluation) -> None:
    cells = {(row, column): n for row, line in enumerate(evaluation.confusion) for column, n in enumerate(line) if n}
    assert cells == {(7, 7): 1, (2, 2): 1, (2, 4): 1, (9, 0): 1}
    assert [len(line) for line in evaluation.confusion] == [10] * 10


def test_mistakes_come_the_most_confident_first(evaluation: Evaluation) -> None:
    assert evaluation.mistakes == [
        Mistake(3, "9", [("0", 0.97), ("1", 0.02), ("2", 0.01)], disputed=False),
        Mistake(1, "2", [("4", 0.7), ("5", 0.2), ("6", 0.1)], disputed=False),
    ]


def test_disputed_digits_are_marked() -> None:
    first = min(DISPUTED)
    all_wrong = Evaluation(scores((1, 0.9)).expand(first + 1, 10), torch.zeros(first + 1, dtype=torch.int64))
    assert [mistake.index for mistake in all_wrong.mistakes if mistake.disputed] == [first]
    lines = report(all_wrong).splitlines()
    assert [line for line in lines if "(disputed)" in line] == [
        f"digit {first}: a 0 read as 1 90.0%, 2 6.7%, 3 3.3%  (disputed)"
    ]


def test_a_summary_of_four_digits(evaluation: Evaluation) -> None:
    assert evaluation.summary() == {
        "right": 2,
        "total": 4,
        "accuracy": 0.5,
        "interval": wilson_interval(2, 4),
        "calibration_error": pytest.approx((0.1 + 0.7 + 0.2 + 0.97) / 4),
    }


def test_a_report_of_four_digits(evaluation: Evaluation) -> None:
    lines = report(evaluation).splitlines()
    assert lines[0] == "accuracy = 2 / 4 = 50.00%  (95 % interval 15.00% to 85.00%)"
    assert lines[1] == "calibration error = 49.25%"
    assert lines[3].split() == ["true", "\\", "read", *"0123456789"]
    assert lines[6].split() == ["2", *"0010100000"]
    assert lines[-2:] == [
        "digit 3: a 9 read as 0 97.0%, 1 2.0%, 2 1.0%",
        "digit 1: a 2 read as 4 70.0%, 5 20.0%, 6 10.0%",
    ]


@pytest.fixture
def figures(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the command prints of the extract as JSON."""
    status, out, err = run(capsys, "--data", EXTRACT, "--json")
    assert (status, err, out.count("\n")) == (0, "", 1)
    parsed: dict[str, Any] = json.loads(out)
    return parsed


def test_json_figures_agree_with_each_other(figures: dict[str, Any]) -> None:
    assert figures["total"] == sum(map(sum, figures["confusion"])) == 200
    assert figures["right"] == sum(figures["confusion"][digit][digit] for digit in range(10))
    assert figures["accuracy"] == figures["right"] / 200 > 0.9
    assert len(figures["mistakes"]) == 200 - figures["right"]


def test_the_human_report_has_the_same_figures(figures: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "--data", EXTRACT)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    low, high = figures["interval"]
    assert lines[0] == (
        f"accuracy = {figures['right']} / 200 = {figures['accuracy']:.2%}  (95 % interval {low:.2%} to {high:.2%})"
    )
    assert [[int(cell) for cell in line.split()[1:]] for line in lines[4:14]] == figures["confusion"]
    assert [int(line.split(":")[0].removeprefix("digit ")) for line in lines[15:]] == [
        mistake["index"] for mistake in figures["mistakes"]
    ]


def test_the_command_runs_as_a_module() -> None:
    command = [sys.executable, "-W", "error", "-m", "model.evaluate", "--data", EXTRACT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("accuracy = ")


def test_missing_data_is_one_line_and_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", ["http://127.0.0.1:9/"])
    status, _, err = run(capsys, "--data", str(tmp_path / "nothing"))
    assert status == 2
    assert err.startswith(f"error: MNIST isn't in {tmp_path / 'nothing'} and can't be downloaded")
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", ["nothing", "../weights/cnn"])
def test_an_unknown_model_is_one_line_and_status_2(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "--model", name, "--data", EXTRACT)
    assert (status, out) == (2, "")
    assert err.startswith(f"error: there are no weights of a model {name!r}")
    assert err.count("\n") == 1
