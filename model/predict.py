"""Read pictures from the command line, or folders of them.

``python -m model.predict PATH... [--json] [--model NAME] [--save-steps FILE]``. Exit status: 0 when every file was
read, 2 when one could not be.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from model.errors import DigitsError, PictureError, failed, printable
from model.files import write_atomically
from model.preprocess.picture import SUFFIXES
from model.preprocess.sheet import sheet
from model.reading.reading import describe
from model.reading.recognizer import Recognizer
from model.reading.store import DEFAULT_MODEL


def find_pictures(paths: Sequence[str | os.PathLike[str]]) -> Iterator[Path]:
    """The paths themselves, and of a folder all pictures in and below it, by name."""
    for path in map(Path, paths):
        try:
            is_folder = path.is_dir()
        except OSError as error:
            raise PictureError("unreadable-path", path=path, reason=error.strerror or error) from error
        if is_folder:
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
        else:
            yield path


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the pictures that the command line names."""
    parser = argparse.ArgumentParser("python -m model.predict", description="Read handwritten digits in pictures.")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a picture, or a folder of pictures")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="which weights (default: %(default)s)")
    parser.add_argument("--save-steps", type=Path, metavar="FILE", help="write the steps of preprocessing as one PNG")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):  # a name that the console can't print is told by its codes
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    status = 0
    try:
        recognizer = Recognizer.load(options.model)
        files = list(find_pictures(options.paths))
        if not files:
            raise PictureError("no-picture-in", paths=", ".join(options.paths))
        if options.save_steps and len(files) > 1:
            raise PictureError("steps-of-several", count=len(files))
        for file in files:
            status = max(status, _read_file(recognizer, file, as_json=options.json, steps=options.save_steps))
    except BrokenPipeError:  # whoever read the lines has enough of them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:  # of a disk that is full, on which the lines are kept
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or leaving would try once more
        return failed(error, Path("the output"))
    except DigitsError as error:
        return failed(error)
    return status


def _read_file(recognizer: Recognizer, file: Path, *, as_json: bool, steps: Path | None = None) -> int:
    """Print one file's reading, or why there is none; write its steps to ``steps``."""
    try:
        reading = recognizer.read(file)
    except PictureError as error:
        if as_json:
            print(json.dumps({"file": str(file), "status": None, "digits": [], "error": str(error)}), flush=True)
        else:
            print(f"error: {error}", file=sys.stderr)
        return 2
    if steps:
        try:
            write_atomically(steps, sheet(reading.steps))
        except OSError as error:
            print(f"error: can't write {printable(steps)}: {error.strerror or error}", file=sys.stderr)
            return 2
    line = {"file": str(file), **reading.to_dict(), "error": None}
    print(json.dumps(line) if as_json else f"{printable(file)}: {describe(reading)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
