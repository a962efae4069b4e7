"""How many bytes of uploads are kept, in all and of one address."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable

from ui.server.process import CLEAN_UP_INTERVAL, MAX_AGE

#: Bytes of uploads that are kept, in all.
MOST = 2_000_000_000
#: The same of one address: some two hundred photos of a phone.
MOST_EACH = 500_000_000
#: Seconds after which an upload has been deleted by its age.
KEPT = MAX_AGE + CLEAN_UP_INTERVAL


class Quota:
    """Counts the bytes of each address as they come, and forgets them when the uploads have been deleted.

    Args:
        each: whether those of one address are bounded, too.
        clock: seconds.
    """

    def __init__(self, *, each: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._most_each = clock, MOST_EACH if each else MOST
        self._taken: deque[tuple[float, str, int]] = deque()  # when, by whom, how many
        self._sum: Counter[str] = Counter()

    def room(self, address: str) -> int:
        """Bytes that an address may still send."""
        now = self._clock()
        while self._taken and self._taken[0][0] < now - KEPT:
            _, old, size = self._taken.popleft()
            self._give_back(old, size)
        return max(0, min(MOST - self._sum.total(), self._most_each - self._sum[address]))

    def take(self, address: str, size: int) -> None:
        """Bytes of an address have come."""
        self._sum[address] += size

    def settle(self, address: str, size: int, *, kept: bool) -> None:
        """All bytes of an upload have come: they stay for a while, or are gone again."""
        if kept:
            self._taken.append((self._clock(), address, size))
        else:
            self._give_back(address, size)

    def _give_back(self, address: str, size: int) -> None:
        self._sum[address] -= size
        if self._sum[address] <= 0:
            del self._sum[address]
