from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.distributed as dist

from model.errors import SettingsError
from model.training.device import device_of, dropout_state, has_bf16, set_dropout_state
from model.training.distributed import process_group
from train import main

CPU = torch.device("cpu")


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> Any:
    """As if CUDA found that many GPUs, and torchrun had started that many processes, of which this is the last."""

    def pretend(there: int, processes: int = 1) -> None:
        monkeypatch.setattr("torch.cuda.is_available", lambda: there > 0)
        monkeypatch.setattr("torch.cuda.device_count", lambda: there)
        monkeypatch.setenv("LOCAL_WORLD_SIZE", str(processes))
        monkeypatch.setenv("LOCAL_RANK", str(processes - 1))

    return pretend


@pytest.mark.parametrize(
    ("name", "there", "processes", "chosen"),
    [
        ("auto", 0, 1, "cpu"),
        ("auto", 1, 1, "cuda:0"),
        ("auto", 2, 2, "cuda:1"),
        ("auto", 1, 2, "cpu"),  # NCCL refuses two processes on one GPU
        ("cpu", 0, 1, "cpu"),
        ("cpu", 4, 1, "cpu"),
        ("cuda", 1, 1, "cuda:0"),
        ("cuda", 4, 4, "cuda:3"),
    ],
)
def test_a_gpu_is_chosen_where_each_process_has_one(
    gpus: Any, name: str, there: int, processes: int, chosen: str
) -> None:
    gpus(there, processes)
    assert device_of(name) == torch.device(chosen)


@pytest.mark.parametrize(("there", "processes"), [(0, 1), (1, 2)])
def test_cuda_that_is_not_there_is_refused(gpus: Any, there: int, processes: int) -> None:
    gpus(there, processes)
    with pytest.raises(SettingsError, match=f"CUDA finds {there} GPUs for {processes} processes"):
        device_of("cuda")


@pytest.mark.parametrize(
    ("option", "error"),
    [
        ("cuda", "CUDA finds 0 GPUs for 1 processes of this machine: give --device cpu or auto"),
        ("tpu", "device is 'tpu': it is one of auto, cpu, cuda"),
    ],
)
def test_a_wrong_demand_is_one_line_and_status_2(
    gpus: Any, capsys: pytest.CaptureFixture[str], option: str, error: str
) -> None:
    gpus(0)
    assert main([f"--device={option}"]) == 2
    assert capsys.readouterr().err == f"error: {error}\n"


@pytest.mark.parametrize(("device", "backend"), [("cpu", "gloo"), ("cuda:1", "cpu:gloo,cuda:nccl")])
def test_nccl_is_chosen_where_cuda_is_used_alone(
    gpus: Any, monkeypatch: pytest.MonkeyPatch, device: str, backend: str
) -> None:
    gpus(4, 2)
    monkeypatch.setenv("WORLD_SIZE", "2")
    chosen: list[str] = []
    used: list[torch.device] = []
    monkeypatch.setattr(dist, "init_process_group", chosen.append)
    monkeypatch.setattr(dist, "destroy_process_group", lambda: None)
    monkeypatch.setattr("torch.cuda.set_device", used.append)
    with process_group(torch.device(device)):
        assert chosen == [backend]
    assert used == ([] if device == "cpu" else [torch.device(device)])


def test_dropout_goes_on_where_it_was() -> None:
    with torch.random.fork_rng():
        states = dropout_state(CPU)
        first = torch.rand(3)
        set_dropout_state(CPU, states["dropout"])
        assert torch.equal(torch.rand(3), first)


def test_a_gpu_s_dropout_has_a_state_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[Any, Any] = {}
    monkeypatch.setattr("torch.cuda.get_rng_state", lambda device: torch.tensor([7, device.index]))
    monkeypatch.setattr("torch.cuda.set_rng_state", lambda state, device: kept.update({device: state}))
    device = torch.device("cuda", 1)
    (state,) = dropout_state(device).values()
    set_dropout_state(device, state)
    assert kept[device].tolist() == [7, 1]
    assert not dropout_state(device).keys() & dropout_state(CPU).keys()


def test_a_gpu_says_itself_whether_it_has_bf16(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_bf16_supported", lambda including_emulation: including_emulation)
    assert not has_bf16(torch.device("cuda"))
