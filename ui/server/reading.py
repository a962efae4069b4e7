"""A process that reads, so that the page can respond meanwhile, and so that what takes too much can be killed.

``python -m ui.server.reading [--apart]`` is that process. Each line of its input is a question in JSON: a handler's
name and its values, an upload among them by its path, other pictures as base64. Each line of its output is an answer:
``[result]``, or ``"slow"``, or ``"failed"`` where the handler raised. It ends with its input. With ``--apart`` each
question has a process of its own, with limits that the system enforces: whatever a picture does to its decoder ends
with it.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson

from model import DigitsError
from model.reading.store import DEFAULT_MODEL, trained_models
from ui import network, readings, replays
from ui.readings import Encoded, Upload
from ui.texts import DEFAULT

#: The handlers that the process runs, by name.
HANDLERS: dict[str, Callable[..., Any]] = {
    **{
        handler.__name__: handler
        for handler in (readings.show, readings.speak, readings.explain, readings.as_json, readings.tell, readings.row)
    },
    "look": network.look,
    **network.QUESTIONS,
    **replays.QUESTIONS,
    "compared": replays.compared,
}
#: What isn't sent as it is, by its tag.
SOURCES: dict[str, type[Upload] | type[Encoded]] = {"upload": Upload, "base64": Encoded}
#: Seconds of processor time that one question may take.
SECONDS = 2.0
#: Bytes that a question of its own process may take beside what that process has from the start.
MEMORY = 320_000_000
#: In the place of a result: it took too long.
SLOW = "slow"
#: In the place of a result: the handler raised.
FAILED = "failed"


def pack(handler: Callable[..., Any], *values: Any) -> bytes:
    """A question as the process reads it.

    Raises:
        TypeError, ValueError, RecursionError: JSON doesn't hold a value.
    """
    return json.dumps([handler.__name__, *map(_tagged, values)]).encode() + b"\n"


def _tagged(value: Any) -> list[Any]:
    if isinstance(value, Upload):
        return ["upload", value.path]
    return ["base64", value.text] if isinstance(value, Encoded) else ["json", value]


def answer(line: bytes) -> bytes:
    """The answer to a question; the system ends the process if that takes too long."""
    limit_time(SECONDS)
    try:
        name, *tagged = _unpacked(line)
        values = [SOURCES[tag](value) if tag in SOURCES else value for tag, value in tagged]
        return orjson.dumps([HANDLERS[name](*values)]) + b"\n"
    except Exception as error:
        print(f"a question failed: {type(error).__name__}: {str(error)[:200]!r}", file=sys.stderr)
        return json.dumps(FAILED).encode() + b"\n"
    finally:
        limit_time(0)


def _unpacked(line: bytes) -> list[Any]:
    """A question; what JSON has no number for, such as NaN, only Python's own parser takes, five times as slowly."""
    try:
        question: list[Any] = orjson.loads(line)
    except ValueError:
        question = json.loads(line)
    return question


def limit_time(seconds: float) -> None:
    """Let the system end this process after so many more seconds of processor time; 0 for no limit."""
    if hasattr(signal, "setitimer"):  # Windows has none
        signal.setitimer(signal.ITIMER_PROF, seconds)


def limit_memory(more: int) -> None:
    """Let the system refuse this process more than so many bytes beside what it has; only Linux tells how many."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def answer_apart(line: bytes) -> bytes:
    """The answer that a process of its own gives to a question, or how it ended."""
    inlet, outlet = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            limit_memory(MEMORY)
            with os.fdopen(outlet, "wb") as out:
                out.write(answer(line))
        finally:
            os._exit(0)
    os.close(outlet)
    with os.fdopen(inlet, "rb") as given:
        result = given.read()
    _, status = os.waitpid(child, 0)
    if result.endswith(b"\n"):
        return result
    slow = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF
    return json.dumps(SLOW if slow else FAILED).encode() + b"\n"


def load_all() -> None:
    """Load what any question may need, so that not each process of its own has to."""
    for name in trained_models():
        with contextlib.suppress(DigitsError):  # whoever asks for it is told what is wrong with it
            readings.read(readings.WARM_UP, name)
    readings.explain(readings.WARM_UP, DEFAULT_MODEL, DEFAULT)


def check_weights() -> None:
    """Say on the server's terminal what is wrong with the weights, if anything is."""
    try:
        readings.read(readings.WARM_UP)
    except DigitsError as error:
        print(f"error: {error}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer until the input ends."""
    parser = argparse.ArgumentParser("python -m ui.server.reading", description="Answer questions, line by line.")
    parser.add_argument("--apart", action="store_true", help="each question in a process of its own")
    apart = parser.parse_args(arguments).apart and hasattr(os, "fork")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the page, too, which ends this process
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # so that prints don't mix with the answers
    readings.show(readings.WARM_UP, True, DEFAULT_MODEL, False, DEFAULT)  # loads the network and the templates
    if apart:
        load_all()  # before it is ready: else this would count as the first question's time
    else:
        check_weights()
    gc.collect()
    gc.freeze()  # so that no collection looks through what stays, nor copies what processes share
    answers.write(b"[]\n")
    answers.flush()
    for line in sys.stdin.buffer:
        answers.write(answer_apart(line) if apart else answer(line))
        answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
