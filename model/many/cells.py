"""What a spreadsheet opens: no cell of it may be run as a formula."""

from __future__ import annotations

import re

#: How a formula begins in some spreadsheet: after spaces and marks that show nothing, with a sign of either width.
FORMULA = re.compile(r"[\s\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠﹢﹣﹦﹫|%]|[\t\r\n]")


def as_cell(name: str) -> str:
    """A file's name as a cell of a CSV file: quoted where a spreadsheet would run it."""
    return f"'{name}" if FORMULA.match(name) else name
