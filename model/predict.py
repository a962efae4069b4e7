"""Read pictures from the command line: one, or a million in folders, archives and lists.

    python -m model.predict PATH... [--json] [--model NAME] [--jobs N]    # a line each on standard output
    python -m model.predict PATH... --save-steps FILE                     # the steps of one picture
    python -m model.predict PATH... --output FILE [--resume]              # .jsonl, .csv or .parquet

Exit status: 0 when every picture was read, 2 when one could not be, 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    # Set before numpy reads it. A second thread of BLAS gains nothing on one digit, and spins on a core of its own.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

from tqdm import tqdm

from model.errors import DigitsError, PictureError, failed, printable
from model.files import write_atomically
from model.many.formats import open_output
from model.many.lines import EACH, Line, read_all
from model.many.output import Output
from model.many.sources import Item, count_pictures, find_pictures
from model.preprocess.sheet import sheet
from model.reading.recognizer import Recognizer
from model.reading.store import DEFAULT_MODEL


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for.

    Raises:
        PictureError: options that don't go together.
    """
    parser = argparse.ArgumentParser("python -m model.predict", description="Read handwritten digits in pictures.")
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a picture, folder, zip or tar; - for a list of them",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="which weights (default: %(default)s)")
    parser.add_argument("--jobs", type=_positive, default=_cores(), help="processes (default: cores, %(default)s)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write to a .jsonl, .csv or .parquet file instead")
    parser.add_argument("--resume", action="store_true", help="go on in FILE, and leave out the pictures that it has")
    parser.add_argument("--save-steps", type=Path, metavar="FILE", help="write the steps of preprocessing as one PNG")
    options = parser.parse_args(arguments)
    for option, given in (("--json", options.json), ("--save-steps", options.save_steps)):
        if options.output and given:
            raise PictureError("not-with-output", option=option)
    if options.resume and not options.output:
        raise PictureError("resume-what")
    return options


def _cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise ValueError
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the pictures that the command line names."""
    for stream in (sys.stdout, sys.stderr):  # a name that the console can't print is told by its codes
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        options = parse_arguments(arguments)
        if options.save_steps:
            return _save_steps(options)
        if options.output:
            return _write_lines(options)
        return _print_lines(_some(find_pictures(options.paths), options.paths), options)
    except BrokenPipeError:  # whoever read the lines has enough of them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:  # of a disk that is full, on which the lines are kept
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or leaving would try once more
        return failed(error, Path("the output"))
    except DigitsError as error:
        return failed(error)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 0


def _print_lines(items: Iterable[Item], options: argparse.Namespace) -> int:
    """Print the readings, a line each."""
    status, is_shown = 0, sys.stderr.isatty() and not sys.stdout.isatty()
    with _bar(options, is_shown=is_shown) as bar:
        for line in read_all(items, options.model, options.jobs):
            if options.json:
                print(json.dumps(line.to_dict()), flush=True)
            elif line.reading is not None:
                print(f"{printable(line.file)}: {line.text}", flush=True)
            else:
                bar.clear()
                print(f"error: {line.text}", file=sys.stderr)
            status = status if line.reading is not None else 2
            bar.update()
    return status


def _write_lines(options: argparse.Namespace) -> int:
    """Write the readings to a file."""
    read, failures = 0, 0
    Recognizer.load(options.model)  # a wrong name leaves no file
    try:
        with closing(open_output(options.output, resume=options.resume)) as output, _bar(options) as bar:
            lines = read_all(_new(options, output, bar), options.model, options.jobs)
            for several in _together(lines):
                output.write(several)
                read += len(several)
                failures += sum(line.reading is None for line in several)
                bar.update(len(several))
    except OSError as error:
        return failed(error, options.output)
    except KeyboardInterrupt:
        print(f"stopped; the same command with --resume goes on after {options.output}'s last line", file=sys.stderr)
        return 130
    print(f"{options.output}: {read:,} pictures more, {failures:,} of them not read", file=sys.stderr)
    return 2 if failures else 0


def _new(options: argparse.Namespace, output: Output, bar: tqdm[Any]) -> Iterator[Item]:
    """The pictures that a file doesn't have yet."""
    for item in _some(find_pictures(options.paths), options.paths):
        if item.name in output:
            bar.update()
        else:
            yield item


def _some(items: Iterator[Item], paths: Sequence[str]) -> Iterator[Item]:
    """The items, of which there must be one."""
    item = next(items, None)
    if item is None:
        raise PictureError("no-picture-in", paths=", ".join(paths))
    yield item
    yield from items


def _together(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines by ``EACH``."""
    lines = iter(lines)
    while several := list(islice(lines, EACH)):
        yield several


def _bar(options: argparse.Namespace, *, is_shown: bool = True) -> tqdm[Any]:
    """A bar on standard error, where that is a terminal: how many are read, how fast, and how long it takes yet."""
    is_shown = is_shown and sys.stderr.isatty()
    total = count_pictures(options.paths) if is_shown else None
    bar: tqdm[Any] = tqdm(total=total, unit=" pictures", smoothing=0.05, dynamic_ncols=True, disable=not is_shown)
    return bar


def _save_steps(options: argparse.Namespace) -> int:
    """Print one picture's reading, and write its steps."""
    items = list(_some(find_pictures(options.paths), options.paths))
    if len(items) > 1:
        raise PictureError("steps-of-several", count=len(items))
    try:
        source = items[0].source
        if not isinstance(source, PictureError):
            write_atomically(options.save_steps, sheet(Recognizer.load(options.model).read(source).steps))
    except PictureError:
        pass  # told below, as without the option
    except OSError as error:
        print(f"error: can't write {printable(options.save_steps)}: {error.strerror or error}", file=sys.stderr)
        return 2
    return _print_lines(items, options)


if __name__ == "__main__":
    sys.exit(main())
