"""Attacks by uploads that hold other things than pictures of digits: many parts, what is no file, names."""

from __future__ import annotations

import contextlib
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.helpers.assaults import ADDRESS, attacker
from tests.helpers.running import HOST
from tests.helpers.server import Server
from ui.server.forms import MOST_FILES

KIND = "multipart/form-data; boundary=edge"
UPLOAD = "/gradio_api/upload"


def part(disposition: str, content: bytes = b"x") -> bytes:
    """One part of a form."""
    return f"--edge\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


def many(files: int) -> bytes:
    """A form of so many files of a byte each, without its end."""
    return b"".join(part(f'name="files"; filename="{number}.png"', b"%d" % number) for number in range(files))


def parts(server: Server) -> str:
    """Forms of as many tiny files as are taken: for ten seconds by ten connections, while fifteen more never end."""
    form = many(MOST_FILES)
    statuses: Counter[int] = Counter()
    most = 0
    with held(server, form, 15) as left, attacker(server, 10) as client, ThreadPoolExecutor(10) as pool:
        end = time.monotonic() + 10

        def visit(_: int) -> None:
            nonlocal most
            while time.monotonic() < end:
                answer = client.post(UPLOAD, content=form + b"--edge--\r\n", headers={"Content-Type": KIND})
                statuses[answer.status_code] += 1
                most = max(most, server.process.num_fds())
                time.sleep(float(answer.headers.get("Retry-After", 0)))

        list(pool.map(visit, range(10)))
        opened = len(left)
    asked = f"{statuses.total()} forms of {MOST_FILES} files: {dict(statuses)}, {opened} more held"
    return f"{asked}; {most} descriptors at most"


@contextlib.contextmanager
def held(server: Server, start: bytes, connections: int) -> Iterator[list[socket.socket]]:
    """Connections that have sent the beginning of an upload, and stay."""
    head = f"POST {UPLOAD} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {KIND}\r\nContent-Length: 100000000\r\n\r\n"
    left: list[socket.socket] = []
    try:
        for _ in range(connections):
            connection = socket.socket()
            left.append(connection)
            connection.settimeout(30)
            connection.bind((ADDRESS, 0))
            with contextlib.suppress(OSError):
                connection.connect((HOST, server.page.port))
                connection.sendall(head.encode() + start)
        yield left
    finally:
        for connection in left:
            connection.close()


def fields(server: Server) -> str:
    """Eight forms at once, each with a field of 60 MB in the place of a file."""
    form = part('name="files"', bytes(60_000_000)) + b"--edge--\r\n"
    statuses: Counter[object] = Counter()

    def visit(_: int) -> None:
        try:
            statuses[client.post(UPLOAD, content=form, headers={"Content-Type": KIND}).status_code] += 1
        except OSError as error:
            statuses[type(error).__name__] += 1

    with attacker(server, 8) as client, ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(8)))
    return f"8 forms with a field of 60 MB: {dict(statuses)}"
