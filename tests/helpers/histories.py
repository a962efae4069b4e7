"""Files of histories with other fields or other tensors than they should have."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

Told = dict[str, Any]


def with_changes(
    content: bytes,
    change: Callable[[Told], object] | None = None,
    tensors: Mapping[str, NDArray[np.generic] | None] | None = None,
) -> bytes:
    """A history's file with changed fields, and with other tensors; without those that are ``None``."""
    head = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    fields = json.loads(head["__metadata__"]["history"])
    if change is not None:
        change(fields)
    kept = {**load(content), **(tensors or {})}
    left = {name: value for name, value in kept.items() if value is not None}
    return bytes(save(left, {"history": json.dumps(fields)}))
