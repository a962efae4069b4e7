from __future__ import annotations

import time
from random import Random

import pytest

from model import DigitsError, Recognizer
from tests.fuzz import Report
from tests.helpers import hostile


def answer(source: object) -> str:
    """What the reader says of anything: a status, or a sentence."""
    try:
        return Recognizer.load().read(source).status  # type: ignore[arg-type]
    except DigitsError as error:
        return str(error)


@pytest.mark.parametrize("kind", hostile.MAKERS, ids=lambda kind: kind.__name__)
def test_every_kind_of_hostile_file_is_read_or_refused_in_one_sentence(kind: hostile.Maker) -> None:
    for seed in range(1 if kind is hostile.bomb else 15):
        content = kind(Random(seed))
        started = time.perf_counter()
        said = answer(content)
        assert said
        assert "\n" not in said
        assert time.perf_counter() - started < 2


@pytest.mark.parametrize("drawing", hostile.strokes(), ids=lambda drawing: str(drawing)[:30])
def test_strokes_that_the_pad_never_sends_are_read_or_refused(drawing: object) -> None:
    said = answer(drawing)
    assert said
    assert "\n" not in said


def test_a_report_notices_what_is_slow_silent_or_a_traceback() -> None:
    report = Report()
    report.add("good", 0.1, {"status": "digit", "error": None})
    report.add("refused", 0.1, {"status": None, "error": "no picture"})
    assert report.problems == []
    report.add("slow", 3.0, {"status": "digit", "error": None})
    report.add("silent", 0.1, {"status": None, "error": ""})
    report.add("traceback", 0.1, {"status": None, "error": "Traceback (most recent call last)"})
    report.add("crashed", 0.1, ValueError("500"))
    assert [problem.split(":")[0] for problem in report.problems] == ["slow", "silent", "traceback", "crashed"]
