"""Reading handwritten digits: picture or strokes -> preprocess -> network -> reading.

::

    from model import Recognizer
    reading = Recognizer.load().read("photo.jpg")
    print(reading.status, [digit.label for digit in reading.digits])

Reading imports neither torch nor torchvision, which only training and measuring need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.errors import DigitsError
    from model.reading.reading import Digit, Reading
    from model.reading.recognizer import Recognizer

_HOMES = {
    "Digit": ".reading.reading",
    "DigitsError": ".errors",
    "Reading": ".reading.reading",
    "Recognizer": ".reading.recognizer",
}

__all__ = ["Digit", "DigitsError", "Reading", "Recognizer"]

__version__ = "1.10.0"


def __getattr__(name: str) -> object:
    # Imported when first asked for: `python -m model.predict` would otherwise find itself imported already.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)
