"""Save what the network would see of a picture: ``python -m model.preprocess PICTURE OUT.png``."""

from __future__ import annotations

import sys

from PIL import Image

from model.errors import DigitsError
from model.preprocess.picture import SIZE
from model.preprocess.pipeline import preprocess

#: How many times the saved picture is larger than what the network sees.
ENLARGED = 10


def main() -> int:
    """Save what the network would see of a picture. Exit status 2 for one that can't be read or is blank."""
    if len(sys.argv) != 3:
        print("usage: python -m model.preprocess PICTURE OUT.png", file=sys.stderr)
        return 2
    try:
        prepared = preprocess(sys.argv[1])
    except DigitsError as error:
        print(error, file=sys.stderr)
        return 2
    if prepared.image is None:
        print(f"{sys.argv[1]} is blank", file=sys.stderr)
        return 2
    side = ENLARGED * SIZE
    Image.fromarray(prepared.image).resize((side, side), Image.Resampling.NEAREST).save(sys.argv[2])
    return 0


if __name__ == "__main__":
    sys.exit(main())
