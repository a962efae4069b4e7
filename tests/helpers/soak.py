"""Visitors who come and go: what stays of them in the server."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.helpers.crowd import Figures, Known, Tally
from tests.helpers.running import ROOT
from tests.helpers.server import Server
from tests.helpers.siege import Attack, Siege
from tests.helpers.visitor import Visitor, form, leave

#: app.py that cleans up each second what is older than eight, instead of within half an hour.
CODE = """
import sys, app
from ui.server import process
process.CLEAN_UP_INTERVAL, process.MAX_AGE = 1, 8
sys.exit(app.main())
"""
TIDY = ("-c", CODE)
#: Seconds in which that is done, and idle threads have ended, which anyio keeps for ten.
PATIENCE = 20.0
#: How many threads and file descriptors more than before are still none left behind.
FEW = 4
#: The share of a soak after which memory is taken: caches have filled by then.
WARM = 0.4
#: The share of a soak in which memory is looked at, from there on, and at the end.
WINDOW = 0.2
#: Every so many visitors one compares all models and has several photos read.
SOME = 5
PHOTOS = sorted((ROOT / "examples").glob("?-*.*g"))


def departures(server: Server, known: Sequence[Known], away: int, loads: int) -> Figures:
    """Visitors who go away before they are answered or have sent all, and those who only open the page."""
    tally = Tally()
    strokes, reading = known[0]
    with Visitor(server) as visitor:
        for number in range(away):
            body = visitor.body("predict_strokes", known[number % len(known)][0], "cnn")
            leave(server, "/gradio_api/run/predict", body, "application/json")
        for _ in range(away):
            leave(server, "/gradio_api/upload", *form("half.png", bytes(100_000)), share=0.5)
        tally.ask(reading, visitor.run, "predict_strokes", strokes, "cnn")
    memory = [server.memory]
    for _ in range(loads):
        with Visitor(server) as visitor:
            tally.ask(..., open_page, visitor)
        memory.append(server.memory)
    return {
        "away": 2 * away,
        "page loads": loads,
        **tally.figures(),
        "kB a load": (memory[-1] - memory[0]) / 1000 / loads,
        "growth": memory[-1] / memory[loads // 2],
    }


def open_page(visitor: Visitor) -> None:
    """What a browser asks when the page is opened, until it is closed."""
    visitor.get("/")
    visitor.get("/config")
    visitor.stay().close()
    visitor.run("show_code", "en")


def soak(
    server: Server,
    known: Sequence[Known],
    visitors: int,
    minutes: float | None = None,
    attacks: Mapping[str, Attack] | None = None,
) -> Figures:
    """Visitors one after another, that many or for so long.

    Args:
        attacks: made meanwhile, one each minute, but for the last minute.
    """
    tally = Tally()
    came = sent = most = 0
    done, started = 0.0, time.monotonic()
    memory: list[tuple[float, int]] = []
    with Siege(server, attacks or {}) as siege:
        while done < 1:
            with Visitor(server) as visitor:
                sent += visit(visitor, "read_several", came, known, tally)
            came += 1
            most = max(most, sum(server.kept))
            seconds = time.monotonic() - started
            done = came / visitors if minutes is None else seconds / (60 * minutes)
            memory.append((done, server.memory))
            if minutes is not None and seconds > 60 * (minutes - 1):
                siege.end()
    warm, now = _least(memory, WARM), _least(memory, 1 - WINDOW)
    return {
        "visitors": came,
        "minutes": (time.monotonic() - started) / 60,
        **({"attacks": siege.done.total(), "attacks that failed": len(siege.failed)} if attacks else {}),
        **tally.figures(),
        "slowest s": max(tally.seconds, default=0.0),
        "MB": now / 1e6,
        "growth": now / warm,
        "uploaded MB": sent / 1e6,
        "most kept MB": most / 1e6,
    }


def _least(memory: Sequence[tuple[float, int]], begin: float) -> int:
    """The least memory of a part of a soak: between visitors, and attacks."""
    taken = [size for done, size in memory if begin <= done < begin + WINDOW]
    return min(taken or [memory[-1][1]])


def visit(visitor: Visitor, several: str, number: int, known: Sequence[Known], tally: Tally) -> int:
    """One visitor draws, uploads, looks at the mistakes and the models; how many bytes were uploaded."""

    def run(event: str, *values: Any, expected: object = ...) -> Any:
        return tally.ask(expected, visitor.run, event, *values)

    language = ("en", "zh")[number % 2]
    tally.ask(..., open_page, visitor)
    for strokes, reading in (known[number % len(known)], known[(number + 1) % len(known)]):
        run("show_drawing", strokes, "cnn", number % SOME == 0, language)
        run("speak", strokes, "cnn", language)
        run("explain", strokes, "cnn", language)
        run("predict_strokes", strokes, "cnn", expected=reading)
    path = PHOTOS[number % len(PHOTOS)]
    content = path.read_bytes() + number.to_bytes(8, "big")  # the same content again would be kept only once
    photo = tally.ask(..., visitor.upload, path.name, content)
    if photo is not None:  # an upload that failed is an error already: questions about no photo say nothing
        run("show_photo", photo, "cnn", False, language)
        run("explain_1", photo, "cnn", language)
        reading = run("predict_image", photo, "cnn")
        if reading is not None:
            tally.compare([digit["label"] for digit in reading["digits"]], [path.name[0]])
        if number % SOME == 0:
            tally.ask(..., visitor.run, several, [photo, photo], language, None)
    run("list_mistakes", "cnn", "any", "any", "most", language)
    run("choose_mistake", {"choice": str(number % 20)}, "cnn", language)
    run("read_mistake", "cnn", None)  # the place in the list is the session's own
    run("look_at", "mlp", language)
    return len(content)


def handles(server: Server) -> tuple[int, int]:
    """The server's threads and open file descriptors."""
    return server.process.num_threads(), server.process.num_fds()


def remains(server: Server, before: tuple[int, int]) -> Figures:
    """What is left of all visitors, once a server as ``TIDY`` has had the time to be rid of it.

    Args:
        before: the handles when the server had just been started.
    """
    end = time.monotonic() + PATIENCE
    few = [had + FEW for had in before]
    while time.monotonic() < end and (
        server.kept or any(now > most for now, most in zip(handles(server), few, strict=True))
    ):
        time.sleep(0.5)
        with Visitor(server) as visitor:
            visitor.run("show_code", "en")  # idle threads end when another is given work
    threads, files = handles(server)
    for problem in server.tracebacks[:3]:
        print(problem, file=sys.stderr)
    return {
        "threads": threads - before[0],
        "handles": files - before[1],
        "uploads": len(server.kept),
        "tracebacks": len(server.tracebacks),
    }
