"""What a stranger can cause in the log is one line of bounded length."""

from __future__ import annotations

import logging
import threading

import pytest

from ui.server import oneline
from ui.server.oneline import LONGEST, OneLine, fall_silent, line_of, print_exc, report, shorten_logs


def test_an_error_is_one_counted_line_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        try:
            raise ValueError("sent\nby a stranger" + "x" * 1_000_000)
        except ValueError:
            print_exc()
    first, second = capsys.readouterr().err.splitlines()
    assert f"ValueError at {__file__}:" in first
    assert "'sent\\nby a stranger" in first
    assert len(first) == len(second) == LONGEST
    numbers = [int(line.removeprefix("error ").split(":")[0]) for line in (first, second)]
    assert numbers[1] == numbers[0] + 1


def test_a_logged_error_loses_its_traceback() -> None:
    try:
        raise KeyError("x" * 10_000)
    except KeyError as error:
        info = (KeyError, error, error.__traceback__)
    record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "Exception in ASGI application\n", (), info)
    assert OneLine().filter(record)
    said = logging.Formatter().format(record)
    assert said.startswith("error ")
    assert (said.count("\n"), len(said) <= LONGEST) == (0, True)


def test_a_message_is_cut_to_its_first_line() -> None:
    record = logging.LogRecord("asyncio", logging.ERROR, "", 0, "%s\nmore", ("y" * 1000,), None)
    assert OneLine().filter(record)
    assert record.getMessage() == "y" * LONGEST


def test_no_error_is_a_line_too() -> None:
    assert "NoneType" in line_of(None)


def test_while_the_page_ends_nothing_is_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oneline, "_silent", threading.Event())
    report(ValueError("before"))
    fall_silent()
    report(ValueError("after"))
    record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "Cancel 5 running tasks", None, None)
    assert not OneLine().filter(record)
    err = capsys.readouterr().err
    assert ("before" in err, "after" in err) == (True, False)


def test_what_the_package_of_the_protocol_logs_is_a_line(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("mcp.server.of_a_test")
    shorten_logs()
    for written in (logger, logging.getLogger()):
        written.warning("sent\nby a stranger")
    assert caplog.messages == ["sent", "sent"]
