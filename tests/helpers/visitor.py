"""A visitor who asks a served page over HTTP what a browser on it asks, and ten digits drawn on its pad."""

from __future__ import annotations

import http.client
import json
import secrets
import socket
from itertools import pairwise
from typing import Any

from tests.helpers.running import HOST
from tests.helpers.server import Server

#: Corners of each digit's strokes in a box of 100 × 100.
CORNERS = (
    ["50 0 20 15 15 45 20 85 50 100 80 85 85 45 80 15 50 0"],
    ["25 25 55 0 55 100"],
    ["15 25 30 3 60 3 78 25 65 50 15 98 85 98"],
    ["15 10 45 0 75 12 72 38 42 48 78 60 80 85 45 100 12 90"],
    ["60 0 10 65 90 65", "68 35 68 100"],
    ["80 3 25 3 20 45 55 38 82 60 75 90 40 100 12 90"],
    ["65 2 30 30 15 65 25 95 60 98 80 75 65 55 35 58 18 75"],
    ["12 3 85 3 40 100"],
    ["70 15 45 0 20 15 30 40 70 60 82 82 50 100 20 85 28 60 70 38 78 20 70 12"],
    ["80 30 60 2 30 5 20 32 40 50 70 45 80 28 76 60 60 100"],
)
#: Points of the pen between two corners: a drawn digit has 20 to 80 in all.
BETWEEN = 5


def drawing(number: int) -> dict[str, Any]:
    """The pad's value for a digit, ``number % 10``, each ten of them at a place of their own."""
    place = number // 10
    x0, y0 = 60 + 7 * (place % 10), 40 + 5 * (place // 10)
    strokes = [{"width": 16, "points": _points(text, x0, y0)} for text in CORNERS[number % 10]]
    return {"size": [280, 280], "strokes": strokes}


def _points(text: str, x0: int, y0: int) -> list[list[float]]:
    numbers = [float(word) for word in text.split()]
    corners = [(x0 + x, y0 + 1.4 * y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    points = [list(corners[0])]
    for (x, y), (to_x, to_y) in pairwise(corners):
        steps = [step / BETWEEN for step in range(1, BETWEEN + 1)]
        points += [[round(x + (to_x - x) * share, 1), round(y + (to_y - y) * share, 1)] for share in steps]
    return points


class Visitor:
    """One connection that stays open, and a session: one of its own unless it comes back."""

    def __init__(self, server: Server, session: str | None = None) -> None:
        self.session = session or secrets.token_hex(6)
        self._server = server
        self._connection = http.client.HTTPConnection(HOST, server.page.port, timeout=120)

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, path: str) -> bytes:
        """A page or a file."""
        return self._ask("GET", path)

    def run(self, event: str, *values: Any) -> Any:
        """What an event that isn't queued gives: its first output."""
        return self._post("/gradio_api/run/predict", self.body(event, *values))["data"][0]

    def upload(self, name: str, content: bytes) -> dict[str, Any]:
        """Upload a file; the value of a photo."""
        body, kind = form(name, content)
        (path,) = json.loads(self._ask("POST", "/gradio_api/upload", body, kind))
        return {"path": path, "orig_name": name, "meta": {"_type": "gradio.FileData"}}

    def wait_for(self, event: str, *values: Any) -> Any:
        """What a queued event gives: its first output."""
        self._post("/gradio_api/queue/join", self.body(event, *values))
        for line in self.get(f"/gradio_api/queue/data?session_hash={self.session}").decode().splitlines():
            message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if message.get("msg") == "process_completed":
                return message["output"]["data"][0]
        raise ConnectionError(f"{event} was never completed")

    def stay(self) -> socket.socket:
        """The connection by which the page tells that it is open; closing it ends the session."""
        heartbeat = socket.create_connection((HOST, self._server.page.port))
        heartbeat.sendall(f"GET /gradio_api/heartbeat/{self.session} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        heartbeat.recv(1024)
        return heartbeat

    def body(self, event: str, *values: Any) -> bytes:
        """An event's request."""
        number = self._server.events[event]
        return json.dumps({"data": values, "fn_index": number, "session_hash": self.session}).encode()

    def _post(self, path: str, body: bytes) -> Any:
        return json.loads(self._ask("POST", path, body, "application/json"))

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> bytes:
        self._connection.request(method, path, body, {"Content-Type": kind} if kind else {})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise (BusyError if answer.status in (429, 503) else RefusedError)(
                answer.status, content.decode(errors="replace")
            )
        return content


class RefusedError(Exception):
    """An answer other than 200: its status and its text."""


class BusyError(RefusedError):
    """There is no room at this moment: the page's script says so to its visitor."""


def form(name: str, content: bytes) -> tuple[bytes, str]:
    """An upload's request and its content type."""
    head = f'--edge\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n--edge--\r\n", "multipart/form-data; boundary=edge"


def leave(server: Server, path: str, body: bytes, kind: str, share: float = 1.0) -> None:
    """Send a request, or that share of its body, and go away without reading the answer."""
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((HOST, server.page.port)) as connection:
        connection.sendall(head.encode() + body[: round(share * len(body))])
