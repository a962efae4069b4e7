"""The best parting of a line: which runs of its atoms are digits, and which are none.

Of all ways the one with the greatest sum of log probabilities, less what each run costs, is taken. So a broken 4 comes
together, a touching 00 comes apart, a wide 0 stays whole and a comma is left out, because of what the network sees.
"""

from __future__ import annotations

from model.reading.chooser import Chooser
from model.reading.costs import as_digit, as_none
from model.reading.lattice import Lattice
from model.reading.parts import NO_RIVAL, LineReading
from model.reading.ways import likeliest

#: What a run is worth beyond its costs where nobody has learned it.
NOTHING = (0.0, 0.0)


def best(lattice: Lattice, chooser: Chooser | None = None) -> LineReading:
    """The likeliest parting, and which of its digits another answer that is nearly as likely parts otherwise.

    Args:
        lattice: with all its single atoms judged, and the runs that may be digits.
        chooser: knows how digits stand in lines; where there is one atom there is nothing to choose.
    """
    parts = lattice.parts
    worths = {} if chooser is None or len(lattice.atoms) == 1 else chooser.worths(lattice)
    way, *others = likeliest(
        len(lattice.atoms),
        parts,
        lambda run: parts[run].label,
        lambda run: as_digit(lattice, run) + worths.get(run, NOTHING)[0],
        lambda run: as_none(lattice, run) + worths.get(run, NOTHING)[1],
    )
    digits, left_out = (tuple(parts[run] for run in runs) for runs in (way.digits, way.left_out))
    leads: tuple[float, ...] = (NO_RIVAL,) * len(digits)
    if others:
        lead = min(NO_RIVAL, way.log_p - others[0].log_p)
        leads = tuple(NO_RIVAL if run in others[0].digits else lead for run in way.digits)
        if min(leads, default=lead) > lead:  # the other answer has more digits, where this leaves something out
            leads = (lead,) * len(digits)
    # Without what was learned, which only compares partings of the same atoms.
    log_p = sum(as_digit(lattice, run) for run in way.digits) + sum(as_none(lattice, run) for run in way.left_out)
    return LineReading(digits, left_out, lattice.height, log_p, leads)
