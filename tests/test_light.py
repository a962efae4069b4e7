"""The light environment, of requirements-page.txt alone: the page, the command line, and the package made of both."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from playwright.sync_api import Browser, expect

from model.export import PACKAGES
from model.reading.store import load_card
from tests.helpers.browsing import SEVEN, draw, sign, tab, visiting
from tests.helpers.running import DRAWING, ROOT, Running, started

pytestmark = [pytest.mark.server, pytest.mark.slow]

PICTURE = ROOT / "examples" / "7-mnist.png"
#: The most that the light environment may take, in bytes.
MOST_BYTES = 400_000_000


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment in which the README's first command has run."""
    room = tmp_path_factory.mktemp("light") / "venv"
    venv.create(room, with_pip=True, symlinks=os.name != "nt")
    python = room / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([python, "-m", "pip", "install", "-q", "-r", ROOT / "requirements-page.txt"], check=True)
    return python


@pytest.fixture(scope="module")
def page(light: Path) -> Iterator[Running]:
    """The page as that Python serves it."""
    with started(str(light), str(ROOT / "app.py")) as page:
        yield page


def run(light: Path, *arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the light Python; it must write no warning."""
    command = [str(light), "-W", "error", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)


def test_it_is_small_and_has_no_torch(light: Path) -> None:
    room = light.parent.parent
    assert sum(file.lstat().st_size for file in room.rglob("*") if file.is_file()) <= MOST_BYTES
    names = {path.name for path in _site(light).iterdir()}
    assert "gradio" in names
    assert not {"torch", "torchvision", "matplotlib"} & names


@pytest.mark.parametrize("model", ["cnn", "tutorial-cnn"])
def test_the_command_line_reads_as_here(light: Path, model: str) -> None:
    arguments = ["-m", "model.predict", "--json", "--model", model, PICTURE]
    done = run(light, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == run(Path(sys.executable), *arguments).stdout


def test_the_api_reads_drawings_and_pictures(page: Running) -> None:
    client = Client(page.url, verbose=False)
    assert client.predict(DRAWING, api_name="/predict_strokes")["digits"][0]["label"] == "7"
    assert client.predict(handle_file(PICTURE), api_name="/predict_image")["digits"][0]["label"] == "7"
    client.close()


@pytest.mark.browser
def test_the_page_reads_shows_mistakes_and_models(browser: Browser, page: Running) -> None:
    with visiting(browser, page.url) as opened:
        draw(opened, SEVEN)
        expect(sign(opened)).to_have_text("7")
        tab(opened, "Mistakes")
        expect(opened.locator("#gallery button")).to_have_count(len(load_card("cnn").mistakes))
        tab(opened, "Models")
        expect(opened.locator("#models")).to_contain_text("keras-cnn")
        expect(opened.locator("#model-detail")).to_contain_text("cnn")


def test_many_pictures_are_read_by_several_processes(light: Path, tmp_path: Path) -> None:
    names = "\n".join(str(path) for path in sorted(PICTURE.parent.glob("*.png")) * 4)
    (tmp_path / "names.txt").write_text(names)
    out = str(tmp_path / "out.jsonl")
    command = [str(light), "-W", "error", "-m", "model.predict", "-", "--jobs", "2", "--output", out]
    with (tmp_path / "names.txt").open() as file:
        done = subprocess.run(command, cwd=ROOT, stdin=file, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr.count("\n")) == (0, 1), done.stderr
    assert (tmp_path / "out.jsonl").read_text().count("\n") == names.count("\n") + 1
    done = run(light, "-m", "model.predict", PICTURE, "--output", tmp_path / "out.parquet")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("error: this needs pyarrow")


@pytest.mark.parametrize(
    "command",
    [
        ["train.py", "--preset", "quick"],
        ["-m", "model.evaluate"],
        ["-m", "model.describe", "cnn"],
        ["-m", "model.data", "export", "out"],
        ["-m", "model.training.pick_neighbours"],
        ["-m", "model.export", "cnn", "out.onnx"],
    ],
    ids=" ".join,
)
def test_what_needs_torch_says_what_to_install(light: Path, command: list[str]) -> None:
    done = run(light, *command)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("error: this needs torch")
    assert "`pip install -r requirements.txt` installs it" in done.stderr


def test_a_folder_for_the_hub_is_written_without_onnx(light: Path, tmp_path: Path) -> None:
    done = run(light, "-m", "model.card", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("model.onnx is left out: this needs torch, which isn't installed")
    assert not (tmp_path / "out" / "model.onnx").exists()


def test_the_tool_says_what_to_install(light: Path) -> None:
    done = subprocess.run([light, "app.py", "--mcp"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith('error: this needs mcp, which isn\'t installed: `pip install "gradio[mcp]"`')


# pip install .


@pytest.fixture(scope="module")
def installed(light: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The light Python with this project in it as a package, and an empty folder to run it in."""
    subprocess.run([light, "-m", "pip", "install", "-q", "--no-deps", ROOT], check=True)
    return tmp_path_factory.mktemp("elsewhere")


def test_the_package_reads_under_its_own_name_alone(light: Path, installed: Path) -> None:
    code = (
        "import sys; from digit_demo import Recognizer; import digit_demo.app\n"
        f"print(Recognizer.load().read({str(PICTURE)!r}).digits[0].label)\n"
        "print({'model', 'ui', 'app', 'train'} & {name.partition('.')[0] for name in sys.modules})"
    )
    done = run(light, "-c", code, cwd=installed)
    assert (done.stdout, done.stderr) == ("7\nset()\n", "")
    names = {path.name.partition(".")[0].partition("-")[0] for path in _site(light).iterdir()}
    assert "digit_demo" in names
    assert not {"model", "ui", "app", "train", "examples"} & names


def test_the_package_writes_a_folder_for_the_hub_in_its_own_name(light: Path, installed: Path) -> None:
    run(light, "-m", "digit_demo.card", installed / "hub", cwd=installed).check_returncode()
    assert "from digit_demo import Recognizer" in (installed / "hub" / "README.md").read_text(encoding="utf-8")


def test_the_package_s_commands_read_and_serve(light: Path, installed: Path) -> None:
    read = subprocess.run(
        [light.parent / "digit-demo-read", PICTURE], cwd=installed, capture_output=True, text=True, check=True
    )
    assert read.stdout.startswith(f"{PICTURE}: 7 ")
    with started(str(light.parent / "digit-demo"), cwd=installed) as page:
        client = Client(page.url, verbose=False)
        assert client.predict(DRAWING, api_name="/predict_strokes")["digits"][0]["label"] == "7"
        client.close()


def test_the_package_s_extras_are_the_requirement_files_lines(light: Path, installed: Path) -> None:
    code = "from importlib.metadata import requires; print(*requires('digit-demo'), sep='\\n')"
    told = run(light, "-c", code, cwd=installed).stdout.splitlines()
    extras = {line.partition('extra == "')[2].rstrip('"') for line in told}
    assert extras == {"", "page", "train", "test", "mcp", "onnx"}
    by_extra = {
        name: [line.partition(";")[0].replace(" ", "") for line in told if line.endswith(f'extra == "{name}"')]
        for name in extras - {""}
    }
    gradio = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()[0]
    assert by_extra["mcp"] == [gradio.replace("gradio", "gradio[mcp]")]
    assert by_extra["onnx"][0] == "digit-demo[train]"
    assert [re.split(r"\W", line)[0] for line in by_extra["onnx"][1:]] == list(PACKAGES)
    wanted = [line.partition(";")[0].replace(" ", "") for line in told if "extra" not in line]
    wanted += by_extra["page"] + by_extra["train"]
    required = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()
    assert sorted(map(_parts, wanted)) == sorted(map(_parts, required))


def _parts(requirement: str) -> list[str]:
    """A requirement's name and bounds, in whatever order they stand."""
    name, *bounds = requirement.replace(">", ",>").replace("<", ",<").split(",")
    return [name, *sorted(filter(None, bounds))]


def _site(light: Path) -> Path:
    return Path(run(light, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip())
