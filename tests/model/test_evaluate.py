from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from model.data.digits import DataSet, Digits
from model.evaluate import (
    DISPUTED,
    MNIST_TEST,
    Evaluation,
    as_json,
    calibration_error,
    evaluate,
    main,
    report,
    wilson_interval,
)
from model.networks.registry import MODELS
from model.reading.store import WEIGHTS, Mistake, trained_models
from tests.helpers.running import ROOT

EXTRACT = str(ROOT / "tests" / "data")
SEVEN = ROOT / "examples" / "7-mnist.png"
FOUR_NAMES = ("7/a.png", "2/b.png", "2/c.png", "9/d.png")


class Fixed(nn.Module):
    """Whatever it sees, gives most to "no digit", then to 1, then to 2."""

    def forward(self, ink: Tensor) -> Tensor:
        return torch.tensor([0.0, 4, 2, 0, 0, 0, 0, 0, 0, 0, 99]).expand(len(ink), 11)


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


def test_precision_and_recall_are_none_where_there_is_nothing_to_share(evaluation: Evaluation) -> None:
    known = {digit: list(of.values()) for digit, of in enumerate(evaluation.per_class()) if set(of.values()) != {None}}
    assert known == {0: [0.0, None], 2: [1.0, 0.5], 4: [0.0, None], 7: [1.0, 1.0], 9: [None, 0.0]}
    assert evaluation.per_class()[2] == {"precision": 1.0, "recall": 0.5}
    assert evaluation.per_class()[8] == {"precision": None, "recall": None}


def test_precision_is_of_the_answers_and_recall_of_the_truth() -> None:
    answers = [3, 3, 3, 3, 5, 5]
    threes = Evaluation(scores(*((answer, 0.9) for answer in answers)), torch.tensor([3, 3, 3, 5, 3, 5]))
    assert threes.per_class()[3] == {"precision": 0.75, "recall": 0.75}
    assert threes.per_class()[5] == {"precision": 0.5, "recall": 0.5}


@pytest.mark.parametrize(
    ("total", "names", "marked"),
    [
        (MNIST_TEST, (), sorted(DISPUTED)),
        (MNIST_TEST - 1, (), []),
        (MNIST_TEST + 1, (), []),
        (MNIST_TEST, ("a.png",) * MNIST_TEST, []),
    ],
    ids=["MNIST's own", "one less", "one more", "pictures"],
)
def test_only_mnist_s_own_digits_are_disputed(total: int, names: tuple[str, ...], marked: list[int]) -> None:
    all_wrong = Evaluation(scores((1, 0.9)).expand(total, 10), torch.zeros(total, dtype=torch.int64), names)
    assert sorted(mistake.index for mistake in all_wrong.mistakes if mistake.disputed) == marked


def test_a_disputed_digit_is_marked_in_the_report() -> None:
    first = min(DISPUTED)
    labels = torch.ones(MNIST_TEST, dtype=torch.int64)
    labels[[first, first + 1]] = 0
    lines = report(Evaluation(scores((1, 0.9)).expand(MNIST_TEST, 10), labels)).splitlines()
    assert sorted(lines[:2]) == [
        f"predicted 1, true 0: digit {first}  (1 90.0 %, 2 6.7 %, 3 3.3 %)  disputed",
        f"predicted 1, true 0: digit {first + 1}  (1 90.0 %, 2 6.7 %, 3 3.3 %)",
    ]


def test_a_summary_of_four_digits(evaluation: Evaluation) -> None:
    assert evaluation.summary() == {
        "right": 2,
        "total": 4,
        "accuracy": 0.5,
        "interval": wilson_interval(2, 4),
        "calibration_error": pytest.approx((0.1 + 0.7 + 0.2 + 0.97) / 4),
    }


def test_a_report_ends_with_the_test_accuracy(evaluation: Evaluation) -> None:
    assert report(evaluation).splitlines()[-2:] == [
        "calibration error = 49.25%",
        "test accuracy = 2 / 4 = 0.5000  (95 % interval 0.1500 to 0.8500)",
    ]


def test_a_report_begins_with_the_wrong_cases(evaluation: Evaluation) -> None:
    assert report(evaluation).splitlines()[:3] == [
        "predicted 0, true 9: digit 3  (0 97.0 %, 1 2.0 %, 2 1.0 %)",
        "predicted 4, true 2: digit 1  (4 70.0 %, 5 20.0 %, 6 10.0 %)",
        "",
    ]


def test_wrong_cases_tell_their_files(evaluation: Evaluation) -> None:
    lines = report(replace(evaluation, names=FOUR_NAMES)).splitlines()
    assert lines[0].startswith("predicted 0, true 9: 9/d.png  (")
    assert lines[1].startswith("predicted 4, true 2: 2/b.png  (")


def test_a_report_has_a_row_for_each_digit(evaluation: Evaluation) -> None:
    lines = report(evaluation).splitlines()
    assert lines[3].split() == ["true", "\\", "read", *"0123456789", "precision", "recall"]
    assert lines[6].split() == ["2", *"0010100000", "1.0000", "0.5000"]
    assert lines[12].split() == ["8", *"0000000000", "–", "–"]
    assert lines[13].split() == ["9", *"1000000000", "–", "0.0000"]


def test_json_names_the_files_of_wrong_cases(evaluation: Evaluation) -> None:
    assert [wrong["name"] for wrong in as_json(evaluation)["mistakes"]] == [None, None]
    named = as_json(replace(evaluation, names=FOUR_NAMES))
    assert [wrong["name"] for wrong in named["mistakes"]] == ["9/d.png", "2/b.png"]
    assert named["mistakes"][0]["top"] == [("0", 0.97), ("1", 0.02), ("2", 0.01)]


