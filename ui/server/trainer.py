"""Trainings that visitors start, where the page's owner allows it: one at a time, in a process of its own, for seconds.

The process yields to those that read, gets a folder that is deleted after it, and is killed when it takes too long,
when nobody watches it any more, when its visitor stops it, and when the page ends, however that ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

from model.errors import DigitsError, SettingsError, Term, retold
from model.packages import TRAINING, check_packages

#: Seconds that a training takes unless the owner says otherwise, …
SECONDS = 30.0
#: … at least …
LEAST = 1.0
#: … and at most.
MOST = 120.0
#: Models that a visitor may train: of the others nothing is to be seen after half a minute.
MODELS = ("logistic", "quick")
#: Seconds in which torch has to be imported and the digits loaded.
START = 90.0
#: Seconds that a training may take more than it should: to measure itself a last time, and to write its weights.
GRACE = 10.0
#: Seconds after which a training that nobody has asked about is ended: its visitor has gone.
UNWATCHED = 10.0
#: Moments of which it is told; a training has some 40.
MOST_POINTS = 200
#: States of a training that isn't over.
UNDER_WAY = ("starting", "training")
#: The project's package, and the folder that it is imported from.
PACKAGE = DigitsError.__module__.partition(".")[0]
ROOT = Path(__file__).parents[__name__.count(".")]


def allowed(seconds: float | None, data: Path, *, share: bool) -> Trainer | None:
    """Who trains, if the owner wants it.

    Args:
        seconds: of a training; ``None`` for none.
        data: the folder where MNIST is.
        share: whether the page gets a public link.

    Raises:
        SettingsError: it is a public page, or the time is too short or too long.
        PackageError: PyTorch isn't installed.
    """
    if seconds is None:
        return None
    if share or "SPACE_ID" in os.environ:
        raise SettingsError("training-in-public", what=Term("a-space") if "SPACE_ID" in os.environ else "--share")
    if not LEAST <= seconds <= MOST:
        raise SettingsError("out-of-range", name="--train", value=seconds, low=LEAST, high=MOST)
    check_packages(*TRAINING)
    return Trainer(seconds, data)


class Run:
    """One training.

    Attributes:
        name: by which the visitor who started it asks about it.
        state: "starting", "training", "done", "stopped" or "failed".
        told: what it learns from, once it says so.
        points: what was measured so far.
        error: what it says is wrong.
    """

    def __init__(self, model: str, seconds: float, data: Path) -> None:
        self.name, self.model, self.seconds = secrets.token_urlsafe(9), model, seconds
        self.state, self.told = "starting", dict[str, Any]()
        self.error: DigitsError = SettingsError("training-failed")
        self.points: list[dict[str, Any]] = []
        self._folder = tempfile.TemporaryDirectory(prefix="digits-training-", ignore_cleanup_errors=True)
        self.file = Path(self._folder.name) / "weights.safetensors"
        options = {"model": model, "seconds": seconds, "data": data.resolve(), "out": self.file}
        self._process = Popen(
            [sys.executable, "-m", f"{PACKAGE}.training.live", *(f"--{key}={value}" for key, value in options.items())],
            stdin=PIPE,  # it ends when this does
            stdout=PIPE,
            stderr=DEVNULL,
            cwd=ROOT,
            start_new_session=True,  # Ctrl-C is for the page
        )
        self._watched = time.monotonic()
        self._end = self._watched + START
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._guard, daemon=True).start()

    @property
    def under_way(self) -> bool:
        """Whether its process is still there."""
        return self._process.poll() is None

    @property
    def left(self) -> int:
        """Seconds until it is over, at most."""
        return max(1, round(self._end - time.monotonic()))

    def watch(self) -> None:
        """Somebody asks about it."""
        self._watched = time.monotonic()

    def stop(self, state: str = "stopped") -> None:
        """End it, if it isn't over."""
        if self.state in UNDER_WAY:
            self.state = state
        if self.under_way:
            with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
                os.killpg(self._process.pid, signal.SIGKILL) if hasattr(os, "killpg") else self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End it, and delete its folder."""
        self.stop()
        self._folder.cleanup()

    def _listen(self) -> None:
        """Take what it tells, line by line."""
        with self._process as process:  # closes its pipes, and waits
            assert process.stdout is not None
            for line in process.stdout:
                self._take(json.loads(line))
        if self.state in UNDER_WAY:
            self.state = "failed"

    def _take(self, line: Mapping[str, Any]) -> None:
        if "error" in line:
            with contextlib.suppress(KeyError, ValueError):  # its sentence takes other values than texts
                self.error = retold(line["error"], line["values"])
            self.state = "failed"
        elif "done" in line and self.state == "training":
            self.state = "done"
        elif "learned" in line and self.state == "starting":
            self.told, self.state = dict(line), "training"
            self._end = time.monotonic() + self.seconds + GRACE
        elif "loss" in line and len(self.points) < MOST_POINTS:
            self.points.append(dict(line))

    def _guard(self) -> None:
        """Kill it when its time is over, or nobody asks about it."""
        while self.under_way:
            now = time.monotonic()
            if now > self._end:
                self.stop("failed")
            elif now > self._watched + UNWATCHED:
                self.stop()
            time.sleep(0.1)


class Trainer:
    """Starts trainings and tells about them; its methods return at once.

    Args:
        seconds: of a training.
        data: the folder where MNIST is.
    """

    def __init__(self, seconds: float, data: Path) -> None:
        self.seconds, self._data = seconds, data
        self._run: Run | None = None

    def tell(self) -> dict[str, Any]:
        """What may be trained here."""
        return {"models": list(MODELS), "seconds": self.seconds}

    def start(self, model: object) -> dict[str, Any]:
        """Begin a training.

        Raises:
            SettingsError: there is no such model to be trained, or one is being trained.
        """
        if model not in MODELS:
            raise SettingsError("no-such-model", known=", ".join(MODELS))
        if self._run is not None:
            if self._run.under_way and self._run.state in UNDER_WAY:  # else it only has to end
                raise SettingsError("training-busy", seconds=self._run.left)
            self._run.close()
        self._run = Run(str(model), self.seconds, self._data)
        return {"run": self._run.name}

    def watch(self, name: object, since: object) -> dict[str, Any]:
        """How far a training is.

        Args:
            name: of the training.
            since: how many of its moments are known.

        Raises:
            DigitsError: it is gone, or went wrong.
        """
        run = self._of(name)
        run.watch()
        if run.state == "failed":
            raise run.error
        known = since if isinstance(since, int) and 0 <= since <= MOST_POINTS else 0
        return {"state": run.state, "told": run.told, "points": run.points[known:]}

    def stop(self, name: object) -> dict[str, Any]:
        """End a training.

        Raises:
            SettingsError: it is gone.
        """
        run = self._of(name)
        run.stop()
        return {"state": run.state}

    def trained(self, name: object) -> tuple[str, str]:
        """The model that was trained, and the file of its weights.

        Raises:
            SettingsError: it is gone, or not done.
        """
        run = self._of(name)
        if run.state != "done":
            raise SettingsError("trained-gone")
        return run.model, str(run.file)

    def close(self) -> None:
        """End what is under way, and leave nothing behind."""
        if self._run is not None:
            self._run.close()
            self._run = None

    def _of(self, name: object) -> Run:
        if self._run is None or not isinstance(name, str) or not secrets.compare_digest(name, self._run.name):
            raise SettingsError("trained-gone")
        return self._run
