from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import NoReturn

import pytest
import torch

from model import Recognizer
from model.data import RAW_FILES, DataSet
from model.evaluate import evaluate
from model.settings import Settings
from model.store import load_card, load_network
from tests.conftest import ROOT
from train import main, parse_arguments

EXTRACT = str(ROOT / "tests" / "data")
SEVEN = ROOT / "examples" / "7-mnist.png"
#: For processes: the same sums as in the tests' own process, and no threads that wait for a busy core.
ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1"}
#: A training run of a second.
SHORT = {"epochs": 2, "batch_size": 50, "styles": 20, "outliers": 20}
RUN = Callable[..., tuple[int, str, str]]


def arguments(folder: Path, **settings: object) -> list[str]:
    """A short run on the extract, everything of it in ``folder``."""
    options = [f"--{name.replace('_', '-')}={value}" for name, value in {**SHORT, **settings}.items()]
    return [*options, f"--data={EXTRACT}", f"--out={folder / 'out'}", f"--checkpoint={folder / 'run'}"]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


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


def test_help_lists_each_setting_with_its_default(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for field in fields(Settings):
        assert f"--{field.name.replace('_', '-')}" in text
        assert f" {field.metadata['help']} (default: {field.default})" in text


def test_without_options_the_settings_are_the_defaults() -> None:
    settings, options = parse_arguments([])
    assert settings == Settings()
    assert (options.data, options.checkpoint) == (Path("data"), Path("runs/cnn.safetensors"))


@pytest.mark.parametrize(
    ("option", "changed"),
    [
        ("--model=other", {"model": "other"}),
        ("--epochs=3", {"epochs": 3}),
        ("--batch-size=100", {"batch_size": 100}),
        ("--lr=0.01", {"lr": 0.01}),
        ("--weight-decay=0", {"weight_decay": 0.0}),
        ("--average=0.9", {"average": 0.9}),
        ("--styles=7", {"styles": 7}),
        ("--outliers=7", {"outliers": 7}),
        ("--no-augment", {"augment": False}),
        ("--seed=5", {"seed": 5}),
    ],
)
def test_an_option_changes_its_setting(option: str, changed: dict[str, object]) -> None:
    assert parse_arguments([option])[0] == replace(Settings(), **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("option", ["--epochs=many", "--epochs=2.5", "--learning-rate=1"])
def test_a_malformed_option_is_status_2(option: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main([option])
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"epochs": 0}, "epochs is 0: it goes from 1 to 10000"),
        ({"batch_size": 1}, "batch_size is 1: "),
        ({"lr": "nan"}, "lr is nan: "),
        ({"model": "nothing"}, "there is no model 'nothing': choose one of cnn"),
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


def test_there_must_be_a_checkpoint_to_resume(run: RUN, tmp_path: Path) -> None:
    status, out, err = run(*arguments(tmp_path), "--resume")
    assert (status, out) == (2, "")
    assert err == f"error: there is no checkpoint {tmp_path / 'run'} to go on from: leave out --resume\n"


# A run


def test_a_run_writes_three_files_and_its_checkpoint(trained: Path) -> None:
    assert sorted(contents(trained / "out")) == ["cnn.json", "cnn.mistakes.png", "cnn.safetensors"]
    assert (trained / "run").is_file()


def test_a_run_s_weights_can_be_read_with(trained: Path) -> None:
    recognizer = Recognizer.load("cnn", trained / "out")
    assert recognizer.card.settings == asdict(Settings(**SHORT))  # type: ignore[arg-type]
    assert recognizer.read(SEVEN).status in {"digit", "unsure", "no-digit"}
    assert [len(recognizer.card.epochs), recognizer.card.metrics["test"]["total"]] == [2, 200]


def test_a_run_measures_what_it_stores(trained: Path, extract: DataSet) -> None:
    card = load_card("cnn", trained / "out")
    network = load_network(card, trained / "out")
    assert evaluate(network, extract.test, card.temperature).right == card.metrics["test"]["right"] > 30  # chance: 20


def test_a_run_that_was_done_is_resumed_to_the_same_files(run: RUN, trained: Path, tmp_path: Path) -> None:
    status, out, _ = run(*arguments(trained), f"--out={tmp_path}", "--resume")
    assert status == 0
    assert contents(tmp_path) == contents(trained / "out")
    test = load_card("cnn", tmp_path).metrics["test"]
    assert f"\ntest accuracy = {test['right']} / 200 = {test['accuracy']:.2%} (95 % interval " in out
    assert out.endswith(f"\nwritten to {tmp_path / 'cnn'}.safetensors, .json and .mistakes.png\n")


def test_a_run_is_not_resumed_with_other_settings(run: RUN, trained: Path) -> None:
    before = contents(trained / "out")
    status, _, err = run(*arguments(trained, lr=0.001), "--resume")
    assert status == 2
    assert re.fullmatch(r"error: the checkpoint \S+ was written with another lr: [^\n]+\n", err)
    assert contents(trained / "out") == before


def test_ctrl_c_tells_how_to_go_on(run: RUN, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.fit.fit", failing(KeyboardInterrupt()))
    status, out, err = run(*arguments(tmp_path))
    assert (status, out) == (130, "")
    assert err == "\nstopped; the same command with --resume goes on from the last whole epoch\n"


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
    assert (status, err) == (2, f"error: can't write {trained / 'out'}: {error.strerror}\n")
    assert contents(trained / "out") == before


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


@pytest.mark.usefixtures("ctrl_c")
def test_a_run_that_was_interrupted_ends_with_the_same_weights(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "train.py", *arguments(tmp_path, epochs=5)]
    process = subprocess.Popen(command, cwd=ROOT, env=ONE_THREAD, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "run").exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.endswith("\nstopped; the same command with --resume goes on from the last whole epoch\n")
    assert not (tmp_path / "out").exists()

    done = subprocess.run([*command, "--resume"], cwd=ROOT, env=ONE_THREAD, capture_output=True, text=True)
    assert done.returncode == 0
    assert "epoch  1/5" not in done.stdout
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


@pytest.mark.slow
@pytest.mark.mnist
def test_two_epochs_read_97_in_100(data: Path, mnist: DataSet, tmp_path: Path) -> None:
    places = [f"--data={data}", f"--out={tmp_path / 'out'}", f"--checkpoint={tmp_path / 'run'}"]
    settings = ["--epochs=2", "--average=0.99", "--styles=500", "--outliers=500"]
    command = [sys.executable, "-W", "error", "train.py", *places, *settings]
    done = subprocess.run(command, cwd=ROOT, env=ONE_THREAD, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    card = json.loads((tmp_path / "out" / "cnn.json").read_text(encoding="utf-8"))
    assert card["dataset"] == mnist.checksums
    assert card["metrics"]["test"]["right"] >= 9700
    assert f"test accuracy = {card['metrics']['test']['right']} / 10000" in done.stdout
