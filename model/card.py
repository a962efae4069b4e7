"""A trained network as a folder ready for the Hugging Face Hub: ``python -m model.card OUT [--model NAME]``.

It holds the weights as safetensors and, where the packages are there, as ONNX; ``config.json`` with labels, bounds and
layers; README.md, the model card, whose figures are those of the network's own JSON; LICENSE; and SHA256SUMS of all.
``hf upload USER/NAME OUT`` then publishes it. A folder of that name is replaced only if it is as this command left
it. Exit status 2 when nothing is written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

from model import __version__
from model.errors import DataError, DigitsError, PackageError, failed
from model.export import PREPROCESSING, READING, check, ink_of, labels_of, to_onnx
from model.files import write_folder
from model.packages import check_packages
from model.preprocess.picture import SIZE
from model.reading.fields import MAX_BYTES
from model.reading.store import DEFAULT_MODEL, WEIGHTS, Card, load_card, load_file

HERE = Path(__file__).parent
#: The checksums of the folder's files, in the form of the command sha256sum.
SUMS = "SHA256SUMS"
#: MNIST's test images, by which a card tells that it was measured on them.
MNIST_FILE = "t10k-images-idx3-ubyte"
MNIST_SHA256 = "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
#: MNIST's name on the Hub.
MNIST_ON_HUB = "ylecun/mnist"
#: Who made what the networks have learned from.
MNIST_SOURCE = (
    "- MNIST, by Y. LeCun and C. Cortes, from NIST's Special Databases 1 and 3: "
    "[CC BY-SA 3.0](https://creativecommons.org/licenses/by-sa/3.0/)"
)
PENS_SOURCE = (
    "- Pen-Based Recognition of Handwritten Digits, by E. Alpaydin and F. Alimoglu, UCI Machine Learning Repository: "
    "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)"
)
OWN_SOURCE = "- The digits of whoever trained it."
#: What the training settings name, for a person.
MADE = {
    "pens": "digits redrawn from recorded pens",
    "styles": "digits drawn by rules",
    "degraded": "degraded copies",
    "outliers": "pictures of no digit",
}


def files_of(card: Card, folder: Path = WEIGHTS) -> tuple[dict[str, bytes], PackageError | None]:
    """The folder's files by name, and what is missing where the ONNX file is left out.

    Raises:
        WeightsError: the weights are missing, damaged or of another network, or ONNX Runtime reads otherwise.
        PackageError: the package that writes a card's front matter isn't installed.
    """
    check_packages("huggingface_hub")
    files, missing = {"model.safetensors": load_file(card, ".safetensors", folder)}, None
    try:
        onnx = to_onnx(card, folder, half=True)
        check(onnx, card, ink_of(), folder)
        files["model.onnx"] = onnx
    except PackageError as error:
        missing = error
    files["config.json"] = (json.dumps(config(card, folder), indent=1, ensure_ascii=False) + "\n").encode()
    files["README.md"] = readme(card, folder, with_onnx=missing is None).encode()
    files["LICENSE"] = licence().read_bytes()
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()]
    return {**files, SUMS: "".join(sums).encode()}, missing


def config(card: Card, folder: Path = WEIGHTS) -> dict[str, Any]:
    """What a program needs to read with the network, as JSON values."""
    return {
        "model": card.model,
        "about": card.about,
        "labels": labels_of(card, folder),
        "image_size": SIZE,
        "parameters": card.parameters,
        "temperature": card.temperature,
        "unsure_below": card.unsure_below,
        "no_digit_below": card.no_digit_below,
        "preprocessing": PREPROCESSING,
        "reading": READING,
        "layers": card.layers,
        "training": card.settings,
        "version": __version__,
    }


def readme(card: Card, folder: Path = WEIGHTS, *, with_onnx: bool) -> str:
    """The model card in Markdown, with its front matter."""
    sources = [MNIST_SOURCE if is_of_mnist(card) else OWN_SOURCE]
    sources += [PENS_SOURCE] if card.settings.get("pens") else []
    text = Template(_text("card.md")).substitute(
        model=card.model,
        about=card.about,
        none=", and one for no digit at all" if "none" in labels_of(card, folder) else "",
        parameters=f"{card.parameters:,}",
        measured=measured(card),
        preprocessing=PREPROCESSING,
        weak=weak(card),
        snippet=_text("card_onnx.md") if with_onnx else "",
        training=training(card),
        sources="\n".join(sources),
    )
    return f"---\n{front_matter(card, with_onnx=with_onnx)}\n---\n\n{text}"


def front_matter(card: Card, *, with_onnx: bool) -> str:
    """What the Hub reads of a model card, as YAML: licence, task, tags, data set, and the figures of the test set."""
    from huggingface_hub import EvalResult, ModelCardData

    of_mnist, test = is_of_mnist(card), card.metrics.get("test")
    results = []
    if of_mnist and test:
        told = {
            "accuracy": ("accuracy", "Accuracy"),
            "calibration_error": ("expected_calibration_error", "Expected calibration error, 15 bins"),
        }
        results = [
            EvalResult(
                task_type="image-classification",
                task_name="Handwritten digits",
                dataset_type=MNIST_ON_HUB,
                dataset_name="MNIST",
                dataset_split="test",
                metric_type=kind,
                metric_name=name,
                metric_value=test[key],
            )
            for key, (kind, name) in told.items()
            if key in test
        ]
    data = ModelCardData(
        license="mit",
        tags=["mnist", "handwriting", "digits", "safetensors", *(["onnx"] if with_onnx else [])],
        pipeline_tag="image-classification",
        datasets=[MNIST_ON_HUB] if of_mnist else None,
        model_name=card.model if results else None,
        eval_results=results or None,
    )
    return data.to_yaml()


def is_of_mnist(card: Card) -> bool:
    """Whether the network was measured on MNIST's test digits, not on somebody's own."""
    return card.dataset.get(MNIST_FILE) == MNIST_SHA256


def measured(card: Card) -> str:
    """The accuracy of the test set in a sentence."""
    test = card.metrics.get("test")
    if not test:
        return "It hasn't been measured on a test set."
    low, high = test["interval"]
    total = f"{test['total']:,} test digits"
    whose = f"MNIST's {total}" if is_of_mnist(card) else f"the {total} of its own data set"
    return (
        f"Of {whose} it reads {test['right']:,} right: {test['accuracy']:.2%} "
        f"(95 % interval {low:.2%} – {high:.2%}). No test digit was trained on."
    )


def weak(card: Card) -> str:
    """The digit that is missed most often, and what is taken for what: points of a list, from the confusion matrix."""
    rows = card.confusion
    wrong = [(row[true] / max(1, sum(row)), true) for true, row in enumerate(rows) if sum(row)]
    pairs = [(rows[true][read], true, read) for true in range(len(rows)) for read in range(len(rows)) if true != read]
    if not wrong or not (most := max(pairs))[0]:
        return "- On its test digits it makes no mistake, which says little of others."
    share, digit = min(wrong)
    count, true, read = most
    return (
        f"- It misses a {digit} most often: {1 - share:.2%} of those in the test set. "
        f"What it confuses most is a {true} that it takes for a {read}, {count:,} times."
    )


def training(card: Card) -> str:
    """How it was trained, in a sentence."""
    made = [f"{card.settings[key]:,} {name}" for key, name in MADE.items() if card.settings.get(key)]
    own = "MNIST's training digits" if is_of_mnist(card) else "the training digits of its own data set"
    return f"On {', '.join([own, *made])}, in {card.settings['epochs']} epochs."


def licence() -> Path:
    """The licence's text: beside the package's modules where it is installed, at the top of a checkout."""
    return next(path for path in (HERE / "LICENSE", HERE.parent / "LICENSE") if path.is_file())


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def check_own(folder: Path) -> None:
    """See to it that nothing is lost when a folder is replaced: it is missing, empty, or as this command left it.

    Raises:
        DataError: it holds anything else, or is a file.
        OSError: it can't be read.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    foreign = DataError("other-folder", path=folder)
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        sums = {name: checksum for checksum, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError) as error:
        raise foreign from error
    for path in folder.iterdir():
        is_plain = path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_BYTES * 10
        if path.name != SUMS and not (
            is_plain and hashlib.sha256(path.read_bytes()).hexdigest() == sums.get(path.name)
        ):
            raise foreign


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the folder that the command line names."""
    parser = argparse.ArgumentParser("python -m model.card", description="Write a folder for the Hugging Face Hub.")
    parser.add_argument("out", metavar="OUT", type=Path, help="the folder to write")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="which weights (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        check_own(options.out)
        files, missing = files_of(load_card(options.model))
        write_folder(options.out, files)
    except (DigitsError, OSError) as error:
        return failed(error, options.out)
    if missing:
        print(f"model.onnx is left out: {missing}")
    print(f"{options.out}: {', '.join(files)}; {sum(map(len, files.values())) / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
