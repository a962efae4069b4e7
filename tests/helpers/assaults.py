"""Attacks on a page, each from one address and bounded in count and time."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gradio
import httpx

from tests.helpers.running import HOST, ROOT
from tests.helpers.server import Server
from tests.helpers.slow import commented_pgm, jpeg_of_scans, tall_png, tiff_of_strips, webp_claiming
from tests.helpers.visitor import drawing

#: Where the attacks come from.
ADDRESS = "127.0.0.6"
JSON = {"Content-Type": "application/json"}
#: No connection is kept: of a hundred threads with one client one now and then reads from what another has given up.
ONCE = {**JSON, "Connection": "close"}
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
            answer = client.post("/gradio_api/run/predict", content=body, headers=ONCE)
            statuses[answer.status_code] += 1
            time.sleep(float(answer.headers.get("Retry-After", 0)))

    with attacker(server, 110) as client, ThreadPoolExecutor(110) as pool:
        list(pool.map(visit, [client] * 110))
    return f"110 visitors who compare: {dict(statuses)}"


def queue(server: Server) -> str:
    """Four tables of fifty files and 130 calls in gradio's queue; an event of the queue is still taken afterwards."""
    with attacker(server) as client:
        photo = upload(client, "3.png", (ROOT / "examples" / "3-drawn.png").read_bytes())
        for number in range(4):
            body = json.loads(body_of(server, "read_several", [photo] * 50, "en", None))
            client.post("/gradio_api/queue/join", json={**body, "session_hash": f"table-{number}"})
        asked = {"data": [None, "cnn"]}
        statuses = Counter(client.post("/gradio_api/call/predict_strokes", json=asked).status_code for _ in range(130))
    with httpx.Client(base_url=server.url, timeout=60) as honest:
        after = honest.post("/gradio_api/call/predict_strokes", json=asked)
    return f"130 calls: {dict(statuses)}; another address afterwards: {after.status_code}"


def pictures(server: Server) -> str:
    """Small valid pictures that take long to decode, four times each at once."""
    sent = {
        "scans.jpg": jpeg_of_scans(7000, 5000),
        "comments.pgm": commented_pgm(1_000_000),
        "strips.tif": tiff_of_strips(1_200_000, 40),
        "tall.png": tall_png(),
        "claims.webp": webp_claiming("VP8L", 16_383, 3_051),
        "bounded.jpg": jpeg_of_scans(7000, 98),
    }
    return read_at_once(server, sent)


def read_at_once(server: Server, sent: Mapping[str, bytes], times: int = 4) -> str:
    """Files by their names, uploaded and then all read at once, so often each; what is told of them."""
    told: Counter[str] = Counter()

    def ask(photo: dict[str, Any]) -> None:
        answer = client.post(
            "/gradio_api/run/predict", content=body_of(server, "predict_image", photo, "cnn"), headers=JSON
        )
        reading = answer.json()["data"][0] if answer.status_code == 200 else {"status": answer.status_code, "error": ""}
        told[f"{photo['orig_name']} {reading['error'] or reading['status']}"[:70]] += 1

    count = times * len(sent)
    with attacker(server, count) as client, ThreadPoolExecutor(count) as pool:
        photos = [upload(client, name, content) for name, content in sent.items()]
        list(pool.map(ask, photos * times))
    return "; ".join(f"{number} × {what}" for what, number in told.items())


def hog(server: Server) -> str:
    """Four tables of fifty enormous pictures; gone at once."""
    with attacker(server) as client:
        photo = upload(client, "tall.png", tall_png())
    body = body_of(server, "read_several", [photo] * 50, "en", None)
    send_all(server, [("/gradio_api/run/predict", body)] * 4, 0.3)
    return "four tables of 50 pictures of 50 million pixels"


def pages(server: Server) -> str:
    """64 connections that load the page and its configuration for five seconds."""
    statuses: Counter[int] = Counter()
    end = time.monotonic() + 5

    def visit(client: httpx.Client) -> None:
        while time.monotonic() < end:
            for path in ("/", "/config"):
                statuses[client.get(path).status_code] += 1

    with attacker(server, 64) as client, ThreadPoolExecutor(64) as pool:
        list(pool.map(visit, [client] * 64))
    return f"{sum(statuses.values())} pages asked for: {dict(statuses)}"


def files(server: Server) -> str:
    """64 connections that load the largest of the page's files for five seconds, compressed, and parts of it."""
    folder = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
    largest = max(folder.iterdir(), key=lambda path: path.stat().st_size).name
    statuses: Counter[int] = Counter()
    end = time.monotonic() + 5

    def visit(client: httpx.Client) -> None:
        for encoding in ("gzip", "br") * 1000:
            if time.monotonic() > end:
                return
            headers = {"Accept-Encoding": encoding, "Range": "bytes=1-"}
            with client.stream("GET", f"/assets/{largest}", headers=headers) as answer:
                statuses[answer.status_code] += 1  # and goes, unread

    with attacker(server, 64) as client, ThreadPoolExecutor(64) as pool:
        list(pool.map(visit, [client] * 64))
    return f"{statuses.total()} times {largest}: {dict(statuses)}"


def uploads(server: Server) -> str:
    """Seventy uploads of 10 MB."""
    before = sum(server.kept)
    with attacker(server) as client:
        statuses = Counter(
            client.post(
                "/gradio_api/upload", files={"files": (f"{number}.png", bytes([number]) * 10_000_000)}
            ).status_code
            for number in range(70)
        )
    return f"70 × 10 MB: {dict(statuses)}, {(sum(server.kept) - before) / 1e6:.0f} MB kept"


