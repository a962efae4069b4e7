"""A trained network as ONNX, to run elsewhere: ``python -m model.export NAME OUT.onnx [--half] [--data FOLDER]``.

The file takes ink (digits, 1, 28, 28) as float32 in 0…1, any number of digits at once, and gives their logits. How ink
is made of a picture, what the logits mean and when an answer is sure is told in its metadata. It is written only when
ONNX Runtime gives the same answers with it as the numpy that the page reads with: of 200 test digits that ship, or
of all those in FOLDER, such as MNIST's 10,000 (docs/export.md). Exit status 2 when it isn't.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import DigitsError, WeightsError, failed
from model.files import write_atomically
from model.packages import TRAINING, check_packages
from model.preprocess.normalise import BOX, CENTRE
from model.preprocess.picture import SIZE
from model.reading.digit_map import load_tested
from model.reading.scores import DIGITS
from model.reading.store import WEIGHTS, Card, load_card, load_forward

#: What export needs beside what training needs, as they are imported.
PACKAGES = ("onnx", "onnxscript", "onnxruntime")
#: The version of ONNX's operators: the oldest that torch writes, which older runtimes know, too.
OPSET = 18
#: The most that a logit may differ from the page's own. Logits go to some tens; float32 leaves about 1e-5 of them.
TOLERANCE = 1e-4
#: Tensors of fewer values stay in float32: the cast that makes them so would take more room than they do.
FEW = 16
#: Digits that are compared at once: their largest layer, keras-cnn's, then takes some 50 MB.
BATCH = 500
#: Names of the file's one input and one output.
INK, LOGITS = "ink", "logits"
#: How a picture becomes the network's input.
PREPROCESSING = (
    f"One digit as MNIST's makers made theirs: ink bright on 0. The box of the ink is averaged by area into "
    f"{BOX}x{BOX} pixels, its sides' ratio kept, and moved by whole pixels so that its centre of mass falls on row and "
    f"column {CENTRE}, counted from 0, of {SIZE}x{SIZE}. Values are divided by 255. Photographs, drawings and numbers "
    f"are made so by the project's model/preprocess and model/reading."
)
#: What is done with the logits.
READING = (
    "Scores are softmax(the first ten logits / temperature). Below unsure_below the likeliest is told as unsure. The "
    "digit score is the largest of ten logits; where there are eleven it is logsumexp(the first ten) less the last, "
    "which stands for no digit at all. Below no_digit_below nothing is read."
)


def to_onnx(card: Card, folder: Path = WEIGHTS, *, half: bool = False) -> bytes:
    """A trained network as the bytes of an ONNX file.

    Args:
        half: weights are kept in half precision, as they are stored, and computed with in float32: half the size.

    Raises:
        WeightsError: the weights are missing, damaged or of another network.
        PackageError: torch or a package for ONNX isn't installed.
    """
    check_packages(*TRAINING, *PACKAGES)
    import onnx
    import torch

    from model.networks.weights import load_network

    digits = torch.zeros(2, 1, SIZE, SIZE)
    program = torch.onnx.export(
        load_network(card, folder),
        (digits,),
        input_names=[INK],
        output_names=[LOGITS],
        dynamic_shapes=({0: torch.export.Dim("digits")},),
        opset_version=OPSET,
        optimize=not half,  # it joins normalisation to convolutions, whose weights then aren't the stored ones
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    file = program.model_proto
    for node in file.graph.node:
        del node.metadata_props[:]  # where in whose files each was made
    if half:
        halve(file.graph)
    for key, value in metadata(card, folder).items():
        entry = file.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.checker.check_model(file, full_check=True)
    return bytes(file.SerializeToString())


def halve(graph: Any) -> None:
    """Keep those of a graph's weights in half precision that lose nothing by it; it makes float32 of them again."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size >= FEW:
            halved = values.astype(np.float16)
            if np.array_equal(halved.astype(np.float32), values):
                name, stored = tensor.name, f"{tensor.name}.half"
                tensor.CopyFrom(numpy_helper.from_array(halved, stored))
                casts.append(helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def metadata(card: Card, folder: Path = WEIGHTS) -> dict[str, str]:
    """What a person needs to know to read with a network, by key: labels, thresholds, preprocessing, accuracy."""
    from model import __version__

    test = card.metrics.get("test", {})
    return {
        "model": card.model,
        "about": card.about,
        "labels": json.dumps(labels_of(card, folder)),
        "temperature": repr(card.temperature),
        "unsure_below": repr(card.unsure_below),
        "no_digit_below": repr(card.no_digit_below),
        "preprocessing": PREPROCESSING,
        "reading": READING,
        "accuracy": f"{test['right']} of {test['total']} of MNIST's test digits" if test else "not measured",
        "weights": card.weights_sha256,
        "licence": "MIT",
        "version": __version__,
    }


def labels_of(card: Card, folder: Path = WEIGHTS) -> list[str]:
    """What a network's logits stand for, in their order: ten digits, and "none" where an eleventh stands for no digit.

    Raises:
        WeightsError: the weights are missing, damaged or of another network.
    """
    outputs = load_forward(card, folder)(np.zeros((1, SIZE, SIZE), np.float32)).shape[-1]
    return [*map(str, range(DIGITS)), *["none"] * (outputs - DIGITS)]


def session_of(file: bytes) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """What gives the logits (N, 10 or 11) of ink (N, 28, 28) in 0…1 by ONNX Runtime.

    Raises:
        PackageError: it isn't installed.
    """
    check_packages("onnxruntime")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors alone: it warns of what it leaves as it is
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return lambda ink: np.asarray(session.run([LOGITS], {INK: ink[:, None]})[0])


def ink_of(root: Path | None = None) -> NDArray[np.float32]:
    """Ink (N, 28, 28) in 0…1 to compare with: the 200 test digits that ship, or all test digits of a data set.

    Raises:
        DataError: the data set can't be read.
        WeightsError: the digits that ship are missing or damaged.
    """
    if root is None:
        images = load_tested().images
    else:
        from model.data.load import load_test  # which needs torch

        images = load_test(root).images.numpy()
    ink: NDArray[np.float32] = images.astype(np.float32) / np.float32(255)
    return ink


def check(file: bytes, card: Card, ink: NDArray[np.float32], folder: Path = WEIGHTS) -> float:
    """Compare an ONNX file with the page's own network on ink (N, 28, 28) in 0…1: the first alone, then the rest.

    Returns:
        The largest difference of two logits.

    Raises:
        WeightsError: it is over ``TOLERANCE``, or a digit gets another label; or the weights can't be read.
    """
    forward, ask = load_forward(card, folder), session_of(file)
    other, most = 0, 0.0
    for part in (ink[:1], *(ink[start : start + BATCH] for start in range(1, len(ink), BATCH))):
        own, given = forward(part), ask(part)
        other += int((own[:, :DIGITS].argmax(axis=1) != given[:, :DIGITS].argmax(axis=1)).sum())
        most = float(np.maximum(most, np.abs(own - given).max()))  # not a number stays so, and is over any bound
    if other or not most <= TOLERANCE:
        raise WeightsError("export-differs", model=card.model, count=other, total=len(ink), most=most)
    return most


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the network that the command line names."""
    parser = argparse.ArgumentParser("python -m model.export", description="Write a trained network as ONNX.")
    parser.add_argument("name", metavar="NAME", help="which model, such as cnn")
    parser.add_argument("out", metavar="OUT.onnx", type=Path, help="the file to write")
    parser.add_argument("--half", action="store_true", help="keep the weights in half precision, as they are stored")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="compare on all test digits of this data set")
    options = parser.parse_args(arguments)
    try:
        card = load_card(options.name)
        check_packages(*TRAINING, *PACKAGES)
        ink = ink_of(options.data)
        file = to_onnx(card, half=options.half)
        most = check(file, card, ink)
        write_atomically(options.out, file)
    except (DigitsError, OSError) as error:
        return failed(error, options.out)
    print(
        f"{options.out}: {len(file) / 1e6:.2f} MB; {len(ink):,} digits have the page's labels, "
        f"and its logits within {most:.1g}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
