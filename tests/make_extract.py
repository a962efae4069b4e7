"""Cut the small extract in tests/data from a copy of MNIST: ``python -m tests.make_extract ../shared/data``."""

from __future__ import annotations

import sys
from pathlib import Path

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


if __name__ == "__main__":
    main(sys.argv[1])
