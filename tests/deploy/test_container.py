"""What the Containerfile does, without a container: its files and no others, as a user who may only write to /tmp."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.helpers.fronts import draw_seven
from tests.helpers.running import ROOT, Running, running

pytestmark = pytest.mark.server

#: With lines that are continued put together.
CONTAINERFILE = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8").replace("\\\n", "")


def said(instruction: str) -> list[str]:
    """What follows an instruction, wherever it stands."""
    return re.findall(rf"^ *{instruction} +(.+)$", CONTAINERFILE, re.MULTILINE)


@pytest.fixture(scope="module")
def contained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The page from what is copied, where nothing but a folder for temporary files can be written to."""
    root, temporary = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("tmp")
    for line in said("COPY"):
        *sources, target = line.split()
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, root / target, ignore=shutil.ignore_patterns("__pycache__", "*.pyi"))
            else:
                (root / target).mkdir(exist_ok=True)
                shutil.copy(ROOT / source, root / target)
    paths = [root, *root.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    environment: dict[str, Any] = dict(text.split("=") for line in said("ENV") for text in line.split())
    environment |= {"HOME": str(temporary), "TMPDIR": str(temporary), "GRADIO_SERVER_NAME": "127.0.0.1"}
    try:
        with running(root=root, **environment) as page:
            yield page
    finally:
        for path in paths:
            path.chmod(0o755)


def health(port: int) -> int:
    """The exit status of the command by which a container is said to be well."""
    command = json.loads(CONTAINERFILE.split("CMD ", 1)[1].splitlines()[0])
    command = [part.replace(":7860/", f":{port}/").replace("timeout=8", "timeout=60") for part in command]
    assert command[0] == "python"
    return subprocess.run([sys.executable, *command[1:]], capture_output=True).returncode


def test_the_page_reads_from_what_the_container_holds_and_is_well(contained: Running) -> None:
    with httpx.Client(base_url=contained.url, timeout=60) as client:
        assert draw_seven(client).json()["data"][0]["digits"][0]["label"] == "7"
        uploaded = client.post("gradio_api/upload", files={"files": ("a.png", b"mine")})
        assert uploaded.status_code == 200
        assert client.get("card.png").status_code == 200
    assert health(contained.port) == 0


def test_a_page_that_is_gone_is_not_well() -> None:
    assert health(9) != 0


def test_it_installs_what_reads_and_runs_as_nobody_in_particular() -> None:
    assert "pip install --no-cache-dir -r requirements-page.txt" in said("RUN")
    assert said("USER") == ["1000:1000"]
