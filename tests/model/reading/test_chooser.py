from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from model.errors import WeightsError
from model.reading.chooser import FOLDER, Chooser, load_chooser
from model.reading.costs import EACH, LEAVE_BODY, SWALLOWS
from model.reading.parting import best
from model.reading.parts import NO_RIVAL
from model.reading.stance import FEATURES, stances
from model.reading.store import WEIGHTS, load_card
from model.reading.weighing import Weighing
from tests.helpers.inks import block
from tests.helpers.lines import SURE, judge, lattice

WIDTH = FEATURES.index("width")


def narrow_ones_are_none() -> Chooser:
    """Takes 10 from a digit that is narrower than half of its height, for each height that it is narrower."""
    count = len(FEATURES)
    hidden = np.zeros((count, 1))
    hidden[WIDTH, 0] = -1.0
    out = np.array([[-10.0, 0.0]])
    return Chooser(Weighing(FEATURES, np.zeros(count), np.ones(count), hidden, np.array([0.5]), out, np.zeros(2)))


def written(folder: Path, **changes: object) -> Path:
    fields = {"network": "abc", "weighing": narrow_ones_are_none().weighing.to_fields(), **changes}
    (folder / FOLDER).mkdir()
    (folder / FOLDER / "cnn.json").write_text(json.dumps(fields))
    return folder


def test_what_was_learned_is_added_to_what_a_parting_costs() -> None:
    line = lattice(block(0, 0, 10, 40), block(14, 0, 10, 40), log_digits=[SURE, -1.0])
    judge(line, **{"0_2": -0.05})
    assert len(best(line).digits) == 2
    assert len(best(line, narrow_ones_are_none()).digits) == 1


def test_partings_of_other_atoms_are_compared_without_what_was_learned() -> None:
    line = lattice(block(0, 0, 10, 40), block(40, 0, 10, 40))
    assert best(line, narrow_ones_are_none()).log_p == best(line).log_p == pytest.approx(2 * (SURE - EACH))


def test_the_plain_lead_is_over_the_best_other_answer_without_what_was_learned() -> None:
    line = lattice(block(0, 0, 10, 40), block(14, 0, 10, 40), log_digits=[SURE, -1.0])
    judge(line, **{"0_2": -0.05})
    plain, learned = best(line), best(line, narrow_ones_are_none())
    assert (plain.log_p, learned.log_p) == pytest.approx((-1.01 - 0.2, -0.05 - 0.1 - SWALLOWS))
    one_left_out = -0.11 + math.log(1 - math.exp(-1)) - LEAVE_BODY
    assert plain.plain_lead == pytest.approx(plain.log_p - one_left_out)
    assert learned.plain_lead == pytest.approx(learned.log_p - plain.log_p)


def test_where_nothing_rivals_it_the_plain_lead_is_the_greatest() -> None:
    assert best(lattice(block(0, 0, 80, 40), log_digits=[0.0])).plain_lead == NO_RIVAL  # too wide to be left out


def test_where_there_seems_to_be_one_digit_nothing_is_chosen() -> None:
    line = lattice(block(0, 0, 10, 40), block(14, 0, 10, 40), log_digits=[-3.0, -3.0])
    judge(line, **{"0_2": SURE})
    broad_ones_are_none = narrow_ones_are_none()
    broad_ones_are_none.weighing.hidden[WIDTH, 0] = 1.0
    assert len(best(line).digits) == 1
    assert best(line, broad_ones_are_none) == best(line)


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    chooser = load_chooser("cnn", "abc", written(tmp_path))
    assert chooser is not None
    line = lattice(block(0, 0, 10, 40), block(20, 0, 20, 40))
    assert chooser.worths(line) == {(0, 1): (-2.5, 0.0), (1, 2): (0.0, 0.0)}


def test_there_is_none_of_other_weights_or_of_none(tmp_path: Path) -> None:
    assert load_chooser("cnn", "another", written(tmp_path)) is None
    assert load_chooser("mlp", "abc", tmp_path) is None


@pytest.mark.parametrize("weighing", [{}, 7, None, {"names": []}])
def test_a_damaged_one_is_told(weighing: object, tmp_path: Path) -> None:
    with pytest.raises(WeightsError):
        load_chooser("cnn", "abc", written(tmp_path, weighing=weighing))


def test_the_shipped_one_is_of_the_shipped_weights() -> None:
    assert load_chooser("cnn", load_card("cnn").sha256["cnn.safetensors"], WEIGHTS) is not None


def test_a_run_without_a_stance_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.reading.chooser.stances", lambda line, runs: stances(line, runs)[1:])
    with pytest.raises(ValueError, match="shorter"):
        narrow_ones_are_none().worths(lattice(block(0, 0, 10, 40), block(20, 0, 20, 40)))
