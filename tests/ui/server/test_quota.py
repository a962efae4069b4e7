"""How many bytes of uploads are kept, in all and of one address."""

from __future__ import annotations

import pytest

from ui.server import quota as quotas
from ui.server.quota import KEPT, Quota


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "MOST", 100)
    monkeypatch.setattr(quotas, "MOST_EACH", 60)


def sent(quota: Quota, address: str, size: int, *, kept: bool = True) -> None:
    quota.take(address, size)
    quota.settle(address, size, kept=kept)


def test_an_address_has_a_room_of_its_own_and_all_together_have_one() -> None:
    quota = Quota()
    sent(quota, "a", 50)
    assert [quota.room(address) for address in "ab"] == [10, 50]
    sent(quota, "b", 50)
    assert [quota.room(address) for address in "abc"] == [0, 0, 0]


def test_what_arrives_counts_before_it_is_there() -> None:
    quota = Quota()
    quota.take("a", 60)
    assert quota.room("a") == 0


def test_what_is_not_kept_leaves_its_room() -> None:
    quota = Quota()
    sent(quota, "a", 50, kept=False)
    assert quota.room("a") == 60


def test_the_room_comes_back_when_the_uploads_have_gone() -> None:
    clock = Clock()
    quota = Quota(clock=clock)
    sent(quota, "a", 50)
    clock.now += KEPT - 1
    sent(quota, "a", 10)
    assert quota.room("a") == 0
    clock.now += 2
    assert quota.room("a") == 50


def test_where_no_address_is_bounded_all_are_together() -> None:
    quota = Quota(each=False)
    sent(quota, "a", 90)
    assert quota.room("a") == 10
