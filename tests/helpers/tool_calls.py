"""An attack on the page's tool, as those in ``tests.helpers.assaults``."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.helpers.assaults import JSON, attacker
from tests.helpers.server import Server

#: A call without its parameters.
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}


def tool(server: Server) -> str:
    """12 who call for ten seconds: with 10 MB that are no picture, with millions of lists, and for a stream."""
    bodies = [
        json.dumps({**CALL, "params": {"name": "read_digits", "arguments": {"image": "A" * 13_900_000}}}).encode(),
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":[' + b"[]," * 4_000_000 + b"[]]}}",
        b"",
    ]
    headers = {**JSON, "Accept": "application/json, text/event-stream"}
    statuses: Counter[int] = Counter()
    end = time.monotonic() + 10

    def visit(number: int) -> None:
        body = bodies[number % 3]
        while time.monotonic() < end:
            answer = client.request("POST" if body else "GET", "/gradio_api/mcp/", content=body, headers=headers)
            statuses[answer.status_code] += 1
            time.sleep(float(answer.headers.get("Retry-After", 0.05)))

    with attacker(server, 12) as client, ThreadPoolExecutor(12) as pool:
        list(pool.map(visit, range(12)))
    return f"12 who call the tool: {dict(statuses)}"
