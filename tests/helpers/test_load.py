from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from unittest.mock import Mock

import pytest

from tests import load
from tests.helpers.crowd import Figures, Known, Tally, crowd, known_readings, rush
from tests.helpers.server import Server, serving
from tests.helpers.siege import Siege
from tests.helpers.soak import TIDY, departures, handles, remains, soak, visit
from tests.helpers.visitor import RefusedError, drawing

pytestmark = pytest.mark.server

GOOD: dict[str, Figures] = {
    "crowd": {"errors": 0, "mixed up": 0, "ratio": 0.9},
    "rush": {"errors": 0, "mixed up": 0, "told busy": 40},
    "departures": {"errors": 0, "mixed up": 0, "growth": 1.01},
    "soak": {"errors": 0, "mixed up": 0, "growth": 1.04},
    "remains": {"threads": 1, "handles": -1, "uploads": 0, "tracebacks": 0},
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(*TIDY) as started:
        yield started


@pytest.fixture(scope="module")
def known(server: Server) -> list[Known]:
    return known_readings(server, 20)


def test_each_of_a_crowd_gets_its_own_answer(server: Server, known: list[Known]) -> None:
    with serving("-m", "tests.helpers.empty_page") as empty:
        figures = crowd(server, empty, known, clients=8, readings=80)
    assert (figures["answers"], figures["errors"], figures["mixed up"]) == (80, 0, 0)
    assert figures["ratio"] > 0.05  # so few say hardly more than that


def test_everyone_in_a_rush_is_served_or_told_that_the_page_is_busy(server: Server) -> None:
    figures = rush(server, visitors=8)
    assert (figures["answers"], figures["errors"], figures["mixed up"]) == (8, 0, 0)


def test_nothing_remains_of_visitors_who_go_away_and_of_those_who_stay(server: Server, known: list[Known]) -> None:
    before = handles(server)
    parts = {
        "departures": departures(server, known, away=10, loads=20),
        "soak": soak(server, known, visitors=5),
        "remains": remains(server, before),
    }
    assert parts["soak"]["answers"] > 80
    assert [load.judge(part, figures) for part, figures in parts.items()] == [[], [], []]


def test_attacks_are_made_in_turn_while_others_use_the_page_and_one_that_fails_ends_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    begun: list[str] = []

    def refused(_: Server) -> str:
        begun.append("refused")
        raise OSError("no room")

    def enough(_: Server) -> str:
        begun.append("enough")
        if len(begun) > 3:
            siege.end()
        return "told"

    nobody = cast(Server, None)
    siege = Siege(nobody, {"refused": refused, "enough": enough}, every=0.0)
    with siege:
        siege._thread.join()
    assert begun == ["refused", "enough"] * 2
    assert (siege.done, siege.failed) == ({"enough": 2}, ["refused: OSError: no room"] * 2)
    assert "  enough: told\n" in capsys.readouterr().err


def test_drawings_differ_from_one_another() -> None:
    assert len({json.dumps(drawing(number)) for number in range(100)}) == 100


def test_a_tally_notices_errors_and_the_answer_to_another_question(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> None:
        raise RefusedError(500, "no")

    tally = Tally()
    assert tally.ask("4", "4".lower) == "4"
    assert tally.ask(..., "9".lower) == "9"
    assert (tally.mixed_up, tally.errors) == (0, [])
    tally.ask("4", "9".lower)
    tally.ask("4", refuse)
    assert tally.figures() == {"answers": 3, "errors": 1, "mixed up": 1}
    assert capsys.readouterr().err.splitlines()[1:] == ["mixed up: 9 instead of 4"]


def test_a_sentence_instead_of_a_reading_is_an_error_and_nobody_elses_answer() -> None:
    tally = Tally()
    busy: dict[str, object] = {"status": None, "digits": [], "error": "The page is busy."}
    assert tally.ask({"status": "digit"}, dict, busy) is None
    assert (tally.errors, tally.mixed_up) == (["The page is busy."], 0)


def test_about_a_photo_that_could_not_be_uploaded_nothing_is_asked() -> None:
    stranger = Mock()
    stranger.upload.side_effect = RefusedError(507, "full")
    stranger.run.return_value = None
    tally = Tally()
    visit(stranger, "read_several", 0, [({}, {})], tally)
    asked = {call.args[0] for call in stranger.run.call_args_list}
    assert len(tally.errors) == 1
    assert asked.isdisjoint({"show_photo", "explain_1", "predict_image", "read_several"})


@pytest.mark.parametrize("part", GOOD)
def test_good_figures_are_no_problem(part: str) -> None:
    assert load.judge(part, GOOD[part]) == []


@pytest.mark.parametrize(
    ("part", "figure", "value", "problem"),
    [
        ("crowd", "errors", 1, "crowd: errors 1 > 0"),
        ("crowd", "mixed up", 2, "crowd: mixed up 2 > 0"),
        ("crowd", "ratio", 0.84, "crowd: ratio 0.84 < 0.85"),
        ("rush", "told busy", 0, "rush: told busy 0 < 1"),
        ("departures", "growth", 1.06, "departures: growth 1.06 > 1.05"),
        ("soak", "growth", 1.06, "soak: growth 1.06 > 1.05"),
        ("remains", "threads", 40, "remains: threads 40 > 4"),
        ("remains", "handles", 50, "remains: handles 50 > 4"),
        ("remains", "uploads", 1, "remains: uploads 1 > 0"),
        ("remains", "tracebacks", 1, "remains: tracebacks 1 > 0"),
    ],
)
def test_a_figure_that_misses_its_limit_is_a_problem(part: str, figure: str, value: float, problem: str) -> None:
    assert load.judge(part, {**GOOD[part], figure: value}) == [problem]


@pytest.mark.parametrize(("ratio", "status", "said"), [(0.9, 0, "no problem"), (0.5, 1, "crowd: ratio 0.5 < 0.85")])
def test_the_command_tells_figures_and_problems(
    ratio: float,
    status: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def measured(_: argparse.Namespace) -> Iterator[tuple[str, Figures]]:
        yield "crowd", {**GOOD["crowd"], "ratio": ratio}

    monkeypatch.setattr(load, "measure", measured)
    assert load.main(["--json", str(tmp_path / "figures.json")]) == status
    assert capsys.readouterr().out == f"crowd: errors 0, mixed up 0, ratio {ratio}\n{said}\n"
    assert json.loads((tmp_path / "figures.json").read_text())["crowd"]["ratio"] == ratio
