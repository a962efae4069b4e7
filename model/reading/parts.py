"""What a reading is made of: some ink that was judged as one, and a line of such parts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from model.preprocess.picture import Pixels
from model.reading.atoms import Atom
from model.reading.scores import DIGITS, Logits

#: An answer leads if every other one's log probability is lower by so much: another has a twelfth of its probability.
LEAD = 2.5
#: The same of a drawing that is read as one digit, if the network finds it clearly a digit: of 6,951
#: pen digits of writers 1 to 27 it leaves 165 right ones unsure, not 269, and as few wrong ones sure (2). Of pictures a
#: lower lead made more of what is no digit sure (96 of 1,300, not 66).
LEAD_DRAWN_ALONE = 1.5
#: … a digit score of at least this.
CLEARLY_A_DIGIT = 3.0
#: Whatever else speaks for it, no answer is sure with a lower lead: another has a third of its probability.
LEAST_LEAD = 1.0
#: No digit is sure whose digit score is lower: of 2,679 sure answers in the benchmark's scenes two had such a digit.
SURELY_A_DIGIT = 1.5
#: The lead of a digit that no other answer parts otherwise.
NO_RIVAL = 20.0
#: The least probability that is told from none.
LEAST_P = 1e-9


@dataclass(frozen=True)
class Part:
    """Some atoms of a line as one, judged.

    Attributes:
        atom: their ink.
        image: uint8 (28, 28), what the network saw.
        logits: what it answered, float64 (10,) or (11,).
        log_digit: the log probability that it is a digit.
        log_label: if it is, that of the label it looks like most.
    """

    atom: Atom
    image: Pixels
    logits: Logits
    log_digit: float
    log_label: float

    @property
    def label(self) -> int:
        """The digit that it looks like most."""
        return int(self.logits[:DIGITS].argmax())

    @property
    def log_p(self) -> float:
        """The log probability that it is a digit, and the one it looks like most."""
        return self.log_digit + self.log_label

    @property
    def log_none(self) -> float:
        """The log probability that it is no digit."""
        return math.log(max(LEAST_P, -math.expm1(min(self.log_digit, 0.0))))


@dataclass(frozen=True)
class LineReading:
    """A line as it is read.

    Attributes:
        digits: from left to right.
        left_out: what is no digit.
        height: of the line's digits, in pixels.
        log_p: the log probability of this parting, less what its digits and cuts cost.
        leads: by how much log probability this parting leads the best that has another answer and parts each digit
            otherwise; ``NO_RIVAL`` for a digit that both have.
        plain_lead: by how much it leads the best with another answer without what was learned of how digits stand:
            that was learned of digits alone, and is as sure of what is none. Below 0 where it would not have been best.
        odd: of which digits their size says that they may be none, or all where one may have been left out.
    """

    digits: tuple[Part, ...]
    left_out: tuple[Part, ...]
    height: float
    log_p: float
    leads: tuple[float, ...]
    plain_lead: float = NO_RIVAL
    odd: tuple[bool, ...] = ()

    @property
    def each_odd(self) -> tuple[bool, ...]:
        """Of each digit whether it is odd, where nothing is known of it, too."""
        return self.odd or (False,) * len(self.digits)

    @property
    def doubted(self) -> tuple[bool, ...]:
        """Which digits another answer that is nearly as likely parts otherwise."""
        return tuple(lead < LEAD for lead in self.leads)