def test_no_digit_isn_t_an_answer_and_the_temperature_divides_the_logits(extract: DataSet) -> None:
    two = evaluate(Fixed(), extract.test[:2], temperature=2.0)
    assert two.scores.shape == (2, 10)
    assert two.scores[0, 1] / two.scores[0, 2] == pytest.approx(2.71828, abs=1e-3)
    assert (two.answers.tolist(), two.labels.tolist()) == ([1, 1], [7, 2])


def test_what_is_evaluated_keeps_its_names(extract: DataSet) -> None:
    digits = Digits(extract.test.images[:1], extract.test.labels[:1], ("a.png",))
    assert evaluate(Fixed(), digits).names == ("a.png",)


# The command


@pytest.fixture
def figures(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the command prints of the extract as JSON."""
    status, out, err = run(capsys, "--data", EXTRACT, "--json")
    assert (status, err, out.count("\n")) == (0, "", 1)
    parsed: dict[str, Any] = json.loads(out)
    return parsed


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder whose test part holds a 7, and the same 7 as a 3."""
    for name in ("test/7/a.png", "test/3/b.png", "train/7/c.png"):
        (tmp_path / "own" / name).parent.mkdir(parents=True)
        shutil.copy(SEVEN, tmp_path / "own" / name)
    return tmp_path / "own"


def test_json_figures_agree_with_each_other(figures: dict[str, Any]) -> None:
    assert figures["total"] == sum(map(sum, figures["confusion"])) == 200
    assert figures["right"] == sum(figures["confusion"][digit][digit] for digit in range(10))
    assert figures["accuracy"] == figures["right"] / 200 > 0.9
    assert len(figures["mistakes"]) == 200 - figures["right"]
    assert [of["recall"] for of in figures["per_class"]] == [
        row[digit] / sum(row) for digit, row in enumerate(figures["confusion"])
    ]


def test_the_human_report_has_the_same_figures(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--data", EXTRACT, "--model", "logistic", "--json")
    figures = json.loads(out)
    status, out, err = run(capsys, "--data", EXTRACT, "--model", "logistic")
    assert (status, err) == (0, "")
    wrong, table, accuracy = (part.splitlines() for part in out.split("\n\n"))
    assert [line.split("  (")[0] for line in wrong] == [
        f"predicted {mistake['top'][0][0]}, true {mistake['label']}: digit {mistake['index']}"
        for mistake in figures["mistakes"]
    ]
    assert [[int(cell) for cell in line.split()[1:11]] for line in table[1:]] == figures["confusion"]
    assert accuracy[-1].startswith(f"test accuracy = {figures['right']} / 200 = {figures['accuracy']:.4f}  (")


def test_all_models_are_evaluated_one_after_another(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "--model", "all", "--data", EXTRACT)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert [line for line in lines if line in MODELS] == list(trained_models())
    assert sum(line.startswith("test accuracy = ") for line in lines) == len(MODELS)


def test_all_models_are_one_object_for_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "--model", "all", "--data", EXTRACT, "--json")
    assert (status, err, out.count("\n")) == (0, "", 1)
    figures = json.loads(out)
    assert set(figures) == set(MODELS)
    assert {of["total"] for of in figures.values()} == {200}
    assert min(of["accuracy"] for of in figures.values()) > 0.8


@pytest.mark.parametrize(
    ("part", "total"),
    [("test", 200), ("all", 800), ("validation", 50), ("redrawn", 200), ("degraded", 100)],
)
def test_a_part_of_the_digits_or_all_of_them(part: str, total: int, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--model", "logistic", "--data", EXTRACT, "--part", part, "--json")
    assert (status, json.loads(out)["total"]) == (0, total)


def test_a_wrong_picture_is_told_by_its_path(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "--model", "logistic", "--data", str(pictures))
    assert (status, err) == (0, "")
    assert out.startswith(f"predicted 7, true 3: {pictures / 'test' / '3' / 'b.png'}  (7 ")
    assert "\ntest accuracy = 1 / 2 = 0.5000  (" in out


def test_weights_may_lie_in_another_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("logistic.json", "logistic.safetensors"):
        shutil.copy(WEIGHTS / name, tmp_path / name)
    status, out, _ = run(capsys, "--model", "all", "--weights", str(tmp_path), "--data", EXTRACT, "--json")
    assert (status, list(json.loads(out))) == (0, ["logistic"])


@pytest.mark.parametrize("name", ["all", "logistic"])
def test_a_folder_without_weights_is_one_line_and_status_2(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, "--model", name, "--weights", str(tmp_path), "--data", EXTRACT)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("error: there are no weights")


def test_missing_weights_are_one_line_and_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(WEIGHTS / "logistic.json", tmp_path)
    status, out, err = run(capsys, "--model", "logistic", "--weights", str(tmp_path), "--data", EXTRACT)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"error: {tmp_path / 'logistic.safetensors'} is missing")


def test_an_unreadable_picture_is_one_line_and_status_2(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pictures / "test" / "3" / "b.png").write_bytes(b"no picture")
    status, out, err = run(capsys, "--model", "logistic", "--data", str(pictures))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("error: ")
    assert f"{pictures / 'test' / '3' / 'b.png'} is damaged or no picture" in err


@pytest.mark.server
def test_the_command_runs_as_a_module() -> None:
    command = [sys.executable, "-W", "error", "-m", "model.evaluate", "--data", EXTRACT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("test accuracy = ")


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
