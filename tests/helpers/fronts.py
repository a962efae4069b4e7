"""What stands in front of a public page, as ``deploy/`` has it: nginx, Caddy, or a few lines that do the same."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.helpers.running import DRAWING, HOST, ROOT, free_port
from ui.server.limits import BURST, BYTES_A_CALL
from ui.server.limits import RATE as DEFAULT_RATE

#: Where ``deploy/`` puts the page.
SUBPATH = "/digits"
NGINX = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
CADDY = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
SERVICE = (ROOT / "deploy" / "digits.service").read_text(encoding="utf-8")
#: What the page is told in its environment, as ``deploy/digits.service`` does.
BEHIND: dict[str, Any] = {"FORWARDED_ALLOW_IPS": HOST, "GRADIO_ROOT_PATH": SUBPATH}
#: Requests a second that one address may send in tests: enough for a browser, and soon asked for.
RATE = 10.0
#: Around a site's file, what Debian's own nginx.conf has, in a folder that needs no rights.
AROUND = """
worker_processes 1;
daemon off;
pid nginx.pid;
error_log stderr error;
events {}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxied;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include site.conf;
}
"""


@dataclass(frozen=True)
class Front:
    """A proxy that is up."""

    port: int
    plain_port: int
    subpath: str

    @property
    def origin(self) -> str:
        """Its address."""
        return f"https://{HOST}:{self.port}"

    @property
    def url(self) -> str:
        """The page's address."""
        return f"{self.origin}{self.subpath}/"

    def address(self, number: int) -> str:
        """One of this machine's, of which each proxy has its own: to the page, they are different visitors."""
        return f"127.{self.port // 256}.{self.port % 256}.{number}"

    @contextlib.contextmanager
    def visitor(self, number: int = 1) -> Iterator[httpx.Client]:
        """One who comes from such an address."""
        transport = httpx.HTTPTransport(verify=False, local_address=self.address(number))
        with httpx.Client(transport=transport, base_url=self.url, timeout=60) as client:
            yield client


def draw_seven(client: httpx.Client, forwarded: str = "", padding: int = 0) -> httpx.Response:
    """Ask for a drawing to be read.

    Args:
        client: who asks.
        forwarded: what the request says of where it comes from.
        padding: bytes in it that it doesn't need.
    """
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    drawing = {**DRAWING, "padding": "x" * padding}
    return client.post("gradio_api/run/predict_strokes", json={"data": [drawing, "mlp"]}, headers=headers)


def ask_much(client: httpx.Client, forwarded: Sequence[str]) -> list[int]:
    """Send drawings of which each costs all that an address may ask for at once at ``RATE``: the answers' statuses.

    Args:
        client: who sends them.
        forwarded: what each says of where it comes from.
    """
    padding = int(BYTES_A_CALL * RATE * BURST / DEFAULT_RATE)
    return [draw_seven(client, name, padding).status_code for name in forwarded]


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that nobody vouches for, and its key."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    names = f"subjectAltName=IP:{HOST}"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=example.org", "-addext", names, "-days", "2", "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made, key


@contextlib.contextmanager
def nginx(page_port: int, subpath: str = SUBPATH) -> Iterator[Front]:
    """Debian's nginx with the site of ``deploy/``, in which names, ports and the certificate are this machine's."""
    with tempfile.TemporaryDirectory() as named:
        folder, front = Path(named), Front(free_port(), free_port(), subpath)
        made, key = certificate(folder)
        site = re.sub(r"\n *listen \[::\].*", "", NGINX)
        site = re.sub(r"(ssl_certificate) .*;", rf"\1 {made};", site)
        site = re.sub(r"(ssl_certificate_key) .*;", rf"\1 {key};", site)
        site = site.replace("listen 80;", f"listen {HOST}:{front.plain_port};")
        site = site.replace("listen 443 ", f"listen {HOST}:{front.port} ").replace(":7860", f":{page_port}")
        (folder / "site.conf").write_text(site.replace(f"{SUBPATH}/", f"{subpath}/"), encoding="utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(user + AROUND, encoding="utf-8")
        command = ["nginx", "-p", named, "-c", str(folder / "nginx.conf"), "-e", "stderr"]
        with listening(command, front.port):
            yield front


@contextlib.contextmanager
def caddy(page_port: int) -> Iterator[Front]:
    """Caddy with the file of ``deploy/``, in which names, ports and the certificate are this machine's."""
    with tempfile.TemporaryDirectory() as named:
        folder, front = Path(named), Front(free_port(), free_port(), SUBPATH)
        made, key = certificate(folder)
        ports = f"{{\n\tadmin off\n\thttp_port {front.plain_port}\n\thttps_port {front.port}\n"
        site = CADDY.replace("{\n", ports, 1).replace(":7860", f":{page_port}")
        site = site.replace("\nexample.org {\n", f"\n{HOST}:{front.port} {{\n\tbind {HOST}\n\ttls {made} {key}\n")
        (folder / "Caddyfile").write_text(site, encoding="utf-8")
        command = ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
        with listening(command, front.port, HOME=named, XDG_CONFIG_HOME=named, XDG_DATA_HOME=named):
            yield front


@contextlib.contextmanager
def likeness(page_port: int) -> Iterator[Front]:
    """``tests.helpers.likeness``, in a process of its own."""
    with tempfile.TemporaryDirectory() as named:
        front = Front(free_port(), 0, SUBPATH)
        files = [str(file) for file in certificate(Path(named))]
        command = [sys.executable, "-m", "tests.helpers.likeness", str(page_port), str(front.port), *files]
        with listening(command, front.port):
            yield front


@contextlib.contextmanager
def listening(command: list[str], port: int, **environment: str) -> Iterator[None]:
    """A program that is up from when it listens until the block ends."""
    with tempfile.TemporaryFile("a+", encoding="utf-8") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, cwd=ROOT, env={**os.environ, **environment})
        try:
            while not is_open(port):
                if process.poll() is not None:
                    said.seek(0)
                    raise ConnectionError(said.read())
                time.sleep(0.02)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def is_open(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
        return True
    return False
