from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import NoReturn

import pytest
import torch

from model import Recognizer
from model.data.digits import DataSet
from model.data.idx import RAW_FILES
from model.evaluate import evaluate
from model.networks.registry import MODELS
from model.networks.weights import load_network
from model.reading.store import load_card
from model.settings import Settings
from tests.helpers.running import ROOT
from train import main

pytestmark = pytest.mark.slow

EXTRACT = str(ROOT / "tests" / "data")
SEVEN = ROOT / "examples" / "7-mnist.png"
#: For processes: the same sums as in the tests' own process, and no threads that wait for a busy core.
ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1"}
#: A training run of a second.
SHORT = {
    "epochs": 2,
    "batch_size": 50,
    "styles": 20,
    "pens": 20,
    "degraded": 20,
    "outliers": 20,
    "log_interval": 5,
}
RUN = Callable[..., tuple[int, str, str]]


def arguments(folder: Path, **settings: object) -> list[str]:
    """A short run on the extract, everything of it in ``folder``."""
    options = [f"--{name.replace('_', '-')}={value}" for name, value in {**SHORT, **settings}.items()]
    return [*options, *places(folder)]


def tutorial(folder: Path, *options: str) -> list[str]:
    """An epoch of the tutorial's network as its preset says, but for the digits."""
    return ["--model=tutorial-cnn", "--epochs=1", "--no-plot", *places(folder), *options]


def places(folder: Path) -> list[str]:
    return [f"--data={EXTRACT}", f"--out={folder / 'out'}", f"--checkpoint={folder / 'run'}"]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def failing(error: BaseException) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    return fail


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a short run that was done: the weights in ``out``, the checkpoint ``run``."""
    folder = tmp_path_factory.mktemp("trained")
    assert main(arguments(folder)) == 0
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> RUN:
    """Run the command: its status, output and errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(arguments)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


# The command line


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"epochs": 0}, "epochs is 0: it goes from 1 to 10000"),
        ({"batch_size": 1}, "batch_size is 1: "),
        ({"lr": "nan"}, "lr is nan: "),
        ({"optimizer": "rmsprop"}, "optimizer is 'rmsprop': it is one of adamw, adam, sgd"),
        ({"model": "nothing"}, "there is no model 'nothing': choose one of cnn, quick, "),
    ],
)
def test_a_wrong_setting_is_one_line_and_status_2(
    run: RUN, tmp_path: Path, changed: dict[str, object], error: str
) -> None:
    status, out, err = run(*arguments(tmp_path, **changed))
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {error}")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_missing_data_is_one_line_and_status_2(run: RUN, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", ["http://127.0.0.1:9/"])
    status, _, err = run(*arguments(tmp_path), f"--data={tmp_path / 'nothing'}")
    assert status == 2
    assert err.startswith(f"error: MNIST isn't in {tmp_path / 'nothing'} and can't be downloaded")
    assert err.count("\n") == 1


def test_a_network_that_could_not_be_read_with_is_refused_before_it_is_trained(
    run: RUN, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.GELU(), torch.nn.Linear(784, 10))
    monkeypatch.setitem(MODELS, "cnn", replace(MODELS["cnn"], network=lambda: network))
    status, out, err = run(*arguments(tmp_path))
    assert (status, out) == (2, "")
    assert err == "error: GELU isn't a layer that model/reading/forward.py knows: add it there and to layers_of\n"


def test_there_must_be_a_checkpoint_to_resume(run: RUN, tmp_path: Path) -> None:
    status, out, err = run(*arguments(tmp_path), "--resume")
    assert (status, out) == (2, "")
    assert err == f"error: there is no checkpoint {tmp_path / 'run'} to go on from: leave out --resume\n"


# A run


def test_a_run_writes_weights_pictures_and_card_and_its_checkpoint(trained: Path) -> None:
    suffixes = {"safetensors", "mistakes.png", "curves.png", "samples.png", "json"}
    assert set(contents(trained / "out")) == {f"cnn.{suffix}" for suffix in suffixes}
    assert [path.name for path in trained.iterdir() if path.is_file()] == ["run"]


def test_a_run_s_weights_can_be_read_with(trained: Path) -> None:
    recognizer = Recognizer.load("cnn", trained / "out")
    assert recognizer.card.settings == asdict(Settings(**SHORT))  # type: ignore[arg-type]
    assert recognizer.read(SEVEN).status in {"digit", "unsure", "no-digit"}
    assert [epoch["epoch"] for epoch in recognizer.card.epochs] == [0, 1, 2]
    assert recognizer.card.metrics["test"]["total"] == 200


def test_a_run_measures_what_it_stores(trained: Path, extract: DataSet) -> None:
    card = load_card("cnn", trained / "out")
    network = load_network(card, trained / "out")
    assert evaluate(network, extract.test, card.temperature).right == card.metrics["test"]["right"] > 30  # chance: 20


