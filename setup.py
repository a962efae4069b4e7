"""What ``pip install .`` makes: one package, ``digit_demo``, of model/, ui/ and the two commands.

In the checkout they are imported as ``model`` and ``ui``, names far too common for a place that many projects share.
So the package holds copies, in which each import and each command that a text names has the package's own name.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
NAME = "digit_demo"
#: Where each file and folder of the checkout lies in the package: ``model`` is the package itself.
PLACES = {"model": "", **{name: name for name in ("ui", "examples", "app.py", "train.py", "LICENSE")}}
#: What the package holds, by the ends of the files' names.
KINDS = {".py", ".json", ".html", ".css", ".js", ".md", ".safetensors", ".npz", ".png", ".jpg"}
#: What has another name in the package, and that name.
RENAMED = (
    (re.compile(r"^(\s*(?:from|import) )model\b", re.MULTILINE), rf"\1{NAME}"),
    (re.compile(r"^(\s*(?:from|import) )ui\b", re.MULTILINE), rf"\1{NAME}.ui"),
    (re.compile(r"\bpython -m model\b"), f"python -m {NAME}"),
    (re.compile(r"\bpython (app|train)\.py\b"), rf"python -m {NAME}.\1"),
)
#: What of requirements-page.txt serves the page alone.
PAGE = ("gradio",)
#: What of tests/requirements.txt writes and runs ONNX; torch makes it.
ONNX = ("onnx", "onnxscript", "onnxruntime")


def requirements(file: str) -> dict[str, str]:
    """The lines of a file of requirements that name a package, by the package."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {re.split(r"[^\w-]", line)[0]: line for line in lines if re.match(r"\w", line)}


class Build(build_py):
    """Copies the checkout's files to their places in the package."""

    def run(self) -> None:
        """Make the package anew, in the folder that the wheel is made of."""
        out = Path(self.build_lib) / NAME
        shutil.rmtree(out, ignore_errors=True)  # what an earlier version left
        for source, place in PLACES.items():
            for file in [ROOT / source] if (ROOT / source).is_file() else sorted((ROOT / source).rglob("*")):
                if file.suffix in KINDS or source == file.name:
                    copy(file, out / place / file.relative_to(ROOT / source))


def copy(file: Path, to: Path) -> None:
    """Copy a file; one of text with the package's names."""
    to.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix not in {".py", ".json", ".html", ".js", ".md"}:
        shutil.copyfile(file, to)
        return
    text = file.read_text(encoding="utf-8")
    for pattern, name in RENAMED:
        text = pattern.sub(name, text)
    to.write_text(text, encoding="utf-8")


every, page = requirements("requirements.txt"), requirements("requirements-page.txt")
tools = requirements("tests/requirements.txt")
setup(
    packages=[NAME],
    package_dir={NAME: "model"},
    install_requires=[every[name] for name in page if name not in PAGE],
    extras_require={
        "page": [every[name] for name in PAGE],
        "train": [line for name, line in every.items() if name not in page],
        "mcp": [every["gradio"].replace("gradio", "gradio[mcp]", 1)],
        "onnx": ["digit-demo[train]", *(tools[name] for name in ONNX)],
        "test": ["digit-demo[page,train]", *tools.values()],
    },
    cmdclass={"build_py": Build},
)
