"""How long training takes to 99 % of the MNIST test set: ``python -m tests.race --data DIR [--rounds 3]``.

``python train.py --preset quick`` against the recipe that PyTorch's own examples have for MNIST (its network,
Adadelta with a learning rate of 1 that falls by 0.7 an epoch, batches of 64 from a DataLoader), by turns on the same
machine. Each is a process of its own, and its clock runs from the data on the disk to the epoch that is measured at
99 % or more; what both do alike before, importing torch, counts for neither. Exit status 1 below ten times as fast.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from tests.helpers.running import ROOT

GOAL, TIMES_AS_FAST = 0.99, 10.0


class ExampleNetwork(nn.Module):
    """Two 3×3 convolutions of 32 and 64 channels, pooling, 128 hidden units, dropout: 1.2 million parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 32, 3),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Dropout(0.25),
            nn.Flatten(),
            nn.Linear(9216, 128),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(128, 10),
        )

    def forward(self, images: Tensor) -> Tensor:
        return F.log_softmax(self.layers(images), dim=1)


def example_recipe(data: Path, most_epochs: int = 14) -> float:
    """Seconds that PyTorch's example takes to the goal.

    Raises:
        RuntimeError: it doesn't get there.
    """
    started = time.perf_counter()
    torch.manual_seed(1)
    change = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    train = DataLoader(datasets.MNIST(data, train=True, transform=change), batch_size=64, shuffle=True)
    test = DataLoader(datasets.MNIST(data, train=False, transform=change), batch_size=1000)
    network = ExampleNetwork()
    optimizer = torch.optim.Adadelta(network.parameters(), lr=1.0)
    schedule = StepLR(optimizer, step_size=1, gamma=0.7)
    for epoch in range(1, most_epochs + 1):
        network.train()
        for images, labels in train:
            optimizer.zero_grad()
            F.nll_loss(network(images), labels).backward()
            optimizer.step()
        schedule.step()
        network.eval()
        with torch.no_grad():
            right = sum(int((network(images).argmax(1) == labels).sum()) for images, labels in test)
        seconds = time.perf_counter() - started
        print(f"example: epoch {epoch}  test accuracy {right / 10_000:.2%}  {seconds:.0f} s", file=sys.stderr)
        if right / 10_000 >= GOAL:
            return seconds
    raise RuntimeError(f"not {GOAL:.0%} after {most_epochs} epochs")


def quick_preset(data: Path) -> float:
    """Seconds that ``train.py --preset quick`` takes to the goal.

    Raises:
        RuntimeError: it doesn't get there.
    """
    import train

    with tempfile.TemporaryDirectory() as room:
        out, checkpoint = Path(room) / "out", Path(room) / "checkpoint.safetensors"
        command = ["--preset", "quick", "--watch-test", "--no-plot", "--data", str(data), "--out", str(out)]
        started = time.perf_counter()
        if train.main([*command, "--checkpoint", str(checkpoint)]):
            raise RuntimeError("train.py failed")
        seconds = time.perf_counter() - started  # with what follows the last epoch: more than the goal asks
        (card,) = out.glob("*.json")
        accuracy = json.loads(card.read_text(encoding="utf-8"))["epochs"][-1]["test_accuracy"]
    print(f"quick: test accuracy {accuracy:.2%}  {seconds:.1f} s", file=sys.stderr)
    if accuracy < GOAL:
        raise RuntimeError(f"quick has {accuracy:.2%}")
    return seconds


RUNNERS = {"quick": quick_preset, "example": example_recipe}


def run(name: str, data: Path) -> float:
    """One of the two in a process of its own.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    command = [sys.executable, "-m", "tests.race", "--data", str(data), "--only", name]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout.splitlines()[-1])


def main(arguments: Sequence[str] | None = None) -> int:
    """Let both run by turns, and compare the medians."""
    parser = argparse.ArgumentParser("python -m tests.race", description="Time to 99 % of the MNIST test set.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="where MNIST is")
    parser.add_argument("--rounds", type=int, default=3, help="how often each runs (default: %(default)s)")
    parser.add_argument("--only", choices=RUNNERS, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.only:
        print(RUNNERS[options.only](options.data.resolve()))
        return 0
    seconds: dict[str, list[float]] = {name: [] for name in RUNNERS}
    for _ in range(options.rounds):
        for name in RUNNERS:
            seconds[name].append(run(name, options.data.resolve()))
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    ratio = medians["example"] / medians["quick"]
    print(
        f"to {GOAL:.0%} of the test set on {os.cpu_count()} cores, median of {options.rounds}: "
        f"quick {medians['quick']:.1f} s, example {medians['example']:.0f} s, {ratio:.1f} times as fast"
    )
    return 0 if ratio >= TIMES_AS_FAST else 1


if __name__ == "__main__":
    sys.exit(main())
