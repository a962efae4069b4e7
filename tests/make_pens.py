"""Make model/data/pens.npz of recorded pen strokes: ``python -m tests.make_pens ../shared/pen/strokes.json``.

The recording is a list of ``{"label", "writer", "strokes": [[[x, y], …], …]}`` with the y axis up. What is stored
are the steps from point to point, which compress to two thirds of the points themselves.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.data.pens import FILE
from model.files import write_atomically

#: How far, in the recording's units of 500 a box, a point may lie from the line between its neighbours and be left out.
TOLERANCE = 2.0

#: What two recordings show that are labelled otherwise, by their place in the file: looked at by eye.
SHOWN = {1469: 2, 5207: 5}


def simplified(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points (P, 2) that a polyline needs to stay within ``TOLERANCE`` (D. Douglas & T. Peucker, 1973)."""
    keep = np.zeros(len(points), np.bool_)
    keep[[0, -1]] = True
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last <= first + 1:
            continue
        along, away = points[last] - points[first], points[first + 1 : last] - points[first]
        length = float(np.hypot(*along))
        distances = np.abs(away[:, 0] * along[1] - away[:, 1] * along[0]) / length if length else np.hypot(*away.T)
        farthest = first + 1 + int(distances.argmax())
        if distances.max() > TOLERANCE:
            keep[farthest] = True
            waiting += [(first, farthest), (farthest, last)]
    return points[keep]


def main() -> int:
    """Simplify and store."""
    digits = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    labels = [SHOWN.get(place, digit["label"]) for place, digit in enumerate(digits)]
    strokes = [simplified(np.array(stroke, float) * (1, -1)) for digit in digits for stroke in digit["strokes"]]
    points = np.concatenate(strokes).astype(np.int16)
    file = io.BytesIO()
    np.savez_compressed(
        file,
        labels=np.array(labels, np.uint8),
        writers=np.array([int(digit["writer"]) for digit in digits], np.uint8),
        strokes=np.array([len(digit["strokes"]) for digit in digits], np.uint8),
        points=np.array([len(stroke) for stroke in strokes], np.uint16),
        moves=np.asfortranarray(np.diff(points, axis=0, prepend=np.zeros((1, 2), np.int16))),
    )
    write_atomically(FILE, file.getvalue())
    print(f"{FILE.name}: {len(digits)} digits, {len(points)} points, {len(file.getvalue()) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
