"""Trainings that visitors start: where they may, one at a time, and never for longer than they should."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import psutil
import pytest

import app
from model.data.idx import RAW_FILES
from model.errors import PackageError, SettingsError
from tests.helpers.looping import looped
from tests.helpers.running import ROOT, running
from ui.server import trainer
from ui.server.desk import Desk
from ui.server.events import Events
from ui.server.trainer import Run, Trainer, allowed

EXTRACT = ROOT / "tests" / "data"


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@pytest.fixture
def training() -> Iterator[Trainer]:
    made = Trainer(60.0, EXTRACT)
    yield made
    made.close()


def run_of(training: Trainer) -> Run:
    assert training._run is not None
    return training._run


# Where it is allowed


def test_nobody_trains_unless_the_owner_says_so() -> None:
    assert allowed(None, EXTRACT, share=True) is None


def test_it_is_refused_on_a_space_and_with_a_public_link(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="doesn't go with --share, where anybody may come"):
        allowed(30.0, EXTRACT, share=True)
    monkeypatch.setenv("SPACE_ID", "someone/digits")
    with pytest.raises(SettingsError, match="doesn't go with a Space"):
        allowed(30.0, EXTRACT, share=False)


@pytest.mark.parametrize("seconds", [0.0, -1.0, 121.0, float("nan"), float("inf")])
def test_a_time_out_of_range_is_refused(seconds: float) -> None:
    with pytest.raises(SettingsError, match="--train is"):
        allowed(seconds, EXTRACT, share=False)


def test_without_torch_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.packages.find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(PackageError, match=r"this needs torch, which isn't installed: `pip install"):
        allowed(30.0, EXTRACT, share=False)


@pytest.mark.parametrize("arguments", [["--train", "--share"], ["--train", "0"]])
def test_a_page_that_may_not_train_ends_with_one_line(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.process.stop_signal", lambda: None)
    assert app.main(arguments) == 2
    out, error = capsys.readouterr()
    assert (out, error.count("\n"), error[:14]) == ("", 1, "error: --train")


# What visitors ask


def ask(training: Trainer | None, name: str, **question: Any) -> dict[str, Any]:
    events = Events(cast(Desk, type("Nobody", (), {"ask": None, "each": True})()), training)
    return looped(events.ask_network({"ask": name, **question}))


def test_a_page_without_training_offers_none_and_takes_none() -> None:
    assert ask(None, "training") == {"models": []}
    for name in ("train", "watch", "stop", "compare"):
        assert "asks no such question" in ask(None, name, model="logistic", run="")["problem"]


def test_what_is_no_question_starts_nothing(training: Trainer) -> None:
    assert ask(training, "training") == {"models": ["logistic", "quick"], "seconds": 60.0}
    for model in (None, "cnn", "mlp", 7, ["quick"], {"quick": 1}, "--help"):
        assert "choose one of logistic, quick" in ask(training, "train", model=model)["problem"]
    for name in ("watch", "stop", "compare"):
        for run in (None, 7, "", "é", ["x"], "0" * 12):
            assert "is gone: train it again" in ask(training, name, run=run)["problem"]
    assert training._run is None


# How it goes


@pytest.mark.slow
@pytest.mark.server
def test_one_trains_others_wait_and_the_one_who_began_it_may_stop_it(training: Trainer) -> None:
    name = ask(training, "train", model="logistic")["run"]
    folder, process = run_of(training).file.parent, psutil.Process(run_of(training)._process.pid)
    assert "somebody is training on this machine" in ask(training, "train", model="quick")["problem"]
    assert "is gone" in ask(training, "stop", run=name[:-1] + "!")["problem"]
    assert "is gone" in ask(training, "compare", run=name)["problem"]  # it isn't done
    wait_for(lambda: len(ask(training, "watch", run=name)["points"]) >= 3)
    if hasattr(os, "nice"):
        assert process.nice() > psutil.Process().nice()
    told = ask(training, "watch", run=name, since=2)
    assert (told["state"], told["told"]["data"], told["told"]["learned"]) == ("training", "folder", 550)
    assert told["points"][0]["seconds"] > 0
    assert ask(training, "stop", run=name) == {"state": "stopped"}
    wait_for(lambda: not process.is_running())
    training.close()
    assert not folder.exists()


@pytest.mark.slow
@pytest.mark.server
def test_a_training_ends_when_nobody_watches_or_it_takes_too_long(
    training: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "UNWATCHED", 0.5)
    training.start("logistic")
    wait_for(lambda: run_of(training).state == "stopped" and not run_of(training).under_way)
    monkeypatch.setattr(trainer, "UNWATCHED", 60.0)
    monkeypatch.setattr(trainer, "START", 0.5)
    name = training.start("logistic")["run"]
    wait_for(lambda: run_of(training).state == "failed" and not run_of(training).under_way)
    assert ask(training, "watch", run=name)["problem"] == "the training has ended too early: try again"


@pytest.mark.slow
@pytest.mark.server
def test_what_goes_wrong_in_it_is_told(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for file in RAW_FILES:
        (raw / file).write_bytes(b"7" * 100)
    made = Trainer(1.0, tmp_path)
    name = made.start("logistic")["run"]
    wait_for(lambda: run_of(made).state == "failed")
    assert str(tmp_path) in ask(made, "watch", run=name)["problem"]
    made.close()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
def test_a_training_ends_with_the_page_however_that_ends(name: str) -> None:
    with running("--train", "60", "--data", str(EXTRACT)) as page:
        body = json.dumps({"data": [{"ask": "train", "model": "logistic"}]}).encode()
        request = urllib.request.Request(
            f"{page.url}/gradio_api/run/inside", body, {"Content-Type": "application/json"}
        )
        assert json.load(urllib.request.urlopen(request))["data"][0]["run"]
        children = psutil.Process(page.process.pid).children(recursive=True)
        process = next(child for child in children if "model.training.live" in child.cmdline())
        page.end(getattr(signal, name))
        wait_for(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)
