"""The page's events that read, and what each asks the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from model import DigitsError
from tests.helpers.looping import looped
from tests.helpers.running import DRAWING
from ui.readings import Upload
from ui.server import events as module
from ui.server.asker import ASKER, Asker, BusyError
from ui.server.events import Events
from ui.texts import languages, texts

PHOTO = Upload("3.png")


class Desk:
    """Reads at once, in the same process, and notes what; or waits for the door."""

    each = True

    def __init__(self, *, closed: bool = False) -> None:
        self.asked: list[Any] = []
        self.door = asyncio.Event()
        if not closed:
            self.door.set()

    async def ask(self, handler: Callable[..., Any], source: Any, *values: Any) -> Any:
        """What the handler says."""
        await self.door.wait()
        self.asked.append(source)
        return handler(source, *values)


def made(**named: Any) -> tuple[Events, Desk]:
    desk: Any = Desk(**named)
    return Events(desk), desk


def test_what_was_shown_last_is_shown_again() -> None:
    events, desk = made()

    async def ask() -> None:
        drawn = await events.show_drawing(DRAWING, "cnn", False, "en")
        assert await events.show_again("pad", DRAWING, PHOTO, "cnn", False, "en") == drawn
        await events.show_photo(PHOTO, "cnn", False, "en")
        assert "send the picture again" in (await events.show_again("photo", DRAWING, PHOTO, "cnn", False, "en"))[0]
        await events.speak_again("pad", DRAWING, PHOTO, "cnn", "en")
        await events.explain_again("photo", DRAWING, PHOTO, "cnn", "en")

    looped(ask())
    assert desk.asked == [DRAWING, DRAWING, PHOTO, PHOTO, DRAWING, PHOTO]


@pytest.mark.parametrize("code", languages())
def test_each_file_has_a_line_and_no_more_than_fifty(code: str) -> None:
    events, desk = made()
    table = looped(events.read_several([f"{number}.png" for number in range(60)], code))
    assert desk.asked == [Upload(f"{number}.png") for number in range(50)]
    assert table.count("<tr class=") == 50
    assert texts(code)("files.download") in table


@pytest.mark.parametrize("files", [None, []])
def test_without_files_the_page_says_what_to_do(files: list[str] | None) -> None:
    assert texts("zh")("files.table") in looped(made()[0].read_several(files, "zh"))


def test_after_its_time_no_more_files_are_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TABLE_SECONDS", -1.0)
    events, desk = made()
    table = looped(events.read_several(["a.png", "b.png"], "en"))
    assert all(isinstance(source, DigitsError) for source in desk.asked)
    assert table.count("send fewer files at once") == 2


@pytest.mark.parametrize(("addresses", "refused"), [(["a"] * 4, 2), (["a", "a", "b", "c"], 1), (["a", "b", "c"], 0)])
def test_only_so_many_tables_are_made_at_once(
    addresses: list[str], refused: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask() -> None:
        events, desk = made(closed=True)

        async def table(visitor: Asker) -> str:
            ASKER.set(visitor)
            return await events.read_several(["a.png"], "en")

        visitors = [Asker(address) for address in addresses]
        tasks = [asyncio.ensure_future(table(visitor)) for visitor in visitors]
        await asyncio.sleep(0)
        desk.door.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(isinstance(result, BusyError) for result in results) == refused
        assert sum(visitor.refused for visitor in visitors) == refused
        assert "<table" in await table(Asker("a"))

    monkeypatch.setattr(module, "MOST_TABLES", 3)
    monkeypatch.setattr(module, "MOST_TABLES_EACH", 2)
    looped(ask())


def test_questions_about_the_network_go_to_the_desk() -> None:
    events, desk = made()
    seen = looped(events.look("pad", DRAWING, PHOTO, "cnn", "en"))
    asked = {"ask": "layers", "model": "quick", "ink": seen["digits"][0]["ink"], "language": "zh"}
    assert len(looped(events.ask_network(asked))["scores"]) == 10
    assert desk.asked == [DRAWING, asked]


@pytest.mark.parametrize("request_", [None, 7, [], {}, {"ask": "show"}, {"ask": ["layers"]}, {"ask": None}])
def test_what_the_page_never_asks_never_comes_to_the_desk(request_: Any) -> None:
    events, desk = made()
    assert looped(events.ask_network(request_))["problem"].startswith("the page asks no such question")
    assert desk.asked == []
