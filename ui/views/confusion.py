"""A confusion matrix as an HTML table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from ui.views.figures import LABELS


def confusion_table(
    confusion: Sequence[Sequence[int]],
    wrong: Callable[[int, int, int], str],
    *,
    caption: str = "",
    head: Sequence[str] = (),
    ends: Sequence[str] = ("",) * len(LABELS),
) -> str:
    """Rows are true digits, columns what was read; the more often digits are confused, the darker their cell.

    Args:
        wrong: the content of a cell off the diagonal, from true digit, read digit and count.
        head: further columns' names.
        ends: further cells, HTML, of each row.
    """
    worst = max(1, *(n for true, row in enumerate(confusion) for read, n in enumerate(row) if true != read))

    def cell(true: int, read: int, count: int) -> str:
        if true == read:
            return f'<td class="right">{count}</td>'
        return f'<td style="--share:{count / worst:.2f}">{wrong(true, read, count)}</td>'

    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in (*LABELS, *head))
    rows = "".join(
        f'<tr><th scope="row">{true}</th>{"".join(cell(true, read, n) for read, n in enumerate(row))}{end}</tr>'
        for true, (row, end) in enumerate(zip(confusion, ends, strict=True))
    )
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<table class="confusion">{title}<thead><tr><td></td>{names}</tr></thead><tbody>{rows}</tbody></table>'
