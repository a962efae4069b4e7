"""One attack after another on a page, while others use it."""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping

from tests.helpers.server import Server

Attack = Callable[[Server], str]
#: Seconds from the beginning of an attack to that of the next.
EVERY = 60.0


class Siege:
    """Attacks in turn, from the first on, each at its time or when the one before it is over.

    Args:
        attacks: by name.
        every: seconds from one to the next.

    Attributes:
        done: how often each attack came to its end.
        failed: what ended the others: an attacker whom the page refuses is none that failed.
    """

    def __init__(self, server: Server, attacks: Mapping[str, Attack], every: float = EVERY) -> None:
        self.done: Counter[str] = Counter()
        self.failed: list[str] = []
        self._server, self._attacks, self._every = server, attacks, every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Siege:
        if self._attacks:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        if self._attacks:
            self._thread.join()

    def end(self) -> None:
        """Begin no more attacks."""
        self._over.set()

    def _run(self) -> None:
        begin = time.monotonic()
        for name in itertools.cycle(self._attacks):
            if self._over.wait(max(0.0, begin - time.monotonic())):
                return
            begin = max(begin + self._every, time.monotonic())
            try:
                told = self._attacks[name](self._server)
                self.done[name] += 1
            except Exception as error:  # an attacker who is turned away at the door
                told = f"{type(error).__name__}: {error}"
                self.failed.append(f"{name}: {told}"[:200])
            print(f"  {name}: {told}"[:300], file=sys.stderr, flush=True)
