"""From logits to scores that mean something, in numpy: neither needs torch.

A network gives ten logits, one a digit, or eleven: the last one stands for "no digit at all".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DIGITS = 10

Logits = NDArray[np.float64]


def softmax(logits: Logits, temperature: float = 1.0) -> Logits:
    """Probabilities (…, 10) of the ten digits, from logits (…, 10 or 11) divided by a temperature."""
    scaled = logits[..., :DIGITS] / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def digit_score(logits: Logits) -> Logits:
    """How much a sign looks like any digit, (…): the more the likelier, in units of logits.

    With eleven logits the log odds of "one of the ten" against "none". With ten there is only
    the largest logit, which tells less (D. Hendrycks et al., "Scaling Out-of-Distribution
    Detection for Real-World Settings", 2022).
    """
    digits = logits[..., :DIGITS]
    peak = digits.max(axis=-1)
    if logits.shape[-1] == DIGITS:
        return np.asarray(peak)
    return np.asarray(peak + np.log(np.exp(digits - peak[..., None]).sum(axis=-1)) - logits[..., DIGITS])


def log_probabilities(logits: Logits, temperature: float) -> Logits:
    """Log probabilities (N, 2) of logits (N, 10 or 11): that each is a digit, and if so, the one it looks like most."""
    is_digit = -np.logaddexp(0, -digit_score(logits))
    return np.stack([is_digit, np.log(softmax(logits, temperature).max(axis=-1))], axis=1)
