"""What a card's fields must be like, so that whoever shows one can rely on it: a file may hold anything."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]

#: Bytes of the longest card that is read; the longest that ships has 153,021.
MAX_BYTES = 10_000_000
#: SHA-256 in hexadecimal digits.
CHECKSUM = re.compile(r"[0-9a-f]{64}")
#: The largest count: what JavaScript, to which the page gives them, counts without rounding.
MOST = 2**53


def is_text(value: Any) -> bool:
    """Whether it is a string."""
    return isinstance(value, str)


def is_number(value: Any) -> bool:
    """Whether it is a finite number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= MOST


def is_count(value: Any) -> bool:
    """Whether it is a whole number from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST


def is_share(value: Any) -> bool:
    """Whether it is a number from 0 to 1."""
    return is_number(value) and 0 <= value <= 1


def all_of(check: Check, length: int | None = None) -> Check:
    """Whether it is a list, of that length, all of whose items are good."""
    return lambda value: isinstance(value, (list, tuple)) and length in (None, len(value)) and all(map(check, value))


def each(check: Check) -> Check:
    """Whether it is an object all of whose values are good."""
    return lambda value: isinstance(value, Mapping) and all(map(check, value.values()))


def having(**checks: Check) -> Check:
    """Whether it is an object in which the values of these names are good, where they are there."""
    return lambda value: (
        isinstance(value, Mapping) and all(check(value[name]) for name, check in checks.items() if name in value)
    )


#: What was measured on a part of the data.
measured = having(
    right=is_count,
    total=is_count,
    accuracy=is_share,
    interval=all_of(is_share, 2),
    calibration_error=is_share,
    per_class=all_of(each(lambda value: value is None or is_share(value)), 10),
)
#: By the names of ``store.Card``.
FIELDS: dict[str, Check] = {
    "model": is_text,
    "about": is_text,
    "sha256": each(lambda value: is_text(value) and CHECKSUM.fullmatch(value) is not None),
    "parameters": is_count,
    "temperature": lambda value: is_number(value) and value > 0,
    "unsure_below": is_share,
    "no_digit_below": is_number,
    "settings": having(epochs=is_count),
    "epochs": all_of(each(is_number)),
    "log": all_of(all_of(is_number, 2)),
    "dataset": each(is_text),
    "metrics": each(measured),
    "confusion": all_of(all_of(is_count, 10), 10),
    "mistakes": all_of(
        lambda value: (
            having(index=is_count, label=is_text, top=all_of(lambda pair: len(pair) == 2 and is_text(pair[0])))(value)
            and all(is_share(score) for _, score in value["top"])
        )
    ),
    "machine": having(cores=is_count, torch=is_text, minutes=is_number, milliseconds=is_number),
    "layers": all_of(having(name=is_text, kind=is_text)),
}


def check_fields(fields: Mapping[str, Any]) -> None:
    """See that a card's fields are of their kinds.

    Raises:
        ValueError: one isn't, or is missing.
        KeyError, TypeError, AttributeError: the same.
    """
    for name, check in FIELDS.items():
        if not check(fields[name]):
            raise ValueError(f"{name} isn't what it should be")


def finite(text: str) -> float:
    """A number of a JSON document.

    Raises:
        ValueError: it is NaN, infinite, or too large to be told from that.
    """
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no finite number")
    return value
