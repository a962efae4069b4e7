"""The project's own exceptions: whatever goes wrong with what a person gave us.

::

    DigitsError
    ├── PictureError      a file or array that can't be read as a picture
    ├── StrokesError      pen strokes that are malformed or too many
    ├── WeightsError      weights that are missing, damaged or of another network
    ├── SettingsError     a training setting out of its range
    ├── DataError         a data set that is missing, damaged or can't be downloaded
    └── CheckpointError   a checkpoint that doesn't fit the run that wants to go on from it

Each message is one sentence for the person who runs the program: what is wrong,
with which file, and what to do. The commands print it and end with status 2.
"""

from __future__ import annotations

import sys
from pathlib import Path


class DigitsError(Exception):
    """Base of all errors that this project raises on purpose."""


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


def failed(error: Exception, place: Path | None = None, *, doing: str = "write") -> int:
    """End a command on an error: one line for the person who runs it, and the exit status.

    Args:
        error: of this project, or the system's.
        place: what the command was writing, if the system's error names no file.
    """
    if isinstance(error, OSError):
        print(f"error: can't {doing} {error.filename or place}: {error.strerror or error}", file=sys.stderr)
    else:
        print(f"error: {error}", file=sys.stderr)
    return 2
