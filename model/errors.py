"""The project's own exceptions: whatever goes wrong with what a person gave us.

::

    DigitsError
    ├── PictureError      a file or array that can't be read as a picture
    ├── StrokesError      pen strokes that are malformed or too many
    ├── WeightsError      weights that are missing, damaged or of another network
    ├── SettingsError     a training setting out of its range
    ├── DataError         a data set that is missing, damaged or can't be downloaded
    ├── CheckpointError   a checkpoint that doesn't fit the run that wants to go on from it
    └── PackageError      a package that isn't installed, which only some commands need

An error carries a key and values: ``PictureError("no-pixels", name="7.png")``. Its sentence for the person
who runs the program is looked up by the key: what is wrong, with which file, and what to do. The English
sentences are in ``model/errors.json``; the commands print them and end with status 2. The page looks up the
same keys in its visitor's language (``ui/strings``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

#: The English sentence of every key, as a format string, and the English words of every term.
ENGLISH: dict[str, str] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Term:
    """Words inside a sentence that are looked up in the sentence's language, too."""

    key: str

    def __str__(self) -> str:
        return ENGLISH[f"term.{self.key}"]


class DigitsError(Exception):
    """Base of all errors that this project raises on purpose; ``str`` of one is its English sentence.

    Attributes:
        key: which sentence it is.
        values: what is filled into the sentence, by name.

    Raises:
        KeyError: there is no English sentence of that key, or a value is missing.
    """

    def __init__(self, key: str, /, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(self.sentence(ENGLISH))

    def sentence(self, sentences: Mapping[str, str]) -> str:
        """The error told in the language of ``sentences``, which are format strings by key."""
        told = {name: _in_words(value, sentences) for name, value in self.values.items()}
        return printable(sentences[f"error.{self.key}"].format(**told))

    def __reduce__(self) -> tuple[Any, ...]:
        """How it is copied, and sent to another process: by key and values, not by its sentence."""
        return partial(type(self), self.key, **self.values), ()


def retold(key: str, values: Mapping[str, object]) -> DigitsError:
    """An error of which another process has told the key and the values.

    Raises:
        KeyError, ValueError: there is no such sentence, or it takes other values.
    """
    return partial(DigitsError, key, **values)()


def printable(text: object) -> str:
    """Text as one line that leaves a terminal as it is: line breaks, escapes and the like are told by their codes."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in str(text))


def _in_words(value: object, sentences: Mapping[str, str]) -> object:
    """A value as it is filled into a sentence: numbers stay numbers, whose format the sentence gives."""
    if isinstance(value, Term):
        return sentences[f"term.{value.key}"]
    return value.sentence(sentences) if isinstance(value, DigitsError) else value


class PictureError(DigitsError):
    """A file or array that can't be read as a picture."""


class StrokesError(DigitsError):
    """Pen strokes that are malformed or too many."""


class WeightsError(DigitsError):
    """Weights that are missing, damaged or of another network."""


class SettingsError(DigitsError):
    """A training setting out of its range."""


class DataError(DigitsError):
    """A data set that is missing, damaged or can't be downloaded."""


class CheckpointError(DigitsError):
    """A checkpoint that doesn't fit the run that wants to go on from it."""


class PackageError(DigitsError):
    """A package that isn't installed, which only some commands need."""


def failed(error: Exception, place: Path | None = None, *, doing: str = "write") -> int:
    """End a command on an error: one line for the person who runs it, and the exit status.

    Args:
        error: of this project, or the system's.
        place: what the command was writing, if the system's error names no file.
    """
    if isinstance(error, OSError):
        name = printable(error.filename or place)
        print(f"error: can't {doing} {name}: {error.strerror or error}", file=sys.stderr)
    else:
        print(f"error: {error}", file=sys.stderr)
    return 2
