"""How the page's events are sent."""

from __future__ import annotations

from typing import Any

#: For events with a plain POST, outside the queue. Of several pending calls only the last is made, so no older reading
#: overwrites a newer one.
LIVE: dict[str, Any] = {
    "queue": False,
    "show_progress": "hidden",
    "trigger_mode": "always_last",
    "api_visibility": "private",
}
#: For events whose values gradio passes on unprocessed: it would take each through a thread, seven for one reading.
#: Such a handler must check its values itself: anyone may send anything.
AS_IS: dict[str, Any] = {"preprocess": False, "postprocess": False}
