"""Who waits for a reader, who is refused, whose turn it is."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from tests.helpers.looping import looped
from ui.server import lane as lanes
from ui.server.asker import ASKER, Asker, BusyError, LeftError
from ui.server.lane import FailedError, Lane, Question, Reader


class Clerk(Reader):
    """A reader who answers when the test says so."""

    def __init__(self, room: int = 1) -> None:
        self.room, self.taken = room, list[Question]()
        self.order: list[Any] = []

    @property
    def has_room(self) -> bool:
        return len(self.taken) < self.room

    def take(self, question: Question) -> None:
        self.taken.append(question)
        self.order.append(question.values[0])

    def answer(self) -> None:
        """Answer the first question with its own value."""
        question = self.taken.pop(0)
        self.lane.done(question)
        question.give(question.values[0])
        self.lane.feed()


def asked(lane: Lane, address: str, value: object, by: Asker | None = None) -> asyncio.Task[Any]:
    """A question of an address."""

    async def ask() -> Any:
        ASKER.set(by or Asker(address))
        return await lane.ask(repr, value)

    return asyncio.get_running_loop().create_task(ask())


def told(story: Coroutine[Any, Any, None]) -> None:
    looped(asyncio.wait_for(story, 20))


async def answer_all(clerk: Clerk) -> None:
    while clerk.taken:
        clerk.answer()
        await asyncio.sleep(0)


def test_addresses_take_turns_whoever_came_first() -> None:
    async def story() -> None:
        clerk = Clerk()
        lane = Lane([clerk], 100, None)
        tasks = [asked(lane, "a", f"a{number}") for number in range(4)]
        await asyncio.sleep(0)
        tasks += [asked(lane, "b", "b0"), asked(lane, "c", "c0"), asked(lane, "b", "b1")]
        await asyncio.sleep(0)
        await answer_all(clerk)
        assert clerk.order == ["a0", "a1", "b0", "c0", "a2", "b1", "a3"]
        assert [await task for task in tasks] == ["a0", "a1", "a2", "a3", "b0", "c0", "b1"]
        assert len(lane) == 0

    told(story())


def test_who_has_too_many_waiting_is_refused_and_nobody_else() -> None:
    async def story() -> None:
        clerk = Clerk()
        lane = Lane([clerk], 5, 3)
        tasks = [asked(lane, "a", number) for number in range(10)]  # one of them is taken at once
        tasks += [asked(lane, str(number), number) for number in range(4)]
        await asyncio.sleep(0)
        refused = [task.done() and isinstance(task.exception(), BusyError) for task in tasks]
        assert refused == [False] * 4 + [True] * 6 + [False] * 2 + [True] * 2
        await answer_all(clerk)

    told(story())


def test_a_reader_is_left_for_other_addresses() -> None:
    async def story() -> None:
        one, two = Clerk(), Clerk()
        lane = Lane([one, two], 100, None, 1)
        for number in range(3):
            asked(lane, "a", number)
        asked(lane, "b", "b")
        await asyncio.sleep(0)
        assert (one.order, two.order) == ([0], ["b"])
        one.answer()
        two.answer()
        assert one.order + two.order == [0, 1, "b"]  # not two of one address at once

    told(story())


def test_the_question_of_a_visitor_who_left_is_dropped() -> None:
    async def story() -> None:
        clerk, visitor = Clerk(), Asker("a")
        lane = Lane([clerk], 2, None)
        tasks = [asked(lane, "b", "b"), asked(lane, "a", "a1", visitor), asked(lane, "a", "a2", visitor)]
        await asyncio.sleep(0)
        visitor.leave()
        tasks.append(asked(lane, "c", "c"))  # takes the place of one who left
        await asyncio.sleep(0)
        await answer_all(clerk)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert clerk.order == ["b", "c"]
        assert [type(result) for result in results] == [str, LeftError, LeftError, str]
        with pytest.raises(LeftError):
            await asked(lane, "a", "late", visitor)

    told(story())


def test_a_question_whose_turn_does_not_come_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        clerk = Clerk()
        lane = Lane([clerk], 9, None)
        first, second = asked(lane, "a", 1), asked(lane, "a", 2)
        with pytest.raises(BusyError):
            await second
        clerk.answer()
        assert (await first, clerk.order) == (1, [1])  # whose turn has come isn't refused

    monkeypatch.setattr(lanes, "PATIENCE", 0.05)
    told(story())


def test_a_question_that_readers_die_of_is_given_up() -> None:
    async def story() -> None:
        clerk = Clerk()
        lane = Lane([clerk], 9, None)
        bad, good = asked(lane, "a", "bad"), asked(lane, "a", "good")
        await asyncio.sleep(0)
        while clerk.taken and clerk.taken[0].values == ("bad",):
            lane.again(clerk.taken.pop())
            lane.feed()
        with pytest.raises(FailedError):
            await bad
        clerk.answer()
        assert await good == "good"
        assert clerk.order == ["bad"] * (1 + lanes.TRIES) + ["good"]

    told(story())