def test_a_run_that_was_done_is_resumed_to_the_same_files(run: RUN, trained: Path, tmp_path: Path) -> None:
    assert run(*arguments(trained), f"--out={tmp_path}", "--resume")[0] == 0
    one, other = contents(tmp_path), contents(trained / "out")
    cards = [json.loads(files.pop("cnn.json")) for files in (one, other)]
    assert one == other
    for card in cards:
        del card["machine"]["milliseconds"]  # measured anew
    assert cards[0] == cards[1]


def test_a_run_ends_with_its_accuracy_and_its_files(run: RUN, trained: Path) -> None:
    _, out, err = run(*arguments(trained), "--resume")
    test, lines = load_card("cnn", trained / "out").metrics["test"], out.splitlines()
    assert re.fullmatch(r"cnn: 476,011 parameters, 2 epochs, \d+\.\d minutes on \d+ cores", lines[0])
    assert lines[1].startswith(f"test accuracy = {test['right']} / 200 = {test['accuracy']:.4f} (95 % interval 0.")
    assert lines[2].startswith(f"written to {trained / 'out'}: cnn.safetensors, cnn.mistakes.png, ")
    assert lines[2].endswith(", cnn.json")
    assert (lines[3], err) == ("`python -m model.evaluate --model cnn` lists each wrong case", "")


def test_a_tutorial_s_run_learns_from_all_training_digits_and_watches_the_test_set(run: RUN, tmp_path: Path) -> None:
    assert run(*tutorial(tmp_path))[0] == 0
    card = load_card("tutorial-cnn", tmp_path / "out")
    assert [epoch["examples"] for epoch in card.epochs] == [0, 600]
    assert [seen for seen, _ in card.log] == [600]
    assert all({"validation_accuracy", "test_accuracy"} <= set(epoch) for epoch in card.epochs)


def test_held_out_digits_are_not_learned(run: RUN, tmp_path: Path) -> None:
    assert run(*tutorial(tmp_path, "--hold-out", "--no-watch-test"))[0] == 0
    epochs = load_card("tutorial-cnn", tmp_path / "out").epochs
    assert [epoch["examples"] for epoch in epochs] == [0, 550]
    assert not any("test_accuracy" in epoch for epoch in epochs)


def test_without_plots_a_run_writes_three_files(run: RUN, tmp_path: Path) -> None:
    assert run(*tutorial(tmp_path))[0] == 0
    files = sorted(contents(tmp_path / "out"))
    assert files == ["tutorial-cnn.json", "tutorial-cnn.mistakes.png", "tutorial-cnn.safetensors"]


def test_a_tutorial_s_run_that_was_done_goes_on_for_more_epochs(run: RUN, tmp_path: Path) -> None:
    assert run(*tutorial(tmp_path))[0] == 0
    status, out, _ = run(*tutorial(tmp_path, "--epochs=3", "--resume"))
    card = load_card("tutorial-cnn", tmp_path / "out")
    assert status == 0
    assert [line[:10] for line in out.splitlines() if line.startswith("epoch  ")] == ["epoch  2/3", "epoch  3/3"]
    assert [(epoch["epoch"], epoch["examples"]) for epoch in card.epochs] == [(0, 0), (1, 600), (2, 1200), (3, 1800)]
    assert [seen for seen, _ in card.log] == [600, 1200, 1800]


def test_another_seed_gives_other_weights(run: RUN, tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("other", 2), ("again", 1)):
        assert run(*tutorial(tmp_path / name, f"--seed={seed}"))[0] == 0
    names = ("one", "other", "again")
    one, other, again = (contents(tmp_path / name / "out")["tutorial-cnn.safetensors"] for name in names)
    assert one == again != other


def test_a_run_is_not_resumed_with_other_settings(run: RUN, trained: Path) -> None:
    before = contents(trained / "out")
    status, _, err = run(*arguments(trained, lr=0.001), "--resume")
    assert status == 2
    assert re.fullmatch(r"error: the checkpoint \S+ was written with another lr: [^\n]+\n", err)
    assert contents(trained / "out") == before


def test_a_run_is_not_resumed_from_another_model_s_checkpoint(run: RUN, trained: Path) -> None:
    before = contents(trained / "out")
    status, out, err = run("--model=mlp", *places(trained), "--resume")
    assert (status, out) == (2, "")
    assert re.fullmatch(r"error: the checkpoint \S+ was written with another [^\n:]*\bmodel\b[^\n]+\n", err)
    assert contents(trained / "out") == before


def test_a_run_is_not_resumed_with_other_data(run: RUN, trained: Path, tmp_path: Path) -> None:
    before = contents(trained / "out")
    shutil.copytree(EXTRACT, tmp_path / "data")
    labels = tmp_path / "data" / "MNIST" / "raw" / "t10k-labels-idx1-ubyte"
    content = bytearray(labels.read_bytes())
    content[-1] = (content[-1] + 1) % 10
    labels.write_bytes(content)
    status, out, err = run(*arguments(trained), f"--data={tmp_path / 'data'}", "--resume")
    assert (status, out) == (2, "")
    assert re.fullmatch(r"error: the checkpoint \S+ was written with another data set: [^\n]+\n", err)
    assert contents(trained / "out") == before


