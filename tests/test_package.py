from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import model
from model.reading.store import trained_models
from tests.helpers.running import ROOT

pytestmark = pytest.mark.server

SOURCES = sorted([*(ROOT / "model").rglob("*.py"), *(ROOT / "ui").rglob("*.py"), ROOT / "app.py", ROOT / "train.py"])
READ_SEVEN = "from model import Recognizer; assert Recognizer.load('{}').read('examples/7-mnist.png').digits"


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    )


def imported_by(code: str) -> set[str]:
    """All modules of a fresh Python that ran ``code``."""
    return set(python("-c", f"{code}; import sys; print(*sys.modules)").stdout.split())


@pytest.mark.parametrize("name", model.__all__)
def test_each_name_comes_from_the_module_that_defines_it(name: str) -> None:
    found = getattr(model, name)
    assert found.__name__ == name
    assert found is getattr(sys.modules[found.__module__], name)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'model' has no attribute 'nothing'"):
        model.nothing  # noqa: B018


def test_importing_the_package_imports_nothing_else() -> None:
    assert not imported_by("import model") & {"numpy", "PIL", "torch", "torchvision", "model.predict"}


@pytest.mark.parametrize("model", trained_models())
def test_a_reading_imports_no_torch(model: str) -> None:
    modules = imported_by(READ_SEVEN.format(model))
    assert "model.reading.forward" in modules
    assert not modules & {"torch", "torchvision"}


def test_the_page_imports_no_torch() -> None:
    modules = imported_by("import app; app.build_demo()")
    assert "ui.server.desk" in modules
    assert not modules & {"torch", "torchvision"}


def test_torch_and_numpy_load_no_pickle() -> None:
    """Ruff sees modules that pickle (S301, S403), not what these two do with a file."""
    for path in SOURCES:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not re.search(r"\btorch\.(load|save)\(|from torch import .*\b(load|save)\b", line), path
            assert "np.load(" not in line or "allow_pickle=False" in line, path


def test_the_version_stands_in_one_place() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", model.__version__)
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == model.__version__
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[project]")[1].split("\n[")[0]
    assert re.findall(r"^version", project, re.MULTILINE) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_subject_and_so_many_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
