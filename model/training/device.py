"""Where a network is trained: on a GPU that CUDA reaches, or on the CPU.

Digits are drawn and redrawn on the CPU in both cases, by the same generators; the network and its batches move.
"""

from __future__ import annotations

import os

import torch

from model.errors import SettingsError


def device_of(name: str) -> torch.device:
    """The device of this process.

    Args:
        name: ``cpu``; ``cuda``; or ``auto``, CUDA where each of this machine's processes has a GPU of its own.

    Raises:
        SettingsError: there are too few GPUs for ``cuda``.
    """
    processes = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))  # as torchrun sets it
    there = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if name == "cuda" and there < processes:
        raise SettingsError("too-few-gpus", there=there, processes=processes)
    if name == "cpu" or there < processes:
        return torch.device("cpu")
    return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))


def has_bf16(device: torch.device) -> bool:
    """Whether a device multiplies bfloat16 natively; emulated, it is slower than float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def dropout_state(device: torch.device) -> dict[str, torch.Tensor]:
    """The state of the global generator that dropout draws from, by its name: each device has its own."""
    if device.type == "cuda":
        return {"dropout-cuda": torch.cuda.get_rng_state(device)}
    return {"dropout": torch.get_rng_state()}


def set_dropout_state(device: torch.device, state: torch.Tensor) -> None:
    """Set that generator to a state."""
    if device.type == "cuda":
        torch.cuda.set_rng_state(state, device)
    else:
        torch.set_rng_state(state)
