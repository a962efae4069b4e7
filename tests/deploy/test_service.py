"""The unit for systemd, judged by systemd itself."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.helpers.fronts import BEHIND, CADDY, NGINX, SERVICE, SUBPATH

#: Of systemd's 0 to 10, how exposed the service may be; without its limits it has 9.6.
MOST_EXPOSED = 1.5


def systemd_analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What systemd says of a unit."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd isn't installed (on Debian: apt-get install systemd)")
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True)


def test_systemd_knows_every_line_of_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "digits.service"
    unit.write_text(SERVICE.replace("/opt/digits/.venv/bin/python", "/bin/true").replace("/opt/digits", "/"))
    done = systemd_analyze("verify", str(unit))
    assert (done.returncode, [line for line in done.stderr.splitlines() if unit.name in line]) == (0, [])


def test_the_service_may_do_little(tmp_path: Path) -> None:
    unit = tmp_path / "digits.service"
    unit.write_text(SERVICE)
    threshold = f"--threshold={10 * MOST_EXPOSED:.0f}"
    done = systemd_analyze("security", "--offline=true", "--no-pager", threshold, str(unit))
    assert done.returncode == 0, done.stdout


def test_the_service_and_the_proxies_agree_on_the_port_and_the_path() -> None:
    port = re.findall(r"app\.py --port (\d+)", SERVICE)
    assert port == re.findall(r"127\.0\.0\.1:(\d+)", NGINX) == re.findall(r"127\.0\.0\.1:(\d+)", CADDY)
    for name, value in BEHIND.items():
        assert f"\nEnvironment={name}={value}\n" in SERVICE
    assert f"location {SUBPATH}/ {{" in NGINX
    assert f"handle_path {SUBPATH}/*" in CADDY
