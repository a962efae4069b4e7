"""What a network is made of: ``python -m model.describe NAME`` prints its layers, shapes, parameters and MACs.

Exit status 2 when there is no model of that name, or no torch.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from model.errors import DigitsError, failed
from model.packages import TRAINING, check_packages

#: Digits in the batch that the shapes are told for.
BATCH = 5


def describe(name: str) -> str:
    """The layers with their output shapes for a batch of five, every parameter's shape and count, MACs a digit.

    Raises:
        WeightsError: there is no model of that name.
        PackageError: torch or torchinfo isn't installed.
    """
    check_packages("torchinfo", *TRAINING)
    import torchinfo

    from model.networks.registry import build

    network = build(name)
    shapes = (BATCH, 1, 28, 28)
    columns = ("output_size", "num_params", "mult_adds")
    table = torchinfo.summary(network, shapes, col_names=columns, depth=4, verbose=0, device="cpu")
    macs = torchinfo.summary(network, (1, *shapes[1:]), verbose=0, device="cpu").total_mult_adds
    widest = max(len(parameter) for parameter, _ in network.named_parameters())
    lines = [
        f"{parameter:<{widest}}  {_shape(value.shape):>16}  {value.numel():>10,}"
        for parameter, value in network.named_parameters()
    ]
    total = sum(value.numel() for value in network.parameters())
    return "\n".join(
        [str(table), "", *lines, "", f"{name}: {total:,} parameters, {macs:,} multiplications and additions a digit"]
    )


def _shape(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape))


def main(arguments: Sequence[str] | None = None) -> int:
    """Describe the network that the command line names."""
    parser = argparse.ArgumentParser("python -m model.describe", description="Print what a network is made of.")
    parser.add_argument("name", metavar="NAME", help="which model, such as cnn")
    options = parser.parse_args(arguments)
    try:
        print(describe(options.name))
    except DigitsError as error:
        return failed(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
