"""Visitors who come at once: to have drawings read, and for the queue."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.helpers.empty_page import READING
from tests.helpers.running import ROOT
from tests.helpers.server import Server
from tests.helpers.visitor import BusyError, Visitor, drawing

Figures = dict[str, float]
#: A drawing, and what it is read as when nobody else asks.
Known = tuple[dict[str, Any], dict[str, Any]]
#: More drawings than a small cache of readings holds, asked for in turn: else it is the cache that is measured.
DRAWINGS = 100
#: Turns of the empty page and ours, so that both meet what else the machine does.
TURNS = 4
#: Who comes for the queue, each with so many files that they come faster than they are served.
RUSH, RUSH_FILES = 64, 5

#: So many errors, and answers to other questions, are shown.
SHOWN = 3


@dataclass
class Tally:
    """What visitors were answered, and how fast."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mixed_up: int = 0
    wrong: list[str] = field(default_factory=list)

    def ask(self, expected: object, question: Callable[..., Any], *values: Any) -> Any:
        """Ask, and compare the answer with the one that belongs to the question; ``...`` stands for any answer."""
        started = time.perf_counter()
        try:
            answer = question(*values)
        except Exception as error:  # whatever it is, the visitor has no answer
            self.errors.append(f"{type(error).__name__}: {error}"[:200])
            return None
        self.seconds.append(time.perf_counter() - started)
        if isinstance(answer, dict) and answer.get("error"):  # a sentence instead of a reading: nobody else's answer
            self.errors.append(str(answer["error"])[:200])
            return None
        if expected is not ...:
            self.compare(answer, expected)
        return answer

    def compare(self, answer: object, expected: object) -> None:
        """Count an answer that isn't the one that belongs to the question, and keep it to be shown."""
        if answer != expected:
            self.mixed_up += 1
            if len(self.wrong) < SHOWN:
                self.wrong.append(f"mixed up: {str(answer)[:200]} instead of {str(expected)[:200]}")

    def figures(self) -> Figures:
        """What every part reports; the first errors and wrong answers are shown."""
        for error in self.errors[:SHOWN] + self.wrong:
            print(error, file=sys.stderr)
        return {"answers": len(self.seconds), "errors": len(self.errors), "mixed up": self.mixed_up}


def known_readings(server: Server, drawings: int = DRAWINGS) -> list[Known]:
    """Drawings of all digits with their readings, found one after another."""
    asked = [drawing(number) for number in range(drawings)]
    with Visitor(server) as visitor:
        readings = [visitor.run("predict_strokes", strokes, "cnn") for strokes in asked]
    assert len({str(reading) for reading in readings}) == drawings, "two that are alike could be mixed up unnoticed"
    return list(zip(asked, readings, strict=True))


def crowd(ours: Server, empty: Server, known: Sequence[Known], clients: int, readings: int) -> Figures:
    """Clients who ask at once and without a pause, in turn of our page and of an empty one."""
    tally, idle = Tally(), Tally()
    nothing = [(strokes, READING) for strokes, _ in known]
    rates: list[float] = []
    empty_rates: list[float] = []
    before, empty_before = ours.cpu, empty.cpu
    for _ in range(TURNS):
        empty_rates.append(_turn(empty, nothing, clients, readings // TURNS, idle))
        rates.append(_turn(ours, known, clients, readings // TURNS, tally))
    assert (idle.errors, idle.mixed_up) == ([], 0), idle
    rate, empty_rate = statistics.median(rates), statistics.median(empty_rates)
    seconds = sorted(tally.seconds) or [0.0]
    return {
        "clients": clients,
        **tally.figures(),
        "a second": rate,
        "a second, empty": empty_rate,
        "ratio": rate / empty_rate,
        "median ms": 1000 * statistics.median(seconds),
        "95 % ms": 1000 * seconds[int(0.95 * (len(seconds) - 1))],
        "cpu ms": 1000 * (ours.cpu - before) / readings,
        "cpu ms, empty": 1000 * (empty.cpu - empty_before) / readings,
    }


def _turn(server: Server, asked: Sequence[Known], clients: int, questions: int, tally: Tally) -> float:
    """Let clients ask that many questions in all; how many were answered a second."""
    answered = len(tally.seconds)

    def visit(client: int) -> None:
        with Visitor(server, f"client-{client}") as visitor:  # the same each turn: a new one costs the empty page 5 ms
            for number in range(client, questions, clients):
                strokes, reading = asked[number % len(asked)]
                tally.ask(reading, visitor.run, "predict_strokes", strokes, "cnn")

    seconds = _at_once(visit, clients)
    return (len(tally.seconds) - answered) / seconds


def rush(server: Server, visitors: int = RUSH) -> Figures:
    """Visitors who all want several files read: each is served, or told at once that the page is busy."""
    content = (ROOT / "examples" / "3-drawn.png").read_bytes()
    tally = Tally()
    served: list[str | None] = []
    ready = threading.Barrier(visitors, timeout=120)

    def visit(number: int) -> None:
        with Visitor(server) as visitor:
            names = [f"{number}-{place}.png" for place in range(RUSH_FILES)]
            files = [visitor.upload(name, content) for name in names]
            ready.wait()
            table = tally.ask(..., _served, visitor, "read_several", files)
            served.append(table)
            tally.mixed_up += table is not None and not all(f">{name}<" in table for name in names)

    seconds = _at_once(visit, visitors)
    told = served.count(None) - len(tally.errors)
    return {"visitors": visitors, **tally.figures(), "told busy": told, "seconds": seconds}


def _served(visitor: Visitor, event: str, files: list[dict[str, Any]]) -> str | None:
    """The table of the files, part by part; ``None`` when there is no room for them."""
    part: dict[str, Any] = {}
    rows = ""
    try:
        while not part or part["next"] < part["total"]:
            part = visitor.run(event, files, "en", part or None)
            rows += part["rows"]
    except BusyError:
        return None
    return rows


def _at_once(visit: Callable[[int], None], visitors: int) -> float:
    """Let visitors come at once, each with a number; seconds until the last is gone."""
    started = time.perf_counter()
    with ThreadPoolExecutor(visitors) as pool:
        list(pool.map(visit, range(visitors)))
    return time.perf_counter() - started
