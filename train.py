"""Train a network on MNIST and write its weights, metrics and mistakes to model/weights.

The default network has 326 k parameters and takes 30 epochs of 71,000 pictures, on two quiet
cores with bfloat16 25 s each. What the shipped run measured stands in model/weights/cnn.json;
`python -m model.evaluate` measures its weights again.

    python train.py                    # downloads MNIST into data/
    python train.py --data DIR         # reads a copy
    python train.py --resume           # goes on after Ctrl-C, to the same weights

Validation digits choose everything; the test set is read once, at the end.
Exit status: 0 done, 2 bad data or settings or a disk that can't be written, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from model.errors import DigitsError
from model.settings import Settings
from model.store import WEIGHTS


def parse_arguments(arguments: Sequence[str] | None) -> tuple[Settings, argparse.Namespace]:
    """The settings, an option for each of their fields, and where things are."""
    parser = argparse.ArgumentParser(description="Train a digit recogniser on MNIST.")
    for field in dataclasses.fields(Settings):
        option = f"--{field.name.replace('_', '-')}"
        text = f"{field.metadata['help']} (default: {field.default})"
        if isinstance(field.default, bool):
            parser.add_argument(option, action=argparse.BooleanOptionalAction, default=field.default, help=text)
        else:
            parser.add_argument(option, type=type(field.default), default=field.default, help=text)
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is, or goes")
    parser.add_argument("--out", type=Path, default=WEIGHTS, metavar="DIR", help="where the weights go")
    parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="default: runs/MODEL.safetensors")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    options = parser.parse_args(arguments)
    settings = Settings(**{field.name: getattr(options, field.name) for field in dataclasses.fields(Settings)})
    options.checkpoint = options.checkpoint or Path("runs") / f"{settings.model}.safetensors"
    return settings, options


def train(settings: Settings, options: argparse.Namespace) -> None:
    """Fit, calibrate, read the test set once, save."""
    from model.data import load_mnist
    from model.fit import fit
    from model.publish import publish
    from model.synthesize import extend

    started = time.perf_counter()
    mnist = load_mnist(options.data)
    result = fit(extend(mnist.train, settings), mnist.validation, settings, options.checkpoint, options.resume)
    card = publish(result, mnist, settings, options.out)
    test, minutes = card.metrics["test"], (time.perf_counter() - started) / 60
    low, high = test["interval"]
    print(
        f"{settings.model}: {card.parameters:,} parameters, {settings.epochs} epochs, "
        f"{minutes:.1f} minutes on {os.cpu_count()} cores\n"
        f"test accuracy = {test['right']} / {test['total']} = {test['accuracy']:.2%} "
        f"(95 % interval {low:.2%} to {high:.2%})\n"
        f"written to {options.out / settings.model}.safetensors, .json and .mistakes.png"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the command line says."""
    # Threads that wait asleep, not spinning: beside another busy process that is 10 to 40 times faster.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        settings, options = parse_arguments(arguments)
    except DigitsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    try:
        train(settings, options)
    except DigitsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: can't write {error.filename or options.out}: {error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped; the same command with --resume goes on from the last whole epoch", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
