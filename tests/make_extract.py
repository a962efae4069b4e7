"""Cut small parts out of a copy of MNIST: ``python -m tests.make_extract ../shared/data``.

They are the tests' extract in tests/data, and the first test digits, which the page shows.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from ui.views.grids import FIRST, FIRST_LABELS

HERE = Path(__file__).parent / "data" / "MNIST" / "raw"
#: How many digits, in how many bytes each, after how many bytes of header.
PARTS = {
    "train-images-idx3-ubyte": (600, 784, 16),
    "train-labels-idx1-ubyte": (600, 1, 8),
    "t10k-images-idx3-ubyte": (200, 784, 16),
    "t10k-labels-idx1-ubyte": (200, 1, 8),
}


def cut(content: bytes, count: int, size: int, header: int) -> bytes:
    """The first ``count`` items of an IDX file; the header's second number says how many there are."""
    return content[:4] + count.to_bytes(4, "big") + content[8 : header + count * size]


def main(root: str) -> None:
    """Write the extract of the MNIST below ``root``."""
    HERE.mkdir(parents=True, exist_ok=True)
    for name, (count, size, header) in PARTS.items():
        (HERE / name).write_bytes(cut((Path(root) / "MNIST" / "raw" / name).read_bytes(), count, size, header))
    images = np.frombuffer((HERE / "t10k-images-idx3-ubyte").read_bytes(), np.uint8, len(FIRST_LABELS) * 784, 16)
    Image.fromarray(np.hstack(list(images.reshape(-1, 28, 28)))).save(FIRST, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
