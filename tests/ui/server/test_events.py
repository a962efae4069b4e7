"""The page's events that read, and what each asks the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from model.errors import PictureError
from tests.helpers.looping import looped
from tests.helpers.running import DRAWING
from ui.components.several import Part
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
        assert "Why 7?" in await events.explain_chosen("0", "pad", DRAWING, PHOTO, "cnn", "en")
        assert "Why 7?" in await events.explain_chosen("<b>", "pad", DRAWING, PHOTO, "cnn", "en")

    looped(ask())
    assert desk.asked == [DRAWING, DRAWING, PHOTO, PHOTO, DRAWING, PHOTO, DRAWING, DRAWING]


NAMES = [f"{number}.png" for number in range(60)]


@pytest.mark.parametrize("code", languages())
def test_each_file_has_a_line_and_no_more_than_fifty(code: str) -> None:
    events, desk = made()
    part = looped(events.read_several(NAMES, code, None))
    assert desk.asked == [Upload(name) for name in NAMES[:50]]
    assert part["rows"].count("<tr class=") == 50
    assert (part["first"], part["next"], part["total"]) == (0, 50, 50)
    assert texts(code).problem(PictureError("upload-deleted")) in part["rows"]


@pytest.mark.parametrize("files", [None, []])
def test_without_files_the_table_is_empty(files: list[str] | None) -> None:
    part = looped(made()[0].read_several(files, "zh", None))
    assert (part["rows"], part["next"], part["total"]) == ("", 0, 0)


def test_a_table_comes_in_parts_each_of_which_goes_on_where_the_last_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART_SECONDS", -1.0)
    events, desk = made()

    async def ask() -> None:
        first = await events.read_several(NAMES[:3], "en", None)
        assert (first["first"], first["next"], first["total"]) == (0, 1, 3)
        second = await events.read_several(NAMES[:3], "en", Part(first["of"], 1))
        assert (second["of"], second["first"], second["next"]) == (first["of"], 1, 2)
        assert 'data-place="1"' in second["rows"]
        for files, language in ((NAMES[:2], "en"), (NAMES[:3], "zh")):
            other = await events.read_several(files, language, Part(first["of"], 2))
            assert (other["first"], other["next"]) == (0, 1)

    looped(ask())
    assert desk.asked == [Upload("0.png"), Upload("1.png"), Upload("0.png"), Upload("0.png")]


def test_a_part_beyond_the_last_file_is_empty() -> None:
    events, desk = made()
    of = looped(events.read_several(NAMES[:2], "en", None))["of"]
    part = looped(events.read_several(NAMES[:2], "en", Part(of, 50)))
    assert (part["rows"], part["next"]) == ("", 50)
    assert len(desk.asked) == 2


@pytest.mark.parametrize(("addresses", "refused"), [(["a"] * 4, 2), (["a", "a", "b", "c"], 1), (["a", "b", "c"], 0)])
def test_only_so_many_tables_are_made_at_once(
    addresses: list[str], refused: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask() -> None:
        events, desk = made(closed=True)

        async def table(visitor: Asker) -> str:
            ASKER.set(visitor)
            return str((await events.read_several(["a.png"], "en", None))["rows"])

        visitors = [Asker(address) for address in addresses]
        tasks = [asyncio.ensure_future(table(visitor)) for visitor in visitors]
        await asyncio.sleep(0)
        desk.door.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(isinstance(result, BusyError) for result in results) == refused
        assert sum(visitor.refused for visitor in visitors) == refused
        assert "<tr" in await table(Asker("a"))

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
