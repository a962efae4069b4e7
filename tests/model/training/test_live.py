"""A training of some seconds, as whoever starts it sees it."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from model.data.digits import DataSet
from model.errors import DataError
from model.networks.registry import preset
from model.reading.forward import Forward
from model.reading.store import load_card
from model.settings import Settings
from model.training import live
from model.training.live import MEASUREMENTS, data_of, train_for
from tests.helpers.running import ROOT

EXTRACT = ROOT / "tests" / "data"


def ticking(step: float) -> Iterator[float]:
    """A clock that goes on by a step each time that it is looked at."""
    now = 0.0
    while True:
        yield now
        now += step


def told(extract: DataSet, model: str, seconds: float, step: float) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = []
    clock = ticking(step)
    train_for(seconds, extract.train, extract.test, preset(model), points.append, lambda: next(clock))
    return points


def test_a_network_learns_while_its_time_runs(extract: DataSet) -> None:
    points = told(extract, "logistic", 10.0, 0.05)
    assert (points[0]["seconds"], points[0]["digits"], points[-1]["seconds"]) == (0.05, 0, 10.0)
    assert points[-1]["loss"] < points[0]["loss"] / 2
    assert points[-1]["right"] > 150 > points[0]["right"]
    assert {point["total"] for point in points} == {200}


def test_it_is_measured_evenly_and_no_more_often_than_it_should_be(extract: DataSet) -> None:
    points = told(extract, "logistic", 10.0, 0.01)
    gaps = [after["seconds"] - before["seconds"] for before, after in itertools.pairwise(points)]
    assert len(points) <= MEASUREMENTS + 1
    assert max(gaps) < 2 * 10.0 / MEASUREMENTS
    assert len(told(extract, "logistic", 10.0, 4.0)) == 3  # a slow one, whenever it gets there


def test_the_rate_goes_up_and_down_with_the_time(extract: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[int, int]] = []

    def rate(step: int, total: int, _: Settings) -> float:
        steps.append((step, total))
        return 0.0

    monkeypatch.setattr(live, "learning_rate", rate)
    told(extract, "quick", 10.0, 2.5)
    assert steps == [(2500, 10_000), (5000, 10_000), (7500, 10_000)]


def test_digits_come_from_the_folder_or_else_from_what_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert data_of(EXTRACT)[1] == "folder"
    data, name = data_of(tmp_path)
    assert (name, len(data.train)) == ("extract", 550)
    monkeypatch.setattr(live, "EXTRACT", tmp_path)
    with pytest.raises(DataError, match="holds no digits"):
        data_of(tmp_path)


def command(tmp_path: Path, *, seconds: str = "0.5", model: str = "logistic") -> list[str]:
    options = {"model": model, "seconds": seconds, "data": str(EXTRACT), "out": str(tmp_path / "w.safetensors")}
    return [sys.executable, "-m", "model.training.live", *(f"--{name}={value}" for name, value in options.items())]


def started(folder: Path, **changes: str) -> subprocess.Popen[bytes]:
    """That command, running."""
    return subprocess.Popen(command(folder, **changes), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


@pytest.mark.slow
@pytest.mark.server
def test_the_command_tells_line_by_line_and_leaves_weights_that_read(extract: DataSet, tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    with started(tmp_path) as process:
        assert process.stdout is not None
        first, *points, last = [json.loads(line) for line in process.stdout]
    assert first == {"data": "folder", "learned": 550, "measured": 200}
    assert points[-1]["right"] > points[0]["right"]
    assert last == {"done": True}
    network = Forward(load_card("logistic").layers, load_file(tmp_path / "w.safetensors"))
    ink = np.asarray(extract.test.images.numpy() / 255, np.float32)
    read = torch.from_numpy(network(ink)).argmax(1)
    assert int((read == extract.test.labels).sum()) == points[-1]["right"]


@pytest.mark.slow
@pytest.mark.server
def test_it_ends_when_whoever_started_it_is_gone(tmp_path: Path) -> None:
    with started(tmp_path, seconds="60") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        process.stdin.close()
        assert process.wait(timeout=30) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.server
def test_a_model_that_is_none_is_told_by_its_key(tmp_path: Path) -> None:
    with started(tmp_path, model="nothing") as process:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        process.wait(timeout=30)
    assert (line["error"], line["values"]["name"], process.returncode) == ("no-model", "nothing", 2)
