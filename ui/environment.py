"""What gradio and numpy find in the environment when they are imported."""

from __future__ import annotations

import os

#: No request leaves this machine for another. One thread a reading: a second gains nothing on one digit, and visitors
#: share the cores.
DEFAULTS = {"GRADIO_ANALYTICS_ENABLED": "False", "OMP_NUM_THREADS": "1"}
#: Of gradio's numbers, where each goes to; of any other text gradio would make a traceback.
MOST = {"GRADIO_SERVER_PORT": 65535, "GRADIO_NUM_PORTS": 65535, "GRADIO_NODE_NUM_PORTS": 65535}


def prepare() -> str | None:
    """Fill in what the environment leaves open; one sentence on what is wrong with the rest, if anything."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    for name, most in MOST.items():
        value = os.environ.get(name, "1")
        if not (value.isascii() and value.isdecimal() and len(value) < 10 and 0 < int(value) <= most):
            return f"{name} is {value!r}: give a number from 1 to {most}"
    return None
