"""Packages that only some commands need: what to install, in one line, where they are missing."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from model.errors import PackageError, failed

#: What training and measuring need beside what reading needs, as they are imported.
TRAINING = ("torch", "torchvision")
#: How a package is installed that isn't in requirements.txt; all others come with that.
ALONE = {
    "pyarrow": "pip install pyarrow",
    "pillow_heif": "pip install pillow-heif",
    **dict.fromkeys(("onnx", "onnxscript", "onnxruntime"), "pip install onnx onnxscript onnxruntime"),
    "mcp": 'pip install "gradio[mcp]"',
}


def check_packages(*names: str) -> None:
    """See to it that packages are installed, without importing them.

    Args:
        names: as they are imported.

    Raises:
        PackageError: one isn't.
    """
    for name in names:
        if find_spec(name) is None:
            raise PackageError("no-package", name=name, command=ALONE.get(name, "pip install -r requirements.txt"))


def exit_without(*names: str) -> None:
    """End a command with one line and status 2 where a package isn't installed that its imports need."""
    try:
        check_packages(*names)
    except PackageError as error:
        sys.exit(failed(error))
