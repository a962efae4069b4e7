"""A file of many readings that is written as they come. One that is resumed keeps what it has."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from hashlib import blake2b

from model.many.lines import Line

#: Bytes of a name's digest, of which so many are remembered that none of a million is taken for another.
DIGEST = 16


class Output(ABC):
    """A file that readings are written to. It is whole after every ``write`` and after ``close``."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()

    def __contains__(self, name: str) -> bool:
        """Whether the file had a picture of that name when it was opened."""
        return bool(self._known) and _digest(name) in self._known

    def _remember(self, name: str) -> None:
        self._known.add(_digest(name))

    @abstractmethod
    def write(self, lines: Sequence[Line]) -> None:
        """Add some lines at the end.

        Raises:
            OSError: the disk is full, or the like; then none of them is added.
        """

    @abstractmethod
    def close(self) -> None:
        """End the file."""


def _digest(name: str) -> bytes:
    return blake2b(name.encode(errors="surrogatepass"), digest_size=DIGEST).digest()
