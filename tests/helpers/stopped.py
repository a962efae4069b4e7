"""Trains as train.py does, and stops in the middle of the second epoch: ``python tests/helpers/stopped.py …``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from model.training import fit
from train import main

#: The state after which every process stops.
LAST = 6


def stopping() -> Any:
    """What saves a state, and stops after the last of them."""
    save, count = fit._Run._save, 0

    def save_or_stop(run: Any) -> None:
        nonlocal count
        save(run)
        count += 1
        if count == LAST:
            print(f"stopped at state {LAST}", flush=True)
            sys.exit(3)

    return save_or_stop


if __name__ == "__main__":
    fit._Run._save = stopping()  # type: ignore[method-assign]
    sys.exit(main())
