"""Attack a page on this machine, and see what others wait: ``python -m tests.attacks [NAME…]``.

Each attack comes from one address, is bounded in count and time, and meets a page of its own at the default rate;
visitors of other addresses draw, send a photo and ask for a file meanwhile. Exit status 1 when a figure misses what
is asked of it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from tests.helpers import assaults, parcels, tool_calls, wrappings
from tests.helpers.onlookers import Onlookers
from tests.helpers.server import Server, serving
from tests.helpers.siege import Attack
from tests.helpers.soak import handles

#: By name: what is done, and what it tells of it. Each returns when the attack is over.
ATTACKS: dict[str, Attack] = {
    attack.__name__: attack
    for attack in (
        assaults.flood,
        assaults.crowd,
        assaults.queue,
        assaults.pictures,
        assaults.hog,
        assaults.pages,
        assaults.files,
        assaults.uploads,
        assaults.malformed,
        assaults.insides,
        assaults.hold,
        assaults.scrawls,
        tool_calls.tool,
        parcels.parts,
        parcels.fields,
        wrappings.wrappings,
    )
}
#: Seconds that the slowest of 95 % of others may wait, and megabytes that the page may take.
AT_MOST = {"drawing": 0.5, "photo": 3.0, "static": 0.3, "MB": 700.0, "changed": 0.0, "tracebacks": 0.0}
#: Seconds before an attack, and after it, in which others are watched, too.
BEFORE = 3.0
AFTER = 5.0
#: Seconds after an attack in which all has to be as it was before.
RECOVERY = 60.0
#: How much more memory is still as before; and so many threads and descriptors.
SAME = 1.05
FEW = 3


@dataclass(frozen=True)
class State:
    """What the page's processes take."""

    threads: int
    descriptors: int
    megabytes: float

    @classmethod
    def of(cls, server: Server) -> State:
        """At this moment."""
        return cls(*handles(server), server.memory / 1e6)

    def is_as(self, before: State) -> bool:
        """Whether it is as it was."""
        return (
            self.threads <= before.threads + FEW
            and self.descriptors <= before.descriptors + FEW
            and self.megabytes <= SAME * before.megabytes
        )


def recover(server: Server, before: State) -> tuple[float, State]:
    """Seconds until the page is as it was, or all that there are, and how it is then."""
    started = time.monotonic()
    while not (now := State.of(server)).is_as(before) and time.monotonic() - started < RECOVERY:
        time.sleep(0.5)
    return time.monotonic() - started, now


def measure(attack: Attack) -> Iterator[tuple[str, float]]:
    """The figures of others during an attack."""
    with serving("app.py", "--mcp", rate="60") as server:
        server.settle()
        with Onlookers(server) as others:
            time.sleep(BEFORE)
            before = State.of(server)
            print(f"  {attack(server)}", flush=True)
            time.sleep(AFTER)
            seconds, after = recover(server, before)
            told = [f"{name} {then:.0f} → {asdict(after)[name]:.0f}" for name, then in asdict(before).items()]
            print(f"  {AFTER + seconds:.0f} s later: {', '.join(told)}", flush=True)
        for problem in others.problems[:3]:
            print(f"  {problem}", file=sys.stderr)
        for name in others.seconds:
            yield name, others.share(name)
        yield "MB", others.memory / 1e6
        yield "changed", float(not after.is_as(before))
        yield "tracebacks", float(len(server.tracebacks))


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack, tell, and compare with what is asked."""
    parser = argparse.ArgumentParser("python -m tests.attacks", description="Attack a page on this machine.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(ATTACKS)} (default: all)")
    names = parser.parse_args(arguments).names or list(ATTACKS)
    if unknown := set(names) - set(ATTACKS):
        parser.error(f"there is no attack {', '.join(sorted(unknown))}")
    status = 0
    for name in names:
        print(name, flush=True)
        figures = dict(measure(ATTACKS[name]))
        missed = [what for what, figure in figures.items() if figure > AT_MOST[what]]
        print("  " + ", ".join(f"{what} {figure:.3g}" for what, figure in figures.items()))
        if missed:
            print(f"  too much: {', '.join(missed)}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
