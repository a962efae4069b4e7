"""Train a recogniser and write its weights, metrics, curves and mistakes to model/weights.

The default network has 476,011 parameters and takes 28 epochs of 128,000 pictures; its first seed, which ships, reads
99.61 % of MNIST's test digits. An epoch takes two minutes on one core with bfloat16, and 80 seconds on two: 38 minutes
in all. Without bfloat16 it takes two to three times as long. What each shipped run measured stands in
model/weights/*.json; `python -m model.evaluate --model all` measures their weights again.

    python train.py                           # downloads MNIST into data/
    python train.py --model mlp --data DIR    # a tutorial's network and settings, a copy of MNIST or folders of PNGs
    python train.py --preset quick            # 99 % within seconds, by a network of its own
    python train.py --resume                  # goes on after Ctrl-C, to the same weights
    torchrun --nproc-per-node 2 train.py      # several processes, or machines, share each batch

Validation digits choose everything; the test set is read at the end.
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

from model.errors import DigitsError, failed
from model.packages import TRAINING, check_packages
from model.reading.store import DEFAULT_MODEL, WEIGHTS
from model.settings import Settings


def parse_arguments(arguments: Sequence[str] | None) -> tuple[Settings, argparse.Namespace]:
    """The settings, an option for each of their fields with the model's preset as defaults, and where things are.

    Raises:
        DigitsError: there is no such model, or a setting is out of its range.
    """
    from model.networks.registry import MODELS, preset

    first = argparse.ArgumentParser(add_help=False)
    first.add_argument("--model", "--preset", default=DEFAULT_MODEL)
    defaults = preset(first.parse_known_args(arguments)[0].model)

    parser = argparse.ArgumentParser(description=f"Train a digit recogniser: {', '.join(MODELS)}.")
    for field in dataclasses.fields(Settings):
        default = getattr(defaults, field.name)
        names = [f"--{field.name.replace('_', '-')}", *(["--preset"] if field.name == "model" else [])]
        text = f"{field.metadata['help']} (default: {default})"
        if isinstance(default, bool):
            parser.add_argument(*names, action=argparse.BooleanOptionalAction, default=default, help=text)
        else:
            parser.add_argument(*names, type=type(default), default=default, help=text)
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is, or goes")
    parser.add_argument("--out", type=Path, default=WEIGHTS, metavar="DIR", help="where the weights go")
    parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="default: runs/MODEL.safetensors")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument("--plot", action=argparse.BooleanOptionalAction, default=True, help="draw curves and samples")
    options = parser.parse_args(arguments)
    settings = Settings(**{field.name: getattr(options, field.name) for field in dataclasses.fields(Settings)})
    options.checkpoint = options.checkpoint or Path("runs") / f"{settings.model}.safetensors"
    return settings, options


def train(settings: Settings, options: argparse.Namespace) -> None:
    """Fit, calibrate, read the test set, save."""
    from model.data.digits import joined
    from model.data.load import load_data
    from model.networks.layers import layers_of
    from model.networks.registry import build
    from model.synthesis.synthesize import extend
    from model.training.device import device_of
    from model.training.distributed import is_writer, process_group
    from model.training.fit import fit
    from model.training.publish import publish

    started = time.perf_counter()
    with process_group(device_of(settings.device)):
        layers_of(build(settings.model))  # or it couldn't be read with after all the training
        data = load_data(options.data)
        watched = {"validation": data.validation, **({"test": data.test} if settings.watch_test else {})}
        digits = data.train if settings.hold_out else joined(data.train, data.validation)
        learned = extend(digits, settings)
        result = fit(learned, watched, settings, options.checkpoint, options.resume, dataset=data.checksums)
        if not is_writer():
            return
        card = publish(result, data, settings, options.out, plot=options.plot)
    test, minutes = card.metrics["test"], (time.perf_counter() - started) / 60
    low, high = test["interval"]
    print(
        f"{settings.model}: {card.parameters:,} parameters, {settings.epochs} epochs, "
        f"{minutes:.1f} minutes on {os.cpu_count()} cores\n"
        f"test accuracy = {test['right']} / {test['total']} = {test['accuracy']:.4f} "
        f"(95 % interval {low:.4f} to {high:.4f})\n"
        f"written to {options.out}: {', '.join([*card.sha256, f'{card.model}.json'])}\n"
        f"`python -m model.evaluate --model {settings.model}` lists each wrong case"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the command line says."""
    # Threads that wait asleep, not spinning: beside another busy process that is 10 to 40 times faster.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        check_packages(*TRAINING, "matplotlib")
        settings, options = parse_arguments(arguments)
    except DigitsError as error:
        return failed(error)
    try:
        train(settings, options)
    except (DigitsError, OSError) as error:
        return failed(error, options.out)
    except KeyboardInterrupt:
        print("\nstopped; the same command with --resume goes on from the last saved state", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
