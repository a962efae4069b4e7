"""Which room may know of which: the digit's way goes down these floors, and nothing looks up.

Imports inside functions count, too: a room behind a door is still a room.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.helpers.running import ROOT

#: From the cellar up. A room imports from its own floor's room and from the floors below it.
FLOORS = (
    ("model.errors", "model.files"),
    ("model.settings", "model.packages", "model.preprocess"),
    ("model.reading",),
    ("model.many",),
    ("model.predict", "model.data", "model.networks"),
    ("model", "model.describe", "model.synthesis"),
    ("model.evaluate", "model.export"),
    ("model.card", "model.training"),
    ("train", "ui.texts", "ui.theme"),
    ("ui.views",),
    ("ui.readings",),
    ("ui.components",),
    ("ui.handlers", "ui.shell", "ui.network"),
    ("ui.replays",),
    ("ui.server",),
    ("ui.tabs",),
    ("ui", "app"),
)
FLOOR_OF = {room: number for number, floor in enumerate(FLOORS) for room in floor}
SOURCES = sorted([*(ROOT / "model").rglob("*.py"), *(ROOT / "ui").rglob("*.py"), ROOT / "app.py", ROOT / "train.py"])
#: What reads must not reach, however many modules lie between.
TORCH = {"torch", "torchvision", "matplotlib", "torchinfo"}


def module_of(path: Path) -> str:
    """The dotted name by which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in SOURCES}


def imported_by(module: str) -> set[str]:
    """The modules that a module imports, anywhere in it; of other projects their first name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in inside}
    return {name if name in MODULES else name.split(".")[0] for name in found} - {"__future__"}


IMPORTS = {module: imported_by(module) for module in MODULES}


def room_of(module: str) -> str:
    """The room that a module lies in: its first two names."""
    return ".".join(module.split(".")[:2])


def reached_from(module: str) -> set[str]:
    """All modules that a module imports, and those that these import."""
    reached: set[str] = set()
    waiting = [module]
    while waiting:
        new = IMPORTS.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_from_its_own_room_or_from_floors_below(module: str) -> None:
    room = room_of(module)
    others = {room_of(other) for other in IMPORTS[module] if other in MODULES} - {room}
    assert {other for other in others if FLOOR_OF[other] >= FLOOR_OF[room]} == set()


@pytest.mark.parametrize("module", MODULES)
def test_no_module_imports_itself_by_way_of_others(module: str) -> None:
    assert module not in reached_from(module)


@pytest.mark.parametrize("room", ["model.preprocess", "model.reading", "model.predict"])
def test_reading_never_reaches_torch(room: str) -> None:
    inside = [module for module in MODULES if room_of(module) == room]
    assert inside
    for module in inside:
        assert not reached_from(module) & TORCH, module


def test_the_model_knows_nothing_of_the_page() -> None:
    below = [module for module in MODULES if module.startswith("model")]
    for module in below:
        assert not {name for name in reached_from(module) if name.split(".")[0] in {"gradio", "ui"}}, module
