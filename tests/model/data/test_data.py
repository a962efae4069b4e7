from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.datasets import MNIST

from model import evaluate
from model.data.__main__ import main
from model.data.digits import DataSet, Digits, joined
from model.data.idx import RAW_FILES, read_idx
from model.data.load import load_data, load_test
from model.errors import DataError
from model.preprocess.picture import Pixels
from model.preprocess.pipeline import preprocess
from tests.helpers.pictures import softened
from tests.helpers.running import ROOT

EXTRACT = ROOT / "tests" / "data"
RUN = Callable[..., tuple[int, str, str]]
#: A GIF of one white pixel.
WHITE = bytes.fromhex("47494638396101000100800000ffffff0000002c00000000010001000002024401003b")


def as_set(digits: Digits) -> set[tuple[bytes, int]]:
    """Digits without their order."""
    pixels = [image.tobytes() for image in digits.images.numpy()]
    return set(zip(pixels, digits.labels.tolist(), strict=True))


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the extract to damage."""
    shutil.copytree(EXTRACT, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extract as folders of PNGs."""
    out = tmp_path_factory.mktemp("exported") / "out"
    assert main(["export", str(out), "--data", str(EXTRACT)]) == 0
    return out


@pytest.fixture(scope="module")
def pictures(extract: DataSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty of MNIST's test digits, dark on light, of 28×28 to 196×196 pixels."""
    folder = tmp_path_factory.mktemp("pictures")
    for number, (image, label) in enumerate(zip(extract.test.images[:20].numpy(), extract.test.labels, strict=False)):
        (folder / str(int(label))).mkdir(exist_ok=True)
        large = np.kron(255 - image, np.ones((number % 7 + 1,) * 2, np.uint8))
        Image.fromarray(large).save(folder / str(int(label)) / f"{number}.png")
    return folder


@pytest.fixture(scope="module")
def made(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of the twenty pictures: 16 train, 4 test."""
    out = tmp_path_factory.mktemp("made") / "out"
    assert main(["make", str(pictures), str(out)]) == 0
    return out


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> RUN:
    """Run the command: its status, output and errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


# MNIST's own files


def test_the_last_twelfth_of_the_training_digits_validates(extract: DataSet) -> None:
    assert (len(extract.train), len(extract.validation), len(extract.test)) == (550, 50, 200)
    whole = MNIST(str(EXTRACT), train=True)
    assert torch.equal(torch.cat([extract.train.images, extract.validation.images]), whole.data)
    assert torch.equal(torch.cat([extract.train.labels, extract.validation.labels]), whole.targets)


@pytest.mark.mnist
def test_the_whole_of_mnist_is_split_55000_5000_10000(mnist: DataSet) -> None:
    assert (len(mnist.train), len(mnist.validation), len(mnist.test)) == (55_000, 5_000, 10_000)


@pytest.mark.mnist
def test_the_extract_begins_like_the_whole(extract: DataSet, mnist: DataSet) -> None:
    assert torch.equal(extract.test.images, mnist.test.images[:200])
    assert torch.equal(extract.test.labels, mnist.test.labels[:200])
    assert torch.equal(extract.train.images, mnist.train.images[:550])
    assert torch.equal(extract.train.labels, mnist.train.labels[:550])


def test_checksums_are_of_the_four_files(extract: DataSet) -> None:
    assert sorted(extract.checksums) == sorted(RAW_FILES)
    assert {len(checksum) for checksum in extract.checksums.values()} == {64}


def test_fewer_than_twelve_training_digits_are_too_few(copy: Path) -> None:
    raw = copy / "MNIST" / "raw"
    images, labels = raw / "train-images-idx3-ubyte", raw / "train-labels-idx1-ubyte"
    images.write_bytes(images.read_bytes()[:4] + b"\0\0\0\x0b" + images.read_bytes()[8 : 16 + 11 * 784])
    labels.write_bytes(labels.read_bytes()[:4] + b"\0\0\0\x0b" + labels.read_bytes()[8 : 8 + 11])
    with pytest.raises(DataError, match="too few digits"):
        load_data(copy)


def test_the_test_digits_can_be_had_alone(extract: DataSet, exported: Path) -> None:
    assert torch.equal(load_test(EXTRACT).images, extract.test.images)
    assert as_set(load_test(exported)) == as_set(extract.test)


@pytest.mark.parametrize("load", [load_data, load_test])
def test_a_folder_of_other_things_is_no_place_to_download_to(tmp_path: Path, load: Callable[[Path], object]) -> None:
    (tmp_path / "holiday.txt").write_text("no digits")
    with pytest.raises(DataError, match=f"^{tmp_path} holds no digits: "):
        load(tmp_path)
    assert files(tmp_path) == ["holiday.txt"]


# Folders of pictures


def test_exported_digits_are_read_as_the_same_ones(extract: DataSet, exported: Path) -> None:
    data = load_data(exported)
    assert (len(data.train), len(data.validation), len(data.test)) == (550, 50, 200)
    assert as_set(joined(data.train, data.validation)) == as_set(joined(extract.train, extract.validation))
    assert as_set(data.test) == as_set(extract.test)


def test_a_folder_s_validation_digits_have_all_labels(exported: Path) -> None:
    assert set(load_data(exported).validation.labels.tolist()) == set(range(10))


def test_a_folder_is_read_in_the_same_order_each_time(exported: Path) -> None:
    first, second = load_data(exported), load_data(exported)
    assert first.train.names == second.train.names
    assert first.checksums == second.checksums
    assert sorted(first.checksums) == ["test", "train"]


def test_shuffled_digits_keep_their_label_and_their_file(exported: Path) -> None:
    train = load_data(exported).train
    for number in (0, 100, 549):
        file = Path(train.names[number])
        assert file.parent == exported / "train" / str(int(train.labels[number]))
        np.testing.assert_array_equal(train.images[number].numpy(), np.asarray(Image.open(file)))


def test_a_folder_with_fewer_than_twelve_digits_has_too_few(exported: Path, tmp_path: Path) -> None:
    shutil.copytree(exported / "test", tmp_path / "test")
    for number in range(11):
        (tmp_path / "train" / "3").mkdir(parents=True, exist_ok=True)
        shutil.copy(exported / "test" / "7" / "00000.png", tmp_path / "train" / "3" / f"{number}.png")
    with pytest.raises(DataError, match="too few digits"):
        load_data(tmp_path)


# python -m model.data export


def test_an_export_is_a_png_for_each_digit(exported: Path, digit: Pixels) -> None:
    assert len(files(exported / "train")) == 600
    assert len(files(exported / "test")) == 200
    assert sorted(path.name for path in (exported / "test").iterdir()) == list("0123456789")
    np.testing.assert_array_equal(np.asarray(Image.open(exported / "test" / "7" / "00000.png")), digit)


def test_an_export_says_how_many_there_are(run: RUN, tmp_path: Path) -> None:
    status, out, err = run("export", tmp_path / "out", "--data", EXTRACT)
    assert (status, err) == (0, "")
    assert out == f"{tmp_path / 'out'}: 600 pictures to train on, 200 to test with\n"


def test_an_export_replaces_nothing(run: RUN, tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    status, out, err = run("export", tmp_path, "--data", EXTRACT)
    assert (status, out) == (2, "")
    assert err == f"error: {tmp_path / 'train'} is already there: give another folder, or delete it first\n"
    assert [path.name for path in tmp_path.iterdir()] == ["train"]


def test_an_export_without_mnist_writes_nothing(run: RUN, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MNIST, "mirrors", ["http://127.0.0.1:9/"])
    status, out, err = run("export", tmp_path / "out", "--data", tmp_path / "nothing")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"error: MNIST isn't in {tmp_path / 'nothing'} and can't be downloaded")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["export", "make"])
def test_a_place_that_can_t_be_written_is_one_line_and_status_2(
    run: RUN, pictures: Path, tmp_path: Path, command: str
) -> None:
    (tmp_path / "file").write_text("no folder")
    arguments = ["--data", EXTRACT] if command == "export" else []
    status, out, err = run(command, *([pictures] * (command == "make")), tmp_path / "file" / "out", *arguments)
    assert (status, out) == (2, "")
    assert err == f"error: can't use {tmp_path / 'file' / 'out'}: Not a directory\n"


# python -m model.data make


def test_a_fifth_of_one_s_own_pictures_tests(run: RUN, pictures: Path, tmp_path: Path) -> None:
    status, out, err = run("make", pictures, tmp_path / "out")
    assert (status, err) == (0, "")
    assert out.startswith(f"{tmp_path / 'out'}: 16 pictures to train on, 4 to test with\n\nlabel ")
    assert "\nall       20         0\n" in out


def test_a_data_set_is_made_as_pngs_and_as_mnist_s_files(made: Path) -> None:
    assert sorted(path.name for path in made.iterdir()) == ["MNIST", "contact-sheet.png", "test", "train"]
    assert files(made / "MNIST" / "raw") == sorted(RAW_FILES)
    assert (len(files(made / "train")), len(files(made / "test"))) == (16, 4)


@pytest.mark.parametrize("part", ["train", "test"])
def test_the_pngs_and_mnist_s_files_hold_the_same_digits(made: Path, part: str) -> None:
    idx = read_idx(made, train=part == "train")
    for number, (image, label) in enumerate(zip(idx.images.numpy(), idx.labels.tolist(), strict=True)):
        png = Image.open(made / part / str(label) / f"{number:05}.png")
        np.testing.assert_array_equal(np.asarray(png), image)


def test_pictures_of_any_size_dark_on_light_become_mnist_s_digits_again(made: Path, extract: DataSet) -> None:
    digits = joined(read_idx(made, train=True), read_idx(made, train=False))
    drawn = extract.test.images[:20]
    gaps = (digits.images.int()[:, None, None] - torch.stack([drawn, softened(drawn)]).int()).abs().amax((3, 4)).amin(1)
    assert gaps.amin(1).max() < 25  # of 255
    assert sorted(gaps.argmin(1).tolist()) == list(range(20))
    assert torch.equal(digits.labels, extract.test.labels[gaps.argmin(1)])


def test_a_made_digit_is_what_preprocessing_gives(made: Path, pictures: Path) -> None:
    expected = {preprocess(file).image.tobytes() for file in pictures.rglob("*.png")}  # type: ignore[union-attr]
    assert {np.asarray(Image.open(file)).tobytes() for file in made.glob("t*/*/*.png")} == expected


def test_a_picture_in_mnist_s_form_is_centred_too(run: RUN, digit: Pixels, tmp_path: Path) -> None:
    (tmp_path / "own" / "7").mkdir(parents=True)
    Image.fromarray(np.roll(digit, 3, axis=1)).save(tmp_path / "own" / "7" / "a.png")
    assert run("make", tmp_path / "own", tmp_path / "out", "--test-share", "1")[0] == 0
    np.testing.assert_array_equal(load_test(tmp_path / "out").images[0].numpy(), digit)


def test_parts_that_the_folder_names_stay_as_they_are(run: RUN, pictures: Path, tmp_path: Path) -> None:
    shutil.copytree(pictures / "1", tmp_path / "own" / "train" / "1")
    shutil.copytree(pictures / "7", tmp_path / "own" / "test" / "7")
    status, *_ = run("make", tmp_path / "own", tmp_path / "out", "--test-share", "0.9")
    assert status == 0
    assert {file.split("/")[0] for file in files(tmp_path / "out" / "train")} == {"1"}
    assert {file.split("/")[0] for file in files(tmp_path / "out" / "test")} == {"7"}


def test_all_of_one_s_own_pictures_may_test(run: RUN, pictures: Path, tmp_path: Path, extract: DataSet) -> None:
    status, out, _ = run("make", pictures, tmp_path / "out", "--test-share", "1")
    assert status == 0
    assert out.startswith(f"{tmp_path / 'out'}: 0 pictures to train on, 20 to test with\n")
    assert sorted(load_test(tmp_path / "out").labels.tolist()) == sorted(extract.test.labels[:20].tolist())


def test_a_made_data_set_can_be_evaluated(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--model", "logistic", "--data", str(made)]) == 0
    assert evaluate.main(["--model", "logistic", "--data", str(made), "--part", "all"]) == 0
    first, second = re.findall(r"^.*accuracy.* / \d+ = ", capsys.readouterr().out, re.MULTILINE)
    assert re.fullmatch(r"test accuracy = \d / 4 = ", first)
    assert re.fullmatch(r"accuracy on all digits = \d+ / 20 = ", second)


@pytest.mark.parametrize("share", ["1.5", "-0.1", "nan"])
def test_a_share_is_between_nought_and_one(run: RUN, pictures: Path, tmp_path: Path, share: str) -> None:
    status, out, err = run("make", pictures, tmp_path / "out", f"--test-share={share}")
    assert (status, out, err) == (2, "", f"error: --test-share is {share}: it goes from 0 to 1\n")
    assert not (tmp_path / "out").exists()


def test_nothing_to_take_is_one_line_and_status_2_and_nothing_is_written(run: RUN, tmp_path: Path) -> None:
    for name, content in (("10/a.png", WHITE), ("7/bad.png", b"no picture"), ("7/b.gif", WHITE), ("5/notes.txt", b"")):
        (tmp_path / "own" / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / "own" / name).write_bytes(content)
    status, out, err = run("make", tmp_path / "own", tmp_path / "out")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"error: of {tmp_path / 'own'} no picture could be taken, and 4 files were left out")
    assert [path.name for path in tmp_path.iterdir()] == ["own"]


def test_a_missing_folder_is_one_line_and_status_2(run: RUN, tmp_path: Path) -> None:
    status, out, err = run("make", tmp_path / "nothing", tmp_path / "out")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"error: there is no folder {tmp_path / 'nothing'}: ")
    assert list(tmp_path.iterdir()) == []


def test_mnist_isn_t_overwritten_by_one_s_own_pictures(run: RUN, pictures: Path, copy: Path) -> None:
    before = sorted(path.name for path in copy.iterdir())
    status, out, err = run("make", pictures, copy)
    assert (len(read_idx(copy, train=True)), len(read_idx(copy, train=False))) == (600, 200)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert sorted(path.name for path in copy.iterdir()) == before


def test_half_a_data_set_isn_t_left_behind(run: RUN, pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "MNIST").write_text("no folder")
    status, out, err = run("make", pictures, tmp_path)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert files(tmp_path) == ["MNIST"]


@pytest.mark.parametrize(
    "arguments", [[], ["export"], ["make", "folder"], ["make", "folder", "out", "--test-share", "x"]]
)
def test_a_command_that_isn_t_whole_shows_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m model.data")


@pytest.mark.server
def test_the_command_runs_as_a_module(pictures: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "model.data", "make", str(pictures), str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert ": 16 pictures to train on, 4 to test with\n" in done.stdout
