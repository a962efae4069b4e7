"""Load a running page in minutes as a busy day would: ``python -m tests.load [--json FILE]``.

A crowd that reads at once, against a page that reads nothing; visitors who go away before they are answered, and
page loads; a rush for the queue; a soak of mixed use, with ``--attacks`` under those of ``tests.attacks``; what
remains of them all. On this machine, one line each. Exit status 1 when a figure misses what is asked of it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.attacks import ATTACKS
from tests.helpers.crowd import Figures, crowd, known_readings, rush
from tests.helpers.server import serving
from tests.helpers.soak import FEW, TIDY, departures, handles, remains, soak

#: What is asked of each part's figures. Growth is that of resident memory.
AT_MOST: dict[str, Figures] = {
    "crowd": {"errors": 0, "mixed up": 0},
    "rush": {"errors": 0, "mixed up": 0},
    "departures": {"errors": 0, "mixed up": 0, "growth": 1.05},
    "soak": {"errors": 0, "mixed up": 0, "growth": 1.05},
    "remains": {"threads": FEW, "handles": FEW, "uploads": 0, "tracebacks": 0},
}
AT_LEAST: dict[str, Figures] = {"crowd": {"ratio": 0.85}, "rush": {"told busy": 1}}


def judge(part: str, figures: Mapping[str, float]) -> list[str]:
    """What of a part's figures misses what is asked of it."""
    over = [f"{name} {figures[name]:.3g} > {most:g}" for name, most in AT_MOST[part].items() if figures[name] > most]
    least = AT_LEAST.get(part, {})
    under = [f"{name} {figures[name]:.3g} < {limit:g}" for name, limit in least.items() if figures[name] < limit]
    return [f"{part}: {problem}" for problem in over + under]


def line(part: str, figures: Mapping[str, float]) -> str:
    """A part's figures for a person."""
    return f"{part}: " + ", ".join(f"{name} {value:,.4g}" for name, value in figures.items())


def measure(options: argparse.Namespace) -> Iterator[tuple[str, Figures]]:
    """Each part's figures, as soon as they are known."""
    with serving() as server:
        known = known_readings(server)
        with serving("-m", "tests.helpers.empty_page") as empty:
            yield "crowd", crowd(server, empty, known, options.clients, options.readings)
        yield "rush", rush(server)
    with serving(*TIDY) as server:
        known = known_readings(server)
        server.settle()
        before = handles(server)
        yield "departures", departures(server, known, options.away, options.loads)
        if not options.attacks:
            yield "soak", soak(server, known, options.soak, options.minutes)
            yield "remains", remains(server, before)
    if options.attacks:  # they meet the page at its default rate, and what else bounds each address
        with serving(*TIDY, "--mcp", rate="60") as server:
            known = known_readings(server)
            server.settle()
            before = handles(server)
            yield "soak", soak(server, known, options.soak, options.minutes, ATTACKS)
            yield "remains", remains(server, before)


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the pages, load them, tell what came of it."""
    parser = argparse.ArgumentParser("python -m tests.load", description="Load a running page.")
    parser.add_argument("--clients", type=int, default=64, help="who ask at once (default: %(default)s)")
    parser.add_argument("--readings", type=int, default=2000, help="that they ask for (default: %(default)s)")
    parser.add_argument("--away", type=int, default=50, help="who go away unanswered (default: %(default)s)")
    parser.add_argument("--loads", type=int, default=1000, help="of the page (default: %(default)s)")
    parser.add_argument("--soak", type=int, default=1000, help="visitors one after another (default: %(default)s)")
    parser.add_argument("--minutes", type=float, help="of visitors one after another, instead of --soak")
    parser.add_argument("--attacks", action="store_true", help="one each minute of the soak, from another address")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    options = parser.parse_args(arguments)
    measured = {}
    for part, figures in measure(options):
        measured[part] = figures
        print(line(part, figures), flush=True)
    problems = [problem for part, figures in measured.items() for problem in judge(part, figures)]
    print("\n".join(problems) or "no problem")
    if options.json:
        options.json.write_text(json.dumps({**measured, "problems": problems}, indent=1), encoding="utf-8")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