def malformed(server: Server) -> str:
    """A hundred requests that no page sends, and what they leave in the log."""
    before = len(server.page.said())
    values: list[Any] = [None, 7, "x" * 100_000, {"path": 7}, [[[]]] * 1000, {"a": "b" * 50_000}]
    with attacker(server) as client:
        for number in range(100):
            data = [values[(number + place) % len(values)] for place in range(number % 6)]
            client.post("/gradio_api/run/predict", json={"data": data, "fn_index": number % 35, "session_hash": "x"})
    logged = len(server.page.said()) - before
    return f"100 requests: {logged / 100:.0f} bytes of log each"


def insides(server: Server) -> str:
    """110 who have the network broken, and digits made other digits, for ten seconds."""
    ink = base64.b64encode(bytes(784)).decode()
    asked: list[dict[str, Any]] = [
        {"ask": "broken", "muted": [[1, -1]], "noise": 1.5, "seed": 7, "biases": 1},
        {"ask": "nudged", "target": 9},
        {"ask": "axis", "axis": "noise"},
        {"ask": "digits"},
    ]
    bodies = [
        json.dumps({"data": [{"model": "keras-cnn", "ink": ink, **one}], "session_hash": "attack"}).encode()
        for one in asked
    ]
    statuses: Counter[int] = Counter()
    end = time.monotonic() + 10

    def visit(number: int) -> None:
        while time.monotonic() < end:
            answer = client.post("/gradio_api/run/inside", content=bodies[number % len(bodies)], headers=ONCE)
            statuses[answer.status_code] += 1
            time.sleep(float(answer.headers.get("Retry-After", 0)))

    with attacker(server, 110) as client, ThreadPoolExecutor(110) as pool:
        list(pool.map(visit, range(110)))
    return f"110 visitors who break networks: {dict(statuses)}"


def hold(server: Server) -> str:
    """Connections that ask for nothing, half requests, bodies that never end, streams that stay: for 35 seconds."""
    kinds = {
        "idle": b"",
        "half requests": f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX".encode(),
        "bodies": f"POST /gradio_api/run/predict HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 900\r\n\r\n".encode(),
        "streams": f"GET /gradio_api/heartbeat/SESSION HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode(),
    }
    opened: dict[str, list[socket.socket]] = {name: [] for name in kinds}
    for number in range(150):
        for name, start in kinds.items():
            connection = socket.socket()
            connection.bind((ADDRESS, 0))
            opened[name].append(connection)
            with contextlib.suppress(OSError):
                connection.connect((HOST, server.page.port))
                connection.sendall(start.replace(b"SESSION", b"held-%d" % number))
    end = time.monotonic() + 35
    while time.monotonic() < end:
        for connection in (*opened["half requests"], *opened["bodies"]):
            with contextlib.suppress(OSError):
                connection.send(b"x")  # a byte now and then
        time.sleep(3)
    told = ", ".join(f"{sum(map(is_open, left))} of {len(left)} {name}" for name, left in opened.items())
    for connection in (connection for left in opened.values() for connection in left):
        connection.close()
    return f"open in the end: {told}"


def is_open(connection: socket.socket) -> bool:
    """Whether the other side hasn't closed a connection."""
    connection.setblocking(False)
    try:
        while content := connection.recv(65_536):
            if b" 429 " in content or b" 408 " in content:
                return False  # it is told so, and closed soon
        return False
    except BlockingIOError:
        return True
    except OSError:
        return False


def scrawls(server: Server) -> str:
    """Drawings that no pad sends, four times each: of too many points or strokes, of numbers that are none."""
    points = [[number % 280, number * 7 % 280] for number in range(100_000)]
    stroke = {"width": 4, "points": points[:3]}
    deep: Any = 7
    for _ in range(900):
        deep = [deep]
    drawings: dict[str, Any] = {
        "100,000 points": [{"width": 4, "points": points}],
        "10,000 strokes": [{"width": 4, "points": [[number % 280, 9]]} for number in range(10_000)],
        "NaN": [{"width": 4, "points": [[float("nan"), 3], [4, 5]]}],
        "far away": [{"width": 4, "points": [[1e300, -1e300], [4, 5]]}],
        "a wide pen": [{**stroke, "width": 1e9}],
        "a deep list": deep,
        "a large canvas": [stroke] * 3,
        "19,900 points to and fro": [{"width": 1, "points": points[:19_900]}],
        "1,990 strokes": [{"width": 1, "points": points[number : number + 10]} for number in range(0, 19_900, 10)],
    }
    told: Counter[str] = Counter()

    def ask(item: tuple[str, Any]) -> None:
        name, strokes = item
        size = [1e9, 1e9] if name == "a large canvas" else [280, 280]
        body = body_of(server, "predict_strokes", {"size": size, "strokes": strokes}, "cnn")
        answer = client.post("/gradio_api/run/predict", content=body, headers=JSON)
        reading = answer.json()["data"][0] if answer.status_code == 200 else {"status": answer.status_code, "error": ""}
        told[f"{name}: {reading['error'] or reading['status']}"[:70]] += 1

    with attacker(server, 9) as client, ThreadPoolExecutor(9) as pool:
        list(pool.map(ask, [*drawings.items()] * 4))
    return "; ".join(f"{count} × {what}" for what, count in told.items())


def attacker(server: Server, connections: int = 10) -> httpx.Client:
    """Who asks from the attacks' address."""
    limits = httpx.Limits(max_connections=connections)
    transport = httpx.HTTPTransport(local_address=ADDRESS, limits=limits)
    return httpx.Client(base_url=server.url, transport=transport, timeout=120)


def upload(client: httpx.Client, name: str, content: bytes) -> dict[str, Any]:
    """Upload a file; the value of a photo."""
    paths = client.post("/gradio_api/upload", files={"files": (name, content)}).json()
    return {"path": paths[0], "orig_name": name, "meta": {"_type": "gradio.FileData"}}
