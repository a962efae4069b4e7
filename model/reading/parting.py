"""The best parting of a line: which runs of its atoms are digits, and which are none.

Of all ways the one with the greatest sum of log probabilities, less what each run costs, is taken. So a broken 4 comes
together, a touching 00 comes apart, a wide 0 stays whole and a comma is left out, because of what the network sees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model.reading.chooser import Chooser
from model.reading.costs import as_digit, as_none
from model.reading.lattice import Lattice
from model.reading.parts import NO_RIVAL, LineReading
from model.reading.ways import Run, Way, likeliest


def best(lattice: Lattice, chooser: Chooser | None = None) -> LineReading:
    """The likeliest parting, and which of its digits another answer that is nearly as likely parts otherwise.

    Args:
        lattice: with all its single atoms judged, and the runs that may be digits.
        chooser: knows how digits stand in lines. It isn't asked where there seems to be one digit: of 5,000 of MNIST's
            it parted four more into two, which come in shapes that lines of pens don't have.
    """
    parts = lattice.parts
    plain = {run: (as_digit(lattice, run), as_none(lattice, run)) for run in parts}
    way, *others = plain_ways = _likeliest(lattice, plain)
    if chooser is not None and len(way.digits) > 1:
        worths = chooser.worths(lattice)
        way, *others = _likeliest(lattice, {run: _sum(plain[run], worths[run]) for run in parts})
    # Without what was learned, which only compares partings of the same atoms.
    log_p = sum(plain[run][0] for run in way.digits) + sum(plain[run][1] for run in way.left_out)
    rival = next((other.log_p for other in plain_ways if other.answer != way.answer), log_p - NO_RIVAL)
    digits, left_out = (tuple(parts[run] for run in runs) for runs in (way.digits, way.left_out))
    plain_lead = min(NO_RIVAL, log_p - rival)
    return LineReading(digits, left_out, lattice.height, log_p, _leads(way, others), plain_lead, _odd(lattice, way))


def _likeliest(lattice: Lattice, scores: Mapping[Run, tuple[float, float]]) -> list[Way]:
    return likeliest(
        len(lattice.atoms),
        lattice.parts,
        lambda run: lattice.parts[run].label,
        lambda run: scores[run][0],
        lambda run: scores[run][1],
    )


def _sum(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return one[0] + other[0], one[1] + other[1]


def _leads(way: Way, others: Sequence[Way]) -> tuple[float, ...]:
    """By how much each digit leads the best other answer that parts it otherwise."""
    if not others:
        return (NO_RIVAL,) * len(way.digits)
    lead = min(NO_RIVAL, way.log_p - others[0].log_p)
    leads = tuple(NO_RIVAL if run in others[0].digits else lead for run in way.digits)
    if min(leads, default=lead) > lead:  # the other answer has more digits, where this leaves something out
        return (lead,) * len(way.digits)
    return leads


def _odd(lattice: Lattice, way: Way) -> tuple[bool, ...]:
    """Which digits are small beside others, or all of them where one may have been left out."""
    is_lost = any(lattice.may_be_lost(run) for run in way.left_out)
    return tuple(is_lost or lattice.is_small_digit(run) for run in way.digits)
