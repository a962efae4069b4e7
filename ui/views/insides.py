"""What goes on in a network, as JSON that the tab's scripts paint: values in signed bytes, numbers that add up."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.preprocess.picture import SIZE, Pixels
from model.reading.activations import Stage, Trace
from model.reading.digit_map import SIDE, DigitMap
from model.reading.history import Moment
from model.reading.sums import Sum, adding_up, grid_of, shares
from model.reading.variations import Axis
from ui.views.pictures import png_uri

#: A first layer of up to so many units on the bare pixels is shown as pictures: each weight times its pixel.
MOST_PICTURES = 30
#: Inputs of a sum that are shown one by one; the others are one term.
MOST_TERMS = 6
#: Values of a patch up to which their products are shown as numbers.
MOST_PRODUCTS = 25
#: Digits of the map beside each other in the picture of all.
ACROSS = 50


def encoded(values: NDArray[Any]) -> str:
    """Bytes as text."""
    return base64.b64encode(values.tobytes()).decode()


def rounded(scores: NDArray[np.float64]) -> list[list[float]]:
    """Probabilities to four places."""
    return [[round(float(score), 4) for score in row] for row in scores]


def digit(image: Pixels, label: str) -> dict[str, str]:
    """A digit, uint8 (28, 28), and what it was read as."""
    return {"ink": encoded(image), "label": label}


def stages(made: Sequence[Stage], traces: Sequence[Trace]) -> list[dict[str, Any]]:
    """Each stage with its maps of the first digit."""
    return [_stage(stage, trace, made, place) for place, (stage, trace) in enumerate(zip(made, traces, strict=True))]


def _stage(stage: Stage, trace: Trace, made: Sequence[Stage], place: int) -> dict[str, Any]:
    values = trace.values[0]
    maps = values.transpose(2, 0, 1) if values.ndim == 3 else values[:, None, None]
    if are_pictures := stage.weight is not None and has_pictures(stage, trace):
        maps = trace.inputs[0, :, :, 0] * stage.weight.reshape(-1, SIZE, SIZE)
    most = float(np.abs(maps).max()) or 1.0
    return {
        "kind": stage.kind,
        "bend": stage.bend,
        "size": stage.weight.shape[2] if stage.kind == "convolution" and stage.weight is not None else 0,
        "shape": list(maps.shape),
        "pictures": are_pictures,
        "grid": list(grid_of(made, place)) if trace.values.ndim == 4 else [],
        "most": round(most, 4),
        "values": encoded((maps / most * 127).round().astype(np.int8)),
    }


def has_pictures(stage: Stage, trace: Trace) -> bool:
    """Whether each unit is a picture of weights times the drawing, and there are few enough to show."""
    return stage.kind == "linear" and trace.inputs.shape[1:] == (SIZE, SIZE, 1) and trace.sums.shape[1] <= MOST_PICTURES


def answers(made: Sequence[Stage], traces: Sequence[Trace]) -> list[list[float]]:
    """For each digit, and "none" where there is one: what speaks for it, against it, its bias, their sum."""
    bias = made[-1].bias
    if bias is None:
        return []
    both, totals = shares(traces, made), traces[-1].sums[0]
    return [
        [*adding_up([*pair, own], total), round(float(total), 2)]
        for pair, own, total in zip(both.tolist(), bias.tolist(), totals.tolist(), strict=True)
    ]


def total(made: Sum, stage: Stage) -> dict[str, Any]:
    """The sum behind a value: its largest terms, one for all others, and the bias."""
    answer: dict[str, Any] = {
        "field": list(made.field),
        "bend": stage.bend,
        "total": round(made.total, 2),
        "value": round(made.value, 2),
        "inputs": [_numbers(patch, 2) for patch in made.inputs[:1]],
    }
    if made.weights is None:
        return answer
    products = made.products
    by_map = products.sum(axis=(1, 2))
    shown = np.argsort(-np.abs(by_map), kind="stable")[:MOST_TERMS]
    rest = float(by_map.sum() - by_map[shown].sum())
    *terms, others, bias = adding_up([*by_map[shown].tolist(), rest, made.bias], made.total)
    answer["bias"] = bias
    answer["others"] = [len(by_map) - len(shown), others]
    answer["terms"] = [_term(made, int(place), term) for place, term in zip(shown, terms, strict=True)]
    answer["shape"] = list(products.shape[1:])
    return answer


def _term(made: Sum, place: int, term: float) -> dict[str, Any]:
    products = made.products[place].ravel().tolist()
    return {
        "map": place,
        "sum": term,
        "inputs": _numbers(made.inputs[place], 2),
        "weights": _numbers(made.weights[place], 3) if made.weights is not None else [],
        "products": adding_up(products, term) if len(products) <= MOST_PRODUCTS else [],
    }


def _numbers(patch: NDArray[Any], digits: int) -> list[float]:
    return [round(float(number), digits) for number in patch.ravel()]


def axis(made: Axis, images: Pixels, scores: Sequence[Sequence[float]]) -> dict[str, Any]:
    """The steps of an axis, what is read at each, and where the answer first changes to either side."""
    read = [row.index(max(row)) for row in map(list, scores)]
    rest = made.rest
    behind = next((step for step in range(rest, len(read)) if read[step] != read[rest]), None)
    before = next((step for step in range(rest, -1, -1) if read[step] != read[rest]), None)
    return {
        "amounts": [round(float(amount), 3) for amount in made.amounts],
        "rest": rest,
        "images": encoded(images),
        "scores": scores,
        "flips": [before, behind],
    }


def tested(scores: Sequence[Sequence[float]], labels: NDArray[np.uint8]) -> dict[str, Any]:
    """Of one digit and the test digits behind it: its scores, and which of the others are read right."""
    own, *others = scores
    read = [list(row).index(max(row)) for row in others]
    right = [answer == label for answer, label in zip(read, labels.tolist(), strict=True)]
    return {
        "scores": own,
        "right": sum(right),
        "total": len(right),
        "read": _joined(read),
        "labels": _joined(labels.tolist()),
    }


def moment(made: Moment, epochs: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """A moment of a training, with the number of the epoch that it ends, if it ends one."""
    ended = [int(epoch["epoch"]) for epoch in epochs if epoch.get("examples") == made.digits]
    return {**asdict(made), "epoch": ended[0] if ended else None}


def _joined(labels: Sequence[int]) -> str:
    return "".join(map(str, labels))


def digit_map(made: DigitMap) -> dict[str, Any]:
    """The map's places, labels and answers, and one picture of all its digits."""
    return {
        "places": (made.places / SIDE).round(4).ravel().tolist(),
        "labels": _joined(made.labels.tolist()),
        "answers": _joined(made.answers.tolist()),
        "indices": made.indices.tolist(),
        "across": ACROSS,
        "pictures": _sheet(made.pictures),
    }


def _sheet(pictures: Pixels) -> str:
    """All digits in rows, as a PNG of as few bits as there are greys."""
    rows = -(-len(pictures) // ACROSS)
    filled = np.zeros((rows * ACROSS, SIZE, SIZE), np.uint8)
    filled[: len(pictures)] = pictures
    sheet = filled.reshape(rows, ACROSS, SIZE, SIZE).transpose(0, 2, 1, 3).reshape(rows * SIZE, ACROSS * SIZE)
    image = Image.fromarray(sheet // 85, mode="P")
    image.putpalette([grey for level in range(4) for grey in [85 * level] * 3])
    file = io.BytesIO()
    image.save(file, "PNG", bits=2)
    return png_uri(file.getvalue())
