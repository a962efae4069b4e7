from __future__ import annotations

import gc
import os
import platform
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.helpers.running import ROOT
from ui.server import environment


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (*environment.DEFAULTS, *environment.LIMITS):
        monkeypatch.setenv(name, "1")  # so that it is as before afterwards
        monkeypatch.delenv(name)
    yield
    gc.enable()


def test_what_is_open_is_filled_in() -> None:
    assert environment.prepare() is None
    assert {name: os.environ[name] for name in environment.DEFAULTS} == environment.DEFAULTS


def test_what_is_imported_is_not_looked_through_for_garbage() -> None:
    environment.prepare()
    assert not gc.isenabled()
    frozen, mine = gc.get_freeze_count(), list[list[int]]([[]])
    environment.imported()
    assert gc.isenabled()
    assert gc.get_freeze_count() > frozen
    assert not any(mine is found for found in gc.get_objects())


def test_what_is_said_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    assert environment.prepare() is None
    assert os.environ["OMP_NUM_THREADS"] == "2"


@pytest.mark.parametrize("name", environment.LIMITS)
@pytest.mark.parametrize("value", ["abc", "", "0", "-1", "1" * 5000, "٣", "1.5"])
def test_what_is_no_number_is_said(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert environment.prepare() == f"{name} is {value!r}: give a number from 1 to {environment.LIMITS[name]}"


@pytest.mark.parametrize(("name", "most"), environment.LIMITS.items())
def test_a_number_has_a_bound(name: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, str(most))
    assert environment.prepare() is None
    monkeypatch.setenv(name, str(most + 1))
    assert environment.prepare() == f"{name} is '{most + 1}': give a number from 1 to {most}"


#: Prepares, lets threads allocate at the same time, and prints malloc's figures of each heap.
HEAPS = """
import ctypes, sys, threading
from ui.server import environment
environment.prepare()
together = threading.Barrier(5)
def allocate():
    together.wait()
    kept = [bytes(1000) for _ in range(1000)]
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(4)]
for thread in threads:
    thread.start()
together.wait()
together.wait()
ctypes.CDLL(None).malloc_stats()
"""


@pytest.mark.server
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another system's malloc")
@pytest.mark.parametrize(("given", "heaps"), [({}, 1), ({"MALLOC_ARENA_MAX": "3"}, 3)])
def test_threads_share_a_heap(given: dict[str, str], heaps: int) -> None:
    others = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    ended = subprocess.run(
        [sys.executable, "-c", HEAPS], cwd=ROOT, env={**others, **given}, capture_output=True, text=True, check=True
    )
    assert ended.stderr.count("Arena ") == heaps


@pytest.mark.server
def test_a_page_that_is_given_no_port_ends_with_one_line() -> None:
    given = {**os.environ, "GRADIO_SERVER_PORT": "abc"}
    ended = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=given, capture_output=True, text=True, timeout=60, check=False
    )
    line = "error: GRADIO_SERVER_PORT is 'abc': give a number from 1 to 65535\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", line)
