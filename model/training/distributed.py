"""Several processes that train one network: ``torchrun --nproc-per-node 2 train.py …``.

Each takes its share of every batch, and gradients are averaged over all (DistributedDataParallel), so
that the effective batch is the one that the settings name. The first process alone writes and prints.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel


@contextmanager
def process_group(device: torch.device) -> Iterator[None]:
    """Join the processes that torchrun started, to train on a device; alone without it."""
    if "WORLD_SIZE" not in os.environ or int(os.environ["WORLD_SIZE"]) == 1:
        yield
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    # What lies on the CPU, such as counts and states of generators, goes by gloo in both cases.
    dist.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")
    try:
        yield
    finally:
        dist.destroy_process_group()


def rank() -> int:
    """This process's number, 0 when it is alone."""
    return dist.get_rank() if _together() else 0


def is_writer() -> bool:
    """Whether this process writes files and prints."""
    return rank() == 0


def shared(network: nn.Module) -> nn.Module:
    """The network with its gradients averaged over all processes; itself when there is only one."""
    return DistributedDataParallel(network) if _together() else network


def share_of(batch: Tensor) -> Tensor:
    """The part of a batch (B,) that is this process's: every n-th, cut to the same length for all."""
    if not _together():
        return batch
    world = dist.get_world_size()
    return batch[: len(batch) - len(batch) % world][dist.get_rank() :: world]


def summed(*values: float) -> list[float]:
    """Each value added up over all processes."""
    if not _together():
        return list(values)
    totals = torch.tensor(values, dtype=torch.float64)
    dist.all_reduce(totals)
    return [float(total) for total in totals]


def gathered(values: Tensor) -> list[Tensor]:
    """Each process's values, which must be of one shape, in the order of their numbers."""
    if not _together():
        return [values]
    places = [torch.empty_like(values) for _ in range(dist.get_world_size())]
    dist.all_gather(places, values)
    return places


def wait_for_all() -> None:
    """Until every process has come here."""
    if _together():
        dist.barrier()


def _together() -> bool:
    return dist.is_available() and dist.is_initialized()
