"""What honest visitors of other addresses wait while somebody attacks the page."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.helpers.running import DRAWING, HOST, ROOT
from tests.helpers.server import Server
from tests.helpers.visitor import form

#: Seconds between two questions of one onlooker.
REST = 0.25
#: Seconds after which an onlooker gives up.
PATIENCE = 60.0


@dataclass
class Onlookers:
    """Three visitors, each of an address of their own: who draws, who sends a photo, who asks for a file.

    Attributes:
        seconds: what each waited, in the order of time; what wasn't answered with 200 counts as ``PATIENCE``.
        memory: the most bytes that the page has taken.
    """

    server: Server
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"drawing": [], "photo": [], "static": []})
    problems: list[str] = field(default_factory=list)
    memory: int = 0
    _enough: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Onlookers:
        photo = self._photo()
        jobs: dict[str, Callable[[], int]] = {
            "drawing": lambda: self._run("127.0.0.7", "show_drawing", DRAWING, "cnn", False, "en"),
            "photo": lambda: self._run("127.0.0.8", "predict_image", photo, "cnn"),
            "static": lambda: self.ask("127.0.0.9", "GET", "/theme.css")[0],
        }
        for name, job in jobs.items():  # what loads at the first question is there before the attack
            assert job() == 200, name
            self._threads.append(threading.Thread(target=self._watch, args=(name, job)))
        self._threads.append(threading.Thread(target=self._weigh))
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def share(self, name: str, share: float = 0.95) -> float:
        """Seconds within which that share of an onlooker's questions was answered."""
        return sorted(self.seconds[name])[int(share * (len(self.seconds[name]) - 1))]

    def ask(self, address: str, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, bytes]:
        """The status and the body that an address is answered with."""
        connection = http.client.HTTPConnection(HOST, self.server.page.port, PATIENCE, source_address=(address, 0))
        try:
            connection.request(method, path, body, {"Content-Type": kind} if kind else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _run(self, address: str, event: str, *values: Any) -> int:
        body = json.dumps({"data": values, "fn_index": self.server.events[event], "session_hash": address}).encode()
        return self.ask(address, "POST", "/gradio_api/run/predict", body, "application/json")[0]

    def _photo(self) -> dict[str, Any]:
        content = (ROOT / "examples" / "3-drawn.png").read_bytes()
        status, paths = self.ask("127.0.0.8", "POST", "/gradio_api/upload", *form("3.png", content))
        assert status == 200, paths
        return {"path": json.loads(paths)[0], "meta": {"_type": "gradio.FileData"}}

    def _watch(self, name: str, job: Callable[[], int]) -> None:
        while not self._enough.wait(REST):
            started = time.monotonic()
            try:
                status: object = job()
            except OSError as error:
                status = error
            good = status == 200
            self.seconds[name].append(time.monotonic() - started if good else PATIENCE)
            if not good:
                self.problems.append(f"{name}: {status}")

    def _weigh(self) -> None:
        while not self._enough.wait(0.1):
            self.memory = max(self.memory, self.server.memory)
