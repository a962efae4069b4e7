"""Pick the training digits that ship: ``python -m model.training.pick_neighbours --data DIR``, a hundred of each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model.packages import TRAINING, exit_without

if __name__ == "__main__":
    exit_without(*TRAINING)  # the imports that follow need them

from model.data.load import load_data
from model.errors import DataError, DigitsError, failed
from model.files import write_atomically
from model.reading.neighbours import EACH, FILE
from model.reading.store import WEIGHTS, tiles


def main(arguments: Sequence[str] | None = None) -> int:
    """Pick the training digits that ship."""
    parser = argparse.ArgumentParser(
        "python -m model.training.pick_neighbours", description="Pick the training digits that ship."
    )
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is, or goes")
    parser.add_argument("--out", type=Path, default=WEIGHTS, metavar="DIR")
    options = parser.parse_args(arguments)

    try:
        train = load_data(options.data).train
        chosen = [train.images[train.labels == label][:EACH].numpy() for label in range(10)]
        short = [str(label) for label, images in enumerate(chosen) if len(images) < EACH]
        if short:
            raise DataError("too-few-of", folder=options.data, count=EACH, labels=", ".join(short))
        write_atomically(options.out / FILE, tiles(np.concatenate(chosen)))
    except (DigitsError, OSError) as error:
        return failed(error, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
