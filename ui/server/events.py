"""The page's events that read, as gradio calls them: each asks the desk."""

from __future__ import annotations

import time
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

from model.errors import DigitsError, SettingsError
from model.reading.store import DEFAULT_MODEL
from ui import network, readings, replays
from ui.components.choices import place_of
from ui.components.several import Part
from ui.readings import Upload
from ui.server.asker import BusyError, asker
from ui.server.desk import Desk
from ui.server.trainer import Trainer
from ui.texts import texts
from ui.views import several

#: Seconds after which a part of a table of several files is sent, and the next is asked for: its progress is seen.
PART_SECONDS = 1.0
#: Digits of the longest number or sheet.
MOST_DIGITS = 600
#: Parts of tables of several files that are made at once, in all.
MOST_TABLES = 20
#: The same for one address.
MOST_TABLES_EACH = 4


#: What a browser may ask about networks, by name.
QUESTIONS = {**network.QUESTIONS, **replays.QUESTIONS}


class Events:
    """Handlers of drawings and uploads; the values of those for drawings come as they were sent.

    Args:
        desk: reads.
        trainer: trains, where the page's owner allows it.
    """

    def __init__(self, desk: Desk, trainer: Trainer | None = None) -> None:
        self._ask, self._trainer = desk.ask, trainer
        self._tables: Counter[str] = Counter()
        self._most_each = MOST_TABLES_EACH if desk.each else MOST_TABLES

    async def show_drawing(self, pad: Any, model: str, compare: bool, language: str) -> tuple[str, ...]:
        """A drawing's reading."""
        return tuple(await self._ask(readings.show, pad, True, model, compare, language))

    async def show_photo(self, photo: Upload | None, model: str, compare: bool, language: str) -> tuple[str, ...]:
        """An upload's reading."""
        return tuple(await self._ask(readings.show, photo, False, model, compare, language))

    async def show_again(
        self, last: str, pad: Any, photo: Upload | None, model: str, compare: bool, language: str
    ) -> tuple[str, ...]:
        """The reading of the last source by another model or in another language."""
        drawn = last == "pad"
        return tuple(await self._ask(readings.show, pad if drawn else photo, drawn, model, compare, language))

    async def speak(self, source: Any, model: str, language: str) -> str:
        """What screen readers say when the pen rests."""
        return await self._ask(readings.speak, source, model, language)

    async def speak_again(self, last: str, pad: Any, photo: Upload | None, model: str, language: str) -> str:
        """What screen readers say of the last source, in another language or by another model."""
        return await self._ask(readings.speak, pad if last == "pad" else photo, model, language)

    async def explain(self, source: Any, model: str, language: str) -> str:
        """Why a source is read as it is."""
        return await self._ask(readings.explain, source, model, language)

    async def explain_again(self, last: str, pad: Any, photo: Upload | None, model: str, language: str) -> str:
        """Why the last source is read as it is, in another language or by another model."""
        return await self._ask(readings.explain, pad if last == "pad" else photo, model, language)

    async def look(self, last: str, pad: Any, photo: Upload | None, model: str, language: str) -> dict[str, Any]:
        """The digits of the last source, to look into the network with."""
        return await self._ask(network.look, pad if last == "pad" else photo, model, language)

    async def ask_network(self, request: Any) -> dict[str, Any]:
        """The answer to one of ``QUESTIONS``, or to one about a training."""
        asked = request if isinstance(request, dict) else {}
        language, name = asked.get("language"), asked.get("ask")
        question = QUESTIONS.get(name) if isinstance(name, str) else None
        try:
            if question is not None:
                return await self._ask(question, asked, language)
            return await self._ask_trainer(name, asked)
        except DigitsError as error:
            return {"problem": texts(language).problem(error)}

    async def _ask_trainer(self, name: Any, asked: dict[str, Any]) -> dict[str, Any]:
        """The answer to a question about training on this machine.

        Raises:
            DigitsError: there is no such question, or none is answered where the owner allows no training.
        """
        if name == "training":
            return self._trainer.tell() if self._trainer else {"models": []}
        if self._trainer is None or name not in ("train", "watch", "stop", "compare"):
            raise SettingsError("no-such-question")
        if name == "train":
            return self._trainer.start(asked.get("model"))
        if name == "compare":
            model, file = self._trainer.trained(asked.get("run"))
            return await self._ask(replays.compared, {**asked, "model": model}, asked.get("language"), file)
        run = asked.get("run")
        return self._trainer.watch(run, asked.get("since")) if name == "watch" else self._trainer.stop(run)

    async def explain_chosen(
        self, choice: str | None, last: str, pad: Any, photo: Upload | None, model: str, language: str
    ) -> str:
        """Why one digit of the last source's number is read as it is."""
        return await self._ask(
            readings.explain, pad if last == "pad" else photo, model, language, place_of(choice, MOST_DIGITS)
        )

    async def as_json(self, source: Any, model: str = DEFAULT_MODEL) -> dict[str, Any]:
        """A reading as the endpoints return it: the same JSON object as the command line's."""
        return await self._ask(readings.as_json, source, model)

    async def read_several(self, files: list[str] | None, language: str, done: Part | None) -> dict[str, Any]:
        """The next part of the table of several uploads, as ``ui.components.several.Several`` is given it.

        Args:
            done: how far the table is; of other files or another language it begins anew.

        Raises:
            BusyError: too many tables are being made.
        """
        visitor = asker()
        if self._tables.total() >= MOST_TABLES or self._tables[visitor.address] >= self._most_each:
            visitor.refused = True
            raise BusyError
        self._tables[visitor.address] += 1
        try:
            return await self._part((files or [])[: several.MAX_FILES], language, done)
        finally:
            self._tables[visitor.address] -= 1
            self._tables += Counter()  # forgets the addresses that have none

    async def _part(self, files: list[str], language: str, done: Part | None) -> dict[str, Any]:
        """One file after another is read, so that other visitors come between, until the part's time is over."""
        of = zlib.crc32("\n".join([language, *files]).encode())
        first = done.next if done and done.of == of else 0
        end, lines = time.monotonic() + PART_SECONDS, []
        for file in files[first:]:
            lines.append(await self._ask(readings.row, Upload(file), Path(file).name, DEFAULT_MODEL, language))
            if time.monotonic() > end:
                break
        rows = several.rows(lines, first)
        return {"of": of, "first": first, "next": first + len(lines), "total": len(files), "rows": rows}
