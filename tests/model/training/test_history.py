"""A training that is kept to be replayed: which moments, through an interruption, beside weights that stay."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.data.digits import DataSet
from model.networks.registry import preset
from model.reading.history import SUFFIX, load_history, unpacked
from model.reading.store import WEIGHTS, load_card
from model.training import history
from model.training.fit import FitResult, fit
from model.training.history import history_of
from model.training.publish import publish
from tests.helpers.running import ROOT

SETTINGS = replace(preset("logistic"), epochs=2, batch_size=50)


def trained(extract: DataSet, path: Path, epochs: int = 2, *, resume: bool = False) -> FitResult:
    return fit(extract.train[:300], {"validation": extract.validation}, replace(SETTINGS, epochs=epochs), path, resume)


def test_early_batches_and_every_epoch_are_kept(extract: DataSet, tmp_path: Path) -> None:
    result = trained(extract, tmp_path / "run")
    assert result.moments == [(0, 0), (1, 50), (2, 100), (5, 250), (6, 300), (12, 600)]
    assert torch.equal(result.snapshots["12.1.weight"], result.network.state_dict()["1.weight"].half())
    assert not torch.equal(result.snapshots["5.1.weight"], result.snapshots["6.1.weight"])


def test_nothing_is_kept_of_a_model_without_early_moments(extract: DataSet, tmp_path: Path) -> None:
    settings = replace(preset("perceptron"), epochs=1)
    result = fit(extract.train[:100], {"validation": extract.validation}, settings, tmp_path / "run")
    assert (result.moments, result.snapshots) == ([], {})
    assert history_of(result, b"", extract.test) == b""


def test_a_run_that_goes_on_keeps_what_was_before(extract: DataSet, tmp_path: Path) -> None:
    trained(extract, tmp_path / "run", epochs=1)
    longer, whole = trained(extract, tmp_path / "run", resume=True), trained(extract, tmp_path / "other")
    assert longer.moments == whole.moments
    assert sorted(longer.snapshots) == sorted(whole.snapshots)
    assert all(torch.equal(longer.snapshots[name], whole.snapshots[name]) for name in whole.snapshots)


def test_a_run_without_its_beginning_has_no_history(extract: DataSet, tmp_path: Path) -> None:
    result = trained(extract, tmp_path / "run")
    assert history_of(replace(result, moments=result.moments[1:]), b"", extract.test) == b""


def test_a_published_model_has_the_history_of_its_own_weights(extract: DataSet, tmp_path: Path) -> None:
    result = trained(extract, tmp_path / "run")
    card = publish(result, extract, SETTINGS, tmp_path / "weights", plot=False)
    made = load_history(card, tmp_path / "weights")
    assert made.is_of(card)
    assert [(moment.batches, moment.digits) for moment in made.moments] == result.moments
    assert made.moments[-1].right > made.moments[0].right
    assert abs(made.moments[-1].right - card.metrics["test"]["right"]) <= 3  # of 200; they are rounded


@pytest.mark.slow
def test_a_history_is_added_and_the_weights_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = load_card("logistic")
    for file in (*before.sha256, "logistic.json"):
        shutil.copy(WEIGHTS / file, tmp_path)
    monkeypatch.setattr(history, "Settings", lambda **_: SETTINGS)
    status = history.main(["--model", "logistic", "--data", str(ROOT / "tests" / "data"), "--out", str(tmp_path)])
    assert status == 0
    card = load_card("logistic", tmp_path)
    assert replace(card, sha256=before.sha256) == before
    content = (tmp_path / f"logistic{SUFFIX}").read_bytes()
    assert hashlib.sha256(content).hexdigest() == card.sha256[f"logistic{SUFFIX}"]
    assert {name for name in card.sha256 if card.sha256[name] != before.sha256[name]} == {f"logistic{SUFFIX}"}
    assert not unpacked(content).is_of(card)
    assert capsys.readouterr().out.splitlines()[-1].endswith("its last weights are not those of the model's file")
