"""What holds for every network: its layers told to ``model.reading.forward``, its parameters counted, its logits.

A network takes ink as float (B, 1, 28, 28) in 0…1 and gives logits (B, 10), or (B, 11)
when it also learned what is no digit; how it likes its input scaled is its own affair, so
no caller has to know. It is a sequence of layers that ``model.reading.forward`` knows, too: trained
by torch, it reads without.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from model.errors import SettingsError


class Scale(nn.Module):
    """Less a mean, then divided by a deviation."""

    def __init__(self, mean: float, deviation: float) -> None:
        super().__init__()
        self.mean, self.deviation = mean, deviation

    def forward(self, values: Tensor) -> Tensor:
        return (values - self.mean) / self.deviation


def count_parameters(network: nn.Module) -> int:
    """How many numbers training may change."""
    return sum(parameter.numel() for parameter in network.parameters())


#: Layers that have nothing to tell but their kind.
PLAIN_KINDS: dict[type[nn.Module], str] = {
    nn.Linear: "linear",
    nn.Flatten: "flatten",
    nn.ReLU: "relu",
    nn.Sigmoid: "sigmoid",
    nn.LogSoftmax: "log-softmax",
}


def layers_of(network: nn.Module) -> list[dict[str, Any]]:
    """A network's layers, in order, as ``model.reading.forward`` runs them.

    Raises:
        SettingsError: it isn't a sequence of layers that ``model.reading.forward`` knows.
    """
    layers = []
    for name, module in network.named_modules():
        if not isinstance(module, nn.Sequential):
            layer = _layer_of(module)
            if layer is None:
                name = type(module).__name__
                raise SettingsError("unknown-layer", layer=name)
            layers.append({"name": name, **layer} if module.state_dict() else layer)
    return [layer for layer in layers if layer]


def _layer_of(module: nn.Module) -> dict[str, Any] | None:
    """One layer; empty, if it does nothing to a digit that is read."""
    match module:
        case nn.Dropout() | nn.Dropout2d():
            return {}
        case nn.Conv2d(groups=1, dilation=(1, 1), padding_mode="zeros", padding=(int(), int())) if _is_square(module):
            return {"kind": "convolution", "stride": module.stride[0], "padding": int(module.padding[0])}
        case nn.BatchNorm1d(affine=True) | nn.BatchNorm2d(affine=True):
            return {"kind": "normalisation", "epsilon": module.eps}
        case nn.MaxPool2d(kernel_size=int(size), stride=step, padding=0, dilation=1, ceil_mode=False) if step == size:
            return {"kind": "maximum", "size": size}
        case Scale():
            return {"kind": "scale", "mean": module.mean, "deviation": module.deviation}
    kind = PLAIN_KINDS.get(type(module))
    return {"kind": kind} if kind else None


def _is_square(module: nn.Conv2d) -> bool:
    return all(len(set(pair)) == 1 for pair in (module.kernel_size, module.stride, module.padding))


@torch.inference_mode()
def logits_of(network: nn.Module, ink: Tensor, batch_size: int = 1000) -> Tensor:
    """Logits (N, 10 or 11) in float32 of any number of inputs (N, 1, 28, 28), in evaluation mode; both on the CPU."""
    network.eval()
    device = next((value.device for value in network.parameters()), ink.device)
    return torch.cat([network(batch.to(device)).float().cpu() for batch in torch.split(ink, batch_size)])
