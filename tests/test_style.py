"""The same checks that a developer runs by hand."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.helpers.running import ROOT

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]],
    ids=["ruff check", "ruff format", "mypy --strict"],
)
def test_the_code_passes(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", ["handlers", "readings"])
def test_no_handler_of_the_page_is_over_15_lines(module: str) -> None:
    tree = ast.parse((ROOT / "ui" / f"{module}.py").read_text(encoding="utf-8"))
    handlers = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(handlers) >= 5
    assert {node.name for node in handlers if (node.end_lineno or 0) - node.lineno >= 15} == set()