def test_ctrl_c_tells_how_to_go_on(run: RUN, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.training.fit.fit", failing(KeyboardInterrupt()))
    status, out, err = run(*arguments(tmp_path))
    assert (status, out) == (130, "")
    assert err == "\nstopped; the same command with --resume goes on from the last saved state\n"


@pytest.mark.parametrize(
    ("function", "error"),
    [
        ("os.fsync", OSError(28, "No space left on device")),
        ("tempfile.mkstemp", OSError(30, "Read-only file system")),
        ("pathlib.Path.replace", PermissionError(13, "Permission denied")),
    ],
)
def test_a_disk_that_can_t_be_written_keeps_the_old_weights(
    run: RUN, trained: Path, monkeypatch: pytest.MonkeyPatch, function: str, error: OSError
) -> None:
    before = contents(trained / "out")
    monkeypatch.setattr(function, failing(error))
    status, _, err = run(*arguments(trained), "--resume")  # trained already: only the weights are written
    assert status == 2
    assert re.fullmatch(rf"error: can't write {trained / 'out'}(/\S+)?: {error.strerror}\n", err)
    assert contents(trained / "out") == before


def test_a_disk_that_is_full_in_training_names_the_checkpoint_and_keeps_the_old_weights(
    run: RUN, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(trained / "out"), (trained / "run").read_bytes()
    monkeypatch.setattr("os.fsync", failing(OSError(28, "No space left on device")))
    status, _, err = run(*arguments(trained))
    assert (status, err) == (2, f"error: can't write {trained / 'run'}: No space left on device\n")
    assert (contents(trained / "out"), (trained / "run").read_bytes()) == before


def test_a_checkpoint_that_can_t_be_written_is_one_line_and_status_2(run: RUN, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, _, err = run(*arguments(tmp_path), f"--checkpoint={tmp_path / 'file' / 'run'}")
    assert status == 2
    assert err.splitlines()[-1] == f"error: can't write {tmp_path / 'file'}: File exists"
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


# Real processes


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Let SIGINT reach processes started here, even where a shell in the background has it ignored."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, previous)


@pytest.mark.server
@pytest.mark.usefixtures("ctrl_c")
def test_a_run_that_was_interrupted_ends_with_the_same_weights(tmp_path: Path) -> None:
    command = [sys.executable, "-u", "-W", "error", "train.py", *arguments(tmp_path, epochs=5)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=ONE_THREAD, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert any(line.startswith("epoch 3 ") for line in process.stdout)  # in the middle of the third epoch
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert err.endswith("\nstopped; the same command with --resume goes on from the last saved state\n")
    assert not (tmp_path / "out").exists()

    done = subprocess.run([*command, "--resume"], cwd=ROOT, env=ONE_THREAD, capture_output=True, text=True)
    assert done.returncode == 0
    assert "epoch  2/5" not in done.stdout
    assert "epoch  5/5" in done.stdout
    assert main(arguments(tmp_path / "unbroken", epochs=5)) == 0
    assert contents(tmp_path / "out")["cnn.safetensors"] == contents(tmp_path / "unbroken" / "out")["cnn.safetensors"]


def write_idx(path: Path, values: torch.Tensor) -> None:
    """bytes as MNIST's files hold them: two noughts, 8 for bytes, the number of sides, the sides."""
    header = bytes([0, 0, 8, values.ndim]) + b"".join(side.to_bytes(4, "big") for side in values.shape)
    path.write_bytes(header + values.to(torch.uint8).numpy().tobytes())


@pytest.fixture
def data(mnist: DataSet, tmp_path: Path) -> Path:
    """MNIST's files written anew, wherever they were read from."""
    raw = tmp_path / "data" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    images, labels = (
        torch.cat([getattr(mnist.train, name), getattr(mnist.validation, name)]) for name in ("images", "labels")
    )
    for name, values in zip(RAW_FILES, (images, labels, mnist.test.images, mnist.test.labels), strict=True):
        write_idx(raw / name, values)
    return tmp_path / "data"


@pytest.mark.server
@pytest.mark.mnist
def test_two_epochs_read_97_in_100(data: Path, mnist: DataSet, tmp_path: Path) -> None:
    places = [f"--data={data}", f"--out={tmp_path / 'out'}", f"--checkpoint={tmp_path / 'run'}"]
    settings = [
        "--epochs=2",
        "--average=0.99",
        "--styles=500",
        "--pens=500",
        "--degraded=500",
        "--outliers=500",
    ]
    command = [sys.executable, "-W", "error", "train.py", *places, *settings]
    done = subprocess.run(command, cwd=ROOT, env=ONE_THREAD, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    card = json.loads((tmp_path / "out" / "cnn.json").read_text(encoding="utf-8"))
    assert card["dataset"] == mnist.checksums
    assert card["metrics"]["test"]["right"] >= 9700
    assert f"test accuracy = {card['metrics']['test']['right']} / 10000" in done.stdout
