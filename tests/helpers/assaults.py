"""Attacks on a page, each from one address and bounded in count and time."""

from __future__ import annotations

import json
import socket
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.helpers.running import HOST
from tests.helpers.server import Server
from tests.helpers.visitor import drawing

#: Where the attacks come from.
ADDRESS = "127.0.0.6"
#: A line to and fro over the whole pad, which takes long to part into digits.
ZIGZAG = {
    "size": [280, 280],
    "strokes": [{"width": 1, "points": [[280 * step / 80, 20 if step % 2 else 260] for step in range(80)]}],
}


def body_of(server: Server, event: str, *values: Any) -> bytes:
    """An event's request."""
    return json.dumps({"data": values, "fn_index": server.events[event], "session_hash": "attack"}).encode()


def send_all(server: Server, requests: Sequence[tuple[str, bytes]], seconds: float) -> None:
    """Send requests, each by a connection of its own and its path, and hang up after so long without reading."""
    connections = []
    for path, body in requests:
        connection = socket.socket()
        connection.bind((ADDRESS, 0))
        connection.connect((HOST, server.page.port))
        head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        connections.append(connection)
    time.sleep(seconds)
    for connection in connections:
        connection.close()


def flood(server: Server) -> str:
    """240 zigzags at once, all models compared; gone after three seconds."""
    body = body_of(server, "show_drawing", ZIGZAG, "cnn", True, "en")
    send_all(server, [("/gradio_api/run/predict", body)] * 240, 3.0)
    return f"240 drawings of {len(body)} bytes sent at once"


def crowd(server: Server) -> str:
    """110 who compare all models on numbers for ten seconds, and ask again when they are told to."""
    number = drawing(7)
    number["strokes"] = [stroke for digit in (1, 7, 4) for stroke in drawing(digit)["strokes"]]
    body = body_of(server, "show_drawing", number, "cnn", True, "en")
    statuses: Counter[int] = Counter()
    end = time.monotonic() + 10

    def visit(client: httpx.Client) -> None:
        while time.monotonic() < end:
            answer = client.post("/gradio_api/run/predict", content=body, headers={"Content-Type": "application/json"})
            statuses[answer.status_code] += 1
            time.sleep(float(answer.headers.get("Retry-After", 0)))

    transport = httpx.HTTPTransport(local_address=ADDRESS, limits=httpx.Limits(max_connections=110))
    with httpx.Client(base_url=server.url, transport=transport, timeout=60) as client, ThreadPoolExecutor(110) as pool:
        list(pool.map(visit, [client] * 110))
    return f"110 visitors who compare: {dict(statuses)}"
