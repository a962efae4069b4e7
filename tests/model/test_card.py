from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from huggingface_hub import ModelCard, ModelCardData
from huggingface_hub.repocard_data import eval_results_to_model_index, model_index_to_eval_results
from safetensors.numpy import load

from model import card, export
from model.errors import DataError, PackageError
from model.reading.store import load_card, trained_models
from tests.helpers.running import ROOT

NAMES = {"model.safetensors", "config.json", "README.md", "LICENSE", "SHA256SUMS"}


def without_onnx(*_: object, **__: object) -> NoReturn:
    raise PackageError("no-package", name="onnx", command="pip install onnx")


@pytest.fixture
def no_onnx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "to_onnx", without_onnx)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ONNX, of the network that is written soonest."""
    out = tmp_path_factory.mktemp("hub") / "logistic"
    assert card.main([str(out), "--model", "logistic"]) == 0
    return out


def front_matter(text: str) -> ModelCardData:
    data = ModelCard(text).data
    assert isinstance(data, ModelCardData)
    return data


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", trained_models())
def test_the_front_matter_is_what_the_hub_reads_with_the_cards_own_figures(name: str) -> None:
    """Read by huggingface_hub's own parser. ``ModelCard.validate`` asks the Hub itself, which isn't reached here."""
    own = load_card(name)
    text = card.readme(own, with_onnx=True)
    data = front_matter(text)
    assert (data.license, data.pipeline_tag, data.datasets) == ("mit", "image-classification", ["ylecun/mnist"])
    assert {"mnist", "onnx", "safetensors"} <= set(data.tags or [])
    assert "onnx" not in (front_matter(card.readme(own, with_onnx=False)).tags or [])
    test = own.metrics["test"]
    results = {result.metric_type: result for result in data.eval_results or []}
    assert {metric: result.metric_value for metric, result in results.items()} == {
        "accuracy": test["accuracy"],
        "expected_calibration_error": test["calibration_error"],
    }
    index = data.to_dict()["model-index"]
    assert model_index_to_eval_results(index) == (name, data.eval_results)
    assert eval_results_to_model_index(name, data.eval_results or []) == index


def test_a_card_tells_of_the_networks_own_measures() -> None:
    own = load_card("quick")
    confusion = [[100 if true == read else 0 for read in range(10)] for true in range(10)]
    confusion[4] = [0, 0, 0, 0, 90, 0, 0, 3, 0, 7]
    test = {"right": 990, "total": 1000, "accuracy": 0.99, "interval": [0.98, 0.995]}
    told = card.readme(replace(own, confusion=confusion, metrics={"test": test}), with_onnx=False)
    assert "Of MNIST's 1,000 test digits it reads 990 right: 99.00% (95 % interval 98.00% – 99.50%)." in told
    assert "It misses a 4 most often: 10.00% of those in the test set." in told
    assert "a 4 that it takes for a 9, 7 times" in told
    assert "onnxruntime" not in told
    assert [result.metric_value for result in front_matter(told).eval_results or []] == [0.99]


def test_a_network_of_other_digits_claims_nothing_of_mnist() -> None:
    own = replace(load_card("quick"), dataset={"test": "0" * 64})
    told = card.readme(own, with_onnx=False)
    data = front_matter(told)
    assert (data.datasets, data.eval_results) == (None, None)
    assert "test digits of its own data set it reads" in told
    assert "Y. LeCun" not in told
    assert "hasn't been measured" in card.readme(replace(own, metrics={}), with_onnx=False)


@pytest.mark.parametrize("name", trained_models())
def test_it_names_the_pens_that_it_has_learned_from(name: str) -> None:
    own = load_card(name)
    told = card.readme(own, with_onnx=False)
    assert ("E. Alpaydin" in told) == bool(own.settings["pens"])
    assert not re.search(r"\$\w", told)


def test_no_mistake_is_told_as_none() -> None:
    confusion = [[5 if true == read else 0 for read in range(10)] for true in range(10)]
    assert "makes no mistake" in card.weak(replace(load_card("quick"), confusion=confusion))


@pytest.mark.usefixtures("no_onnx")
def test_without_the_packages_onnx_is_left_out_and_one_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert card.main([str(tmp_path / "out")]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "model.onnx is left out: this needs onnx, which isn't installed: `pip install onnx` installs it"
    assert second.startswith(f"{tmp_path / 'out'}: model.safetensors, config.json, ")
    assert set(content(tmp_path / "out")) == NAMES
    assert "model.onnx" not in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_folder_holds_the_weights_twice_and_what_is_needed_to_read(whole: Path) -> None:
    files = content(whole)
    assert set(files) == {*NAMES, "model.onnx"}
    own = load_card("logistic")
    assert sum(value.size for value in load(files["model.safetensors"]).values()) == own.parameters
    assert export.check(files["model.onnx"], own, export.ink_of()) <= export.TOLERANCE
    told = json.loads(files["config.json"])
    assert (told["temperature"], told["unsure_below"], told["no_digit_below"], told["layers"]) == (
        own.temperature,
        own.unsure_below,
        own.no_digit_below,
        own.layers,
    )
    assert files["LICENSE"] == (ROOT / "LICENSE").read_bytes()
    assert whole.stat().st_mode & 0o777 == 0o755
    assert str(ROOT).encode() not in b"".join(files.values())


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_both_programs_of_the_card_run(name: str, tmp_path: Path) -> None:
    """The default network and one of ten outputs; on a drawn 3, a picture of dark ink on white."""
    out = tmp_path / name
    assert card.main([str(out), "--model", name]) == 0
    shutil.copy(ROOT / "examples" / "3-drawn.png", out / "digit.png")
    programs = re.findall(r"```python\n(.*?)```", (out / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(programs) == 2
    for program, path, wanted in zip(programs, ([ROOT], []), (r"\w+ 3 ", r"3 [01]\."), strict=True):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            cwd=out,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))},
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert re.match(wanted, done.stdout), done.stdout


@pytest.mark.usefixtures("no_onnx")
def test_a_folder_of_its_own_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    assert card.main([str(out), "--model", "mlp"]) == 0
    assert card.main([str(out), "--model", "quick"]) == 0
    assert json.loads((out / "config.json").read_text(encoding="utf-8"))["model"] == "quick"
    assert set(content(out)) == NAMES
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.usefixtures("no_onnx")
def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    assert card.main([str(tmp_path), "--model", "mlp"]) == 0
    assert set(content(tmp_path)) == NAMES


@pytest.mark.usefixtures("no_onnx")
@pytest.mark.parametrize("change", ["a file more", "a file changed", "no sums", "a folder more", "a link", "a file"])
def test_what_is_not_its_own_is_left_as_it_is(change: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    if change == "a file":
        out.write_text("mine")
    else:
        card.main([str(out), "--model", "mlp"])
    if change == "a file more":
        (out / "notes.txt").write_text("mine")
    elif change == "a file changed":
        (out / "README.md").write_text("mine")
    elif change == "no sums":
        (out / "SHA256SUMS").unlink()
    elif change == "a folder more":
        (out / ".git").mkdir()
    elif change == "a link":
        (out / "LICENSE").unlink()
        (out / "LICENSE").symlink_to(ROOT / "LICENSE")
    before = out.read_bytes() if out.is_file() else {path.name for path in out.iterdir()}
    capsys.readouterr()
    assert card.main([str(out), "--model", "quick"]) == 2
    assert capsys.readouterr().err == (
        f"error: {out} holds what this command didn't write: give another folder, or move that away first\n"
    )
    assert before == (out.read_bytes() if out.is_file() else {path.name for path in out.iterdir()})


@pytest.mark.usefixtures("no_onnx")
def test_an_unknown_model_or_a_place_that_cannot_be_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    for arguments, begin in (
        ([str(tmp_path / "out"), "--model", "nothing"], "error: there are no weights of a model 'nothing'"),
        ([str(tmp_path / "file" / "out")], "error: can't write "),
    ):
        assert card.main(arguments) == 2
        captured = capsys.readouterr()
        assert captured.err.startswith(begin)
        assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_sums_that_are_no_sums_are_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_bytes(b"\xff\xfe nothing\n")
    with pytest.raises(DataError, match="didn't write"):
        card.check_own(tmp_path)
