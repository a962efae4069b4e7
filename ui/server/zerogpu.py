"""What a ZeroGPU Space requires of an app: ``spaces`` imported before torch, and one function that may use a GPU.

Reading stays on the CPU, where it takes milliseconds; a GPU call would cost visitors their quota.
"""

from __future__ import annotations

try:
    import spaces
except ImportError:  # any other machine
    spaces = None

if spaces is not None:

    def unused() -> None:
        """Never called: ZeroGPU refuses to start without a function like this."""

    spaces.GPU(unused)
